//! What is counted, in the Prometheus text format.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// The labels of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    /// `start`, `collect` … or `stray`.
    pub operation: &'static str,
    /// The status sent; 0 for a reset connection.
    pub status: u16,
}

/// The labels of an attempt to deliver.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct DeliveryLabels {
    /// `webhook` or `question`.
    pub kind: &'static str,
    /// `true` where the receiver accepted it.
    pub accepted: &'static str,
}

/// The counters of one simulation. Each simulation has its own, so that several can live in a process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Requests answered.
    pub requests: Family<RequestLabels, Counter>,
    /// Attempts to deliver.
    pub deliveries: Family<DeliveryLabels, Counter>,
    /// Sessions set up.
    pub sessions: Counter,
    /// Sessions forgotten because there were too many.
    pub evictions: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("motpart");
        let requests = Family::default();
        let deliveries = Family::default();
        let sessions = Counter::default();
        let evictions = Counter::default();
        registry.register("requests", "Requests answered, by operation and status", requests.clone());
        registry.register("deliveries", "Attempts to deliver webhooks and questions", deliveries.clone());
        registry.register("sessions", "Sessions set up", sessions.clone());
        registry.register("evictions", "Sessions forgotten because there were too many", evictions.clone());
        Self { registry, requests, deliveries, sessions, evictions }
    }
}

impl Metrics {
    /// All counters as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
