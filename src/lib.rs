//! Motpart: the counterparty for identity enforcement. It plays the eID provider that a service under test talks to.
//!
//! ```text
//!   the service ──▶ serve ──▶ simulation ──▶ providers   what each one answers
//!                                │    │
//!                script, session ┘    └ control          what tests and people say and see
//! ```
//!
//! - [`script`] says what will happen, as data; [`session`] plays it, as a pure state machine.
//! - [`simulation`] owns what all providers share: spaces, clock, journal, programme, outbox, and the seam to them.
//! - [`providers`] translate: each reads its own requests into an order, and says the session in its own words.
//! - [`control`] is the side door: signals, ageing, faults, findings.
//! - [`identity`] knows national numbers and made-up people; [`crypto`] seals; [`dial`] calls others; [`serve`] answers them.
//! - [`storyboard`] plays a script for people; [`running`] puts everything together.
//!
//! A test in Rust starts it in process:
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! let motpart = motpart::Motpart::start(motpart::Options::default()).await?;
//! let connection = motpart.connection();
//! // Hand these to the service under test; its requests are answered from now on.
//! assert_eq!(connection["ZIGNSEC_V2_TOKEN"], "00000000-e2a2-4968-b651-5352305c9fb0");
//! assert!(connection["ZIGNSEC_V2_URL"].starts_with("http://127.0.0.1:"));
//! motpart.stop().await;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```

pub mod conformance;
pub mod control;
pub mod crypto;
pub mod diagnostic;
pub mod dial;
pub mod exit;
pub mod identity;
pub mod providers;
pub mod reference;
pub mod running;
pub mod script;
pub mod serve;
pub mod session;
pub mod settings_file;
pub mod simulation;
pub mod storyboard;
pub mod target;

pub use running::{Motpart, Options, SpaceOptions, StartError};
