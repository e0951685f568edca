//! Who starts when. A target that tells an address or a session is never waited for; one that tells nothing of what it began at a provider,
//! which calls the person itself, starts one after the other: then the session that is new is its own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use crate::target::Authentication;

/// Whose turn it is to start, by provider.
#[derive(Debug, Default)]
pub struct Turns {
    locks: Mutex<BTreeMap<String, Arc<RwLock<()>>>>,
    telling: Mutex<BTreeSet<String>>,
}

/// A turn: as long as it lives, nobody else starts where that matters.
#[derive(Debug)]
pub(super) enum Turn {
    Alone { _guard: OwnedRwLockWriteGuard<()> },
    Together { _guard: OwnedRwLockReadGuard<()> },
}

impl Turns {
    /// Waits for a turn. Until a target has told what it began, everybody starts alone.
    pub(super) async fn take(&self, provider: &str) -> Turn {
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            locks.entry(provider.to_owned()).or_default().clone()
        };
        if self.tells(provider) {
            return Turn::Together { _guard: lock.read_owned().await };
        }
        let guard = lock.clone().write_owned().await;
        if self.tells(provider) {
            // Whoever was first has shown that nobody has to wait.
            drop(guard);
            return Turn::Together { _guard: lock.read_owned().await };
        }
        Turn::Alone { _guard: guard }
    }

    /// Takes note of what a start was answered with.
    pub(super) fn heard(&self, provider: &str, told: &Authentication) {
        if told.redirect_url.is_some() || told.provider_session.is_some() {
            self.telling.lock().unwrap_or_else(PoisonError::into_inner).insert(provider.to_owned());
        }
    }

    /// Whether a target tells what it began there.
    pub(super) fn tells(&self, provider: &str) -> bool {
        self.telling.lock().unwrap_or_else(PoisonError::into_inner).contains(provider)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn who_tells_nothing_starts_alone() {
        let turns = Turns::default();
        let first = turns.take("one").await;
        assert!(turns.take("one").now_or_never().is_none());
        assert!(turns.take("other").now_or_never().is_some());
        turns.heard("one", &Authentication::default());
        drop(first);
        assert!(matches!(turns.take("one").await, Turn::Alone { .. }));
        turns.heard("one", &Authentication { provider_session: Some("s".to_owned()), ..Authentication::default() });
        let (one, other) = (turns.take("one").await, turns.take("one").await);
        assert!(matches!((one, other), (Turn::Together { .. }, Turn::Together { .. })));
    }
}
