//! The one layer that reads bodies, applies transport faults and writes the journal.
//!
//! A provider's handler answers honestly and leaves a [`Trace`] in the answer's extensions. The witness then damages the answer as the
//! session's script wants it, and writes both down. An answer without a trace is a *stray*: nobody's session, unattributed.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use tower::Service;

use super::commons::Commons;
use super::journal::{Event, Exchange, Texts};
use super::metrics::RequestLabels;
use super::sessions::Trace;
use crate::script::{Damage, Operation};
use crate::serve::{Reset, truncated};

/// Put into an answer's extensions when the exchange is not worth a journal entry: a page refreshing itself.
#[derive(Clone, Copy, Debug)]
pub struct Unremarkable;

/// The routes of all providers, witnessed: a router that is nothing but its fallback, and can be merged into another.
///
/// The witness stands before the routing, so that it can tidy an address up and sees strays as well.
pub fn witnessed(commons: Arc<Commons>, routes: Router) -> Router {
    Router::new().fallback(move |request: Request| witness(commons.clone(), routes.clone(), request))
}

async fn witness(commons: Arc<Commons>, mut routes: Router, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let request_body = to_bytes(body, commons.bounds.body_bytes).await;
    let mut texts = Texts::new(&parts.method, &parts.uri, request_body.as_ref().map_or(0, Bytes::len));
    let Ok(request_body) = request_body else {
        texts.add(&parts.headers, &[]);
        return too_large(&commons, texts);
    };
    texts.add(&parts.headers, &request_body);
    tidy(&mut parts.uri);
    // A router is always ready, and never fails.
    let answer = match routes.call(Request::from_parts(parts, Body::from(request_body))).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    };
    let (mut parts, body) = answer.into_parts();
    // Handlers answer with whole bodies; one that breaks off is answered as far as it came, which is nothing.
    let answer_body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let trace = parts.extensions.remove::<Trace>();
    let quiet = parts.extensions.remove::<Unremarkable>().is_some();

    let operation = trace.as_ref().map(|t| t.operation);
    let damage = trace.as_ref().and_then(|t| t.damage.clone());
    let status = match &damage {
        Some(Damage::Replace { status, .. }) => *status,
        Some(Damage::Reset) => 0,
        Some(Damage::ByteOrderMark | Damage::Delay(_) | Damage::Hold | Damage::Truncate { .. }) | None => {
            parts.status.as_u16()
        }
    };
    commons.metrics.requests.get_or_create(&RequestLabels { operation: label(operation), status }).inc();
    if !quiet || damage.is_some() {
        texts.add(&parts.headers, &answer_body);
        let exchange = Exchange::new(operation, status, damage.as_ref().map(Damage::in_words), texts);
        let space = trace.as_ref().map_or_else(|| commons.spaces.default_space(), |t| t.space.clone());
        let session = trace.as_ref().and_then(|t| t.session);
        space.journal.record(commons.clock.now(), session, Event::Exchange(Arc::new(exchange)));
    }
    match (damage, trace.and_then(|t| t.session)) {
        (Some(damage), Some(session)) => {
            let wait = match damage {
                Damage::Delay(span) => Some(Some(commons.clock.now().plus(span))),
                Damage::Hold => Some(None),
                Damage::ByteOrderMark | Damage::Replace { .. } | Damage::Reset | Damage::Truncate { .. } => None,
            };
            if let Some(due) = wait {
                commons.waits.wait(&commons.agenda, session, due).await;
            }
            damaged(Response::from_parts(parts, Body::empty()), answer_body, damage)
        }
        (Some(_) | None, _) => Response::from_parts(parts, Body::from(answer_body)),
    }
}

/// Collapses doubled slashes: a real client joins a base address that ends in one with a path that begins with one.
fn tidy(uri: &mut Uri) {
    if !uri.path().contains("//") {
        return;
    }
    let mut path = String::with_capacity(uri.path().len());
    for c in uri.path().chars() {
        if c != '/' || !path.ends_with('/') {
            path.push(c);
        }
    }
    if let Some(query) = uri.query() {
        path.push('?');
        path.push_str(query);
    }
    // What was an address before is one without its doubled slashes.
    if let Ok(tidied) = path.parse() {
        *uri = tidied;
    }
}

/// The answer as the fault leaves it.
fn damaged(mut answer: Response, body: Bytes, damage: Damage) -> Response {
    match damage {
        Damage::ByteOrderMark => {
            answer.headers_mut().remove(header::CONTENT_LENGTH);
            *answer.body_mut() = Body::from([BYTE_ORDER_MARK, &body].concat());
        }
        Damage::Delay(_) | Damage::Hold => *answer.body_mut() = Body::from(body),
        Damage::Replace { status, content_type, headers, body } => {
            // Both were checked when the script was read; a value that cannot stand in a head is left out.
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut replaced = (status, body).into_response();
            if let Ok(value) = HeaderValue::from_str(&content_type) {
                replaced.headers_mut().insert(header::CONTENT_TYPE, value);
            }
            for (name, value) in &headers {
                if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
                    replaced.headers_mut().insert(name, value);
                }
            }
            return replaced;
        }
        Damage::Reset => {
            answer.extensions_mut().insert(Reset);
        }
        Damage::Truncate { keep } => {
            let keep = keep.unwrap_or(body.len() / 2).min(body.len());
            answer.headers_mut().remove(header::CONTENT_LENGTH);
            *answer.body_mut() = truncated(body, keep);
        }
    }
    answer
}

fn too_large(commons: &Commons, mut texts: Texts) -> Response {
    let problem = format!("the body is larger than {} bytes, or broke off\n", commons.bounds.body_bytes);
    texts.add(&HeaderMap::new(), problem.as_bytes());
    let exchange = Exchange::new(None, StatusCode::PAYLOAD_TOO_LARGE.as_u16(), None, texts);
    let space = commons.spaces.default_space();
    space.journal.record(commons.clock.now(), None, Event::Exchange(Arc::new(exchange)));
    (StatusCode::PAYLOAD_TOO_LARGE, problem).into_response()
}

const fn label(operation: Option<Operation>) -> &'static str {
    match operation {
        Some(Operation::Collect) => "collect",
        Some(Operation::Complete) => "complete",
        Some(Operation::Discovery) => "discovery",
        Some(Operation::Jwks) => "jwks",
        Some(Operation::Page) => "page",
        Some(Operation::Sdo) => "sdo",
        Some(Operation::Start) => "start",
        Some(Operation::Token) => "token",
        Some(Operation::Userinfo) => "userinfo",
        None => "stray",
    }
}

/// U+FEFF in UTF-8. RFC 8259, section 8.1: JSON on the wire must not begin with it, and a parser may refuse it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
