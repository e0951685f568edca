//! The provider over HTTP, without sockets: what each field does, what each error looks like, what a session says on its way.

mod anything;
mod errands;
mod result;
mod samples;
mod set_up;
mod switches;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::settings::Settings;
use super::zignsec::bench::{Bench, HOOK, JSON, NOBODY, OTHER_TOKEN};
use super::{DOCUMENTED_TOKEN, ZignsecV2, account, api, hosted};
use crate::dial::Answer;
use crate::identity::{Checks, Country, NationalNumber};
use crate::script::{
    Becomes, IdentityTampering, Millis, Occurrence, Reason, Script, SignalName, Step, Tampering, Trigger,
    WebhookTampering, Who,
};
use crate::simulation::programme::{Criteria, Overlay};
use crate::simulation::{Control, DEFAULT, NoteKind, Provider, Said, SessionId};

pub(super) type World = Bench<ZignsecV2>;

impl World {
    pub(super) fn new() -> Self {
        Self::of(DOCUMENTED_TOKEN, &[], |sessions| api::routes(sessions).merge(account::routes(sessions)))
    }

    /// Sets up with JSON; the answer.
    async fn set_up(&self, selector: &str, fields: Value) -> Value {
        let (status, body) = self.call("POST", &format!("/v2/eid/{selector}"), JSON, &fields.to_string()).await;
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
        self.call("GET", &format!("/v2/eid/{id}"), JSON, "").await.1
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn signed(body: &[u8]) -> String {
    crate::crypto::mac::hmac_sha256_hex(DOCUMENTED_TOKEN.as_bytes(), body)
}

#[tokio::test]
async fn a_login_from_set_up_to_identity() {
    let world = World::new();
    let body = "target=http%3A%2F%2Flocalhost%3A8080%2Fzignsec%2Freturn";
    let (status, started) = world.call("POST", "/v2/eid/SBID-Another", FORM, body).await;
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
        let (status, body) = world.call("GET", &format!("{path}?layout=Layout4"), FORM, "").await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
    }
    for path in ["//v2/eid/sbid", "/v2/eid/sbid/"] {
        assert_eq!(world.call("POST", path, FORM, "").await.1["errors"], json!([]), "{path}");
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
        let (status, body) = world.call("GET", &format!("/v2/eid/{unknown}"), JSON, "").await;
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
