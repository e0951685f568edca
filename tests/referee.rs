//! A referee for forgeries, who shares no code with the simulator: it accepts what is honest and refuses each forgery for its own reason.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use motpart::dial::{DialOptions, Dialer};
use motpart::script::{IdentityTampering, Tampering, WebhookTampering};
use motpart::{Motpart, Options};
use serde::Deserialize;
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

const TOKEN: &str = "00000000-e2a2-4968-b651-5352305c9fb0";
/// Anna's, in the register.
const NUMBER: &str = "198501012382";

#[tokio::test]
async fn every_forged_result_is_refused_for_its_reason_however_it_comes() {
    let world = World::start().await;
    for how in [None].into_iter().chain(Tampering::all().filter_map(Tampering::identity).map(Some)) {
        let person = if how == Some(IdentityTampering::NameOfRequested) { "bengt" } else { "anna" };
        let told = world.play(how.map(Tampering::Identity), person).await;
        let expected = how.map_or(Ok(()), |how| reason(how).map_or(Ok(()), Err));
        assert_eq!(result(&told.result, &told.id), expected, "{how:?}: fetched");
        assert_eq!(signature(&told), Ok(()), "{how:?}: a forged identity is signed with the right key");
        assert_eq!(result(&told.webhook, &told.id), expected, "{how:?}: told");
        let identity = &serde_json::from_slice::<Value>(&told.result).unwrap()["identity"];
        let keys = ["IdProviderPersonId", "CustomerPersonId"].map(|key| identity[key].as_str().unwrap_or_default());
        let repeats = match how {
            Some(IdentityTampering::NumberInPersonId) => [NUMBER, NUMBER],
            Some(IdentityTampering::NumberFromRequest) => ["", NUMBER],
            Some(_) | None => ["", ""],
        };
        assert_eq!(keys, repeats, "{how:?}");
    }
}

#[tokio::test]
async fn every_forged_webhook_is_refused_for_its_reason() {
    let world = World::start().await;
    for how in Tampering::all() {
        let Tampering::Webhook(how) = how else { continue };
        let unsayable = match how {
            WebhookTampering::RelaystateSwapped => Some("carry no relaystate"),
            WebhookTampering::TimestampFuture | WebhookTampering::TimestampStale => Some("carries no moment"),
            WebhookTampering::Altered
            | WebhookTampering::DuplicateKeys
            | WebhookTampering::EmptyKey
            | WebhookTampering::OtherScheme
            | WebhookTampering::OtherSession
            | WebhookTampering::PersonSwapped
            | WebhookTampering::Reserialised
            | WebhookTampering::SignatureEmpty
            | WebhookTampering::SignatureForeignKey
            | WebhookTampering::SignatureMissing
            | WebhookTampering::SignatureTruncated => None,
        };
        if let Some(why) = unsayable {
            let forgery = json!({ "forgery": { "of": "webhook", "how": how.to_string() } });
            let address = format!("_motpart/v1/sessions/{}/arm", world.start_session().await);
            let (status, body) = world.send("POST", &address, &forgery).await;
            assert!(status == 422 && body.contains(why), "{body}");
            continue;
        }
        let told = world.play(Some(Tampering::Webhook(how)), "anna").await;
        assert_eq!(result(&told.result, &told.id), Ok(()), "{how:?}: the result stays honest");
        let expected = match how {
            WebhookTampering::Altered
            | WebhookTampering::DuplicateKeys
            | WebhookTampering::EmptyKey
            | WebhookTampering::PersonSwapped
            | WebhookTampering::Reserialised
            | WebhookTampering::SignatureForeignKey => Err("the signature is another one"),
            WebhookTampering::SignatureEmpty => Err("the signature is empty"),
            WebhookTampering::SignatureMissing => Err("no signature"),
            WebhookTampering::OtherScheme | WebhookTampering::SignatureTruncated => Err("the signature is no digest"),
            // What only the content can tell.
            WebhookTampering::OtherSession
            | WebhookTampering::RelaystateSwapped
            | WebhookTampering::TimestampFuture
            | WebhookTampering::TimestampStale => Ok(()),
        };
        assert_eq!(signature(&told), expected, "{how:?}");
        let content = match how {
            WebhookTampering::Altered | WebhookTampering::PersonSwapped => Err("another person's"),
            WebhookTampering::DuplicateKeys => Err("a key stands twice"),
            WebhookTampering::OtherSession => Err("another session's"),
            WebhookTampering::EmptyKey
            | WebhookTampering::OtherScheme
            | WebhookTampering::RelaystateSwapped
            | WebhookTampering::Reserialised
            | WebhookTampering::SignatureEmpty
            | WebhookTampering::SignatureForeignKey
            | WebhookTampering::SignatureMissing
            | WebhookTampering::SignatureTruncated
            | WebhookTampering::TimestampFuture
            | WebhookTampering::TimestampStale => Ok(()),
        };
        assert_eq!(result(&told.webhook, &told.id), content, "{how:?}");
        let is_empty_key = told.signature.as_deref() == Some(&*hmac(b"", &told.webhook));
        assert_eq!(is_empty_key, how == WebhookTampering::EmptyKey, "{how:?}");
    }
}

