//! A signal as somebody gives it.

use std::sync::Arc;

use crate::identity::Person;
use crate::script::{Reason, SignalName};
use crate::session::Signal;

/// A signal as somebody gives it, before it is known whom it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What happened.
    pub signal: SignalName,
    /// Who did it; the requested person when nobody is named.
    pub person: Option<Arc<Person>>,
    /// Why, for `failed`; an exception at the provider when nothing is said.
    pub reason: Option<Reason>,
}

impl Said {
    /// A signal without further words.
    #[must_use]
    pub const fn plain(signal: SignalName) -> Self {
        Self { signal, person: None, reason: None }
    }

    /// The signal it amounts to, if `person` is whom it means.
    pub(super) fn meaning(&self, person: Arc<Person>) -> Signal {
        match self.signal {
            SignalName::Cancelled => Signal::Cancelled,
            SignalName::Confirmed => Signal::Confirmed(person),
            SignalName::Delivered => Signal::Delivered,
            SignalName::Failed => Signal::Failed(self.reason.unwrap_or(Reason::Exception)),
            SignalName::Opened => Signal::Opened,
        }
    }
}
