//! What an answer of a provider proves, and nothing more.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::identity::{Country, NationalNumber};

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
