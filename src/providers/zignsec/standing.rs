//! How a pending order stands: the part of a page that refreshes itself, as its script is told it each second.

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::answer::{quiet, traced, typed};
use crate::script::Hint;
use crate::session::Phase;
use crate::simulation::{Context, Provider, Session, Trace};

/// How a pending order stands.
#[derive(Debug, Serialize)]
pub(in crate::providers) struct Standing {
    pub(in crate::providers) phase: &'static str,
    pub(in crate::providers) stage: &'static str,
    pub(in crate::providers) status: &'static str,
    /// `2:59`, rounded up, so that 0:00 means that it is over.
    pub(in crate::providers) left: String,
    /// What is left of the person's time, in milliseconds.
    pub(in crate::providers) left_ms: u64,
}

impl Standing {
    /// As it is now, on a page that is at this stage and says this.
    pub(in crate::providers) fn of<P: Provider>(
        session: &Session<P>,
        context: &Context<'_, P>,
        stage: &'static str,
        status: &'static str,
    ) -> Self {
        let end = session.progress.opened().map(|opened| opened.plus(session.limits.order).0);
        let left_ms = end.map_or(session.limits.order.0, |end| end.saturating_sub(session.age(context.now).0));
        let seconds = left_ms.div_ceil(1000);
        let left = format!("{}:{:02}", seconds / 60, seconds % 60);
        Self { phase: session.phase().word(), stage, status, left, left_ms }
    }

    /// The answer to the page's script.
    pub(in crate::providers) fn answer(&self, trace: Trace) -> Response {
        let body = serde_json::to_string(self).unwrap_or_default();
        quiet(traced(typed(StatusCode::OK, "application/json", body), trace))
    }
}

/// How far the provider is.
pub(in crate::providers) const fn hint<P: Provider>(session: &Session<P>) -> Hint {
    match session.phase() {
        Phase::Pending(hint) => *hint,
        Phase::Failed(_) | Phase::Finished(_) => Hint::Outstanding,
    }
}
