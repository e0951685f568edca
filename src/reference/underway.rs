//! What is under way, and how to wait for it without waiting for what others begin meanwhile.

use std::collections::BTreeMap;
use std::fmt;

use tokio::sync::watch;

/// Counts what is under way. Clones share everything.
#[derive(Clone)]
pub(super) struct Underway(watch::Sender<Begun>);

#[derive(Default)]
struct Begun {
    next: u64,
    /// By number; with what it belongs to.
    unfinished: BTreeMap<u64, String>,
}

/// Something is under way as long as it lives.
pub(super) struct Busy {
    of: Underway,
    number: u64,
}

impl Underway {
    /// Nothing is under way.
    pub(super) fn none() -> Self {
        Self(watch::Sender::new(Begun::default()))
    }

    /// Says that something is under way that belongs to `of`, such as an agreement.
    pub(super) fn begin(&self, of: &str) -> Busy {
        let mut number = 0;
        self.0.send_modify(|begun| {
            number = begun.next;
            begun.next += 1;
            begun.unfinished.insert(number, of.to_owned());
        });
        Busy { of: self.clone(), number }
    }

    /// Waits until everything has ended that is under way now, or what of it belongs to `of`. A service that is never idle as a whole does
    /// get through with each thing.
    pub(super) async fn ended(&self, of: Option<&str>) {
        let before = self.0.borrow().next;
        let mut begun = self.0.subscribe();
        // It cannot fail: the sender is ours.
        let _ = begun
            .wait_for(|begun| !begun.unfinished.range(..before).any(|(_, whose)| of.is_none_or(|of| of == whose)))
            .await;
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.of.0.send_modify(|begun| {
            begun.unfinished.remove(&self.number);
        });
    }
}

impl fmt::Debug for Underway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Underway").field(&self.0.borrow().unfinished.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn only_what_was_begun_before_is_waited_for() {
        let underway = Underway::none();
        let first = underway.begin("one");
        let waiting = tokio::spawn({
            let underway = underway.clone();
            async move { underway.ended(None).await }
        });
        tokio::task::yield_now().await;
        let later = underway.begin("one");
        assert!(timeout(Duration::from_millis(20), underway.ended(Some("one"))).await.is_err());
        timeout(Duration::from_secs(5), underway.ended(Some("other"))).await.unwrap();
        drop(first);
        timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap();
        drop(later);
        timeout(Duration::from_secs(5), underway.ended(None)).await.unwrap();
    }
}
