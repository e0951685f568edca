//! Where the target's own webhooks come in: whom it told what, how often, signed how.
//!
//! One sink for the whole run. What came in is kept as it was sent, and sorted to scenarios by the ids in it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use bytes::Bytes;
use http::StatusCode;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::serve::{BindError, Door, Serving};
use crate::target::{EventError, EventRead, Events};

/// The receiver of the target's own webhooks.
#[derive(Debug)]
pub struct Sink {
    address: String,
    inbox: Arc<Inbox>,
    /// Dropping it closes the door.
    _serving: Serving,
}

/// One webhook as it came in. It may hold numbers: it is masked where it is printed.
#[derive(Clone)]
pub struct Delivery {
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body, exactly.
    pub body: Bytes,
    /// What it says, as the target file reads it.
    pub read: Result<EventRead, EventError>,
    /// Whether it was accepted; the sink refuses what it was told to refuse.
    pub accepted: bool,
}

/// Why there is no sink.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// The address is taken or not ours.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The socket was lost.
    #[error("the receiver of the target's webhooks cannot be opened: {0}")]
    Lost(#[from] std::io::Error),
}

#[derive(Debug)]
struct Inbox {
    events: Events,
    kept: Mutex<Kept>,
    /// How many have come in so far.
    arrived: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Kept {
    deliveries: VecDeque<Arc<Delivery>>,
    bytes: usize,
    /// The marks of those whose next delivery is refused.
    refusing: Vec<Vec<String>>,
}

impl Sink {
    /// Opens it. `public` is its address as the target calls it, where that is not where it listens.
    ///
    /// # Errors
    /// When nobody can listen there.
    pub async fn open(listen: SocketAddr, public: Option<&Url>, events: Events) -> Result<Self, SinkError> {
        let door = Door::bind(listen).await?;
        let address = match public {
            Some(url) => url.to_string(),
            None => format!("http://{}/", door.local_addr()?),
        };
        let inbox = Arc::new(Inbox { events, kept: Mutex::default(), arrived: watch::Sender::new(0) });
        let serving = door.serve(Router::new().fallback(receive).with_state(inbox.clone()))?;
        Ok(Self { address, inbox, _serving: serving })
    }

    /// The address for the target.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Everything that came in and is still kept, oldest first.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Arc<Delivery>> {
        self.inbox.lock().deliveries.iter().cloned().collect()
    }

    /// What came in for whoever has one of these marks: ids, or texts that nobody else has.
    #[must_use]
    pub fn about(&self, marks: &[String]) -> Vec<Arc<Delivery>> {
        self.deliveries().into_iter().filter(|delivery| delivery.is_about(marks)).collect()
    }

    /// Refuses the next delivery that has one of these marks, with status 500.
    pub fn refuse_next(&self, marks: Vec<String>) {
        self.inbox.lock().refusing.push(marks);
    }

    /// Waits until something is found in what came in for these marks. Looks again at each arrival.
    pub async fn until<T>(
        &self,
        limit: Duration,
        marks: &[String],
        find: impl Fn(&[Arc<Delivery>]) -> Option<T>,
    ) -> Option<T> {
        let (end, mut arrived) = (Instant::now() + limit, self.inbox.arrived.subscribe());
        loop {
            // Marked as seen before looking, so that nothing is missed in between.
            arrived.mark_unchanged();
            if let Some(found) = find(&self.about(marks)) {
                return Some(found);
            }
            match timeout_at(end, arrived.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return None,
            }
        }
    }
}

impl Delivery {
    /// Whether it has one of these marks: by the ids that the target file names, else anywhere.
    #[must_use]
    pub fn is_about(&self, marks: &[String]) -> bool {
        let ids = self.read.iter().flat_map(|read| [&read.event.participant_id, &read.event.agreement_id]);
        if ids.flatten().any(|id| marks.contains(id)) {
            return true;
        }
        let text = String::from_utf8_lossy(&self.body);
        marks.iter().any(|mark| mark.len() >= SHORTEST_MARK && text.contains(mark.as_str()))
    }
}

/// Without headers and body.
impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery")
            .field("bytes", &self.body.len())
            .field("accepted", &self.accepted)
            .finish_non_exhaustive()
    }
}

async fn receive(State(inbox): State<Arc<Inbox>>, request: Request) -> StatusCode {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else { return StatusCode::PAYLOAD_TOO_LARGE };
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Vec<_> = head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let read = inbox.events.read_event(&headers, &body);
    if inbox.take(Delivery { headers, body, read, accepted: true }) {
        StatusCode::OK
    } else {
        StatusCode::INTERNAL_SERVER_ERROR
    }
}

