//! What the target file says about operations, read and checked: steps, actors, results.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::condition::Condition;
use super::pick::Pick;
use super::shape::Shape;
use super::template::Template;
use super::words::{Path, Period, Statuses};
use crate::target::Actor;

/// How one operation is done.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// There is nothing to do.
    pub(crate) is_none: bool,
    pub(crate) steps: Vec<Step>,
    pub(crate) result: Results,
}

/// One request, perhaps repeated.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "WrittenStep")]
#[schemars(with = "WrittenStep")]
pub(crate) struct Step {
    pub(crate) actor: Option<Actor>,
    pub(crate) method: Verb,
    pub(crate) url: Template,
    pub(crate) content: Content,
    pub(crate) headers: Option<Shape>,
    pub(crate) capture: BTreeMap<String, Pick>,
    pub(crate) expect: Option<Expect>,
    pub(crate) until: Option<Until>,
    pub(crate) when: Option<When>,
}

/// An HTTP method.
pub(crate) type Verb = &'static str;

/// What is sent.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Form(Shape),
    Json(Shape),
    Nothing,
    Text(Template),
}

/// What a step's answer has to be. Without it: any status 200 to 299.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    /// One of these statuses; 200 to 299 without it.
    pub(crate) status: Option<Statuses>,
    /// The header `Location`: the whole address, or its path.
    pub(crate) location: Option<Template>,
}

/// The request is repeated until the condition holds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "WrittenUntil")]
#[schemars(with = "WrittenUntil")]
pub(crate) struct Until {
    pub(crate) condition: Condition,
    pub(crate) every: Duration,
    pub(crate) within: Duration,
}

/// The step is done only when everything that this names holds.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct When {
    /// An argument of the operation, such as `country`; with `is` or `exists`.
    pub(crate) arg: Option<String>,
    /// It has this value.
    #[schemars(with = "Option<serde_json::Value>")]
    pub(crate) is: Option<Value>,
    /// It is there, or with false it is not.
    pub(crate) exists: Option<bool>,
    /// This capture has a value.
    pub(crate) capture: Option<String>,
}

/// As whom requests are made.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ActorPlan {
    /// What to do before the first request; once in a run, for the person once in each browser.
    pub(crate) login: Vec<Step>,
    /// Headers of every request after the login.
    pub(crate) headers: Option<Shape>,
    /// The answer that says that the login is over: then it is done again, and the request too.
    pub(crate) relogin_on: Option<Condition>,
}

/// Where the parts of a result are. What an operation does not say itself is taken from the `[result]` of the file.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Results {
    /// Of operations that answer with a participant, and of each element of `participants`.
    pub(crate) participant: Option<ParticipantResult>,
    /// Of operations that make or show an agreement.
    pub(crate) agreement: Option<AgreementResult>,
    /// Of operations that make several participants.
    pub(crate) participants: Option<ListResult>,
    /// Of `list_events`.
    pub(crate) events: Option<EventsResult>,
    /// Of operations that begin an authentication, or a signature that needs one.
    pub(crate) authentication: Option<AuthenticationResult>,
    /// Of `attempt_signature`: true when it was made; without it, an answer as expected means so.
    pub(crate) signed: Option<Pick>,
}

/// A participant.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ParticipantResult {
    /// Where the participant is in the answer: the other paths begin there. Elements of `participants` are participants themselves.
    pub(crate) at: Option<Path>,
    /// The target's id.
    pub(crate) id: Pick,
    /// Where the check stands: `none`, `pending`, `passed` or `failed`, with `map` for other words.
    pub(crate) enforcement: Pick,
    /// Whether there is a check; without it, whether it stands anywhere but at `none`.
    pub(crate) enabled: Option<Pick>,
    /// The target's word for how it is enforced.
    pub(crate) method: Option<Pick>,
    /// The target's word for why it stands there.
    pub(crate) reason: Option<Pick>,
    /// The target's own word for the participant's state.
    pub(crate) status: Option<Pick>,
    /// Whether there is a signature.
    pub(crate) signed: Option<Pick>,
    /// Where the person signs.
    pub(crate) sign_link: Option<Pick>,
    /// The ways to sign that are offered.
    pub(crate) methods: Option<Pick>,
}

