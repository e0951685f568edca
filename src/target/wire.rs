//! What went over the wire between the judge and the target, for the leak scanner and for reports.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// One request with its answer, exactly as sent. It may hold numbers and credentials: it is masked where it is printed.
#[derive(Clone)]
pub struct Exchange {
    /// As whom: `sender`, `person anna`, `provider`.
    pub actor: String,
    /// For which operation, such as `add_participant`; `browser` for the user agent.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The complete address.
    pub url: String,
    /// What was sent along.
    pub request_headers: Vec<(String, String)>,
    /// What was sent.
    pub request_body: Vec<u8>,
    /// The HTTP status; none when no answer came.
    pub status: Option<u16>,
    /// The answer's headers.
    pub headers: Vec<(String, String)>,
    /// The answer's body; why there is none when no answer came.
    pub body: Vec<u8>,
    /// From the beginning of the scenario to the request.
    pub at: Duration,
    /// From the request to the answer's last byte.
    pub took: Duration,
}

/// The exchanges of one scenario. Clones write to the same log.
#[derive(Clone)]
pub struct Wire {
    began: tokio::time::Instant,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Wire {
    /// An empty log; its time begins now.
    #[must_use]
    pub fn new() -> Self {
        Self { began: tokio::time::Instant::now(), exchanges: Arc::default() }
    }

    /// How long ago the log began.
    #[must_use]
    pub fn at(&self) -> Duration {
        self.began.elapsed()
    }

    /// Notes an exchange.
    pub fn note(&self, exchange: Exchange) {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }

    /// A copy of everything noted, oldest first.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Default for Wire {
    fn default() -> Self {
        Self::new()
    }
}

/// Without what was said.
impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

/// Without headers and bodies.
impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Exchange({} {} {:?})", self.operation, self.method, self.status)
    }
}
