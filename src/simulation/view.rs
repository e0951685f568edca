//! A session as people and tests see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::provider::{Context, Provider};
use super::session::Session;
use crate::identity::mask;
use crate::script::{Operation, SignalName, Trigger};
use crate::session::{Cause, Phase};

/// A session for people and tests. Persons appear by register name; numbers do not appear.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SessionView {
    /// Its id, a GUID.
    pub id: String,
    /// Its number in the simulation, from 1: later sessions have higher ones.
    pub number: u64,
    /// The provider, in snake_case.
    pub provider: &'static str,
    /// The space.
    pub space: String,
    /// The provider's word for the method.
    pub method: String,
    /// What the present attempt is.
    pub phase: PhaseView,
    /// What comes next by itself.
    pub next: Option<Next>,
    /// How old it is, in milliseconds.
    pub age_ms: u64,
    /// When it began, RFC 3339. Ageing does not change it.
    pub began: String,
    /// The script it plays.
    pub script: String,
    /// The person it was asked for, by register name; the default person when nobody was.
    pub requested: String,
    /// The relying party's own reference.
    pub reference: Option<String>,
    /// Where the browser goes in the end.
    pub target: Option<String>,
    /// The text to sign.
    pub text: Option<String>,
    /// Where a person goes, relative to the public address.
    pub page: Option<String>,
    /// Where its webhooks go: the order's own address, or the account's; `null` for none.
    pub webhook: Option<String>,
    /// How earlier attempts ended.
    pub earlier: Vec<PhaseView>,
    /// How often the relying party asked for the result.
    pub collects: u32,
    /// How often it got an answer after the end.
    pub collected_after_end: u32,
    /// When the browser was sent back, RFC 3339.
    pub returned: Option<String>,
    /// What the provider answers the relying party now, masked.
    pub answer: String,
}

/// A phase, with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhaseView {
    /// `pending`, `finished` or `failed`.
    pub state: &'static str,
    /// The hint while pending, the reason when failed, the person's register name when finished.
    pub detail: String,
    /// At which age it was entered, in milliseconds.
    pub at_ms: u64,
}

/// What comes next by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Next {
    /// What brings it.
    pub by: NextBy,
    /// In words: `a signal: confirmed`, `the poll after 2 more pending answers`, `time`, `order expired`.
    pub what: String,
    /// The signal that is waited for.
    #[serde(skip)]
    pub signal: Option<SignalName>,
    /// In how many milliseconds, where it is time that brings it.
    pub in_ms: Option<u64>,
}

/// What brings the next change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NextBy {
    /// The link's deadline.
    LinkExpiry,
    /// The person's deadline.
    OrderExpiry,
    /// A poll of the relying party.
    Poll,
    /// A signal.
    Signal,
    /// The script's time.
    Time,
}

impl PhaseView {
    /// The phase that was entered at this age, in milliseconds.
    #[must_use]
    pub fn new(phase: &Phase, at: u64) -> Self {
        let detail = match phase {
            Phase::Failed(reason) => reason.to_string(),
            Phase::Finished(person) => person.name.clone(),
            Phase::Pending(hint) => hint.to_string(),
        };
        Self { state: phase.word(), detail, at_ms: at }
    }
}

impl SessionView {
    pub(super) fn new<P: Provider>(session: &Session<P>, context: &Context<'_, P>) -> Self {
        let asked = P::asked(&session.order);
        let age = session.age(context.now);
        Self {
            id: session.id.to_string(),
            number: session.number,
            provider: P::NAME,
            space: session.space.to_string(),
            method: asked.method.to_owned(),
            phase: PhaseView::new(session.phase(), session.progress.entered().0),
            next: next(session, age.0),
            age_ms: age.0,
            began: session.began.to_string(),
            script: session.script.name.clone(),
            requested: session.cast.requested.name.clone(),
            reference: asked.reference.map(|r| mask(r).into_owned()),
            target: asked.target.map(|t| mask(t).into_owned()),
            text: asked.text.map(|t| mask(t).into_owned()),
            page: P::page(session),
            webhook: P::webhook(&session.order, context.settings).map(|url| mask(url).into_owned()),
            earlier: session.earlier.iter().map(|e| PhaseView::new(&e.phase, e.at.0)).collect(),
            collects: session.tally.requests(Operation::Collect),
            collected_after_end: session.tally.collected_after_end,
            returned: session.tally.returned.map(|at| at.to_string()),
            answer: mask(&P::answer_now(session, context)).into_owned(),
        }
    }
}

fn next<P: Provider>(session: &Session<P>, age: u64) -> Option<Next> {
    let (at, cause) = session.progress.due(&session.play())?;
    let next = |by, what, in_ms, signal| Some(Next { by, what, signal, in_ms });
    match session.script.steps.get(session.progress.step()).map(|step| step.trigger) {
        Some(Trigger::Polls(n)) => {
            let more = n.saturating_sub(session.progress.polls());
            next(NextBy::Poll, format!("the poll after {more} more pending answers"), None, None)
        }
        Some(Trigger::On(signal)) => next(NextBy::Signal, format!("a signal: {signal}"), None, Some(signal)),
        Some(Trigger::After(_)) | None => {
            let by = match cause {
                Cause::LinkExpired => NextBy::LinkExpiry,
                Cause::OrderExpired => NextBy::OrderExpiry,
                Cause::Begun | Cause::Polls | Cause::Signal | Cause::Time => NextBy::Time,
            };
            next(by, cause.word().into(), Some(at.0.saturating_sub(age)), None)
        }
    }
}
