//! The bodies of the API as the documents print them: names, case, order and oddities.
//!
//! Members without a value are left out when `None`; which ones are, [`say`](super::say) decides.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The answer to a set-up that succeeded. HTTP status 200.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Started<'a> {
    /// The session's id, a GUID.
    pub id: Uuid,
    /// Always empty here.
    pub errors: Vec<ErrorEntry<'a>>,
    /// Where to send the browser.
    pub redirect_url: Cow<'a, str>,
}

/// The answer to a request that was refused. There is no `redirect_url`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused<'a> {
    /// Absent unless a switch wants it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// At least one.
    pub errors: Vec<ErrorEntry<'a>>,
}

/// One of `errors`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorEntry<'a> {
    /// The code.
    pub code: Code<'a>,
    /// What is wrong, for people.
    pub description: Cow<'a, str>,
}

/// An error's code: a text as documented, or a number as one client has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Code<'a> {
    /// Seen in client code.
    Number(i32),
    /// Documented.
    Text(Cow<'a, str>),
}

/// The result of a session, and the body of a webhook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collected<'a> {
    /// The session's id. Absent in the documents' two samples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// Absent in the documents' two samples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<ErrorEntry<'a>>>,
    /// "This node is missing … when a identity node is present."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome<'a>>,
    /// The verified identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity<'a>>,
    /// Validation data of Swedish BankID.
    #[serde(default, rename = "BankIDSE", skip_serializing_if = "Option::is_none")]
    pub bankid_se: Option<BankIdSe<'a>>,
    /// Tokens of Norwegian BankID: a JSON document inside a text, with CRLF. Seen in client code, odd capitals included.
    #[serde(default, rename = "BANKIdNO_OIDC", skip_serializing_if = "Option::is_none")]
    pub bankid_no: Option<Cow<'a, str>>,
    /// The population register's record.
    #[serde(default, rename = "LookupPersonAddress", skip_serializing_if = "Option::is_none")]
    pub lookup: Option<LookupPersonAddress<'a>>,
    /// The check for politically exposed persons. Inferred: the documents are cut off there.
    #[serde(default, rename = "PEP_Check", skip_serializing_if = "Option::is_none")]
    pub pep_check: Option<PepResult<'a>>,
    /// The method initiated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Cow<'a, str>>,
}

/// `result`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome<'a> {
    /// "The results for the Identity service are collected under this identity sub-item."
    pub identity: StateNode<'a>,
}

/// `result.identity`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateNode<'a> {
    /// `PENDING`, `FINISHED`, `ERROR`.
    pub state: Cow<'a, str>,
}

/// `identity`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Identity<'a> {
    /// ISO 3166-1 alpha-2, upper case.
    pub country_code: Cow<'a, str>,
    /// Given names; upper case for Sweden.
    pub first_name: Cow<'a, str>,
    /// Family name.
    pub last_name: Cow<'a, str>,
    /// Both.
    pub full_name: Cow<'a, str>,
    /// Non-empty only if validated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_number: Option<Cow<'a, str>>,
    /// `YYYY-MM-DD`.
    pub date_of_birth: Cow<'a, str>,
    /// Whole years at the time of identification.
    pub age: i16,
    /// Seen in client code, empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Cow<'a, str>>,
    /// Set for Norwegian BankID on a mobile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Cow<'a, str>>,
    /// "Normally not set."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Cow<'a, str>>,
    /// `BankIDSE`, `BankIDNO`, `NemId`, `BankIDFI`; the last one is inferred.
    pub id_provider_name: Cow<'a, str>,
    /// .NET's round-trip form: seven fractional digits and the offset.
    pub identification_date: Cow<'a, str>,
    /// "Not always set."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_provider_request_id: Option<Cow<'a, str>>,
    /// The technical key: always for Norway and Denmark, never for Sweden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_provider_person_id: Option<Cow<'a, str>>,
    /// What was sent in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_person_id: Option<Cow<'a, str>>,
}

/// `BankIDSE`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BankIdSe<'a> {
    /// Base64 of an xmldsig document.
    pub signature: Cow<'a, str>,
    /// Base64 of an OCSP response.
    pub ocsp_response: Cow<'a, str>,
}

/// `LookupPersonAddress`: other casing and another date format than `identity`, and a second number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct LookupPersonAddress<'a> {
    /// Empty in the sample.
    pub person_status: Cow<'a, str>,
    /// Given names, in ordinary case.
    pub first_name: Cow<'a, str>,
    /// Family name.
    pub last_name: Cow<'a, str>,
    /// The name the person goes by.
    pub main_first_name: Cow<'a, str>,
    /// Street and number.
    pub address: Option<Cow<'a, str>>,
    /// Null in the sample, as are the other nulls.
    pub address2: Option<Cow<'a, str>>,
    /// Five digits, no blank.
    pub postal_code: Option<Cow<'a, str>>,
    /// Null.
    pub location: Option<Cow<'a, str>>,
    /// Town.
    pub city: Option<Cow<'a, str>>,
    /// Null.
    pub province: Option<Cow<'a, str>>,
    /// Lower case, unlike `identity.CountryCode`.
    pub country_code: Cow<'a, str>,
    /// Null.
    pub phone: Option<Cow<'a, str>>,
    /// Any number of them.
    pub phone_numbers: Vec<Cow<'a, str>>,
    /// Null.
    pub email: Option<Cow<'a, str>>,
    /// `YYYYMMDD`, unlike `identity.DateOfBirth`.
    pub date_of_birth: Cow<'a, str>,
    /// Year.
    pub birth_year: i16,
    /// 1 to 12.
    pub birth_month: i8,
    /// 1 to 31.
    pub birth_day_of_month: i8,
    /// Whole years.
    pub age: i16,
    /// Twelve digits.
    pub personal_number: Cow<'a, str>,
    /// `DP05` in the sample.
    #[serde(rename = "_DataSource")]
    pub data_source: Cow<'a, str>,
}

/// `PEP_Check` in a result. Inferred throughout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PepResult<'a> {
    /// As asked.
    pub environment: Option<Cow<'a, str>>,
    /// As asked.
    pub data_source: Option<Cow<'a, str>>,
    /// Nobody here is politically exposed.
    pub matches: Vec<Cow<'a, str>>,
}

/// The document inside `BANKIdNO_OIDC`. Seen in client code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcTokens<'a> {
    /// Opaque here.
    pub access_token: Cow<'a, str>,
    /// Seconds.
    pub expires_in: u32,
    /// Seconds.
    pub refresh_expires_in: u32,
    /// Opaque here.
    pub refresh_token: Cow<'a, str>,
    /// `bearer`.
    pub token_type: Cow<'a, str>,
    /// A JWS with RS256.
    pub id_token: Cow<'a, str>,
    /// 0.
    #[serde(rename = "not-before-policy")]
    pub not_before_policy: u32,
    /// A GUID.
    pub session_state: Cow<'a, str>,
    /// What was granted.
    pub scope: Cow<'a, str>,
}

/// One of the account's settings. Inferred: the routes are documented, the bodies are not known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSetting<'a> {
    /// Its documented name.
    pub name: Cow<'a, str>,
    /// Its value; null when it is not set.
    pub value: Option<Cow<'a, str>>,
    /// Always empty here.
    pub errors: Vec<ErrorEntry<'a>>,
}
