//! The hosted page of Swedish BankID: where a person authenticates, or a test does in the person's place. Freja's people have none.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::zignsec::Language;
use super::zignsec::address;
use super::zignsec::answer::found;
use super::zignsec::ending::unknown;
use super::zignsec::fields::{Fields, Manner};
use super::zignsec::simple::{SimplePage, Visitor};
use super::{GatewaySessions, Order, Settings, ZignsecGateway};
use crate::identity::{Country, Person};
use crate::simulation::{Refusal, Session, SessionId};

/// The page's routes. Its address is ours: the documents show none.
pub(super) fn routes(sessions: &GatewaySessions) -> Router {
    ["", "/", "/{part}"]
        .into_iter()
        .fold(Router::new(), |router, end| router.route(&format!("/core/hosted/{{id}}{end}"), get(page).post(page)))
        .with_state(sessions.clone())
}

/// The segments of a page's address.
#[derive(Debug, Deserialize)]
struct Address {
    id: String,
    part: Option<String>,
}

async fn page(State(sessions): State<GatewaySessions>, Path(address): Path<Address>, request: Request) -> Response {
    let (head, fields) = Fields::of(request).await;
    let has_page =
        |id: &SessionId| sessions.look(*id, |session, _| !session.order.method.is_freja()).unwrap_or_default();
    let Some(id) = address.id.parse().ok().filter(has_page) else { return unknown(Language::default()) };
    if address.part.is_none() && !head.uri.path().ends_with('/') {
        // What is relative needs the slash.
        let query = head.uri.query().map_or_else(String::new, |query| format!("?{query}"));
        return found(&format!("{id}/{query}")).unwrap_or_else(|| unknown(Language::default()));
    }
    let manner = Manner::of(&fields, &head.headers);
    let visitor = Visitor { sessions, id, base: "./", fields, manner };
    let answer = visitor.answer(&head.method, address.part.as_deref()).await;
    answer.unwrap_or_else(|Refusal::Unknown(_)| unknown(Language::default()))
}

impl SimplePage for ZignsecGateway {
    const PRODUCT: &'static str = "bankid_se";

    fn language(order: &Order) -> Language {
        order.language
    }

    /// The documents append nothing to these addresses.
    fn back(session: &Session<Self>, _settings: &Settings) -> Option<String> {
        let order = &session.order;
        let own = if session.failure().is_some() { &order.redirect_failure } else { &order.redirect_success };
        own.clone().filter(|address| address::is_safe(address))
    }

    fn shows(person: &Person) -> bool {
        person.number.country() == Country::Se
    }
}
