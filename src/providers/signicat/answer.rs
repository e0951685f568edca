//! Answers: JSON that nobody keeps, redirects, errors, and pages for people.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use url::Url;

use super::op::Here;
use super::problem::{Code, Problem};
use super::settings::Settings;
use super::switches::InvalidClientStatus;
use crate::script::Operation;
use crate::simulation::journal::Event;
use crate::simulation::{SessionId, Trace};

/// JSON that nobody keeps (RFC 6749 section 5.1).
pub(super) fn json_answer(status: StatusCode, body: &Value) -> Response {
    let mut answer = (status, [(header::CONTENT_TYPE, JSON)], body.to_string()).into_response();
    unkept(&mut answer);
    answer
}

/// An error as JSON. What the wire does not say, the journal does.
pub(super) fn refused(here: &Here, status: StatusCode, problem: &Problem) -> Response {
    remark(here, problem);
    json_answer(status, &json!({ "error": problem.code.word(), "error_description": problem.description }))
}

/// An error of the token endpoint.
pub(super) fn token_refused(here: &Here, problem: &Problem) -> Response {
    let is_client = problem.code == Code::InvalidClient;
    let status = if is_client { invalid_client(&here.settings) } else { StatusCode::BAD_REQUEST };
    let mut answer = refused(here, status, problem);
    if status == StatusCode::UNAUTHORIZED {
        let realm = HeaderValue::from_static("Basic realm=\"motpart\"");
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, realm);
    }
    answer
}

const fn invalid_client(settings: &Settings) -> StatusCode {
    match settings.invalid_client_status {
        InvalidClientStatus::BadRequest => StatusCode::BAD_REQUEST,
        InvalidClientStatus::Unauthorized => StatusCode::UNAUTHORIZED,
    }
}

/// An error of what is asked with an access token (RFC 6750 section 3).
pub(super) fn bearer_refused(here: &Here, problem: &Problem) -> Response {
    let insufficient = problem.code == Code::InsufficientScope;
    let status = if insufficient { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
    let challenge = format!("Bearer error=\"{}\", error_description=\"{}\"", problem.code.word(), problem.description);
    let mut answer = refused(here, status, problem);
    if let Ok(challenge) = HeaderValue::from_str(&challenge) {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    answer
}

/// 302 to an address with more in its query. An address that cannot stand in a head is refused.
pub(super) fn redirect(address: &str, query: &[(&str, &str)]) -> Response {
    let Ok(mut url) = Url::parse(address) else { return StatusCode::BAD_REQUEST.into_response() };
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    found(StatusCode::FOUND, url.as_str())
}

/// A redirect of this kind.
pub(super) fn found(status: StatusCode, address: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(address) else { return StatusCode::BAD_REQUEST.into_response() };
    let mut answer = (status, Body::empty()).into_response();
    answer.headers_mut().insert(header::LOCATION, location);
    unkept(&mut answer);
    answer
}

/// The answer with what the witness has to know of it.
pub(super) fn traced(mut answer: Response, trace: Trace) -> Response {
    answer.extensions_mut().insert(trace);
    answer
}

/// What the witness has to know of an answer outside any visit.
pub(super) fn trace(here: &Here, operation: Operation, session: Option<SessionId>) -> Trace {
    Trace { space: here.space.clone(), session, operation, damage: None }
}

/// Says in the journal which rule was broken.
pub(super) fn remark(here: &Here, problem: &Problem) {
    if let Some(rule) = &problem.rule {
        let text = format!("{}: {rule}", problem.code.word());
        here.space.journal.record(here.now, None, Event::Remark(text));
    }
}

/// Whether somebody wants JSON: no browser asks for it by itself.
pub(super) fn wants_json(head: &HeaderMap) -> bool {
    let ranges = head.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    let mut ranges = ranges.flat_map(|value| value.split(','));
    ranges.any(|range| range.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json"))
}

pub(super) fn unkept(answer: &mut Response) {
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
}

const JSON: &str = "application/json;charset=UTF-8";
