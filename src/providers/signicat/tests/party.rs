//! A relying party that does everything right unless a test says otherwise.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use url::{Url, form_urlencoded};

use crate::crypto::jwe::{self, Content};
use crate::crypto::keys::Jwk;
use crate::dial::{DialOptions, Dialer};
use crate::running::assemble;
use crate::script::Millis;
use crate::simulation::{Bounds, Clock, Commons, Said, SessionId, Simulation, Space, Timestamp};

pub(super) const BACK: &str = "http://localhost:3000/cb";
pub(super) const NOON: Timestamp = Timestamp(1_768_478_400_000);

/// An answer, read.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) head: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {:?}", String::from_utf8_lossy(&self.body)))
    }

    pub(super) fn location(&self) -> String {
        self.head["location"].to_str().unwrap().to_owned()
    }

    pub(super) fn query(&self) -> BTreeMap<String, String> {
        Url::parse(&self.location()).unwrap().query_pairs().into_owned().collect()
    }
}

pub(super) struct Party {
    pub(super) simulation: Arc<Simulation>,
    routes: Router,
    /// What stands before the path of every address.
    pub(super) base: String,
    pub(super) jar: BTreeMap<String, String>,
    pub(super) client_id: String,
    pub(super) client_secret: String,
}

impl Party {
    pub(super) fn new() -> Self {
        Self::with(&json!({}))
    }

    pub(super) fn with(settings: &Value) -> Self {
        let dialer = Dialer::new(&DialOptions::default()).unwrap();
        let public = Url::parse("http://sim.test/").unwrap();
        let commons = Commons::new("seed", Clock::manual(NOON), Bounds::default(), dialer, public);
        let (simulation, routes) = assemble(Arc::new(commons));
        let space = simulation.commons.spaces.default_space();
        let credential = |name| space.credential("signicat", name).unwrap().to_owned();
        let (client_id, client_secret) = (credential("client_id"), credential("client_secret"));
        let party = Self { simulation, routes, base: String::new(), jar: BTreeMap::new(), client_id, client_secret };
        party.switch(settings);
        party
    }

    pub(super) fn space(&self) -> Arc<Space> {
        let spaces = &self.simulation.commons.spaces;
        self.base.strip_prefix("/s/").map_or_else(|| spaces.default_space(), |name| spaces.named(name).unwrap())
    }

    /// Another space, with its own client.
    pub(super) fn moved_to(mut self, name: &str) -> Self {
        let space = self.simulation.add_space(name, &BTreeMap::new()).unwrap();
        self.client_id = space.credential("signicat", "client_id").unwrap().to_owned();
        self.client_secret = space.credential("signicat", "client_secret").unwrap().to_owned();
        self.base = format!("/s/{name}");
        self
    }

    pub(super) fn switch(&self, settings: &Value) {
        self.simulation.provider("signicat").unwrap().change_settings(&self.space(), settings).unwrap();
    }

    /// A script in TOML.
    pub(super) fn play_text(&self, text: &str) {
        let script = crate::script::Script::parse(text, "test.toml").unwrap();
        self.space().programme.set_default(Some(Arc::new(script)));
    }

    pub(super) fn signal(&self, said: &Said) {
        let control = self.simulation.provider("signicat").unwrap();
        control.signal(self.newest(), said).unwrap();
    }

    pub(super) fn newest(&self) -> SessionId {
        let control = self.simulation.provider("signicat").unwrap();
        control.list(&self.space().name, 0, 1)[0].id.parse().unwrap()
    }

    pub(super) fn pass(&self, ms: u64) {
        self.simulation.provider("signicat").unwrap().older(self.newest(), Millis(ms)).unwrap();
    }

    pub(super) async fn send(&mut self, request: Request<String>) -> Answer {
        let answer = self.routes.clone().oneshot(request.map(Body::from)).await.unwrap();
        let (head, body) = answer.into_parts();
        for line in head.headers.get_all("set-cookie") {
            let (pair, _) = line.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.jar.insert(name.to_owned(), value.to_owned());
        }
        Answer { status: head.status, head: head.headers, body: to_bytes(body, usize::MAX).await.unwrap() }
    }

