//! What ZignSec's documents say once for several of its interfaces: error codes, dates, return addresses, the frame of hosted pages.
//!
//! No provider of its own: it has no address and no session. Bodies are not here, since each interface documents its own.

mod language;

pub(super) mod address;
pub(super) mod answer;
#[cfg(test)]
pub(super) mod bench;
pub(super) mod body;
pub(super) mod call;
pub(super) mod card;
pub(super) mod dates;
pub(super) mod ending;
pub(super) mod fields;
pub(super) mod json;
pub mod problem;
pub mod result;
pub(super) mod sayable;
pub(super) mod seal;
pub(super) mod simple;
pub(super) mod standing;
pub mod switches;
pub(super) mod texts;
pub mod token;
pub(super) mod visit;
pub(super) mod webhook;
pub(super) mod wrong;

pub use dates::IdentificationDate;
pub use json::WebhookBody;
pub use language::Language;