/// An agreement.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreementResult {
    /// The target's id.
    pub(crate) id: Pick,
    /// The target's own word for its state.
    pub(crate) status: Option<Pick>,
    /// Whether everything is signed and sealed.
    pub(crate) fulfilled: Option<Pick>,
    /// How many participants it has: a number, or the list of them.
    pub(crate) participants: Option<Pick>,
}

/// Several participants in one answer, in the order asked for unless `match` says otherwise.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListResult {
    /// All of them.
    pub(crate) list: Path,
    /// Captures from each, for later operations on that participant.
    #[serde(default)]
    pub(crate) capture: BTreeMap<String, Pick>,
    /// How to tell them apart.
    #[serde(rename = "match")]
    pub(crate) matching: Option<Matching>,
}

/// The element whose value at `path` is the argument `arg` of a participant is that participant.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Matching {
    /// In the element.
    pub(crate) path: Path,
    /// Such as `email`.
    pub(crate) arg: String,
}

/// Events.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventsResult {
    /// All of them, oldest first.
    pub(crate) list: Path,
    /// In each: what happened. With `map` to `passed`, `failed`, `fulfilled`; other words stay.
    pub(crate) name: Pick,
    /// In each: its id.
    pub(crate) id: Option<Pick>,
    /// In each: the target's id of the participant.
    pub(crate) participant: Option<Pick>,
    /// In each: the target's id of the agreement.
    pub(crate) agreement: Option<Pick>,
    /// In each: when.
    pub(crate) at: Option<Pick>,
    /// In each: who did it.
    pub(crate) actor: Option<Pick>,
}

/// An authentication that has begun.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AuthenticationResult {
    /// The target's id of the attempt.
    pub(crate) auth_ref: Option<Pick>,
    /// Where the browser goes now.
    pub(crate) redirect_url: Option<Pick>,
    /// The provider's session, where the target tells it.
    pub(crate) provider_session: Option<Pick>,
}

/// One request: exactly one of `get`, `post`, `put`, `patch` and `delete`, with its address or the path behind `base_url`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Step")]
pub(crate) struct WrittenStep {
    /// As whom; without it, as who usually does the operation.
    #[serde(rename = "as")]
    #[schemars(with = "Option<String>")]
    actor: Option<Actor>,
    /// The address.
    get: Option<Template>,
    /// The address.
    post: Option<Template>,
    /// The address.
    put: Option<Template>,
    /// The address.
    patch: Option<Template>,
    /// The address.
    delete: Option<Template>,
    /// A body of JSON.
    json: Option<Shape>,
    /// A body as browsers send forms.
    form: Option<Shape>,
    /// A body of text.
    body: Option<Template>,
    /// Further headers.
    headers: Option<Shape>,
    /// What later steps and operations need, by name.
    #[serde(default)]
    capture: BTreeMap<String, Pick>,
    /// What the answer has to be.
    expect: Option<Expect>,
    /// Repeat until.
    until: Option<Until>,
    /// Only when.
    when: Option<When>,
}

/// Repeat the request until `path` is as told by one of `in`, `exists` and `ge`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Until")]
pub(crate) struct WrittenUntil {
    /// A place in the JSON.
    path: Path,
    /// One of the values there is one of these.
    #[serde(rename = "in")]
    #[schemars(with = "Option<Vec<serde_json::Value>>")]
    is_in: Option<Vec<Value>>,
    /// There is something other than null.
    exists: Option<bool>,
    /// There is a number at least as large.
    ge: Option<f64>,
    /// How long between two requests; 250 ms without it.
    every: Option<Period>,
    /// How long at most; 10 s without it.
    within: Option<Period>,
}