    /// A GET of an address or a path, with these headers.
    pub(super) async fn get(&mut self, address: &str, headers: &[(&str, &str)]) -> Answer {
        let path = address.strip_prefix("http://sim.test").unwrap_or(address).to_owned();
        let mut request = Request::get(path);
        let cookies: Vec<String> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(String::new()).unwrap()).await
    }

    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body).unwrap()).await
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(super) async fn keys(&mut self) -> Vec<Jwk> {
        let path = self.at("/oidc/jwks.json");
        let answer = self.get(&path, &[]).await;
        serde_json::from_value(answer.json()["keys"].clone()).unwrap()
    }

    pub(super) fn sbid_request(&self) -> Value {
        json!({
            "login_hint": ["subject-198501012382"], "scope": "openid profile signicat.sign signicat.national_id",
            "signicat_signtext": "I accept order 77, årligen.", "acr_values": "urn:signicat:oidc:method:sbid-inapp-sign",
            "response_type": "code", "redirect_uri": BACK, "state": "s1", "nonce": "n1", "client_id": self.client_id,
        })
    }

    pub(super) fn nbid_request(&self) -> Value {
        let mut request = self.sbid_request();
        request["login_hint"] = json!(["birthdate-010190", "phone-40000001"]);
        request["acr_values"] = json!("urn:signicat:oidc:method:nbid-inapp-sign");
        request
    }

    pub(super) async fn encrypted(&mut self, request: &Value) -> String {
        let keys = self.keys().await;
        let key = keys.iter().find(|jwk| jwk.usage.as_deref() == Some("enc")).unwrap();
        let members = [("typ", "JWE"), ("kid", key.kid.as_deref().unwrap())];
        jwe::encrypt(&key.key, Content::A256CbcHs512, &members, request.to_string().as_bytes()).unwrap()
    }

    pub(super) async fn authorize(&mut self, request: &Value) -> Answer {
        let token = self.encrypted(request).await;
        let path = format!("{}?request={token}", self.at("/oidc/authorize"));
        self.get(&path, &[("accept", "application/json")]).await
    }

    /// Everything in plain parameters.
    pub(super) async fn authorize_plainly(&mut self, fields: &[(&str, &str)], accept: &str) -> Answer {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let path = format!("{}?{query}", self.at("/oidc/authorize"));
        self.get(&path, &[("accept", accept)]).await
    }

    pub(super) async fn collect(&mut self, started: &Value) -> Answer {
        let url =
            format!("{}?orderRef={}", started["collectUrl"].as_str().unwrap(), started["orderRef"].as_str().unwrap());
        self.get(&url, &[("accept", "application/json")]).await
    }

    /// Follows the redirects until they lead to the relying party. How many there were, and the last one.
    pub(super) async fn follow(&mut self, address: &str) -> (usize, Answer) {
        let mut address = address.to_owned();
        for hops in 1..10 {
            let answer = self.get(&address, &[]).await;
            if !answer.head.contains_key("location") || answer.location().starts_with(BACK) {
                return (hops, answer);
            }
            address = answer.location();
        }
        panic!("the redirects do not end");
    }

    pub(super) fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.client_id, self.client_secret)))
    }

    pub(super) async fn exchange(&mut self, code: &str, more: &[(&str, &str)]) -> Answer {
        let basic = self.basic();
        let id = self.client_id.clone();
        let mut fields =
            vec![("client_id", &*id), ("redirect_uri", BACK), ("grant_type", "authorization_code"), ("code", code)];
        fields.extend(more);
        let path = self.at("/oidc/token");
        self.post(&path, &fields, &[("authorization", &basic)]).await
    }

    pub(super) async fn fetch(&mut self, what: &str, access_token: &str) -> Answer {
        let path = self.at(&format!("/oidc/{what}"));
        self.get(&path, &[("authorization", &format!("Bearer {access_token}"))]).await
    }

    /// From the start to a code, the person confirming.
    pub(super) async fn code(&mut self, request: &Value) -> String {
        let started = self.authorize(request).await.json();
        self.signal(&Said::plain(crate::script::SignalName::Confirmed));
        let address = if started.get("collectUrl").is_some() {
            let told = self.collect(&started).await.json();
            told["completeUrl"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
        } else {
            let told = self.get(started["statusUri"].as_str().unwrap(), &[]).await.json();
            told["completeUri"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
        };
        let (_, answer) = self.follow(&address).await;
        answer.query()["code"].clone()
    }

    /// From the start to tokens.
    pub(super) async fn tokens(&mut self, request: &Value) -> Value {
        let code = self.code(request).await;
        self.exchange(&code, &[]).await.json()
    }
}

/// The claims of a token, unverified.
pub(super) fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap_or_else(|| panic!("{token}"));
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}
