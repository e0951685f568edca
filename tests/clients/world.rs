//! The real binary as a process of its own, and a space of it for each flow.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use motpart::crypto::cert::Authority;
use motpart::dial::{DialOptions, Dialer};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// A running `motpart serve`, ended when dropped.
pub(crate) struct Simulator {
    child: Child,
    control: String,
    dialer: Dialer,
}

/// A relying party's own corner of it.
pub(crate) struct Space {
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

impl Simulator {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_motpart"))
            .args(["serve", "--listen", "127.0.0.1:0", "--format", "json", "--seed", "clients"])
            .args(arguments)
            .env_remove("MOTPART_CONTROL_TOKEN")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let options = DialOptions { ca_pem: vec![Authority::load().pem().to_owned()], ..DialOptions::default() };
        let control = format!("{}_motpart/v1", ready["control_url"].as_str().unwrap());
        Self { child, control, dialer: Dialer::new(&options).unwrap() }
    }

    /// A new space with these switches, where this is armed for its first session.
    pub(crate) fn space(&self, settings: &Value, armed: &Value) -> Space {
        let new = json!({
            // What has to be encoded in HTTP Basic, by those who do encode.
            "credentials": { "signicat": { "client_secret": "s:e+c%r/et" } },
            "settings": { "signicat": settings },
        });
        let made = self.control("POST", "spaces", &new);
        let name = made["name"].as_str().unwrap().to_owned();
        self.control("POST", &format!("spaces/{name}/arm"), armed);
        let credential = |key: &str| made["credentials"]["signicat"][key].as_str().unwrap().to_owned();
        Space {
            issuer: made["base_urls"]["signicat"].as_str().unwrap().to_owned(),
            client_id: credential("client_id"),
            client_secret: credential("client_secret"),
            name,
        }
    }

    /// Asks the control API; it has to agree.
    pub(crate) fn control(&self, verb: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let request = Request::builder().method(verb).uri(format!("{}/{path}", self.control));
        let request = request.header("content-type", "application/json").body(body).unwrap();
        let answer = RUNTIME.block_on(self.dialer.send(request, Duration::from_secs(20), 1 << 22)).unwrap();
        let text = String::from_utf8_lossy(&answer.body);
        assert!((200..300).contains(&answer.status), "{path}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whom the clients ask for.
pub(crate) const NUMBER: &str = "198501012382";

/// What a client's program needs to know, as environment variables.
pub(crate) fn variables(space: &Space) -> BTreeMap<String, String> {
    let pairs = [
        ("ISSUER", space.issuer.as_str()),
        ("CLIENT_ID", &space.client_id),
        ("CLIENT_SECRET", &space.client_secret),
        ("REDIRECT_URI", "http://127.0.0.1:9/callback"),
        ("SIGNATURE_URL", &format!("{}/signature", space.issuer)),
        ("ACR", "urn:signicat:oidc:method:sbid-inapp-sign"),
        ("LOGIN_HINT", &format!("subject-{NUMBER}")),
        ("SCOPE", "openid profile signicat.sign signicat.national_id"),
        ("SIGN_TEXT", "I accept order 77 – 100 kr."),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
