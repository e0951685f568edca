//! The calls of a relying party: set-ups and results.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::{HeaderMap, HeaderValue, Method as Verb, StatusCode, header};
use serde::Serialize;

use super::errands::collected;
use super::order::Method;
use super::problem::{INVALID_APPID, MISSING_CONFIG, Problem, SESSION_NOT_FOUND};
use super::say::errors;
use super::settings::Settings;
use super::switches::{SetUpStatus, TokenErrorStatus, UnknownSessionStatus, ValidationStatus};
use super::wire::{Refused, Started};
use super::{V3Sessions, ZignsecV3, hosted, read};
use crate::script::Operation;
use crate::simulation::{Commons, Note, NoteKind, Provider, SessionId, Space, Trace};

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
        return refusal(&space, operation, validation_status(&settings), &[problem]);
    };
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let read = method(&names.join("/"), &settings)
        .map_err(|problem| vec![problem])
        .and_then(|method| read::order(method, content_type, &body));
    let (order, notes) = match read {
        Ok(read) => read,
        Err(problems) => return refusal(&space, operation, validation_status(&settings), &problems),
    };
    let started = sessions.start(&space, order);
    let session = started.value;
    if !notes.is_empty() {
        // A session that was forgotten at once has no use for them.
        let _ = sessions.look(session.id, |session, _| notes.into_iter().for_each(|note| session.note(note)));
    }
    let redirect_url = session.order.method.in_browser().then(|| {
        let mut address = public_address(&sessions.commons, &space);
        address.push_str(&hosted(&session));
        address.into()
    });
    let status = match settings.set_up_status {
        SetUpStatus::Created => StatusCode::CREATED,
        SetUpStatus::Ok => StatusCode::OK,
    };
    answer(status, &Started { id: session.id.into(), errors: Vec::new(), redirect_url }, started.trace)
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
        Some(Ok(visited)) => written(StatusCode::OK, Ok(visited.value), Some(visited.trace)),
        Some(Err(_)) | None => {
            let up = sessions.commons.clock.now().since(sessions.commons.begun).0 / 1_000;
            let text =
                format!("there is no such session; this simulator started {up} s ago and keeps none from before");
            let status = match settings.unknown_session_status {
                UnknownSessionStatus::NotFound => StatusCode::NOT_FOUND,
                UnknownSessionStatus::Ok => StatusCode::OK,
            };
            refusal(space, Operation::Collect, status, &[Problem::new(SESSION_NOT_FOUND, text)])
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

/// Why a caller is not let in.
#[derive(Debug)]
struct Stranger {
    /// The space that it would be, but for the form of its header.
    space: Option<Arc<Space>>,
    settings: Arc<Settings>,
    problem: Problem,
}

/// The space of the token in `Authorization`: the bare token, without a scheme.
fn caller(sessions: &V3Sessions, headers: &HeaderMap) -> Result<Arc<Space>, Stranger> {
    let spaces = &sessions.commons.spaces;
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    if let Some(space) = spaces.holding(ZignsecV3::NAME, given) {
        return Ok(space);
    }
    let bare = given.split_once(' ').map_or("", |(_, token)| token.trim());
    let space = spaces.holding(ZignsecV3::NAME, bare);
    let problem = match &space {
        Some(space) => {
            let text = "`Authorization` has a scheme such as Bearer before the token; version 3 wants the token alone";
            space.note(Note::new(NoteKind::CredentialForm, text));
            Problem::new(INVALID_APPID, "Invalid AppId: the token stands alone in Authorization, without a scheme")
        }
        None => Problem::new(INVALID_APPID, "Invalid AppId"),
    };
    let named = space.clone().unwrap_or_else(|| spaces.default_space());
    Err(Stranger { space, settings: sessions.settings(&named.name), problem })
}

impl Stranger {
    fn response(self, operation: Operation) -> Response {
        let status = match self.settings.token_error_status {
            TokenErrorStatus::Ok => StatusCode::OK,
            TokenErrorStatus::Unauthorized => StatusCode::UNAUTHORIZED,
        };
        let body = Refused { errors: errors(&[self.problem]) };
        let trace = self.space.map(|space| Trace { space, session: None, operation, damage: None });
        written(status, serde_json::to_vec(&body), trace)
    }
}

/// An answer that refuses, in a space that is known.
fn refusal(space: &Arc<Space>, operation: Operation, status: StatusCode, problems: &[Problem]) -> Response {
    let trace = Trace { space: space.clone(), session: None, operation, damage: None };
    answer(status, &Refused { errors: errors(problems) }, trace)
}

const fn validation_status(settings: &Settings) -> StatusCode {
    match settings.validation_error_status {
        ValidationStatus::BadRequest => StatusCode::BAD_REQUEST,
        ValidationStatus::Ok => StatusCode::OK,
    }
}

fn wrong_verb() -> Response {
    let instead = "POST /v3/eid/smartid/auth sets up, GET /v3/eid/smartid/{id} tells the result";
    let body = Refused { errors: errors(&[Problem::request(instead)]) };
    let mut response = written(StatusCode::METHOD_NOT_ALLOWED, serde_json::to_vec(&body), None);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
    response
}

fn answer<T: Serialize>(status: StatusCode, body: &T, trace: Trace) -> Response {
    written(status, serde_json::to_vec(body), Some(trace))
}

/// A structure of texts and numbers always has a JSON form; should it ever not, the answer is empty.
fn written(status: StatusCode, body: serde_json::Result<Vec<u8>>, trace: Option<Trace>) -> Response {
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    let mut response = (status, [(header::CONTENT_TYPE, json)], body.unwrap_or_default()).into_response();
    if let Some(trace) = trace {
        response.extensions_mut().insert(trace);
    }
    response
}

/// What browsers call us, with a slash at the end.
fn public_address(commons: &Commons, space: &Space) -> String {
    let mut address = String::from(space.public_url().unwrap_or_else(|| commons.public_url()));
    if !address.ends_with('/') {
        address.push('/');
    }
    address
}

const OF_VERSION_2: [&str; 4] = ["fbid", "nbid", "nemid", "sbid"];
/// Longer ones are not compared: the measure is quadratic.
const LONGEST_COMPARED: usize = 40;
