//! The two polls: `collect` for Swedish BankID, `status` for Norwegian BankID.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method as Verb, StatusCode, header};
use serde_json::Value;
use url::form_urlencoded;

use super::answer::{json_answer, refused, trace, traced};
use super::cookie;
use super::handle::{Handle, Purpose};
use super::op::{Here, Op};
use super::problem::Problem;
use super::say::{Telling, order_ref, sbid_refused};
use super::switches::CookieRotation;
use crate::identity::Country;
use crate::script::Operation;
use crate::simulation::SessionId;

/// `GET …/collect?orderRef=…`, and the older `POST` of `{"orderRef": "…"}` (both seen in client code).
pub(super) async fn collect(State(op): State<Arc<Op>>, request: Request) -> Response {
    let Some(here) = op.here(request.uri()) else { return super::super::stray(request).await.into_response() };
    let (head, body) = request.into_parts();
    let given = if head.method == Verb::POST {
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let json: Value = serde_json::from_slice(&body).unwrap_or_default();
        json.get("orderRef").and_then(Value::as_str).map(str::to_owned)
    } else {
        let query = form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes());
        query.into_iter().find(|(name, _)| name == "orderRef").map(|(_, value)| value.into_owned())
    };
    let id = given.as_deref().and_then(order_ref);
    poll(&op, &here, &head.headers, id, Country::Se).unwrap_or_else(|| {
        let answer = json_answer(StatusCode::BAD_REQUEST, &sbid_refused(&here.settings));
        traced(answer, trace(&here, Operation::Collect, None))
    })
}

/// `GET …/nbid/status/{handle}`.
pub(super) async fn status(
    State(op): State<Arc<Op>>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let Some(here) = op.here(request.uri()) else { return super::super::stray(request).await.into_response() };
    let handle = path.last().and_then(|(_, handle)| Handle::read(handle));
    let handle = handle.filter(|handle| handle.is(op.secret(), Purpose::Status, 0));
    let id = handle.map(|handle| handle.session);
    poll(&op, &here, request.headers(), id, Country::No).unwrap_or_else(|| {
        let answer = refused(&here, StatusCode::NOT_FOUND, &Problem::request("There is no such transaction"));
        traced(answer, trace(&here, Operation::Collect, None))
    })
}

/// Whether a poll is taken.
enum Admission {
    Admitted,
    /// Milliseconds too early.
    Early(u64),
    /// A session of the other vocabulary.
    Foreign,
    /// Without the session's cookie.
    Stranger,
}

/// `None` when there is no such session here.
fn poll(op: &Op, here: &Here, head: &HeaderMap, id: Option<SessionId>, country: Country) -> Option<Response> {
    let id = id?;
    // What is not taken is no poll: it moves nothing on.
    let admission = op.sessions.look(id, |session, context| {
        if session.space != here.space.name || session.order.method.country() != country {
            return Admission::Foreign;
        }
        if !cookie::admits(op.secret(), &here.settings, session, head) {
            return Admission::Stranger;
        }
        let interval = u64::from(here.settings.poll_interval_ms);
        let due = session.state.polled.map_or(0, |at| at.0.saturating_add(interval));
        let age = session.age(context.now).0;
        if age < due { Admission::Early(due - age) } else { Admission::Admitted }
    });
    let traced_here = |answer| traced(answer, trace(here, Operation::Collect, Some(id)));
    match admission.ok()? {
        Admission::Admitted => {}
        Admission::Early(ms) => {
            let problem = Problem::request("Polls follow each other too fast");
            let mut answer = refused(here, StatusCode::TOO_MANY_REQUESTS, &problem);
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1_000)));
            return Some(traced_here(answer));
        }
        Admission::Foreign => return None,
        Admission::Stranger => {
            return Some(traced_here(refused(
                here,
                StatusCode::FORBIDDEN,
                &Problem::request("The session cookie is missing"),
            )));
        }
    }
    let polled = op.sessions.visit_in(&here.space, id, Operation::Collect, |session, visit| {
        session.state.polled = Some(session.age(visit.context.now));
        let telling =
            Telling { session, settings: visit.context.settings, secret: visit.context.secret, place: &here.place };
        let body = telling.progress();
        let turns = visit.context.settings.cookie_rotation == CookieRotation::EachPoll;
        if turns {
            session.state.turns += 1;
        }
        (body, turns.then(|| cookie::set(visit.context.secret, &here.place, session)).flatten())
    });
    let polled = polled.ok()?;
    let (body, cookie) = polled.value;
    let mut answer = json_answer(StatusCode::OK, &body);
    if let Some(cookie) = cookie {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Some(traced(answer, polled.trace))
}
