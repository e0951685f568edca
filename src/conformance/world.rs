//! One scenario while it is played: its people, its agreements, its attempts, and everything seen so far.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::time::Duration;

use tokio::time::Instant;

use super::attempts::Attempt;
use super::browser::Browser;
use super::case::Agreement;
use super::cast::Cast;
use super::controls::{Control, Controls};
use super::notice::Notified;
use super::outward::Outward;
use super::plan::Item;
use super::reports::Class;
use super::setting::Setting;
use super::settle::{eventually, throughout};
use super::simulator::Simulator;
use super::sink::Sink;
use super::stop::Stop;
use super::turns::Turns;
use crate::identity::Person;
use crate::target::{Actor, AgreementRef, BrowserId, Call, Op, OpName, Reply, Status, Target, TargetError, Wire};

/// What all scenarios of a run share.
#[derive(Debug)]
pub struct Shared {
    /// What is judged.
    pub target: Arc<dyn Target>,
    /// What it declares.
    pub setting: Setting,
    /// The browsers of the people.
    pub browser: Arc<dyn Browser>,
    /// What it talks to.
    pub simulator: Simulator,
    /// Where its own webhooks come in, where it sends any.
    pub sink: Option<Sink>,
    /// What it logs in to the providers with: to be seen nowhere.
    pub credentials: Vec<String>,
    /// What succeeded where it should.
    pub controls: Controls,
    /// Names the run, and is part of every reference made in it.
    pub run: String,
    /// What people are cast from.
    pub seed: u64,
    /// Starts begun so far: whoever sees it unchanged was alone.
    pub starts: AtomicU64,
    /// Starts under way.
    pub starting: AtomicUsize,
    /// Who starts when, where a target does not tell what it began.
    pub turns: Turns,
}

/// A scenario's state.
#[derive(Debug)]
pub struct World {
    /// What all share.
    pub shared: Arc<Shared>,
    /// What is played.
    pub item: Arc<Item>,
    /// The step that is played, from 0.
    pub step: usize,
    /// The scenario's own references begin with it.
    pub namespace: String,
    /// Who plays the roles.
    pub cast: Cast,
    /// The agreements, the current one last.
    pub agreements: Vec<Agreement>,
    /// Who was to be added, and was refused.
    pub turned_away: BTreeSet<String>,
    /// The attempts, oldest first.
    pub attempts: Vec<Attempt>,
    /// Everything that was seen of participants.
    pub samples: Vec<Sample>,
    /// What the last operation that may be refused was answered with.
    pub answer: Option<Answer>,
    /// What came of the last notification that the judge sent.
    pub notified: Option<Notified>,
    /// The person named last in a statement about a check.
    pub named: Option<String>,
    /// What the last attempt in a place amounts to, by role.
    pub classes: BTreeMap<String, Class>,
    /// How often somebody else authenticated in a place, by role.
    pub mismatches: BTreeMap<String, u32>,
    /// The switches of providers as they were before the scenario, by provider.
    pub habits: BTreeMap<String, serde_json::Value>,
    /// The provider's keys before it took another one.
    pub(super) former_keys: Vec<super::habits::Key>,
    /// Whose check has failed for good, as the target declares, although nobody else authenticated.
    pub locked: BTreeSet<String>,
    /// The refusals that have to be believed: each needs its control.
    pub needs: Vec<Control>,
    /// What is only worth a warning.
    pub warnings: Vec<String>,
    /// What went out, for later.
    pub outward: Outward,
    /// The exchanges with the target.
    pub wire: Wire,
    /// When the last thing happened that can change an outcome.
    pub event: Instant,
    /// Samples from here on are after it.
    pub since: usize,
    /// The event since when nothing was under way any more: it need not be asked again.
    quiet_since: Cell<Option<Instant>>,
}

/// A participant as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// From the beginning of the scenario.
    pub at: Duration,
    /// Whose place it is.
    pub role: String,
    /// Where the check stands; none when there is no such participant.
    pub status: Option<Status>,
    /// Whether there is a check.
    pub enabled: bool,
    /// Whether there is a signature, where the target tells.
    pub signed: Option<bool>,
    /// Why, in the target's words.
    pub reason: Option<String>,
}

/// What an operation that may be refused was answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was tried.
    pub control: Control,
    /// The target's words, when it refused.
    pub refused: Option<String>,
    /// Whether whoever tried it must be kept out whatever the policy: a foreign actor, or somebody whose identity is not shown.
    pub kept_out: bool,
}

