use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::target::OpName;

/// Something optional that a target can do. Undeclared: whether the target file says how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// Its own clock can be moved: `advance_time`.
    AdvanceTime,
    /// The sender can look at the agreement: `get_agreement`.
    Agreement,
    /// Several participants in one call: `add_participants`.
    Batch,
    /// The sender gives addresses for success and failure. Off unless declared.
    Callbacks,
    /// Agreements can be withdrawn: `cancel_agreement`.
    Cancel,
    /// Participants can be removed: `delete_participant`.
    Delete,
    /// There are metrics, a health page or the like that can be looked at. Off unless declared.
    Diagnostics,
    /// Documents and e-mails can be looked at. Off unless declared.
    Documents,
    /// It reads what Signicat encrypts to it, with the `SIGNICAT_RESPONSE_KEY` of the connection. Off unless declared.
    EncryptedAnswers,
    /// The way of enforcement can be read: a participant has a `method`.
    EnforcementMethod,
    /// It tells what happened: `list_events`.
    Events,
    /// A creation can be repeated under a key. Off unless declared.
    Idempotency,
    /// It says when nothing is under way: `idle`.
    Idle,
    /// Sign links are shown: a participant has a `sign_link`.
    Links,
    /// Its log can be read: `read_log`.
    Log,
    /// It sends events of its own: `[events]`.
    OutboundWebhooks,
    /// Persons have to be made known first: `prepare_person`.
    PreparePerson,
    /// A check says why it is as it is: a participant has a `reason`.
    Reasons,
    /// Sent agreements can be opened for changes: `reopen_agreement`.
    Reopen,
    /// It reads anew what Signicat tells of itself when that changes: whether the way back names the issuer (RFC 9207). Off unless declared.
    ResponseIssuer,
    /// It can be ended and started again: `restart`.
    Restart,
    /// There are participants who only approve. Off unless declared.
    Roles,
    /// Signers have an order. Off unless declared.
    SigningOrder,
    /// What it stores can be read: `dump_storage`.
    Storage,
    /// There is another tenant: `[actor.stranger]`.
    Stranger,
    /// Agreements have levels of trust. Off unless declared.
    TrustLevels,
    /// Participants can be changed: `update_participant`.
    UpdateParticipant,
    /// There are methods to sign without an eID. Off unless declared.
    WeakMethods,
    /// It takes the provider's webhooks. Off unless declared.
    WebhookIn,
}

/// The optional things that a target can do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Features(BTreeSet<Feature>);

impl Feature {
    /// All of them.
    pub const ALL: [Self; 29] = [
        Self::AdvanceTime,
        Self::Agreement,
        Self::Batch,
        Self::Callbacks,
        Self::Cancel,
        Self::Delete,
        Self::Diagnostics,
        Self::Documents,
        Self::EncryptedAnswers,
        Self::EnforcementMethod,
        Self::Events,
        Self::Idempotency,
        Self::Idle,
        Self::Links,
        Self::Log,
        Self::OutboundWebhooks,
        Self::PreparePerson,
        Self::Reasons,
        Self::Reopen,
        Self::ResponseIssuer,
        Self::Restart,
        Self::Roles,
        Self::SigningOrder,
        Self::Storage,
        Self::Stranger,
        Self::TrustLevels,
        Self::UpdateParticipant,
        Self::WeakMethods,
        Self::WebhookIn,
    ];

