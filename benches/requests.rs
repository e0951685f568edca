//! The request path without sockets: routing, witness, session, wire.
//!
//! ```sh
//! cargo bench --bench requests
//! ```

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use divan::Bencher;
use http::Request;
use motpart::dial::{DialOptions, Dialer};
use motpart::running::assemble;
use motpart::script::SignalName;
use motpart::simulation::{Bounds, Clock, Commons, Said, SessionId, Simulation};
use tokio::runtime::Runtime;
use tower::ServiceExt;

const TOKEN: &str = "00000000-e2a2-4968-b651-5352305c9fb0";

fn main() {
    divan::main();
}

struct World {
    runtime: Runtime,
    simulation: Arc<Simulation>,
    routes: Router,
}

impl World {
    fn new() -> Self {
        let dialer = Dialer::new(&DialOptions::default()).expect("no options, no trouble");
        let public = "http://127.0.0.1:8480/".parse().expect("an address");
        let commons = Commons::new("a seed", Clock::System, Bounds::default(), dialer, public);
        let (simulation, routes) = assemble(Arc::new(commons));
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        Self { runtime, simulation, routes }
    }

    fn ask(&self, request: Request<Body>) -> Bytes {
        self.runtime.block_on(async {
            let answer = self.routes.clone().oneshot(request).await.expect("a router never fails");
            to_bytes(answer.into_body(), usize::MAX).await.expect("a whole body")
        })
    }

    fn session(&self) -> SessionId {
        let answer = self.ask(set_up());
        let id = std::str::from_utf8(&answer[7..43]).expect("a GUID is ASCII");
        id.parse().expect("a set-up has an id")
    }
}

fn set_up() -> Request<Body> {
    Request::post("/v2/eid/sbid-another")
        .header("authorization", TOKEN)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("target=http%3A%2F%2Flocalhost%3A8080%2Fzignsec%2Freturn"))
        .expect("a request")
}

fn result(id: SessionId) -> Request<Body> {
    Request::get(format!("/v2/eid/{id}")).header("authorization", TOKEN).body(Body::empty()).expect("a request")
}

#[divan::bench]
fn setting_up(bencher: Bencher<'_, '_>) {
    let world = World::new();
    bencher.with_inputs(set_up).bench_values(|request| world.ask(request));
}

#[divan::bench]
fn a_pending_result(bencher: Bencher<'_, '_>) {
    let world = World::new();
    let id = world.session();
    bencher.with_inputs(|| result(id)).bench_values(|request| world.ask(request));
}

#[divan::bench]
fn a_finished_result(bencher: Bencher<'_, '_>) {
    let world = World::new();
    let id = world.session();
    let provider = world.simulation.holder(id).expect("its provider");
    provider.signal(id, &Said::plain(SignalName::Confirmed)).expect("a session");
    bencher.with_inputs(|| result(id)).bench_values(|request| world.ask(request));
}
