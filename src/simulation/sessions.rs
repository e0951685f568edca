//! The store of one provider's sessions, and the only way to change one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::agenda::Ticket;
use super::clock::Timestamp;
use super::commons::Commons;
use super::journal::{Event, phase_in_words};
use super::outbox::Sender;
use super::programme::Overlay;
use super::provider::{Context, Errand, ErrandKind, Provider};
use super::said::Said;
use super::session::{Part, Session, SessionId};
use super::space::Space;
use super::store::{Cell, Store, lock};
use super::switches::Switches;
use crate::identity::NationalNumber;
use crate::script::{Damage, Millis, Operation, Script, SignalName};
use crate::session::{Cast, Entered, Stimulus};

/// Why the store does not do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such session, here or any more.
    #[error("there is no session {0}")]
    Unknown(SessionId),
}

/// What the witness has to know of an answer: put into its extensions by [`Visited::trace`]'s user.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The space it happened in.
    pub space: Arc<Space>,
    /// The session it belongs to.
    pub session: Option<SessionId>,
    /// What was asked for.
    pub operation: Operation,
    /// How the answer has to be damaged.
    pub damage: Option<Damage>,
}

/// What came of a visit.
#[derive(Debug)]
pub struct Visited<R> {
    /// What the visitor made of the session.
    pub value: R,
    /// For the witness.
    pub trace: Trace,
}

/// What a visitor has at hand.
#[derive(Debug)]
pub struct Visit<'a, P: Provider> {
    /// Space, settings, secret and time.
    pub context: Context<'a, P>,
    /// Errands that the visit gives rise to.
    pub raised: Vec<Errand>,
}

/// One provider's sessions.
#[derive(Debug)]
pub struct Sessions<P: Provider> {
    /// What all providers share.
    pub commons: Arc<Commons>,
    /// The provider's place in the simulation.
    pub(super) place: usize,
    pub(super) store: Store<P>,
    settings: Switches<P::Settings>,
    /// Who has an order in progress, where a person can have only one.
    pub(super) slots: Mutex<HashMap<(Arc<str>, NationalNumber), SessionId>>,
}

impl<P: Provider> Sessions<P> {
    /// An empty store. `place` is the provider's index in the simulation's list.
    #[must_use]
    pub fn new(commons: Arc<Commons>, place: usize) -> Self {
        Self { commons, place, store: Store::default(), settings: Switches::default(), slots: Mutex::default() }
    }

    /// The provider's switches in a space.
    #[must_use]
    pub fn settings(&self, space: &str) -> Arc<P::Settings> {
        self.settings.of(space)
    }

