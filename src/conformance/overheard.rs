//! What the simulator heard from the target about a session, read from its journal. The journal is masked: a number is a row of asterisks.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::simulator::{Simulator, SimulatorError};

mod unsealed;

pub(super) use unsealed::Unsealed;

/// What was said in one session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Overheard {
    /// The starts.
    pub(super) starts: Vec<Start>,
    /// When the target asked for the result.
    pub(super) collects: Vec<Timestamp>,
    /// How often a key was fetched from an address that holds the session.
    pub(super) keys_fetched: usize,
    /// Whether the target took one of its webhooks.
    pub(super) webhook_taken: bool,
    /// What was in the requests that came encrypted.
    pub(super) unsealed: Vec<Unsealed>,
    /// How the target asked for the result and for completion: operation, host, and what it brought along.
    pub(super) asked: Vec<Asked>,
}

/// A request of the target about a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// `collect`, `complete`, `token` and so on.
    pub(super) operation: String,
    /// Under which name the provider was called.
    pub(super) host: String,
    /// Whether it brought a cookie.
    pub(super) cookie: bool,
    /// Whether it wanted JSON.
    pub(super) json: bool,
}

/// How a session was started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Start {
    /// Whether a number was in it, anywhere.
    pub(super) holds_number: bool,
    /// The members of its body, inner ones too, by name in lower case; of lists the items with commas.
    pub(super) members: BTreeMap<String, String>,
}

impl Overheard {
    /// Reads the journal of a session.
    ///
    /// # Errors
    /// When the simulator does not answer or does not know it.
    pub(super) async fn of(simulator: &Simulator, session: &str) -> Result<Self, SimulatorError> {
        Ok(Self::read(&simulator.journal(session).await?))
    }

    fn read(entries: &[Value]) -> Self {
        let mut heard = Self::default();
        for entry in entries {
            heard.asked.extend(Asked::read(entry));
            match (entry["what"].as_str(), entry["operation"].as_str()) {
                (Some("exchange"), Some("start")) => heard.starts.push(Start::read(entry)),
                (Some("exchange"), Some("collect")) => {
                    heard.collects.extend(entry["at"].as_str().and_then(|at| at.parse::<Timestamp>().ok()));
                }
                (Some("exchange"), Some("jwks")) => heard.keys_fetched += 1,
                (Some("delivered"), _) => heard.webhook_taken = true,
                (Some("unsealed"), _) => {
                    let text = entry["text"].as_str().unwrap_or_default();
                    heard.unsealed.extend(Unsealed::read(text));
                    // What it said is the start, not what it was wrapped in.
                    heard.starts.push(Start::said(text));
                }
                (Some(_) | None, _) => {}
            }
        }
        heard
    }

    /// The most collects within any second.
    pub(super) fn most_a_second(&self) -> usize {
        let within = |from: &Timestamp| {
            let second = self.collects.iter().filter(|at| *at >= from && at.duration_since(*from).as_millis() < 1_000);
            second.count()
        };
        self.collects.iter().map(within).max().unwrap_or_default()
    }
}

impl Asked {
    fn read(entry: &Value) -> Option<Self> {
        let operation = entry["operation"].as_str().filter(|_| entry["what"] == "exchange")?.to_owned();
        let head = entry["request"].as_str().unwrap_or_default().split("\n\n").next().unwrap_or_default();
        let header = |name: &str| {
            let lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.into_iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        };
        Some(Self {
            operation,
            host: header("host").unwrap_or_default().to_owned(),
            cookie: header("cookie").is_some(),
            json: header("accept").is_some_and(|accept| accept.contains("application/json")),
        })
    }
}

impl Start {
    fn said(text: &str) -> Self {
        let read: Value = serde_json::from_str(text).unwrap_or_default();
        let request = &read["request"];
        Self { holds_number: text.contains(MASKED), members: members(&request.to_string()) }
    }

    fn read(entry: &Value) -> Self {
        let request = entry["request"].as_str().unwrap_or_default();
        // Headers, an empty line, the body.
        let body = request.split_once("\n\n").map_or("", |(_, body)| body);
        let line = entry["text"].as_str().unwrap_or_default();
        let holds_number = [line, body].iter().any(|text| text.contains(MASKED));
        Self { holds_number, members: members(body) }
    }

    /// What it asks for that nobody needs who wants to know who somebody is.
    pub(super) fn needless(&self) -> Option<String> {
        let said = |name: &str| self.members.get(name).map(String::as_str).filter(|value| !value.is_empty());
        if said("lookuppersonaddress").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Some("the person's address (`lookupPersonAddress`)".to_owned());
        }
        if let Some(check) = said("pep_check").filter(|value| !value.eq_ignore_ascii_case("false")) {
            return Some(format!("a check of political exposure (`PEP_Check={check}`)"));
        }
        let attributes = said("attributes_to_return").unwrap_or_default();
        if let Some(attribute) = attributes.split(',').find(|one| NEEDLESS_ATTRIBUTES.contains(one)) {
            return Some(format!("more than who it is (`attributes_to_return` has `{attribute}`)"));
        }
        let scope = said("scope").unwrap_or_default();
        let further = scope.split([' ', '+', ',']).find(|word| !NEEDED_SCOPES.contains(word));
        further.map(|word| format!("more than the number (`Scope` has `{word}`)"))
    }
}

