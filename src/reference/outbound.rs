//! The webhooks that the service sends to the owners of agreements: signed, repeated, and in order for each participant.
//!
//! ```text
//! send ──▶ queue of (owner, key) ──▶ POST, x-zigned-request-signature: t=…,v1=HMAC-SHA256(secret, "t.body")
//!                                     └ not 2xx: again after 0.1 s, 0.5 s, 2 s, 5 s; the next event waits
//! ```

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use jiff::Timestamp;
use serde_json::Value;
use tokio::time::sleep;
use tracing::warn;
use url::Url;

use super::underway::{Busy, Underway};
use crate::crypto::mac;
use crate::dial::Dialer;

/// Where an owner's webhooks go.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The address.
    pub url: Url,
    /// The key of the signatures.
    pub secret: String,
}

/// Without the secret, and of the address only the host: paths and queries can be secrets too.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

/// Sends webhooks. Clones share everything; when the last one is dropped, what is queued is lost.
#[derive(Clone)]
pub struct Outbound(Arc<Shared>);

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").field("busy", &self.0.busy).finish_non_exhaustive()
    }
}

impl Outbound {
    /// Nothing to send, nowhere to send it.
    #[must_use]
    pub fn new(dialer: Dialer) -> Self {
        let (endpoints, queues) = Default::default();
        Self(Arc::new(Shared { dialer, endpoints, queues, busy: Underway::none() }))
    }

    /// Says where an owner's webhooks go from now on, queued ones included. Without an endpoint they are dropped.
    pub fn configure(&self, owner: &str, endpoint: Option<Endpoint>) {
        let mut endpoints = lock(&self.0.endpoints);
        match endpoint {
            Some(endpoint) => endpoints.insert(owner.to_owned(), endpoint),
            None => endpoints.remove(owner),
        };
    }

    /// Where an owner's webhooks go.
    #[must_use]
    pub fn endpoint(&self, owner: &str) -> Option<Endpoint> {
        lock(&self.0.endpoints).get(owner).cloned()
    }

    /// Queues an event behind the earlier ones of the same owner and key. Needs a tokio runtime.
    ///
    /// An owner without an endpoint gets nothing. A queue holds 1 000 events; what comes then is dropped, and logged.
    pub fn send(&self, owner: &str, order_key: &str, event: &Value) {
        if !lock(&self.0.endpoints).contains_key(owner) {
            return;
        }
        let lane = (owner.to_owned(), order_key.to_owned());
        let mut queues = lock(&self.0.queues);
        let body = Bytes::from(event.to_string());
        if let Some(queue) = queues.get_mut(&lane) {
            if queue.len() < MOST_QUEUED {
                queue.push_back(body);
            } else {
                warn!("an outbound webhook is dropped: {MOST_QUEUED} are queued for one participant already");
            }
            return;
        }
        queues.insert(lane.clone(), VecDeque::from([body]));
        drop(queues);
        // Before it is spawned, so that whoever waits for idleness from here on waits for it.
        let busy = self.0.busy.begin(order_key);
        tokio::spawn(deliver_all(Arc::downgrade(&self.0), lane, busy));
    }

    /// Completes when nothing is queued or under way of what was sent before. What waits for another attempt, and what waits behind it,
    /// does not count, nor, with an order key, what has others.
    pub async fn idle(&self, order_key: Option<&str>) {
        self.0.busy.ended(order_key).await;
    }
}

struct Shared {
    dialer: Dialer,
    endpoints: Mutex<HashMap<String, Endpoint>>,
    /// A lane is here as long as somebody serves it; the event under way is not in it any more.
    queues: Mutex<HashMap<Lane, VecDeque<Bytes>>>,
    /// The lanes that are served and do not wait.
    busy: Underway,
}

/// Owner and order key.
type Lane = (String, String);

/// Serves one lane until it is empty.
async fn deliver_all(shared: Weak<Shared>, lane: Lane, mut busy: Busy) {
    while let Some(body) = next(&shared, &lane) {
        let mut waits = RETRIES.into_iter();
        loop {
            let Some(alive) = shared.upgrade() else { return };
            let accepted = attempt(&alive, &lane.0, &body).await;
            drop(alive);
            if accepted {
                break;
            }
            let Some(wait) = waits.next() else {
                warn!("an outbound webhook is given up after {} attempts", RETRIES.len() + 1);
                break;
            };
            drop(busy);
            sleep(wait).await;
            let Some(alive) = shared.upgrade() else { return };
            busy = alive.busy.begin(&lane.1);
        }
    }
    drop(busy);
}

/// The next event of a lane. When there is none the lane is closed, under the same lock that `send` looks under.
fn next(shared: &Weak<Shared>, lane: &Lane) -> Option<Bytes> {
    let shared = shared.upgrade()?;
    let mut queues = lock(&shared.queues);
    let body = queues.get_mut(lane).and_then(VecDeque::pop_front);
    if body.is_none() {
        queues.remove(lane);
    }
    body
}

/// Whether the event is done with: accepted, or nobody wants it any more.
async fn attempt(shared: &Shared, owner: &str, body: &Bytes) -> bool {
    let endpoint = lock(&shared.endpoints).get(owner).cloned();
    let Some(endpoint) = endpoint else { return true };
    let t = Timestamp::now().as_second();
    let signed = [t.to_string().as_bytes(), b".", body].concat();
    let v1 = mac::hmac_sha256_hex(endpoint.secret.as_bytes(), &signed);
    let request = Request::post(endpoint.url.as_str())
        .header(header::CONTENT_TYPE, "application/json")
        .header(SIGNATURE, format!("t={t},v1={v1}"))
        .body(body.clone());
    let Ok(request) = request else {
        warn!("an outbound webhook has an address that cannot be called");
        return true;
    };
    match shared.dialer.send(request, PATIENCE, MOST_ANSWER).await {
        Ok(answer) => (200..300).contains(&answer.status),
        Err(error) => {
            warn!("an outbound webhook was not delivered: {error}");
            false
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

const SIGNATURE: &str = "x-zigned-request-signature";
const RETRIES: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(5)];
const PATIENCE: Duration = Duration::from_secs(5);
const MOST_ANSWER: usize = 64 * 1024;
const MOST_QUEUED: usize = 1_000;

#[cfg(test)]
mod tests;