    /// Changes the provider's switches in a space to what `change` makes of them; nothing where it fails.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn alter_settings<E>(
        &self,
        space: &Space,
        change: impl FnOnce(&P::Settings) -> Result<P::Settings, E>,
    ) -> Result<Arc<P::Settings>, E> {
        self.settings.alter(&space.name, change)
    }

    /// Looks at a session, and changes it: the one way to do so. A `Collect` is a poll; everything else only lets time pass.
    ///
    /// The visitor is called with the session as it is *now*, under its lock. It must be pure and may be called again.
    ///
    /// # Errors
    /// When there is no such session.
    pub fn visit<R>(
        &self,
        id: SessionId,
        operation: Operation,
        visitor: impl FnMut(&mut Session<P>, &mut Visit<'_, P>) -> R,
    ) -> Result<Visited<R>, Refusal> {
        self.visit_if(id, operation, |_| true, visitor)
    }

    /// The same for a relying party: a session of another space does not exist for it, and is not touched.
    ///
    /// # Errors
    /// When the space has no such session.
    pub fn visit_in<R>(
        &self,
        space: &Space,
        id: SessionId,
        operation: Operation,
        visitor: impl FnMut(&mut Session<P>, &mut Visit<'_, P>) -> R,
    ) -> Result<Visited<R>, Refusal> {
        self.visit_if(id, operation, |session| session.space == space.name, visitor)
    }

    fn visit_if<R>(
        &self,
        id: SessionId,
        operation: Operation,
        admitted: impl Fn(&Session<P>) -> bool,
        mut visitor: impl FnMut(&mut Session<P>, &mut Visit<'_, P>) -> R,
    ) -> Result<Visited<R>, Refusal> {
        let cell = self.cell(id)?;
        let mut session = lock(&cell);
        if !admitted(&session) {
            return Err(Refusal::Unknown(id));
        }
        let space = self.space(&session)?;
        let settings = self.settings(&session.space);
        let now = self.commons.clock.now();
        let stimulus = if operation == Operation::Collect { Stimulus::Poll } else { Stimulus::Tick };
        let entered = session.advance(now, stimulus);
        self.unfold(&space, &settings, &mut session, &entered, now);
        let damage = session.count(operation).map(|fault| fault.damage.clone());
        let retries = session.retries;
        let mut visit = Visit { context: self.context(&space, &settings, now), raised: Vec::new() };
        let value = visitor(&mut session, &mut visit);
        let raised = visit.raised;
        self.post(&space, &mut session, raised, now);
        if session.retries != retries {
            space.journal.record(now, Some(id), Event::Remark("a new attempt begins".into()));
        }
        self.reschedule(&mut session);
        Ok(Visited { value, trace: Trace { space, session: Some(id), operation, damage } })
    }

    /// Looks at a session without being a request of anybody: nothing is counted and no fault applies.
    ///
    /// # Errors
    /// When there is no such session.
    pub fn look<R>(
        &self,
        id: SessionId,
        looker: impl FnOnce(&mut Session<P>, &Context<'_, P>) -> R,
    ) -> Result<R, Refusal> {
        self.change(id, |session, context| (Vec::new(), looker(session, context))).map(|(_, value)| value)
    }

    /// Gives a session a signal. Returns what was entered because of it.
    ///
    /// A person with a script of their own (a magic person) plays it from here on instead of confirming.
    ///
    /// # Errors
    /// When there is no such session.
    pub fn signal(&self, id: SessionId, said: &Said) -> Result<Vec<Entered>, Refusal> {
        let scripts = self.commons.scripts();
        let signalled = self.change(id, |session, context| {
            let person = said.person.clone().unwrap_or_else(|| session.cast.requested.clone());
            let own = person.script.as_deref().filter(|_| said.signal == SignalName::Confirmed);
            let own = own.and_then(|name| scripts.find(name).ok()).filter(|own| P::refuses(own).is_none());
            match own.filter(|own| own.name != session.script.name && session.phase().is_pending()) {
                Some(own) => {
                    let limits = P::limits(&session.order, context.settings).shortened_by(own);
                    let cast = Cast::new(own, person, &self.commons.persons());
                    session.follow(Part { script: own.clone(), cast, limits }, context.now);
                    (session.advance(context.now, Stimulus::Tick), ())
                }
                None => (session.advance(context.now, Stimulus::Signal(said.meaning(person))), ()),
            }
        });
        signalled.map(|(entered, ())| entered)
    }

    /// Makes a session older: what was issued was issued earlier, what waits comes due, nothing is dated in the future.
    ///
    /// # Errors
    /// When there is no such session.
    pub fn older(&self, id: SessionId, by: Millis) -> Result<Vec<Entered>, Refusal> {
        {
            let cell = self.cell(id)?;
            let mut session = lock(&cell);
            session.aged = Millis(session.aged.0.saturating_add(by.0));
            self.commons.outbox.older(&self.commons.agenda, id, by);
            self.commons.waits.older(&self.commons.agenda, id, by);
        }
        self.tick(id)
    }

    /// Lays things wrong on purpose over a live session, or gives it another script to play from here on.
    ///
    /// Occurrences keep counting, unless the overlay counts from now: the second poll of the session stays the second.
    ///
    /// # Errors
    /// When there is no such session.
    pub fn arm(&self, id: SessionId, script: Option<&Arc<Script>>, overlay: &Overlay) -> Result<(), Refusal> {
        let persons = self.commons.persons();
        let armed = self.change(id, |session, context| {
            if let Some(script) = script {
                session.limits = P::limits(&session.order, context.settings).shortened_by(script);
                session.cast = Cast::new(script, session.cast.requested.clone(), &persons);
                let age = session.age(context.now);
                session.progress.follow_from_the_top(age);
            }
            let counted = overlay.counted(|operation| session.tally.requests(operation), session.tally.webhooks);
            session.script = counted.over(script.unwrap_or(&session.script));
            (session.advance(context.now, Stimulus::Tick), ())
        });
        armed.map(|_| ())
    }

    /// Lets time pass for a session: everything that is due happens, each thing at its own moment.
    ///
    /// # Errors
    /// When there is no such session.
    pub fn tick(&self, id: SessionId) -> Result<Vec<Entered>, Refusal> {
        self.change(id, |_, _| (Vec::new(), ())).map(|(entered, ())| entered)
    }

    /// Hands the answer to a question over to the provider.
    ///
    /// # Errors
    /// When there is no such session.
    pub fn answered(
        &self,
        id: SessionId,
        errand: &Errand,
        answer: Option<&crate::dial::Answer>,
    ) -> Result<(), Refusal> {
        let cell = self.cell(id)?;
        let mut session = lock(&cell);
        let space = self.space(&session)?;
        let settings = self.settings(&session.space);
        let now = self.commons.clock.now();
        let raised = P::answered(&mut session, errand, answer, &self.context(&space, &settings, now));
        self.post(&space, &mut session, raised, now);
        self.reschedule(&mut session);
        Ok(())
    }

    /// A copy of a session as it is now.
    ///
    /// # Errors
    /// When there is no such session.
    pub fn snapshot(&self, id: SessionId) -> Result<Session<P>, Refusal> {
        self.look(id, |session, _| session.clone())
    }

    /// The ids of a provider's sessions, from the newest to the oldest.
    #[must_use]
    pub fn ids(&self) -> Vec<SessionId> {
        self.store.ids()
    }

    /// How many sessions are live.
    #[must_use]
    pub fn len(&self) -> usize {
        self.store.len()
    }

    /// Whether there is no session.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets every session of a space, and its switches.
    pub fn forget_space(&self, space: &str) {
        for (id, cell) in self.store.remove_space(space) {
            self.bury(id, &cell);
        }
        self.settings.forget(space);
    }

    pub(super) fn change<R>(
        &self,
        id: SessionId,
        changer: impl FnOnce(&mut Session<P>, &Context<'_, P>) -> (Vec<Entered>, R),
    ) -> Result<(Vec<Entered>, R), Refusal> {
        let cell = self.cell(id)?;
        let mut session = lock(&cell);
        let space = self.space(&session)?;
        let settings = self.settings(&session.space);
        let now = self.commons.clock.now();
        let mut entered = session.advance(now, Stimulus::Tick);
        self.unfold(&space, &settings, &mut session, &entered, now);
        let (more, value) = changer(&mut session, &self.context(&space, &settings, now));
        self.unfold(&space, &settings, &mut session, &more, now);
        self.reschedule(&mut session);
        entered.extend(more);
        Ok((entered, value))
    }

    /// Writes down what was entered, and sends what has to be sent because of it.
    pub(super) fn unfold(
        &self,
        space: &Arc<Space>,
        settings: &P::Settings,
        session: &mut Session<P>,
        entered: &[Entered],
        now: Timestamp,
    ) {
        for one in entered {
            space.journal.record(
                now,
                Some(session.id),
                Event::Entered {
                    phase: phase_in_words(&one.phase).into_owned(),
                    cause: one.cause.word(),
                    age: one.at.0,
                },
            );
            let errands = P::errands(session, one, &self.context(space, settings, now));
            let arose = session.moment(one.at);
            self.post(space, session, errands, arose);
            if !one.phase.is_pending() {
                self.vacate(session);
            }
        }
    }

    fn post(&self, space: &Arc<Space>, session: &mut Session<P>, errands: Vec<Errand>, arose: Timestamp) {
        for errand in errands {
            let delivery = match errand.kind {
                ErrandKind::Question => None,
                ErrandKind::Webhook => {
                    session.tally.webhooks += 1;
                    session.delivery(session.tally.webhooks)
                }
            };
            let sender = Sender { provider: self.place, session: session.id, space: space.clone() };
            self.commons.outbox.post(&self.commons.agenda, &sender, &errand, arose, delivery);
        }
    }

    fn context<'a>(&'a self, space: &'a Space, settings: &'a P::Settings, now: Timestamp) -> Context<'a, P> {
        Context { space, settings, secret: self.commons.secret(), now, commons: &self.commons }
    }

    fn cell(&self, id: SessionId) -> Result<Cell<P>, Refusal> {
        self.store.find(id).ok_or(Refusal::Unknown(id))
    }

    /// A session whose space was deleted is gone with it.
    pub(super) fn space(&self, session: &Session<P>) -> Result<Arc<Space>, Refusal> {
        self.commons.spaces.named(&session.space).ok_or(Refusal::Unknown(session.id))
    }

    pub(super) fn reschedule(&self, session: &mut Session<P>) {
        let due = session.due();
        self.commons.agenda.reschedule(Ticket::Session(self.place, session.id), session.scheduled, due);
        session.scheduled = due;
    }

    pub(super) fn insert(&self, session: Session<P>, weight: usize) {
        for (id, cell) in self.store.insert(session, weight, self.commons.bounds) {
            self.commons.metrics.evictions.inc();
            let space = lock(&cell).space.clone();
            self.bury(id, &cell);
            if let Some(space) = self.commons.spaces.named(&space) {
                let what = "forgotten to make room: the simulation holds only so many sessions and bytes";
                space.journal.record(self.commons.clock.now(), Some(id), Event::Remark(what.into()));
            }
        }
    }

    /// Takes everything back that waits on behalf of a session that is no longer kept.
    fn bury(&self, id: SessionId, cell: &Cell<P>) {
        let session = lock(cell);
        self.commons.agenda.reschedule(Ticket::Session(self.place, id), session.scheduled, None);
        self.commons.outbox.forget(&self.commons.agenda, id);
        self.commons.waits.release(&self.commons.agenda, id);
        self.vacate(&session);
    }
}
