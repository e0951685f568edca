//! The judge: plays Gherkin against a target and says whether it enforces identity.
//!
//! ```text
//! features ─preflight─▶ plan ─run─▶ scenarios ─checks─▶ Run ─▶ reports
//!                        │   └─ steps drive the target (Op) and the simulator (control API), and watch both
//!                        └─ a check = requirement × scenario × example row × provider
//! ```

mod addresses;
mod attach;
mod attempts;
mod browser;
mod bundled;
mod case;
mod cast;
mod closed;
mod closing;
mod controls;
mod expression;
mod finished;
mod guessing;
mod habits;
pub mod judgement;
pub mod known;
mod language;
pub mod leak;
mod lint;
mod notice;
mod outward;
mod overheard;
mod patience;
mod persons_table;
mod plan;
mod preflight;
mod repeated;
pub mod report;
mod reports;
pub mod requirements;
mod restarting;
pub mod result;
mod returning;
mod rewriting;
mod setting;
mod settle;
mod shown;
mod signing;
mod simulator;
pub mod sink;
mod source;
mod stage;
mod starting;
pub mod steps;
mod stop;
mod syntax;
#[cfg(test)]
mod tests;
mod thoroughness;
mod told;
mod turns;
mod values;
mod world;

pub use self::attach::connections_of;
pub use self::browser::{Browser, Landing};
pub use self::bundled::bundled;
pub use self::controls::{Control, Controls};
pub use self::finished::Finished;
pub use self::language::{Language, UnknownLanguage};
pub use self::patience::Patience;
pub use self::plan::{Item, Selection, slug};
pub use self::preflight::preflight;
pub use self::setting::{Setting, Timing, Triggers, Usage};
pub use self::simulator::{Simulator, SimulatorError};
pub use self::sink::Sink;
pub use self::source::{Source, SourceError};
pub use self::stage::{Heard, Stage};
pub use self::stop::Stop;
pub use self::thoroughness::{Thoroughness, UnknownThoroughness};
pub use self::turns::Turns;
pub use self::values::Args;
pub use self::world::{Shared, World};
