//! What we send of our own accord: webhooks and questions.
//!
//! An errand has a due moment on its session's time line: ageing the session makes a late or repeated delivery due. It is sealed at each
//! attempt, tried again as its provider does, and every attempt is recorded.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::sync::Notify;
use utoipa::ToSchema;

use super::agenda::{Agenda, Ticket};
use super::clock::Timestamp;
use super::provider::{Errand, ErrandKind};
use super::session::SessionId;
use super::space::Space;
use crate::dial::Answer;
use crate::identity::mask;
use crate::script::{Delivery, Millis};

/// How much real time one attempt gets.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How much of an answer is read.
pub const MOST_ANSWER: usize = 64 * 1024;

/// Whose errand it is.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The provider's place in the simulation.
    pub provider: usize,
    /// The session.
    pub session: SessionId,
    /// The session's space.
    pub space: Arc<Space>,
}

/// The errands of a simulation.
#[derive(Debug, Default)]
pub struct Outbox {
    inner: Mutex<Inner>,
    /// Tells of every attempt that ended.
    progressed: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    numbered: u64,
    waiting: HashMap<u64, Waiting>,
    of: HashMap<SessionId, Mail>,
}

/// What one session has sent and has still to send.
#[derive(Debug, Default)]
struct Mail {
    sent: Vec<Sent>,
    in_flight: u32,
}

#[derive(Clone, Debug)]
struct Waiting {
    errand: Errand,
    sender: Sender,
    due: Timestamp,
    /// Attempts made.
    attempts: usize,
}

#[derive(Debug)]
struct Sent {
    number: u64,
    errand: Errand,
    lost: bool,
    attempts: Vec<Attempt>,
    /// When the next attempt is due.
    next: Option<Timestamp>,
}

/// One attempt to deliver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Attempt {
    /// When, RFC 3339.
    pub at: String,
    /// What came of it: `200 in 3ms`, or why it failed and what to do.
    pub outcome: String,
    /// Whether the receiver accepted it (2xx).
    pub accepted: bool,
}

/// One webhook or question of a session, for people and tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeliveryView {
    /// Its number, for redelivery.
    pub number: u64,
    /// `webhook` or `question`.
    pub kind: &'static str,
    /// Where to.
    pub url: String,
    /// The body, masked.
    pub body: String,
    /// `waiting`, `delivered`, `failed` or `lost`.
    pub state: &'static str,
    /// When the next attempt is due, RFC 3339.
    pub next: Option<String>,
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
}

/// An errand taken out for an attempt.
#[derive(Debug)]
pub struct Taken {
    /// Its number.
    pub number: u64,
    waiting: Waiting,
}

impl Taken {
    /// What is to be sent.
    #[must_use]
    pub const fn errand(&self) -> &Errand {
        &self.waiting.errand
    }

    /// Whose it is.
    #[must_use]
    pub const fn sender(&self) -> &Sender {
        &self.waiting.sender
    }

    /// The request for an attempt at `now`, sealed.
    ///
    /// # Errors
    /// When the address or the seal cannot stand in a request.
    pub fn request(&self, now: Timestamp) -> Result<http::Request<Bytes>, http::Error> {
        let errand = self.errand();
        let request = match errand.kind {
            ErrandKind::Question => http::Request::get(&errand.url).header(http::header::ACCEPT, "application/json"),
            ErrandKind::Webhook => http::Request::post(&errand.url)
                .header(http::header::CONTENT_TYPE, errand.content_type)
                .header(http::header::USER_AGENT, concat!("motpart/", env!("CARGO_PKG_VERSION"))),
        };
        let sealed = errand.seal.as_ref().and_then(|s| s.value(&errand.body, now).map(|value| (s.header, value)));
        match sealed {
            Some((header, value)) => request.header(header, value),
            None => request,
        }
        .body(errand.body.clone())
    }
}

impl Outbox {
    /// Takes an errand in. A script's delivery may copy it, hold it back or lose it. Returns the number of the last copy.
    pub fn post(
        &self,
        agenda: &Agenda,
        sender: &Sender,
        errand: &Errand,
        arose: Timestamp,
        delivery: Option<&Delivery>,
    ) -> u64 {
        let (copies, after, lost) = delivery.map_or((1, Millis(0), false), |d| (d.copies, d.after, d.lost));
        let due = arose.plus(after);
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..copies {
            inner.numbered += 1;
            let number = inner.numbered;
            let next = (!lost).then_some(due);
            let sent = Sent { number, errand: errand.clone(), lost, attempts: Vec::new(), next };
            inner.of.entry(sender.session).or_default().sent.push(sent);
            if !lost {
                let waiting = Waiting { errand: errand.clone(), sender: sender.clone(), due, attempts: 0 };
                inner.waiting.insert(number, waiting);
                agenda.reschedule(Ticket::Errand(number), None, Some(due));
            }
        }
        inner.numbered
    }

    /// Sends an errand of a session once more, now. Returns the number of the new errand.
    pub fn redeliver(&self, agenda: &Agenda, sender: &Sender, number: u64, now: Timestamp) -> Option<u64> {
        let errand = {
            let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            inner.of.get(&sender.session)?.sent.iter().find(|s| s.number == number)?.errand.clone()
        };
        Some(self.post(agenda, sender, &errand, now, None))
    }

