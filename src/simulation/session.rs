//! One session of one provider: plain data.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::clock::Timestamp;
use super::note::Note;
use super::provider::Provider;
use crate::script::{Delivery, Fault, Millis, Operation, Reason, Script, Tampering};
use crate::session::{Age, Cast, Entered, Limits, Phase, Play, Progress, Stimulus};

/// The name of a session: 16 bytes, written as a GUID.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(Uuid);

impl SessionId {
    /// An id out of random or derived bytes. Version and variant bits are set as RFC 9562 wants them for version 4.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<SessionId> for Uuid {
    fn from(id: SessionId) -> Self {
        id.0
    }
}

impl FromStr for SessionId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

/// A session as it is kept: everything that a provider's answer can depend on, and nothing else.
///
/// It serialises whole; a dump that is restored goes on where it was. Webhooks that still wait in the outbox are not part of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Session<P: Provider> {
    /// Its name.
    pub id: SessionId,
    /// The space it belongs to, by name.
    pub space: Arc<str>,
    /// Counts the sessions of the simulation, from 1.
    pub number: u64,
    /// What was asked for. It never changes.
    pub order: Arc<P::Order>,
    /// What the provider remembers beyond the progress.
    pub state: P::State,
    /// The script, by value: a library reloaded later changes no running session.
    pub script: Arc<Script>,
    /// The script's people.
    pub cast: Cast,
    /// The deadlines in force.
    pub limits: Limits,
    /// What a new attempt is played from, where a person brought their own script into this one.
    pub set_aside: Option<Box<Part>>,
    /// The attempt that is played.
    pub progress: Progress,
    /// How earlier attempts ended: the first hundred.
    pub earlier: Vec<Ended>,
    /// How many attempts failed before the present one.
    pub retries: usize,
    /// When it was set up.
    pub began: Timestamp,
    /// How much older than by the clock it was made.
    pub aged: Millis,
    /// What was asked of it and what came of it.
    pub tally: Tally,
    /// What a careful witness noticed.
    pub notes: Vec<Note>,
    /// Which start of its armed entry this session is, from 1: the occurrence for faults on `start`.
    pub start_occurrence: u32,
    /// The moment under which it stands in the agenda.
    #[serde(skip)]
    pub(super) scheduled: Option<Timestamp>,
}

impl<P: Provider> Clone for Session<P> {
    fn clone(&self) -> Self {
        Self {
            id: self.id,
            space: self.space.clone(),
            number: self.number,
            order: self.order.clone(),
            state: self.state.clone(),
            script: self.script.clone(),
            cast: self.cast.clone(),
            limits: self.limits,
            set_aside: self.set_aside.clone(),
            progress: self.progress.clone(),
            earlier: self.earlier.clone(),
            retries: self.retries,
            began: self.began,
            aged: self.aged,
            tally: self.tally.clone(),
            notes: self.notes.clone(),
            start_occurrence: self.start_occurrence,
            scheduled: self.scheduled,
        }
    }
}

impl<P: Provider> Session<P> {
    /// How old it is now.
    #[must_use]
    pub fn age(&self, now: Timestamp) -> Age {
        Age(now.since(self.began).0.saturating_add(self.aged.0))
    }

    /// The wall clock's moment for an age. What was made older lies further back; nothing lies ahead.
    #[must_use]
    pub const fn moment(&self, age: Age) -> Timestamp {
        Timestamp(self.began.0.saturating_add(age.0).saturating_sub(self.aged.0))
    }

    /// The phase of the present attempt.
    #[must_use]
    pub const fn phase(&self) -> &Phase {
        self.progress.phase()
    }