impl Step {
    /// The placeholders in everything that is sent.
    pub(crate) fn templates(&self) -> Vec<&Template> {
        let mut found = vec![&self.url];
        match &self.content {
            Content::Form(shape) | Content::Json(shape) => shape.templates(&mut found),
            Content::Nothing => {}
            Content::Text(template) => found.push(template),
        }
        if let Some(headers) = &self.headers {
            headers.templates(&mut found);
        }
        found.extend(self.expect.as_ref().and_then(|expect| expect.location.as_ref()));
        found
    }
}

impl Results {
    /// Everything in it that picks a value.
    pub(crate) fn picks(&self) -> Vec<&Pick> {
        let mut picks: Vec<&Pick> = self.signed.iter().collect();
        if let Some(p) = &self.participant {
            picks.extend([&p.id, &p.enforcement]);
            picks.extend(
                [&p.enabled, &p.method, &p.reason, &p.status, &p.signed, &p.sign_link, &p.methods]
                    .into_iter()
                    .flatten(),
            );
        }
        if let Some(a) = &self.agreement {
            picks.push(&a.id);
            picks.extend([&a.status, &a.fulfilled, &a.participants].into_iter().flatten());
        }
        picks.extend(self.participants.iter().flat_map(|list| list.capture.values()));
        if let Some(e) = &self.events {
            picks.push(&e.name);
            picks.extend([&e.id, &e.participant, &e.agreement, &e.at, &e.actor].into_iter().flatten());
        }
        if let Some(a) = &self.authentication {
            picks.extend([&a.auth_ref, &a.redirect_url, &a.provider_session].into_iter().flatten());
        }
        picks
    }
}

impl TryFrom<WrittenStep> for Step {
    type Error = &'static str;

    fn try_from(written: WrittenStep) -> Result<Self, &'static str> {
        let verbs = [
            ("GET", written.get),
            ("POST", written.post),
            ("PUT", written.put),
            ("PATCH", written.patch),
            ("DELETE", written.delete),
        ];
        let mut verbs = verbs.into_iter().filter_map(|(method, url)| Some((method, url?)));
        let (Some((method, url)), None) = (verbs.next(), verbs.next()) else {
            return Err("expected exactly one of `get`, `post`, `put`, `patch` and `delete`");
        };
        let content = match (written.json, written.form, written.body) {
            (Some(json), None, None) => Content::Json(json),
            (None, Some(form), None) => Content::Form(form),
            (None, None, Some(text)) => Content::Text(text),
            (None, None, None) => Content::Nothing,
            (Some(_), _, _) | (None, Some(_), Some(_)) => {
                return Err("expected one of `json`, `form` and `body`, not several");
            }
        };
        if let Some(when) = &written.when {
            let tests = usize::from(when.is.is_some()) + usize::from(when.exists.is_some());
            if tests != usize::from(when.arg.is_some()) {
                return Err("`arg` of `when` needs exactly one of `is` and `exists`");
            }
            if when.arg.is_none() && when.capture.is_none() {
                return Err("`when` needs `arg` or `capture`");
            }
        }
        let WrittenStep { actor, headers, capture, expect, until, when, .. } = written;
        Ok(Self { actor, method, url, content, headers, capture, expect, until, when })
    }
}

impl TryFrom<WrittenUntil> for Until {
    type Error = &'static str;

    fn try_from(written: WrittenUntil) -> Result<Self, &'static str> {
        let condition = Condition::of_json(Some(written.path), written.is_in, written.exists, written.ge)?;
        let period = |written: Option<Period>, usual| written.map_or(usual, |Period(period)| period);
        Ok(Self {
            condition,
            every: period(written.every, Duration::from_millis(250)),
            within: period(written.within, Duration::from_secs(10)),
        })
    }
}
