//! The bodies of the gateway as the documents print them: names, case, order and oddities.
//!
//! Members without a value are left out when `None`; which ones are, `say.rs` decides.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The envelope of every answer that succeeded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope<T> {
    /// What is told.
    pub data: T,
}

/// The answer to a request for a session, and the nested form of a result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionData<'a> {
    /// The session's id, a GUID.
    pub id: Uuid,
    /// Where to send the browser; only of methods with a page. Seen in client code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_url: Option<Cow<'a, str>>,
    /// `created`; only of methods with a page. Seen in client code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Cow<'a, str>>,
    /// What is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome<'a>>,
}

/// A result: `data` in its flat form, `data.result` in the nested one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Outcome<'a> {
    /// Freja's reference: 64 characters of base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_ref: Option<Cow<'a, str>>,
    /// The code to scan, a PNG in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qr: Option<Cow<'a, str>>,
    /// What was asked to be returned, unsigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_attributes: Option<Attributes<'a>>,
    /// The same with more, signed by Freja: a compact JWS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_identity: Option<Cow<'a, str>>,
    /// Who authenticated with BankID. Seen in client code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity<'a>>,
    /// What went wrong. Seen in client code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<ErrorEntry<'a>>>,
    /// Freja's status in capitals; of BankID `Pending`, `Finished`, `Failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Cow<'a, str>>,
}

/// `requestedAttributes`: Freja's shapes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attributes<'a> {
    /// BASIC_USER_INFO.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basic_user_info: Option<BasicUserInfo<'a>>,
    /// EMAIL_ADDRESS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_address: Option<Cow<'a, str>>,
    /// ALL_EMAIL_ADDRESSES.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_email_addresses: Option<Vec<EmailAddress<'a>>>,
    /// ALL_PHONE_NUMBERS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_phone_numbers: Option<Vec<PhoneNumber<'a>>>,
    /// DATE_OF_BIRTH, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Cow<'a, str>>,
    /// AGE, in whole years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<i16>,
    /// PHOTO, in base64. Not in the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<Cow<'a, str>>,
    /// PHOTO in the token: the picture's hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo_file_info: Option<PhotoFileInfo>,
    /// ADDRESSES.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addresses: Option<Vec<Address<'a>>>,
    /// SSN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssn: Option<Ssn<'a>>,
    /// REGISTRATION_LEVEL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration_level: Option<Cow<'a, str>>,
    /// RELYING_PARTY_USER_ID, 64 digits of hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relying_party_user_id: Option<Cow<'a, str>>,
    /// INTEGRATOR_SPECIFIC_USER_ID, the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrator_specific_user_id: Option<Cow<'a, str>>,
    /// CUSTOM_IDENTIFIER.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_identifier: Option<Cow<'a, str>>,
}

/// `basicUserInfo`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasicUserInfo<'a> {
    /// Given names.
    pub name: Cow<'a, str>,
    /// Family name.
    pub surname: Cow<'a, str>,
}

/// One of `allEmailAddresses`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmailAddress<'a> {
    /// The address.
    pub email_address: Cow<'a, str>,
}

/// One of `allPhoneNumbers`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PhoneNumber<'a> {
    /// The number in international form.
    pub phone_number: Cow<'a, str>,
}

/// `photoFileInfo`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PhotoFileInfo {
    /// 64 digits of hexadecimal: SHA-256 by their number (inferred).
    pub file_hash: String,
}

/// One of `addresses`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Address<'a> {
    /// ISO 3166-1 alpha-2.
    pub country: Cow<'a, str>,
    /// Town.
    pub city: Cow<'a, str>,
    /// Postal code.
    pub post_code: Cow<'a, str>,
    /// Street and house number.
    pub address1: Cow<'a, str>,
    /// Empty.
    pub address2: Cow<'a, str>,
    /// Empty.
    pub address3: Cow<'a, str>,
    /// `YYYY-MM-DD`.
    pub valid_from: Cow<'a, str>,
    /// `RESIDENTIAL`.
    #[serde(rename = "type")]
    pub kind: Cow<'a, str>,
    /// `GOVERNMENT_REGISTRY`.
    pub source_type: Cow<'a, str>,
}

/// `ssn`; as a text in the payload's `userInfo` too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ssn<'a> {
    /// ISO 3166-1 alpha-2.
    pub country: Cow<'a, str>,
    /// The number, as the country writes it here.
    pub ssn: Cow<'a, str>,
}

/// `identity` of BankID. Seen in client code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identity<'a> {
    /// ISO 3166-1 alpha-2.
    pub country_code: Cow<'a, str>,
    /// Given names.
    pub first_name: Cow<'a, str>,
    /// Family name.
    pub last_name: Cow<'a, str>,
    /// Both.
    pub full_name: Cow<'a, str>,
    /// The number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal_number: Option<Cow<'a, str>>,
    /// `YYYY-MM-DD`.
    pub date_of_birth: Cow<'a, str>,
    /// Empty.
    pub gender: Cow<'a, str>,
}

/// One of `errors`. Inferred.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorEntry<'a> {
    /// Freja's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// What is wrong, for people.
    pub message: Cow<'a, str>,
}

/// The answer to a request that was refused. The guide to errors names type and message; the rest is inferred.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused<'a> {
    /// `invalid_request` or `api_error`.
    #[serde(rename = "type")]
    pub kind: Cow<'a, str>,
    /// Freja's code, where Freja was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// What is wrong, for people.
    pub message: Cow<'a, str>,
}

/// The body of a webhook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook<'a> {
    /// The result in its flat form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Outcome<'a>>,
    /// `session_created`, `session_updated`.
    pub event: Cow<'a, str>,
    /// The session's id.
    pub id: Uuid,
    /// `freja_eid`.
    pub integration_id: Cow<'a, str>,
    /// As the relying party sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay_state: Option<Cow<'a, str>>,
    /// The result in its nested form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome<'a>>,
}
