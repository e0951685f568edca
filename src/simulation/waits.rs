//! Requests that are answered late, or once somebody releases them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

use super::agenda::{Agenda, Ticket};
use super::clock::Timestamp;
use super::session::SessionId;
use crate::script::Millis;

/// The requests that wait. A client that hangs up takes its entry along.
#[derive(Debug, Default)]
pub struct Waits {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    numbered: u64,
    waiting: HashMap<u64, Waiting>,
}

#[derive(Debug)]
struct Waiting {
    session: SessionId,
    /// When it is answered; `None` for a request that is held.
    due: Option<Timestamp>,
    release: oneshot::Sender<()>,
}

impl Waits {
    /// Waits until `due`, or until somebody releases the session's requests. Ageing the session brings `due` nearer.
    pub async fn wait(&self, agenda: &Agenda, session: SessionId, due: Option<Timestamp>) {
        let (release, released) = oneshot::channel();
        let number = {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            inner.numbered += 1;
            let number = inner.numbered;
            inner.waiting.insert(number, Waiting { session, due, release });
            number
        };
        agenda.reschedule(Ticket::Waiting(number), None, due);
        let _guard = Guard { waits: self, agenda, number };
        // An error means that the sender is gone, which only the guard brings about.
        let _ = released.await;
    }

    /// Answers one request whose moment has come.
    pub fn due(&self, number: u64) {
        let waiting = self.inner.lock().unwrap_or_else(PoisonError::into_inner).waiting.remove(&number);
        if let Some(waiting) = waiting {
            // The client may have hung up at this very moment.
            let _ = waiting.release.send(());
        }
    }

    /// Answers every waiting request of a session. Returns how many there were.
    pub fn release(&self, agenda: &Agenda, session: SessionId) -> usize {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let numbers: Vec<u64> =
            inner.waiting.iter().filter(|(_, w)| w.session == session).map(|(number, _)| *number).collect();
        for number in &numbers {
            if let Some(waiting) = inner.waiting.remove(number) {
                agenda.reschedule(Ticket::Waiting(*number), waiting.due, None);
                let _ = waiting.release.send(());
            }
        }
        numbers.len()
    }

    /// Who has waited longest: whose request, and until when; `None` for one that is held.
    #[must_use]
    pub fn first(&self) -> Option<(SessionId, Option<Timestamp>)> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.waiting.iter().min_by_key(|(number, _)| **number).map(|(_, waiting)| (waiting.session, waiting.due))
    }

    /// Brings the moments of a session's waiting requests nearer.
    pub fn older(&self, agenda: &Agenda, session: SessionId, by: Millis) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        for (number, waiting) in inner.waiting.iter_mut().filter(|(_, w)| w.session == session) {
            let old = waiting.due;
            waiting.due = old.map(|due| Timestamp(due.0.saturating_sub(by.0)));
            agenda.reschedule(Ticket::Waiting(*number), old, waiting.due);
        }
    }
}

struct Guard<'a> {
    waits: &'a Waits,
    agenda: &'a Agenda,
    number: u64,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        let waiting = self.waits.inner.lock().unwrap_or_else(PoisonError::into_inner).waiting.remove(&self.number);
        if let Some(waiting) = waiting {
            self.agenda.reschedule(Ticket::Waiting(self.number), waiting.due, None);
        }
    }
}
