//! What a deed does to the session.

use std::sync::Arc;
use std::time::Duration;

use super::deed::{Deed, People};
use super::step::{self, Step};
use super::zignsec::visit;
use crate::identity::{NationalNumber, Person};
use crate::providers::zignsec_v2::{Channel, Cpr, CprNext, Method, ZignsecV2, errands};
use crate::script::{Operation, Reason, SignalName};
use crate::simulation::journal::Event;
use crate::simulation::{Refusal, Said, Session, SessionId, Sessions, Trace};

/// Does it. A deed that comes too late changes nothing. Returns the trace where doing it was a visit already.
pub(super) async fn act(sessions: &Sessions<ZignsecV2>, id: SessionId, deed: Deed) -> Result<Option<Trace>, Refusal> {
    if !sessions.look(id, |session, _| session.phase().is_pending())? {
        return Ok(None);
    }
    let mut trace = None;
    match deed {
        Deed::Agree(person) => {
            if sessions.look(id, |session, _| session.state.login.is_none())? {
                trace = log_in(sessions, id, &person).await?;
            }
            let agreed = sessions.look(id, |session, _| match Step::of(session) {
                Step::Consent(person) => Some(person),
                Step::Asking | Step::Cpr(_) | Step::Device | Step::Method | Step::Who => None,
            })?;
            if let Some(person) = agreed {
                finish(sessions, id, &person)?;
            }
        }
        Deed::Cancel => say(sessions, id, &Said::plain(SignalName::Cancelled))?,
        Deed::Choose(method) => sessions.look(id, |session, _| session.state.chosen = Some(method))?,
        Deed::Confirm(person, number) => {
            trace = log_in(sessions, id, &person).await?;
            if let Some(number) = number {
                type_cpr(sessions, id, &number)?;
            }
        }
        Deed::Cpr(number) => type_cpr(sessions, id, &number)?,
        Deed::Fail(reason) => fail(sessions, id, reason)?,
        Deed::Start => say(sessions, id, &Said::plain(SignalName::Delivered))?,
        Deed::Use(channel) => sessions.look(id, |session, _| session.state.channel = Some(channel))?,
    }
    Ok(trace)
}

/// Completes a log-in that waits for nothing more: the relying party's answer may have come while no browser was waiting for it.
pub(super) fn settle(sessions: &Sessions<ZignsecV2>, id: SessionId) -> Result<(), Refusal> {
    let complete = sessions.look(id, |session, _| step::complete(session).filter(|_| session.phase().is_pending()))?;
    complete.map_or(Ok(()), |person| finish(sessions, id, &person))
}

/// Somebody authenticates. What is still to be chosen is chosen as the page would suggest it.
async fn log_in(sessions: &Sessions<ZignsecV2>, id: SessionId, person: &Arc<Person>) -> Result<Option<Trace>, Refusal> {
    remark(sessions, id, &person.name)?;
    let scripts = sessions.commons.scripts();
    let persons = sessions.commons.persons();
    let people = People { persons: &persons, scripts: &scripts };
    let after = sessions.look(id, |session, _| {
        choose_the_usual(session);
        let stranger = session.order.number() != Some(&person.number);
        let plays = person.is_magic() && session.script.name != person.script.as_deref().unwrap_or_default();
        if person.is_magic() && !People::is_at_home(person, session) {
            // A Swede cannot log in at NemID: the usual person does, and what the magic one stands for happens.
            let usual = Person { script: person.script.clone(), ..(*session.cast.requested).clone() };
            return After::Finish(Arc::new(usual));
        }
        if step::is_for_one(session) && stranger && !(plays && people.never_finishes(person)) {
            return After::Refuse;
        }
        if plays {
            return After::Finish(person.clone());
        }
        match session.state.method(&session.order) {
            Method::Nemid => match session.state.logged_in(&session.order, person) {
                CprNext::Ask => After::Ask,
                CprNext::Confirm => After::Finish(person.clone()),
                CprNext::Form => After::Wait,
            },
            Method::Chooser(_)
            | Method::Fbid
            | Method::Nbid
            | Method::NbidMobile
            | Method::NbidOidc
            | Method::NbidPep
            | Method::Sbid
            | Method::SbidAnother
            | Method::SbidSign => {
                if step::wants_consent(session) {
                    session.state.login = Some(person.clone());
                    After::Wait
                } else {
                    After::Finish(person.clone())
                }
            }
        }
    })?;
    match after {
        After::Ask => {
            let trace = ask(sessions, id)?;
            visit::sent(sessions, id, PATIENCE_FOR_CALLBACK).await;
            settle(sessions, id)?;
            return Ok(Some(trace));
        }
        After::Finish(person) => finish(sessions, id, &person)?,
        After::Refuse => fail(sessions, id, Reason::WrongPerson)?,
        After::Wait => {}
    }
    Ok(None)
}

