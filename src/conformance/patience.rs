//! When a run gives up: a target that cannot be driven shows nothing, however long one tries.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::result::Verdict;

/// How many scenarios in a row may end without the target having been driven.
#[derive(Debug, Default)]
pub struct Patience {
    most: usize,
    in_a_row: AtomicUsize,
    is_lost: AtomicBool,
}

impl Patience {
    /// Gives up after `most` in a row; never with 0.
    #[must_use]
    pub fn of(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// How many in a row are enough.
    #[must_use]
    pub const fn most(&self) -> usize {
        self.most
    }

    /// Whether nothing more is begun.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Relaxed)
    }

    /// Takes note of a scenario that was played.
    pub(super) fn saw(&self, verdict: Verdict) {
        if verdict != Verdict::Error {
            self.in_a_row.store(0, Ordering::Relaxed);
        } else if self.in_a_row.fetch_add(1, Ordering::Relaxed) + 1 == self.most {
            self.is_lost.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_in_a_row_count() {
        let patience = Patience::of(2);
        for verdict in [Verdict::Error, Verdict::Pass, Verdict::Error, Verdict::Fail, Verdict::Error] {
            patience.saw(verdict);
        }
        assert!(!patience.is_lost());
        patience.saw(Verdict::Error);
        assert!(patience.is_lost());
        let endless = Patience::of(0);
        (0..100).for_each(|_| endless.saw(Verdict::Error));
        assert!(!endless.is_lost());
    }
}
