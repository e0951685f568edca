//! From the address that completes, over a series of redirects, back to the relying party.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, Uri};
use serde_json::json;
use url::form_urlencoded;

use super::Signicat;
use super::answer::{found, json_answer, redirect, refused, trace, traced, wants_json};
use super::cookie;
use super::handle::{Handle, Purpose, issue};
use super::op::{Here, Op};
use super::order::Order;
use super::problem::{Code, Problem};
use super::say::{in_words, urn};
use super::switches::{CallbackIssuer, CompleteAgain, CompleteWithAccept};
use super::tokens::OTHER_ISSUER;
use crate::crypto::mac;
use crate::script::{CallbackTampering, Operation, Reason, Tampering};
use crate::session::Phase;
use crate::simulation::{Context, Session, SessionId};

/// `GET …/complete?sid=…` and `GET …/nbid/complete/{handle}`.
pub(super) async fn complete(
    State(op): State<Arc<Op>>,
    path: Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let Some(here) = op.here(request.uri()) else { return super::super::stray(request).await.into_response() };
    let last = path.0.last().filter(|(name, _)| name == "handle").map(|(_, handle)| handle.clone());
    let given = last.or_else(|| in_query(request.uri(), "sid")).and_then(|text| Handle::read(&text));
    let genuine = given.filter(|handle| handle.is(op.secret(), Purpose::Complete, 0));
    completed(&op, &here, request.headers(), genuine.map(|handle| handle.session)).unwrap_or_else(|| nobodys(&here))
}