    /// What the present attempt is played from.
    #[must_use]
    pub fn play(&self) -> Play<'_> {
        Play { script: &self.script, limits: self.limits, cast: &self.cast }
    }

    /// Begins a new attempt, if the present one failed: a fresh progress, the earlier outcome kept.
    ///
    /// Returns whether a new attempt began.
    pub fn retry(&mut self, now: Timestamp) -> bool {
        match self.phase() {
            Phase::Failed(_) => {
                let at = self.progress.entered();
                let phase = self.phase().clone();
                // The count of attempts is bounded by people pressing buttons, the list is bounded here.
                if self.earlier.len() < Self::EARLIER_KEPT {
                    self.earlier.push(Ended { phase, at });
                }
                self.retries += 1;
                self.progress = Progress::begin(self.age(now));
                if let Some(part) = self.set_aside.take() {
                    let Part { script, cast, limits } = *part;
                    (self.script, self.cast, self.limits) = (script, cast, limits);
                }
                true
            }
            Phase::Finished(_) | Phase::Pending(_) => false,
        }
    }

    /// Why the present attempt failed, if it did.
    #[must_use]
    pub const fn failure(&self) -> Option<Reason> {
        match self.phase() {
            Phase::Failed(reason) => Some(*reason),
            Phase::Finished(_) | Phase::Pending(_) => None,
        }
    }

    /// The forgeries that apply to the `n`th artefact chosen by `kind`.
    pub fn tampering<T>(&self, n: u32, kind: impl Fn(Tampering) -> Option<T>) -> Option<T> {
        self.script.forgeries.iter().filter(|f| f.occurrence.covers(n)).find_map(|f| kind(f.how))
    }

    /// How the `n`th webhook is to be delivered, where the script says something of it.
    #[must_use]
    pub fn delivery(&self, n: u32) -> Option<&Delivery> {
        self.script.deliveries.iter().find(|d| d.occurrence.covers(n))
    }

    /// Records something that a careful witness should know. The same note is kept once.
    pub fn note(&mut self, note: Note) {
        if self.notes.len() < Self::NOTES_KEPT && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// The next due moment, by the wall clock.
    pub(super) fn due(&self) -> Option<Timestamp> {
        self.progress.due(&self.play()).map(|(age, _)| self.moment(age))
    }

    /// Lets the progress unfold; the tally counts what was entered.
    pub(super) fn advance(&mut self, now: Timestamp, stimulus: Stimulus) -> Vec<Entered> {
        let age = self.age(now);
        let play = Play { script: &self.script, limits: self.limits, cast: &self.cast };
        self.progress.advance(&play, age, stimulus)
    }

    /// Plays another script from here on. What was played before is set aside for a new attempt.
    pub(super) fn follow(&mut self, part: Part, now: Timestamp) {
        let Part { script, cast, limits } = part;
        let before = Part {
            script: std::mem::replace(&mut self.script, script),
            cast: std::mem::replace(&mut self.cast, cast),
            limits: std::mem::replace(&mut self.limits, limits),
        };
        self.set_aside.get_or_insert_with(|| Box::new(before));
        let age = self.age(now);
        self.progress.follow_from_the_top(age);
    }

    /// Counts a request, and finds the fault that its answer suffers.
    pub(super) fn count(&mut self, operation: Operation) -> Option<&Fault> {
        let n = match operation {
            Operation::Start => self.start_occurrence,
            Operation::Collect
            | Operation::Complete
            | Operation::Discovery
            | Operation::Jwks
            | Operation::Page
            | Operation::Sdo
            | Operation::Token
            | Operation::Userinfo => self.tally.count(operation),
        };
        let fault = self.script.faults.iter().find(|f| f.on == operation && f.occurrence.covers(n));
        if operation == Operation::Collect && !self.progress.phase().is_pending() {
            self.tally.collected_after_end += u32::from(fault.is_none_or(|f| f.damage.leaves_the_answer()));
        }
        fault
    }

    const EARLIER_KEPT: usize = 100;
    const NOTES_KEPT: usize = 50;
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// As what.
    pub phase: Phase,
    /// When.
    pub at: Age,
}

/// What an attempt is played from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// The script.
    pub script: Arc<Script>,
    /// Its people.
    pub cast: Cast,
    /// The deadlines.
    pub limits: Limits,
}

/// What was asked of a session and what came of it. Enough to answer "was the result ever fetched?".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Requests by operation.
    requests: [u32; 9],
    /// Honest answers to a poll after the attempt had ended.
    pub collected_after_end: u32,
    /// Webhooks that arose.
    pub webhooks: u32,
    /// When the browser was first sent back to the relying party.
    pub returned: Option<Timestamp>,
}

impl Tally {
    /// Counts one more request, and says which it is, from 1.
    fn count(&mut self, operation: Operation) -> u32 {
        let slot = &mut self.requests[Self::index(operation)];
        *slot = slot.saturating_add(1);
        *slot
    }

    /// How many requests of this kind there were.
    #[must_use]
    pub const fn requests(&self, operation: Operation) -> u32 {
        self.requests[Self::index(operation)]
    }

    const fn index(operation: Operation) -> usize {
        match operation {
            Operation::Collect => 0,
            Operation::Complete => 1,
            Operation::Discovery => 2,
            Operation::Jwks => 3,
            Operation::Page => 4,
            Operation::Sdo => 5,
            Operation::Start => 6,
            Operation::Token => 7,
            Operation::Userinfo => 8,
        }
    }
}
