//! Protocol 1: what a target can answer.
//!
//! A refusal on purpose is an *answer* ([`TargetError::Rejected`]); everything that stands in the way of an answer is an error and never counts
//! as a refusal.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::OpName;

/// What a target answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", content = "of", rename_all = "snake_case")]
pub enum Reply {
    /// An agreement.
    Agreement(GetAgreement),
    /// Ids of what was made.
    Case(CaseMade),
    /// What the target answered a webhook with.
    Delivered {
        /// The HTTP status.
        status: u16,
    },
    /// Done; there is nothing to tell.
    Done,
    /// Texts to search for what must not be in them.
    Dump(Vec<Dump>),
    /// Events, oldest first.
    Events(Vec<EventSeen>),
    /// A participant as the sender sees it.
    Participant(Participant),
    /// Whether the signature was made.
    Signature(Allowed),
    /// An authentication that has begun.
    Started(Authentication),
    /// The answer to hello.
    Welcome(Welcome),
}

/// What the target says of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    /// Its name.
    pub name: String,
    /// Its version, where it tells one.
    pub version: Option<String>,
}

/// What was made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CaseMade {
    /// The target's id of the agreement.
    pub agreement_id: String,
    /// The participants, in the order asked for.
    pub participants: Vec<Participant>,
}

/// A participant as the target tells it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Participant {
    /// The target's id.
    pub participant_id: String,
    /// The target's own word for the participant's state.
    pub status: Option<String>,
    /// Whether there is a signature.
    pub signed: Option<bool>,
    /// The identity check.
    pub enforcement: Enforcement,
    /// Where the person signs, where the target tells it.
    pub sign_link: Option<String>,
    /// The ways to sign that are offered, where the target tells them.
    pub methods: Option<Vec<String>>,
}

/// The identity check of a participant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enforcement {
    /// Whether there is one.
    pub enabled: bool,
    /// Where it stands.
    pub status: Status,
    /// The target's word for how it is enforced.
    pub method: Option<String>,
    /// The target's word for why it stands there.
    pub reason: Option<String>,
}

/// Where an identity check stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Somebody else authenticated.
    Failed,
    /// There is no check.
    #[default]
    None,
    /// The right person authenticated.
    Passed,
    /// Nobody has authenticated so that it counts.
    Pending,
}

/// An agreement as the target tells it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetAgreement {
    /// The target's id.
    pub agreement_id: String,
    /// The target's own word for its state.
    pub status: Option<String>,
    /// Whether everything is signed and sealed.
    pub fulfilled: Option<bool>,
    /// How many participants it has, where the target tells.
    pub participants: Option<usize>,
}

/// Something the target says that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventSeen {
    /// Its id, where it has one.
    pub id: Option<String>,
    /// What happened: `passed`, `failed`, `fulfilled`, else the target's own word.
    pub name: String,
    /// The target's id of the participant.
    pub participant_id: Option<String>,
    /// The target's id of the agreement.
    pub agreement_id: Option<String>,
    /// When, as the target writes it.
    pub at: Option<String>,
    /// Who did it, where the target tells.
    pub actor: Option<String>,
    /// Everything it says.
    pub body: serde_json::Value,
}

/// An authentication under way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Authentication {
    /// The target's id of the attempt.
    pub auth_ref: Option<String>,
    /// Where the browser goes now.
    pub redirect_url: Option<String>,
    /// The provider's session, where the target tells it.
    pub provider_session: Option<String>,
}

/// Whether a signature was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Allowed {
    /// It was made.
    Allowed,
    /// It was refused on purpose.
    Blocked {
        /// The target's reason.
        reason: Option<String>,
    },
    /// An eID transaction has to be finished first.
    Started(Authentication),
}

/// A text in which no number may be found.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Dump {
    /// Where it comes from: a table, a file.
    pub name: String,
    /// The bytes.
    #[serde(with = "base64_text")]
    pub content: Vec<u8>,
}

/// Without the content.
impl fmt::Debug for Dump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Dump({}, {} bytes)", self.name, self.content.len())
    }
}

/// Why an operation has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum TargetError {
    /// It clashes with something else that is under way.
    #[error("conflict: {message}")]
    Conflict {
        /// What the target said.
        message: String,
    },
    /// There was an answer that means nothing, or none at all: the target could not be driven.
    #[error("{message}")]
    Internal {
        /// Place, actual, expected, and what to do.
        message: String,
    },
    /// What it is about does not exist.
    #[error("not found: {message}")]
    NotFound {
        /// What the target said.
        message: String,
    },
    /// The target refuses on purpose: an answer.
    #[error("refused: {message}")]
    Rejected {
        /// What the target said.
        message: String,
        /// The HTTP status, where there is one.
        status: Option<u16>,
    },
    /// The target does not answer, or says that it cannot now.
    #[error("unavailable: {message}")]
    Unavailable {
        /// How it showed.
        message: String,
    },
    /// The target does not have the operation.
    #[error("the target does not declare `{op:?}`")]
    Unsupported {
        /// The operation.
        op: OpName,
    },
    /// The target asks to come back later, and still did so when the time was up.
    #[error("asked to wait: {message}")]
    Wait {
        /// What the target said.
        message: String,
    },
}

/// Bytes as base64 text, for adapters that speak JSON.
mod base64_text {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_STANDARD.decode(text).map_err(|_| de::Error::custom("expected base64"))
    }
}
