//! The values of the switches; [`Settings`](super::settings::Settings) says what each switch is about and where it comes from.

use serde::{Deserialize, Serialize};

/// See [`discovery`](super::settings::Settings::discovery).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Discovery {
    /// What is answered here.
    #[default]
    Honest,
    /// What was recorded of the real service.
    Recorded,
}

/// See [`message_encryption`](super::settings::Settings::message_encryption).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageEncryption {
    /// `A256CBC-HS512`; `typ` is JWE, JWT or absent.
    #[default]
    Documented,
    /// Every content encryption of discovery, any `typ`, no `kid`, and unsigned tokens inside.
    Lenient,
    /// `A256CBC-HS512` and `typ` JWE, to the letter.
    Strict,
}

/// See [`outer_parameters`](super::settings::Settings::outer_parameters).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OuterParameters {
    /// They may; then they must agree.
    #[default]
    Optional,
    /// They must.
    Required,
}

/// See [`response_type_missing`](super::settings::Settings::response_type_missing).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResponseTypeMissing {
    /// It is read as `code`.
    Assumed,
    /// `invalid_request`, as RFC 6749 has it.
    #[default]
    Refused,
}

/// See [`request_object`](super::settings::Settings::request_object).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestObject {
    /// Every request is a request object.
    Always,
    /// Only what is to be signed has to be encrypted.
    #[default]
    ForSigning,
}

/// See [`request_object_replay`](super::settings::Settings::request_object_replay).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Replay {
    /// As often as one likes.
    Allowed,
    /// Never, whatever it says.
    Once,
    /// Not if it has a `jti` that was there before.
    #[default]
    OncePerJti,
}

/// See [`without_accept`](super::settings::Settings::without_accept).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WithoutAccept {
    /// A waiting page.
    #[default]
    Page,
    /// An error page: the account is headless only.
    Refused,
}

/// See [`headless_error_status`](super::settings::Settings::headless_error_status).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeadlessErrorStatus {
    /// `400`.
    #[serde(rename = "400")]
    #[default]
    BadRequest,
    /// `200`.
    #[serde(rename = "200")]
    Ok,
}

/// See [`session_cookie`](super::settings::Settings::session_cookie).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionCookie {
    /// They do not.
    Ignored,
    /// They do.
    #[default]
    Required,
}

/// See [`cookie_rotation`](super::settings::Settings::cookie_rotation).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CookieRotation {
    /// It does, and the old one is no longer taken.
    EachPoll,
    /// It does not.
    #[default]
    Never,
}

/// See [`callback_issuer`](super::settings::Settings::callback_issuer).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallbackIssuer {
    /// It has none.
    #[default]
    Absent,
    /// It has one, and discovery says so.
    Present,
}

/// See [`complete_again`](super::settings::Settings::complete_again).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CompleteAgain {
    /// `400`.
    #[serde(rename = "400")]
    #[default]
    BadRequest,
    /// A redirect with `access_denied`.
    Redirect,
}

/// See [`complete_with_accept`](super::settings::Settings::complete_with_accept).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CompleteWithAccept {
    /// JSON instead of redirects.
    #[default]
    Json,
    /// Redirects all the same.
    Redirect,
}

/// See [`sbid_error`](super::settings::Settings::sbid_error).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SbidError {
    /// `error` and `error_description` side by side.
    Flat,
    /// `error` with `code` and `message`.
    #[default]
    Nested,
}

/// See [`national_id_scope`](super::settings::Settings::national_id_scope).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NationalIdScope {
    /// It is silently left out.
    Dropped,
    /// It is granted.
    #[default]
    Granted,
    /// `invalid_scope`.
    Refused,
}

/// See [`amr`](super::settings::Settings::amr).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amr {
    /// An array with one text.
    Array,
    /// A text.
    #[default]
    String,
}

/// See [`at_hash`](super::settings::Settings::at_hash).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AtHash {
    /// It has none.
    #[default]
    Absent,
    /// It has one.
    Present,
}

/// See [`subject_check`](super::settings::Settings::subject_check).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectCheck {
    /// It is.
    Digits,
    /// Twelve digits will do.
    #[default]
    Format,
}

/// See [`sdo_content_type`](super::settings::Settings::sdo_content_type).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SdoContentType {
    /// `application/x-ltv-sdo`.
    #[serde(rename = "application/x-ltv-sdo")]
    Ltv,
    /// `application/xml; charset=utf-8`.
    #[serde(rename = "application/xml")]
    #[default]
    Xml,
}

/// See [`invalid_client_status`](super::settings::Settings::invalid_client_status).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InvalidClientStatus {
    /// `400`.
    #[serde(rename = "400")]
    BadRequest,
    /// `401`, with a challenge.
    #[serde(rename = "401")]
    #[default]
    Unauthorized,
}

/// See [`person_slot`](super::settings::Settings::person_slot).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonSlot {
    /// It does not.
    #[default]
    Off,
    /// It does.
    On,
}
