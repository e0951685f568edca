//! WHAT WILL HAPPEN: scripts as data.
//!
//! A [`Script`] is a list of [`Step`]s ("when *this* happens, the session becomes *that*"), plus three kinds of wrong on purpose:
//! [`Fault`]s damage an answer on its way out, [`Forgery`]s change what an artefact claims or how it is sealed, and [`Delivery`]s disturb
//! webhooks. A script has no expressions, no loops and no provider words: the same file plays on every provider, and what a provider
//! cannot say is refused when the script is armed.
//!
//! Everything here is plain data: `session` plays it, the providers say it.

mod bundled;
mod convert;
mod error;
mod inline;
mod library;
mod schema;
mod show;
mod tampering;
#[cfg(test)]
mod tests;
mod values;
mod words;
mod written;

pub use error::ScriptError;
pub use library::{Entry, Library, LibraryError, LibraryErrors, Source, UnknownScript};
pub use tampering::{
    CallbackTampering, IdTokenTampering, IdentityTampering, JweArtefact, JweTampering, JwsArtefact, JwsTampering,
    KeySetTampering, SdoTampering, SignedIdentityTampering, Tampering, UserinfoTampering, WebhookTampering,
};
pub use values::{NotADuration, NotAPerson, NotAnOccurrence};
pub use words::{UnknownWord, Word};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A stretch of time in milliseconds. Scripts write it as `"2s"`, `"4m"` or `"8d"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Millis(pub u64);

/// One named course of events. The empty script is *manual*: every signal then has its default effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// The file's stem in kebab-case, such as `pending-then-finished-by-polls`.
    pub name: String,
    /// What happens, in one line, for people.
    pub title: String,
    /// The steps in the order they are entered.
    pub steps: Vec<Step>,
    /// Deadlines shorter than the provider's own.
    pub lifetime: Lifetime,
    /// Answers damaged on their way out.
    pub faults: Vec<Fault>,
    /// Artefacts that claim something else, or are sealed wrongly.
    pub forgeries: Vec<Forgery>,
    /// Webhooks that come twice, late or never.
    pub deliveries: Vec<Delivery>,
}

/// "When `trigger` happens, the session becomes `becomes`."
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What the step waits for; counted from entering the previous step.
    pub trigger: Trigger,
    /// What the session then is.
    pub becomes: Becomes,
}

/// What a step waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trigger {
    /// This long after the previous step was entered.
    After(Millis),
    /// A signal from the person, a page, a test or the judge.
    On(SignalName),
    /// After this many pending answers: `Polls(2)` answers pending twice and moves on with the third poll.
    Polls(u32),
}

/// What a step makes of the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Becomes {
    /// The attempt ends without an identity.
    Failed(Reason),
    /// The attempt ends with this person authenticated.
    Finished(Who),
    /// Still waiting, with another hint.
    Pending(Hint),
}

/// The person a script lets authenticate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    /// A person of the register, by name.
    Named(String),
    /// The person whose number was asked for; the space's default person when nobody was.
    Requested,
    /// Another person of the same country, never equal to the requested one.
    SomeoneElse,
}

/// How far a pending attempt has come. Providers without the distinction ignore it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hint {
    /// Nobody has received the order yet.
    #[default]
    Outstanding,
    /// The person's app or page has the order.
    Delivered,
    /// The person is about to confirm.
    Confirming,
}

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The person already has an order in progress.
    AlreadyInProgress,
    /// The person pressed cancel.
    Cancelled,
    /// The person's eID is revoked, blocked or otherwise invalid.
    CertificateError,
    /// Something broke at the provider.
    Exception,
    /// Nobody opened the link in time.
    LinkExpired,
    /// The person did not finish in time.
    OrderExpired,
    /// The app was not started, or is not installed.
    StartFailed,
    /// A newer order of the same person ended this one.
    Superseded,
    /// Somebody else than the requested person tried to authenticate, and the provider refused.
    WrongPerson,
}

/// The signals a step can wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignalName {
    /// The person pressed cancel.
    Cancelled,
    /// A person authenticated.
    Confirmed,
    /// The order reached the person's app.
    Delivered,
    /// The attempt failed, with a reason.
    Failed,
    /// The page was opened for the first time in this attempt.
    Opened,
}

/// Deadlines of a script, where it wants shorter ones than the provider's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifetime {
    /// How long the link may wait to be opened.
    pub link: Option<Millis>,
    /// How long the person may take once the order has begun.
    pub order: Option<Millis>,
}

/// What a relying party or a browser asks of a provider. Faults are bound to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// The relying party asks for the result.
    Collect,
    /// The browser returns through the provider's completion address.
    Complete,
    /// The relying party reads the provider's metadata.
    Discovery,
    /// The relying party reads the provider's keys.
    Jwks,
    /// A browser is on the provider's page.
    Page,
    /// The relying party fetches the signed data object.
    Sdo,
    /// The relying party sets a session up.
    Start,
    /// The relying party exchanges a code.
    Token,
    /// The relying party asks for claims.
    Userinfo,
}

/// Which of several equal events is meant, counted from 1: `2` is the second only, `2..` the second and all after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// The first one that is meant.
    pub first: u32,
    /// The last one that is meant; `None` for all that follow.
    pub last: Option<u32>,
}

impl Occurrence {
    /// Every one.
    pub const ALL: Self = Self { first: 1, last: None };

    /// Whether the `n`th event (from 1) is meant.
    #[must_use]
    pub fn covers(self, n: u32) -> bool {
        n >= self.first && self.last.is_none_or(|last| n <= last)
    }

    /// The same, counted from after the `so_far`th event on.
    #[must_use]
    pub fn after(self, so_far: u32) -> Self {
        let later = |n: u32| n.saturating_add(so_far);
        Self { first: later(self.first), last: self.last.map(later) }
    }
}

/// An answer damaged on its way out. It never changes the session's life: the request counts as answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The operation whose answer is damaged.
    pub on: Operation,
    /// Which of them, per session and operation; for `start` per armed entry.
    pub occurrence: Occurrence,
    /// What is sent instead.
    pub damage: Damage,
}

/// What happens to an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Damage {
    /// The honest answer with a byte order mark (U+FEFF in UTF-8) before its body.
    ByteOrderMark,
    /// The honest answer, this much later on the session's time line (ageing the session releases it).
    Delay(Millis),
    /// The honest answer, once somebody releases it.
    Hold,
    /// Another answer altogether. Without a body a status carries a short plain text.
    Replace {
        /// The HTTP status, 200 to 599.
        status: u16,
        /// The `Content-Type`; `text/plain; charset=utf-8` unless told.
        content_type: String,
        /// Further headers, such as `Retry-After`, by name.
        headers: BTreeMap<String, String>,
        /// The body, byte for byte.
        body: String,
    },
    /// The connection is reset without an answer.
    Reset,
    /// The honest answer's head and the first bytes of its body, then the connection closes.
    Truncate {
        /// How many bytes of the body are sent; half of them unless told.
        keep: Option<usize>,
    },
}

/// An artefact changed on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgery {
    /// What is wrong with it. The variant says of which artefact.
    pub how: Tampering,
    /// Which of the session's artefacts of that kind.
    pub occurrence: Occurrence,
}

/// How one of a session's webhooks reaches its receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which webhook of the session is meant, counted in the order they arise.
    pub occurrence: Occurrence,
    /// How often it is sent; 2 is a duplicate.
    pub copies: u32,
    /// How late it is sent, on the session's time line.
    pub after: Millis,
    /// Whether it is never sent.
    pub lost: bool,
}

impl Damage {
    /// What it does, in a few words for the journal.
    #[must_use]
    pub const fn in_words(&self) -> &'static str {
        match self {
            Self::ByteOrderMark => "begun with a byte order mark on purpose",
            Self::Delay(_) => "delayed on purpose",
            Self::Hold => "held until released",
            Self::Replace { .. } => "replaced on purpose",
            Self::Reset => "reset on purpose",
            Self::Truncate { .. } => "truncated on purpose",
        }
    }

    /// Whether the honest answer reaches the client in the end.
    #[must_use]
    pub const fn leaves_the_answer(&self) -> bool {
        matches!(self, Self::ByteOrderMark | Self::Delay(_) | Self::Hold)
    }
}