    /// Takes the errand of this number out for an attempt.
    pub fn take(&self, number: u64) -> Option<Taken> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.take(number)
    }

    /// Takes the earliest errand of a session that is due by `now`.
    pub fn take_due(&self, agenda: &Agenda, session: SessionId, now: Timestamp) -> Option<Taken> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (due, number) = inner
            .waiting
            .iter()
            .filter(|(_, w)| w.sender.session == session && w.due <= now)
            .map(|(n, w)| (w.due, *n))
            .min()?;
        agenda.reschedule(Ticket::Errand(number), Some(due), None);
        inner.take(number)
    }

    /// Puts an attempt's outcome on record. A failed one is tried again as its provider does.
    pub fn record(&self, agenda: &Agenda, taken: Taken, attempt: Attempt) {
        {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            let Taken { number, mut waiting } = taken;
            let again = if attempt.accepted { None } else { waiting.errand.retries.get(waiting.attempts).copied() };
            let due = again.map(|span| waiting.due.plus(span));
            if let Some(mail) = inner.of.get_mut(&waiting.sender.session) {
                mail.in_flight = mail.in_flight.saturating_sub(1);
                if let Some(sent) = mail.sent.iter_mut().find(|s| s.number == number) {
                    sent.attempts.push(attempt);
                    sent.next = due;
                }
                // Without its mail the session is gone, and so is the wish to try again.
                if let Some(due) = due {
                    waiting.attempts += 1;
                    waiting.due = due;
                    inner.waiting.insert(number, waiting);
                    agenda.reschedule(Ticket::Errand(number), None, Some(due));
                }
            }
        }
        self.progressed.notify_waiters();
    }

    /// Makes a session's errands due earlier, since the session became older.
    pub fn older(&self, agenda: &Agenda, session: SessionId, by: Millis) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        for (number, waiting) in inner.waiting.iter_mut().filter(|(_, w)| w.sender.session == session) {
            let old = waiting.due;
            waiting.due = Timestamp(old.0.saturating_sub(by.0));
            agenda.reschedule(Ticket::Errand(*number), Some(old), Some(waiting.due));
        }
        if let Some(mail) = inner.of.get_mut(&session) {
            for next in mail.sent.iter_mut().filter_map(|s| s.next.as_mut()) {
                next.0 = next.0.saturating_sub(by.0);
            }
        }
    }

    /// Forgets a session that is gone.
    pub fn forget(&self, agenda: &Agenda, session: SessionId) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.of.remove(&session).is_none() {
            return;
        }
        inner.waiting.retain(|number, w| {
            let kept = w.sender.session != session;
            if !kept {
                agenda.reschedule(Ticket::Errand(*number), Some(w.due), None);
            }
            kept
        });
    }

    /// Waits until no attempt of a session is under way. Returns whether there was anything to wait for.
    pub async fn idle(&self, session: SessionId) -> bool {
        let idle = |inner: &Inner| inner.of.get(&session).is_none_or(|mail| mail.in_flight == 0);
        let waited = !idle(&self.inner.lock().unwrap_or_else(PoisonError::into_inner));
        self.until(idle).await;
        waited
    }

    /// Waits until every webhook of a session that was to be sent at once has been tried.
    pub async fn tried(&self, session: SessionId, now: Timestamp) {
        let tried = |s: &Sent| s.lost || !s.attempts.is_empty() || s.next.is_some_and(|due| due > now);
        self.until(|inner| inner.of.get(&session).is_none_or(|m| m.sent.iter().all(tried))).await;
    }

    async fn until(&self, condition: impl Fn(&Inner) -> bool) {
        loop {
            // Listening begins before looking, so that nothing is missed in between.
            let progressed = self.progressed.notified();
            tokio::pin!(progressed);
            progressed.as_mut().enable();
            if condition(&self.inner.lock().unwrap_or_else(PoisonError::into_inner)) {
                return;
            }
            progressed.await;
        }
    }

    /// What a session has sent and has still to send.
    #[must_use]
    pub fn deliveries(&self, session: SessionId) -> Vec<DeliveryView> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.of.get(&session).map(|mail| mail.sent.iter().map(Sent::view).collect()).unwrap_or_default()
    }
}

impl Inner {
    fn take(&mut self, number: u64) -> Option<Taken> {
        let waiting = self.waiting.remove(&number)?;
        self.of.entry(waiting.sender.session).or_default().in_flight += 1;
        Some(Taken { number, waiting })
    }
}

impl Sent {
    fn view(&self) -> DeliveryView {
        let accepted = self.attempts.last().is_some_and(|a| a.accepted);
        DeliveryView {
            number: self.number,
            kind: match self.errand.kind {
                ErrandKind::Question => "question",
                ErrandKind::Webhook => "webhook",
            },
            url: mask(&self.errand.url).into_owned(),
            body: mask(&String::from_utf8_lossy(&self.errand.body)).into_owned(),
            state: match (self.lost, accepted, self.next) {
                (true, _, _) => "lost",
                (false, true, _) => "delivered",
                (false, false, Some(_)) => "waiting",
                // Taken out for its first attempt, or out of attempts.
                (false, false, None) if self.attempts.is_empty() => "waiting",
                (false, false, None) => "failed",
            },
            next: self.next.map(|at| at.to_string()),
            attempts: self.attempts.clone(),
        }
    }
}

/// What an answer means for the errand, in words.
#[must_use]
pub fn outcome(answer: &Answer) -> (String, bool) {
    let took = answer.took.as_millis();
    match answer.status {
        200..=299 => (format!("{} in {took}ms", answer.status), true),
        // A redirect is not followed: the documents want the webhook's own address.
        300..=399 => {
            (format!("{} in {took}ms: a redirect is not followed, give the final address", answer.status), false)
        }
        status => (format!("{status} in {took}ms: the receiver refused it"), false),
    }
}
