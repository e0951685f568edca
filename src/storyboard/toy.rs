//! A provider without documents, for tests: `POST /orders`, `GET /orders/{id}`, and a webhook at the end.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::Stage;
use crate::dial::{DialOptions, Dialer};
use crate::identity::Country;
use crate::script::{Millis, Operation, Script};
use crate::session::{Entered, Limits, OrderBegins, Phase};
use crate::simulation::witness::witnessed;
use crate::simulation::{
    Asked, Bounds, Clock, Commons, Context, DEFAULT, Errand, ErrandKind, Provider, Sample, Session, SessionId,
    Sessions, Simulation, Unsayable,
};

#[derive(Debug)]
pub(crate) struct Toy;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    loud: bool,
}

impl Provider for Toy {
    const NAME: &'static str = "toy_box";
    const CREDENTIALS: &'static [&'static str] = &["token"];
    const SAMPLE: Option<Sample> = Some(Sample {
        least: "POST /orders\nAuthorization: {{token}}",
        set_up: "POST /orders\nAuthorization: {{token}}\n\nwebhook",
        collect: "GET /orders/{{session}}",
    });
    type Order = Order;
    type State = ();
    type Settings = Settings;

    fn asked(_: &Order) -> Asked<'_> {
        Asked { method: "toy", country: Country::Se, number: None, reference: None, target: None, text: None }
    }

    fn weight(_: &Order) -> usize {
        0
    }

    fn limits(_: &Order, _: &Settings) -> Limits {
        Limits { link: Millis(60_000), order: Millis(30_000), begins: OrderBegins::WhenOpened }
    }

    fn refuses(script: &Script) -> Option<Unsayable> {
        let fault = script.faults.iter().find(|fault| fault.on == Operation::Token)?;
        Some(Unsayable { provider: Self::NAME, what: fault.on.to_string(), why: "toys have no tokens" })
    }

    fn errands(_: &mut Session<Self>, entered: &Entered, _: &Context<'_, Self>) -> Vec<Errand> {
        let body = match &entered.phase {
            Phase::Failed(reason) => reason.to_string(),
            Phase::Finished(person) => person.name.clone(),
            Phase::Pending(_) => return Vec::new(),
        };
        vec![Errand {
            kind: ErrandKind::Webhook,
            url: "http://localhost:3000/hook".to_owned(),
            body: Bytes::from(body),
            content_type: "text/plain",
            seal: None,
            retries: &[],
        }]
    }

    fn page(_: &Session<Self>) -> Option<String> {
        None
    }

    fn mint(_: &str, _: &str, _: [u8; 32]) -> String {
        "t0".to_owned()
    }

    fn answer_now(session: &Session<Self>, _: &Context<'_, Self>) -> String {
        session.phase().word().to_owned()
    }
}

type Toys = State<Arc<Sessions<Toy>>>;

async fn start(State(toys): Toys) -> Response {
    let started = toys.start(&toys.commons.spaces.default_space(), Order);
    let mut response = started.value.id.to_string().into_response();
    response.extensions_mut().insert(started.trace);
    response
}

async fn collect(State(toys): Toys, Path(id): Path<String>) -> Response {
    let Some(id) = id.parse::<SessionId>().ok() else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(visited) = toys.visit(id, Operation::Collect, |session, visit| Toy::answer_now(session, &visit.context))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = visited.value.into_response();
    response.extensions_mut().insert(visited.trace);
    response
}

/// A stage with this provider alone.
pub(crate) fn stage() -> Stage {
    let dialer = Dialer::new(&DialOptions::default()).unwrap();
    let public = "http://localhost:8480/".parse().unwrap();
    let clock = Clock::manual(super::NOON);
    let commons = Arc::new(Commons::new("toys", clock, Bounds::default(), dialer, public));
    let toys = Arc::new(Sessions::<Toy>::new(commons.clone(), 0));
    let routes =
        Router::new().route("/orders", post(start)).route("/orders/{id}", get(collect)).with_state(toys.clone());
    let routes = witnessed(commons.clone(), routes);
    let simulation = Arc::new(Simulation { commons, providers: vec![toys] });
    simulation.add_space(DEFAULT, &std::collections::BTreeMap::new()).unwrap();
    Stage { simulation, routes, receiver: super::Receiver::default(), told: super::told::Told::default() }
}
