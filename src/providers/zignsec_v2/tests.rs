//! The provider over HTTP, without sockets: what each field does, what each error looks like, what a session says on its way.

mod anything;
mod errands;
mod result;
mod samples;
mod set_up;
mod switches;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use url::Url;

use super::settings::Settings;
use super::{DOCUMENTED_TOKEN, V2Sessions, ZignsecV2, account, api, hosted};
use crate::dial::{Answer, DialOptions, Dialer};
use crate::identity::{Checks, Country, NationalNumber, Person};
use crate::script::{
    Becomes, Forgery, IdentityTampering, Millis, Occurrence, Reason, Script, SignalName, Step, Tampering, Trigger,
    WebhookTampering, Who,
};
use crate::simulation::programme::{Criteria, Overlay};
use crate::simulation::witness::witnessed;
use crate::simulation::{
    Bounds, Clock, Commons, Control, DEFAULT, NoteKind, Provider, Said, SessionId, Sessions, Space, Timestamp,
};

pub(super) struct World {
    pub(super) commons: Arc<Commons>,
    pub(super) sessions: V2Sessions,
    router: Router,
}

impl World {
    pub(super) fn new() -> Self {
        // 2026-11-22T02:00:00.123Z.
        let clock = Clock::manual(Timestamp(1_795_312_800_123));
        let public_url = Url::parse("http://localhost:8480/").unwrap();
        let commons = Arc::new(Commons::new(
            "seed",
            clock,
            Bounds::default(),
            Dialer::new(&DialOptions::default()).unwrap(),
            public_url,
        ));
        for (name, token) in [(DEFAULT, DOCUMENTED_TOKEN), ("other", OTHER_TOKEN)] {
            let credentials = BTreeMap::from([((ZignsecV2::NAME, "token"), token.to_owned())]);
            commons.spaces.add(Space::new(name, credentials, 1 << 20), &[(ZignsecV2::NAME, "token")]).unwrap();
        }
        let sessions = Arc::new(Sessions::<ZignsecV2>::new(commons.clone(), 0));
        let routes = api::routes(&sessions).merge(account::routes(&sessions));
        let router = witnessed(commons.clone(), routes);
        Self { commons, sessions, router }
    }

