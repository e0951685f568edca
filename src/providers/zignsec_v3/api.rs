//! The calls of a relying party: set-ups and results.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use http::{HeaderMap, HeaderValue, Method as Verb, StatusCode, header};

use super::errands::collected;
use super::order::Method;
use super::problem::{MISSING_CONFIG, Problem, SESSION_NOT_FOUND};
use super::say::errors;
use super::settings::Settings;
use super::switches::{SetUpStatus, TokenErrorStatus};
use super::wire::{Refused, Started};
use super::zignsec::call::{self, Stranger, answer, answer_bytes, no_session};
use super::{V3Sessions, ZignsecV3, hosted, read};
use crate::script::Operation;
use crate::simulation::{SessionId, Space, Trace};

/// `/v3/eid/{product}`, `/v3/eid/{product}/{call or session}`, `/v3/eid/{session}`; with or without a slash at the end.
pub(super) fn routes(sessions: &V3Sessions) -> Router {
    ["/v3/eid/{name}", "/v3/eid/{name}/", "/v3/eid/{product}/{name}", "/v3/eid/{product}/{name}/"]
        .into_iter()
        .fold(Router::new(), |router, path| router.route(path, any(eid)))
        .with_state(sessions.clone())
}

async fn eid(State(sessions): State<V3Sessions>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let operation = match parts.method {
        Verb::GET => Operation::Collect,
        Verb::POST => Operation::Start,
        _ => return wrong_verb(),
    };
    let space = match caller(&sessions, &parts.headers) {
        Ok(space) => space,
        Err(refused) => return refused.response(operation),
    };
    let settings = sessions.settings(&space.name);
    let names: Vec<&str> = parts.uri.path().split('/').filter(|segment| !segment.is_empty()).skip(2).collect();
    if operation == Operation::Collect {
        return collect(&sessions, &space, &settings, &names);
    }
    let Ok(body) = to_bytes(body, sessions.commons.bounds.body_bytes).await else {
        let problem = Problem::request("the body is too large, or broke off");
        return refusal(&space, operation, settings.validation_error_status.code(), &[problem]);
    };
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let read = method(&names.join("/"), &settings)
        .map_err(|problem| vec![problem])
        .and_then(|method| read::order(method, content_type, &body));
    let (order, notes) = match read {
        Ok(read) => read,
        Err(problems) => return refusal(&space, operation, settings.validation_error_status.code(), &problems),
    };
    let started = sessions.start(&space, order);
    let session = started.value;
    if !notes.is_empty() {
        // A session that was forgotten at once has no use for them.
        let _ = sessions.look(session.id, |session, _| notes.into_iter().for_each(|note| session.note(note)));
    }
    let redirect_url = session.order.method.in_browser().then(|| {
        let mut address = sessions.commons.public_url_of(&space);
        address.push_str(&hosted(&session));
        address.into()
    });
    let status = match settings.set_up_status {
        SetUpStatus::Created => StatusCode::CREATED,
        SetUpStatus::Ok => StatusCode::OK,
    };
    answer(status, &Started { id: session.id.into(), errors: Vec::new(), redirect_url }, Some(started.trace))
}

/// `…/eid/{id}` tells every session, `…/eid/smartid/{id}` those of Smart-ID.
fn collect(sessions: &V3Sessions, space: &Arc<Space>, settings: &Settings, names: &[&str]) -> Response {
    let (id, product) = match *names {
        [id] => (id, None),
        [product, id] => (id, Some(product)),
        _ => ("", None),
    };
    let id = id.parse::<SessionId>().ok().filter(|id| match product {
        None => true,
        Some(product) => sessions.look(*id, |session, _| is_of(product, session.order.method)).unwrap_or_default(),
    });
    let visited = id.map(|id| {
        sessions.visit_in(space, id, Operation::Collect, |session, visit| collected(session, &visit.context))
    });
    match visited {
        Some(Ok(visited)) => answer_bytes(StatusCode::OK, visited.value, Some(visited.trace)),
        Some(Err(_)) | None => {
            let problem = Problem::new(SESSION_NOT_FOUND, no_session(&sessions.commons));
            refusal(space, Operation::Collect, settings.unknown_session_status.code(), &[problem])
        }
    }
}

fn is_of(product: &str, method: Method) -> bool {
    method.path().split('/').next().is_some_and(|own| own.eq_ignore_ascii_case(product))
}

/// The method of a path, if the account may use it.
fn method(path: &str, settings: &Settings) -> Result<Method, Problem> {
    let Some(method) = Method::from_path(path) else { return Err(no_method(path)) };
    if settings.disabled_methods.iter().any(|off| Method::from_path(off) == Some(method)) {
        return Err(Problem::new(MISSING_CONFIG, format!("{} is not enabled for this account", method.path())));
    }
    Ok(method)
}

/// "v2 for sbid, fbid, nbid, nemid products; for others use v3".
fn no_method(path: &str) -> Problem {
    let lower = path.to_ascii_lowercase();
    let of_version_2 = OF_VERSION_2.iter().any(|product| lower.starts_with(product)) || lower.len() == 2;
    if of_version_2 {
        return Problem::new(MISSING_CONFIG, "a product of version 2: POST /v2/eid/{selector}");
    }
    let close = Method::ALL.into_iter().filter(|_| lower.len() <= LONGEST_COMPARED);
    let close = close.min_by_key(|method| strsim::damerau_levenshtein(method.path(), &lower));
    let meant = close.map_or("smartid/auth", Method::path);
    Problem::request(format!("unknown product; the nearest known one is {meant}"))
}

/// The space of the token in `Authorization`.
fn caller(sessions: &V3Sessions, headers: &HeaderMap) -> Result<Arc<Space>, Stranger<ZignsecV3>> {
    let note = "`Authorization` has a scheme such as Bearer before the token; version 3 wants the token alone";
    call::caller(sessions, headers, note)
}

impl Stranger<ZignsecV3> {
    fn response(self, operation: Operation) -> Response {
        let status = match self.settings.token_error_status {
            TokenErrorStatus::Ok => StatusCode::OK,
            TokenErrorStatus::Unauthorized => StatusCode::UNAUTHORIZED,
        };
        let body = Refused { errors: errors(&[self.problem()]) };
        answer(status, &body, self.trace(operation))
    }
}

/// An answer that refuses, in a space that is known.
fn refusal(space: &Arc<Space>, operation: Operation, status: StatusCode, problems: &[Problem]) -> Response {
    let trace = Trace { space: space.clone(), session: None, operation, damage: None };
    answer(status, &Refused { errors: errors(problems) }, Some(trace))
}

fn wrong_verb() -> Response {
    let instead = "POST /v3/eid/smartid/auth sets up, GET /v3/eid/smartid/{id} tells the result";
    let body = Refused { errors: errors(&[Problem::request(instead)]) };
    let mut response = answer(StatusCode::METHOD_NOT_ALLOWED, &body, None);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
    response
}

const OF_VERSION_2: [&str; 4] = ["fbid", "nbid", "nemid", "sbid"];
/// Longer ones are not compared: the measure is quadratic.
const LONGEST_COMPARED: usize = 40;
