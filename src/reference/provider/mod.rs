//! What the service asks eID providers, and what it takes from their answers. One file per provider.
//!
//! A provider's answer is [`Evidence`] and nothing more: whether it is about the right person is decided elsewhere.

pub mod zignsec_v2;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::dial::Dialer;
use crate::identity::{Country, NationalNumber};
use crate::reference::Flaws;

pub use zignsec_v2::ZignsecV2;

/// With what the signer authenticates. Written as `se_bid`, `no_bid`, `dk_mitid`, `fi_bank`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EidMethod {
    /// Swedish BankID.
    SeBid,
    /// Norwegian BankID.
    NoBid,
    /// The Danish eID: in version 2 of ZignSec, NemID.
    DkMitid,
    /// Finnish bank identification.
    FiBank,
}

impl EidMethod {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::SeBid, Self::NoBid, Self::DkMitid, Self::FiBank];

    /// The word for it in the service's API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SeBid => "se_bid",
            Self::NoBid => "no_bid",
            Self::DkMitid => "dk_mitid",
            Self::FiBank => "fi_bank",
        }
    }

    /// The country whose people have it.
    #[must_use]
    pub const fn country(self) -> Country {
        match self {
            Self::SeBid => Country::Se,
            Self::NoBid => Country::No,
            Self::DkMitid => Country::Dk,
            Self::FiBank => Country::Fi,
        }
    }
}

impl FromStr for EidMethod {
    type Err = UnknownMethod;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|method| method.word() == text).ok_or(UnknownMethod)
    }
}

/// The text is no [`EidMethod`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown method: expected se_bid, no_bid, dk_mitid or fi_bank")]
pub struct UnknownMethod;

/// What the signer is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Show who they are.
    Identify,
    /// Sign a text.
    Sign {
        /// The text that the signer sees.
        text: String,
    },
}

/// How to reach a provider.
#[derive(Clone)]
pub struct ClientOptions {
    /// What stands before `v2/…` in the provider's addresses.
    pub base: Url,
    /// The relying party's token. It authenticates every call, and it is the key of the webhooks' signatures.
    pub token: String,
    /// How long one call may take.
    pub timeout: Duration,
    /// Makes the calls.
    pub dialer: Dialer,
    /// What this service does wrong on purpose.
    pub flaws: Flaws,
}

/// Without the token.
impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base, token: _, timeout, dialer: _, flaws } = self;
        f.debug_struct("ClientOptions")
            .field("base", &base.as_str())
            .field("timeout", timeout)
            .field("flaws", flaws)
            .finish_non_exhaustive()
    }
}

/// A session to be started.
#[derive(Clone)]
pub struct StartOrder {
    /// With what.
    pub method: EidMethod,
    /// For what.
    pub purpose: Purpose,
    /// The number as the signer typed it now; the service itself keeps none.
    pub personal_number: Option<String>,
    /// Where the browser goes after success.
    pub target: Url,
    /// Where it goes after cancel or error.
    pub target_error: Url,
    /// Where the provider posts the result.
    pub webhook: Option<Url>,
    /// The service's own reference.
    pub relaystate: String,
    /// ISO 639-1, for the provider's pages.
    pub language: &'static str,
}

/// Without the number, the text and the addresses, which carry handles.
impl fmt::Debug for StartOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartOrder").field("method", &self.method).finish_non_exhaustive()
    }
}

/// A session that the provider has started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// The provider's id of it.
    pub session: String,
    /// Where the signer's browser goes.
    pub redirect_url: Url,
}

/// Why no session was started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The provider said no.
    #[error("the provider refused to start a session: {}", codes.join(", "))]
    Refused {
        /// Its codes; what is no plain word is told as `OTHER`.
        codes: Vec<String>,
    },
    /// There was no usable answer. The text holds nothing of it.
    #[error("the provider cannot be used now: {0}")]
    Unavailable(String),
}

/// Why there is no evidence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The answer is none of the provider's forms. The text holds nothing of it.
    #[error("the provider's answer cannot be read: {0}")]
    Malformed(String),
    /// There was no usable answer.
    #[error("the provider cannot be used now: {0}")]
    Unavailable(String),
    /// The provider knows no such session.
    #[error("the provider knows no such session")]
    Unknown,
}

/// Why a webhook is refused. It has no effect then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The signature is right, but the body is no result.
    #[error("the webhook's body cannot be read: {0}")]
    Malformed(&'static str),
    /// There is no secret to check it with.
    #[error("no webhook can be checked: the provider's token is not configured")]
    NoSecret,
    /// It is longer than any result.
    #[error("the webhook's body is too large")]
    TooLarge,
    /// The header is missing, empty, or there are several.
    #[error("the webhook is not signed: expected one X-ZignSec-Hmac-SHA256")]
    Unsigned,
    /// The signature is another's, or of another body.
    #[error("the webhook's signature does not fit its body")]
    WrongSignature,
}

/// A webhook whose signature is right.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedNotice {
    /// The provider's id of the session.
    pub session: String,
    /// The service's own reference, where the provider repeats it; nothing may rest on it.
    pub relaystate: Option<String>,
    /// What it says.
    pub evidence: Evidence,
}

/// What an answer proves.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// It says two things at once, or something that no document knows. It is never a success; the text says what, without values.
    Contradictory(&'static str),
    /// It ended without an identity; the provider's codes.
    Failed(FailureKind, Vec<String>),
    /// Somebody authenticated, and this is their number.
    Finished(ProvenIdentity),
    /// Somebody authenticated, and the provider does not tell their number.
    NoNumber(IdentitySummary),
    /// It has not ended.
    Pending,
}

/// Why a session ended without an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// By the person.
    Cancelled,
    /// By time.
    Expired,
    /// Something else went wrong.
    ProviderError,
    /// The eID, or the person, was refused.
    Rejected,
}

/// Who authenticated, by what, when.
#[derive(Clone, PartialEq, Eq)]
pub struct ProvenIdentity {
    /// The country that the provider names.
    pub country: Country,
    /// The number that the provider has verified.
    pub number: NationalNumber,
    /// The provider's word for the method; empty where it tells none.
    pub method: String,
    /// The identity provider's name; empty where it tells none.
    pub provider: String,
    /// The person's name, for the signature alone: it decides nothing.
    pub name: String,
    /// When they authenticated, by the provider's clock.
    pub date: Option<Timestamp>,
}

/// Without the name.
impl fmt::Debug for ProvenIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProvenIdentity")
            .field("number", &self.number)
            .field("method", &self.method)
            .field("provider", &self.provider)
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}

/// What is known of somebody whose number is not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentitySummary {
    /// The country that the provider names; none where it is missing or not supported.
    pub country: Option<Country>,
    /// The provider's word for the method; empty where it tells none.
    pub method: String,
    /// The identity provider's name; empty where it tells none.
    pub provider: String,
    /// When they authenticated, by the provider's clock.
    pub date: Option<Timestamp>,
}
