//! How tokens and claims are sealed: signed, and encrypted to the client where it has a key for that.

use super::client::Client;
use super::keys::SpaceKeys;
use crate::crypto::jwe::{Content, Flaw, encrypt, forge};
use crate::script::{JweTampering, JwsTampering};

/// What is wrong on purpose with a seal; nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wrong {
    /// With the signature.
    pub(super) signature: Option<JwsTampering>,
    /// With the encryption around it.
    pub(super) encryption: Option<JweTampering>,
    /// There is no signature at all.
    pub(super) is_plain: bool,
}

/// Signed, and encrypted to the client where it has a key for that: a nested token, the signature inside.
pub(super) fn sealed(keys: &SpaceKeys, client: &Client<'_>, payload: &[u8], wrong: Wrong) -> String {
    let kid = client.response_key.and_then(|jwk| jwk.kid.as_deref());
    let key = match (client.response_key, wrong.encryption) {
        (Some(jwk), Some(_) | None) => Some(&jwk.key),
        // Who has no key is sent what is broken all the same: encrypted to nobody, so that it can be read by nobody.
        (None, Some(_)) => Some(keys.nobodys(None)),
        (None, None) => None,
    };
    let inner = match (wrong.is_plain, key) {
        (false, _) => keys.sign(payload, wrong.signature),
        (true, Some(_)) => String::from_utf8_lossy(payload).into_owned(),
        // Unencrypted claims without a signature have one form only (RFC 7519 section 6).
        (true, None) => keys.sign(payload, Some(JwsTampering::AlgorithmNone)),
    };
    let Some(key) = key else { return inner };
    let mut members = vec![("typ", "JWE")];
    if !wrong.is_plain {
        members.push(("cty", "JWT"));
    }
    members.extend(kid.map(|kid| ("kid", kid)));
    let inner = inner.as_bytes();
    let encrypted = match wrong.encryption {
        None => encrypt(key, CONTENT, &members, inner),
        Some(JweTampering::EncryptedToAnother) => encrypt(keys.nobodys(Some(key)), CONTENT, &members, inner),
        Some(JweTampering::AlgorithmRsa15) => forge(key, CONTENT, &members, inner, Flaw::AlgorithmRsa15),
        Some(JweTampering::CiphertextAltered) => forge(key, CONTENT, &members, inner, Flaw::CiphertextAltered),
        Some(JweTampering::EncryptedKeyAltered) => forge(key, CONTENT, &members, inner, Flaw::EncryptedKeyAltered),
        Some(JweTampering::EncryptionCritUnknown) => forge(key, CONTENT, &members, inner, Flaw::CritUnknown),
        Some(JweTampering::IvAltered) => forge(key, CONTENT, &members, inner, Flaw::IvAltered),
        Some(JweTampering::ProtectedHeaderAltered) => {
            forge(key, CONTENT, &members, inner, Flaw::ProtectedHeaderAltered)
        }
        Some(JweTampering::TagAltered) => forge(key, CONTENT, &members, inner, Flaw::TagAltered),
    };
    // A key that cannot be encrypted to was refused when it was registered; should one come through, nothing is sent in clear.
    encrypted.unwrap_or_default()
}

/// As Signicat documents it for request objects.
const CONTENT: Content = Content::A256CbcHs512;
