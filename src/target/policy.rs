//! What a service declares about itself. Every value of every switch is conformant; it changes what is expected, never what is forbidden.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The declared policy of a target. The default is the strictest reading of Zigned's documentation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "snake_case")]
pub struct Policy {
    /// What a check shows after an attempt that says nothing about the person.
    pub outcome: Outcomes,
    /// What follows a verified mismatch.
    pub failed: Failed,
    /// Which of two live attempts of one participant counts.
    pub parallel_attempts: ParallelAttempts,
    /// What becomes of an outcome when the agreement is opened again.
    pub reopen: Reopen,
    /// When a bound number can be changed.
    pub binding_change: BindingChange,
    /// The spellings of a number that the sender may use, by country; empty for all usual ones.
    pub spellings: BTreeMap<String, Vec<Spelling>>,
    /// Whether a wrong check digit is refused.
    pub check_digits: CheckDigits,
    /// What ten Swedish digits without a separator mean.
    pub ten_digits: TenDigits,
    /// Whether another name than the configured one blocks, although the number is right.
    pub name_mismatch: NameMismatch,
    /// What the person is recognised by.
    pub identifier: Identifier,
    /// What a result is believed from; empty for both kinds.
    pub evidence: Vec<EvidenceKind>,
    /// Whether the provider is told a number at the start.
    pub number_to_provider: NumberToProvider,
    /// How the bound number is kept.
    pub number_storage: NumberStorage,
    /// The channels on which the number is shown on purpose: `api`, `webhook`, `document`.
    pub disclosure: Vec<String>,
    /// Whether what a rejected person left is kept as evidence.
    pub keep_rejected_evidence: bool,
    /// Whether only the browser that started an attempt can finish it.
    pub same_browser: bool,
    /// The least age of persons the service accepts, in years.
    pub minimum_age: Option<u8>,
    /// What an id token is believed by.
    pub id_token_signature: IdTokenSignature,
    /// How many starts per participant are allowed before the target asks to wait.
    pub start_limit: Option<u32>,
}

/// What a check shows after attempts that do not tell who the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Outcomes {
    /// The person cancelled.
    pub cancelled: OutcomeStatus,
    /// The evidence was forged or contradicts itself.
    pub evidence_rejected: OutcomeStatus,
    /// The time was up.
    pub expired: OutcomeStatus,
    /// The person authenticated, but no number came.
    pub no_number: OutcomeStatus,
    /// The provider could not.
    pub provider_error: OutcomeStatus,
}

/// `pending` or `failed`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeStatus {
    /// The check has failed.
    Failed,
    /// The person can try again.
    #[default]
    Pending,
}

/// What follows a verified mismatch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Failed {
    /// The participant is blocked until the sender acts.
    #[default]
    Terminal,
    /// So many verified mismatches in all block; until then a new attempt decides anew.
    Tries(u32),
    /// A new attempt always decides anew.
    Unlimited,
}

/// Which of two live attempts of one participant counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ParallelAttempts {
    /// The first that brings a verified identity.
    FirstWins,
    /// The one that was started last.
    #[default]
    Supersede,
}

/// What becomes of an outcome when the agreement is opened again and sent again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reopen {
    /// It stays, as long as binding and document stay.
    Keep,
    /// The check is pending again.
    #[default]
    Reset,
}

/// When a bound number can be changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BindingChange {
    /// In draft only.
    #[default]
    DraftOnly,
    /// Until somebody has started to authenticate.
    UntilFirstAttempt,
    /// At any time; a change voids earlier outcomes and open attempts.
    Versioned,
}

/// A way to write a national number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Spelling {
    /// `YYMMDDNNNC`
    #[serde(rename = "10")]
    Ten,
    /// `YYMMDD-NNNC`
    #[serde(rename = "10-")]
    TenHyphen,
    /// `YYYYMMDDNNNC`
    #[serde(rename = "12")]
    Twelve,
    /// `YYYYMMDD-NNNC`
    #[serde(rename = "12-")]
    TwelveHyphen,
    /// With spaces inside or around.
    #[serde(rename = "spaces")]
    Spaces,
}

/// Whether a wrong check digit is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckDigits {
    /// Accepted; the number is compared as written.
    #[default]
    Lenient,
    /// Refused.
    Strict,
}

/// What ten Swedish digits without a separator mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TenDigits {
    /// They are refused: the century is not known.
    #[default]
    Reject,
    /// Somebody under a hundred.
    Under100,
}

/// Whether another name blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NameMismatch {
    /// It blocks, although the number is right.
    Block,
    /// Names never decide.
    #[default]
    Ignore,
}

/// What the person is recognised by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Identifier {
    /// The national number.
    #[default]
    NationalNumber,
    /// The provider's own id of the person, where there is no number.
    ProviderPersonId,
}

/// What a result is believed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// The result, fetched from the provider.
    Fetch,
    /// The body of a webhook whose signature holds.
    SignedWebhook,
}

/// Whether the provider is told a number at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NumberToProvider {
    /// Never.
    #[default]
    Never,
    /// What the signer typed.
    SignerSupplied,
    /// The bound one.
    Stored,
}

/// How the bound number is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NumberStorage {
    /// As a keyed or slow digest.
    #[default]
    Digest,
    /// Encrypted.
    Encrypted,
}

/// What an id token is believed by (OpenID Connect Core 3.1.3.7, rule 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IdTokenSignature {
    /// Its signature.
    #[default]
    Required,
    /// That it came straight from the issuer's token endpoint over TLS; over plain http this is not believed.
    TlsDirect,
}

/// How a signature comes about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// There is none; the service only identifies.
    None,
    /// The identification is the signature.
    SameTransaction,
    /// Another eID transaction after the identification.
    SecondTransaction,
    /// A call, once the person is identified.
    #[default]
    SeparateCall,
}

/// How agreements are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Setup {
    /// Agreement, participants and sending in one operation.
    AtOnce,
    /// One after the other.
    #[default]
    Stepwise,
}

/// Something weaker than a requirement, on purpose. The check still runs; the headline names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// The requirement, such as `XCK-016`.
    pub requirement: String,
    /// Only for this country.
    pub country: Option<String>,
    /// What the service does instead.
    pub does: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// When it is to be looked at again, such as 2027-01-31.
    #[serde(deserialize_with = "date")]
    #[schemars(with = "String")]
    pub review: Date,
}

/// TOML has dates; people also write them between quotes.
fn date<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let written = match toml::Value::deserialize(deserializer)? {
        toml::Value::Datetime(date) => date.to_string(),
        toml::Value::String(text) => text,
        other @ (toml::Value::Array(_)
        | toml::Value::Boolean(_)
        | toml::Value::Float(_)
        | toml::Value::Integer(_)
        | toml::Value::Table(_)) => other.to_string(),
    };
    written.parse().map_err(|_| serde::de::Error::custom("expected a date such as 2027-01-31"))
}

impl Default for Outcomes {
    fn default() -> Self {
        Self {
            cancelled: OutcomeStatus::Pending,
            evidence_rejected: OutcomeStatus::Pending,
            expired: OutcomeStatus::Pending,
            no_number: OutcomeStatus::Pending,
            provider_error: OutcomeStatus::Pending,
        }
    }
}
