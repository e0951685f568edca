//! Anything is sent to any route.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Method, Request};
use motpart::control;
use motpart::dial::{DialOptions, Dialer};
use motpart::running::assemble;
use motpart::simulation::journal::Wanted;
use motpart::simulation::{Bounds, Clock, Commons, Simulation, Timestamp};
use proptest::prelude::*;
use serde_json::Value;
use tower::ServiceExt;

use crate::log::log;
use crate::nonsense::{NUMBERS, config, near, repeats, word};
use crate::routes::routes;

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn every_route_answers_anything(requests in prop::collection::vec(sent(), 6)) {
        // Long polls and patience pass at once.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let world = World::new().await;
            for (sent, _) in &requests {
                let sent = Sent { path: sent.path.replace("{id}", &world.session), ..sent.clone() };
                let Some((status, answer)) = world.send(&sent).await else { continue };
                assert!((200..500).contains(&status), "{status} to {sent:?}: {answer}");
                let told: Value = serde_json::from_str(&answer).unwrap_or(Value::Null);
                if status >= 400 && sent.method != Method::HEAD {
                    answers_with_remedy(status, &sent, &answer, &told);
                }
                // Only a relying party's own result tells a number, and the register its test people's.
                let whole = format!("{} {}", sent.path, String::from_utf8_lossy(&sent.body));
                let is_register = sent.path.contains("/persons");
                if (status >= 400 || told["errors"].as_array().is_some_and(|errors| !errors.is_empty())) && !is_register {
                    assert_eq!(repeats(&answer, &whole), None, "{sent:?}: {answer}");
                }
            }
            // Nobody who watches reads a number either.
            let space = world.simulation.commons.spaces.default_space();
            let journal = serde_json::to_string(&space.journal.after(0, 1_000, Wanted::default())).unwrap();
            assert_eq!(NUMBERS.iter().find(|number| journal.contains(**number)), None, "{journal}");
            let logged = log().take();
            assert_eq!(NUMBERS.iter().find(|number| logged.contains(**number)), None);
        });
    }
}

/// A refusal names what is wrong, in the form of whoever was asked.
fn answers_with_remedy(status: u16, sent: &Sent, answer: &str, told: &Value) {
    let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    if sent.path.starts_with("/_motpart") || sent.path.starts_with("/metrics") {
        assert!(is_text(&told["error"]["code"]) && is_text(&told["error"]["message"]), "{status} {sent:?}: {answer}");
    } else if told["errors"].is_array() {
        let errors = told["errors"].as_array().unwrap();
        assert!(!errors.is_empty(), "{status} {sent:?}: {answer}");
        assert!(errors.iter().all(|error| is_text(&error["code"]) && is_text(&error["description"])), "{answer}");
    } else if is_text(&told["type"]) {
        assert!(is_text(&told["message"]), "{status} {sent:?}: {answer}");
    } else if is_text(&told["error"]) {
        assert!(is_text(&told["error_description"]), "{status} {sent:?}: {answer}");
    } else if sent.path.starts_with("/std/") && is_text(&told["error"]["code"]) {
        assert!(is_text(&told["error"]["message"]), "{status} {sent:?}: {answer}");
    } else if status == 401 && sent.path.starts_with("/oidc/") {
        // The header `WWW-Authenticate` says it all: RFC 6750, 3.
        assert_eq!(answer, "");
    } else if told["error"].is_object() {
        assert!(
            is_text(&told["error"]["message"]) && told["error"]["nearest"].is_array(),
            "{status} {sent:?}: {answer}"
        );
    } else {
        // A page tells people; its small parts, the wrong verb and too large a body are told in a line.
        assert!(status == 405 || answer.contains("<h1") || answer.ends_with('\n'), "{status} {sent:?}: {answer:?}");
    }
}

struct World {
    simulation: Arc<Simulation>,
    routes: Router,
    session: String,
}

