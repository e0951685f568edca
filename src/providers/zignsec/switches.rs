//! Switches that versions 2 and 3 both have, with the same values. The `Settings` of each say what a switch is about there.

use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::script::Millis;

/// The status of a set-up that is refused: `validation_error_status`.
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

/// The status of a result that there is not: `unknown_session_status`.
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

/// What stands beside a finished identity: `finished_shape`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FinishedShape {
    /// As the samples: neither `id` nor `errors`.
    Bare,
    /// `id`, `errors`, identity.
    #[default]
    Documented,
    /// With `result.identity.state` `FINISHED` too, without which two clients of version 2 never finish (seen in client code).
    WithResult,
}

/// How often a webhook is tried: `webhook_retries`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retries {
    /// At once, after 10 s, and after another 60 s.
    #[default]
    Current,
    /// Twenty times in 48 hours.
    Legacy,
}

/// The form of the message to the parent of an iframe: `post_message`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PostMessage {
    /// An object.
    #[default]
    Object,
    /// Its JSON text.
    Text,
}

impl ValidationStatus {
    /// The status.
    #[must_use]
    pub const fn code(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Ok => StatusCode::OK,
        }
    }
}

impl UnknownSessionStatus {
    /// The status.
    #[must_use]
    pub const fn code(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Ok => StatusCode::OK,
        }
    }
}

impl Retries {
    /// The pauses before each further attempt.
    pub(in crate::providers) const fn pauses(self) -> &'static [Millis] {
        match self {
            Self::Current => &[Millis(10_000), Millis(60_000)],
            Self::Legacy => &[Millis(9_094_000); 19],
        }
    }
}
