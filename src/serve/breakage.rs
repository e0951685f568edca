use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use thiserror::Error;
use tracing::warn;

use super::patience::Owed;
use super::stream::Fate;

/// As an extension of a response: send nothing, and reset the connection, so that the client sees RST.
///
/// ```
/// use axum::response::{Extension, IntoResponse, Response};
/// use motpart::serve::Reset;
///
/// async fn handler() -> Response {
///     Extension(Reset).into_response()
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Reset;

/// A body whose `Content-Length` promises all of `body`, which sends the first `keep` bytes and then closes the connection.
///
/// The client gets every kept byte, then an unexpected end. Keeping as much as there is truncates nothing.
pub fn truncated(mut body: Bytes, keep: usize) -> Body {
    let promised = body.len() as u64;
    body.truncate(keep);
    Body::new(Truncated { kept: body, promised })
}

struct Truncated {
    kept: Bytes,
    /// Bytes still owed to the client.
    promised: u64,
}

#[derive(Debug, Error)]
#[error("truncated on purpose")]
struct TruncatedOnPurpose;

impl HttpBody for Truncated {
    type Data = Bytes;
    type Error = TruncatedOnPurpose;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TruncatedOnPurpose>>> {
        let kept = std::mem::take(&mut self.kept);
        Poll::Ready(if !kept.is_empty() {
            self.promised -= kept.len() as u64;
            Some(Ok(Frame::data(kept)))
        } else if self.promised > 0 {
            Some(Err(TruncatedOnPurpose))
        } else {
            None
        })
    }

    fn is_end_stream(&self) -> bool {
        self.promised == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}

/// A response body whose error cuts the connection after what came before it has been sent. (hyper by itself would throw away what it had
/// not written yet.)
pub(super) struct Breakable {
    body: Body,
    fate: Fate,
    _owed: Owed,
}

impl Breakable {
    pub(super) fn new(body: Body, fate: Fate, owed: Owed) -> Self {
        Self { body, fate, _owed: owed }
    }
}

impl HttpBody for Breakable {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.fate.is_cut() {
            return Poll::Pending;
        }
        match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            Some(Err(error)) => {
                if !is_on_purpose(&error) {
                    warn!("an answer broke off: {error}");
                }
                self.fate.cut();
                // No waker is needed: hyper flushes after each pending body, and the stream ends the connection then.
                Poll::Pending
            }
            frame => Poll::Ready(frame),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn is_on_purpose(error: &axum::Error) -> bool {
    std::iter::successors(Some(error as &dyn std::error::Error), |&error| error.source())
        .any(|error| error.is::<TruncatedOnPurpose>())
}
