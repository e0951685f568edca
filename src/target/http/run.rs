//! One operation being done: its steps, as whom, and what they leave behind.

use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::condition::Condition;
use super::memory::{Memory, Place};
use super::outcome::{Asked, Meaning, Stop};
use super::pick::Picked;
use super::plan::{ActorPlan, Plan, Step, When};
use super::request::{self, Unfilled};
use super::seen::Seen;
use super::shape::Shape;
use super::{HttpTarget, op_name};
use crate::target::exchange::{Outgoing, label};
use crate::target::jars::JarId;
use crate::target::{Actor, Allowed, BrowserId, Call, Dump, Op, OpName, Reply, TargetError, Welcome};

pub(super) struct Run<'a> {
    pub(super) target: &'a HttpTarget,
    pub(super) memory: &'a Memory,
    pub(super) call: &'a Call,
    pub(super) op: OpName,
    pub(super) args: Value,
    pub(super) place: Place,
    /// What the steps of this operation have captured.
    captured: Map<String, Value>,
    deadline: Instant,
    /// The last answer.
    pub(super) last: Seen,
    /// The body of each answer.
    pub(super) dumps: Vec<Dump>,
}

/// One exchange of a step.
enum Round {
    Answered(Seen),
    /// The actor has to log in again.
    LoginOver,
}

impl<'a> Run<'a> {
    pub(super) fn new(target: &'a HttpTarget, memory: &'a Memory, call: &'a Call, op: OpName, args: Value) -> Self {
        let place = place(&call.namespace, &args);
        let deadline = Instant::now() + call.limit;
        Self {
            target,
            memory,
            call,
            op,
            args,
            place,
            captured: Map::new(),
            deadline,
            last: Seen::default(),
            dumps: Vec::new(),
        }
    }

    pub(super) async fn perform(mut self, plan: &Plan, op: &Op, welcome: Welcome) -> Result<Reply, TargetError> {
        let done = self.steps(plan).await;
        // What was captured before a refusal is needed after it.
        self.memory.keep(&self.place, &self.captured);
        let replied = done.and_then(|()| self.reply(plan, op, welcome));
        match replied {
            Ok(reply) => Ok(reply),
            Err(Stop::Failed(error)) => Err(error),
            Err(Stop::Blocked { message, .. }) if self.op == OpName::AttemptSignature => {
                Ok(Reply::Signature(Allowed::Blocked { reason: Some(message) }))
            }
            Err(Stop::Blocked { message, status }) => Err(TargetError::Rejected { message, status }),
        }
    }

