//! What the service keeps: agreements, participants, bindings, attempts, events. Never a number.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::provider::{EidMethod, Onward, Session, UnknownMethod};
use crate::identity::{Country, Digest};

/// A document that people are asked to sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Agreement {
    pub(super) id: Uuid,
    /// The tenant.
    pub(super) owner: String,
    pub(super) title: String,
    pub(super) trust_level: TrustLevel,
    /// Where the browser goes once the person is through.
    pub(super) success_url: Option<String>,
    pub(super) status: AgreementStatus,
    /// Counts how often the agreement was sent.
    pub(super) round: u32,
    pub(super) participants: Vec<Participant>,
    pub(super) events: Vec<Event>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// Somebody who is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Participant {
    pub(super) id: Uuid,
    pub(super) role: Role,
    pub(super) name: String,
    pub(super) email: String,
    /// The secret of the signing room's address.
    pub(super) token: String,
    /// None without enforcement.
    pub(super) binding: Option<Binding>,
    /// Counts the bindings there have been.
    pub(super) bindings: u32,
    /// How the check stands; says nothing without a binding.
    pub(super) standing: Standing,
    /// Verified mismatches in this round.
    pub(super) mismatches: u32,
    pub(super) attempts: Vec<Attempt>,
    pub(super) signature: Option<Signature>,
    /// The e-mail code that is out. It does not outlive the process.
    #[serde(skip)]
    pub(super) code: Option<Code>,
}

/// Who has to authenticate, as a keyed digest. Replaced, never edited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Binding {
    pub(super) country: Country,
    /// Of all bindings of the participant, from 1.
    pub(super) version: u32,
    /// Which key made the digest.
    pub(super) key: String,
    /// None once it was erased.
    pub(super) digest: Option<Digest>,
    /// The number, encrypted, where the design sends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sealed: Option<String>,
    /// What a flaw compares instead of the digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) flawed: Vec<String>,
}

/// One eID transaction of one participant. It leaves [`Outcome::Open`] once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Attempt {
    pub(super) id: Uuid,
    /// The secret of the return address.
    pub(super) handle: String,
    pub(super) round: u32,
    /// The version of the binding at its start; 0 without.
    pub(super) binding: u32,
    /// The provider, by its word in the API.
    #[serde(default = "first_provider")]
    pub(super) provider: String,
    pub(super) method: Method,
    pub(super) purpose: Purpose,
    /// The provider's session, once there is one. It belongs to this attempt alone.
    pub(super) session: Option<String>,
    /// What the provider's client wants to know of its start.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) memory: String,
    /// How the signer goes on; none while the provider has not answered.
    pub(super) onward: Option<Onward>,
    pub(super) started_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) outcome: Outcome,
    pub(super) closed_at: Option<Timestamp>,
    /// Whether a number that replaces the identity fits the binding: only a flaw asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) typed_fits: Option<bool>,
}

/// That somebody signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Signature {
    pub(super) method: Method,
    pub(super) signed_at: Timestamp,
}

/// A code that was mailed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Code {
    pub(super) digits: String,
    /// How often it was mistyped.
    pub(super) wrong: u32,
}

/// Something that happened, for the owner. Read only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) id: Uuid,
    pub(super) event: String,
    pub(super) at: Timestamp,
    /// `owner`, `participant`, `provider` or `service`.
    pub(super) actor: String,
    pub(super) participant: Option<Uuid>,
    pub(super) data: serde_json::Map<String, serde_json::Value>,
}

/// How an agreement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AgreementStatus {
    Cancelled,
    Draft,
    Fulfilled,
    Open,
    Pending,
}

/// The least level of signatures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum TrustLevel {
    Aes,
    Qes,
    #[default]
    Ses,
}

/// What somebody is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    Approver,
    Signer,
}

/// How the check of an enforced participant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    Failed,
    Passed,
    Pending,
}

/// What an attempt is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Purpose {
    /// To show who the person is.
    Identify,
    /// To sign, by whoever has passed.
    Sign,
}

/// A way to sign or to identify oneself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) enum Method {
    Eid(EidMethod),
    VerificationCode,
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    Cancelled,
    EvidenceRejected,
    Expired,
    Inconclusive,
    Matched,
    Mismatched,
    Open,
    ProviderError,
    Superseded,
    Void,
}

impl Method {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Eid(eid) => eid.word(),
            Self::VerificationCode => "verification_code",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        if word == Self::VerificationCode.word() {
            return Some(Self::VerificationCode);
        }
        word.parse().ok().map(Self::Eid)
    }

    /// The eID behind it; the e-mail code has none.
    pub(super) const fn eid(self) -> Option<EidMethod> {
        match self {
            Self::Eid(eid) => Some(eid),
            Self::VerificationCode => None,
        }
    }

    /// Whether it authenticates people of this country; the e-mail code authenticates nobody.
    pub(super) fn covers(self, country: Country) -> bool {
        self.eid().is_some_and(|eid| eid.covers(country))
    }
}

impl From<Method> for String {
    fn from(method: Method) -> Self {
        method.word().to_owned()
    }
}

impl TryFrom<String> for Method {
    type Error = UnknownMethod;

    fn try_from(word: String) -> Result<Self, UnknownMethod> {
        Self::of_word(&word).ok_or(UnknownMethod)
    }
}

impl Outcome {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::EvidenceRejected => "evidence_rejected",
            Self::Expired => "expired",
            Self::Inconclusive => "inconclusive",
            Self::Matched => "matched",
            Self::Mismatched => "mismatched",
            Self::Open => "open",
            Self::ProviderError => "provider_error",
            Self::Superseded => "superseded",
            Self::Void => "void",
        }
    }
}

impl AgreementStatus {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Draft => "draft",
            Self::Fulfilled => "fulfilled",
            Self::Open => "open",
            Self::Pending => "pending",
        }
    }
}

impl Standing {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Passed => "passed",
            Self::Pending => "pending",
        }
    }
}

impl Participant {
    /// Whether the agreement as a whole waits for it, and what it waits for, as the owner reads it.
    pub(super) fn status(&self, agreement: AgreementStatus) -> &'static str {
        if self.signature.is_some() && (self.binding.is_none() || self.standing == Standing::Passed) {
            return "fulfilled";
        }
        if matches!(agreement, AgreementStatus::Draft | AgreementStatus::Open) {
            return "draft";
        }
        match (self.binding.is_some(), self.standing) {
            (true, Standing::Failed) => "rejected",
            (true, Standing::Passed) => "processing",
            (true | false, _) if self.attempts.iter().any(|attempt| attempt.outcome == Outcome::Open) => "initiated",
            (true | false, _) => "pending",
        }
    }

    /// Whether it can be the method of whoever is meant.
    pub(super) fn is_of(&self, method: EidMethod) -> bool {
        self.binding.as_ref().is_none_or(|binding| method.covers(binding.country))
    }

    pub(super) fn attempt(&self, id: Uuid) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.id == id)
    }
}

impl Attempt {
    /// The provider's session, once there is one.
    pub(super) fn session(&self) -> Option<Session> {
        Some(Session { id: self.session.clone()?, memory: self.memory.clone() })
    }
}

impl Agreement {
    pub(super) fn participant(&self, id: Uuid) -> Option<&Participant> {
        self.participants.iter().find(|participant| participant.id == id)
    }
}

/// Without the digest.
impl std::fmt::Display for Binding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} v{}", self.country, self.version)
    }
}

/// Whose the attempts are that were written down when there was only one provider.
fn first_provider() -> String {
    "zignsec_v2".to_owned()
}
