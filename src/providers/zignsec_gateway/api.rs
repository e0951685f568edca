//! The two calls of a relying party: a session, and its result.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::{HeaderMap, HeaderValue, Method as Verb, StatusCode, header};
use serde::Serialize;

use super::order::Method;
use super::problem::{Code, Problem};
use super::read::{self, Register};
use super::say::{self, Telling};
use super::settings::Settings;
use super::switches::{ErrorShape, StartedStatus, TokenErrorStatus, ValidationStatus};
use super::wire::{Envelope, ErrorEntry, Outcome, Refused, SessionData};
use super::{GatewaySessions, ZignsecGateway, page_of};
use crate::identity::NationalNumber;
use crate::script::{Operation, Reason};
use crate::session::Phase;
use crate::simulation::{Commons, Note, NoteKind, Provider, SessionId, Space, Trace};

/// `/core/api/sessions/…`.
pub(super) fn routes(sessions: &GatewaySessions) -> Router {
    let start = "/core/api/sessions/identity_verification/{method}";
    let result = "/core/api/sessions/{id}";
    Router::new()
        .route(start, any(begin))
        .route(&format!("{start}/"), any(begin))
        .route(result, any(collect))
        .route(&format!("{result}/"), any(collect))
        .with_state(sessions.clone())
}

async fn begin(State(sessions): State<GatewaySessions>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if parts.method != Verb::POST {
        return wrong_verb("POST", "POST /core/api/sessions/identity_verification/{method} makes a session");
    }
    let space = match caller(&sessions, &parts.headers) {
        Ok(space) => space,
        Err(refused) => return refused.response(Operation::Start),
    };
    let settings = sessions.settings(&space.name);
    let refuse = |problems: &[Problem]| refusal(&space, &settings, Operation::Start, bad(&settings), problems);
    let word = parts.uri.path().split('/').rfind(|segment| !segment.is_empty()).unwrap_or_default();
    let method = match Method::named(word) {
        Some(method) if settings.disabled_methods.contains(&method) => {
            return refuse(&[Problem::new(Code::MethodNotAllowed, "This method is not enabled for the account")]);
        }
        Some(method) => method,
        None => {
            let known = Method::ALL.map(Method::word).join(", ");
            return refuse(&[Problem::plain(format!("unknown method: expected one of {known}"))]);
        }
    };
    let Ok(body) = to_bytes(body, sessions.commons.bounds.body_bytes).await else {
        return refuse(&[Problem::plain("the body is too large, or broke off")]);
    };
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let (order, notes) = match read::order(method, content_type, &body, &settings, &*sessions.commons) {
        Ok(read) => read,
        Err(problems) => return refuse(&problems),
    };
    let started = sessions.start(&space, order);
    let session = started.value;
    if matches!(session.phase(), Phase::Failed(Reason::AlreadyInProgress)) && method.is_freja() {
        let text = "Authentication initiation failed: a previous request was rejected for security reasons";
        let problem = Problem::new(Code::AlreadyInProgress, text);
        return refusal_of(&settings, bad(&settings), &[problem], Some(started.trace));
    }
    let told = sessions.look(session.id, |session, context| {
        notes.into_iter().for_each(|note| session.note(note));
        let page = page_of(session).map(|page| format!("{}{page}", context.public_url()).into());
        let result = method.is_freja().then(|| Outcome {
            auth_ref: Some(say::auth_ref(session.id, context.secret).into()),
            qr: say::code(session, context).map(Into::into),
            ..Outcome::default()
        });
        let status = page.is_some().then(|| "created".into());
        written(&Envelope { data: SessionData { id: session.id.into(), redirect_url: page, status, result } })
    });
    let status = match settings.started_status {
        StartedStatus::Created => StatusCode::CREATED,
        StartedStatus::Ok => StatusCode::OK,
    };
    // A session that was forgotten at once is as if the simulator had no memory left.
    told.map_or_else(
        |_| refuse(&[Problem::plain("there is no room for the session")]),
        |told| answer(status, told, Some(started.trace)),
    )
}

