//! A simulator, a reference, and somebody who calls them.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use motpart::Motpart;
use motpart::dial::{Answer, DialOptions, Dialer};
use motpart::reference::{Flaw, Options, Reference, Variant};
use serde_json::{Value, json};

pub(crate) const ANNA: &str = "198501012382";
pub(crate) const OWNER: &str = "sender-token";

/// A simulator, a reference, and somebody who calls them.
pub(crate) struct World {
    pub(crate) motpart: Motpart,
    pub(crate) reference: Reference,
    pub(crate) dialer: Dialer,
    pub(crate) token: String,
}

/// A participant in a pending agreement.
pub(crate) struct Case {
    pub(crate) agreement: String,
    pub(crate) participant: String,
    pub(crate) room: String,
}

impl World {
    pub(crate) async fn start(flaws: &[Flaw], variants: &[Variant]) -> Self {
        let motpart = Motpart::start(motpart::Options::default()).await.unwrap();
        let token = motpart.connection()["ZIGNSEC_V2_TOKEN"].clone();
        let options = Options {
            connections: motpart.connection(),
            flaws: flaws.iter().copied().collect(),
            variants: variants.iter().copied().collect(),
            poll: Duration::from_millis(if variants.contains(&Variant::PollOnly) { 30 } else { 60_000 }),
            ..Options::default()
        };
        let reference = Reference::start(options).await.unwrap();
        Self { motpart, reference, dialer: Dialer::new(&DialOptions::default()).unwrap(), token }
    }

    pub(crate) async fn send(&self, verb: &str, url: &str, headers: &[(&str, &str)], body: Bytes) -> Answer {
        let mut request = Request::builder().method(verb).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.dialer.send(request.body(body).unwrap(), Duration::from_secs(10), 1 << 20).await.unwrap()
    }

    pub(crate) async fn call(&self, verb: &str, path: &str, body: Value) -> (u16, Value) {
        self.call_as(OWNER, verb, path, body).await
    }

    pub(crate) async fn call_as(&self, token: &str, verb: &str, path: &str, body: Value) -> (u16, Value) {
        let url = self.reference.base_url().join(path).unwrap();
        let auth = format!("Bearer {token}");
        let headers =
            [("authorization", auth.as_str()), ("content-type", "application/json"), ("accept", "application/json")];
        let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let answer = self.send(verb, url.as_str(), &headers, body).await;
        let value: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        (answer.status, value.get("data").cloned().unwrap_or(value))
    }

    /// An agreement with Anna in it, sent.
    pub(crate) async fn case(&self, number: Option<&str>) -> Case {
        self.case_of("SE", number).await
    }

    /// The same for people of another country.
    pub(crate) async fn case_of(&self, country: &str, number: Option<&str>) -> Case {
        let (status, agreement) = self.call("POST", "agreements", json!({"title": "Lease"})).await;
        assert_eq!(status, 201, "{agreement}");
        let agreement = agreement["id"].as_str().unwrap().to_owned();
        let mut body = json!({"role": "signer", "name": "Anna Test", "email": "anna@example.org", "country": country});
        if let Some(number) = number {
            body["personal_number"] = number.into();
        }
        let (status, added) = self.call("POST", &format!("agreements/{agreement}/participants"), body).await;
        assert_eq!(status, 201, "{added}");
        let participant = added["id"].as_str().unwrap().to_owned();
        self.lifecycle(&agreement, "pending").await;
        let case = Case { agreement, participant, room: String::new() };
        let room = self.participant(&case).await["signing_room_url"].as_str().unwrap().to_owned();
        Case { room: room.replace(self.reference.base_url().as_str(), ""), ..case }
    }

    pub(crate) async fn lifecycle(&self, agreement: &str, status: &str) {
        let body = json!({"lifecycle_state": {"status": status}});
        let (code, answer) = self.call("POST", &format!("agreements/{agreement}/lifecycle"), body).await;
        assert_eq!(code, 200, "{answer}");
    }

    pub(crate) async fn participant(&self, case: &Case) -> Value {
        let path = format!("agreements/{}/participants/{}", case.agreement, case.participant);
        self.call("GET", &path, Value::Null).await.1
    }

    pub(crate) async fn status(&self, case: &Case) -> Value {
        self.participant(case).await["identity_enforcement"]["status"].clone()
    }

    pub(crate) async fn begin(&self, case: &Case, body: Value) -> String {
        let (status, begun) = self.call("POST", &format!("{}/attempts", case.room), body).await;
        assert_eq!(status, 201, "{begun}");
        begun["redirect_url"].as_str().unwrap().to_owned()
    }

    /// Goes where the browser goes, until a page stays.
    pub(crate) async fn visit(&self, url: &str) -> String {
        let mut at = url.to_owned();
        for _ in 0..8 {
            let answer = self.send("GET", &at, &[("accept", "text/html")], Bytes::new()).await;
            let Some(next) = answer.headers.get("location") else {
                assert_eq!(answer.status, 200, "{at}");
                return String::from_utf8(answer.body.to_vec()).unwrap();
            };
            at = url::Url::parse(&at).unwrap().join(next.to_str().unwrap()).unwrap().to_string();
        }
        panic!("the redirects do not end: {at}")
    }

    /// Somebody authenticates at the provider, and everything is done that follows.
    pub(crate) async fn authenticate(&self, redirect: &str, query: &str) -> String {
        let page = self.visit(&format!("{redirect}?{query}")).await;
        self.call("GET", "_reference/idle", Value::Null).await;
        page
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        let url = self.reference.base_url().join(path).unwrap();
        let answer = self.send("GET", url.as_str(), &[("authorization", "Bearer sender-token")], Bytes::new()).await;
        String::from_utf8(answer.body.to_vec()).unwrap()
    }

    pub(crate) async fn events(&self, case: &Case) -> Vec<String> {
        let (_, events) = self.call("GET", &format!("agreements/{}/events", case.agreement), Value::Null).await;
        events.as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) async fn stop(self) {
        self.reference.stop().await;
        self.motpart.stop().await;
    }
}
