//! Whether the simulation runs, and how much it does.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use serde::Serialize;
use utoipa::ToSchema;

use super::json::Json;
use crate::simulation::Simulation;

/// That the simulation runs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ok`: whoever answers is well.
    status: &'static str,
    /// Motpart's version.
    version: &'static str,
    /// How long it has been running, in milliseconds.
    uptime_ms: u64,
    /// The providers, in snake_case.
    providers: Vec<&'static str>,
    /// Live sessions of all providers.
    sessions: usize,
    /// Spaces.
    spaces: usize,
}

/// Whether the simulation runs. Needs no token.
#[utoipa::path(get, path = "/health", tag = "about", security(()), responses((status = OK, body = Health)))]
pub(super) async fn health(State(simulation): State<Arc<Simulation>>) -> Json<Health> {
    let commons = &simulation.commons;
    Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        uptime_ms: commons.clock.now().since(commons.begun).0,
        providers: simulation.providers.iter().map(|provider| provider.name()).collect(),
        sessions: simulation.providers.iter().map(|provider| provider.len()).sum(),
        spaces: commons.spaces.all().len(),
    })
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfProvider {
    provider: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfSpace {
    space: String,
}

/// Counters and gauges for Prometheus, in the OpenMetrics text format.
#[utoipa::path(get, path = "/metrics", tag = "about",
    responses((status = OK, body = String, content_type = "application/openmetrics-text")))]
pub(super) async fn metrics(State(simulation): State<Arc<Simulation>>) -> Response {
    let counters = simulation.commons.metrics.text();
    // Two registries in one text: only the last one ends it.
    let text = format!("{}{}", counters.strip_suffix("# EOF\n").unwrap_or(&counters), gauges(&simulation));
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
}

fn gauges(simulation: &Simulation) -> String {
    let live = Family::<OfProvider, Gauge>::default();
    for provider in &simulation.providers {
        live.get_or_create(&OfProvider { provider: provider.name() }).set(gauge(provider.len()));
    }
    let spaces = simulation.commons.spaces.all();
    let count: Gauge = Gauge::default();
    count.set(gauge(spaces.len()));
    let journals = Family::<OfSpace, Gauge>::default();
    for space in &spaces {
        journals.get_or_create(&OfSpace { space: space.name.to_string() }).set(gauge(space.journal.weight()));
    }
    let mut registry = Registry::with_prefix("motpart");
    registry.register("live_sessions", "Sessions held now", live);
    registry.register("spaces", "Spaces held now", count);
    registry.register("journal_bytes", "Bytes of the journal held now", journals);
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = encode(&mut text, &registry);
    text
}

fn gauge(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
