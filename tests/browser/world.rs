//! A simulator with its relying party.

use motpart::crypto::mac::hmac_sha256_hex;
use motpart::{Motpart, Options};
use serde_json::{Value, json};

use crate::http::send;
use crate::party::{Party, Webhook};

/// A simulator and the one who relies on it.
pub(crate) struct World {
    motpart: Motpart,
    pub(crate) party: Party,
    token: String,
}

impl World {
    pub(crate) async fn start() -> Self {
        let motpart = Motpart::start(Options::default()).await.unwrap();
        let token = motpart.connection()["ZIGNSEC_V2_TOKEN"].clone();
        Self { motpart, party: Party::start().await, token }
    }

    /// An address at the simulator.
    pub(crate) fn at(&self, path: &str) -> String {
        self.motpart.base_url().join(path).unwrap().into()
    }

    /// The simulator's origin, as browsers tell it.
    pub(crate) fn origin(&self) -> String {
        self.motpart.base_url().origin().ascii_serialization()
    }

    /// Sets an order up, and returns its id and where the browser is to go.
    pub(crate) async fn set_up(&self, selector: &str, fields: &Value) -> (String, String) {
        let url = self.at(&format!("v2/eid/{selector}"));
        let (_, answer) = send("POST", &url, Some(&self.token), Some(fields)).await;
        let told = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("no {name}: {answer}")).to_owned();
        (told("id"), told("redirect_url"))
    }

    /// What the relying party gets when it asks for the result.
    pub(crate) async fn result(&self, id: &str) -> (u16, Value) {
        send("GET", &self.at(&format!("v2/eid/{id}")), Some(&self.token), None).await
    }

    /// Sets an order up at ZignSec v3; both versions know the same token.
    pub(crate) async fn version_3(&self, product: &str, fields: &Value) -> Value {
        let (status, answer) =
            send("POST", &self.at(&format!("v3/eid/{product}")), Some(&self.token), Some(fields)).await;
        assert!(status == 200 && answer["id"].is_string(), "{status} {answer}");
        answer
    }

    /// What the relying party gets from ZignSec v3.
    pub(crate) async fn result_3(&self, path: &str) -> Value {
        send("GET", &self.at(&format!("v3/eid/{path}")), Some(&self.token), None).await.1
    }

    /// Whether the webhook was sealed with the relying party's token.
    pub(crate) fn sealed(&self, webhook: &Webhook) -> bool {
        webhook.hmac == hmac_sha256_hex(self.token.as_bytes(), &webhook.raw)
    }

    /// Makes a session older, over the control API.
    pub(crate) async fn advance(&self, id: &str, by: &str) -> Value {
        self.control("POST", &format!("sessions/{id}/advance"), &json!({ "by": by })).await
    }

    /// Something happens to a session, over the control API.
    pub(crate) async fn signal(&self, id: &str, signal: &Value) {
        self.control("POST", &format!("sessions/{id}/signal"), signal).await;
    }

    async fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let url = self.motpart.control_url().join(&format!("_motpart/v1/{path}")).unwrap();
        let (status, answer) = send(method, url.as_str(), None, Some(body)).await;
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }
}
