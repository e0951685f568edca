//! The values of the switches; [`Settings`](super::settings::Settings) says what each switch is about and where it comes from.

use serde::{Deserialize, Serialize};

pub use super::super::zignsec::switches::{
    FinishedShape, PostMessage, Retries, UnknownSessionStatus, ValidationStatus,
};
pub use super::super::zignsec::{IdentificationDate, WebhookBody};

/// See [`token_error_status`](super::settings::Settings::token_error_status).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenErrorStatus {
    /// `200`.
    #[serde(rename = "200")]
    Ok,
    /// `401`.
    #[serde(rename = "401")]
    #[default]
    Unauthorized,
    /// `403`.
    #[serde(rename = "403")]
    Forbidden,
}

/// See [`token_error_id`](super::settings::Settings::token_error_id).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenErrorId {
    /// No `id`.
    #[default]
    Absent,
    /// The nil GUID.
    Present,
}

/// See [`number_format`](super::settings::Settings::number_format).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberFormat {
    /// `INVALID_PERSONALNUMBER`.
    #[default]
    Refuse,
    /// They are read.
    Strip,
}

/// See [`signing_error`](super::settings::Settings::signing_error).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SigningError {
    /// `INVALID_PARAMETERS`.
    InvalidParameters,
    /// `INVALID_REQUEST`.
    #[default]
    InvalidRequest,
}

/// See [`caller_address`](super::settings::Settings::caller_address).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallerAddress {
    /// It is, or there is none.
    #[default]
    Allowed,
    /// `INVALID_IP`.
    Refused,
}

/// See [`redirect_url`](super::settings::Settings::redirect_url).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RedirectUrl {
    /// A line break follows.
    Padded,
    /// None, as in the documents' example.
    #[default]
    Plain,
}

/// See [`states`](super::settings::Settings::states).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum States {
    /// `PENDING`, `FINISHED`, `ERROR`.
    #[default]
    Current,
    /// An error is `FINISHED` with `errors`. Inferred.
    Legacy,
}

/// See [`error_code`](super::settings::Settings::error_code).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// `0`.
    Number,
    /// The code.
    #[default]
    Text,
}

/// See [`unset`](super::settings::Settings::unset).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unset {
    /// Always absent.
    Absent,
    /// As the samples of each country.
    #[default]
    ByCountry,
    /// Always `""`.
    Empty,
}

/// See [`number_in_result`](super::settings::Settings::number_in_result).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberInResult {
    /// Always; and `Additional_identity_info` has effect.
    Certificate,
    /// When `Scope` has `nnin`.
    #[default]
    Scope,
}

/// See [`nemid_name`](super::settings::Settings::nemid_name).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NemidName {
    /// As the newer page.
    #[serde(rename = "NemID")]
    NemID,
    /// As the older page.
    #[serde(rename = "NemId")]
    #[default]
    NemId,
}

/// See [`forwarded_method`](super::settings::Settings::forwarded_method).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedMethod {
    /// The one initiated.
    Alias,
    /// `nbid_oidc`.
    #[default]
    Target,
}

/// See [`link_expiry_webhook`](super::settings::Settings::link_expiry_webhook).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkExpiryWebhook {
    /// No.
    #[default]
    Off,
    /// Yes.
    On,
}

/// See [`retry_outcome`](super::settings::Settings::retry_outcome).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetryOutcome {
    /// The first one that ended.
    First,
    /// The present one.
    #[default]
    Last,
}

/// See [`webhook_order`](super::settings::Settings::webhook_order).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WebhookOrder {
    /// No.
    AfterRedirect,
    /// Yes, two seconds at most.
    #[default]
    BeforeRedirect,
}

/// See [`target_error_query`](super::settings::Settings::target_error_query).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorQuery {
    /// `relaystate` and `service`.
    #[default]
    Plain,
    /// And `error`.
    WithCode,
}

/// See [`framing`](super::settings::Settings::framing).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// No header about it.
    #[default]
    Allowed,
    /// `X-Frame-Options: DENY`, to rehearse a blocked iframe.
    Denied,
}

/// See [`person_slot`](super::settings::Settings::person_slot).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonSlot {
    /// No.
    #[default]
    Off,
    /// Yes: `ALREADY_IN_PROGRESS` and `CANCELLED`.
    On,
}
