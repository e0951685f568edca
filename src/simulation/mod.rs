//! ONE RUNNING SIMULATION: what all providers share, and the seam between them and the rest.
//!
//! ```text
//!  relying party ──▶ witness ──▶ provider's routes ──▶ Sessions<P> ──▶ session::Progress
//!                       │                                │   │
//!                       ▼                                ▼   ▼
//!                    journal ◀──────────────────── agenda   outbox ──▶ the relying party's receiver
//!                                                        ▲   ▲
//!                                                        driver (one task)
//! ```
//!
//! [`Commons`] holds the shared services, [`Sessions`] one provider's sessions, [`Control`] what the side door sees of a provider without
//! knowing which it is.

pub mod agenda;
pub mod clock;
mod commons;
mod control;
mod driver;
mod fact;
mod findings;
pub mod journal;
pub mod keys;
mod made_up;
pub mod metrics;
pub mod note;
mod notice;
pub mod outbox;
pub mod programme;
pub mod provider;
mod said;
mod sample;
mod session;
mod sessions;
mod space;
mod start;
mod store;
mod switches;
mod view;
mod waiting;
mod waits;
pub mod witness;

pub use clock::{Clock, Timestamp};
pub use commons::{Bounds, Commons};
pub use control::{Control, SettingsError};
pub use driver::{Credentials, Happened, Simulation, UnknownProvider};
pub use fact::Fact;
pub use note::{Note, NoteKind};
pub use notice::{Notice, Written};
pub use provider::{Asked, Context, Errand, ErrandKind, Provider, Seal, SealFlaw, Unsayable};
pub use said::Said;
pub use sample::{Sample, SampleError, SampleRequest};
pub use session::{Ended, Part, Session, SessionId, Tally};
pub use sessions::{Refusal, Sessions, Trace, Visit, Visited};
pub use space::{DEFAULT, Space, SpaceError, Spaces};
pub use view::{Next, NextBy, PhaseView, SessionView};
pub use waiting::Waiting;
