//! Whatever is sent to any route, and whatever stands in any file: an answer with place and remedy, and no number repeated.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod files;
mod log;
mod nonsense;
mod requests;
mod routes;
