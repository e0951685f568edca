//! Referees for signed identities and webhooks of the gateway, in other languages and with other people's libraries: PyJWT and jose.
//!
//! They are given what a relying party is given: the certificates that were handed over, and what came over the wire. Both accept what is
//! honest and refuse each forgery for its own reason. `.ci/run` installs them below `target/referees`; without them the test says so and
//! ends, unless `MOTPART_REFEREES=required`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Request;
use motpart::dial::{DialOptions, Dialer};
use motpart::script::{JwsArtefact, JwsTampering, SignedIdentityTampering, Tampering, WebhookTampering};
use motpart::{Motpart, Options};
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

const TOKEN: &str = "00000000-e2a2-4968-b651-5352305c9fb0";
const SECRET: &str = "test-webhook-key";
/// Anna's, in the register.
const NUMBER: &str = "198501012382";

#[tokio::test]
async fn two_libraries_accept_what_is_honest_and_refuse_each_forgery_for_its_reason() {
    let Some(referees) = referees() else { return };
    let world = World::start().await;
    let mut cases = vec![world.result("honest", None).await, world.webhook("honest webhook", None).await];
    let mut expected = BTreeMap::from([("honest".to_owned(), "ok"), ("honest webhook".to_owned(), "ok")]);
    for how in Tampering::all() {
        let reason = if let Tampering::Jws(JwsArtefact::SignedIdentity, how) = how {
            seal(how)
        } else if let Tampering::SignedIdentity(how) = how {
            claims(how)
        } else if let Tampering::Webhook(how) = how {
            webhook(how)
        } else {
            continue;
        };
        let name = how.to_string();
        cases.push(if how.of() == "webhook" {
            world.webhook(&name, Some(how)).await
        } else {
            world.result(&name, Some(how)).await
        });
        expected.insert(name, reason);
    }
    world.rotate(&mut cases, &mut expected).await;
    let given = json!({ "pins": world.pins().await, "cases": cases });
    for (name, mut referee) in referees {
        let told = judge(&mut referee, &given);
        let told: BTreeMap<String, &str> =
            told.iter().map(|(case, reason)| (case.clone(), reason.as_str().unwrap())).collect();
        for (case, reason) in &told {
            println!("{name}: {case}: {reason}");
        }
        assert_eq!(told, expected, "{name}");
    }
}

const fn seal(how: JwsTampering) -> &'static str {
    match how {
        JwsTampering::AlgorithmHs256Certificate
        | JwsTampering::AlgorithmHs256Der
        | JwsTampering::AlgorithmHs256Jwk
        | JwsTampering::AlgorithmHs256Pem
        | JwsTampering::AlgorithmMissing
        | JwsTampering::AlgorithmNone
        | JwsTampering::AlgorithmNoneCapitalised
        | JwsTampering::AlgorithmNoneMixed
        | JwsTampering::AlgorithmNoneUpper => "the algorithm",
        JwsTampering::Base64urlBad | JwsTampering::Padded => "not base64url",
        JwsTampering::CritUnknown | JwsTampering::PayloadUnencoded => "a critical extension",
        JwsTampering::HeaderDuplicateKeys => "a key stands twice",
        JwsTampering::Huge => "too large",
        JwsTampering::KeyExpired => "an expired certificate",
        JwsTampering::KeyRotatedOut => "a withdrawn key",
        JwsTampering::KeyUnknown => "an unknown key",
        JwsTampering::SegmentsFour | JwsTampering::SegmentsTwo => "not three parts",
        JwsTampering::EmbeddedJku
        | JwsTampering::EmbeddedJwk
        | JwsTampering::EmbeddedX5c
        | JwsTampering::EmbeddedX5u
        | JwsTampering::ForeignKey
        | JwsTampering::PayloadAltered
        | JwsTampering::SignatureMissing
        | JwsTampering::SignatureReplaced
        | JwsTampering::SignatureTruncated => "the signature",
    }
}

