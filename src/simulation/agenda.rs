//! What falls due when: one ordered set for sessions, errands and waiting requests.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use super::clock::Timestamp;
use super::session::SessionId;

/// Something with a due moment. Whoever put it here knows the moment and takes it out exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ticket {
    /// A webhook or a question, by its number in the outbox.
    Errand(u64),
    /// A session whose script or deadline moves on. The first number is the provider's place in the simulation.
    Session(usize, SessionId),
    /// A request that is answered late, by its number among the waiting.
    Waiting(u64),
}

/// The agenda. The lock is held for one set operation at a time.
#[derive(Debug, Default)]
pub struct Agenda {
    due: Mutex<BTreeSet<(Timestamp, Ticket)>>,
    /// Tells the driver that the earliest moment has changed.
    changed: Notify,
}

impl Agenda {
    /// Replaces one entry by another, in one step. The driver wakes if the new one is the earliest.
    pub fn reschedule(&self, ticket: Ticket, old: Option<Timestamp>, new: Option<Timestamp>) {
        if old == new {
            return;
        }
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = old {
            due.remove(&(old, ticket));
        }
        if let Some(new) = new {
            due.insert((new, ticket));
            if due.first() == Some(&(new, ticket)) {
                drop(due);
                self.changed.notify_one();
            }
        }
    }

    /// Takes the earliest entry that is due by `now`.
    pub fn take_due(&self, now: Timestamp) -> Option<Ticket> {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        let first = *due.first().filter(|(at, _)| *at <= now)?;
        due.remove(&first);
        Some(first.1)
    }

    /// The earliest due moment.
    #[must_use]
    pub fn first(&self) -> Option<Timestamp> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner).first().map(|(at, _)| *at)
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.due.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether nothing will ever fall due.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Waits until the earliest moment changes.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }
}
