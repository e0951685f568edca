//! What the side door sees of a provider, without knowing which it is.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::findings::findings;
use super::note::Note;
use super::notice::{Notice, Written};
use super::programme::Overlay;
use super::provider::{Context, Errand, Provider, Unsayable};
use super::said::Said;
use super::sample::Sample;
use super::session::{Session, SessionId};
use super::sessions::{Refusal, Sessions};
use super::space::Space;
use crate::dial::Answer;
use crate::identity::mask;
use crate::script::{Millis, Operation, Script, SignalName, Trigger};
use crate::session::{Cause, Entered, Phase};

/// One provider, seen from outside.
pub trait Control: Send + Sync + std::fmt::Debug {
    /// The provider's name, in snake_case.
    fn name(&self) -> &'static str;
    /// The names of its credentials; the first identifies the space.
    fn credentials(&self) -> &'static [&'static str];
    /// The plainest conversation with it.
    fn sample(&self) -> Option<Sample>;
    /// A fresh credential for a space.
    fn mint(&self, space: &str, credential: &str, entropy: [u8; 32]) -> String;
    /// Why the provider cannot play a script.
    fn refuses(&self, script: &Script) -> Option<Unsayable>;
    /// Whether it has this session.
    fn has(&self, id: SessionId) -> bool;
    /// How many sessions are live.
    fn len(&self) -> usize;
    /// Whether there is no session.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The sessions of a space with a number above `after`, from the newest to the oldest.
    fn list(&self, space: &str, after: u64, most: usize) -> Vec<SessionView>;
    /// The numbers and ids of a space's sessions with a number above `after`, from the oldest to the newest.
    fn numbered(&self, space: &str, after: u64) -> Vec<(u64, SessionId)>;
    /// Where a relying party calls the provider, relative to our address.
    fn base(&self, space: &Space) -> String;
    /// A session.
    ///
    /// # Errors
    /// When there is no such session.
    fn view(&self, id: SessionId) -> Result<SessionView, Refusal>;
    /// Gives a session a signal.
    ///
    /// # Errors
    /// When there is no such session.
    fn signal(&self, id: SessionId, said: &Said) -> Result<Vec<Entered>, Refusal>;
    /// Makes a session older.
    ///
    /// # Errors
    /// When there is no such session.
    fn older(&self, id: SessionId, by: Millis) -> Result<Vec<Entered>, Refusal>;
    /// Lets time pass for a session.
    ///
    /// # Errors
    /// When there is no such session.
    fn tick(&self, id: SessionId) -> Result<Vec<Entered>, Refusal>;
    /// Writes a webhook about a session, and leaves the session alone. `None` where the provider has no webhooks.
    ///
    /// # Errors
    /// When there is no such session.
    fn notice(&self, id: SessionId, notice: &Notice) -> Result<Option<Written>, Refusal>;
    /// Lays faults, forgeries and deliveries over a live session, or gives it another script from here on.
    ///
    /// # Errors
    /// When there is no such session.
    fn arm(&self, id: SessionId, script: Option<Arc<Script>>, overlay: &Overlay) -> Result<(), Refusal>;
    /// Hands the answer to a question over.
    ///
    /// # Errors
    /// When there is no such session.
    fn answered(&self, id: SessionId, errand: &Errand, answer: Option<&Answer>) -> Result<(), Refusal>;
    /// The switches of a space.
    fn settings(&self, space: &str) -> Value;
    /// Changes some switches of a space: the members given, the others stay. Returns all of them.
    ///
    /// # Errors
    /// When a switch is unknown or cannot have the value.
    fn change_settings(&self, space: &Space, change: &Value) -> Result<Value, SettingsError>;
    /// What a careful witness noticed about a session.
    ///
    /// # Errors
    /// When there is no such session.
    fn findings(&self, id: SessionId) -> Result<Vec<Note>, Refusal>;
    /// Forgets a space.
    fn forget_space(&self, space: &str);
    /// A session as plain data, with everything it depends on.
    ///
    /// # Errors
    /// When there is no such session.
    fn dump(&self, id: SessionId) -> Result<Value, Refusal>;
    /// Takes a dumped session in.
    ///
    /// # Errors
    /// When it is not a session of this provider, or its space does not exist.
    fn restore(&self, session: Value) -> Result<(), SettingsError>;
}

