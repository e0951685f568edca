//! `/`: what is simulated here, and where.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};

use super::texts::Texts;
use super::{Pages, html, preferred};

#[derive(Debug, Template)]
#[template(path = "index.html")]
struct Index {
    t: &'static Texts,
    version: &'static str,
    providers: Vec<Provider>,
    /// Relative where it is the same listener's.
    control: String,
}

#[derive(Debug)]
struct Provider {
    name: String,
    base: String,
}

/// Without credentials: whoever reaches the providers sees this page.
pub(super) async fn show(State(pages): State<Pages>, head: HeaderMap) -> Response {
    let commons = &pages.simulation.commons;
    let space = commons.spaces.default_space();
    let public = space.public_url().unwrap_or_else(|| commons.public_url());
    let providers = pages.simulation.providers.iter().map(|provider| Provider {
        name: provider.name().replace('_', "-"),
        base: format!("{}{}", public.as_str().trim_end_matches('/'), provider.base(&space)),
    });
    let index = Index {
        t: preferred(&head),
        version: env!("CARGO_PKG_VERSION"),
        providers: providers.collect(),
        control: format!("{}_motpart/v1", pages.control),
    };
    html(StatusCode::OK, &index)
}
