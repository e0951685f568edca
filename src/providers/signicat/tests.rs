//! The provider as a relying party meets it: over its routes, with a clock that stands still.

mod browser;
mod flow;
mod forged;
mod party;
mod rules;
mod samples;
mod tokens;
