//! The two calls of a relying party: set-up and result. They share a path.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use http::{HeaderMap, HeaderValue, Method as Verb, StatusCode, header};
use uuid::Uuid;

use super::errands::collected;
use super::order::Method;
use super::problem::{INVALID_COUNTRYCODE, INVALID_IP, MISSING_CONFIG, Problem, SESSION_NOT_FOUND};
use super::say::errors;
use super::settings::Settings;
use super::switches::{CallerAddress, RedirectUrl, TokenErrorId, TokenErrorStatus};
use super::wire::{Refused, Started};
use super::zignsec::call::{self, Stranger, answer, answer_bytes, no_session};
use super::{V2Sessions, ZignsecV2, hosted, read};
use crate::identity::Country;
use crate::script::Operation;
use crate::simulation::{SessionId, Space, Trace};

/// `/v2/eid/{selector or session}`; one segment more for what belongs to version 3.
pub(super) fn routes(sessions: &V2Sessions) -> Router {
    // The documents' text shows the result without a slash at the end, their example with one.
    ["/v2/eid/{name}", "/v2/eid/{name}/", "/v2/eid/{product}/{name}", "/v2/eid/{product}/{name}/"]
        .into_iter()
        .fold(Router::new(), |router, path| router.route(path, any(eid)))
        .with_state(sessions.clone())
}

async fn eid(State(sessions): State<V2Sessions>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let operation = match parts.method {
        Verb::GET => Operation::Collect,
        Verb::POST => Operation::Start,
        _ => return wrong_verb("GET, POST", "POST /v2/eid/{selector} sets up, GET /v2/eid/{id} tells the result"),
    };
    let space = match caller(&sessions, &parts.headers) {
        Ok(space) => space,
        Err(refused) => return refused.response(operation),
    };
    let settings = sessions.settings(&space.name);
    let mut names = parts.uri.path().split('/').filter(|segment| !segment.is_empty()).skip(2);
    let (name, more) = (names.next().unwrap_or_default(), names.next());
    if operation == Operation::Collect {
        return collect(&sessions, &space, &settings, more.unwrap_or(name));
    }
    let Ok(body) = to_bytes(body, sessions.commons.bounds.body_bytes).await else {
        let problem = Problem::request("the body is too large, or broke off");
        return refusal(&space, &settings, operation, settings.validation_error_status.code(), &[problem]);
    };
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let read = match (settings.caller_address, more) {
        (CallerAddress::Refused, _) => {
            Err(vec![Problem::new(INVALID_IP, "The caller's address is not on the allow-list")])
        }
        (CallerAddress::Allowed, Some(_)) => Err(vec![of_version_3(name)]),
        (CallerAddress::Allowed, None) => method(name, &settings)
            .map_err(|problem| vec![problem])
            .and_then(|method| read::order(method, content_type, &body, &settings)),
    };
    let (order, notes) = match read {
        Ok(read) => read,
        Err(problems) => {
            return refusal(&space, &settings, operation, settings.validation_error_status.code(), &problems);
        }
    };
    let started = sessions.start(&space, order);
    let session = started.value;
    if !notes.is_empty() {
        // A session that was forgotten at once has no use for them.
        let _ = sessions.look(session.id, |session, _| notes.into_iter().for_each(|note| session.note(note)));
    }
    let mut redirect_url = sessions.commons.public_url_of(&space);
    redirect_url.push_str(&hosted(&session));
    if settings.redirect_url == RedirectUrl::Padded {
        redirect_url.push_str("\r\n");
    }
    let started_body = Started { id: session.id.into(), errors: Vec::new(), redirect_url: redirect_url.into() };
    answer(StatusCode::OK, &started_body, Some(started.trace))
}

fn collect(sessions: &V2Sessions, space: &Arc<Space>, settings: &Settings, name: &str) -> Response {
    let visited = name.parse::<SessionId>().ok().map(|id| {
        sessions.visit_in(space, id, Operation::Collect, |session, visit| collected(session, &visit.context))
    });
    match visited {
        Some(Ok(visited)) => answer_bytes(StatusCode::OK, visited.value, Some(visited.trace)),
        Some(Err(_)) | None => {
            let problem = Problem::new(SESSION_NOT_FOUND, no_session(&sessions.commons));
            refusal(space, settings, Operation::Collect, settings.unknown_session_status.code(), &[problem])
        }
    }
}

