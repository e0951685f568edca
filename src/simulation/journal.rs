//! What happened: an append-only ring, bounded in bytes.
//!
//! Inside it is raw, since a witness must see what really went over the wire. On every way out it is masked: national numbers and
//! credentials never leave it ([`Entry::masked`]).

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use utoipa::ToSchema;

use super::clock::Timestamp;
use super::session::SessionId;
use crate::identity::mask;
use crate::script::Operation;

/// One thing that happened. Cheap to copy.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the journal, from 1, without gaps.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// The session it belongs to.
    pub session: Option<SessionId>,
    /// What it was.
    pub event: Event,
}

/// The kinds of things that happen.
#[derive(Clone, Debug)]
pub enum Event {
    /// A request came in and was answered, or was not.
    Exchange(Arc<Exchange>),
    /// A webhook or question went out, or did not.
    Errand {
        /// Where to.
        url: String,
        /// What came of it, in words.
        outcome: String,
        /// Whether it reached its receiver and was accepted.
        accepted: bool,
    },
    /// A session entered a phase.
    Entered {
        /// In words: `pending outstanding`, `finished as anna`, `failed cancelled`.
        phase: String,
        /// Why: `time`, `polls`, `signal` …
        cause: &'static str,
        /// How old the session was.
        age: u64,
    },
    /// Anything else worth knowing, in words.
    Remark(String),
    /// What a request said that came encrypted, once it was opened: JSON, as its provider writes it.
    Unsealed(String),
}

/// One request and its answer, with copied bytes: keeping the server's buffers would pin them.
///
/// All texts stand in one buffer, since one allocation an exchange is what the request path can afford.
#[derive(Debug)]
pub struct Exchange {
    /// What was asked for; `None` for a stray.
    pub operation: Option<Operation>,
    /// The status sent; 0 when the connection was reset.
    pub status: u16,
    /// How the answer was damaged.
    pub damage: Option<&'static str>,
    texts: Texts,
}

/// What an entry is, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A webhook or question reached its receiver.
    Delivered,
    /// A session entered a phase.
    Entered,
    /// A request of a session, and its answer.
    Exchange,
    /// Older entries are gone.
    Gap,
    /// Anything else.
    Remark,
    /// A request that no session and no operation is known for.
    Stray,
    /// A webhook or question did not reach its receiver, or was not accepted.
    Undelivered,
    /// What an encrypted request said, once it was opened.
    Unsealed,
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

impl Event {
    fn kind(&self) -> Kind {
        match self {
            Self::Exchange(x) if x.operation.is_some() => Kind::Exchange,
            Self::Exchange(_) => Kind::Stray,
            Self::Errand { accepted: true, .. } => Kind::Delivered,
            Self::Errand { accepted: false, .. } => Kind::Undelivered,
            Self::Entered { .. } => Kind::Entered,
            Self::Remark(_) => Kind::Remark,
            Self::Unsealed(_) => Kind::Unsealed,
        }
    }
}

impl Kind {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Entered => "entered",
            Self::Exchange => "exchange",
            Self::Gap => "gap",
            Self::Remark => "remark",
            Self::Stray => "stray",
            Self::Undelivered => "undelivered",
            Self::Unsealed => "unsealed",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The texts of an exchange, one after the other.
#[derive(Debug)]
pub struct Texts {
    bytes: Vec<u8>,
    /// Where the first four of the five parts end.
    ends: [usize; 4],
    parts: usize,
}

impl Texts {
    /// Begins with the method, the path and the query; room for `more` bytes is made.
    #[must_use]
    pub fn new(method: &http::Method, uri: &http::Uri, more: usize) -> Self {
        let mut texts = Self { bytes: Vec::with_capacity(more + 320), ends: [0; 4], parts: 0 };
        texts.bytes.extend_from_slice(method.as_str().as_bytes());
        texts.bytes.push(b' ');
        match uri.path_and_query() {
            Some(path) => texts.bytes.extend_from_slice(path.as_str().as_bytes()),
            None => texts.bytes.extend_from_slice(uri.path().as_bytes()),
        }
        texts.end();
        texts
    }

    /// Adds the headers, a line each, and the body: first the request's, then the answer's.
    pub fn add(&mut self, headers: &http::HeaderMap, body: &[u8]) {
        for (name, value) in headers {
            self.bytes.extend_from_slice(name.as_str().as_bytes());
            self.bytes.extend_from_slice(b": ");
            self.bytes.extend_from_slice(value.as_bytes());
            self.bytes.push(b'\n');
        }
        self.end();
        self.bytes.extend_from_slice(body);
        self.end();
    }

