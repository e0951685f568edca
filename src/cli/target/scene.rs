//! What the doctor plays: the right person, then a wrong one.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use motpart::dial::Dialer;
use motpart::target::HttpTarget;
use motpart::target::{
    AddParticipant, AgreementRef, BrowserId, Call, Case, Connections, CreateAgreement, Hello, Op, Page, ParticipantRef,
    Reply, Reset, Return, Setup, StartAuthentication, Status, Target, TargetFile, Wire,
};
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use crate::cli::Failure;

/// Somebody of the register, with a test number.
pub(super) struct Somebody {
    name: String,
    full_name: String,
    number: String,
}

/// What is wrong, in words.
#[derive(Debug)]
pub(super) struct Found(String);

pub(super) struct Scene<'a> {
    pub(super) target: &'a HttpTarget,
    pub(super) file: &'a TargetFile,
    /// The right person and the wrong one.
    pub(super) people: &'a [Somebody; 2],
    pub(super) wire: &'a Wire,
}

impl Scene<'_> {
    /// Plays both, and says what was seen.
    pub(super) async fn play(&self, connections: Connections) -> Result<String, Found> {
        let run = format!("doctor-{}", random());
        let hello = Hello { protocol: 1, run: run.clone(), connections, sink: None };
        self.done("hello", &self.call(&run), Op::Hello(hello)).await?;
        let [anna, bengt] = self.people;
        let right = self.scenario(&format!("{run}-right"), anna, anna, Status::Passed).await?;
        let wrong = self.scenario(&format!("{run}-wrong"), anna, bengt, Status::Failed).await?;
        self.done("shutdown", &self.call(&run), Op::Shutdown).await?;
        Ok(format!("{right}\n{wrong}\nthe target file drives the target\n"))
    }

    async fn scenario(
        &self,
        namespace: &str,
        bound: &Somebody,
        comes: &Somebody,
        wanted: Status,
    ) -> Result<String, Found> {
        let call = self.call(namespace);
        let agreement_ref = namespace.to_owned();
        let whom = ParticipantRef { agreement_ref: agreement_ref.clone(), participant_ref: "signer".to_owned() };
        self.done("reset", &call, Op::Reset(Reset { namespace: namespace.to_owned() })).await?;
        self.set_up(&call, &agreement_ref, bound).await?;
        let before = self.status(&call, &whom).await?;
        if before != Status::Pending {
            return Err(Found(format!(
                "after set-up the check is {before:?}, expected Pending: does `result.participant` read the right place, and is the number sent?"
            )));
        }
        let provider = self.file.provider_order.first().cloned().unwrap_or_default();
        let start = StartAuthentication {
            participant: whom.clone(),
            provider,
            method: None,
            hint: None,
            phone: None,
            extra: BTreeMap::new(),
        };
        let reply = self.done("start_authentication", &call, Op::StartAuthentication(start)).await?;
        let Reply::Started(started) = reply else {
            return Err(Found(format!(
                "`start_authentication` gave {reply:?}, expected an authentication: it needs steps"
            )));
        };
        let redirect = started.redirect_url.ok_or_else(|| {
            Found("`start_authentication` told no address for the browser: say in `[result.authentication]` where `redirect_url` is".to_owned())
        })?;
        let page = self.authenticate(&call, &redirect, comes).await?;
        if self.file.declares(motpart::target::OpName::ResumeAuthentication) {
            let auth_ref = started.auth_ref;
            let back = Return { participant: whom.clone(), auth_ref, return_url: page.url.to_string() };
            self.done("resume_authentication", &call, Op::ResumeAuthentication(back)).await?;
        }
        let after = self.settled(&call, &whom, wanted).await?;
        if after == wanted {
            return Ok(format!("{} came where {} was wanted: {after:?}, as it should be", comes.name, bound.name));
        }
        let scripts = if page.has_scripts && after == Status::Pending {
            ". The browser ended on a page with scripts, which are not run: if the page calls the service, add steps to `[op.resume_authentication]`"
        } else {
            ""
        };
        let cookies: String = page.unsent_cookies.iter().map(|cookie| format!(". Besides, {cookie}")).collect();
        Err(Found(format!(
            "{} came where {} was wanted: the check is {after:?}, expected {wanted:?}; the browser ended at {} with {}. Does the service use this \
             simulator, and does the `map` of `result.participant.enforcement` know its words{scripts}{cookies}?",
            comes.name, bound.name, page.url, page.status
        )))
    }

    async fn set_up(&self, call: &Call, agreement_ref: &str, bound: &Somebody) -> Result<(), Found> {
        let create = CreateAgreement { agreement_ref: agreement_ref.to_owned(), trust_level: None };
        let participant = AddParticipant {
            agreement_ref: agreement_ref.to_owned(),
            participant_ref: "signer".to_owned(),
            role: "signer".to_owned(),
            name: bound.full_name.clone(),
            email: format!("signer.{agreement_ref}@example.test"),
            personal_number: Some(Value::from(bound.number.as_str())),
            country: "SE".to_owned(),
            extra: std::collections::BTreeMap::new(),
        };
        if self.file.declares(motpart::target::OpName::PreparePerson) {
            self.done("prepare_person", call, Op::PreparePerson(participant.clone())).await?;
        }
        match self.file.setup {
            Setup::AtOnce => {
                let case = Case { agreement: create, participants: vec![participant], activate: true };
                self.done("create_case", call, Op::CreateCase(case)).await?;
            }
            Setup::Stepwise => {
                let agreement = AgreementRef { agreement_ref: agreement_ref.to_owned() };
                self.done("create_agreement", call, Op::CreateAgreement(create)).await?;
                self.done("add_participant", call, Op::AddParticipant(participant)).await?;
                self.done("activate_agreement", call, Op::ActivateAgreement(agreement)).await?;
            }
        }
        Ok(())
    }

    /// The person, at the provider's page: confirms, and is led back.
    async fn authenticate(&self, call: &Call, redirect: &str, who: &Somebody) -> Result<Page, Found> {
        let mut url =
            Url::parse(redirect).map_err(|e| Found(format!("`{redirect}` is no address for a browser: {e}")))?;
        url.query_pairs_mut().append_pair("as", &who.name).append_pair("then", "confirm");
        let browser = BrowserId { namespace: call.namespace.clone(), name: "person".to_owned() };
        let page = self.target.agent().open(&browser, url.as_str(), self.wire).await;
        let page = page.map_err(|error| Found(format!("the browser did not come back from the provider: {error}")))?;
        if page.hops.len() < 2 {
            return Err(Found(format!(
                "the provider's page answered {} and led nowhere: is {url} a page of this simulator, and did the service give it a target?",
                page.status
            )));
        }
        Ok(page)
    }

    /// Where the check stands when it is as wanted, or when nothing more will come.
    async fn settled(&self, call: &Call, whom: &ParticipantRef, wanted: Status) -> Result<Status, Found> {
        let timing = &self.file.timing;
        let deadline = Instant::now() + timing.settle + timing.poll + timing.poll;
        loop {
            let status = self.status(call, whom).await?;
            if status == wanted || Instant::now() >= deadline {
                return Ok(status);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn status(&self, call: &Call, whom: &ParticipantRef) -> Result<Status, Found> {
        let reply = self.done("get_participant", call, Op::GetParticipant(whom.clone())).await?;
        let Reply::Participant(participant) = reply else {
            return Err(Found(format!("`get_participant` gave {reply:?}, expected a participant: it needs steps")));
        };
        Ok(participant.enforcement.status)
    }

    async fn done(&self, what: &str, call: &Call, op: Op) -> Result<Reply, Found> {
        self.target.call(call, op).await.map_err(|error| Found::new(&format!("`{what}` did not work"), &error))
    }

    fn call(&self, namespace: &str) -> Call {
        let browser = BrowserId { namespace: namespace.to_owned(), name: "person".to_owned() };
        Call {
            namespace: namespace.to_owned(),
            actor: None,
            browser: Some(browser),
            limit: self.file.timing.op_limit,
            wire: self.wire.clone(),
        }
    }
}

/// The first two Swedes of the simulator's register for whom no script of their own plays.
pub(super) async fn people(
    dialer: &Dialer,
    connections: &Connections,
    token: Option<&str>,
) -> Result<[Somebody; 2], Found> {
    let at = connections.get("MOTPART_CONTROL_URL").map(String::as_str).unwrap_or_default();
    let url = format!("{}/_motpart/v1/persons?country=SE", at.trim_end_matches('/'));
    let mut request = http::Request::get(&url);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = request.body(Bytes::new()).map_err(|e| Found(format!("--simulator: {e}")))?;
    let answer = dialer.send(request, Duration::from_secs(5), 4 * 1024 * 1024).await;
    let answer = answer.map_err(|e| Found(format!("the simulator's control API: {e}")))?;
    if answer.status != 200 {
        return Err(Found(format!(
            "the simulator's control API answered {} for {url}: is --control-token right?",
            answer.status
        )));
    }
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |person: &Value, name: &str| person.get(name).and_then(Value::as_str).map(str::to_owned);
    let ordinary = body.get("persons").and_then(Value::as_array).into_iter().flatten();
    let mut people = ordinary.filter(|person| person.get("script").is_none_or(Value::is_null)).filter_map(|person| {
        let (name, full_name, number) = (text(person, "name")?, text(person, "full_name")?, text(person, "number")?);
        Some(Somebody { name, full_name, number })
    });
    match (people.next(), people.next()) {
        (Some(one), Some(other)) => Ok([one, other]),
        (None | Some(_), _) => Err(Found("the simulator's register has fewer than two ordinary Swedes".to_owned())),
    }
}

impl Found {
    pub(super) fn new(what: &str, error: &dyn fmt::Display) -> Self {
        Self(format!("{what}: {error}"))
    }

    #[expect(clippy::needless_pass_by_value, reason = "it turns one error into another")]
    pub(super) fn not_ready(failure: Failure) -> Self {
        Self(failure.to_string())
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "to mend: {}", self.0)
    }
}

/// Data of yesterday's run must not matter.
fn random() -> String {
    let mut bytes = [0; 4];
    // Without randomness every run has the same name, which a fresh target does not mind.
    let _ = getrandom::fill(&mut bytes);
    hex::encode(bytes)
}