/// Why switches or a dump are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct SettingsError {
    /// What is wrong with it, and where.
    pub problem: String,
}

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
    fn new<P: Provider>(session: &Session<P>, context: &Context<'_, P>) -> Self {
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

impl<P: Provider> Control for Sessions<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn credentials(&self) -> &'static [&'static str] {
        P::CREDENTIALS
    }

    fn sample(&self) -> Option<Sample> {
        P::SAMPLE
    }

    fn mint(&self, space: &str, credential: &str, entropy: [u8; 32]) -> String {
        P::mint(space, credential, entropy)
    }

    fn refuses(&self, script: &Script) -> Option<Unsayable> {
        P::refuses(script)
    }

    fn has(&self, id: SessionId) -> bool {
        self.look(id, |_, _| ()).is_ok()
    }

    fn len(&self) -> usize {
        Self::len(self)
    }

    fn list(&self, space: &str, after: u64, most: usize) -> Vec<SessionView> {
        self.ids()
            .into_iter()
            .filter_map(|id| {
                self.look(id, |session, context| {
                    (&*session.space == space && session.number > after).then(|| SessionView::new(session, context))
                })
                .ok()
                .flatten()
            })
            .take(most)
            .collect()
    }

    fn numbered(&self, space: &str, after: u64) -> Vec<(u64, SessionId)> {
        self.store.numbered(space, after)
    }

    fn base(&self, space: &Space) -> String {
        P::base(space)
    }

    fn view(&self, id: SessionId) -> Result<SessionView, Refusal> {
        self.look(id, |session, context| SessionView::new(session, context))
    }

    fn signal(&self, id: SessionId, said: &Said) -> Result<Vec<Entered>, Refusal> {
        Self::signal(self, id, said)
    }

    fn older(&self, id: SessionId, by: Millis) -> Result<Vec<Entered>, Refusal> {
        Self::older(self, id, by)
    }

    fn tick(&self, id: SessionId) -> Result<Vec<Entered>, Refusal> {
        Self::tick(self, id)
    }

    fn notice(&self, id: SessionId, notice: &Notice) -> Result<Option<Written>, Refusal> {
        Self::notice(self, id, notice)
    }

    fn arm(&self, id: SessionId, script: Option<Arc<Script>>, overlay: &Overlay) -> Result<(), Refusal> {
        Self::arm(self, id, script.as_ref(), overlay)
    }

    fn answered(&self, id: SessionId, errand: &Errand, answer: Option<&Answer>) -> Result<(), Refusal> {
        Self::answered(self, id, errand, answer)
    }

    fn settings(&self, space: &str) -> Value {
        serde_json::to_value(&*Self::settings(self, space)).unwrap_or(Value::Null)
    }

    fn change_settings(&self, space: &Space, change: &Value) -> Result<Value, SettingsError> {
        let problem = |problem: String| SettingsError { problem };
        let Value::Object(change) = change else {
            return Err(problem("expected an object of switches, such as {\"language\": \"SV\"}".into()));
        };
        let mut all = Control::settings(self, &space.name);
        if let Value::Object(members) = &mut all {
            members.extend(change.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        // A number pasted in a wrong place must not come back in the message.
        let masked = |e: serde_json::Error| problem(mask(&e.to_string()).into_owned());
        let settings: P::Settings = serde_json::from_value(all).map_err(masked)?;
        self.set_settings(space, settings);
        Ok(Control::settings(self, &space.name))
    }

    fn findings(&self, id: SessionId) -> Result<Vec<Note>, Refusal> {
        let deliveries = self.commons.outbox.deliveries(id);
        self.look(id, |session, _| findings(session, &deliveries))
    }

    fn forget_space(&self, space: &str) {
        Self::forget_space(self, space);
    }

    fn dump(&self, id: SessionId) -> Result<Value, Refusal> {
        self.look(id, |session, _| serde_json::to_value(&*session).unwrap_or(Value::Null))
    }

    fn restore(&self, session: Value) -> Result<(), SettingsError> {
        let session: Session<P> = serde_json::from_value(session)
            .map_err(|e| SettingsError { problem: mask(&e.to_string()).into_owned() })?;
        Self::restore(self, session).map_err(|e| SettingsError { problem: e.to_string() })
    }
}
