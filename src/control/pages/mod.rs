//! Pages for people beside the providers' doors: the index, and the phone of everybody whose provider has no page.
//!
//! They need no control token: who can reach a provider's page can reach these. Nothing on them comes from elsewhere. They speak through
//! [`Control`](crate::simulation::Control), and know no provider.

mod index;
mod phone;
mod texts;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use url::Url;

use self::texts::Texts;
use crate::simulation::Simulation;

/// What the pages are made from.
#[derive(Clone, Debug)]
struct Pages {
    simulation: Arc<Simulation>,
    /// Where the control API answers, with a slash at the end.
    control: Url,
}

/// The routes of the pages; `control` is where the control API answers.
pub fn pages(simulation: Arc<Simulation>, control: Url) -> Router {
    Router::new()
        .route("/", get(index::show))
        .route("/phone", get(phone::show_default).post(phone::act_default))
        .route("/phone/{space}", get(phone::show).post(phone::act))
        .route("/phone/{space}/state", get(phone::state))
        .with_state(Pages { simulation, control })
}

/// A page that loads nothing from anywhere else and stands in nobody's frame.
fn html(status: StatusCode, page: &impl Template) -> Response {
    let Ok(body) = page.render() else {
        // Rendering fails only when writing to memory does.
        return (StatusCode::INTERNAL_SERVER_ERROR, "the page could not be rendered\n").into_response();
    };
    let heads = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (status, heads, body).into_response()
}

/// The language that a browser prefers.
fn preferred(head: &HeaderMap) -> &'static Texts {
    let accepted = head.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let codes = accepted.split(',').map(|range| range.split([';', '-']).next().unwrap_or_default().trim());
    codes.filter_map(Texts::of).next().unwrap_or(&texts::ENGLISH)
}

const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
