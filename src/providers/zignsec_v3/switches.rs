//! The values of the switches; [`Settings`](super::settings::Settings) says what each switch is about and where it comes from.

use serde::{Deserialize, Serialize};

pub use super::zignsec::switches::{FinishedShape, PostMessage, Retries, UnknownSessionStatus, ValidationStatus};
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
