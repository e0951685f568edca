//! The page as browsers see it: requests through the router, with a clock that stands still.

mod flows;
mod interface;
mod rim;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt as _;
use url::Url;

use super::routes;
use crate::dial::{DialOptions, Dialer};
use crate::identity::{Checks, Country, NationalNumber};
use crate::providers::zignsec_v2::order::Held;
use crate::providers::zignsec_v2::{Method, Order, Settings, V2Sessions};
use crate::session::Phase;
use crate::simulation::witness::witnessed;
use crate::simulation::{Bounds, Clock, Commons, DEFAULT, SessionId, Sessions, Simulation, Space, Timestamp};

/// A simulation with this one provider.
struct World {
    commons: Arc<Commons>,
    sessions: V2Sessions,
    space: Arc<Space>,
    simulation: Arc<Simulation>,
    router: Router,
}

/// An answer, read.
struct Got {
    status: StatusCode,
    head: HeaderMap,
    body: String,
}

impl World {
    fn new() -> Self {
        let clock = Clock::manual(Timestamp(1_790_000_000_000));
        let dialer = Dialer::new(&DialOptions::default()).unwrap();
        let url = Url::parse("http://localhost:8480/").unwrap();
        let commons = Arc::new(Commons::new("page", clock, Bounds::default(), dialer, url));
        let space = commons.spaces.add(Space::new(DEFAULT, [].into(), 1 << 20), &[]).unwrap();
        let sessions = Arc::new(Sessions::new(commons.clone(), 0));
        let router = witnessed(commons.clone(), routes(&sessions));
        let simulation = Arc::new(Simulation { commons: commons.clone(), providers: vec![sessions.clone()] });
        Self { commons, sessions, space, simulation, router }
    }

    fn set(&self, change: impl FnOnce(&mut Settings)) {
        let Ok(_) = self.sessions.alter_settings(&self.space, |now| {
            let mut settings = now.clone();
            change(&mut settings);
            Ok::<_, Infallible>(settings)
        });
    }

    fn start(&self, order: Order) -> SessionId {
        self.sessions.start(&self.space, order).value.id
    }

    fn phase(&self, id: SessionId) -> Phase {
        self.sessions.look(id, |session, _| session.phase().clone()).unwrap()
    }

    /// Who finished; a test that expects somebody else sees the phase.
    fn finished_as(&self, id: SessionId) -> String {
        match self.phase(id) {
            Phase::Finished(person) => person.name.clone(),
            other @ (Phase::Failed(_) | Phase::Pending(_)) => format!("{other:?}"),
        }
    }

    async fn ask(&self, request: Request<Body>) -> Got {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Got { status: parts.status, head: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// GET of a part of the session's page: `""`, `go`, `?then=…`.
    async fn get(&self, id: SessionId, part: &str) -> Got {
        self.ask(Request::get(format!("/v2/Hosted/{id}/x/{part}")).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, id: SessionId, form: &str) -> Got {
        let request = Request::post(format!("/v2/Hosted/{id}/x/"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// The journal's exchanges, as request lines.
    fn journal(&self) -> Vec<String> {
        let records = self.space.journal.after(0, 10_000, crate::simulation::journal::Wanted::default());
        let lines = records.iter().map(|record| serde_json::to_string(record).unwrap());
        lines.filter(|line| line.contains("/v2/Hosted/")).collect()
    }
}

impl Got {
    fn location(&self) -> &str {
        self.head.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// Whether an element carries the test id.
    fn has(&self, testid: &str) -> bool {
        self.body.contains(&format!("data-testid=\"{testid}\""))
    }
}

fn order(method: Method) -> Order {
    Order { method, target: Some("http://app.example/klar?a=1".into()), ..Order::default() }
}

fn number(country: Country, text: &str) -> Option<Held> {
    Some(Held(NationalNumber::parse(country, text, Checks::Strict).unwrap()))
}

/// Anna's.
fn annas() -> Option<Held> {
    number(Country::Se, "198501012382")
}
