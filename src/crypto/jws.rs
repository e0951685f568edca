//! Compact JSON Web Signatures with RS256 (RFC 7515), over bytes that nobody re-orders.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jws::alg::rsassa::RsassaJwsVerifier;
use josekit::jws::{JwsVerifier as _, RS256};
use openssl::bn::BigNum;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use thiserror::Error;

use super::keys::{PublicKey, SigningKey};

/// Signs the payload as it is; the header's members come out in the order given.
///
/// The caller writes every member, `alg` too, because providers differ in order: Freja's header is exactly `{"x5t":…,"alg":"RS256"}`.
///
/// ```
/// use motpart::crypto::{jws, keys::Pool};
///
/// let key = Pool::pick(b"seed", "id-token");
/// let token = jws::sign(key, &[("alg", "RS256"), ("kid", "k1"), ("typ", "JWT")], br#"{"sub":"x"}"#);
/// assert_eq!(jws::verify(key.public(), &token)?.payload, br#"{"sub":"x"}"#);
/// # Ok::<(), jws::JwsError>(())
/// ```
#[must_use]
pub fn sign(key: &SigningKey, header: &[(&str, &str)], payload: &[u8]) -> String {
    let mut token = signing_input(header, payload);
    let signature = key.sign(token.as_bytes());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    token
}

/// What the signature covers: `base64url(header).base64url(payload)`.
#[must_use]
pub fn signing_input(header: &[(&str, &str)], payload: &[u8]) -> String {
    let mut json = String::from("{");
    for (index, (name, value)) in header.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        json.push_str(&format!("{comma}{}:{}", quoted(name), quoted(value)));
    }
    json.push('}');
    let mut input = URL_SAFE_NO_PAD.encode(json);
    input.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut input);
    input
}

/// A token whose signature is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The header as the signer wrote it, JSON.
    pub header: Vec<u8>,
    /// The payload as the signer wrote it.
    pub payload: Vec<u8>,
}

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum JwsError {
    /// The header names another algorithm; `none` and the HMACs are attacks here.
    #[error("the algorithm in the header is not RS256")]
    Algorithm,
    /// The key's numbers are no RSA key.
    #[error("the public key is not an RSA key: n and e are base64url without padding")]
    Key,
    /// Three base64url parts with a JSON object first were expected.
    #[error("not a compact signature: expected three base64url parts, the first a JSON object")]
    Shape,
    /// The signature was made by another key or over other bytes.
    #[error("the signature does not fit this key and these bytes")]
    Signature,
}

/// Checks an RS256 token against one key.
///
/// # Errors
/// One variant of [`JwsError`] for each way to be wrong; nothing of the token is repeated in them.
pub fn verify(key: &PublicKey, token: &str) -> Result<Verified, JwsError> {
    Verifier::new(key)?.verify(token)
}

/// Who verifies: a public key that is read once, for whoever verifies with it often.
#[derive(Clone, Debug)]
pub struct Verifier(RsassaJwsVerifier);

impl Verifier {
    /// Reads the key.
    ///
    /// # Errors
    /// [`JwsError::Key`] for a key that is none.
    pub fn new(key: &PublicKey) -> Result<Self, JwsError> {
        RS256.verifier_from_der(spki(key)?).map(Self).map_err(|_| JwsError::Key)
    }

    /// Checks a token as [`verify`] does.
    ///
    /// # Errors
    /// As [`verify`].
    pub fn verify(&self, token: &str) -> Result<Verified, JwsError> {
        let (input, signature) = token.rsplit_once('.').ok_or(JwsError::Shape)?;
        let (header, payload) = input.split_once('.').ok_or(JwsError::Shape)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsError::Shape);
        let (header, payload, signature) = (decode(header)?, decode(payload)?, decode(signature)?);

        let Named { alg } = serde_json::from_slice(&header).map_err(|_| JwsError::Shape)?;
        if alg != "RS256" {
            return Err(JwsError::Algorithm);
        }
        self.check(input.as_bytes(), &signature)?;
        Ok(Verified { header, payload })
    }

    fn check(&self, bytes: &[u8], signature: &[u8]) -> Result<(), JwsError> {
        self.0.verify(bytes, signature).map_err(|_| JwsError::Signature)
    }
}

