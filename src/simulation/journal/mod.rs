//! What happened: an append-only ring, bounded in bytes.
//!
//! Inside it is raw, since a witness must see what really went over the wire. On every way out it is masked: national numbers and
//! credentials never leave it ([`Entry::masked`]).

mod entry;
mod record;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

pub use self::entry::{Entry, Event, Exchange, Kind, Texts, phase_in_words};
pub use self::record::Record;
use super::clock::Timestamp;
use super::session::SessionId;

/// The journal of one space.
#[derive(Debug)]
pub struct Journal {
    ring: Mutex<Ring>,
    latest: watch::Sender<u64>,
    /// How many bytes it may keep.
    limit: usize,
}

#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<Entry>,
    weight: usize,
    written: u64,
}

/// Which entries somebody wants: all, unless something is said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Only what belongs to this session.
    pub session: Option<SessionId>,
    /// Only what is of this kind.
    pub kind: Option<Kind>,
}

impl Wanted {
    fn is(&self, entry: &Entry) -> bool {
        (self.session.is_none() || entry.session == self.session)
            && self.kind.is_none_or(|kind| entry.event.kind() == kind)
    }
}

impl Journal {
    /// An empty journal that keeps at most this many bytes; the oldest entries go first.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { ring: Mutex::default(), latest: watch::Sender::new(0), limit }
    }

    /// Writes an entry.
    pub fn record(&self, at: Timestamp, session: Option<SessionId>, event: Event) {
        // Dropped outside the lock: freeing is the larger part of the work.
        let mut gone = Vec::new();
        let seq = {
            let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
            ring.written += 1;
            let entry = Entry { seq: ring.written, at, session, event };
            ring.weight += entry.weight();
            ring.entries.push_back(entry);
            while ring.weight > self.limit
                && let Some(oldest) = ring.entries.pop_front()
            {
                ring.weight -= oldest.weight();
                gone.push(oldest);
            }
            ring.written
        };
        self.latest.send_if_modified(|latest| {
            *latest = (*latest).max(seq);
            // Waking nobody costs something too; who begins to watch looks first.
            self.latest.receiver_count() > 0
        });
    }

    /// The entries after `seq` that are wanted, at most `most` of them. Where older ones are gone already, a `gap` says how many.
    #[must_use]
    pub fn after(&self, seq: u64, most: usize, wanted: Wanted) -> Vec<Record> {
        // Masking takes longer than anything that happens in a request: not while those wait.
        let (gap, entries) = self.raw_after(seq, most, wanted);
        gap.into_iter().chain(entries.iter().map(Entry::masked)).collect()
    }

    fn raw_after(&self, seq: u64, most: usize, wanted: Wanted) -> (Option<Record>, Vec<Entry>) {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let first = ring.entries.front().map_or(ring.written + 1, |e| e.seq);
        let missing = first.saturating_sub(seq + 1);
        let gap = (missing > 0).then(|| Record {
            seq: first - 1,
            at: ring.entries.front().map_or_else(Timestamp::default, |e| e.at).to_string(),
            session: None,
            what: Kind::Gap,
            text: format!("{missing} older entries are gone: the journal keeps {} bytes", self.limit),
            operation: None,
            status: None,
            request: None,
            answer: None,
        });
        let skip = usize::try_from((seq + 1).saturating_sub(first)).unwrap_or(usize::MAX);
        let entries = ring.entries.iter().skip(skip).filter(|entry| wanted.is(entry));
        (gap, entries.take(most).cloned().collect())
    }

    /// The number of the newest entry.
    #[must_use]
    pub fn written(&self) -> u64 {
        *self.latest.borrow()
    }

    /// Tells of every new entry.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.latest.subscribe()
    }

    /// The bytes it holds now.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner).weight
    }
}