async fn collect(State(sessions): State<GatewaySessions>, request: Request) -> Response {
    if request.method() != Verb::GET {
        return wrong_verb("GET", "GET /core/api/sessions/{id} tells the result");
    }
    let space = match caller(&sessions, request.headers()) {
        Ok(space) => space,
        Err(refused) => return refused.response(Operation::Collect),
    };
    let settings = sessions.settings(&space.name);
    let id = request.uri().path().split('/').rfind(|segment| !segment.is_empty()).unwrap_or_default();
    let visited = id.parse::<SessionId>().ok().map(|id| {
        sessions.visit_in(&space, id, Operation::Collect, |session, visit| {
            let occurrence = session.tally.collected_after_end.max(1);
            say::issue(session, &visit.context, occurrence);
            Telling { session, context: &visit.context, occurrence, is_webhook: false }.fetched()
        })
    });
    match visited {
        Some(Ok(visited)) => answer(StatusCode::OK, visited.value, Some(visited.trace)),
        Some(Err(_)) | None => {
            let up = sessions.commons.clock.now().since(sessions.commons.begun).0 / 1_000;
            let text =
                format!("there is no such session; this simulator started {up} s ago and keeps none from before");
            let problem = Problem::new(Code::InvalidReference, text);
            refusal(&space, &settings, Operation::Collect, StatusCode::NOT_FOUND, &[problem])
        }
    }
}

/// The register and the people made up while the simulation runs.
impl Register for Commons {
    fn reached_at(&self, address: &str) -> Option<NationalNumber> {
        Self::reached_at(self, address).map(|person| person.number.clone())
    }

    fn knows(&self, number: &NationalNumber) -> bool {
        let bearer = self.bearer(number);
        self.person_named(&bearer.name).is_some()
    }
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
fn caller(sessions: &GatewaySessions, headers: &HeaderMap) -> Result<Arc<Space>, Stranger> {
    let spaces = &sessions.commons.spaces;
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    if let Some(space) = spaces.holding(ZignsecGateway::NAME, given) {
        return Ok(space);
    }
    let bare = given.split_once(' ').map_or("", |(_, token)| token.trim());
    let space = spaces.holding(ZignsecGateway::NAME, bare);
    let problem = match &space {
        Some(space) => {
            let text = "`Authorization` has a scheme such as Bearer before the key; the gateway wants the key alone";
            space.note(Note::new(NoteKind::CredentialForm, text));
            Problem::plain("unauthorized: the subscription key stands alone in Authorization, without a scheme")
        }
        None => Problem::plain("unauthorized: the subscription key is missing or unknown"),
    };
    let named = space.clone().unwrap_or_else(|| spaces.default_space());
    Err(Stranger { space, settings: sessions.settings(&named.name), problem })
}

impl Stranger {
    fn response(self, operation: Operation) -> Response {
        let status = match self.settings.token_error_status {
            TokenErrorStatus::Forbidden => StatusCode::FORBIDDEN,
            TokenErrorStatus::Unauthorized => StatusCode::UNAUTHORIZED,
        };
        let trace = self.space.map(|space| Trace { space, session: None, operation, damage: None });
        refusal_of(&self.settings, status, &[self.problem], trace)
    }
}

fn refusal(
    space: &Arc<Space>,
    settings: &Settings,
    operation: Operation,
    status: StatusCode,
    problems: &[Problem],
) -> Response {
    let trace = Trace { space: space.clone(), session: None, operation, damage: None };
    refusal_of(settings, status, problems, Some(trace))
}

fn refusal_of(settings: &Settings, status: StatusCode, problems: &[Problem], trace: Option<Trace>) -> Response {
    let entry =
        |problem: &Problem| ErrorEntry { code: problem.code.map(Code::number), message: problem.message.clone() };
    let body = match settings.error_shape {
        ErrorShape::Errors => {
            let errors = Some(problems.iter().map(entry).collect());
            written(&Envelope { data: Outcome { errors, ..Outcome::default() } })
        }
        ErrorShape::Type => {
            let messages: Vec<&str> = problems.iter().map(|problem| &*problem.message).collect();
            let code = problems.iter().find_map(|problem| problem.code).map(Code::number);
            written(&Refused { kind: "invalid_request".into(), code, message: messages.join("; ").into() })
        }
    };
    answer(status, body, trace)
}

const fn bad(settings: &Settings) -> StatusCode {
    match settings.validation_error_status {
        ValidationStatus::BadRequest => StatusCode::BAD_REQUEST,
        ValidationStatus::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn wrong_verb(allowed: &'static str, instead: &'static str) -> Response {
    let problems = [Problem::plain(instead)];
    let mut response = refusal_of(&Settings::default(), StatusCode::METHOD_NOT_ALLOWED, &problems, None);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

/// A structure of texts and numbers always has a JSON form; should it ever not, the answer is empty.
fn written(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).unwrap_or_default()
}

fn answer(status: StatusCode, body: Vec<u8>, trace: Option<Trace>) -> Response {
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    let mut response = (status, [(header::CONTENT_TYPE, json)], body).into_response();
    if let Some(trace) = trace {
        response.extensions_mut().insert(trace);
    }
    response
}
