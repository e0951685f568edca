//! Positive controls: a refusal counts only when the same operation, by the same actor and way, succeeded in this run where it should.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::stop::in_words;
use crate::target::{Actor, OpName};

/// What was tried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Control {
    /// The operation.
    pub op: OpName,
    /// As whom.
    pub actor: Actor,
    /// The way, such as `eid` or `weak`; empty where there is only one.
    pub kind: &'static str,
}

/// What succeeded so far, over the whole run.
#[derive(Debug, Default)]
pub struct Controls {
    first: Mutex<BTreeMap<Control, String>>,
}

impl Control {
    /// What was tried, by whom and how.
    #[must_use]
    pub const fn new(op: OpName, actor: Actor, kind: &'static str) -> Self {
        Self { op, actor, kind }
    }
}

impl fmt::Display for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} by the {}", in_words(&format!("{:?}", self.op)), in_words(&format!("{:?}", self.actor)))?;
        if self.kind.is_empty() { Ok(()) } else { write!(f, " ({})", self.kind) }
    }
}

impl Controls {
    /// Notes a success; the first of a kind is kept.
    pub fn succeeded(&self, control: Control, scenario: &str) {
        self.locked().entry(control).or_insert_with(|| scenario.to_owned());
    }

    /// Everything that succeeded.
    #[must_use]
    pub fn all(&self) -> Vec<Control> {
        self.locked().keys().cloned().collect()
    }

    /// The scenario in which it succeeded, once the run is over.
    #[must_use]
    pub fn shown(&self, control: &Control) -> Option<String> {
        self.locked().get(control).cloned()
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<Control, String>> {
        self.first.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_operation_actor_and_way_is_a_control() {
        let controls = Controls::default();
        let eid = Control::new(OpName::AttemptSignature, Actor::Person, "eid");
        controls.succeeded(eid.clone(), "right-person");
        controls.succeeded(eid.clone(), "another");
        assert_eq!(controls.shown(&eid).as_deref(), Some("right-person"));
        assert_eq!(controls.shown(&Control::new(OpName::AttemptSignature, Actor::Person, "weak")), None);
        assert_eq!(controls.shown(&Control::new(OpName::AttemptSignature, Actor::Stranger, "eid")), None);
        assert_eq!(eid.to_string(), "attempt signature by the person (eid)");
    }
}