/// The RS256 signature of these bytes, whatever they are: for parts that no honest signer writes.
#[must_use]
pub fn signature(key: &SigningKey, bytes: &[u8]) -> Vec<u8> {
    key.sign(bytes)
}

/// Checks an RS256 signature over these bytes, whatever they are.
///
/// # Errors
/// [`JwsError::Key`] or [`JwsError::Signature`].
pub fn check(key: &PublicKey, bytes: &[u8], signature: &[u8]) -> Result<(), JwsError> {
    Verifier::new(key)?.check(bytes, signature)
}

#[derive(serde::Deserialize)]
struct Named {
    alg: String,
}

/// The key in the form that the libraries read.
pub(super) fn spki(key: &PublicKey) -> Result<Vec<u8>, JwsError> {
    let number = |text: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| JwsError::Key)?;
        BigNum::from_slice(&bytes).map_err(|_| JwsError::Key)
    };
    let rsa = Rsa::from_public_components(number(&key.n)?, number(&key.e)?).map_err(|_| JwsError::Key)?;
    PKey::from_rsa(rsa).and_then(|public| public.public_key_to_der()).map_err(|_| JwsError::Key)
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string is always valid JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::keys::Pool;

    const PAYLOAD: &[u8] = br#"{"z":1,"a":"\u00f6","z":2}"#;

    #[test]
    fn header_order_and_payload_bytes_are_kept() {
        let key = Pool::at(0);
        let header = [("x5t", "abc"), ("alg", "RS256"), ("kid", "a\"b")];
        let verified = verify(key.public(), &sign(key, &header, PAYLOAD)).unwrap();
        assert_eq!(verified.header, br#"{"x5t":"abc","alg":"RS256","kid":"a\"b"}"#);
        assert_eq!(verified.payload, PAYLOAD);
    }

    #[test]
    fn signing_is_deterministic() {
        let key = Pool::at(1);
        let token = || sign(key, &[("alg", "RS256")], PAYLOAD);
        assert_eq!(token(), token());
        assert_eq!(token().rsplit_once('.').unwrap().1.len(), 342);
    }

    #[test]
    fn josekit_itself_accepts_the_token() {
        let key = Pool::at(2);
        let token = sign(key, &[("alg", "RS256"), ("typ", "JWT")], PAYLOAD);
        let verifier = RS256.verifier_from_der(spki(key.public()).unwrap()).unwrap();
        let (payload, header) = josekit::jws::deserialize_compact(token.as_str(), &verifier).unwrap();
        assert_eq!(payload, PAYLOAD);
        assert_eq!(header.token_type(), Some("JWT"));
    }

    #[test]
    fn each_way_to_be_wrong_is_refused_for_its_reason() {
        let key = Pool::at(3);
        let token = sign(key, &[("alg", "RS256")], PAYLOAD);
        let (input, signature) = token.rsplit_once('.').unwrap();
        let other_payload = signing_input(&[("alg", "RS256")], b"{}");
        let none = signing_input(&[("alg", "none")], PAYLOAD);

        let refused = |token: &str| verify(key.public(), token).unwrap_err();
        assert_eq!(verify(Pool::at(4).public(), &token), Err(JwsError::Signature));
        assert_eq!(refused(&format!("{other_payload}.{signature}")), JwsError::Signature);
        assert_eq!(refused(&format!("{input}.")), JwsError::Signature);
        assert_eq!(refused(&format!("{none}.")), JwsError::Algorithm);
        assert_eq!(refused(&format!("{input}.{signature}=")), JwsError::Shape);
        for shapeless in ["", ".", "..", "a.b", "e30.e30.e30", &format!("{token}.e30")] {
            assert_eq!(refused(shapeless), JwsError::Shape, "{shapeless}");
        }
        let no_key = PublicKey { n: "!".to_owned(), e: "AQAB".to_owned() };
        assert_eq!(verify(&no_key, &token), Err(JwsError::Key));
    }
}