const fn claims(how: SignedIdentityTampering) -> &'static str {
    match how {
        SignedIdentityTampering::Absent => "no token",
        SignedIdentityTampering::CountrySwapped => "another country's",
        SignedIdentityTampering::DuplicateKeys => "a key stands twice",
        SignedIdentityTampering::FromTheFuture => "from the future",
        SignedIdentityTampering::LevelTooLow => "the level",
        SignedIdentityTampering::NumberAsUserInfo
        | SignedIdentityTampering::NumberEmpty
        | SignedIdentityTampering::NumberFromRequest
        | SignedIdentityTampering::NumberInPersonId
        | SignedIdentityTampering::NumberMissing => "without a number",
        SignedIdentityTampering::OtherSession => "another session's",
        SignedIdentityTampering::OuterPersonSwapped | SignedIdentityTampering::OuterStatusRejected => {
            "the neighbours differ"
        }
        SignedIdentityTampering::PersonSwapped => "another person's",
        // A moment in seconds, read as milliseconds, lies in 1970.
        SignedIdentityTampering::Stale | SignedIdentityTampering::TimestampInSeconds => "too old",
        SignedIdentityTampering::StatusMissing | SignedIdentityTampering::StatusRejected => "not approved",
    }
}

const fn webhook(how: WebhookTampering) -> &'static str {
    match how {
        WebhookTampering::Altered
        | WebhookTampering::DuplicateKeys
        | WebhookTampering::EmptyKey
        | WebhookTampering::PersonSwapped
        | WebhookTampering::Reserialised
        | WebhookTampering::SignatureForeignKey
        | WebhookTampering::SignatureTruncated => "the signature",
        WebhookTampering::OtherScheme | WebhookTampering::SignatureEmpty => "another scheme",
        // What only the content can tell.
        WebhookTampering::OtherSession | WebhookTampering::RelaystateSwapped => "ok",
        WebhookTampering::SignatureMissing => "no signature",
        WebhookTampering::TimestampFuture => "from the future",
        WebhookTampering::TimestampStale => "too old",
    }
}

/// The referees that are installed; none, where that is allowed.
fn referees() -> Option<Vec<(&'static str, Command)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let installed = root.join("target/referees");
    let python = installed.join("venv/bin/python");
    let jose = installed.join("node_modules/jose");
    if !python.exists() || !jose.exists() {
        let required = std::env::var("MOTPART_REFEREES").is_ok_and(|wish| wish == "required");
        assert!(!required, "the referees are not installed: .ci/run does it");
        eprintln!("skipped: no referees below {}", installed.display());
        return None;
    }
    // Node looks for packages beside the script.
    let script: PathBuf = installed.join("verify.mjs");
    std::fs::copy(root.join("tests/tokens/verify.mjs"), &script).unwrap();
    let mut pyjwt = Command::new(python);
    pyjwt.arg(root.join("tests/tokens/verify.py"));
    let mut node = Command::new("node");
    node.arg(script);
    Some(vec![("PyJWT", pyjwt), ("jose", node)])
}