impl World {
    async fn new() -> Self {
        log();
        let clock = Clock::manual(Timestamp(1_795_312_800_123));
        let dialer = Dialer::new(&DialOptions::default()).unwrap();
        let url = "http://localhost:8480/".parse().unwrap();
        let commons = Commons::new("anything", clock, Bounds { body_bytes: 4_096, ..Bounds::default() }, dialer, url);
        let (simulation, routes) = assemble(Arc::new(commons));
        let pages = control::pages(simulation.clone(), "http://localhost:8480/".parse().unwrap());
        let routes =
            control::router(simulation.clone(), control::Door::default()).merge(pages).fallback_service(routes);
        let mut this = Self { simulation, routes, session: String::new() };
        let sent = Sent {
            method: Method::POST,
            path: "/v2/eid/sbid".into(),
            kind: "application/json".into(),
            token: true,
            body: b"{\"allowRetries\":true}".to_vec(),
        };
        let (_, answer) = this.send(&sent).await.unwrap();
        this.session = serde_json::from_str::<Value>(&answer).unwrap()["id"].as_str().unwrap().to_owned();
        this
    }

    /// `None` for what no HTTP library would send.
    async fn send(&self, sent: &Sent) -> Option<(u16, String)> {
        let mut request = Request::builder()
            .method(&sent.method)
            .uri(&sent.path)
            .header("host", "localhost")
            .header("content-type", &*sent.kind)
            .header("content-length", sent.body.len().to_string());
        if sent.token {
            request = request.header("authorization", TOKEN);
        }
        let request = request.body(Body::from(sent.body.clone())).ok()?;
        let answer = self.routes.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        if parts.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
            return Some((parts.status.as_u16(), String::new()));
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let location = parts.headers.get("location").map_or("", |value| value.to_str().unwrap_or_default());
        Some((parts.status.as_u16(), format!("{}{location}", String::from_utf8_lossy(&body))))
    }
}

#[derive(Clone, Debug)]
struct Sent {
    method: Method,
    path: String,
    kind: String,
    token: bool,
    body: Vec<u8>,
}

fn form(value: &Value) -> Vec<u8> {
    let pairs = value.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value.to_string()));
    let pairs: BTreeMap<String, String> = pairs.map(|(key, value)| (key, value.trim_matches('"').to_owned())).collect();
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes()
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..60),
        4 => near().prop_map(|value| value.to_string().into_bytes()),
        2 => near().prop_map(|value| form(&value)),
        1 => Just(vec![b'x'; 5_000]),
    ]
}

prop_compose! {
    fn sent()(
        route in any::<prop::sample::Index>(),
        other in prop::option::weighted(0.1, prop::sample::select(vec![Method::PUT, Method::OPTIONS, Method::TRACE, Method::HEAD])),
        words in prop::collection::vec(word(), 5),
        query in prop::option::of((prop::sample::select(vec!["then", "as", "after", "limit", "timeout", "q", "state", "framed"]), word())),
        kind in prop::sample::select(vec!["application/json", "application/json", "application/x-www-form-urlencoded", "text/plain"]),
        valid in prop::bool::weighted(0.7),
        token in prop::bool::weighted(0.9),
        body in body(),
    ) -> (Sent, bool) {
        let (method, path) = route.get(routes());
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let mut words = words.iter();
        let segments = path.split('/').map(|segment| match segment {
            // Put in when there is a session.
            "{id}" if valid => "{id}".to_owned(),
            "{hosted}" if valid => "Hosted".to_owned(),
            "{space}" if valid => "default".to_owned(),
            _ if segment.starts_with('{') => encode(words.next().map_or("x", String::as_str)),
            _ => segment.to_owned(),
        });
        let mut path = segments.collect::<Vec<_>>().join("/");
        if let Some((key, value)) = query {
            path = format!("{path}?{key}={}", encode(&value));
        }
        let method = other.unwrap_or_else(|| method.clone());
        (Sent { method, path, kind: kind.to_owned(), token, body }, valid)
    }
}

const TOKEN: &str = "00000000-e2a2-4968-b651-5352305c9fb0";
