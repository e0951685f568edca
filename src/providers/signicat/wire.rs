//! What goes over the wire, in the documents' order and spelling: the two vocabularies side by side, and the tokens.

use serde::Serialize;

/// The answer of `/authorize` for Swedish BankID. Seen in client code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SbidStarted {
    /// The order, a GUID.
    pub order_ref: Option<String>,
    /// What starts the app on the same device, a GUID.
    pub auto_start_token: Option<String>,
    /// Where to ask how it stands; the client appends `?orderRef=` itself.
    pub collect_url: Option<String>,
    /// What went wrong at once.
    #[serde(flatten)]
    pub error: SbidError,
}

/// The answer of a poll for Swedish BankID. Documented: `progressStatus`, `completeUrl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SbidProgress {
    /// `OUTSTANDING_TRANSACTION`, `STARTED`, `USER_SIGN`, `COMPLETE`.
    pub progress_status: Option<&'static str>,
    /// Where to go on once it is complete.
    pub complete_url: Option<String>,
    /// What went wrong.
    #[serde(flatten)]
    pub error: SbidError,
}

/// An error of Swedish BankID in one of its two shapes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum SbidError {
    /// `error` and `error_description` side by side.
    Flat {
        /// The code.
        error: &'static str,
        /// In words.
        error_description: &'static str,
    },
    /// `error` as an object, `null` without one.
    Nested {
        /// Code and words.
        error: Option<SbidDetail>,
    },
}

/// An error of Swedish BankID as an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SbidDetail {
    /// The code, such as `USER_CANCEL`.
    pub code: &'static str,
    /// In words.
    pub message: &'static str,
}

/// The answer of `/authorize` for Norwegian BankID. Documented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NbidStarted {
    /// Where to ask how it stands, as it is.
    pub status_uri: String,
}

/// The answer of a poll for Norwegian BankID. Documented: `status`, `completeUri`; the error's members are those of its sister method.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NbidStatus {
    /// `pending`, `finished`, `error`.
    pub status: &'static str,
    /// Where to go on once it is finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete_uri: Option<String>,
    /// What went wrong, as a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message_key: Option<&'static str>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<&'static str>,
    /// Where to go on with the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_uri: Option<String>,
}

/// The answer of `/token`. Recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tokens {
    /// A JWT.
    pub access_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// 32 characters.
    pub refresh_token: String,
    /// The words of scope, with blanks between them.
    pub scope: String,
    /// Seconds.
    pub expires_in: u32,
    /// A JWT, encrypted where the client wants that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
}

/// The claims of an access token. Recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccessClaims<'a> {
    /// The person, for this client.
    pub sub: &'a str,
    /// The words of scope.
    pub scp: &'a [String],
    /// The service.
    pub snm: &'static str,
    /// The issuer.
    pub iss: &'a str,
    /// Seconds since 1970.
    pub exp: u64,
    /// Seconds since 1970.
    pub iat: u64,
    /// Its name.
    pub jti: String,
    /// The client.
    pub cid: &'a str,
}

/// The claims of an `id_token`. Recorded, but for `azp` and `at_hash`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IdClaims {
    /// The method.
    pub acr: String,
    /// The person, for this client.
    pub sub: String,
    /// The client; a list only where something is wrong on purpose.
    pub aud: OneOrMany,
    /// Seconds since 1970.
    pub nbf: u64,
    /// When the person authenticated, in seconds since 1970.
    pub auth_time: u64,
    /// The eID.
    pub amr: OneOrMany,
    /// The issuer; missing only where something is wrong on purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// When it ends; missing only where something is wrong on purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<Moment>,
    /// Seconds since 1970.
    pub iat: u64,
    /// What was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The left half of the access token's SHA-256.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// Who may use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub azp: Option<String>,
}

/// A moment in seconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Moment {
    /// A number, as it should be (RFC 7519 section 2).
    Seconds(u64),
    /// A text of the number: wrong on purpose.
    Text(String),
}

/// A text, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// A list.
    Many(Vec<String>),
    /// A text.
    One(String),
}
