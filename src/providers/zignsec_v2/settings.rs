//! The switches of a space: where the documents, or the documents and the clients, show two behaviours.
//!
//! Written in TOML or JSON, names in kebab-case. The account's own settings stand at the end; the documented settings routes change them.

use serde::{Deserialize, Serialize};

use super::order::Language;
use super::switches::{
    CallerAddress, ErrorCode, ErrorQuery, FinishedShape, ForwardedMethod, Framing, IdentificationDate,
    LinkExpiryWebhook, NemidName, NumberFormat, NumberInResult, PersonSlot, PostMessage, RedirectUrl, Retries,
    RetryOutcome, SigningError, States, TokenErrorId, TokenErrorStatus, UnknownSessionStatus, Unset, ValidationStatus,
    WebhookBody, WebhookOrder,
};

/// All switches, each with the behaviour by default that is documented or best supported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The HTTP status for a token that is missing or unknown. Undocumented for v2; 401 is the later gateway's. Inferred.
    pub token_error_status: TokenErrorStatus,
    /// The HTTP status for a set-up that is refused. Clients read the body with 200 and throw on 4xx (seen in client code).
    pub validation_error_status: ValidationStatus,
    /// The HTTP status for a session that does not exist. The code is documented, the status is inferred.
    pub unknown_session_status: UnknownSessionStatus,
    /// Whether an answer that refuses a token has an `id`: one client needs a GUID in every answer (seen in client code).
    pub token_error_id: TokenErrorId,
    /// What happens to hyphens, blanks and ten Swedish digits in `personalnumber`. Documented: twelve, ten, eleven digits; clients send
    /// others.
    pub number_format: NumberFormat,
    /// The code for signing data that is missing, too long or no base64. Set-up documents `INVALID_REQUEST`; a client of the UI-less
    /// service met the other.
    pub signing_error: SigningError,
    /// Whether the caller's address is on the account's allow-list `Allowed_IPs` (documented setting and code).
    pub caller_address: CallerAddress,
    /// White space around `redirect_url`: a client trims it everywhere (seen in client code).
    pub redirect_url: RedirectUrl,
    /// Which members accompany the identity. The documents, their samples and clients contradict each other.
    pub finished_shape: FinishedShape,
    /// The states: the older page knows no `ERROR`.
    pub states: States,
    /// The type of `errors[].code`: text is documented; one client's type is a number (seen in client code).
    pub error_code: ErrorCode,
    /// Identity fields without a value: `""` in the Swedish samples, absent in a Norwegian one (seen in client code).
    pub unset: Unset,
    /// When Norwegian results carry the number and details: documented as a matter of the certificate.
    pub number_in_result: NumberInResult,
    /// The spelling of NemID in `IdProviderName`: the two pages differ.
    pub nemid_name: NemidName,
    /// The `method` of `nbid` and `nbid_mobile`, which forward to `nbid_oidc`. Both are readings of the documents.
    pub forwarded_method: ForwardedMethod,
    /// The form of `IdentificationDate`: all three are seen in samples.
    pub identification_date: IdentificationDate,
    /// How often a webhook is tried: three times in newer documents, twenty in 48 hours in older ones. The spacing is inferred.
    pub webhook_retries: Retries,
    /// How the webhook's JSON is written. Undocumented; a receiver that signs what it re-serialised breaks on the others.
    pub webhook_body: WebhookBody,
    /// Whether a link that nobody opened in time raises a webhook. Undocumented.
    pub link_expiry_webhook: LinkExpiryWebhook,
    /// Which attempt the result tells after `allowRetries`. Undocumented; a client keeps the first (seen in client code).
    pub retry_outcome: RetryOutcome,
    /// Whether the page waits for the webhook before it sends the browser back. Undocumented.
    pub webhook_order: WebhookOrder,
    /// The query of `targetError`: it "works as target", and names no code.
    pub target_error_query: ErrorQuery,
    /// What the page posts to its parent: an object is documented, the documented handler prints a text.
    pub post_message: PostMessage,
    /// Whether the page may stand in an iframe. Documented as possible; `denied` rehearses a host that forbids it, by both headers.
    pub framing: Framing,
    /// Whether a second order for the same number ends both, as Swedish BankID does.
    pub person_slot: PersonSlot,
    /// `EID_Webhook_TEST` and `EID_Webhook_PROD`: where webhooks go when the order names no address. Documented.
    pub account_webhook: Option<String>,
    /// `Return_URL`: where browsers go when the order names no target. Documented; its name is inferred.
    pub return_url: Option<String>,
    /// `DefaultLanguage`. Documented.
    pub default_language: Language,
    /// `RedirectUrl_ExpirationInMinutes_TEST` and `_PROD`, in minutes: seven days unless set. Documented.
    pub redirect_url_expiration_minutes: u32,
    /// Selectors that the account may not use: `MISSING_CONFIG`. Documented as "needs to be enabled".
    pub disabled_methods: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            token_error_status: TokenErrorStatus::default(),
            validation_error_status: ValidationStatus::default(),
            unknown_session_status: UnknownSessionStatus::default(),
            token_error_id: TokenErrorId::default(),
            number_format: NumberFormat::default(),
            signing_error: SigningError::default(),
            caller_address: CallerAddress::default(),
            redirect_url: RedirectUrl::default(),
            finished_shape: FinishedShape::default(),
            states: States::default(),
            error_code: ErrorCode::default(),
            unset: Unset::default(),
            number_in_result: NumberInResult::default(),
            nemid_name: NemidName::default(),
            forwarded_method: ForwardedMethod::default(),
            identification_date: IdentificationDate::default(),
            webhook_retries: Retries::default(),
            webhook_body: WebhookBody::default(),
            link_expiry_webhook: LinkExpiryWebhook::default(),
            retry_outcome: RetryOutcome::default(),
            webhook_order: WebhookOrder::default(),
            target_error_query: ErrorQuery::default(),
            post_message: PostMessage::default(),
            framing: Framing::default(),
            person_slot: PersonSlot::default(),
            account_webhook: None,
            return_url: None,
            default_language: Language::En,
            redirect_url_expiration_minutes: 7 * 24 * 60,
            disabled_methods: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_read_by_name_and_unknown_ones_are_refused() {
        let settings: Settings = serde_json::from_str(
            r#"{"finished_shape":"with-result","token_error_status":"200","default_language":"SV","nemid_name":"NemID"}"#,
        )
        .unwrap();
        assert_eq!(settings.finished_shape, FinishedShape::WithResult);
        assert_eq!(settings.default_language, Language::Sv);
        assert_eq!(settings.redirect_url_expiration_minutes, 10_080);
        let refused = serde_json::from_str::<Settings>(r#"{"finished_shap":"bare"}"#).unwrap_err().to_string();
        assert!(refused.contains("finished_shape"), "{refused}");
    }

    #[test]
    fn every_switch_survives_its_own_form() {
        let json = serde_json::to_value(Settings::default()).unwrap();
        assert_eq!(serde_json::from_value::<Settings>(json).unwrap(), Settings::default());
    }
}