/// The method of a selector, if the account may use it.
fn method(selector: &str, settings: &Settings) -> Result<Method, Problem> {
    let Some(method) = Method::from_selector(selector) else { return Err(no_method(selector)) };
    let is_off = |off: &String| Method::from_selector(off) == Some(method);
    if settings.disabled_methods.iter().any(is_off) {
        return Err(Problem::new(MISSING_CONFIG, format!("{} is not enabled for this account", method.selector())));
    }
    Ok(method)
}

fn no_method(selector: &str) -> Problem {
    let is = |other: &str| selector.eq_ignore_ascii_case(other);
    match selector.parse::<Country>() {
        Ok(country) => {
            return Problem::new(
                MISSING_CONFIG,
                format!("{country} has no method in version 2; smartid is version 3's"),
            );
        }
        Err(_) if selector.len() == 2 && selector.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            return Problem::new(INVALID_COUNTRYCODE, "no method is known for this country: expected dk, fi, no or se");
        }
        Err(_) => {}
    }
    if is("swissid") || is("smartid") {
        return of_version_3(selector);
    }
    let close = Method::ALL.into_iter().min_by_key(|method| {
        // Long ones are not compared: the measure is quadratic.
        if selector.len() > 40 {
            usize::MAX
        } else {
            strsim::damerau_levenshtein(method.selector(), &selector.to_ascii_lowercase())
        }
    });
    let meant = close.map_or("sbid-another", Method::selector);
    Problem::request(format!("unknown selector; the nearest known one is {meant}"))
}

/// The newer page lists `swissid` and `smartid/…` among the selectors, and says "v2 for sbid, fbid, nbid, nemid products; for others use
/// v3": an account has no such product in version 2.
fn of_version_3(product: &str) -> Problem {
    let known = ["smartid", "swissid"].into_iter().find(|known| known.eq_ignore_ascii_case(product));
    match known {
        Some(known) => {
            Problem::new(MISSING_CONFIG, format!("{known} is a product of version 3: POST /v3/eid/{known}…"))
        }
        None => Problem::request("unknown path: POST /v2/eid/{selector}, GET /v2/eid/{id}"),
    }
}

/// The space of the token in `Authorization`.
pub(super) fn caller(sessions: &V2Sessions, headers: &HeaderMap) -> Result<Arc<Space>, Stranger<ZignsecV2>> {
    let note = "`Authorization` has a scheme such as Bearer before the token; version 2 wants the token alone";
    call::caller(sessions, headers, note)
}

impl Stranger<ZignsecV2> {
    pub(super) fn response(self, operation: Operation) -> Response {
        let status = match self.settings.token_error_status {
            TokenErrorStatus::Forbidden => StatusCode::FORBIDDEN,
            TokenErrorStatus::Ok => StatusCode::OK,
            TokenErrorStatus::Unauthorized => StatusCode::UNAUTHORIZED,
        };
        let id = match self.settings.token_error_id {
            TokenErrorId::Absent => None,
            TokenErrorId::Present => Some(Uuid::nil()),
        };
        let body = Refused { id, errors: errors(&[self.problem()], &self.settings) };
        answer(status, &body, self.trace(operation))
    }
}

/// An answer that refuses, in a space that is known.
pub(super) fn refusal(
    space: &Arc<Space>,
    settings: &Settings,
    operation: Operation,
    status: StatusCode,
    problems: &[Problem],
) -> Response {
    let body = Refused { id: None, errors: errors(problems, settings) };
    answer(status, &body, Some(Trace { space: space.clone(), session: None, operation, damage: None }))
}

pub(super) fn wrong_verb(allowed: &'static str, instead: &'static str) -> Response {
    let body = Refused { id: None, errors: errors(&[Problem::request(instead)], &Settings::default()) };
    let mut response = answer(StatusCode::METHOD_NOT_ALLOWED, &body, None);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}
