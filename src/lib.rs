//! Motpart: the counterparty for identity enforcement.

pub mod diagnostic;
pub mod identity;
pub mod script;
