//! What really goes over the wire, as readable exchanges: every script at every provider, every switch, and the documents' own examples.
//!
//! Nothing in a transcript is written by hand: a [`Stage`](motpart::storyboard::Stage) plays it on the real routes, with a clock that
//! stands still and one seed. Numbers are masked, as everywhere.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod documents;
mod gateway;
mod scripts;
mod signicat;
mod switches;
mod talk;
mod values;
mod zignsec_v3;
