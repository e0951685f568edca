//! The certificates that Freja's signatures are checked with. Freja publishes no key set: whoever relies on it is told a certificate and
//! pins it. Here the operator keeps them at an address of their own, one PEM text after the other; more than one while they overlap.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use tokio::sync::Mutex;
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
    read: Option<Read>,
}

/// A reading of them.
#[derive(Debug)]
struct Read {
    begun: Instant,
    outcome: Result<(), String>,
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

    /// Looks a certificate up. Read anew each time, so that one which was taken out counts no more; all who ask while they are read share
    /// the next reading. What nobody trusts makes them be read twenty times a second at most: whoever makes up thumbprints keeps nobody busy.
    pub(super) async fn find(&self, thumbprint: &str, options: &ClientOptions) -> Found {
        let asked = Instant::now();
        let mut known = self.known.lock().await;
        let enough = if known.pin(thumbprint).is_some() { Duration::ZERO } else { SHORTEST };
        let recent = known.read.take().filter(|read| read.begun + enough >= asked);
        let read = match recent {
            Some(recent) => recent,
            None => {
                let begun = Instant::now();
                Read { begun, outcome: self.read(options).await.map(|pins| known.replace(pins, options)) }
            }
        };
        let found = match (known.pin(thumbprint), &read.outcome) {
            (Some(pin), _) => Found::Trusted(Box::new(pin.clone())),
            (None, Err(problem)) => Found::Unavailable(problem.clone()),
            (None, Ok(())) => Found::Unknown,
        };
        known.read = Some(read);
        found
    }

    /// All that are trusted, as far as they were read. Only a flaw asks.
    pub(super) async fn all(&self) -> Vec<Pinned> {
        self.known.lock().await.pins.clone()
    }

    async fn read(&self, options: &ClientOptions) -> Result<Vec<Pinned>, String> {
        let request = Request::get(self.at.as_str()).body(Bytes::new()).map_err(|_| "its address cannot be called")?;
        let answer = options.dialer.send(request, options.timeout, LARGEST).await;
        let answer = answer.map_err(|error| format!("the trusted certificates: {error}"))?;
        if answer.status != 200 {
            return Err(format!("the trusted certificates: HTTP status {}", answer.status));
        }
        Pinned::read(&answer.body).map_err(|error| format!("the trusted certificates: {error}"))
    }
}

impl Known {
    fn pin(&self, thumbprint: &str) -> Option<&Pinned> {
        self.pins.iter().find(|pin| pin.thumbprint == thumbprint)
    }

    fn replace(&mut self, pins: Vec<Pinned>, options: &ClientOptions) {
        let kept = std::mem::replace(&mut self.pins, pins);
        if options.flaws.has(Flaw::KeepsARotatedCertificateForEver) {
            self.pins.extend(kept);
            self.pins.sort_by(|one, other| one.thumbprint.cmp(&other.thumbprint));
            self.pins.dedup_by(|one, other| one.thumbprint == other.thumbprint);
        }
    }
}

const SHORTEST: Duration = Duration::from_millis(50);
const LARGEST: usize = 256 * 1024;
