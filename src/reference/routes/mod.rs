//! The addresses of the service, and what they share: credentials, bodies, answers.

mod agreements;
mod participants;
mod provider;
mod room;
mod support;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

use super::refusal::Refusal;
use super::service::Service;
use super::views;

/// Every address.
pub(super) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .merge(agreements::routes())
        .merge(participants::routes())
        .merge(provider::routes())
        .merge(room::routes())
        .merge(support::routes())
        .fallback(|| async { Refusal::UnknownRoute })
        .method_not_allowed_fallback(|| async { Refusal::WrongVerb })
        .with_state(service)
}

/// What handlers return.
type Answer = Result<Response, Refusal>;

/// The tenant whose token the request shows.
fn owner(service: &Service, headers: &HeaderMap) -> Result<String, Refusal> {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = shown.and_then(|shown| shown.strip_prefix("Bearer ")).ok_or(Refusal::Unauthorised)?;
    // All are compared, each in constant time.
    let found = service.owners.iter().fold(None, |found, (known, name)| {
        if crate::crypto::mac::equal(known.as_bytes(), token.as_bytes()) { Some(name) } else { found }
    });
    found.cloned().ok_or(Refusal::Unauthorised)
}

/// The object in a JSON body.
async fn object(request: Request) -> Result<serde_json::Map<String, Value>, Refusal> {
    if !is(request.headers(), "application/json") {
        return Err(Refusal::UnsupportedMedia);
    }
    let bytes = bytes(request.into_body(), LARGEST).await?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal::malformed("the body has to be a JSON object")),
        // The reader's own message could repeat what was sent.
        Err(_) => Err(Refusal::malformed("the body is not JSON")),
    }
}

async fn bytes(body: Body, most: usize) -> Result<bytes::Bytes, Refusal> {
    to_bytes(body, most).await.map_err(|_| Refusal::TooLarge)
}

/// Whether the content is of this type, whatever its parameters.
fn is(headers: &HeaderMap, wanted: &str) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
}

/// A text member; none when it is absent.
fn text(object: &serde_json::Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.len() <= 500 => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::malformed(format!("`{name}` has to be a text of at most 500 bytes"))),
    }
}

/// A text member that must be there.
fn needed(object: &serde_json::Map<String, Value>, name: &str) -> Result<String, Refusal> {
    text(object, name)?
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| Refusal::malformed(format!("`{name}` is missing")))
}

/// An id in an address.
fn id(text: &str, unknown: Refusal) -> Result<Uuid, Refusal> {
    Uuid::parse_str(text).map_err(|_| unknown)
}

/// A success.
fn told(status: StatusCode, resource_type: &str, data: Value) -> Response {
    plain(status, &views::envelope(resource_type, data))
}

/// JSON without the envelope.
fn plain(status: StatusCode, value: &Value) -> Response {
    private((status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response())
}

/// A redirect after a POST, or to a page.
fn see_other(address: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(address) else { return Refusal::UnknownRoute.into_response() };
    private((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// Kept by nobody on the way, told to nobody after.
fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, reason) = self.words();
        let mut random = [0; 16];
        // Without randomness the id is nil: it helps to find a line in a log, no more.
        let _ = getrandom::fill(&mut random);
        let body = json!({
            "status": "error",
            "error": {
                "code": status,
                "message": self.to_string(),
                "reason": reason,
                "request_id": uuid::Builder::from_random_bytes(random).into_uuid(),
            },
        });
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = plain(status, &body);
        let wait = if let Self::TooManyStarts(wait) = self {
            Some(wait.as_secs() + 1)
        } else {
            (self == Self::ProviderUnavailable).then_some(2)
        };
        if let Some(wait) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        response
    }
}

const LARGEST: usize = 64 * 1024;
