//! What is published: discovery and the key set, rendered once per space and kept until something changes.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use serde_json::{Value, json};

use super::keys::SpaceKeys;
use super::place::Place;
use super::settings::Settings;
use super::switches::{CallbackIssuer, Discovery, MessageEncryption};
use crate::crypto::keys::Jwk;
use crate::script::KeySetTampering;
use crate::simulation::Space;

/// The documents of all spaces.
#[derive(Debug, Default)]
pub(super) struct Published {
    discovery: PerSpace<(Place, Arc<Settings>)>,
    key_set: PerSpace<Vec<(usize, bool)>>,
}

/// By the space's name: what the document was made of, and its bytes.
type PerSpace<Of> = RwLock<HashMap<Arc<str>, (Of, Bytes)>>;

impl Published {
    /// The discovery document.
    pub(super) fn discovery(&self, space: &Space, place: &Place, settings: &Arc<Settings>) -> Bytes {
        let known = self.discovery.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(((at, by), bytes)) = known.get(&space.name)
            && at == place
            && Arc::ptr_eq(by, settings)
        {
            return bytes.clone();
        }
        drop(known);
        let bytes = Bytes::from(discovery(place, settings).to_string());
        let entry = ((place.clone(), settings.clone()), bytes.clone());
        keep(&self.discovery, space, entry);
        bytes
    }

    /// The key set, wrong where a script wants it.
    pub(super) fn key_set(&self, space: &Space, keys: &SpaceKeys, how: Option<KeySetTampering>) -> Bytes {
        match how {
            None => {}
            Some(KeySetTampering::Empty) => return rendered(&[]),
            Some(KeySetTampering::ForeignKey) => return rendered(&keys.foreign_key_set()),
            Some(KeySetTampering::Malformed) => return Bytes::from_static(br#"{"keys":{"kty":"RSA"}}"#),
            Some(KeySetTampering::Rotated) => return rendered(&keys.key_set_before()),
        }
        let version = keys.version();
        let known = self.key_set.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, bytes)) = known.get(&space.name)
            && *of == version
        {
            return bytes.clone();
        }
        drop(known);
        let bytes = rendered(&keys.key_set());
        keep(&self.key_set, space, (version, bytes.clone()));
        bytes
    }
}

/// Puts an entry in. Spaces come and go: past a bound everything is rendered anew.
pub(super) fn keep<T>(map: &RwLock<HashMap<Arc<str>, T>>, space: &Space, entry: T) {
    let mut map = map.write().unwrap_or_else(PoisonError::into_inner);
    if map.len() >= MOST_SPACES {
        map.clear();
    }
    map.insert(space.name.clone(), entry);
}

/// Twice as many as may be at a time.
const MOST_SPACES: usize = 2_000;

fn rendered(keys: &[Jwk]) -> Bytes {
    Bytes::from(json!({ "keys": keys }).to_string())
}

/// Members in the order of the recorded document. Recorded: everything that stands in both; the honest one names what is answered here.
fn discovery(place: &Place, settings: &Settings) -> Value {
    let recorded = settings.discovery == Discovery::Recorded;
    let either = |as_recorded: &[&str], honest: &[&str]| json!(if recorded { as_recorded } else { honest });
    let contents: &[&str] = match settings.message_encryption {
        MessageEncryption::Lenient => &["A128CBC-HS256", "A256CBC-HS512", "A128GCM", "A256GCM"],
        MessageEncryption::Documented | MessageEncryption::Strict => &["A256CBC-HS512"],
    };
    let response_algorithms = either(&["RSA1_5", "RSA-OAEP", "dir", "A128KW", "A256KW", "ECDH-ES"], &["RSA-OAEP"]);
    let response_contents = either(&["A128CBC-HS256"], &["A256CBC-HS512"]);
    let mut document = json!({
        "issuer": place.issuer(),
        "authorization_endpoint": place.endpoint("authorize"),
        "token_endpoint": place.endpoint("token"),
        "userinfo_endpoint": place.endpoint("userinfo"),
        "jwks_uri": place.endpoint("jwks.json"),
        "scopes_supported": either(
            &["openid", "profile", "email", "address", "phone", "offline_access"],
            &["openid", "profile", "email", "address", "phone", "offline_access", SIGN, NATIONAL_ID],
        ),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported":
            either(&["authorization_code", "refresh_token", "client_credentials"], &["authorization_code", "refresh_token"]),
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "id_token_encryption_alg_values_supported": response_algorithms,
        "id_token_encryption_enc_values_supported": response_contents,
        "userinfo_signing_alg_values_supported": ["RS256"],
        "userinfo_encryption_alg_values_supported": response_algorithms,
        "userinfo_encryption_enc_values_supported": response_contents,
        "request_object_signing_alg_values_supported": ["RS256"],
        "request_object_encryption_alg_values_supported": ["RSA-OAEP"],
        "request_object_encryption_enc_values_supported":
            either(&["A128CBC-HS256", "A256CBC-HS512", "A128GCM", "A256GCM"], contents),
        "token_endpoint_auth_methods_supported": either(
            &["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt"],
            &["client_secret_basic", "client_secret_post", "private_key_jwt"],
        ),
        "claim_types_supported": either(&["normal", "aggregated"], &["normal"]),
        "claims_supported": either(RECORDED_CLAIMS, CLAIMS),
        "claims_parameter_supported": recorded,
        "request_parameter_supported": true,
        "request_uri_parameter_supported": false,
        "require_request_uri_registration": true,
    });
    let more = if recorded {
        json!({
            "check_session_iframe": place.endpoint("session/check"),
            "end_session_endpoint": place.endpoint("session/end"),
            "backchannel_logout_supported": true,
            "backchannel_logout_session_supported": false,
        })
    } else {
        json!({
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256", "plain"],
            "acr_values_supported": super::order::Method::ALL.map(super::order::Method::acr),
        })
    };
    if let (Value::Object(document), Value::Object(more)) = (&mut document, more) {
        document.extend(more);
    }
    if let (Value::Object(document), CallbackIssuer::Present) = (&mut document, settings.callback_issuer) {
        document.insert("authorization_response_iss_parameter_supported".to_owned(), true.into());
    }
    document
}

/// The scope that signs.
pub(super) const SIGN: &str = "signicat.sign";
/// The scope of the national number.
pub(super) const NATIONAL_ID: &str = "signicat.national_id";

const CLAIMS: &[&str] = &[
    "sub",
    "name",
    "given_name",
    "family_name",
    "birthdate",
    "locale",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
    "address",
    "subject.nameid.namequalifier",
    NATIONAL_ID,
];
const RECORDED_CLAIMS: &[&str] = &[
    "sub",
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
    "address",
    "address.formatted",
];