fn members(body: &str) -> BTreeMap<String, String> {
    if let Ok(Value::Object(members)) = serde_json::from_str(body) {
        let mut found = BTreeMap::new();
        collect(members, &mut found);
        return found;
    }
    let pairs = url::form_urlencoded::parse(body.as_bytes());
    pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned())).collect()
}

fn collect(members: serde_json::Map<String, Value>, found: &mut BTreeMap<String, String>) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    for (name, value) in members {
        let said = match value {
            Value::Object(inner) => {
                collect(inner, found);
                continue;
            }
            Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
            one @ (Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_)) => text(&one),
        };
        found.insert(name.to_ascii_lowercase(), said);
    }
}

/// Attributes of Freja that tell more about a person than who it is.
const NEEDLESS_ATTRIBUTES: [&str; 4] = ["ADDRESSES", "ALL_EMAIL_ADDRESSES", "ALL_PHONE_NUMBERS", "PHOTO"];
/// The number, the name, and what signing takes: "the scope must contain signicat.sign", in the documents beside `openid` and `profile`.
const NEEDED_SCOPES: [&str; 6] = ["", "nnin", "openid", "profile", "signicat.national_id", "signicat.sign"];
/// The shortest number has ten digits.
const MASKED: &str = "**********";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn start(body: &str) -> Value {
        let request = format!("authorization: ****\ncontent-type: application/x-www-form-urlencoded\n\n{body}");
        json!({ "what": "exchange", "operation": "start", "text": "POST /v2/eid/sbid → 200", "request": request })
    }

    #[test]
    fn a_number_in_a_start_is_heard_and_a_credential_is_none() {
        let heard = Overheard::read(&[start("target=x&personalnumber=************"), start("target=x")]);
        let numbers: Vec<_> = heard.starts.iter().map(|start| start.holds_number).collect();
        assert_eq!(numbers, [true, false]);
    }

    #[test]
    fn a_key_that_was_fetched_is_heard() {
        let fetched = json!({ "what": "exchange", "operation": "jwks" });
        assert_eq!(Overheard::read(&[start("target=x"), fetched]).keys_fetched, 1);
    }

    #[test]
    fn what_came_encrypted_is_heard_as_well() {
        let text = json!({ "header": { "alg": "RSA-OAEP" }, "key": "1", "vector": "2", "request":
            { "scope": "openid address", "login_hint": ["subject-************"] } });
        let heard = Overheard::read(&[json!({ "what": "unsealed", "text": text.to_string() })]);
        assert!(heard.starts[0].holds_number && heard.starts[0].needless().unwrap().contains("`address`"));
        assert_eq!(heard.unsealed[0].text("scope"), Some("openid address"));
    }

    #[test]
    fn what_a_request_brings_along_is_heard() {
        let request = "host: 127.0.0.1:80\ncookie: ****\naccept: text/html\n\n";
        let heard = Overheard::read(&[json!({ "what": "exchange", "operation": "complete", "request": request })]);
        let host = "127.0.0.1:80".to_owned();
        assert_eq!(heard.asked, [Asked { operation: "complete".to_owned(), host, cookie: true, json: false }]);
    }

    #[test]
    fn what_nobody_needs_is_named() {
        let needless = |body: &str| Overheard::read(&[start(body)]).starts[0].needless();
        assert_eq!(needless("Scope=nnin&lookupPersonAddress=false"), None);
        assert_eq!(needless(r#"{"Scope":"openid nnin"}"#), None);
        assert!(needless("Scope=nnin+address").unwrap().contains("`address`"));
        assert!(needless(r#"{"lookupPersonAddress":true}"#).unwrap().contains("address"));
        let asks = |attributes| format!(r#"{{"metadata":{{"attributes_to_return":[{attributes}]}}}}"#);
        assert_eq!(needless(&asks(r#""BASIC_USER_INFO","SSN""#)), None);
        assert!(needless(&asks(r#""SSN","PHOTO""#)).unwrap().contains("`PHOTO`"));
        assert!(needless("PEP_Check=Simple").unwrap().contains("PEP_Check"));
    }

    #[test]
    fn the_busiest_second_slides() {
        let collect = |at: &str| json!({ "what": "exchange", "operation": "collect", "at": at });
        let at = ["00.800", "01.100", "01.700", "01.799", "01.800", "03.000"];
        let entries: Vec<_> = at.iter().map(|at| collect(&format!("2026-01-02T03:04:{at}Z"))).collect();
        assert_eq!(Overheard::read(&entries).most_a_second(), 4);
    }
}