enum Step {
    /// The next hop.
    Onward,
    /// An error, told at the relying party.
    Back(Failure),
    /// An error, told here.
    Refused(StatusCode, &'static str),
    /// JSON for who asked for it.
    Told,
}

/// Why nobody authenticated.
#[derive(Clone, Copy)]
enum Failure {
    Ended(Reason),
    /// Asked before the end, or after completion.
    Untimely,
}

fn completed(op: &Op, here: &Here, head: &HeaderMap, id: Option<SessionId>) -> Option<Response> {
    let id = id?;
    let visited = op.sessions.visit_in(&here.space, id, Operation::Complete, |session, visit| {
        let settings = visit.context.settings;
        let step = if !cookie::admits(visit.context.secret, settings, session, head) {
            Step::Refused(StatusCode::FORBIDDEN, "The session cookie is missing")
        } else if wants_json(head) && settings.complete_with_accept == CompleteWithAccept::Json {
            Step::Told
        } else if session.state.completed.is_some() {
            match settings.complete_again {
                CompleteAgain::BadRequest => Step::Refused(StatusCode::BAD_REQUEST, "The transaction is complete already"),
                CompleteAgain::Redirect => Step::Back(Failure::Untimely),
            }
        } else {
            match session.phase() {
                Phase::Finished(_) => {
                    session.state.completed = Some(session.age(visit.context.now));
                    Step::Onward
                }
                Phase::Failed(reason) => Step::Back(Failure::Ended(*reason)),
                Phase::Pending(_) => Step::Back(Failure::Untimely),
            }
        };
        match step {
            Step::Onward => hop(here, &visit.context, session.id, 1, session),
            Step::Back(failure) => failed(session, &visit.context, failure),
            Step::Refused(status, why) => refused(here, status, &Problem::request(why)),
            Step::Told => json_answer(
                StatusCode::OK,
                &json!({ "error": "invalid_request", "error_description": "Follow the redirects without Accept: application/json" }),
            ),
        }
    });
    visited.ok().map(|visited| traced(visited.value, visited.trace))
}

/// `GET /authorize/resume?tx=…`: the hops after the first.
pub(super) async fn resume(State(op): State<Arc<Op>>, request: Request) -> Response {
    let Some(here) = op.here(request.uri()) else { return super::super::stray(request).await.into_response() };
    let given = in_query(request.uri(), "tx").and_then(|text| Handle::read(&text));
    let most = u32::from(MOST_HOPS);
    let Some((id, n)) =
        given.and_then(|handle| Some((handle.session, handle.number(op.secret(), Purpose::Resume, most)?)))
    else {
        return nobodys(&here);
    };
    // Not counted: faults are bound to the first hop.
    let answer = op.sessions.look(id, |session, context| {
        (session.space == here.space.name).then(|| match session.phase() {
            Phase::Finished(_) => hop(&here, context, id, n + 1, session),
            Phase::Failed(reason) => failed(session, context, Failure::Ended(*reason)),
            Phase::Pending(_) => failed(session, context, Failure::Untimely),
        })
    });
    match answer {
        Ok(Some(answer)) => traced(answer, trace(&here, Operation::Complete, Some(id))),
        Ok(None) | Err(_) => nobodys(&here),
    }
}

/// The `n`th redirect, from 1; the last one goes back.
fn hop(
    here: &Here,
    context: &Context<'_, Signicat>,
    id: SessionId,
    n: u32,
    session: &mut Session<Signicat>,
) -> Response {
    let most = u32::from(context.settings.complete_redirects.clamp(1, MOST_HOPS));
    if n < most {
        let tx = issue(context.secret, Purpose::Resume, id, n);
        return found(StatusCode::FOUND, &here.place.endpoint(&format!("authorize/resume?tx={tx}")));
    }
    back(session, context)
}

/// Where a browser goes that is at the page: the first hop, or back with an error. Nothing is said while it is pending.
pub(super) fn leave(here: &Here, session: &mut Session<Signicat>, context: &Context<'_, Signicat>) -> Option<Response> {
    match session.phase() {
        Phase::Finished(_) => Some(hop(here, context, session.id, 1, session)),
        Phase::Failed(reason) => {
            let reason = *reason;
            Some(failed(session, context, Failure::Ended(reason)))
        }
        Phase::Pending(_) => None,
    }
}

/// Back with a code. A code is given out once; who comes again gets the same one, which is good once.
fn back(session: &mut Session<Signicat>, context: &Context<'_, Signicat>) -> Response {
    let order = session.order.clone();
    // Each request for completion is one way back.
    let how = session.tampering(session.tally.requests(Operation::Complete).max(1), Tampering::callback);
    let own_state = order.state.clone();
    let foreign_state = foreign_state(context.secret, session.id);
    if how == Some(CallbackTampering::ErrorWithForeignState) {
        // A stranger's answer ends nothing: the session can still be completed.
        session.state.completed = None;
        let description = description(Reason::Cancelled);
        let mut query = vec![
            ("error", Code::AccessDenied.word()),
            ("error_description", &*description),
            ("state", &*foreign_state),
        ];
        query.extend(own_issuer(&order, context).map(|issuer| ("iss", issuer)));
        return redirect(&order.redirect_uri, &query);
    }
    let age = session.age(context.now);
    session.state.coded.get_or_insert(age);
    session.tally.returned.get_or_insert(context.now);
    let n = u32::from(how == Some(CallbackTampering::CodeOfAnotherSession));
    let code = issue(context.secret, Purpose::Code, session.id, n);
    let state = match how {
        Some(CallbackTampering::StateForeign) => Some(foreign_state),
        Some(CallbackTampering::StateMissing) => None,
        Some(
            CallbackTampering::CodeOfAnotherSession
            | CallbackTampering::CompleteElsewhere
            | CallbackTampering::ErrorWithForeignState
            | CallbackTampering::IssuerForeign,
        )
        | None => own_state,
    };
    let issuer = match how {
        Some(CallbackTampering::IssuerForeign) => Some(OTHER_ISSUER),
        Some(
            CallbackTampering::CodeOfAnotherSession
            | CallbackTampering::CompleteElsewhere
            | CallbackTampering::ErrorWithForeignState
            | CallbackTampering::StateForeign
            | CallbackTampering::StateMissing,
        )
        | None => own_issuer(&order, context),
    };
    let mut query = vec![("code", &*code)];
    query.extend(state.as_deref().map(|state| ("state", state)));
    query.extend(issuer.map(|issuer| ("iss", issuer)));
    redirect(&order.redirect_uri, &query)
}

fn failed(session: &mut Session<Signicat>, context: &Context<'_, Signicat>, failure: Failure) -> Response {
    session.tally.returned.get_or_insert(context.now);
    let description = match failure {
        Failure::Ended(reason) => description(reason),
        Failure::Untimely => format!("{NOT_COMPLETED} urn:signicat:error; Unspecified error"),
    };
    let mut query = vec![("error", Code::AccessDenied.word()), ("error_description", &*description)];
    let order = session.order.clone();
    query.extend(order.state.as_deref().map(|state| ("state", state)));
    query.extend(own_issuer(&order, context).map(|issuer| ("iss", issuer)));
    redirect(&order.redirect_uri, &query)
}

/// RFC 9207 section 2: in every answer, also in an error.
fn own_issuer<'a>(order: &'a Order, context: &Context<'_, Signicat>) -> Option<&'a str> {
    match context.settings.callback_issuer {
        CallbackIssuer::Absent => None,
        CallbackIssuer::Present => Some(&order.issuer),
    }
}

/// The first sentence is documented, the name after it is seen in client code.
fn description(reason: Reason) -> String {
    format!("{NOT_COMPLETED} urn:signicat:error:{}; {}", urn(reason), in_words(reason))
}

fn foreign_state(secret: &[u8; 32], session: SessionId) -> String {
    hex::encode(&mac::derive(secret, "signicat foreign state", &[session.as_bytes()])[..16])
}

fn nobodys(here: &Here) -> Response {
    let problem = Problem::request("There is no such transaction");
    traced(refused(here, StatusCode::BAD_REQUEST, &problem), trace(here, Operation::Complete, None))
}

fn in_query(uri: &Uri, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
}

const NOT_COMPLETED: &str = "The Resource Owner did not complete the login.";
const MOST_HOPS: u8 = 5;