    fn end(&mut self) {
        if let Some(end) = self.ends.get_mut(self.parts) {
            *end = self.bytes.len();
        }
        self.parts += 1;
    }

    fn part(&self, n: usize) -> Cow<'_, str> {
        let from = n.checked_sub(1).map_or(0, |before| self.ends[before]);
        let to = self.ends.get(n).copied().unwrap_or(self.bytes.len());
        String::from_utf8_lossy(&self.bytes[from..to.max(from)])
    }
}

impl Exchange {
    /// An exchange out of its texts.
    #[must_use]
    pub const fn new(operation: Option<Operation>, status: u16, damage: Option<&'static str>, texts: Texts) -> Self {
        Self { operation, status, damage, texts }
    }
}

impl Entry {
    /// The bytes it is counted with.
    fn weight(&self) -> usize {
        let event = match &self.event {
            Event::Exchange(x) => size_of::<Exchange>() + x.texts.bytes.capacity(),
            Event::Errand { url, outcome, .. } => url.len() + outcome.len(),
            Event::Entered { phase, .. } => phase.len(),
            Event::Remark(text) | Event::Unsealed(text) => text.len(),
        };
        size_of::<Self>() + event
    }

    /// The entry for people and machines outside, without national numbers and credentials.
    #[must_use]
    pub fn masked(&self) -> Record {
        let mut record = Record {
            seq: self.seq,
            at: self.at.to_string(),
            session: self.session.map(|id| id.to_string()),
            what: self.event.kind(),
            text: String::new(),
            operation: None,
            status: None,
            request: None,
            answer: None,
        };
        match &self.event {
            Event::Exchange(x) => {
                let line = x.texts.part(0);
                let line = mask(&line);
                record.text = match (x.status, x.damage) {
                    (0, _) => format!("{line} → connection reset"),
                    (status, None) => format!("{line} → {status}"),
                    (status, Some(damage)) => format!("{line} → {status}, {damage}"),
                };
                record.operation = x.operation.map(|o| o.to_string());
                record.status = (x.status != 0).then_some(x.status);
                let masked =
                    |head, body| format!("{}\n{}", masked_head(&x.texts.part(head)), mask(&x.texts.part(body)));
                record.request = Some(masked(1, 2));
                record.answer = Some(masked(3, 4));
            }
            Event::Errand { url, outcome, .. } => record.text = format!("{} → {}", mask(url), mask(outcome)),
            Event::Entered { phase, cause, age } => {
                record.text = format!("{phase} ({cause}, at the age of {})", crate::script::Millis(*age));
            }
            Event::Remark(text) | Event::Unsealed(text) => record.text = mask(text).into_owned(),
        }
        record
    }
}

/// A journal entry as it leaves the simulator: masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Record {
    /// Its place in the journal. After a gap the numbers jump.
    pub seq: u64,
    /// When, RFC 3339.
    pub at: String,
    /// The session it belongs to.
    pub session: Option<String>,
    /// What it is.
    pub what: Kind,
    /// In one line.
    pub text: String,
    /// The operation, for an exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The status sent, for an exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Headers and body of the request, for an exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Headers and body of the answer, for an exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

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

/// Headers without credentials.
fn masked_head(head: &str) -> String {
    let mut masked = String::with_capacity(head.len());
    for line in head.lines() {
        match line.split_once(':') {
            Some((name, _)) if is_secret(name) => masked.push_str(&format!("{name}: ****")),
            Some(_) | None => masked.push_str(&mask(line)),
        }
        masked.push('\n');
    }
    masked
}

fn is_secret(header: &str) -> bool {
    ["authorization", "cookie", "set-cookie", "proxy-authorization"].iter().any(|s| header.eq_ignore_ascii_case(s))
}

/// A phase in words for the journal. Names persons by their register names, never by number.
#[must_use]
pub fn phase_in_words(phase: &crate::session::Phase) -> Cow<'static, str> {
    match phase {
        crate::session::Phase::Failed(reason) => Cow::Owned(format!("failed {reason}")),
        crate::session::Phase::Finished(person) => Cow::Owned(format!("finished as {}", person.name)),
        crate::session::Phase::Pending(hint) => Cow::Owned(format!("pending {hint}")),
    }
}
