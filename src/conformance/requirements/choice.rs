//! The declared values that touch requirements: a closed table. All are conformant; each changes what is expected or takes rows out.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Declared, ProviderName};
use crate::target::{
    BindingChange, CheckDigits, EvidenceKind, Failed, IdTokenSignature, Identifier, NameMismatch, NumberStorage,
    NumberToProvider, OutcomeStatus, ParallelAttempts, Reopen, Setup, Sign, TenDigits,
};

/// One value of one switch, such as `reopen keep`.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Choice(&'static Row);

struct Row {
    /// In the catalogue.
    words: &'static str,
    /// In a target file.
    line: &'static str,
    holds: fn(&Declared<'_>) -> bool,
}

impl Choice {
    /// Every one.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(Self)
    }

    /// The line of a target file that says so.
    #[must_use]
    pub const fn line(self) -> &'static str {
        self.0.line
    }

    /// Whether a target declares this value.
    #[must_use]
    pub fn holds(self, declared: &Declared<'_>) -> bool {
        (self.0.holds)(declared)
    }

    /// Whether the value has a meaning with this provider: only an OpenID provider sends id tokens.
    #[must_use]
    pub fn concerns(self, provider: ProviderName) -> bool {
        self.0.words != ID_TOKEN || provider == ProviderName::Signicat
    }
}

impl TryFrom<String> for Choice {
    type Error = String;

    fn try_from(words: String) -> Result<Self, String> {
        Self::all().find(|choice| choice.0.words == words).ok_or_else(|| format!("no switch has the value `{words}`"))
    }
}

impl From<Choice> for String {
    fn from(choice: Choice) -> Self {
        choice.0.words.to_owned()
    }
}

impl PartialEq for Choice {
    fn eq(&self, other: &Self) -> bool {
        self.0.words == other.0.words
    }
}

impl Eq for Choice {}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.words)
    }
}

const ID_TOKEN: &str = "id_token_signature tls-direct";

static TABLE: &[Row] = &[
    row("binding_change until-first-attempt", "policy.binding_change = \"until-first-attempt\"", |d| {
        d.policy.binding_change == BindingChange::UntilFirstAttempt
    }),
    row("binding_change versioned", "policy.binding_change = \"versioned\"", |d| {
        d.policy.binding_change == BindingChange::Versioned
    }),
    row("check_digits strict", "policy.check_digits = \"strict\"", |d| d.policy.check_digits == CheckDigits::Strict),
    row("disclosure api", "policy.disclosure = [\"api\"]", |d| discloses(d, "api")),
    row("disclosure document", "policy.disclosure = [\"document\"]", |d| discloses(d, "document")),
    row("disclosure webhook", "policy.disclosure = [\"webhook\"]", |d| discloses(d, "webhook")),
    row("evidence lacks fetch", "policy.evidence = [\"signed-webhook\"]", |d| {
        !d.policy.evidence.is_empty() && !d.policy.evidence.contains(&EvidenceKind::Fetch)
    }),
    row("failed tries", "policy.failed = { tries = … }", |d| matches!(d.policy.failed, Failed::Tries(_))),
    row("failed unlimited", "policy.failed = \"unlimited\"", |d| d.policy.failed == Failed::Unlimited),
    row(ID_TOKEN, "policy.id_token_signature = \"tls-direct\"", |d| {
        d.policy.id_token_signature == IdTokenSignature::TlsDirect
    }),
    row("identifier provider-person-id", "policy.identifier = \"provider-person-id\"", |d| {
        d.policy.identifier == Identifier::ProviderPersonId
    }),
    row("keep_rejected_evidence", "policy.keep_rejected_evidence = true", |d| d.policy.keep_rejected_evidence),
    row("name_mismatch block", "policy.name_mismatch = \"block\"", |d| d.policy.name_mismatch == NameMismatch::Block),
    row("number_storage encrypted", "policy.number_storage = \"encrypted\"", |d| {
        d.policy.number_storage == NumberStorage::Encrypted
    }),
    row("number_to_provider signer-supplied", "policy.number_to_provider = \"signer-supplied\"", |d| {
        d.policy.number_to_provider == NumberToProvider::SignerSupplied
    }),
    row("number_to_provider stored", "policy.number_to_provider = \"stored\"", |d| {
        d.policy.number_to_provider == NumberToProvider::Stored
    }),
    row("outcome.cancelled failed", "policy.outcome.cancelled = \"failed\"", |d| {
        d.policy.outcome.cancelled == OutcomeStatus::Failed
    }),
    row("outcome.evidence_rejected failed", "policy.outcome.evidence_rejected = \"failed\"", |d| {
        d.policy.outcome.evidence_rejected == OutcomeStatus::Failed
    }),
    row("outcome.expired failed", "policy.outcome.expired = \"failed\"", |d| {
        d.policy.outcome.expired == OutcomeStatus::Failed
    }),
    row("outcome.no_number failed", "policy.outcome.no_number = \"failed\"", |d| {
        d.policy.outcome.no_number == OutcomeStatus::Failed
    }),
    row("outcome.provider_error failed", "policy.outcome.provider_error = \"failed\"", |d| {
        d.policy.outcome.provider_error == OutcomeStatus::Failed
    }),
    row("parallel_attempts first-wins", "policy.parallel_attempts = \"first-wins\"", |d| {
        d.policy.parallel_attempts == ParallelAttempts::FirstWins
    }),
    row("reopen keep", "policy.reopen = \"keep\"", |d| d.policy.reopen == Reopen::Keep),
    row("same_browser false", "policy.same_browser = false", |d| !d.policy.same_browser),
    row("setup at-once", "setup = \"at-once\"", |d| d.setup == Setup::AtOnce),
    row("sign none", "sign = \"none\"", |d| d.sign == Sign::None),
    row("sign same-transaction", "sign = \"same-transaction\"", |d| d.sign == Sign::SameTransaction),
    row("sign separate-call", "sign = \"separate-call\"", |d| d.sign == Sign::SeparateCall),
    row("spellings declared", "policy.spellings = …", |d| !d.policy.spellings.is_empty()),
    row("start_limit set", "policy.start_limit = …", |d| d.policy.start_limit.is_some()),
    row("ten_digits under100", "policy.ten_digits = \"under100\"", |d| d.policy.ten_digits == TenDigits::Under100),
];

const fn row(words: &'static str, line: &'static str, holds: fn(&Declared<'_>) -> bool) -> Row {
    Row { words, line, holds }
}

fn discloses(declared: &Declared<'_>, channel: &str) -> bool {
    declared.policy.disclosure.iter().any(|declared| declared == channel)
}
