//! The switches and the configuration of a space. A switch exists only where evidence shows two behaviours, or the documents are silent.

use serde::{Deserialize, Serialize};

use super::client::Written;
use super::switches::{
    Amr, AtHash, CallbackIssuer, CompleteAgain, CompleteWithAccept, CookieRotation, Discovery, HeadlessErrorStatus,
    InvalidClientStatus, MessageEncryption, NationalIdScope, OuterParameters, PersonSlot, Replay, RequestObject,
    ResponseTypeMissing, SbidError, SdoContentType, SessionCookie, SubjectCheck, WithoutAccept,
};
use crate::crypto::keys::Jwk;

/// Each member says what it is about, and where that comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where browsers may be sent, exactly. While there is none, any address on loopback or under a name that is reserved for tests.
    pub redirect_uris: Vec<String>,
    /// The key to encrypt `id_token` and claims to; plain without one. Documented for clients of the Finnish trust network.
    pub response_key: Option<Jwk>,
    /// The keys that the relying party signs request objects and client assertions with.
    pub signature_keys: Vec<Jwk>,
    /// Further relying parties of the space.
    pub clients: Vec<Written>,
    /// What discovery says. The document of the real service was recorded; it names things that are not answered here, and leaves out PKCE.
    pub discovery: Discovery,
    /// How strictly the header of an encrypted request is read. Documented: `RSA-OAEP`, `A256CBC-HS512`, `typ` JWE. Official samples leave `typ` out or
    /// say JWT, and one uses `A128CBC-HS256` (seen in client code).
    pub message_encryption: MessageEncryption,
    /// Whether `client_id` and `response_type` stand beside the request object. OpenID Connect demands it (section 6.1), official samples leave them out.
    pub outer_parameters: OuterParameters,
    /// What becomes of a request without `response_type`: the documents' Norwegian example has none.
    pub response_type_missing: ResponseTypeMissing,
    /// Whether a method that does not sign may be asked for in plain parameters. Samples do; the newer platform has a switch for it (documented).
    pub request_object: RequestObject,
    /// Whether a request object may come twice. Documented of the newer platform: `jti` makes it one-time.
    pub request_object_replay: Replay,
    /// What a request without `Accept: application/json` gets. The header is documented as a must for headless methods; a browser sends another.
    pub without_accept: WithoutAccept,
    /// The HTTP status of an error in JSON at `/authorize`. Undocumented; clients look at `error` alone.
    pub headless_error_status: HeadlessErrorStatus,
    /// Whether polls and completion need the session's cookie. Documented: "must be used in consecutive requests"; that the server looks is inferred.
    pub session_cookie: SessionCookie,
    /// Whether a poll changes the cookie. Samples copy the first answer's cookies only; a jar follows. Inferred.
    pub cookie_rotation: CookieRotation,
    /// Whether the way back names the issuer (`iss`, RFC 9207); then discovery says `authorization_response_iss_parameter_supported`. The
    /// recorded way back has none and the recorded discovery says nothing of it; that a broker may come to do so is inferred.
    pub callback_issuer: CallbackIssuer,
    /// What the address that completes answers the second time. Undocumented.
    pub complete_again: CompleteAgain,
    /// What it answers to `Accept: application/json`. The documents warn of the header; what happens then, they do not say.
    pub complete_with_accept: CompleteWithAccept,
    /// The shape of an error of Swedish BankID. Both are seen in client code.
    pub sbid_error: SbidError,
    /// What becomes of `signicat.national_id`. Whether a client may ask for it is a matter of its configuration.
    pub national_id_scope: NationalIdScope,
    /// The type of `amr`: a text was recorded, OpenID Connect wants an array.
    pub amr: Amr,
    /// Whether an `id_token` has `at_hash`. The recorded ones have none; in the code flow it is optional.
    pub at_hash: AtHash,
    /// Whether the check digit of `subject-` is judged. Numbers in documents fail theirs.
    pub subject_check: SubjectCheck,
    /// The content type of the signed data object. Undocumented; both are seen.
    pub sdo_content_type: SdoContentType,
    /// The HTTP status of `invalid_client`: RFC 6749 says 401, the provider's own table 400.
    pub invalid_client_status: InvalidClientStatus,
    /// Whether a second order for the same number ends both, with `ALREADY_IN_PROGRESS` (seen in client code).
    pub person_slot: PersonSlot,
    /// Milliseconds that have to lie between two polls; a poll that comes earlier gets 429. Undocumented: none unless set.
    pub poll_interval_ms: u32,
    /// Redirects from the address that completes to the relying party, the last one included: 1 to 5. Undocumented, "a series"; samples follow them all.
    pub complete_redirects: u8,
    /// Seconds that the person has. Undocumented; three minutes are BankID's own.
    pub order_seconds: u32,
    /// Seconds that a code is good. Undocumented.
    pub code_seconds: u32,
    /// Seconds that an access token is good. "Relatively short" is documented; 1800 was recorded, 600 is the newer platform's.
    pub access_token_seconds: u32,
    /// Seconds that an `id_token` is good, as recorded.
    pub id_token_seconds: u32,
    /// Characters that a text to sign may have. Undocumented.
    pub sign_text_most: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            redirect_uris: Vec::new(),
            response_key: None,
            signature_keys: Vec::new(),
            clients: Vec::new(),
            discovery: Discovery::default(),
            message_encryption: MessageEncryption::default(),
            outer_parameters: OuterParameters::default(),
            response_type_missing: ResponseTypeMissing::default(),
            request_object: RequestObject::default(),
            request_object_replay: Replay::default(),
            without_accept: WithoutAccept::default(),
            headless_error_status: HeadlessErrorStatus::default(),
            session_cookie: SessionCookie::default(),
            cookie_rotation: CookieRotation::default(),
            callback_issuer: CallbackIssuer::default(),
            complete_again: CompleteAgain::default(),
            complete_with_accept: CompleteWithAccept::default(),
            sbid_error: SbidError::default(),
            national_id_scope: NationalIdScope::default(),
            amr: Amr::default(),
            at_hash: AtHash::default(),
            subject_check: SubjectCheck::default(),
            sdo_content_type: SdoContentType::default(),
            invalid_client_status: InvalidClientStatus::default(),
            person_slot: PersonSlot::default(),
            poll_interval_ms: 0,
            complete_redirects: 2,
            order_seconds: 180,
            code_seconds: 60,
            access_token_seconds: 600,
            id_token_seconds: 3600,
            sign_text_most: 40_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_read_by_name_and_unknown_ones_are_refused() {
        let settings: Settings =
            serde_json::from_str(r#"{"discovery":"recorded","invalid_client_status":"400","amr":"array"}"#).unwrap();
        assert_eq!(settings.discovery, Discovery::Recorded);
        assert_eq!(settings.invalid_client_status, InvalidClientStatus::BadRequest);
        let refused = serde_json::from_str::<Settings>(r#"{"ammr":"array"}"#).unwrap_err().to_string();
        assert!(refused.contains("amr"), "{refused}");
    }

    #[test]
    fn every_switch_survives_its_own_form() {
        let json = serde_json::to_value(Settings::default()).unwrap();
        assert_eq!(serde_json::from_value::<Settings>(json).unwrap(), Settings::default());
    }
}
