//! The two calls of a relying party: a session, and its result.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use http::{HeaderMap, HeaderValue, Method as Verb, StatusCode, header};

use super::order::Method;
use super::problem::{Code, Problem};
use super::read::{self, Register};
use super::say::{self, Telling};
use super::settings::Settings;
use super::switches::{ErrorShape, StartedStatus, TokenErrorStatus, ValidationStatus};
use super::wire::{Envelope, ErrorEntry, Outcome, Refused, SessionData};
use super::zignsec::call::{self, Stranger, answer, answer_bytes, no_session};
use super::zignsec::json::{WebhookBody, written};
use super::{GatewaySessions, ZignsecGateway, page_of};
use crate::identity::NationalNumber;
use crate::script::{Operation, Reason};
use crate::session::Phase;
use crate::simulation::{Commons, SessionId, Space, Trace};

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
        let data = SessionData { id: session.id.into(), redirect_url: page, status, result };
        written(&Envelope { data }, WebhookBody::Compact)
    });
    let status = match settings.started_status {
        StartedStatus::Created => StatusCode::CREATED,
        StartedStatus::Ok => StatusCode::OK,
    };
    // A session that was forgotten at once is as if the simulator had no memory left.
    told.map_or_else(
        |_| refuse(&[Problem::plain("there is no room for the session")]),
        |told| answer_bytes(status, told, Some(started.trace)),
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
        Some(Ok(visited)) => answer_bytes(StatusCode::OK, visited.value, Some(visited.trace)),
        Some(Err(_)) | None => {
            let problem = Problem::new(Code::InvalidReference, no_session(&sessions.commons));
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

/// The space of the subscription key in `Authorization`.
fn caller(sessions: &GatewaySessions, headers: &HeaderMap) -> Result<Arc<Space>, Stranger<ZignsecGateway>> {
    let note = "`Authorization` has a scheme such as Bearer before the key; the gateway wants the key alone";
    call::caller(sessions, headers, note)
}

impl Stranger<ZignsecGateway> {
    fn response(self, operation: Operation) -> Response {
        let status = match self.settings.token_error_status {
            TokenErrorStatus::Forbidden => StatusCode::FORBIDDEN,
            TokenErrorStatus::Unauthorized => StatusCode::UNAUTHORIZED,
        };
        let problem = Problem::plain(match self.space {
            Some(_) => "unauthorized: the subscription key stands alone in Authorization, without a scheme",
            None => "unauthorized: the subscription key is missing or unknown",
        });
        let settings = self.settings.clone();
        refusal_of(&settings, status, &[problem], self.trace(operation))
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
    match settings.error_shape {
        ErrorShape::Errors => {
            let errors = Some(problems.iter().map(entry).collect());
            answer(status, &Envelope { data: Outcome { errors, ..Outcome::default() } }, trace)
        }
        ErrorShape::Type => {
            let messages: Vec<&str> = problems.iter().map(|problem| &*problem.message).collect();
            let code = problems.iter().find_map(|problem| problem.code).map(Code::number);
            let message = messages.join("; ").into();
            answer(status, &Refused { kind: "invalid_request".into(), code, message }, trace)
        }
    }
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