impl World {
    /// The world of a scenario. `place` is the scenario's place in the run.
    #[must_use]
    pub fn new(shared: Arc<Shared>, item: Arc<Item>, place: u64) -> Self {
        let usual = shared.setting.usual_country(&item.provider);
        let cast = Cast::new(&item.roles, shared.seed, place * Cast::MOST, usual);
        Self {
            namespace: format!("{}-{place}", shared.run),
            shared,
            item,
            step: 0,
            cast,
            agreements: Vec::new(),
            turned_away: BTreeSet::new(),
            attempts: Vec::new(),
            samples: Vec::new(),
            answer: None,
            notified: None,
            named: None,
            classes: BTreeMap::new(),
            mismatches: BTreeMap::new(),
            habits: BTreeMap::new(),
            former_keys: Vec::new(),
            locked: BTreeSet::new(),
            needs: Vec::new(),
            warnings: Vec::new(),
            outward: Outward::default(),
            wire: Wire::new(),
            event: Instant::now(),
            since: 0,
            quiet_since: Cell::new(None),
        }
    }

    /// What the target declares.
    #[must_use]
    pub fn setting(&self) -> &Setting {
        &self.shared.setting
    }

    /// Whose check the scenario speaks of: who was named last, else whose place was last tried.
    ///
    /// # Errors
    /// When it speaks of nobody's.
    pub fn spoken_of(&self) -> Result<String, Stop> {
        let tried = self.attempts.last().map(|attempt| attempt.role.clone());
        self.named.clone().or(tried).ok_or_else(|| Stop::Harness("nobody's check was spoken of before".to_owned()))
    }

    /// The person of a role.
    ///
    /// # Errors
    /// When the table does not have it, which the preflight sees.
    pub fn person(&self, role: &str) -> Result<Arc<Person>, Stop> {
        self.cast.person(role).cloned().ok_or_else(|| Stop::Harness(format!("nobody plays `{role}`")))
    }

    /// A person's own browser, or another one of the same person.
    #[must_use]
    pub fn browser(&self, role: &str, other: Option<&str>) -> BrowserId {
        let name = other.map_or_else(|| role.to_owned(), |other| format!("{role}/{other}"));
        BrowserId { namespace: self.namespace.clone(), name }
    }

    /// Asks the target for something.
    ///
    /// # Errors
    /// As the target answers.
    pub async fn call(&self, op: Op, actor: Option<Actor>, browser: Option<BrowserId>) -> Result<Reply, TargetError> {
        let limit = self.setting().timing.limit;
        let call = Call { namespace: self.namespace.clone(), actor, browser, limit, wire: self.wire.clone() };
        self.shared.target.call(&call, op).await
    }

    /// Asks for something that has to succeed, and notes that it did.
    ///
    /// # Errors
    /// When it did not: the target could not be driven.
    pub async fn must(&self, op: Op) -> Result<Reply, Stop> {
        let name = op.name();
        let doing = super::stop::in_words(&format!("{name:?}"));
        let reply = self.call(op, None, None).await.map_err(|e| Stop::of(&doing, &e))?;
        self.succeeded(name, name.principal(), "");
        Ok(reply)
    }

    /// Asks for something that may be refused, and remembers the answer.
    ///
    /// # Errors
    /// When there was no answer.
    pub async fn may(&mut self, op: Op, actor: Option<Actor>) -> Result<Option<Reply>, Stop> {
        let name = op.name();
        let browser = (actor == Some(Actor::Person)).then(|| self.browser("link holder", None));
        let answer = self.call(op, actor, browser).await;
        self.happened();
        let control = Control::new(name, name.principal(), "");
        let foreign = actor.is_some_and(|actor| actor != name.principal());
        match answer {
            Ok(reply) => {
                if !foreign {
                    self.succeeded(name, name.principal(), "");
                }
                self.answer = Some(Answer { control, refused: None, kept_out: foreign });
                Ok(Some(reply))
            }
            Err(error) => {
                let refused = refusal(&error, foreign)
                    .ok_or_else(|| Stop::of(&super::stop::in_words(&format!("{name:?}")), &error))?;
                self.answer = Some(Answer { control, refused: Some(refused), kept_out: foreign });
                Ok(None)
            }
        }
    }

    /// Notes a success, for refusals elsewhere.
    pub fn succeeded(&self, op: OpName, actor: Actor, kind: &'static str) {
        self.shared.controls.succeeded(Control::new(op, actor, kind), &self.item.id);
    }

    /// Remembers that the last thing tried was accepted.
    pub fn accepted(&mut self, op: OpName, kind: &'static str) {
        self.answer = Some(Answer { control: Control::new(op, op.principal(), kind), refused: None, kept_out: false });
    }

    /// Remembers that the last thing tried was refused.
    pub fn refused(&mut self, op: OpName, kind: &'static str, words: String) {
        self.answer =
            Some(Answer { control: Control::new(op, op.principal(), kind), refused: Some(words), kept_out: false });
    }

