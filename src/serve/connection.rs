use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode, header};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use thiserror::Error;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::Service;
use tracing::debug;

use super::Limits;
use super::breakage::{Breakable, Reset};
use super::patience::{Owed, Patience};
use super::stream::{Fate, Stream};

/// What all connections of a door share.
pub(super) struct House {
    router: Router,
    full: Router,
    http: http1::Builder,
    http_full: http1::Builder,
    tls: Option<TlsAcceptor>,
    limits: Limits,
    seats: Arc<Semaphore>,
    standing: Arc<Semaphore>,
}

/// Where the whole door is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Open,
    Over,
    Stopping,
}

/// The right to be served, or to be told that there is no room.
pub(super) struct Seat {
    turned_away: bool,
    _permit: Option<OwnedSemaphorePermit>,
}

impl House {
    pub(super) fn new(router: Router, tls: Option<Arc<ServerConfig>>, limits: Limits) -> Self {
        let mut http = http1::Builder::new();
        // The time for a request head is ours to watch: see `Patience`.
        http.header_read_timeout(None)
            .max_header_size(limits.header_bytes)
            .max_buf_size(limits.header_bytes.max(WRITE_BUFFER));
        let mut http_full = http.clone();
        http_full.keep_alive(false);
        Self {
            // Turned into plain routes once instead of at every request.
            router: router.with_state(()),
            full: Router::new()
                .fallback(async || (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], FULL)),
            http,
            http_full,
            tls: tls.map(TlsAcceptor::from),
            limits,
            seats: Arc::new(Semaphore::new(limits.connections)),
            standing: Arc::new(Semaphore::new(STANDING)),
        }
    }

    /// Waits only when even those who are turned away are too many: then the queue of the system holds the others back.
    pub(super) async fn seat(&self) -> Seat {
        if let Ok(permit) = Arc::clone(&self.seats).try_acquire_owned() {
            return Seat { turned_away: false, _permit: Some(permit) };
        }
        tokio::select! {
            biased;
            permit = Arc::clone(&self.standing).acquire_owned() => Seat { turned_away: true, _permit: permit.ok() },
            permit = Arc::clone(&self.seats).acquire_owned() => Seat { turned_away: false, _permit: permit.ok() },
        }
    }

    pub(super) async fn attend(&self, tcp: TcpStream, peer: SocketAddr, seat: Seat, mut stage: watch::Receiver<Stage>) {
        // Answers are small and awaited: none may wait for the acknowledgement of the one before.
        let _ = tcp.set_nodelay(true);
        let fate = Fate::default();
        let stream = tokio::select! {
            biased;
            stream = self.greet(tcp, &fate) => stream,
            _ = stage.changed() => return,
        };
        let Some(stream) = stream else { return };

        let (http, router) = if seat.turned_away { (&self.http_full, &self.full) } else { (&self.http, &self.router) };
        let patience = Patience::new(self.limits.header_timeout);
        let service = service_fn(|request| answer(router.clone(), request, peer, &fate, patience.owe()));
        let mut connection = http.serve_connection(TokioIo::new(stream), service);
        let mut waiting = pin!(sleep(self.limits.header_timeout));
        let ended = loop {
            tokio::select! {
                biased;
                ended = &mut connection => break ended,
                () = &mut waiting => match patience.ends() {
                    Some(end) => waiting.as_mut().reset(end),
                    None => break Ok(()),
                },
                changed = stage.changed() => {
                    let now = *stage.borrow_and_update();
                    match now {
                        Stage::Stopping if changed.is_ok() => std::pin::Pin::new(&mut connection).graceful_shutdown(),
                        Stage::Open | Stage::Over | Stage::Stopping => return,
                    }
                }
            }
        };
        if let Err(error) = ended
            && !fate.is_on_purpose()
        {
            debug!("connection from {peer}: {}", chain(&error));
        }
        let stream = connection.into_parts().io.into_inner();
        if !fate.is_reset() {
            tokio::select! {
                biased;
                () = part(stream) => {}
                () = closing(&mut stage) => {}
            }
        }
    }

    async fn greet(&self, tcp: TcpStream, fate: &Fate) -> Option<Stream> {
        let Some(tls) = &self.tls else { return Some(Stream::plain(tcp, fate.clone())) };
        match timeout(self.limits.header_timeout, tls.accept(tcp)).await {
            Ok(Ok(stream)) => Some(Stream::tls(stream, fate.clone())),
            Ok(Err(error)) => {
                debug!("TLS handshake: {error}");
                None
            }
            Err(_) => None,
        }
    }
}

async fn closing(stage: &mut watch::Receiver<Stage>) {
    let _ = stage.wait_for(|stage| *stage != Stage::Open).await;
}

#[derive(Debug, Error)]
#[error("reset on purpose")]
struct ResetOnPurpose;

async fn answer(
    mut router: Router,
    request: Request<Incoming>,
    peer: SocketAddr,
    fate: &Fate,
    owed: Owed,
) -> Result<Response<Breakable>, ResetOnPurpose> {
    let (mut head, body) = request.into_parts();
    head.extensions.insert(ConnectInfo(peer));
    // An empty body costs no allocation, a boxed one does.
    let body = if body.is_end_stream() { Body::empty() } else { Body::new(body) };
    let mut response = match router.call(Request::from_parts(head, body)).await {
        Ok(response) => response,
        Err::<_, Infallible>(never) => match never {},
    };
    if response.extensions().get::<Reset>().is_some() {
        fate.reset();
        return Err(ResetOnPurpose);
    }
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        // The rest is not read, so the connection ends behind this answer: who is not told sends the next request into it (RFC 9112
        // section 9.6).
        response.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| Breakable::new(body, fate.clone(), owed)))
}

/// Says goodbye, and reads on for a moment: closing a socket with unread bytes makes the system send a reset, which would take the answer
/// (a 413 or 431 to a client that is still sending) away from the client.
async fn part(mut stream: Stream) {
    if timeout(PARTING, stream.shutdown()).await.is_err() {
        return;
    }
    let _ = timeout(PARTING, tokio::io::copy(&mut stream, &mut tokio::io::sink())).await;
}

fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(error.source(), |&error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

const FULL: &str = "too many connections at once: close idle ones, or try again in a second\n";
/// How many are told at once that there is no room.
const STANDING: usize = 64;
const PARTING: Duration = Duration::from_millis(500);
/// Bytes that hyper may hold back before it writes.
const WRITE_BUFFER: usize = 256 * 1024;
