//! How a session comes in, set up or restored, and the one order that a person can have in progress.

use std::sync::{Arc, PoisonError};

use super::journal::Event;
use super::provider::Provider;
use super::session::{Session, SessionId, Tally};
use super::sessions::{Refusal, Sessions, Trace, Visited};
use super::space::Space;
use crate::identity::NationalNumber;
use crate::script::{Millis, Operation, Reason};
use crate::session::{Age, Cast, Cause, Entered, Progress, Signal, Stimulus};

impl<P: Provider> Sessions<P> {
    /// Sets a session up: chooses its script, casts its people, and tells whom it may concern.
    ///
    /// The answer carries a snapshot, and the damage that a fault on `start` does to it.
    pub fn start(&self, space: &Arc<Space>, order: P::Order) -> Visited<Session<P>> {
        let commons = &*self.commons;
        let now = commons.clock.now();
        let settings = self.settings(&space.name);
        let persons = commons.persons();
        let asked = P::asked(&order);
        let requested = match asked.number {
            Some(number) => commons.bearer(number),
            None => persons.default_for(asked.country),
        };
        let own =
            asked.number.and(requested.script.as_deref()).and_then(|name| commons.scripts().find(name).ok().cloned());
        let chosen = space.programme.choose(P::NAME, &asked, own, |script| P::refuses(script).is_none());
        let slot = asked.number.filter(|_| P::one_order_per_person(&settings)).cloned();

        let number = commons.number_session();
        let seeded = commons.derive("session", &[P::NAME.as_bytes(), &number.to_be_bytes()]);
        let mut id = [0; 16];
        id.copy_from_slice(&seeded[..16]);
        let id = SessionId::from_random(id);
        let weight = P::weight(&order);
        let mut session = Session {
            id,
            space: space.name.clone(),
            number,
            limits: P::limits(&order, &settings).shortened_by(&chosen.script),
            cast: Cast::new(&chosen.script, requested, &persons),
            order: Arc::new(order),
            state: P::State::default(),
            script: chosen.script,
            set_aside: None,
            progress: Progress::begin(Age(0)),
            earlier: Vec::new(),
            retries: 0,
            began: now,
            aged: Millis(0),
            tally: Tally::default(),
            notes: Vec::new(),
            start_occurrence: chosen.occurrence,
            scheduled: None,
        };
        let begun = Entered { phase: session.phase().clone(), at: Age(0), cause: Cause::Begun };
        space.journal.record(
            now,
            Some(id),
            Event::Remark(format!(
                "{} {} plays `{}` ({})",
                P::NAME,
                P::asked(&session.order).method,
                session.script.name,
                chosen.because
            )),
        );
        self.unfold(space, &settings, &mut session, &[begun], now);
        let entered = session.advance(now, Stimulus::Tick);
        self.unfold(space, &settings, &mut session, &entered, now);
        let damage = session.count(Operation::Start).map(|fault| fault.damage.clone());
        self.reschedule(&mut session);
        let value = session.clone();
        self.insert(session, weight);
        let superseded = slot.and_then(|number| self.occupy(space, number, id));
        commons.metrics.sessions.inc();
        space.newest.send_if_modified(|newest| {
            *newest = (*newest).max(number);
            true
        });
        let value = match superseded {
            // Both orders end: the documents of Swedish BankID and of Freja agree on it.
            Some(previous) => {
                self.end(previous, Signal::Superseded);
                self.end(id, Signal::Failed(Reason::AlreadyInProgress));
                self.snapshot(id).unwrap_or(value)
            }
            None => value,
        };
        Visited { value, trace: Trace { space: space.clone(), session: Some(id), operation: Operation::Start, damage } }
    }

    /// Takes a session in that was dumped before, here or elsewhere. It goes on where it was.
    ///
    /// # Errors
    /// When its space does not exist.
    pub fn restore(&self, mut session: Session<P>) -> Result<(), Refusal> {
        let space = self.space(&session)?;
        let weight = P::weight(&session.order);
        // Ids are derived from numbers: whoever sets up next must not get this one's.
        self.commons.number_beyond(session.number);
        if session.phase().is_pending()
            && P::one_order_per_person(&self.settings(&session.space))
            && let Some(number) = P::asked(&session.order).number
        {
            self.occupy(&space, number.clone(), session.id);
        }
        session.scheduled = None;
        self.reschedule(&mut session);
        self.insert(session, weight);
        Ok(())
    }

    /// Takes a person's slot for a session. Returns who held it.
    fn occupy(&self, space: &Space, number: NationalNumber, id: SessionId) -> Option<SessionId> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.insert((space.name.clone(), number), id)
    }

    pub(super) fn vacate(&self, session: &Session<P>) {
        if let Some(number) = P::asked(&session.order).number {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            let key = (session.space.clone(), number.clone());
            if slots.get(&key) == Some(&session.id) {
                slots.remove(&key);
            }
        }
    }

    /// Ends a session from within. That it is gone already is as good.
    fn end(&self, id: SessionId, signal: Signal) {
        let _ = self.change(id, |session, context| (session.advance(context.now, Stimulus::Signal(signal)), ()));
    }
}
