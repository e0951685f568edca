//! The only wall clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::script::Millis;

/// A moment of the wall clock: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// This much later.
    #[must_use]
    pub const fn plus(self, span: Millis) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// How long ago `earlier` was; zero if it lies ahead.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }

    /// The same moment for calendars.
    #[must_use]
    pub fn calendar(self) -> jiff::Timestamp {
        i64::try_from(self.0)
            .ok()
            .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok())
            .unwrap_or(jiff::Timestamp::MAX)
    }
}

impl std::fmt::Display for Timestamp {
    /// RFC 3339 with milliseconds, in UTC.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.3}", self.calendar())
    }
}

/// Where the time of day comes from. Sessions never move it: they are made *older* instead.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// Stands still until a test moves it.
    Manual(Arc<AtomicU64>),
    /// The operating system's.
    #[default]
    System,
}

impl Clock {
    /// A clock that stands at this moment.
    #[must_use]
    pub fn manual(at: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicU64::new(at.0)))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Manual(at) => Timestamp(at.load(Ordering::Relaxed)),
            // A clock before 1970 is a broken machine; it reads as 1970.
            Self::System => Timestamp(
                SystemTime::now()
                    .duration_since(SystemTime::UNIX_EPOCH)
                    .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX)),
            ),
        }
    }

    /// Moves a manual clock on. The system's clock is left alone.
    pub fn tick(&self, by: Millis) {
        match self {
            Self::Manual(at) => {
                at.fetch_add(by.0, Ordering::Relaxed);
            }
            Self::System => {}
        }
    }
}
