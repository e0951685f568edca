//! Certificates: ours, for relying parties to pin, and a foreign one, where forged tokens say that their key is.
//!
//! Neither is Freja's: Freja hands its certificate over on paper, and a forger's key is anywhere. Both are here so that tests need no hands,
//! and so that whoever fetches a key that a token names is seen in the journal.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};

use super::switches::Certificates;
use super::{GatewaySessions, KEYS};
use crate::crypto::seal::jwk;
use crate::script::Operation;
use crate::simulation::keys::{Key, KeyState};
use crate::simulation::{SessionId, Space, Trace};

/// `/s/{space}/freja/jws-certificates.pem`, and the foreign key's places.
pub(super) fn routes(sessions: &GatewaySessions) -> Router {
    Router::new()
        .route("/s/{space}/freja/jws-certificates.pem", get(certificates))
        .route("/core/foreign/{session}/{what}", get(foreign))
        .with_state(sessions.clone())
}

/// Where the certificates of a space are, relative to our address.
pub(super) fn place(space: &Space) -> String {
    format!("s/{}/freja/jws-certificates.pem", space.name)
}

/// The certificates that are offered now, the signing one first; others, or none, by the switch `certificates`.
async fn certificates(State(sessions): State<GatewaySessions>, Path(space): Path<String>) -> Response {
    let commons = &sessions.commons;
    let Some(space) = commons.spaces.named(&space) else {
        return (StatusCode::NOT_FOUND, "there is no such space\n").into_response();
    };
    let (ring, now) = (space.keys.ring(commons.secret(), &space.name, KEYS[0]), commons.clock.now());
    let is_past = |state: KeyState| matches!(state, KeyState::Expired | KeyState::Withdrawn);
    let past = || ring.all(now).into_iter().filter(|(_, state)| is_past(*state)).map(|(key, _)| key);
    let keys: Vec<&Key> = match sessions.settings(&space.name).certificates {
        Certificates::Offered => ring.offered(now),
        Certificates::PastToo => ring.offered(now).into_iter().chain(past()).collect(),
        Certificates::Unavailable => Vec::new(),
    };
    let pem: String = keys.iter().map(|key| key.signer.certificate.pem()).collect();
    let trace = Trace { space: space.clone(), session: None, operation: Operation::Jwks, damage: None };
    if pem.is_empty() {
        let mut answer = (StatusCode::SERVICE_UNAVAILABLE, "no certificates now\n").into_response();
        answer.extensions_mut().insert(trace);
        return answer;
    }
    traced("application/x-pem-file", pem, trace)
}

async fn foreign(State(sessions): State<GatewaySessions>, Path((session, what)): Path<(String, String)>) -> Response {
    let visited = session.parse::<SessionId>().ok().and_then(|id| {
        let visited = sessions.visit(id, Operation::Jwks, |_, visit| {
            let context = &visit.context;
            context.space.keys.ring(context.secret, &context.space.name, KEYS[0]).foreign()
        });
        visited.ok()
    });
    match (visited, what.as_str()) {
        (Some(visited), "jwks.json") => {
            let keys = format!("{{\"keys\":[{}]}}", jwk(visited.value.key.public()));
            traced("application/json", keys, visited.trace)
        }
        (Some(visited), "certificate.pem") => {
            traced("application/x-pem-file", visited.value.certificate.pem().to_owned(), visited.trace)
        }
        (Some(_) | None, _) => (StatusCode::NOT_FOUND, "there is nothing here\n").into_response(),
    }
}

fn traced(content_type: &'static str, body: String, trace: Trace) -> Response {
    let mut response = ([(header::CONTENT_TYPE, content_type)], body).into_response();
    response.extensions_mut().insert(trace);
    response
}
