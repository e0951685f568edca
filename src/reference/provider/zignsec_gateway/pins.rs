//! The certificates that Freja's signatures are checked with. Freja publishes no key set: whoever relies on it is told a certificate and
//! pins it. Here the operator keeps them at an address of their own, one PEM text after the other; more than one while they overlap.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use tokio::time::Instant;
use url::Url;

use crate::crypto::pinned::Pinned;
use crate::reference::Flaw;
use crate::reference::provider::ClientOptions;

/// The trusted certificates, as they were read last.
#[derive(Debug)]
pub(super) struct Pins {
    at: Url,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    pins: Vec<Pinned>,
    read: Option<Instant>,
}

/// What is known of a certificate.
#[derive(Debug)]
pub(super) enum Found {
    /// It is trusted; whether it is valid, it says itself.
    Trusted(Box<Pinned>),
    /// The certificates cannot be read now, and it is none of those that were read before.
    Unavailable(String),
    /// It is not trusted.
    Unknown,
}

impl Pins {
    pub(super) fn new(at: Url) -> Self {
        Self { at, known: Mutex::default() }
    }

    /// Looks a certificate up. Read anew each time, so that one which was taken out counts no more, but never more often than twenty times
    /// a second: whoever makes up thumbprints keeps nobody busy.
    pub(super) async fn find(&self, thumbprint: &str, options: &ClientOptions) -> Found {
        let failed = if self.is_due() { self.read(options).await.err() } else { None };
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match (known.pins.iter().find(|pin| pin.thumbprint == thumbprint), failed) {
            (Some(pin), _) => Found::Trusted(Box::new(pin.clone())),
            (None, Some(problem)) => Found::Unavailable(problem),
            (None, None) if known.pins.is_empty() => Found::Unavailable(NEVER_READ.to_owned()),
            (None, None) => Found::Unknown,
        }
    }

    /// All that are trusted, as far as they were read. Only a flaw asks.
    pub(super) fn all(&self) -> Vec<Pinned> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).pins.clone()
    }

    fn is_due(&self) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = known.read.is_none_or(|read| read.elapsed() >= SHORTEST) || known.pins.is_empty();
        if is_due {
            known.read = Some(Instant::now());
        }
        is_due
    }

    async fn read(&self, options: &ClientOptions) -> Result<(), String> {
        let request = Request::get(self.at.as_str()).body(Bytes::new()).map_err(|_| "its address cannot be called")?;
        let answer = options.dialer.send(request, options.timeout, LARGEST).await;
        let answer = answer.map_err(|error| format!("the trusted certificates: {error}"))?;
        if answer.status != 200 {
            return Err(format!("the trusted certificates: HTTP status {}", answer.status));
        }
        let pins = Pinned::read(&answer.body).map_err(|error| format!("the trusted certificates: {error}"))?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = std::mem::replace(&mut known.pins, pins);
        if options.flaws.has(Flaw::KeepsARotatedCertificateForEver) {
            known.pins.extend(kept);
            known.pins.dedup_by(|one, other| one.thumbprint == other.thumbprint);
        }
        Ok(())
    }
}

const NEVER_READ: &str = "the trusted certificates were never read";
const SHORTEST: Duration = Duration::from_millis(50);
const LARGEST: usize = 256 * 1024;
