//! A correct enforcement service in Zigned's shape, over HTTP: agreements, participants, a signing room, and the cross-check of who
//! authenticated against who was bound.
//!
//! It shows how it is done, and it proves that the judge can see: its flaws are ways to get it wrong, each a few lines where the correct
//! code decides. It knows the provider only by HTTP, like every other relying party.
//!
//! ```text
//! routes ──▶ service (one agreement at a time, written to the store before it is told)
//!              │            └─ agreement: what can happen, pure ──▶ decide: the only edge into passed
//!              ├─ attempts: start, redirect, webhook, poll ──▶ provider
//!              ├─ binding: from what was typed to a keyed digest, and back to "the same or not"
//!              └─ outbound, mailbox
//! ```

pub mod mailbox;
pub mod outbound;
pub mod provider;
pub mod room_page;

mod agreement;
mod attempts;
mod binding;
mod decide;
mod flaw;
mod known;
mod log;
mod model;
mod refusal;
mod routes;
mod running;
mod service;
mod store;
mod underway;
mod variant;
mod views;
mod weighing;
mod wish;

pub use self::flaw::{Flaw, Flaws, UnknownFlaw};
pub use self::running::{Options, Reference, StartError};
pub use self::store::StoreError;
pub use self::variant::{DEFAULT_POLICY, UnknownVariant, Variant};