    pub(super) async fn send<T: AsRef<[u8]>>(
        &self,
        verb: &str,
        path: &str,
        headers: &[(&str, T)],
        body: &[u8],
    ) -> (StatusCode, HeaderMap, Bytes) {
        let mut request = Request::builder().method(verb).uri(path);
        for (name, value) in headers {
            request = request.header(*name, value.as_ref());
        }
        let request = request.body(Body::from(body.to_vec())).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap())
    }

    async fn json(&self, verb: &str, path: &str, kind: &str, body: &str) -> (StatusCode, Value) {
        let headers = [("authorization", DOCUMENTED_TOKEN), ("content-type", kind)];
        let (status, _, body) = self.send(verb, path, &headers, body.as_bytes()).await;
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// Sets up with JSON; the answer.
    async fn set_up(&self, selector: &str, fields: Value) -> Value {
        let (status, body) = self.json("POST", &format!("/v2/eid/{selector}"), JSON, &fields.to_string()).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    /// Sets up with JSON; the id.
    async fn start(&self, selector: &str, fields: Value) -> SessionId {
        let body = self.set_up(selector, fields).await;
        body["id"].as_str().unwrap_or_else(|| panic!("no id in {body}")).parse().unwrap()
    }

    async fn code(&self, selector: &str, fields: Value) -> Value {
        self.set_up(selector, fields).await["errors"][0]["code"].clone()
    }

    async fn result(&self, id: SessionId) -> Value {
        self.json("GET", &format!("/v2/eid/{id}"), JSON, "").await.1
    }

    fn person(&self, name: &str) -> Arc<Person> {
        self.commons.persons().by_name(name).unwrap().clone()
    }

    fn confirm(&self, id: SessionId, person: Option<Arc<Person>>) {
        self.sessions.signal(id, &Said { person, ..Said::plain(SignalName::Confirmed) }).unwrap();
    }

    fn fail(&self, id: SessionId, reason: Reason) {
        self.sessions.signal(id, &Said { reason: Some(reason), ..Said::plain(SignalName::Failed) }).unwrap();
    }

    fn switch(&self, change: &Value) {
        Control::change_settings(&*self.sessions, &self.commons.spaces.default_space(), change).unwrap();
    }

    fn forge(&self, how: Tampering) {
        let forgeries = vec![Forgery { how, occurrence: Occurrence::ALL }];
        let overlay = Overlay { forgeries, ..Overlay::default() };
        self.commons.spaces.default_space().programme.arm(None, overlay, Criteria::default(), 1).unwrap();
    }

    /// Body and signature of the session's only webhook.
    fn webhook(&self, id: SessionId) -> (Bytes, Option<String>) {
        let now = self.commons.clock.now();
        let taken = self.commons.outbox.take_due(&self.commons.agenda, id, now).expect("a webhook is due");
        let request = taken.request(now).unwrap();
        let seal = request.headers().get("x-zignsec-hmac-sha256").map(|value| value.to_str().unwrap().to_owned());
        (request.into_body(), seal)
    }

    fn notes(&self, id: SessionId) -> Vec<(NoteKind, String)> {
        let notes = self.sessions.snapshot(id).unwrap().notes;
        notes.into_iter().map(|note| (note.kind, note.text)).collect()
    }
}

/// No headers.
const NOBODY: &[(&str, &str)] = &[];
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const OTHER_TOKEN: &str = "11111111-e2a2-4968-b651-5352305c9fb0";
const HOOK: &str = "http://rp.example/hook";

fn signed(body: &[u8]) -> String {
    crate::crypto::mac::hmac_sha256_hex(DOCUMENTED_TOKEN.as_bytes(), body)
}

#[tokio::test]
async fn a_login_from_set_up_to_identity() {
    let world = World::new();
    let body = "target=http%3A%2F%2Flocalhost%3A8080%2Fzignsec%2Freturn";
    let (status, started) = world.json("POST", "/v2/eid/SBID-Another", FORM, body).await;
    let id = started["id"].as_str().unwrap().to_owned();
    assert_eq!(status, StatusCode::OK);
    let url = format!("http://localhost:8480/v2/Hosted/{id}/sbid-another/");
    assert_eq!(started, json!({"id": id, "errors": [], "redirect_url": url}));
    let id: SessionId = id.parse().unwrap();
    let pending = json!({"id": id.to_string(), "errors": [], "result": {"identity": {"state": "PENDING"}}});
    assert_eq!(world.result(id).await, pending);
    world.confirm(id, None);
    let told = world.result(id).await;
    let identity = json!({
        "CountryCode": "SE", "FirstName": "ANNA", "LastName": "ÅKERSTRÖM", "FullName": "ANNA ÅKERSTRÖM",
        "PersonalNumber": "198501012382", "DateOfBirth": "1985-01-01", "Age": 41, "IdProviderName": "BankIDSE",
        "IdentificationDate": told["identity"]["IdentificationDate"], "IdProviderRequestId": "",
        "IdProviderPersonId": "", "CustomerPersonId": ""
    });
    assert_eq!(told["identity"], identity);
    assert!(told["identity"]["IdentificationDate"].as_str().unwrap().starts_with("2026-11-22T03:00:00.123"));
    assert_eq!(told["method"], "sbid-another");
    assert_eq!(told["errors"], json!([]));
    assert!(told.get("result").is_none(), "{told}");
    assert!(told["BankIDSE"]["signature"].is_string());
    assert!(world.result(id).await == told, "a result stays");
}

#[tokio::test]
async fn paths_are_found_however_they_are_joined() {
    let world = World::new();
    let id = world.start("sbid", json!({})).await;
    for path in [format!("//v2/eid/{id}"), format!("/v2//eid/{id}/"), format!("//v2//eid//{id}//")] {
        let (status, body) = world.json("GET", &format!("{path}?layout=Layout4"), FORM, "").await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
    }
    for path in ["//v2/eid/sbid", "/v2/eid/sbid/"] {
        assert_eq!(world.json("POST", path, FORM, "").await.1["errors"], json!([]), "{path}");
    }
    let headers = [("authorization", DOCUMENTED_TOKEN), ("host", "test.zignsec.com")];
    let (_, _, body) = world.send("POST", "/v2/eid/sbid", &headers, b"").await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert!(body["redirect_url"].as_str().unwrap().starts_with("http://localhost:8480/v2/Hosted/"));
    let (status, headers, body) = world.send("PUT", "/v2/eid/sbid", NOBODY, b"").await;
    assert_eq!((status, headers["allow"].to_str().unwrap()), (StatusCode::METHOD_NOT_ALLOWED, "GET, POST"));
    assert!(body.starts_with(b"{\"errors\":[{\"code\":\"INVALID_REQUEST\""));
}

#[tokio::test]
async fn only_the_bare_token_of_the_space_opens() {
    let world = World::new();
    let id = world.start("sbid", json!({})).await;
    let bearer = format!("Bearer {DOCUMENTED_TOKEN}");
    for token in ["", "x", &bearer] {
        let (status, _, body) = world.send("GET", &format!("/v2/eid/{id}"), &[("authorization", token)], b"").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(body.starts_with(b"{\"errors\":[{\"code\":\"INVALID_APPID\""), "{body:?}");
    }
    let notes = world.commons.spaces.default_space().notes();
    assert_eq!(notes.iter().map(|note| note.kind).collect::<Vec<_>>(), [NoteKind::CredentialForm]);
    let headers = [("authorization", OTHER_TOKEN)];
    let (status, _, body) = world.send("GET", &format!("/v2/eid/{id}"), &headers, b"").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(body.starts_with(b"{\"errors\":[{\"code\":\"SESSION_NOT_FOUND\""));
    let polls = world.sessions.snapshot(id).unwrap().tally.requests(crate::script::Operation::Collect);
    assert_eq!(polls, 0, "a stranger's poll is none");
    for unknown in ["0b2c1a9e-1111-4222-8333-444455556666", "sbid", "%ff%00"] {
        let (status, body) = world.json("GET", &format!("/v2/eid/{unknown}"), JSON, "").await;
        assert_eq!((status, &body["errors"][0]["code"]), (StatusCode::NOT_FOUND, &json!("SESSION_NOT_FOUND")));
    }
}

#[test]
fn the_default_space_has_the_documented_token() {
    assert_eq!(ZignsecV2::mint(DEFAULT, "token", [7; 32]), DOCUMENTED_TOKEN);
    assert_eq!(ZignsecV2::mint("mine", "token", [7; 32]).len(), 36);
    let number = NationalNumber::parse(Country::Se, "198501012382", Checks::Strict).unwrap();
    assert!(!format!("{:?}", super::order::Held(number)).contains("2382"));
}
