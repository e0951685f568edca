//! What a session sends of its own accord, and answers that are held back.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::advance::undisturbed;
use super::json::Json;
use super::path::{Number, TheSession};
use super::problem::{Code, Problem};
use crate::script::Millis;
use crate::simulation::outbox::{DeliveryView, Sender};
use crate::simulation::{Refusal, Simulation};

/// A session's webhooks and questions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeliveryList {
    /// In the order they arose.
    deliveries: Vec<DeliveryView>,
}

/// How many answers were let go.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Released {
    /// Answers that were held or delayed.
    released: usize,
}

/// Lets the answers of a session go that a fault holds or delays.
#[utoipa::path(post, path = "/sessions/{id}/release", tag = "sessions", params(("id" = String, Path, description = "The session's GUID")),
    responses((status = OK, body = Released)))]
pub(super) async fn release_answers(
    State(simulation): State<Arc<Simulation>>,
    TheSession { id, .. }: TheSession,
) -> Json<Released> {
    Json(Released { released: simulation.commons.waits.release(&simulation.commons.agenda, id) })
}

/// A session's webhooks and questions, with every attempt.
#[utoipa::path(get, path = "/sessions/{id}/deliveries", tag = "deliveries", params(("id" = String, Path, description = "The session's GUID")),
    responses((status = OK, body = DeliveryList)))]
pub(super) async fn list_deliveries(
    State(simulation): State<Arc<Simulation>>,
    TheSession { id, .. }: TheSession,
) -> Json<DeliveryList> {
    Json(DeliveryList { deliveries: simulation.commons.outbox.deliveries(id) })
}

/// Sends a webhook once more, now, sealed anew, and answers with the new delivery once it was tried.
#[utoipa::path(post, path = "/sessions/{id}/deliveries/{n}/redeliver", tag = "deliveries",
    params(("id" = String, Path, description = "The session's GUID"), ("n" = u64, Path, description = "The delivery's number")),
    responses((status = OK, body = DeliveryView)))]
pub(super) async fn redeliver(
    State(simulation): State<Arc<Simulation>>,
    TheSession { id, place, control }: TheSession,
    Number(n): Number,
) -> Result<Json<DeliveryView>, Problem> {
    let commons = simulation.commons.clone();
    let space = commons.spaces.named(&control.view(id)?.space).ok_or(Refusal::Unknown(id))?;
    let sender = Sender { provider: place, session: id, space };
    let again = commons.outbox.redeliver(&commons.agenda, &sender, n, commons.clock.now()).ok_or_else(|| {
        Problem::not_found(format!("the session {id} has no delivery {n}")).help("GET …/deliveries lists them")
    })?;
    // Growing older by nothing lets happen what is due, and returns when it has happened.
    undisturbed(async move { simulation.advance(id, Millis(0)).await }).await??;
    let sent = commons.outbox.deliveries(id).into_iter().find(|delivery| delivery.number == again);
    sent.map(Json).ok_or_else(|| Problem::new(Code::Conflict, "the session was forgotten meanwhile"))
}
