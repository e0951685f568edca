//! The provider over HTTP, without sockets: what each member does, what each error looks like, what a session says on its way.

mod anything;
mod end;
mod forgeries;
mod samples;
mod set_up;
mod switches;
mod webhooks;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use url::Url;

use super::settings::Settings;
use super::{DEFAULT_SECRET, DEFAULT_TOKEN, GatewaySessions, KEYS, ZignsecGateway, api, page, pinning};
use crate::crypto::jws;
use crate::dial::{DialOptions, Dialer};
use crate::identity::Person;
use crate::script::{
    Forgery, IdentityTampering, JwsArtefact, JwsTampering, Millis, Occurrence, Reason, SignalName,
    SignedIdentityTampering, Tampering, WebhookTampering,
};
use crate::simulation::keys::Rotation;
use crate::simulation::programme::{Criteria, Overlay};
use crate::simulation::witness::witnessed;
use crate::simulation::{
    Bounds, Clock, Commons, Control, DEFAULT, NoteKind, Provider, Said, SessionId, Sessions, Space, Timestamp,
};

struct World {
    commons: Arc<Commons>,
    sessions: GatewaySessions,
    router: Router,
}

impl World {
    fn new() -> Self {
        // 2026-11-22T02:00:00.123Z.
        let clock = Clock::manual(Timestamp(NOW));
        let public_url = Url::parse("http://localhost:8480/").unwrap();
        let dialer = Dialer::new(&DialOptions::default()).unwrap();
        let commons = Arc::new(Commons::new("seed", clock, Bounds::default(), dialer, public_url));
        for (name, token) in [(DEFAULT, DEFAULT_TOKEN), ("other", OTHER_TOKEN)] {
            let credentials = BTreeMap::from([
                ((ZignsecGateway::NAME, "token"), token.to_owned()),
                ((ZignsecGateway::NAME, "webhook_secret"), DEFAULT_SECRET.to_owned()),
            ]);
            commons.spaces.add(Space::new(name, credentials, 1 << 20), &[(ZignsecGateway::NAME, "token")]).unwrap();
        }
        let sessions = Arc::new(Sessions::<ZignsecGateway>::new(commons.clone(), 0));
        let routes = api::routes(&sessions).merge(page::routes(&sessions)).merge(pinning::routes(&sessions));
        let router = witnessed(commons.clone(), routes);
        Self { commons, sessions, router }
    }

    fn with(settings: &Value) -> Self {
        let world = Self::new();
        world.switch(settings);
        world
    }

    fn switch(&self, change: &Value) {
        Control::change_settings(&*self.sessions, &self.space(), change).unwrap();
    }

    fn space(&self) -> Arc<Space> {
        self.commons.spaces.default_space()
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
        let answer = self.router.clone().oneshot(request.body(Body::from(body.to_vec())).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap())
    }

    async fn json(&self, verb: &str, path: &str, body: &str) -> (StatusCode, Value) {
        let headers = [("authorization", DEFAULT_TOKEN), ("content-type", "application/json")];
        let (status, _, body) = self.send(verb, path, &headers, body.as_bytes()).await;
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// Asks for a session.
    async fn set_up(&self, method: &str, body: &Value) -> (StatusCode, Value) {
        self.json("POST", &format!("/core/api/sessions/identity_verification/{method}"), &body.to_string()).await
    }

    /// The id of a session that was made.
    async fn start(&self, method: &str, body: &Value) -> SessionId {
        let (status, body) = self.set_up(method, body).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body["data"]["id"].as_str().unwrap_or_else(|| panic!("no id in {body}")).parse().unwrap()
    }

    /// A session by number with everything that tests look at.
    async fn by_number(&self) -> SessionId {
        self.start("freja_id_ssn", &by_number()).await
    }

    async fn result(&self, id: SessionId) -> Value {
        self.json("GET", &format!("/core/api/sessions/{id}"), "").await.1
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

    fn forge(&self, how: Tampering, occurrence: Occurrence) {
        let forgeries = vec![Forgery { how, occurrence }];
        let overlay = Overlay { forgeries, ..Overlay::default() };
        self.space().programme.arm(None, overlay, Criteria::default(), 1).unwrap();
    }

    /// Bodies and signatures of the session's webhooks that are due.
    fn webhooks(&self, id: SessionId) -> Vec<(Bytes, Option<String>)> {
        let now = self.commons.clock.now();
        let mut all = Vec::new();
        while let Some(taken) = self.commons.outbox.take_due(&self.commons.agenda, id, now) {
            let request = taken.request(now).unwrap();
            let seal = request.headers().get("x-zignsec-hmac-sha256").map(|seal| seal.to_str().unwrap().to_owned());
            all.push((request.into_body(), seal));
        }
        all
    }

    /// Header and payload of a token, verified with the key that signs now.
    fn verified(&self, token: &str) -> (Value, Value) {
        let ring = self.space().keys.ring(self.commons.secret(), DEFAULT, KEYS[0]);
        let signer = ring.signing(self.commons.clock.now()).signer;
        let verified = jws::verify(signer.key.public(), token).unwrap();
        let header: Value = serde_json::from_slice(&verified.header).unwrap();
        assert_eq!(
            String::from_utf8(verified.header).unwrap(),
            format!(r#"{{"x5t":"{}","alg":"RS256"}}"#, signer.certificate.x5t())
        );
        (header, serde_json::from_slice(&verified.payload).unwrap())
    }
}

/// The payload, verified or not.
fn decoded(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn by_number() -> Value {
    json!({
        "locale": "En",
        "metadata": {
            "attributes_to_return": ["BASIC_USER_INFO", "SSN", "REGISTRATION_LEVEL", "ADDRESSES"],
            "min_registration_level": "EXTENDED",
            "user_info": { "country": "SE", "ssn": ANNA },
        },
        "relay_state": "case-1",
        "webhook": HOOK,
    })
}

fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// No headers.
const NOBODY: &[(&str, &str)] = &[];
const NOW: u64 = 1_795_312_800_123;
const OTHER_TOKEN: &str = "11111111-e2a2-4968-b651-5352305c9fb0";
const HOOK: &str = "http://rp.example/hook";
const ANNA: &str = "198501012382";
const BENGT: &str = "198501139995";
