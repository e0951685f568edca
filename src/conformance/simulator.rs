//! The simulator, over its control API: the same for one in this process and for one that runs elsewhere.

use std::time::Duration;

use bytes::Bytes;
use hyper::http::{Method, Request};
use serde_json::{Value, json};
use url::Url;

use super::attach::Changed;
use super::notice::Notice;
use crate::dial::Dialer;
use crate::identity::{Country, Person, mask};

/// A client of the control API, in one space.
#[derive(Clone)]
pub struct Simulator {
    dialer: Dialer,
    base: Url,
    token: Option<String>,
    space: String,
    /// What is put back in the end.
    pub(super) changed: Changed,
}

/// Why the simulator did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SimulatorError {
    /// It does not answer.
    #[error("the simulator does not answer: {0}")]
    Gone(String),
    /// Two runs in one space would see each other's sessions.
    #[error(
        "another run uses the space `{space}` of this simulator: wait until it has ended, or give each run credentials of its own; \
         if none is running, one was killed: `curl -X DELETE {remove}`"
    )]
    InUse {
        /// The space.
        space: String,
        /// The address that, deleted, sets it free.
        remove: String,
    },
    /// It refused.
    #[error("the simulator refuses {what}: {problem}")]
    Refused {
        /// What was asked.
        what: String,
        /// Its code, such as `unsayable`.
        code: String,
        /// What it says, masked.
        problem: String,
    },
}

/// A session, as far as the judge looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSeen {
    /// Its id.
    pub id: String,
    /// Its number: later sessions have higher ones.
    pub number: u64,
    /// The provider, in snake_case.
    pub provider: String,
    /// Whether its attempt goes on.
    pub pending: bool,
    /// The relying party's own reference.
    pub reference: Option<String>,
    /// Where the browser goes in the end.
    pub target: Option<String>,
    /// Where its webhooks go.
    pub webhook: Option<String>,
    /// How often the relying party asked after the end.
    pub collected_after_end: u64,
    /// How often it asked at all.
    pub collects: u64,
}

impl Simulator {
    /// A client of the space `default`.
    #[must_use]
    pub fn new(dialer: Dialer, base: Url, token: Option<String>) -> Self {
        Self { dialer, base, token, space: "default".to_owned(), changed: Changed::default() }
    }

    /// The same in another space.
    #[must_use]
    pub fn in_space(self, space: &str) -> Self {
        Self { space: space.to_owned(), ..self }
    }

    /// A person authenticates.
    ///
    /// # Errors
    /// When the simulator does not answer or refuses.
    pub async fn confirm(&self, session: &str, person: &Person) -> Result<(), SimulatorError> {
        self.signal(session, json!({ "signal": "confirmed", "person": bearer(person) })).await
    }

    /// Any other signal: `{"signal": "cancelled"}`.
    ///
    /// # Errors
    /// When the simulator does not answer or refuses.
    pub async fn signal(&self, session: &str, signal: Value) -> Result<(), SimulatorError> {
        self.call(Method::POST, &format!("sessions/{session}/signal"), Some(signal)).await.map(|_| ())
    }

    /// Lays something wrong on purpose over a session; occurrences count from now, for the target may have asked already.
    ///
    /// # Errors
    /// When the simulator does not answer or refuses: `unsayable`.
    pub async fn overlay(&self, session: &str, mut overlay: Value) -> Result<(), SimulatorError> {
        // What nobody sends is lost anyway.
        let loses = overlay["delivery"]["lost"] == true;
        let is_moot = loses && self.session(session).await?.webhook.is_none();
        if let Value::Object(members) = &mut overlay {
            if is_moot {
                members.remove("delivery");
            }
            if members.is_empty() {
                return Ok(());
            }
            members.insert("from_now".to_owned(), Value::Bool(true));
        }
        self.call(Method::POST, &format!("sessions/{session}/arm"), Some(overlay)).await.map(|_| ())
    }

    /// Arms something for a session to come.
    ///
    /// # Errors
    /// When the simulator does not answer or refuses.
    pub async fn arm(&self, armed: Value) -> Result<(), SimulatorError> {
        self.call(Method::POST, &format!("spaces/{}/arm", self.space), Some(armed)).await.map(|_| ())
    }

    /// Makes a session older.
    ///
    /// # Errors
    /// When the simulator does not answer or refuses.
    pub async fn age(&self, session: &str, by: Duration) -> Result<(), SimulatorError> {
        let by = json!({ "by": humantime::format_duration(by).to_string() });
        self.call(Method::POST, &format!("sessions/{session}/advance"), Some(by)).await.map(|_| ())
    }