    /// Its name in target files, such as `webhook-in`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AdvanceTime => "advance-time",
            Self::Agreement => "agreement",
            Self::Callbacks => "callbacks",
            Self::Batch => "batch",
            Self::Cancel => "cancel",
            Self::EncryptedAnswers => "encrypted-answers",
            Self::EnforcementMethod => "enforcement-method",
            Self::Documents => "documents",
            Self::Diagnostics => "diagnostics",
            Self::Delete => "delete",
            Self::Idempotency => "idempotency",
            Self::Events => "events",
            Self::Links => "links",
            Self::Idle => "idle",
            Self::Log => "log",
            Self::OutboundWebhooks => "outbound-webhooks",
            Self::Reasons => "reasons",
            Self::PreparePerson => "prepare-person",
            Self::Reopen => "reopen",
            Self::ResponseIssuer => "response-issuer",
            Self::Restart => "restart",
            Self::SigningOrder => "signing-order",
            Self::Roles => "roles",
            Self::Storage => "storage",
            Self::TrustLevels => "trust-levels",
            Self::Stranger => "stranger",
            Self::WeakMethods => "weak-methods",
            Self::UpdateParticipant => "update-participant",
            Self::WebhookIn => "webhook-in",
        }
    }

    /// Whether it is only a way to look: without it a requirement still holds, but nobody sees.
    #[must_use]
    pub const fn is_channel(self) -> bool {
        match self {
            Self::Agreement
            | Self::Diagnostics
            | Self::Documents
            | Self::EncryptedAnswers
            | Self::Links
            | Self::Log
            | Self::Restart
            | Self::Storage
            | Self::Stranger => true,
            Self::Batch
            | Self::Callbacks
            | Self::Cancel
            | Self::Delete
            | Self::EnforcementMethod
            | Self::Events
            | Self::Idempotency
            | Self::OutboundWebhooks
            | Self::Reasons
            | Self::Reopen
            | Self::ResponseIssuer
            | Self::Roles
            | Self::SigningOrder
            | Self::TrustLevels
            | Self::UpdateParticipant
            | Self::WeakMethods
            | Self::AdvanceTime
            | Self::Idle
            | Self::PreparePerson
            | Self::WebhookIn => false,
        }
    }

    /// The operation without which it cannot be had.
    #[must_use]
    pub const fn operation(self) -> Option<OpName> {
        match self {
            Self::AdvanceTime => Some(OpName::AdvanceTime),
            Self::Agreement => Some(OpName::GetAgreement),
            Self::Batch => Some(OpName::AddParticipants),
            Self::Cancel => Some(OpName::CancelAgreement),
            Self::Delete => Some(OpName::DeleteParticipant),
            Self::Events => Some(OpName::ListEvents),
            Self::Idle => Some(OpName::Idle),
            Self::Log => Some(OpName::ReadLog),
            Self::PreparePerson => Some(OpName::PreparePerson),
            Self::Reopen => Some(OpName::ReopenAgreement),
            Self::Restart => Some(OpName::Restart),
            Self::Storage => Some(OpName::DumpStorage),
            Self::UpdateParticipant => Some(OpName::UpdateParticipant),
            Self::Callbacks
            | Self::Diagnostics
            | Self::Documents
            | Self::EncryptedAnswers
            | Self::EnforcementMethod
            | Self::Idempotency
            | Self::Links
            | Self::OutboundWebhooks
            | Self::Reasons
            | Self::ResponseIssuer
            | Self::Roles
            | Self::SigningOrder
            | Self::Stranger
            | Self::TrustLevels
            | Self::WeakMethods
            | Self::WebhookIn => None,
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Features {
    /// Whether the target has it; false for a name that does not exist.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|feature| feature.name() == name)
    }

    /// Whether the target has it.
    #[must_use]
    pub fn is(&self, feature: Feature) -> bool {
        self.0.contains(&feature)
    }

    /// Those it has, by name.
    pub fn iter(&self) -> impl Iterator<Item = Feature> {
        self.0.iter().copied()
    }

    /// The same without one of them.
    #[must_use]
    pub fn without(mut self, feature: Feature) -> Self {
        self.0.remove(&feature);
        self
    }

    /// What is declared, and for the rest what the file has.
    pub(super) fn declared(declared: &BTreeMap<Feature, bool>, is_there: impl Fn(Feature) -> bool) -> Self {
        let has = |feature: &Feature| declared.get(feature).copied().unwrap_or_else(|| is_there(*feature));
        Self(Feature::ALL.into_iter().filter(has).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_written_form() {
        for feature in Feature::ALL {
            assert_eq!(serde_json::to_value(feature).unwrap(), feature.name());
        }
    }
}