#[tokio::test]
async fn the_first_result_or_all_but_the_first_are_somebody_elses() {
    let world = World::start().await;
    let wrong = Err("another person's");
    for (occurrence, expected) in [("1", [wrong, Ok(()), Ok(())]), ("2..", [Ok(()), wrong, wrong])] {
        let id = world.start_session().await;
        // Asked while it is pending: that is no result, and does not count.
        world.fetch(&id).await;
        let forgery = json!({ "of": "identity", "how": "person-swapped", "occurrence": occurrence });
        world.control(&format!("sessions/{id}/arm"), &json!({ "forgery": forgery })).await;
        world.control(&format!("sessions/{id}/signal"), &json!({ "signal": "confirmed", "person": "anna" })).await;
        for expected in expected {
            assert_eq!(result(&world.fetch(&id).await, &id), expected, "{occurrence}");
        }
    }
}

/// Why a careful reader refuses it; `None` for what it must believe.
const fn reason(how: IdentityTampering) -> Option<&'static str> {
    Some(match how {
        IdentityTampering::CountrySwapped => "another country's",
        IdentityTampering::ErrorBesideIdentity => "an error stands beside it",
        IdentityTampering::FinishedWithoutIdentity => "nobody's",
        IdentityTampering::MethodSwapped => "another method's",
        IdentityTampering::NameOfRequested | IdentityTampering::PersonSwapped => "another person's",
        IdentityTampering::NumberAsArray => "a value is of another type",
        IdentityTampering::NumberDuplicated => "a key stands twice",
        IdentityTampering::NumberEmpty
        | IdentityTampering::NumberFromRequest
        | IdentityTampering::NumberInPersonId
        | IdentityTampering::NumberMissing => "without a number",
        IdentityTampering::NumberHyphenated => "the number is spelt 8-4",
        IdentityTampering::NumberPadded => "the number has blanks",
        IdentityTampering::NumberTenDigits => "the number is spelt 6-4",
        IdentityTampering::OtherId => "another session's",
        IdentityTampering::PendingBesideIdentity => "pending",
        IdentityTampering::RegisterOfSomeoneElse => "the register tells somebody else",
        IdentityTampering::Stale => "of another day",
        IdentityTampering::StateUnknown => "the state is unknown",
    })
}

/// Reads a result as strictly as the documents allow, for Anna at `sbid`.
fn result(body: &[u8], id: &str) -> Result<(), &'static str> {
    let told: Told = serde_json::from_slice(body).map_err(|error| {
        let is_double = error.to_string().contains("duplicate field");
        if is_double { "a key stands twice" } else { "a value is of another type" }
    })?;
    let refuse = |refused: bool, reason| if refused { Err(reason) } else { Ok(()) };
    refuse(told.id != id, "another session's")?;
    refuse(!told.errors.is_empty(), "an error stands beside it")?;
    match told.result.map(|outcome| outcome.identity.state).as_deref() {
        None | Some("FINISHED") => {}
        Some("PENDING") => return Err("pending"),
        Some(_) => return Err("the state is unknown"),
    }
    let identity = told.identity.ok_or("nobody's")?;
    refuse(identity.country != "SE", "another country's")?;
    refuse(told.method != "sbid" || identity.provider != "BankIDSE", "another method's")?;
    let number = identity.number.filter(|number| !number.is_empty()).ok_or("without a number")?;
    refuse(number == format!(" {NUMBER} "), "the number has blanks")?;
    refuse(number == "19850101-2382", "the number is spelt 8-4")?;
    refuse(number == "850101-2382", "the number is spelt 6-4")?;
    refuse(number != NUMBER, "another person's")?;
    refuse(told.register.number != number, "the register tells somebody else")?;
    let at: jiff::Timestamp = identity.date.parse().map_err(|_| "without a date")?;
    refuse(jiff::Timestamp::now().duration_since(at) > jiff::SignedDuration::from_hours(1), "of another day")
}

