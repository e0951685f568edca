//! The side door against a provider that is nobody's: the routes are the same for all.

mod arming;
mod conversation;
mod door;
mod everything;
mod pages;
mod spaces;
mod toy;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;
use url::Url;

use self::toy::{Order, Toy};
use super::{Door, router};
use crate::dial::{DialOptions, Dialer};
use crate::simulation::{Bounds, Clock, Commons, DEFAULT, Sessions, Simulation, Timestamp};

/// A simulation of the toy provider with a clock that stands still, and its side door.
struct Bench {
    simulation: Arc<Simulation>,
    sessions: Arc<Sessions<Toy>>,
    router: Router,
}

impl Bench {
    fn new() -> Self {
        Self::behind(Door::default())
    }

    fn behind(door: Door) -> Self {
        let dialer = Dialer::new(&DialOptions::default()).unwrap();
        let url = Url::parse("http://motpart.example:8480/").unwrap();
        // 2026-06-01T10:00:00Z
        let clock = Clock::manual(Timestamp(1_780_308_000_000));
        let commons = Arc::new(Commons::new("control", clock, Bounds::default(), dialer, url));
        let sessions = Arc::new(Sessions::<Toy>::new(commons.clone(), 0));
        let simulation = Arc::new(Simulation { commons, providers: vec![sessions.clone()] });
        simulation.add_space(DEFAULT, &std::collections::BTreeMap::new()).unwrap();
        Self { router: router(simulation.clone(), door), simulation, sessions }
    }

    /// Sets a session up, as a relying party of the space would. Returns its id.
    fn start(&self, space: &str, order: Order) -> String {
        let space = self.simulation.commons.spaces.named(space).unwrap();
        self.sessions.start(&space, order).value.id.to_string()
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, http::HeaderMap, Value) {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let value = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        (parts.status, parts.headers, value)
    }

    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/_motpart/v1/{path}") };
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8480");
        let body = body.map(|body| body.to_string());
        if let Some(body) = &body {
            request = request
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::CONTENT_LENGTH, body.len().to_string());
        }
        let body = body.map_or_else(Body::empty, Body::from);
        let (status, _, value) = self.send(request.body(body).unwrap()).await;
        (status.as_u16(), value)
    }

    async fn get(&self, path: &str) -> Value {
        let (status, value) = self.call("GET", path, None).await;
        assert_eq!(status, 200, "GET {path}: {value}");
        value
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let (status, value) = self.call("POST", path, Some(body)).await;
        assert!(matches!(status, 200 | 201), "POST {path}: {status} {value}");
        value
    }

    /// A call that is refused: its status, code and message with help.
    async fn refused(&self, method: &str, path: &str, body: Value) -> (u16, String, String) {
        let (status, value) = self.call(method, path, Some(body)).await;
        let error = &value["error"];
        let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
        assert!(!text("code").is_empty(), "{method} {path}: {status} {value}");
        (status, text("code"), format!("{} ({})", text("message"), text("help")))
    }
}
