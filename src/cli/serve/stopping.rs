//! The signals that end `serve`.

use super::Failure;

/// Signals that have come and are still to come.
#[derive(Debug)]
pub(in crate::cli) struct Stopping {
    #[cfg(unix)]
    streams: [(rustix::process::Signal, tokio::signal::unix::Signal); 4],
}

/// A signal that came.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Came(#[cfg(unix)] pub(super) rustix::process::Signal);

impl Came {
    /// The exit code of a process that such a signal ends, as shells have it.
    pub(in crate::cli) fn code(self) -> u8 {
        #[cfg(unix)]
        let signal = u8::try_from(self.0.as_raw()).unwrap_or_default();
        #[cfg(not(unix))]
        let signal = 2;
        motpart::exit::SIGNALLED.saturating_add(signal)
    }
}

#[cfg(unix)]
impl Stopping {
    /// Listens from now on: a signal does not end the process any more.
    pub(in crate::cli) fn new() -> Result<Self, Failure> {
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
    pub(in crate::cli) async fn next(&mut self) -> Came {
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
    pub(in crate::cli) fn new() -> Result<Self, Failure> {
        Ok(Self {})
    }

    /// Waits for Ctrl-C.
    pub(in crate::cli) async fn next(&mut self) -> Came {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Came()
    }
}
