//! What the side door answers when it does not do what was asked.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::diagnostic::did_you_mean;
use crate::identity::mask;
use crate::simulation::Refusal;

/// Why not, with an HTTP status. Turns into `{"error": {"code", "message", "help"}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// The kinds of refusals. Programs can rely on the words, the statuses belong to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Code {
    /// 400: the body, the query or a value in it cannot be read; the message names the place.
    Invalid,
    /// 401: the token is missing or wrong.
    Unauthorized,
    /// 403: the page of another site must not steer the simulator.
    ForeignOrigin,
    /// 404: no such route.
    UnknownRoute,
    /// 404: no such space, session, script, person, provider, delivery or armed entry.
    NotFound,
    /// 405: the route exists, not with this method.
    MethodNotAllowed,
    /// 409: the name or credential is taken, or the thing cannot be removed.
    Conflict,
    /// 413: the body is too large.
    TooLarge,
    /// 415: a body that does not say it is JSON.
    NotJson,
    /// 421: the request calls us by a name that we do not know.
    UnknownHost,
    /// 422: no provider can play the script.
    Unsayable,
    /// 429: there are as many as may be.
    TooMany,
    /// 500: the simulator itself is at fault.
    Internal,
}

impl Code {
    const fn status(self) -> StatusCode {
        match self {
            Self::Invalid => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::UnknownRoute | Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UnknownHost => StatusCode::MISDIRECTED_REQUEST,
            Self::Unsayable => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The body of every refusal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErrorBody {
    /// What is wrong.
    pub(super) error: ErrorDetail,
}

/// What is wrong, for programs and for people.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErrorDetail {
    /// For programs.
    pub(super) code: Code,
    /// What is wrong, and where. Never repeats a national number.
    pub(super) message: String,
    /// What to do about it.
    pub(super) help: Option<String>,
}

impl Problem {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None }
    }

    /// A value that cannot be read, at its place in the body: `$.match.personal_number`.
    pub(super) fn at(path: &str, message: impl std::fmt::Display) -> Self {
        Self::new(Code::Invalid, format!("{path}: {message}"))
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(Code::NotFound, message)
    }

    #[must_use]
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    #[must_use]
    pub(super) fn maybe(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }
}

/// `did you mean …?`, or what is known where nothing is near.
pub(super) fn meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match did_you_mean(word, known.clone()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known: {}", known.into_iter().take(MOST_NAMED).collect::<Vec<_>>().join(", ")),
    }
}

/// More names than these help nobody.
const MOST_NAMED: usize = 30;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unknown(_) => Self::not_found(refusal.to_string())
                .help("sessions end with the process, with their space, and when there are too many"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // People paste numbers where names belong; no answer repeats them.
        let detail = ErrorDetail {
            code: self.code,
            message: mask(&self.message).into_owned(),
            help: self.help.map(|help| mask(&help).into_owned()),
        };
        let mut response = (self.code.status(), axum::Json(ErrorBody { error: detail })).into_response();
        if self.code == Code::Unauthorized {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
