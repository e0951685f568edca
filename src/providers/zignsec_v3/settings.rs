//! The switches of a space: what version 3's documents leave open, and where documents and clients of its neighbours show two behaviours.

use serde::{Deserialize, Serialize};

use super::switches::{
    FinishedShape, IdentificationDate, IdentityNames, NumberForm, PostMessage, Retries, SetUpStatus, TokenErrorStatus,
    UnknownSessionStatus, Unset, ValidationStatus, WebhookBody,
};

/// All switches, each with the behaviour by default that is documented or best supported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The HTTP status of a set-up. Undocumented; another product of version 3 answers 201 (seen in client code).
    pub set_up_status: SetUpStatus,
    /// The HTTP status for a token that is missing or unknown. Undocumented; 401 is the later gateway's. Inferred.
    pub token_error_status: TokenErrorStatus,
    /// The HTTP status for a set-up that is refused. Undocumented; clients of version 2 read the body with 200.
    pub validation_error_status: ValidationStatus,
    /// The HTTP status for a session that does not exist. The code is documented, the status is inferred.
    pub unknown_session_status: UnknownSessionStatus,
    /// Which members accompany the identity. Version 2's documents, samples and clients contradict each other; version 3's break off.
    pub finished_shape: FinishedShape,
    /// How the members of `identity` are spelt: as version 2's results, or as version 3's requests and the later gateway's results.
    pub identity_names: IdentityNames,
    /// How the number is told. Undocumented; Smart-ID's own certificates have the ETSI form.
    pub number_form: NumberForm,
    /// Identity fields without a value: both are seen in results of version 2.
    pub unset: Unset,
    /// The form of `IdentificationDate`: all three are seen in samples of version 2.
    pub identification_date: IdentificationDate,
    /// How often a webhook is tried: three times in newer documents, twenty in 48 hours in older ones. The spacing is inferred.
    pub webhook_retries: Retries,
    /// How the webhook's JSON is written. Undocumented; a receiver that signs what it re-serialised breaks on the others.
    pub webhook_body: WebhookBody,
    /// What the page posts to its parent: an object is documented, the documented handler prints a text.
    pub post_message: PostMessage,
    /// Where webhooks go when the order names no address. Documented as the merchant's setting.
    pub account_webhook: Option<String>,
    /// Where browsers go when the order names no target. Documented as the merchant's setting.
    pub return_url: Option<String>,
    /// How long a link may wait to be opened, in minutes: seven days unless set. Documented.
    pub redirect_url_expiration_minutes: u32,
    /// Methods that the account may not use: `MISSING_CONFIG`. Documented as "needs to be enabled".
    pub disabled_methods: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            set_up_status: SetUpStatus::default(),
            token_error_status: TokenErrorStatus::default(),
            validation_error_status: ValidationStatus::default(),
            unknown_session_status: UnknownSessionStatus::default(),
            finished_shape: FinishedShape::default(),
            identity_names: IdentityNames::default(),
            number_form: NumberForm::default(),
            unset: Unset::default(),
            identification_date: IdentificationDate::default(),
            webhook_retries: Retries::default(),
            webhook_body: WebhookBody::default(),
            post_message: PostMessage::default(),
            account_webhook: None,
            return_url: None,
            redirect_url_expiration_minutes: 7 * 24 * 60,
            disabled_methods: Vec::new(),
        }
    }
}