fn judge(referee: &mut Command, given: &Value) -> serde_json::Map<String, Value> {
    let mut child = referee.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(given.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the referee broke");
    serde_json::from_slice(&output.stdout).unwrap()
}

struct World {
    motpart: Motpart,
    dialer: Dialer,
    party: MockServer,
}

impl World {
    async fn start() -> Self {
        let party = MockServer::start().await;
        let motpart = Motpart::start(Options { seed: Some("tokens".into()), ..Options::default() }).await.unwrap();
        let world = Self { motpart, dialer: Dialer::new(&DialOptions::default()).unwrap(), party };
        let settings = json!({ "settings": { "zignsec_gateway": {
            "outer_status": "always", "webhook_events": "final", "webhook_signatures": "own-last",
        } } });
        world.ask("PATCH", "_motpart/v1/spaces/default/settings", &settings).await;
        world
    }

    /// What a relying party has after one approved session.
    async fn result(&self, name: &str, how: Option<Tampering>) -> Value {
        let (id, auth_ref) = self.approved(how).await;
        let told = self.ask("GET", &format!("core/api/sessions/{id}"), &Value::Null).await;
        json!({ "name": name, "outer": told["data"], "authRef": auth_ref, "number": NUMBER, "now": now() })
    }

    /// What its receiver is sent.
    async fn webhook(&self, name: &str, how: Option<Tampering>) -> Value {
        self.party.reset().await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&self.party).await;
        let (id, _) = self.approved(how).await;
        self.ask("POST", &format!("_motpart/v1/sessions/{id}/advance"), &json!({ "by": "0s" })).await;
        let request = self.party.received_requests().await.unwrap().pop().unwrap();
        let seal = request.headers.get("x-zignsec-hmac-sha256").map(|value| value.to_str().unwrap().to_owned());
        let body = String::from_utf8(request.body).unwrap();
        json!({ "name": name, "seal": seal, "body": body, "secret": SECRET, "now": now() })
    }

    /// A key follows, is offered beside the old one, and stays alone; and one whose certificate has expired.
    async fn rotate(&self, cases: &mut Vec<Value>, expected: &mut BTreeMap<String, &'static str>) {
        let space = "_motpart/v1/spaces/default";
        self.ask("POST", &format!("{space}/keys/rotate"), &json!({ "overlap": "90d" })).await;
        cases.push(self.result("after a rotation", None).await);
        expected.insert("after a rotation".into(), "ok");
        self.ask("POST", &format!("{space}/advance"), &json!({ "by": "91d" })).await;
        cases.push(self.result("after the overlap", None).await);
        expected.insert("after the overlap".into(), "ok");
        self.ask("POST", &format!("{space}/keys/expire"), &json!({})).await;
        cases.push(self.result("after the certificate expired", None).await);
        expected.insert("after the certificate expired".into(), "an expired certificate");
    }

    /// Everything that was ever handed over, with what it is worth before the rotations.
    async fn pins(&self) -> Value {
        let rings = self.ask("GET", "_motpart/v1/spaces/default/keys", &Value::Null).await;
        let ring =
            rings["rings"].as_array().unwrap().iter().find(|ring| ring["purpose"] == "zignsec_gateway signed-identity");
        let mut keys = ring.unwrap()["keys"].clone();
        // A relying party that judges late still knows which key was in service when the token came.
        for key in keys.as_array_mut().unwrap() {
            if key["state"] == "withdrawn" && key["signs_until"] != key["signs_from"] {
                key["state"] = json!("retiring");
            }
        }
        keys
    }

    async fn approved(&self, how: Option<Tampering>) -> (String, String) {
        let body = json!({
            "metadata": {
                "attributes_to_return": ["BASIC_USER_INFO", "SSN", "REGISTRATION_LEVEL"],
                "min_registration_level": "EXTENDED",
                "user_info": { "country": "SE", "ssn": NUMBER },
            },
            "relay_state": "case-1",
            "webhook": self.party.uri(),
        });
        let started = self.ask("POST", "core/api/sessions/identity_verification/freja_id_ssn", &body).await;
        let id = started["data"]["id"].as_str().unwrap().to_owned();
        if let Some(how) = how {
            let forgery = json!({ "forgery": { "of": how.of(), "how": how.how() } });
            self.ask("POST", &format!("_motpart/v1/sessions/{id}/arm"), &forgery).await;
        }
        self.ask("POST", &format!("_motpart/v1/sessions/{id}/signal"), &json!({ "signal": "confirmed" })).await;
        (id, started["data"]["result"]["authRef"].as_str().unwrap().to_owned())
    }

    async fn ask(&self, verb: &str, path: &str, body: &Value) -> Value {
        let url = self.motpart.base_url().join(path).unwrap();
        let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let request = Request::builder().method(verb).uri(url.as_str()).header("content-type", "application/json");
        let request = request.header("authorization", TOKEN).body(body).unwrap();
        let answer = self.dialer.send(request, Duration::from_secs(10), 8 << 20).await.unwrap();
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}
