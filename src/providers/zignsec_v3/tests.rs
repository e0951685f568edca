//! The provider over HTTP, without sockets: what each field does, what each error looks like, what a session says on its way.

mod anything;
mod forgeries;
mod page;
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

use super::{DOCUMENTED_TOKEN, V3Sessions, ZignsecV3, api, page as hosted_page};
use crate::dial::{DialOptions, Dialer};
use crate::identity::Person;
use crate::script::{Forgery, Occurrence, Reason, SignalName, Tampering};
use crate::simulation::programme::{Criteria, Overlay};
use crate::simulation::witness::witnessed;
use crate::simulation::{
    Bounds, Clock, Commons, Control, DEFAULT, NoteKind, Provider, Said, SessionId, Sessions, Space, Timestamp,
};

pub(super) struct World {
    pub(super) commons: Arc<Commons>,
    pub(super) sessions: V3Sessions,
    router: Router,
}

impl World {
    pub(super) fn new() -> Self {
        // 2026-11-22T02:00:00.123Z.
        let clock = Clock::manual(Timestamp(1_795_312_800_123));
        let public_url = Url::parse("http://localhost:8480/").unwrap();
        let dialer = Dialer::new(&DialOptions::default()).unwrap();
        let commons = Arc::new(Commons::new("seed", clock, Bounds::default(), dialer, public_url));
        for (name, token) in [(DEFAULT, DOCUMENTED_TOKEN), ("other", OTHER_TOKEN)] {
            let credentials = BTreeMap::from([((ZignsecV3::NAME, "token"), token.to_owned())]);
            commons.spaces.add(Space::new(name, credentials, 1 << 20), &[(ZignsecV3::NAME, "token")]).unwrap();
        }
        let sessions = Arc::new(Sessions::<ZignsecV3>::new(commons.clone(), 0));
        let routes = api::routes(&sessions).merge(hosted_page::routes(&sessions));
        let router = witnessed(commons.clone(), routes);
        Self { commons, sessions, router }
    }

    async fn send<T: AsRef<[u8]>>(
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

    async fn json(&self, verb: &str, path: &str, body: &str) -> (StatusCode, Value) {
        let headers = [("authorization", DOCUMENTED_TOKEN), ("content-type", JSON)];
        let (status, _, body) = self.send(verb, path, &headers, body.as_bytes()).await;
        (status, serde_json::from_slice(&body).unwrap())
    }

    async fn set_up(&self, product: &str, fields: Value) -> Value {
        self.json("POST", &format!("/v3/eid/{product}"), &fields.to_string()).await.1
    }

    async fn start(&self, product: &str, fields: Value) -> SessionId {
        let body = self.set_up(product, fields).await;
        body["id"].as_str().unwrap_or_else(|| panic!("no id in {body}")).parse().unwrap()
    }

    /// Smart-ID for Jaan of Estonia, with a webhook.
    async fn smart_id(&self) -> SessionId {
        self.start("smartid/auth", jaan()).await
    }

    async fn codes(&self, product: &str, fields: Value) -> Vec<Value> {
        let body = self.set_up(product, fields).await;
        body["errors"].as_array().unwrap().iter().map(|error| error["code"].clone()).collect()
    }

    async fn result(&self, id: SessionId) -> Value {
        self.json("GET", &format!("/v3/eid/{id}"), "").await.1
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

    fn notes(&self, id: SessionId) -> Vec<NoteKind> {
        self.sessions.snapshot(id).unwrap().notes.into_iter().map(|note| note.kind).collect()
    }
}

const JSON: &str = "application/json";
const OTHER_TOKEN: &str = "11111111-e2a2-4968-b651-5352305c9fb0";
const HOOK: &str = "http://rp.example/hook";
const JAAN: &str = "38709149810";

fn jaan() -> Value {
    json!({ "countryCode": "EE", "identifierType": "PersonalNumber", "identifier": JAAN, "webhook": HOOK })
}

fn signed(body: &[u8]) -> String {
    crate::crypto::mac::hmac_sha256_hex(DOCUMENTED_TOKEN.as_bytes(), body)
}

#[tokio::test]
async fn smart_id_calls_the_person_and_tells_the_identity() {
    let world = World::new();
    let started = world.set_up("SmartID/Auth", jaan()).await;
    let id: SessionId = started["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(started, json!({ "id": id.to_string(), "errors": [] }), "there is nowhere to send the browser");
    assert_eq!(Control::view(&*world.sessions, id).unwrap().page, None);
    let pending = json!({ "id": id.to_string(), "errors": [], "result": { "identity": { "state": "PENDING" } } });
    assert_eq!(world.result(id).await, pending);
    world.confirm(id, None);
    let told = world.result(id).await;
    assert_eq!(
        (&told["identity"]["PersonalNumber"], &told["identity"]["CountryCode"], &told["identity"]["IdProviderName"]),
        (&json!(JAAN), &json!("EE"), &json!("SmartID"))
    );
    assert_eq!(told["method"], "smartid/auth");
    assert_eq!(world.json("GET", &format!("//v3/eid/smartid/{id}/"), "").await.1, told);
    let (body, seal) = world.webhook(id);
    assert_eq!(seal.as_deref(), Some(&*signed(&body)));
    let hook: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(hook["identity"], told["identity"]);
}

#[tokio::test]
async fn whoever_is_not_called_has_no_session() {
    let world = World::new();
    let id = world.smart_id().await;
    for path in [format!("/v3/eid/swissid/{id}"), "/v3/eid/smartid/auth".to_owned(), "/v3/eid/x".to_owned()] {
        let (status, body) = world.json("GET", &path, "").await;
        assert_eq!(
            (status, &body["errors"][0]["code"]),
            (StatusCode::NOT_FOUND, &json!("SESSION_NOT_FOUND")),
            "{path}"
        );
    }
    let (status, _, _) = world.send("GET", &format!("/v3/eid/{id}"), &[("authorization", OTHER_TOKEN)], b"").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let bearer = format!("Bearer {DOCUMENTED_TOKEN}");
    let (status, _, body) = world.send("GET", &format!("/v3/eid/{id}"), &[("authorization", bearer)], b"").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(body.starts_with(b"{\"errors\":[{\"code\":\"INVALID_APPID\""));
    let (status, _, _) =
        world.send("DELETE", &format!("/v3/eid/{id}"), &[("authorization", DOCUMENTED_TOKEN)], b"").await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(world.sessions.snapshot(id).unwrap().tally.collected_after_end, 0);
}

#[tokio::test]
async fn an_app_that_nobody_answers_gives_up() {
    let world = World::new();
    let id = world.smart_id().await;
    world.sessions.older(id, "90s".parse().unwrap()).unwrap();
    let told = world.result(id).await;
    assert_eq!(told["errors"][0]["code"], "EXPIRED_TRANSACTION");
    assert_eq!(told["result"]["identity"]["state"], "ERROR");
    let hook: Value = serde_json::from_slice(&world.webhook(id).0).unwrap();
    assert_eq!(hook["method"], "smartid/auth");
    assert!(hook.get("identity").is_none() && hook.get("result").is_none());
    let id = world.smart_id().await;
    world.fail(id, Reason::Cancelled);
    assert_eq!(world.result(id).await["errors"][0]["code"], "USER_CANCEL");
}
