use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// How long a client has kept us waiting for a complete request head.
///
/// hyper has a timer for that, but arms it anew for every request: a tenth of the time of a small answer. This one is armed once, and looks
/// when it fires whether anybody has been waiting since.
#[derive(Clone)]
pub(super) struct Patience {
    opened: Instant,
    limit: Duration,
    /// Milliseconds after `opened` since when we wait; [`OWING`] while we owe an answer.
    since: Arc<AtomicU64>,
}

/// An answer that is owed: from the complete request head until the answer's body has been handed over whole, or dropped.
pub(super) struct Owed(Patience);

impl Patience {
    /// Waiting begins now, with the connection.
    pub(super) fn new(limit: Duration) -> Self {
        Self { opened: Instant::now(), limit, since: Arc::default() }
    }

    /// A request head has arrived.
    pub(super) fn owe(&self) -> Owed {
        self.since.store(OWING, Ordering::Relaxed);
        Owed(self.clone())
    }

    /// When it is over, as far as is known now; none when it is over already.
    pub(super) fn ends(&self) -> Option<Instant> {
        let now = Instant::now();
        let since = match self.since.load(Ordering::Relaxed) {
            OWING => now,
            since => self.opened + Duration::from_millis(since),
        };
        Some(since + self.limit).filter(|end| *end > now)
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        let waited = u64::try_from(self.0.opened.elapsed().as_millis()).unwrap_or(OWING - 1);
        self.0.since.store(waited, Ordering::Relaxed);
    }
}

const OWING: u64 = u64::MAX;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn patience_lasts_from_the_last_answer() {
        let patience = Patience::new(Duration::from_secs(30));
        tokio::time::advance(Duration::from_secs(20)).await;
        assert_eq!(patience.ends(), Some(Instant::now() + Duration::from_secs(10)));
        let owed = patience.owe();
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(patience.ends(), Some(Instant::now() + Duration::from_secs(30)), "a slow answer is ours");
        drop(owed);
        tokio::time::advance(Duration::from_secs(29)).await;
        assert!(patience.ends().is_some());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(patience.ends(), None);
    }
}
