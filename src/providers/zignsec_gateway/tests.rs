//! The provider over HTTP, without sockets: what each member does, what each error looks like, what a session says on its way.

mod anything;
mod end;
mod forgeries;
mod samples;
mod set_up;
mod switches;
mod webhooks;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::settings::Settings;
use super::zignsec::bench::{Bench, HOOK, JSON, NOBODY, NOW, OTHER_TOKEN};
use super::{DEFAULT_SECRET, DEFAULT_TOKEN, KEYS, ZignsecGateway, api, page, pinning};
use crate::crypto::jws;
use crate::script::{
    Forgery, IdentityTampering, JwsArtefact, JwsTampering, Millis, Occurrence, Reason, SignalName,
    SignedIdentityTampering, Tampering, WebhookTampering,
};
use crate::simulation::keys::Rotation;
use crate::simulation::{Control, DEFAULT, NoteKind, Provider, Said, SessionId, Timestamp};

type World = Bench<ZignsecGateway>;

impl World {
    fn new() -> Self {
        Self::of(DEFAULT_TOKEN, &[("webhook_secret", DEFAULT_SECRET)], |sessions| {
            api::routes(sessions).merge(page::routes(sessions)).merge(pinning::routes(sessions))
        })
    }

    fn with(settings: &Value) -> Self {
        let world = Self::new();
        world.switch(settings);
        world
    }

    async fn json(&self, verb: &str, path: &str, body: &str) -> (StatusCode, Value) {
        self.call(verb, path, JSON, body).await
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

    /// Bodies and signatures of the session's webhooks that are due.
    fn webhooks(&self, id: SessionId) -> Vec<(Bytes, Option<String>)> {
        std::iter::from_fn(|| self.next_webhook(id)).collect()
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

const ANNA: &str = "198501012382";
const BENGT: &str = "198501139995";