    /// Whoever tried it last must be kept out, whatever the policy.
    pub fn kept_out(&mut self) {
        if let Some(answer) = &mut self.answer {
            answer.kept_out = true;
        }
    }

    /// Whether the step that is played has the word in it.
    #[must_use]
    pub fn is_said(&self, word: &str) -> bool {
        self.item.steps.get(self.step).is_some_and(|step| step.text.split_whitespace().any(|said| said == word))
    }

    /// Something happened that can change an outcome: looking begins anew.
    pub fn happened(&mut self) {
        self.event = Instant::now();
        self.since = self.samples.len();
    }

    /// Looks at a person's place.
    ///
    /// # Errors
    /// When the target does not tell.
    pub async fn look(&mut self, role: &str) -> Result<Sample, Stop> {
        if !self.seat(role)?.0.made {
            let why = "the target makes agreements at once (setup = \"at-once\"): there is no draft to look at";
            return Err(Stop::NotApplicable(why.to_owned()));
        }
        let place = self.place(role)?;
        let sample = match self.call(Op::GetParticipant(place), None, None).await {
            Ok(Reply::Participant(seen)) => Sample {
                at: self.wire.at(),
                role: role.to_owned(),
                status: Some(seen.enforcement.status),
                enabled: seen.enforcement.enabled,
                signed: seen.signed,
                reason: seen.enforcement.reason,
            },
            Err(TargetError::NotFound { .. }) => Sample {
                at: self.wire.at(),
                role: role.to_owned(),
                status: None,
                enabled: false,
                signed: Some(false),
                reason: None,
            },
            Ok(other) => return Err(Stop::Harness(format!("get_participant was answered with {other:?}"))),
            Err(error) => return Err(Stop::of("get participant", &error)),
        };
        self.samples.push(sample.clone());
        Ok(sample)
    }

    /// Looks until it is good, for as long as the target may take.
    ///
    /// # Errors
    /// When the target does not tell.
    pub async fn look_until(&mut self, role: &str, good: impl Fn(&Sample) -> bool) -> Result<(Sample, bool), Stop> {
        let limit = self.setting().timing.quiet();
        let (seen, is_good) = eventually(limit, async || self.look(role).await, &good).await?;
        if is_good || !self.setting().idle {
            return Ok((seen, is_good));
        }
        // A slow machine is no wrong service: the last word is what is there when nothing is under way.
        self.idle().await?;
        let seen = self.look(role).await?;
        let is_good = good(&seen);
        Ok((seen, is_good))
    }

    /// Waits until the target says that nothing is under way in any agreement of the scenario. What other scenarios have under way, such as
    /// a provider that one of them holds, is not waited for. It is asked once after each thing that happened.
    ///
    /// # Errors
    /// When the target does not tell.
    pub(super) async fn idle(&self) -> Result<(), Stop> {
        if self.quiet_since.get() == Some(self.event) {
            return Ok(());
        }
        for agreement in self.agreements.iter().filter(|agreement| agreement.made) {
            let which = AgreementRef { agreement_ref: agreement.reference.clone() };
            self.call(Op::Idle(which), None, None).await.map_err(|e| Stop::of("idle", &e))?;
        }
        self.quiet_since.set(Some(self.event));
        Ok(())
    }

    /// Looks until it is bad, or the target is idle.
    ///
    /// # Errors
    /// When the target does not tell.
    pub async fn look_throughout(&mut self, role: &str, bad: impl Fn(&Sample) -> bool) -> Result<(Sample, bool), Stop> {
        let seen = self.look(role).await?;
        if bad(&seen) {
            return Ok((seen, true));
        }
        if self.setting().idle {
            self.idle().await?;
            let seen = self.look(role).await?;
            let is_bad = bad(&seen);
            return Ok((seen, is_bad));
        }
        let quiet = self.setting().timing.quiet().saturating_sub(self.event.elapsed());
        throughout(quiet, async || self.look(role).await, bad).await
    }
}

/// The target's words, when it refused. Who may not do it at all is also refused by not finding it, and by there being no door.
pub(super) fn refusal(error: &TargetError, foreign: bool) -> Option<String> {
    match error {
        TargetError::Conflict { message } | TargetError::Rejected { message, .. } => Some(message.clone()),
        TargetError::NotFound { message } if foreign => Some(message.clone()),
        TargetError::Unsupported { .. } if foreign => Some("there is no such door".to_owned()),
        TargetError::Internal { .. }
        | TargetError::NotFound { .. }
        | TargetError::Unavailable { .. }
        | TargetError::Unsupported { .. }
        | TargetError::Wait { .. } => None,
    }
}