#[derive(Deserialize)]
struct Told {
    id: String,
    errors: Vec<Value>,
    result: Option<Outcome>,
    identity: Option<Identity>,
    #[serde(rename = "LookupPersonAddress", default)]
    register: Register,
    method: String,
}

#[derive(Deserialize)]
struct Outcome {
    identity: State,
}

#[derive(Deserialize)]
struct State {
    state: String,
}

#[derive(Deserialize)]
struct Identity {
    #[serde(rename = "CountryCode")]
    country: String,
    #[serde(rename = "PersonalNumber")]
    number: Option<String>,
    #[serde(rename = "IdProviderName")]
    provider: String,
    #[serde(rename = "IdentificationDate")]
    date: String,
}

#[derive(Default, Deserialize)]
struct Register {
    #[serde(rename = "PersonalNumber")]
    number: String,
}

/// Whether a webhook is signed by who holds the token.
fn signature(told: &Session) -> Result<(), &'static str> {
    let given = told.signature.as_deref().ok_or("no signature")?;
    match given {
        "" => Err("the signature is empty"),
        digest if digest.len() != 64 || hex::decode(digest).is_err() => Err("the signature is no digest"),
        digest if digest == hmac(TOKEN.as_bytes(), &told.webhook) => Ok(()),
        _ => Err("the signature is another one"),
    }
}

/// HMAC-SHA256 as RFC 2104 writes it, over OpenSSL's digest.
fn hmac(key: &[u8], bytes: &[u8]) -> String {
    assert!(key.len() <= 64, "a longer key would have to be digested first");
    let padded = |pad: u8| -> Vec<u8> { (0..64).map(|n| key.get(n).copied().unwrap_or_default() ^ pad).collect() };
    let inner = openssl::sha::sha256(&[&padded(0x36), bytes].concat());
    hex::encode(openssl::sha::sha256(&[&padded(0x5c), &inner[..]].concat()))
}

/// What one session told.
struct Session {
    id: String,
    result: Vec<u8>,
    webhook: Vec<u8>,
    signature: Option<String>,
}

struct World {
    motpart: Motpart,
    dialer: Dialer,
    party: MockServer,
}

impl World {
    async fn start() -> Self {
        let party = MockServer::start().await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&party).await;
        let options = Options { seed: Some("referee".into()), ..Options::default() };
        let motpart = Motpart::start(options).await.unwrap();
        Self { motpart, dialer: Dialer::new(&DialOptions::default()).unwrap(), party }
    }

    /// One session with a forgery: its result and its webhook, as they went over the wire.
    async fn play(&self, how: Option<Tampering>, person: &str) -> Session {
        let id = self.start_session().await;
        if let Some(how) = how {
            let forgery = json!({ "forgery": { "of": how.of(), "how": how.how() } });
            self.control(&format!("sessions/{id}/arm"), &forgery).await;
        }
        self.control(&format!("sessions/{id}/signal"), &json!({ "signal": "confirmed", "person": person })).await;
        self.control(&format!("sessions/{id}/advance"), &json!({ "by": "0s" })).await;
        let request = self.party.received_requests().await.unwrap().pop().unwrap();
        self.party.reset().await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&self.party).await;
        let signature = request.headers.get("x-zignsec-hmac-sha256").map(|value| value.to_str().unwrap().to_owned());
        Session { result: self.fetch(&id).await, id, webhook: request.body, signature }
    }

    async fn start_session(&self) -> String {
        let fields = json!({ "personalnumber": NUMBER, "webhook": self.party.uri(), "lookupPersonAddress": true });
        let (_, body) = self.send("POST", "v2/eid/sbid", &fields).await;
        serde_json::from_str::<Value>(&body).unwrap()["id"].as_str().unwrap().to_owned()
    }

    async fn fetch(&self, id: &str) -> Vec<u8> {
        self.send("GET", &format!("v2/eid/{id}"), &Value::Null).await.1.into_bytes()
    }

    async fn control(&self, path: &str, body: &Value) {
        let (status, answer) = self.send("POST", &format!("_motpart/v1/{path}"), body).await;
        assert_eq!(status, 200, "{path}: {answer}");
    }

    async fn send(&self, verb: &str, path: &str, body: &Value) -> (u16, String) {
        let url = self.motpart.base_url().join(path).unwrap();
        let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let request = Request::builder().method(verb).uri(url.as_str()).header("content-type", "application/json");
        let request = request.header("authorization", TOKEN).body(body).unwrap();
        let answer = self.dialer.send(request, Duration::from_secs(10), 1 << 20).await.unwrap();
        (answer.status, String::from_utf8(answer.body.to_vec()).unwrap())
    }
}
