//! The values of the switches; [`Settings`](super::settings::Settings) says what each switch is about and where it comes from.

use serde::{Deserialize, Serialize};

pub use super::zignsec::{IdentificationDate, WebhookBody};

/// See [`set_up_status`](super::settings::Settings::set_up_status).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetUpStatus {
    /// `200`.
    #[serde(rename = "200")]
    #[default]
    Ok,
    /// `201`.
    #[serde(rename = "201")]
    Created,
}

/// See [`token_error_status`](super::settings::Settings::token_error_status).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenErrorStatus {
    /// `200`.
    #[serde(rename = "200")]
    Ok,
    /// `401`.
    #[serde(rename = "401")]
    #[default]
    Unauthorized,
}

/// See [`validation_error_status`](super::settings::Settings::validation_error_status).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValidationStatus {
    /// `200`.
    #[serde(rename = "200")]
    #[default]
    Ok,
    /// `400`.
    #[serde(rename = "400")]
    BadRequest,
}

/// See [`unknown_session_status`](super::settings::Settings::unknown_session_status).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnknownSessionStatus {
    /// `200`.
    #[serde(rename = "200")]
    Ok,
    /// `404`.
    #[serde(rename = "404")]
    #[default]
    NotFound,
}

/// See [`finished_shape`](super::settings::Settings::finished_shape).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FinishedShape {
    /// As the samples: neither `id` nor `errors`.
    Bare,
    /// `id`, `errors`, identity.
    #[default]
    Documented,
    /// With `result.identity.state` `FINISHED` too.
    WithResult,
}

/// See [`identity_names`](super::settings::Settings::identity_names).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityNames {
    /// `personalNumber`.
    Camel,
    /// `PersonalNumber`.
    #[default]
    Pascal,
}

impl IdentityNames {
    /// The member that holds the national number.
    #[must_use]
    pub const fn number_key(self) -> &'static str {
        match self {
            Self::Camel => "personalNumber",
            Self::Pascal => "PersonalNumber",
        }
    }
}

/// See [`number_form`](super::settings::Settings::number_form).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberForm {
    /// `PNOEE-60001019906`.
    Etsi,
    /// `60001019906`.
    #[default]
    Plain,
}

/// See [`unset`](super::settings::Settings::unset).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unset {
    /// Absent.
    #[default]
    Absent,
    /// `""`.
    Empty,
}

/// See [`webhook_retries`](super::settings::Settings::webhook_retries).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retries {
    /// At once, after 10 s, and after another 60 s.
    #[default]
    Current,
    /// Twenty times in 48 hours.
    Legacy,
}

/// See [`post_message`](super::settings::Settings::post_message).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PostMessage {
    /// An object.
    #[default]
    Object,
    /// Its JSON text.
    Text,
}
