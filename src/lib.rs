//! Motpart: the counterparty for identity enforcement.

pub mod control;
pub mod crypto;
pub mod diagnostic;
pub mod dial;
pub mod identity;
pub mod providers;
pub mod script;
pub mod serve;
pub mod session;
pub mod simulation;
