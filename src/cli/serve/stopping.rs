//! The signals that end `serve`.

use super::Failure;

/// Signals that have come and are still to come.
#[derive(Debug)]
pub(super) struct Stopping {
    #[cfg(unix)]
    streams: [(rustix::process::Signal, tokio::signal::unix::Signal); 4],
}

/// A signal that came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Came(#[cfg(unix)] pub(super) rustix::process::Signal);

#[cfg(unix)]
impl Stopping {
    /// Listens from now on: a signal does not end the process any more.
    pub(super) fn new() -> Result<Self, Failure> {
        use rustix::process::Signal;
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(|e| Failure::harness(format!("cannot listen for signals: {e}")));
        Ok(Self {
            streams: [
                (Signal::INT, listen(SignalKind::interrupt())?),
                (Signal::TERM, listen(SignalKind::terminate())?),
                (Signal::HUP, listen(SignalKind::hangup())?),
                (Signal::QUIT, listen(SignalKind::quit())?),
            ],
        })
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) -> Came {
        let [(a, int), (b, term), (c, hup), (d, quit)] = &mut self.streams;
        tokio::select! {
            _ = int.recv() => Came(*a),
            _ = term.recv() => Came(*b),
            _ = hup.recv() => Came(*c),
            _ = quit.recv() => Came(*d),
        }
    }
}

#[cfg(not(unix))]
impl Stopping {
    /// Listens from now on.
    pub(super) fn new() -> Result<Self, Failure> {
        Ok(Self {})
    }

    /// Waits for Ctrl-C.
    pub(super) async fn next(&mut self) -> Came {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Came()
    }
}
