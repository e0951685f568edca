//! HOW IT UNFOLDS: the pure state machine of one attempt.
//!
//! ```text
//!            Tick · Poll · Signal
//!                    │
//!   Progress ── advance(play, now) ──▶ [Entered, …]
//!      ▲                                   │
//!      └── phase, step, polls, opened      └── journal, errands (done by `simulation`)
//! ```
//!
//! No clock, no socket, no JSON: [`Progress::advance`] is told how old the session is and what happened, and returns what was entered,
//! each with its own moment. Many ticks are therefore one tick, and a session that nobody looked at for a week unfolds the same way.

mod cast;
mod progress;

pub use cast::Cast;
pub use progress::Progress;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::identity::Person;
use crate::script::{Hint, Millis, Reason, Script, SignalName};

/// Milliseconds since the session began, on the session's own time line. Ageing moves it; it never runs backwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Age(pub u64);

impl Age {
    /// This much later.
    #[must_use]
    pub const fn plus(self, span: Millis) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

/// What one attempt is. `Finished` and `Failed` are final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// No identity, and there will be none in this attempt.
    Failed(Reason),
    /// This person authenticated.
    Finished(Arc<Person>),
    /// Waiting for the person, the clock or the next poll.
    Pending(Hint),
}

impl Phase {
    /// Whether the attempt can still change.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        matches!(self, Self::Pending(_))
    }

    /// `pending`, `finished` or `failed`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Failed(_) => "failed",
            Self::Finished(_) => "finished",
            Self::Pending(_) => "pending",
        }
    }
}

/// Something that happens to a session from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signal {
    /// The person pressed cancel.
    Cancelled,
    /// This person authenticated.
    Confirmed(Arc<Person>),
    /// The order reached a person's app.
    Delivered,
    /// The attempt failed.
    Failed(Reason),
    /// The page was opened.
    Opened,
    /// A newer order of the same person ended this one.
    Superseded,
}

impl Signal {
    /// The name by which a script's `on` waits for it. Nothing waits for being superseded.
    #[must_use]
    pub const fn name(&self) -> Option<SignalName> {
        match self {
            Self::Cancelled => Some(SignalName::Cancelled),
            Self::Confirmed(_) => Some(SignalName::Confirmed),
            Self::Delivered => Some(SignalName::Delivered),
            Self::Failed(_) => Some(SignalName::Failed),
            Self::Opened => Some(SignalName::Opened),
            Self::Superseded => None,
        }
    }
}

/// Why a session is looked at.
#[derive(Clone, Debug)]
pub enum Stimulus {
    /// The relying party asked for the result.
    Poll,
    /// Somebody did something.
    Signal(Signal),
    /// Only time passed.
    Tick,
}

/// Why a phase was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The session, or a new attempt of it, began.
    Begun,
    /// Nobody opened the link in time.
    LinkExpired,
    /// The person took too long.
    OrderExpired,
    /// The script counted enough pending answers.
    Polls,
    /// A signal, as the script or its default has it.
    Signal,
    /// The script's time came.
    Time,
}

impl Cause {
    /// The cause in one word or two.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::LinkExpired => "link expired",
            Self::OrderExpired => "order expired",
            Self::Polls => "polls",
            Self::Signal => "signal",
            Self::Time => "time",
        }
    }
}

/// One phase entered, at its own moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// What the attempt is from now on.
    pub phase: Phase,
    /// When, on the session's time line. It can lie before the moment somebody looked.
    pub at: Age,
    /// Why.
    pub cause: Cause,
}

/// When the order's deadline begins to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderBegins {
    /// With the session: the person is called without a page.
    AtOnce,
    /// When the person opens the page.
    WhenOpened,
}

/// The provider's two deadlines. A script may shorten them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How long the link may wait to be opened, from the session's beginning.
    pub link: Millis,
    /// How long the person may take.
    pub order: Millis,
    /// From when on `order` counts.
    pub begins: OrderBegins,
}

impl Limits {
    /// These limits with the script's own deadlines in their place, where those are shorter.
    #[must_use]
    pub fn shortened_by(self, script: &Script) -> Self {
        let shorter = |own: Millis, scripts: Option<Millis>| scripts.map_or(own, |s| s.min(own));
        Self {
            link: shorter(self.link, script.lifetime.link),
            order: shorter(self.order, script.lifetime.order),
            begins: self.begins,
        }
    }
}

/// What an attempt is played from: the script, its deadlines and its people.
#[derive(Clone, Copy, Debug)]
pub struct Play<'a> {
    /// The steps.
    pub script: &'a Script,
    /// The deadlines, already shortened by the script.
    pub limits: Limits,
    /// Who the script's words for people are in this session.
    pub cast: &'a Cast,
}