impl Inbox {
    /// Keeps a delivery, and tells whether it is accepted.
    fn take(&self, mut delivery: Delivery) -> bool {
        let accepted = {
            let mut kept = self.lock();
            let refusing = kept.refusing.iter().position(|marks| delivery.is_about(marks));
            if let Some(refusing) = refusing {
                kept.refusing.swap_remove(refusing);
                delivery.accepted = false;
            }
            let accepted = delivery.accepted;
            kept.bytes += delivery.body.len();
            kept.deliveries.push_back(Arc::new(delivery));
            while kept.bytes > MOST_BYTES || kept.deliveries.len() > MOST {
                let Some(oldest) = kept.deliveries.pop_front() else { break };
                kept.bytes = kept.bytes.saturating_sub(oldest.body.len());
            }
            accepted
        };
        self.arrived.send_modify(|arrived| *arrived += 1);
        accepted
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes of one webhook.
const LARGEST: usize = 1 << 20;
/// Bytes of all that are kept; the oldest go first.
const MOST_BYTES: usize = 64 << 20;
/// How many are kept.
const MOST: usize = 100_000;
/// Shorter ids stand in texts by chance.
const SHORTEST_MARK: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dial::{DialOptions, Dialer};
    use crate::target::SignatureCheck;

    const EVENTS: &str = "name = { path = '$.event', map = { 'x.passed' = 'passed' } }\nparticipant = '$.data.id'\n\
        signature = { scheme = 'zigned', secret = 's' }";

    async fn sink() -> Sink {
        Sink::open(([127, 0, 0, 1], 0).into(), None, toml::from_str(EVENTS).unwrap()).await.unwrap()
    }

    async fn post(sink: &Sink, body: &str) -> u16 {
        let dialer = Dialer::new(&DialOptions::default()).unwrap();
        let request = http::Request::post(sink.address()).body(Bytes::from(body.to_owned())).unwrap();
        dialer.send(request, Duration::from_secs(5), 1 << 10).await.unwrap().status
    }

    fn marks(mark: &str) -> Vec<String> {
        vec![mark.to_owned()]
    }

    #[tokio::test]
    async fn what_comes_in_is_read_and_sorted_by_its_ids() {
        let sink = sink().await;
        assert_eq!(post(&sink, r#"{"event":"x.passed","data":{"id":"p1"}}"#).await, 200);
        assert_eq!(post(&sink, r#"{"event":"x.other","data":{"id":"p2","email":"anna@r1-7-a1.test"}}"#).await, 200);
        assert_eq!(post(&sink, "no JSON of agreement-7").await, 200);
        let named = |mark: &str| -> Vec<String> {
            let found = sink.about(&marks(mark));
            found.iter().map(|d| d.read.as_ref().map_or("unreadable", |read| &read.event.name).to_owned()).collect()
        };
        assert_eq!(named("p1"), ["passed"]);
        assert_eq!(named("@r1-7-a1"), ["x.other"]);
        assert_eq!(named("agreement-7"), ["unreadable"]);
        // Too short to be looked for in texts.
        assert!(named("x.p").is_empty());
        let first = &sink.deliveries()[0];
        assert!(matches!(first.read.as_ref().unwrap().signature, SignatureCheck::Missing { .. }));
    }

    #[tokio::test]
    async fn the_next_delivery_of_one_scenario_is_refused_once() {
        let sink = sink().await;
        sink.refuse_next(marks("p1"));
        assert_eq!(post(&sink, r#"{"event":"x.passed","data":{"id":"p2"}}"#).await, 200);
        assert_eq!(post(&sink, r#"{"event":"x.passed","data":{"id":"p1"}}"#).await, 500);
        assert_eq!(post(&sink, r#"{"event":"x.passed","data":{"id":"p1"}}"#).await, 200);
        let accepted: Vec<_> = sink.about(&marks("p1")).iter().map(|delivery| delivery.accepted).collect();
        assert_eq!(accepted, [false, true]);
    }

    #[tokio::test]
    async fn whoever_waits_sees_an_arrival_at_once_and_gives_up_in_time() {
        let sink = Arc::new(sink().await);
        let waiting = tokio::spawn({
            let sink = sink.clone();
            async move { sink.until(Duration::from_secs(20), &marks("p1"), |all| all.first().cloned()).await }
        });
        post(&sink, r#"{"event":"x.passed","data":{"id":"p1"}}"#).await;
        assert!(waiting.await.unwrap().is_some());
        assert!(sink.until(Duration::from_millis(10), &marks("p3"), |all| all.first().cloned()).await.is_none());
    }

    #[tokio::test]
    async fn a_webhook_that_is_too_large_is_turned_away() {
        let sink = sink().await;
        assert_eq!(post(&sink, &"x".repeat(LARGEST + 1)).await, 413);
        assert!(sink.deliveries().is_empty());
    }
}