    /// Lets answers go that a fault holds or delays.
    ///
    /// # Errors
    /// When the simulator does not answer or refuses.
    pub async fn release(&self, session: &str) -> Result<(), SimulatorError> {
        self.call(Method::POST, &format!("sessions/{session}/release"), None).await.map(|_| ())
    }

    /// How a session stands.
    ///
    /// # Errors
    /// When the simulator does not answer or does not know it.
    pub async fn session(&self, id: &str) -> Result<SessionSeen, SimulatorError> {
        let found = self.call(Method::GET, &format!("sessions/{id}"), None).await?;
        Ok(seen(&found["session"]))
    }

    /// The sessions with a higher number, oldest first.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn sessions_after(&self, number: u64) -> Result<Vec<SessionSeen>, SimulatorError> {
        let path = format!("spaces/{}/sessions?after={number}&limit=1000", self.space);
        let list = self.call(Method::GET, &path, None).await?;
        Ok(list["sessions"].as_array().into_iter().flatten().map(seen).collect())
    }

    /// The number of the newest session of the space.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn newest(&self) -> Result<u64, SimulatorError> {
        let space = self.call(Method::GET, &format!("spaces/{}", self.space), None).await?;
        Ok(space["newest_session"].as_u64().unwrap_or_default())
    }

    /// What happened in a session, masked, each entry with its operation, status, request and answer.
    ///
    /// # Errors
    /// When the simulator does not answer or does not know it.
    pub async fn journal(&self, session: &str) -> Result<Vec<Value>, SimulatorError> {
        let part = self.call(Method::GET, &format!("sessions/{session}/journal?limit=1000"), None).await?;
        Ok(part["entries"].as_array().cloned().unwrap_or_default())
    }

    /// What was noticed about a session: kind and text.
    ///
    /// # Errors
    /// When the simulator does not answer or does not know it.
    pub async fn findings(&self, session: &str) -> Result<Vec<(String, String)>, SimulatorError> {
        let list = self.call(Method::GET, &format!("sessions/{session}/findings"), None).await?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(list["findings"].as_array().into_iter().flatten().map(|f| (text(&f["kind"]), text(&f["text"]))).collect())
    }

    /// A session's webhooks.
    ///
    /// # Errors
    /// When the simulator does not answer or does not know it.
    pub async fn deliveries(&self, session: &str) -> Result<Vec<Value>, SimulatorError> {
        let list = self.call(Method::GET, &format!("sessions/{session}/deliveries"), None).await?;
        Ok(list["deliveries"].as_array().cloned().unwrap_or_default())
    }

    /// A webhook that the provider would send, as the wish says: the body of `POST …/notice`. None where it sends none.
    ///
    /// # Errors
    /// When the simulator does not answer, does not know the session, or refuses the wish.
    pub(super) async fn notice(&self, session: &str, wish: Value) -> Result<Option<Notice>, SimulatorError> {
        let written = self.call(Method::POST, &format!("sessions/{session}/notice"), Some(wish)).await?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let headers = written["headers"].as_object().into_iter().flatten();
        Ok(written["body"].as_str().map(|body| Notice {
            url: written["url"].as_str().map(str::to_owned),
            headers: headers.map(|(name, value)| (name.clone(), text(value))).collect(),
            body: body.to_owned(),
        }))
    }

    /// What the relying party would fetch if a session stood as the wish says.
    ///
    /// # Errors
    /// When the simulator does not answer, does not know the session, or refuses the wish.
    pub(super) async fn answer(&self, session: &str, wish: Value) -> Result<String, SimulatorError> {
        let written = self.call(Method::POST, &format!("sessions/{session}/notice"), Some(wish)).await?;
        Ok(written["answer"].as_str().unwrap_or_default().to_owned())
    }

    /// The switches of a provider in the space.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub(super) async fn settings(&self, provider: &str) -> Result<Value, SimulatorError> {
        let found = self.call(Method::GET, &format!("spaces/{}/settings", self.space), None).await?;
        Ok(found["settings"][provider].clone())
    }

    /// Changes switches of a provider in the space.
    ///
    /// # Errors
    /// When the simulator does not answer, or has no such switch.
    pub(super) async fn change_settings(&self, provider: &str, change: Value) -> Result<(), SimulatorError> {
        let change = json!({ "settings": { provider: change } });
        self.call(Method::PATCH, &format!("spaces/{}/settings", self.space), Some(change)).await.map(|_| ())
    }

    /// The name of somebody whom nobody has met yet.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub(super) async fn fresh(&self, country: Country) -> Result<String, SimulatorError> {
        let made =
            self.call(Method::POST, "persons/fresh", Some(json!({ "country": country.code(), "count": 1 }))).await?;
        Ok(made["persons"][0]["name"].as_str().unwrap_or_default().to_owned())
    }

    /// What it is reached with.
    pub(super) const fn dialer(&self) -> &Dialer {
        &self.dialer
    }

    /// Requests to the space that belong to no session, a masked line each. At most a thousand.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub async fn strays(&self) -> Result<Vec<String>, SimulatorError> {
        let (mut strays, mut after) = (Vec::new(), 0);
        loop {
            let path = format!("spaces/{}/journal?what=stray&after={after}&limit=1000", self.space);
            let part = self.call(Method::GET, &path, None).await?;
            let entries = part["entries"].as_array().into_iter().flatten();
            let found = entries.filter(|entry| entry["what"] == "stray");
            strays.extend(found.map(|entry| mask(entry["text"].as_str().unwrap_or_default()).into_owned()));
            let next = part["next_after"].as_u64().unwrap_or(after);
            if next <= after || strays.len() >= MOST_STRAYS {
                strays.truncate(MOST_STRAYS);
                return Ok(strays);
            }
            after = next;
        }
    }

    /// How many requests of an operation the space has seen after an entry of its journal.
    ///
    /// # Errors
    /// When the simulator does not answer.
    pub(super) async fn exchanges_after(&self, mut after: u64, operation: &str) -> Result<u64, SimulatorError> {
        let mut count = 0;
        loop {
            let path = format!("spaces/{}/journal?after={after}&limit=1000", self.space);
            let part = self.call(Method::GET, &path, None).await?;
            let entries = part["entries"].as_array().into_iter().flatten();
            count += entries.filter(|entry| entry["operation"] == operation).map(|_| 1).sum::<u64>();
            let next = part["next_after"].as_u64().unwrap_or(after);
            if next <= after {
                return Ok(count);
            }
            after = next;
        }
    }

    pub(super) fn enter(&mut self, space: &str) {
        space.clone_into(&mut self.space);
    }

    pub(super) fn space(&self) -> &str {
        &self.space
    }

    pub(super) fn address(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    pub(super) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, SimulatorError> {
        let url = format!("{}/_motpart/v1/{path}", self.address());
        let mut request = Request::builder().method(method).uri(url);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let request = request.header("content-type", "application/json").body(Bytes::from(body));
        let request = request.map_err(|e| SimulatorError::Gone(e.to_string()))?;
        let answer =
            self.dialer.send(request, LIMIT, LARGEST).await.map_err(|e| SimulatorError::Gone(e.to_string()))?;
        let said: Value =
            if answer.body.is_empty() { Value::Null } else { serde_json::from_slice(&answer.body).unwrap_or_default() };
        if answer.status < 300 {
            return Ok(said);
        }
        let error = &said["error"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Err(SimulatorError::Refused {
            what: path.split('?').next().unwrap_or_default().to_owned(),
            code: text(&error["code"]),
            problem: mask(&text(&error["message"])).into_owned(),
        })
    }
}

/// Without the token.
impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulator")
            .field("base", &self.base.as_str())
            .field("space", &self.space)
            .finish_non_exhaustive()
    }
}

/// A person, as the simulator is told who authenticates.
pub(super) fn bearer(person: &Person) -> Value {
    json!({
        "country": person.number.country().code(),
        "number": person.number.expose(),
        // Under the name that the sender configures: a service may compare it as well.
        "given_name": person.given,
        "surname": person.family,
    })
}

fn seen(session: &Value) -> SessionSeen {
    let text = |key: &str| session[key].as_str().map(str::to_owned);
    let count = |key: &str| session[key].as_u64().unwrap_or_default();
    SessionSeen {
        id: text("id").unwrap_or_default(),
        number: count("number"),
        provider: text("provider").unwrap_or_default(),
        pending: session["phase"]["state"] == "pending",
        reference: text("reference"),
        target: text("target"),
        webhook: text("webhook"),
        collected_after_end: count("collected_after_end"),
        collects: count("collects"),
    }
}

/// Ageing waits for deliveries of up to five seconds each.
const LIMIT: Duration = Duration::from_secs(30);
/// A report is no journal.
const MOST_STRAYS: usize = 1_000;
/// Bytes of an answer: journals are long.
const LARGEST: usize = 16 << 20;
