//! One request to the providers, under a clock that stands still.

use std::pin::pin;

use axum::body::Body;
use axum::response::Response;
use http::Request;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::opaque::spelt_out;
use super::{Scene, Stage};
use crate::identity::mask;
use crate::script::Millis;
use crate::serve::Reset;
use crate::simulation::{SampleError, SampleRequest, SessionId};

/// A request as it looks on the wire, masked.
pub(super) fn request_text(request: &SampleRequest) -> String {
    let mut text = format!("{} {}", request.method, request.path);
    for (name, value) in &request.headers {
        text.push_str(&format!("\n{}: {value}", name.to_ascii_lowercase()));
    }
    if !request.body.is_empty() {
        text.push('\n');
        text.push_str(&request.body);
    }
    mask(&spelt_out(&text)).into_owned()
}

/// Sends a request. An answer that is delayed or held on purpose is waited for: the clock moves on, or somebody releases it. What happens
/// in the meantime is added to `meanwhile`. `look` looks when the request has been dealt with, before anything else happens.
pub(super) async fn exchange<T>(
    stage: &Stage,
    request: &SampleRequest,
    session: impl Fn() -> Option<SessionId>,
    look: impl Fn() -> T,
    meanwhile: &mut Vec<Scene>,
) -> Result<(String, T), SampleError> {
    let request: Request<Body> = request.to_http()?.map(Body::from);
    let mut call = pin!(stage.routes.clone().oneshot(request));
    let commons = &stage.simulation.commons;
    let early = tokio::select! {
        biased;
        answer = &mut call => Some(answer),
        () = standstill() => None,
    };
    let seen = look();
    let answer = match early {
        Some(answer) => answer,
        None => {
            super::lead::pass(stage, Millis(0), session(), meanwhile);
            match commons.waits.first() {
                Some((_, Some(due))) => super::lead::pass(stage, due.since(commons.clock.now()), session(), meanwhile),
                Some((waiting, None)) => {
                    commons.waits.release(&commons.agenda, waiting);
                }
                None => {}
            }
            call.await
        }
    };
    match answer {
        Ok(answer) => Ok((answer_text(stage, answer).await, seen)),
        Err(never) => match never {},
    }
}

/// An answer as it looks on the wire, masked and not too long.
async fn answer_text(stage: &Stage, answer: Response) -> String {
    let (head, mut body) = answer.into_parts();
    if head.extensions.get::<Reset>().is_some() {
        return "the connection is reset".to_owned();
    }
    let mut bytes = Vec::new();
    let mut broke = false;
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => bytes.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data)),
            Err(_) => {
                broke = true;
                break;
            }
        }
    }
    let mut text = head.status.as_u16().to_string();
    for name in SHOWN_HEADERS {
        if let Some(value) = head.headers.get(&name) {
            text.push_str(&format!("\n{name}: {}", String::from_utf8_lossy(value.as_bytes())));
        }
    }
    let is_html =
        head.headers.get(http::header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    stage.told.hear(&head.headers, &bytes);
    let whole = String::from_utf8_lossy(&bytes);
    let whole = if is_html { essential(&whole) } else { spelt_out(&whole).into_owned() };
    let shown: String = whole.chars().take(MOST_SHOWN).collect();
    if !shown.is_empty() {
        text.push('\n');
        text.push_str(shown.trim_end());
    }
    if shown.len() < whole.len() {
        text.push_str(" …");
    }
    if broke {
        text.push_str(&format!("\n(the connection closes after {} bytes of the body)", bytes.len()));
    }
    mask(&text).into_owned()
}

/// A page without what only makes it look and move: a reader wants to know what it says.
fn essential(page: &str) -> String {
    let mut text = page.to_owned();
    for (begins, ends) in [("<style>", "</style>"), ("<script>", "</script>")] {
        while let Some((before, rest)) = text.split_once(begins) {
            let after = rest.split_once(ends).map_or("", |(_, after)| after);
            text = format!("{before}{after}");
        }
    }
    text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// Long enough for a handler that waits for nothing: the providers do no input or output of their own.
async fn standstill() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}

/// Milliseconds of the stage's time since the beginning.
pub(super) fn elapsed(stage: &Stage) -> Millis {
    stage.simulation.commons.clock.now().since(stage.simulation.commons.begun)
}

/// What of an answer's head means something to who reads a storyboard.
const SHOWN_HEADERS: [http::HeaderName; 5] = [
    http::header::ALLOW,
    http::header::CONTENT_SECURITY_POLICY,
    http::header::CONTENT_TYPE,
    http::header::LOCATION,
    http::header::X_FRAME_OPTIONS,
];

const MOST_SHOWN: usize = 2_000;