enum After {
    /// The relying party is asked first.
    Ask,
    /// The log-in is complete.
    Finish(Arc<Person>),
    /// Only the requested person may.
    Refuse,
    /// Something else is still to be done by the person.
    Wait,
}

fn choose_the_usual(session: &mut Session<ZignsecV2>) {
    match Step::of(session) {
        Step::Device => session.state.channel = Some(Channel::Web),
        Step::Method => {
            session.state.chosen = Some(session.state.method(&session.order));
            if Step::of(session) == Step::Device {
                session.state.channel = Some(Channel::Web);
            }
        }
        Step::Asking | Step::Consent(_) | Step::Cpr(_) | Step::Who => {}
    }
}

/// Raises the question of `AskForCprCallback`.
fn ask(sessions: &Sessions<ZignsecV2>, id: SessionId) -> Result<Trace, Refusal> {
    let asked = sessions.visit(id, Operation::Page, |session, visit| {
        let person = session.state.login.clone();
        visit.raised.extend(person.and_then(|person| errands::question(session, &person)));
    });
    asked.map(|asked| asked.trace)
}

fn type_cpr(sessions: &Sessions<ZignsecV2>, id: SessionId, number: &NationalNumber) -> Result<(), Refusal> {
    let tries = sessions.look(id, |session, _| {
        (session.state.cpr == Cpr::Wanted && !session.state.typed(number)).then_some(session.state.cpr_tries)
    })?;
    match tries {
        // How often one may try is not documented, nor what follows: inferred.
        Some(tries) if tries >= CPR_TRIES => fail(sessions, id, Reason::WrongPerson),
        Some(_) => Ok(()),
        None => settle(sessions, id),
    }
}

fn finish(sessions: &Sessions<ZignsecV2>, id: SessionId, person: &Arc<Person>) -> Result<(), Refusal> {
    say(sessions, id, &Said { signal: SignalName::Confirmed, person: Some(person.clone()), reason: None })
}

fn fail(sessions: &Sessions<ZignsecV2>, id: SessionId, reason: Reason) -> Result<(), Refusal> {
    say(sessions, id, &Said { signal: SignalName::Failed, person: None, reason: Some(reason) })
}

fn say(sessions: &Sessions<ZignsecV2>, id: SessionId, said: &Said) -> Result<(), Refusal> {
    sessions.signal(id, said).map(|_| ())
}

/// So that whoever watches sees who was chosen. By register name: numbers stay out of it.
fn remark(sessions: &Sessions<ZignsecV2>, id: SessionId, name: &str) -> Result<(), Refusal> {
    sessions.look(id, |_, context| {
        context.space.journal.record(context.now, Some(id), Event::Remark(format!("chosen on the page: {name}")));
    })
}

/// Wrong CPR numbers that are put up with, the last one ending it.
pub(super) const CPR_TRIES: u32 = 3;

/// How long the page waits for the relying party's answer: a little longer than the attempt may take.
const PATIENCE_FOR_CALLBACK: Duration = Duration::from_secs(6);
