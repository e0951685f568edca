//! The answers of the page, with the heads they all carry.

use askama::Template;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::simulation::Trace;
use crate::simulation::witness::Unremarkable;

/// An HTML page that loads nothing from anywhere else; `denied` forbids that it stands in an iframe.
pub(in crate::providers) fn html(status: StatusCode, page: &impl Template, denied: bool) -> Response {
    let Ok(body) = page.render() else {
        // Rendering fails only when writing to memory does.
        return (StatusCode::INTERNAL_SERVER_ERROR, "the page could not be rendered\n").into_response();
    };
    let mut answer = typed(status, "text/html; charset=utf-8", body);
    let policy = if denied { POLICY_DENIED } else { POLICY };
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if denied {
        answer.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    answer
}

/// A body of this type that nobody keeps.
pub(in crate::providers) fn typed(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let heads: [(HeaderName, &'static str); 3] = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, heads, body).into_response()
}

/// 302 to the relying party. `None` when the address cannot stand in a head.
pub(in crate::providers) fn found(address: &str) -> Option<Response> {
    leading(StatusCode::FOUND, address)
}

/// 303 to another part of the page.
pub(in crate::providers) fn see(address: &str) -> Response {
    leading(StatusCode::SEE_OTHER, address).unwrap_or_else(|| StatusCode::BAD_REQUEST.into_response())
}

/// An answer that belongs to a session.
pub(in crate::providers) fn traced(mut answer: Response, trace: Trace) -> Response {
    answer.extensions_mut().insert(trace);
    answer
}

/// An answer of which nobody need hear.
pub(in crate::providers) fn quiet(mut answer: Response) -> Response {
    answer.extensions_mut().insert(Unremarkable);
    answer
}

fn leading(status: StatusCode, address: &str) -> Option<Response> {
    let location = HeaderValue::from_bytes(address.as_bytes()).ok()?;
    let mut answer = (status, Body::empty()).into_response();
    answer.headers_mut().insert(header::LOCATION, location);
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(answer)
}

// No `form-action`: browsers apply it to the redirect that follows a form, and that goes to the relying party.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self'; connect-src 'self'; base-uri 'none'";
const POLICY_DENIED: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
