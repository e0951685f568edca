//! The hosted page of SwissID: where a person authenticates, or a test does in the person's place.
//!
//! Addresses, shortcuts, test ids and the end are those of version 2's page, of which this one has a part: see `PAGE.md` there, and the
//! `README.md` of this folder for what is missing. Who is Swiss, the register does not know: everybody stands on it.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use super::switches::PostMessage;
use super::zignsec::Language;
use super::zignsec::address;
use super::zignsec::ending::unknown;
use super::zignsec::fields::{Fields, Manner};
use super::zignsec::simple::{SimplePage, Visitor};
use super::zignsec::texts::Texts;
use super::{Order, Settings, V3Sessions, ZignsecV3};
use crate::simulation::{Refusal, Session};

/// The page's routes.
pub(super) fn routes(sessions: &V3Sessions) -> Router {
    ["", "/", "/{part}"]
        .into_iter()
        .fold(Router::new(), |router, end| {
            router.route(&format!("/v3/{{hosted}}/{{id}}/{{product}}{end}"), get(page).post(page))
        })
        .with_state(sessions.clone())
}

/// The segments of a page's address.
#[derive(Debug, Deserialize)]
struct Address {
    /// `Hosted`, in any case.
    hosted: String,
    id: String,
    part: Option<String>,
}

async fn page(State(sessions): State<V3Sessions>, Path(address): Path<Address>, request: Request) -> Response {
    if !address.hosted.eq_ignore_ascii_case("hosted") {
        return super::super::stray(request).await.into_response();
    }
    let (head, fields) = Fields::of(request).await;
    let unknown = || unknown(Language::preferred(&head.headers));
    let id = address
        .id
        .parse()
        .ok()
        .filter(|id| sessions.look(*id, |session, _| session.order.method.in_browser()).unwrap_or_default());
    let Some(id) = id else { return unknown() };
    let manner = Manner::of(&fields, &head.headers);
    let base = if address.part.is_some() || head.uri.path().ends_with('/') { "./" } else { "swissid/" };
    let visitor = Visitor { sessions, id, base, fields, manner };
    let answer = visitor.answer(&head.method, address.part.as_deref()).await;
    answer.unwrap_or_else(|Refusal::Unknown(_)| unknown())
}

impl SimplePage for ZignsecV3 {
    const PRODUCT: &'static str = "SwissID";

    fn language(order: &Order) -> Language {
        order.language
    }

    /// The order's target, and for failures its target for errors before that; else the account's return address.
    fn back(session: &Session<Self>, settings: &Settings) -> Option<String> {
        let order = &session.order;
        let own = match session.failure() {
            Some(_) => order.target_error.as_deref().or(order.target.as_deref()),
            None => order.target.as_deref(),
        };
        let address = own.or(settings.return_url.as_deref()).filter(|address| address::is_safe(address))?;
        let relay_state = order.relay_state.clone().unwrap_or_else(|| session.id.to_string());
        Some(address::with_answer(address, &relay_state, None))
    }

    fn shares(order: &Order, t: &'static Texts) -> Vec<&'static str> {
        let wanted = [(order.scopes.phone, t.scope_phone), (order.scopes.email, t.scope_email)];
        wanted.into_iter().filter_map(|(wanted, label)| wanted.then_some(label)).collect()
    }

    fn action(word: &str) -> &str {
        match word {
            "agree" => "confirm",
            "decline" => "cancel",
            other => other,
        }
    }

    fn allows_retries(order: &Order) -> bool {
        order.allow_retries
    }

    fn message(settings: &Settings) -> PostMessage {
        settings.post_message
    }
}