    async fn steps(&mut self, plan: &Plan) -> Result<(), Stop> {
        for (index, step) in plan.steps.iter().enumerate() {
            if step.when.as_ref().is_none_or(|when| self.applies(when)) {
                self.step(step, index).await?;
            }
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step, index: usize) -> Result<(), Stop> {
        let usual = self.op.principal();
        let wanted = step.actor.unwrap_or(usual);
        // Another actor stands in for the one the operation is made for, not for those who only help.
        let actor = if wanted == usual { self.call.actor.unwrap_or(wanted) } else { wanted };
        let nothing = ActorPlan::default();
        let file = self.target.file.clone();
        let plan = match file.actors.get(&actor) {
            Some(plan) => plan,
            None if actor == Actor::Stranger => return Err(Stop::Failed(TargetError::Unsupported { op: self.op })),
            None => &nothing,
        };
        let place = format!("`{}`, step {} ({} {})", op_name(self.op), index + 1, step.method, step.url);
        let began = Instant::now();
        let mut logged_in_again = false;
        loop {
            let login = self.login(actor, plan).await?;
            let over = plan.relogin_on.as_ref().filter(|_| !logged_in_again);
            let seen = match self.round(step, &place, actor, &login, plan.headers.as_ref(), over).await? {
                Round::Answered(seen) => seen,
                Round::LoginOver => {
                    logged_in_again = true;
                    *self.memory.login(&self.who(actor)).lock().await = None;
                    self.target.line.jars.empty(&self.jar(actor));
                    continue;
                }
            };
            if let Some(until) = &step.until
                && !until.condition.holds(&seen)
            {
                if began.elapsed() + until.every > until.within {
                    let period = humantime::format_duration(until.within);
                    let asked = self.asked(step, place, 0);
                    return Err(asked.internal(&format!(
                        "what `until` waits for did not come within {period}: raise `within`, or look at what the target answers instead"
                    )));
                }
                tokio::time::sleep(until.every).await;
                continue;
            }
            let captured = self.capture(step, &place, &seen, &login)?;
            self.captured.extend(captured);
            let name = format!("{} {}", step.method, step.url);
            self.dumps.push(Dump { name, content: seen.text.clone().into_bytes() });
            self.last = seen;
            return Ok(());
        }
    }

    /// What the actor's login captured; it is done first if it was not.
    async fn login(&mut self, actor: Actor, plan: &ActorPlan) -> Result<Map<String, Value>, Stop> {
        let login = self.memory.login(&self.who(actor));
        let mut login = login.lock().await;
        if let Some(captured) = &*login {
            return Ok(captured.clone());
        }
        let mut captured = Map::new();
        for (index, step) in plan.login.iter().enumerate() {
            let place = format!("login of {}, step {} ({} {})", label(actor, None), index + 1, step.method, step.url);
            if let Round::Answered(seen) = self.round(step, &place, actor, &captured, None, None).await? {
                let more = self.capture(step, &place, &seen, &captured)?;
                captured.extend(more);
            }
        }
        *login = Some(captured.clone());
        Ok(captured)
    }

    /// One exchange; where the target asks to wait, as many as it takes.
    async fn round(
        &mut self,
        step: &Step,
        place: &str,
        actor: Actor,
        login: &Map<String, Value>,
        headers: Option<&Shape>,
        over: Option<&Condition>,
    ) -> Result<Round, Stop> {
        let jar = self.jar(actor);
        let unfilled = |error: Unfilled| {
            Stop::Failed(TargetError::Internal { message: self.target.file.masked(&format!("{place}: {error}")) })
        };
        let base = self.target.file.base_url.clone();
        let url = request::address(&base, &step.url, &self.values(login, &[])).map_err(unfilled)?;
        let values = self.values(login, &self.target.line.jars.cookies(&jar, &url));
        let mut filled = request::fill(step, headers, &values).map_err(unfilled)?;
        let mut url = url;
        if let Some(further) = self.further(actor) {
            request::add(&mut url, &mut filled, further);
        }
        let location = step.expect.as_ref().and_then(|expect| expect.location.as_ref());
        let location = location.map(|template| template.text(&values)).transpose();
        let location = location.map_err(|error| unfilled(error.into()))?.flatten();
        let len =
            filled.body.len() + filled.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
        let asked = self.asked(step, place.to_owned(), len + url.as_str().len());
        let outgoing = Outgoing {
            jar: jar.clone(),
            actor: label(actor, self.who(actor).1.as_ref()),
            operation: op_name(self.op),
            method: step.method,
            url,
            headers: filled.headers,
            body: filled.body,
        };
        loop {
            self.memory.pace().await;
            let left = self.deadline.saturating_duration_since(Instant::now());
            // Messages name it.
            let left = Duration::from_millis(u64::try_from(left.as_millis()).unwrap_or(u64::MAX));
            let answer = self.target.line.send(&outgoing, left, &self.call.wire).await;
            let answer = answer.map_err(|error| asked.no_answer(&error))?;
            let seen = Seen::of_answer(&answer, self.target.line.jars.cookies(&jar, &outgoing.url));
            if over.is_some_and(|over| over.holds(&seen)) {
                return Ok(Round::LoginOver);
            }
            match asked.meaning(&seen, location.as_deref()) {
                Meaning::Expected => return Ok(Round::Answered(seen)),
                Meaning::Stop(stop) => return Err(stop),
                Meaning::Wait { after, message } => {
                    // Too short a wait would be a storm.
                    let after = after.max(Duration::from_millis(50));
                    if Instant::now() + after >= self.deadline {
                        return Err(Stop::Failed(TargetError::Wait { message }));
                    }
                    tokio::time::sleep(after).await;
                }
            }
        }
    }

    fn capture(
        &self,
        step: &Step,
        place: &str,
        seen: &Seen,
        login: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Stop> {
        let values = self.values(login, &seen.cookies);
        let asked = self.asked(step, place.to_owned(), 0);
        let mut captured = Map::new();
        for (name, pick) in &step.capture {
            let picked = pick
                .of(seen, &values)
                .map_err(|problem| asked.internal(&self.target.file.masked(&format!("capture `{name}`: {problem}"))))?;
            match picked {
                // An older value of that name would be mistaken for this one.
                Picked::Absent => captured.insert(name.clone(), Value::Null),
                Picked::Ends(word) => match asked.said(word, seen, None) {
                    Meaning::Stop(stop) => return Err(stop),
                    Meaning::Expected => None,
                    Meaning::Wait { message, .. } => return Err(Stop::Failed(TargetError::Wait { message })),
                },
                Picked::Value(value) => captured.insert(name.clone(), value),
            };
        }
        Ok(captured)
    }

    /// Everything that placeholders can mean now.
    pub(super) fn values(&self, login: &Map<String, Value>, cookies: &[(String, String)]) -> Value {
        let mut values = login.clone();
        values.extend(self.memory.values(&self.place));
        values.extend(self.captured.clone());
        values.insert("args".to_owned(), self.args.clone());
        values.insert("cookie".to_owned(), cookies.iter().cloned().map(|(name, value)| (name, json!(value))).collect());
        let secret = self.target.file.events.as_ref().and_then(|events| events.secret());
        values.insert("events".to_owned(), json!({ "secret": secret }));
        if let Some(returned) = self.args.get("return_url").and_then(Value::as_str) {
            let url = url::Url::parse(returned).ok();
            let pairs = url.iter().flat_map(url::Url::query_pairs);
            let query: Map<String, Value> = pairs.map(|(name, value)| (name.into_owned(), json!(value))).collect();
            values.insert("return".to_owned(), json!({ "url": returned, "query": query }));
        }
        Value::Object(values)
    }

    /// What a hostile signer adds to each of the person's requests of a start. A target file need not speak of it.
    fn further(&self, actor: Actor) -> Option<&Map<String, Value>> {
        let is_meant = self.op == OpName::StartAuthentication && actor == Actor::Person;
        self.args.get("extra").and_then(Value::as_object).filter(|further| is_meant && !further.is_empty())
    }

    fn asked<'s>(&'s self, step: &'s Step, place: String, len: usize) -> Asked<'s> {
        Asked { file: &self.target.file, op: self.op, step, place, len }
    }

    fn who(&self, actor: Actor) -> (Actor, Option<BrowserId>) {
        (actor, (actor == Actor::Person).then(|| self.browser()))
    }

    fn jar(&self, actor: Actor) -> JarId {
        match actor {
            Actor::Anonymous | Actor::Provider => JarId::Nobody,
            Actor::Person => JarId::Browser(self.browser()),
            Actor::Sender | Actor::Stranger => JarId::Actor(actor),
        }
    }

    /// The browser of the call; each participant has one where the call names none.
    fn browser(&self) -> BrowserId {
        let name = || self.place.participant.clone().unwrap_or_else(|| "somebody".to_owned());
        let own = || BrowserId { namespace: self.call.namespace.clone(), name: name() };
        self.call.browser.clone().unwrap_or_else(own)
    }

    fn applies(&self, when: &When) -> bool {
        let there = |name: &String| self.values(&Map::new(), &[]).get(name).is_some_and(|value| !value.is_null());
        when.holds(&self.args) && when.capture.as_ref().is_none_or(there)
    }
}

impl When {
    /// Whether the arguments are as they have to be.
    pub(super) fn holds(&self, args: &Value) -> bool {
        let Some(arg) = &self.arg else { return true };
        let path: Vec<String> = arg.split('.').map(str::to_owned).collect();
        let actual = super::template::look(args, &path).filter(|value| !value.is_null());
        match (&self.is, self.exists) {
            (Some(wanted), _) => actual == Some(wanted),
            (None, wanted) => actual.is_some() == wanted.unwrap_or(true),
        }
    }
}

/// What the captures of an operation with these arguments belong to.
fn place(namespace: &str, args: &Value) -> Place {
    let text = |pointer: &str| args.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let agreement =
        text("/agreement_ref").or_else(|| text("/agreement/agreement_ref")).or_else(|| text("/0/agreement_ref"));
    Place { namespace: Some(namespace.to_owned()), agreement, participant: text("/participant_ref") }
}
