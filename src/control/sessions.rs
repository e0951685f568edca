//! Live sessions: which there are, and how each stands.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::advance::span_of;
use super::json::{Json, Query};
use super::path::{TheSession, TheSpace};
use super::problem::Problem;
use crate::script::Millis;
use crate::simulation::{SessionId, SessionView, Simulation};

/// Sessions of a space.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionList {
    /// From the oldest to the newest.
    sessions: Vec<SessionView>,
}

/// The session that was waited for.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NextSession {
    /// The oldest one with a number above `after`; `null` when none came in time.
    session: Option<SessionView>,
}

/// A session, with how much there is to notice about it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionDetail {
    /// The session.
    session: SessionView,
    /// How many findings it has; `…/findings` tells them.
    findings: usize,
}

/// Which sessions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only sessions with a higher number, the oldest of them first. Left out: the newest ones.
    after: Option<u64>,
    /// At most this many, 1 to 1000; 100 when left out.
    limit: Option<usize>,
}

/// What to wait for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NextWhich {
    /// A session with a higher number than this; 0 when left out. `newest_session` of the space is the place to start from.
    #[serde(default)]
    after: u64,
    /// How long to wait at most, such as `10s` (also when left out); `60s` is the most.
    timeout: Option<String>,
}

/// Sessions of a space, from the oldest to the newest.
#[utoipa::path(get, path = "/spaces/{space}/sessions", tag = "sessions",
    params(("space" = String, Path, description = "Its name"), Which), responses((status = OK, body = SessionList)))]
pub(super) async fn list_sessions(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
    Query(which): Query<Which>,
) -> Json<SessionList> {
    let limit = which.limit.unwrap_or(100).clamp(1, 1_000);
    let mut numbered = numbered(&simulation, &space.name, which.after.unwrap_or(0));
    if which.after.is_none() {
        numbered.drain(..numbered.len().saturating_sub(limit));
    }
    let views = numbered.into_iter().take(limit).filter_map(|(_, place, id)| {
        // A session can be forgotten at any moment.
        simulation.providers.get(place)?.view(id).ok()
    });
    Json(SessionList { sessions: views.collect() })
}

/// Waits for a session: for tests that cannot see the redirect address. Answers the oldest one with a number above `after` as soon as it
/// is there, and `{"session": null}` with status 200 when none came in time.
#[utoipa::path(get, path = "/spaces/{space}/sessions/next", tag = "sessions",
    params(("space" = String, Path, description = "Its name"), NextWhich), responses((status = OK, body = NextSession)))]
pub(super) async fn next_session(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
    Query(which): Query<NextWhich>,
) -> Result<Json<NextSession>, Problem> {
    let timeout = which.timeout.map_or(Ok(Millis(10_000)), |text| span_of(&text, "the query parameter `timeout`"))?;
    if timeout > LONGEST_WAIT {
        return Err(Problem::at("the query parameter `timeout`", format!("{timeout} is too long"))
            .help(format!("wait {LONGEST_WAIT} at most and ask again with the same `after`")));
    }
    let mut newest = space.newest.subscribe();
    let wait = async {
        loop {
            // Marked as seen before looking, so that a session that comes in between wakes us.
            newest.mark_unchanged();
            for (_, place, id) in numbered(&simulation, &space.name, which.after) {
                if let Some(Ok(session)) = simulation.providers.get(place).map(|provider| provider.view(id)) {
                    return Some(session);
                }
            }
            newest.changed().await.ok()?;
        }
    };
    let found = tokio::time::timeout(Duration::from_millis(timeout.0), wait).await;
    Ok(Json(NextSession { session: found.ok().flatten() }))
}

/// How a session stands.
#[utoipa::path(get, path = "/sessions/{id}", tag = "sessions", params(("id" = String, Path, description = "The session's GUID")),
    responses((status = OK, body = SessionDetail)))]
pub(super) async fn show_session(TheSession { id, control, .. }: TheSession) -> Result<Json<SessionDetail>, Problem> {
    let session = control.view(id)?;
    Ok(Json(SessionDetail { session, findings: control.findings(id)?.len() }))
}

/// The sessions of a space above a number: number, place of the provider, id; oldest first.
pub(super) fn numbered(simulation: &Simulation, space: &str, after: u64) -> Vec<(u64, usize, SessionId)> {
    let mut numbered: Vec<_> = simulation
        .providers
        .iter()
        .enumerate()
        .flat_map(|(place, p)| p.numbered(space, after).into_iter().map(move |(number, id)| (number, place, id)))
        .collect();
    numbered.sort_unstable();
    numbered
}

/// Proxies between here and the test give up after a minute.
const LONGEST_WAIT: Millis = Millis(60_000);
