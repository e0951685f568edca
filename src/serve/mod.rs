//! Our own accept loop: HTTP/1.1, plain or over TLS, for every server in this crate.
//!
//! ```text
//! Door ──serve(router)──▶ Serving ──stop(grace)──▶ done
//!  │ accept → seat or 503 → TLS → hyper → router → the answer, a Reset, or a body that breaks
//! ```
//!
//! A loop of our own, because a simulator of faults needs what ready-made servers hide: a connection reset that the client really sees
//! ([`Reset`]), an answer that stops in the middle after everything before it has been sent ([`truncated`]), limits with clear answers,
//! and a stop that does not lose the answers in flight.

mod breakage;
mod connection;
mod patience;
mod stream;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use rustls::ServerConfig;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::warn;

pub use self::breakage::{Reset, truncated};
use self::connection::{House, Stage};

/// A bound listener that nobody answers yet.
#[derive(Debug)]
pub struct Door {
    /// Where connections come in.
    pub listener: TcpListener,
    /// With this the door speaks TLS, and nothing else. [`crate::crypto::cert::Authority::server_config`] makes one.
    pub tls: Option<Arc<ServerConfig>>,
    /// How much is let in.
    pub limits: Limits,
}

/// How much a door lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections served at the same time; the next ones are answered 503 and closed.
    pub connections: usize,
    /// Bytes of the request line and the headers together; more is answered 431.
    pub header_bytes: usize,
    /// How long a client may take for the TLS handshake, and for each complete request head. An idle kept-alive connection is closed after
    /// this time, too.
    pub header_timeout: Duration,
}

/// A door that answers. Dropping it ends everything at once; [`Serving::stop`] is the polite way.
#[derive(Debug)]
#[must_use = "dropping it closes the door at once"]
pub struct Serving {
    addr: SocketAddr,
    stage: watch::Sender<Stage>,
}

/// How a stop went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Connections were still busy after the grace period, and were dropped.
    Cut,
    /// Every request in flight got its answer.
    Finished,
}

/// The address cannot be listened on.
#[derive(Debug, Error)]
#[error("cannot listen on {addr}: {source}{}", remedy(.source))]
pub struct BindError {
    /// The address as it was asked for.
    pub addr: SocketAddr,
    /// What the system said.
    pub source: io::Error,
}

impl Door {
    /// Binds a plain door with the default limits. Port 0 takes a free port.
    ///
    /// # Errors
    /// When the address is taken, not ours, or not allowed; the message says what to do.
    pub async fn bind(addr: SocketAddr) -> Result<Self, BindError> {
        let listener = TcpListener::bind(addr).await.map_err(|source| BindError { addr, source })?;
        Ok(Self { listener, tls: None, limits: Limits::default() })
    }

    /// The same door, speaking TLS.
    #[must_use]
    pub fn with_tls(self, config: Arc<ServerConfig>) -> Self {
        Self { tls: Some(config), ..self }
    }

    /// The same door with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Where the door is, with the port that was taken.
    ///
    /// # Errors
    /// When the system has lost the socket.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers from now on, in the background. Handlers find the peer's address as `axum::extract::ConnectInfo<SocketAddr>`.
    ///
    /// # Errors
    /// When the system has lost the socket.
    pub fn serve(self, router: Router) -> io::Result<Serving> {
        let addr = self.local_addr()?;
        let (stage, watching) = watch::channel(Stage::Open);
        let house = Arc::new(House::new(router, self.tls, self.limits));
        tokio::spawn(accept(self.listener, house, watching));
        Ok(Serving { addr, stage })
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 4096, header_bytes: 64 * 1024, header_timeout: Duration::from_secs(60) }
    }
}

impl Serving {
    /// Where the door is.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Lets nobody in any more, waits at most `grace` for the requests in flight, then drops the rest. Afterwards the port is free.
    pub async fn stop(self, grace: Duration) -> Stopped {
        self.stage.send_replace(Stage::Stopping);
        // Every connection, and the accept loop, holds a receiver as long as it lives.
        if timeout(grace, self.stage.closed()).await.is_ok() {
            return Stopped::Finished;
        }
        self.stage.send_replace(Stage::Over);
        // A handler that never awaits cannot be interrupted: it is not waited for either.
        let _ = timeout(Duration::from_secs(1), self.stage.closed()).await;
        Stopped::Cut
    }
}

async fn accept(listener: TcpListener, house: Arc<House>, mut stage: watch::Receiver<Stage>) {
    loop {
        let accepted = tokio::select! {
            biased;
            _ = stage.changed() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((tcp, peer)) => {
                let seat = tokio::select! {
                    biased;
                    seat = house.seat() => seat,
                    _ = stage.changed() => return,
                };
                let (house, stage) = (Arc::clone(&house), stage.clone());
                tokio::spawn(async move { house.attend(tcp, peer, seat, stage).await });
            }
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                // Mostly "too many open files": the connection stays in the queue, and a busy loop would not free one.
                warn!("cannot accept a connection: {error}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    [ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted].contains(&error.kind())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the standard library's list of kinds is open")]
fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "; something else listens there: stop it, or choose another port (port 0 takes a free one)"
        }
        io::ErrorKind::AddrNotAvailable => "; the address belongs to no interface of this machine",
        io::ErrorKind::PermissionDenied => "; ports below 1024 are reserved: choose a higher one",
        _ => "",
    }
}

#[cfg(test)]
mod tests;
