//! Ageing: time passes by making sessions older. Nothing is ever dated in the future.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::Json;
use super::path::{TheSession, TheSpace};
use super::problem::{Code, Problem};
use super::sessions::numbered;
use crate::script::Millis;
use crate::session::Entered;
use crate::simulation::outbox::Attempt;
use crate::simulation::{Happened, PhaseView, Refusal, SessionId, SessionView, Simulation};

/// How much older.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct By {
    /// Such as `4m`, `3m 20s` or `8d`; `0s` lets happen what is due.
    by: String,
}

/// A phase that was entered.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Step {
    /// The phase.
    phase: PhaseView,
    /// Why: `time`, `polls`, `signal`, `link expired`, `order expired` or `begun`.
    cause: &'static str,
}

/// What happened in a session while it grew older.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Advanced {
    /// The phases entered, each at its own age.
    entered: Vec<Step>,
    /// The attempts to deliver webhooks and to ask questions, in order, with what failed.
    attempts: Vec<Attempt>,
    /// The session afterwards.
    session: SessionView,
}

/// What happened in a space's sessions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SpaceAdvanced {
    /// Oldest first.
    sessions: Vec<Advanced>,
}

impl Step {
    pub(super) fn new(entered: &Entered) -> Self {
        Self { phase: PhaseView::new(&entered.phase, entered.at.0), cause: entered.cause.word() }
    }
}

/// Makes a session older, and answers once everything that came due has happened: steps, deliveries, retries. What was issued was then
/// issued that much earlier; what is issued afterwards carries the time of day.
#[utoipa::path(post, path = "/sessions/{id}/advance", tag = "time", request_body = By,
    params(("id" = String, Path, description = "The session's GUID")), responses((status = OK, body = Advanced)))]
pub(super) async fn advance_session(
    State(simulation): State<Arc<Simulation>>,
    TheSession { id, .. }: TheSession,
    Json(By { by }): Json<By>,
) -> Result<Json<Advanced>, Problem> {
    let by = span_of(&by, "$.by")?;
    undisturbed(async move { advance(&simulation, id, by).await }).await?.map(Json)
}

/// Makes all sessions of a space older, one after the other, the oldest first; and before them its keys.
#[utoipa::path(post, path = "/spaces/{space}/advance", tag = "time", request_body = By,
    params(("space" = String, Path, description = "Its name")), responses((status = OK, body = SpaceAdvanced)))]
pub(super) async fn advance_space(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
    Json(By { by }): Json<By>,
) -> Result<Json<SpaceAdvanced>, Problem> {
    let by = span_of(&by, "$.by")?;
    space.keys.older(by);
    let sessions = undisturbed(async move {
        let mut sessions = Vec::new();
        for (_, _, id) in numbered(&simulation, &space.name, 0) {
            // A session can be forgotten meanwhile.
            sessions.extend(advance(&simulation, id, by).await.ok());
        }
        sessions
    })
    .await?;
    Ok(Json(SpaceAdvanced { sessions }))
}

async fn advance(simulation: &Simulation, id: SessionId, by: Millis) -> Result<Advanced, Problem> {
    let Happened { entered, attempts } = simulation.advance(id, by).await?;
    let control = simulation.holder(id).ok_or(Refusal::Unknown(id))?;
    Ok(Advanced { entered: entered.iter().map(Step::new).collect(), attempts, session: control.view(id)? })
}

/// Runs to the end even when the caller hangs up: an attempt that was begun must be put on record.
pub(super) async fn undisturbed<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Problem> {
    tokio::spawn(work).await.map_err(|_| Problem::new(Code::Internal, "the simulator broke off; its log says where"))
}

/// Reads a span such as `4m`.
pub(super) fn span_of(text: &str, path: &str) -> Result<Millis, Problem> {
    text.parse().map_err(|error| Problem::at(path, error))
}
