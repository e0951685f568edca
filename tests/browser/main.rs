//! A browser presses every button of the hosted page, in every language, in a window and in an iframe, and the relying party says what it
//! sees of it.
//!
//! The page is driven through its documented interface alone (`PAGE.md` of ZignSec v2, `PHONE.md` of the control API). Without Chromium and its driver these tests say so
//! and pass, unless `MOTPART_BROWSER=required` is set. `MOTPART_BROWSER=full` requires it too, and plays every story in every language in both
//! places; otherwise most stories take turns.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "these functions are called by tests only, and a panic names the line")]

mod chromium;
mod countries;
mod elsewhere;
mod endings;
mod http;
mod keyboard;
mod lifetimes;
mod looks;
mod party;
mod people;
mod phone;
mod scriptless;
mod swedish;
mod visit;
mod world;
