//! The provider over HTTP, without sockets: what each field does, what each error looks like, what a session says on its way.

mod anything;
mod forgeries;
mod page;
mod samples;
mod set_up;
mod switches;

use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::zignsec::bench::{Bench, HOOK, JSON, OTHER_TOKEN};
use super::{DOCUMENTED_TOKEN, ZignsecV3, api, page as hosted_page};
use crate::script::{Occurrence, Reason, Tampering};
use crate::simulation::{Control, NoteKind, Provider, SessionId};

pub(super) type World = Bench<ZignsecV3>;

impl World {
    pub(super) fn new() -> Self {
        Self::of(DOCUMENTED_TOKEN, &[], |sessions| api::routes(sessions).merge(hosted_page::routes(sessions)))
    }

    async fn json(&self, verb: &str, path: &str, body: &str) -> (StatusCode, Value) {
        self.call(verb, path, JSON, body).await
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

    fn noted(&self, id: SessionId) -> Vec<NoteKind> {
        self.notes(id).into_iter().map(|(kind, _)| kind).collect()
    }
}

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
