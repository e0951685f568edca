//! `/.well-known/openid-configuration` and `/jwks.json`: asked without naming any session.
//!
//! Faults and forgeries are those of the newest session of the space, while it is young: whoever rehearses them has one space to oneself.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{StatusCode, header};

use super::answer::{trace, traced};
use super::op::{Here, Op};
use crate::script::{KeySetTampering, Operation, Tampering};
use crate::simulation::Trace;

/// `GET /.well-known/openid-configuration`.
pub(super) async fn discovery(State(op): State<Arc<Op>>, request: Request) -> Response {
    let Some(here) = op.here(request.uri()) else { return super::super::stray(request).await.into_response() };
    let body = op.published.discovery(&here.space, &here.place, &here.settings);
    let (_, trace) = of_newest(&op, &here, Operation::Discovery);
    traced(json(body), trace)
}

/// `GET /jwks.json`.
pub(super) async fn key_set(State(op): State<Arc<Op>>, request: Request) -> Response {
    let Some(here) = op.here(request.uri()) else { return super::super::stray(request).await.into_response() };
    let (how, trace) = of_newest(&op, &here, Operation::Jwks);
    traced(json(op.published.key_set(&here.space, &here.keys, how)), trace)
}

/// What is wrong on purpose, and what the witness has to know.
fn of_newest(op: &Op, here: &Here, operation: Operation) -> (Option<KeySetTampering>, Trace) {
    let plain = || (None, trace(here, operation, None));
    let Some(id) = op.newest(&here.space) else { return plain() };
    let matters = op.sessions.look(id, |session, context| {
        let script = &session.script;
        let is_about_keys = script.faults.iter().any(|fault| fault.on == operation)
            || script.forgeries.iter().any(|forgery| forgery.how.key_set().is_some());
        is_about_keys && session.age(context.now).0 < YOUNG
    });
    // Most scripts say nothing of it, and their sessions are left alone.
    if !matters.unwrap_or_default() {
        return plain();
    }
    let visited = op.sessions.visit_in(&here.space, id, operation, |session, _| {
        session.tampering(session.tally.requests(Operation::Jwks), Tampering::key_set)
    });
    visited.map_or_else(|_| plain(), |visited| (visited.value, visited.trace))
}

fn json(body: Bytes) -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, "application/json;charset=UTF-8")], body).into_response()
}

/// Milliseconds: order, code and token have ended by then, whatever the switches say.
const YOUNG: u64 = 3_600_000;
