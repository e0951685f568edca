//! The smallest provider there is: the seam without anybody's words.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use motpart::dial::{DialOptions, Dialer};
use motpart::identity::{Checks, Country, NationalNumber};
use motpart::script::{Hint, Millis, Operation, Script};
use motpart::session::{Entered, Limits, OrderBegins, Phase};
use motpart::simulation::witness::witnessed;
use motpart::simulation::{
    Asked, Bounds, Clock, Commons, Context, Errand, ErrandKind, Provider, Seal, Session, SessionId, Sessions,
    Simulation, Timestamp, Unsayable, Visited,
};
use serde::{Deserialize, Serialize};

#[derive(Debug)]
pub(crate) struct Toy;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Order {
    #[serde(default)]
    pub(crate) webhook: Option<String>,
    #[serde(default)]
    pub(crate) reference: Option<String>,
    #[serde(default)]
    pub(crate) weight: usize,
    #[serde(default)]
    pub(crate) number: Option<String>,
    #[serde(skip)]
    pub(crate) parsed: Option<NationalNumber>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    pub(crate) one_order_per_person: bool,
}

impl Provider for Toy {
    const NAME: &'static str = "toy";
    const CREDENTIALS: &'static [&'static str] = &["token"];
    type Order = Order;
    type State = ();
    type Settings = Settings;

    fn asked(order: &Order) -> Asked<'_> {
        Asked {
            method: "toy",
            country: Country::Se,
            number: order.parsed.as_ref(),
            reference: order.reference.as_deref(),
            target: None,
            text: None,
        }
    }

    fn weight(order: &Order) -> usize {
        order.weight
    }

    fn limits(_: &Order, _: &Settings) -> Limits {
        Limits { link: Millis(600_000), order: Millis(180_000), begins: OrderBegins::WhenOpened }
    }

    fn refuses(_: &Script) -> Option<Unsayable> {
        None
    }

    fn one_order_per_person(settings: &Settings) -> bool {
        settings.one_order_per_person
    }

    fn errands(session: &mut Session<Self>, entered: &Entered, context: &Context<'_, Self>) -> Vec<Errand> {
        if entered.phase.is_pending() {
            return Vec::new();
        }
        let key = context.space.credential("toy", "token").unwrap_or_default();
        let seal = Seal {
            header: "x-toy",
            sign: |key, bytes, _| motpart::crypto::mac::hmac_sha256_hex(key, bytes),
            key: key.as_bytes().into(),
            over: None,
            flaw: None,
        };
        let body = Bytes::from(said(session));
        let webhook = |url: &String| Errand {
            kind: ErrandKind::Webhook,
            url: url.clone(),
            body,
            content_type: "text/plain",
            seal: Some(seal),
            retries: &[Millis(10_000), Millis(60_000)],
        };
        session.order.webhook.as_ref().map(webhook).into_iter().collect()
    }

    fn page(session: &Session<Self>) -> Option<String> {
        Some(format!("toy/{}/page", session.id))
    }

    fn mint(_: &str, _: &str, entropy: [u8; 32]) -> String {
        entropy.iter().take(8).map(|b| format!("{b:02x}")).collect()
    }

    fn answer_now(session: &Session<Self>, _: &Context<'_, Self>) -> String {
        said(session)
    }
}

pub(crate) fn said(session: &Session<Toy>) -> String {
    match session.phase() {
        Phase::Failed(reason) => format!("failed {reason}"),
        Phase::Finished(person) => format!("finished {}", person.name),
        Phase::Pending(Hint::Outstanding) => "pending".into(),
        Phase::Pending(hint) => format!("pending {hint}"),
    }
}

/// A simulation of the toy, with its routes witnessed and its space `default`.
pub(crate) struct World {
    pub(crate) simulation: Arc<Simulation>,
    pub(crate) sessions: Arc<Sessions<Toy>>,
    pub(crate) routes: Router,
}

impl World {
    pub(crate) fn new(clock: Clock, bounds: Bounds) -> Self {
        let dialer = Dialer::new(&DialOptions::default()).expect("no options, no trouble");
        let public = "http://127.0.0.1:8480/".parse().expect("an address");
        let commons = Arc::new(Commons::new("a seed", clock, bounds, dialer, public));
        let sessions = Arc::new(Sessions::<Toy>::new(commons.clone(), 0));
        let simulation = Arc::new(Simulation { commons: commons.clone(), providers: vec![sessions.clone()] });
        simulation.add_space("default", &Default::default()).expect("the first space");
        let routes =
            Router::new().route("/toy", post(start)).route("/toy/{id}", get(collect)).with_state(sessions.clone());
        Self { simulation, sessions, routes: witnessed(commons, routes) }
    }

    pub(crate) fn standing_still() -> Self {
        Self::new(Clock::manual(Timestamp(1_790_000_000_000)), Bounds::default())
    }

    pub(crate) fn commons(&self) -> &Commons {
        &self.simulation.commons
    }

    pub(crate) fn play(&self, script: &str) {
        let script = Script::parse(script, "test.toml").expect("a script of this test");
        self.commons().spaces.default_space().programme.set_default(Some(Arc::new(script)));
    }

    pub(crate) fn start(&self, order: Order) -> SessionId {
        let order = Order { parsed: order.number.as_deref().map(number), ..order };
        self.sessions.start(&self.commons().spaces.default_space(), order).value.id
    }

    pub(crate) fn collect(&self, id: SessionId) -> String {
        self.sessions.visit(id, Operation::Collect, |session, _| said(session)).expect("a session").value
    }

    pub(crate) fn journal(&self) -> Vec<String> {
        let space = self.commons().spaces.default_space();
        space
            .journal
            .after(0, 10_000, motpart::simulation::journal::Wanted::default())
            .into_iter()
            .map(|r| format!("{}: {}", r.what, r.text))
            .collect()
    }
}

pub(crate) fn number(text: &str) -> NationalNumber {
    NationalNumber::parse(Country::Se, text, Checks::Strict).expect("a test number")
}

async fn start(State(sessions): State<Arc<Sessions<Toy>>>, Query(order): Query<Order>) -> Response {
    let space = sessions.commons.spaces.default_space();
    let order = Order { parsed: order.number.as_deref().map(number), ..order };
    let Visited { value, trace } = sessions.start(&space, order);
    traced(value.id.to_string(), trace)
}

async fn collect(State(sessions): State<Arc<Sessions<Toy>>>, Path(id): Path<SessionId>) -> Response {
    match sessions.visit(id, Operation::Collect, |session, _| said(session)) {
        Ok(Visited { value, trace }) => traced(value, trace),
        Err(refusal) => (http::StatusCode::NOT_FOUND, refusal.to_string()).into_response(),
    }
}

fn traced(body: String, trace: motpart::simulation::Trace) -> Response {
    let mut response = body.into_response();
    response.extensions_mut().insert(trace);
    response
}
