//! Bodies and queries: read strictly, with mistakes named by their place.

use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use super::problem::{Code, Problem, meant};

/// A JSON body. An empty one reads as `{}`.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| unread(&rejection))?;
        let bytes: &[u8] = match bytes.trim_ascii_start() {
            b"" => b"{}",
            // serde would read a list as the members in their order.
            [b'[', ..] => return Err(Problem::at("$", "expected an object, not a list")),
            bytes => bytes,
        };
        axum::Json::from_bytes(bytes).map(|axum::Json(value)| Self(value)).map_err(|rejection| mistaken(&rejection))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The query of a request.
#[derive(Debug)]
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match axum::extract::Query::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => {
                let (path, message) = place(&rejection);
                let place = if path.is_empty() { "the query".into() } else { format!("the query parameter `{path}`") };
                let (message, help) = in_words(&message);
                Err(Problem::new(Code::Invalid, format!("{place}: {message}")).maybe(help))
            }
        }
    }
}

fn unread(rejection: &BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Code::TooLarge, "the body is larger than 2 MB"),
        _ => Problem::new(Code::Invalid, "the body broke off"),
    }
}

fn mistaken(rejection: &JsonRejection) -> Problem {
    let (path, message) = place(rejection);
    let (message, help) = in_words(&message);
    if rejection.status() == StatusCode::UNPROCESSABLE_ENTITY {
        // serde counts lines where people look for keys.
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        let path = if path.starts_with('[') || path.is_empty() { format!("${path}") } else { format!("$.{path}") };
        Problem::at(&path, message).maybe(help)
    } else {
        Problem::new(Code::Invalid, format!("the body is no JSON: {message}")).maybe(help)
    }
}

/// The place of a mistake and what it is: the innermost error reads `match.times: invalid type …`, without the place at the top level.
fn place(rejection: &dyn std::error::Error) -> (String, String) {
    let mut innermost = rejection;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    let whole = innermost.to_string();
    // serde's own texts have a blank before their first colon; a path has none, or has strange keys and stays in the text.
    match whole.split_once(": ") {
        Some((path, message)) if !path.contains([' ', '`', '"']) => (path.to_owned(), message.to_owned()),
        Some(_) | None => (String::new(), whole),
    }
}

/// What serde says, with a remedy where a key or word is unknown.
pub(super) fn in_words(message: &str) -> (String, Option<String>) {
    // "unknown field `tmes`, expected one of `times`, `script`": in backticks, the word and then its candidates.
    let mut quoted = message.split('`').skip(1).step_by(2);
    let kind = match (message.starts_with("unknown field"), message.starts_with("unknown variant")) {
        (true, _) => "key",
        (_, true) => "word",
        (false, false) => return (message.to_owned(), None),
    };
    let word = quoted.next().unwrap_or_default();
    let known: Vec<&str> = quoted.collect();
    let help = if known.is_empty() { "there are no keys here".into() } else { meant(word, known) };
    (format!("unknown {kind} `{word}`"), Some(help))
}

/// For a member where `null` means something else than leaving it out: `None` for left out, `Some(None)` for `null`.
pub(super) fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
