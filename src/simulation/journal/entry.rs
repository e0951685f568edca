//! What the journal holds: raw, as it went over the wire.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::clock::Timestamp;
use super::super::session::SessionId;
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
    pub(super) texts: Texts,
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

impl Entry {
    /// The bytes it is counted with.
    pub(super) fn weight(&self) -> usize {
        let event = match &self.event {
            Event::Exchange(x) => size_of::<Exchange>() + x.texts.bytes.capacity(),
            Event::Errand { url, outcome, .. } => url.len() + outcome.len(),
            Event::Entered { phase, .. } => phase.len(),
            Event::Remark(text) | Event::Unsealed(text) => text.len(),
        };
        size_of::<Self>() + event
    }
}

impl Event {
    pub(super) fn kind(&self) -> Kind {
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

    pub(super) fn part(&self, n: usize) -> Cow<'_, str> {
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

/// A phase in words for the journal. Names persons by their register names, never by number.
#[must_use]
pub fn phase_in_words(phase: &crate::session::Phase) -> Cow<'static, str> {
    match phase {
        crate::session::Phase::Failed(reason) => Cow::Owned(format!("failed {reason}")),
        crate::session::Phase::Finished(person) => Cow::Owned(format!("finished as {}", person.name)),
        crate::session::Phase::Pending(hint) => Cow::Owned(format!("pending {hint}")),
    }
}
