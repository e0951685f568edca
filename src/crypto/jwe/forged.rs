//! Compact encryptions that are wrong on purpose, each in exactly one thing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jwe::alg::rsaes::RsaesJweAlgorithm;

use super::{Content, JweError, PublicKey, Recipient, encrypt};

/// What can be wrong with an encryption whatever it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// `RSA1_5` instead of `RSA-OAEP`, in the header and in truth.
    AlgorithmRsa15,
    /// One bit of the ciphertext.
    CiphertextAltered,
    /// An unknown critical extension (RFC 7516 section 4.1.13).
    CritUnknown,
    /// One bit of the encrypted key.
    EncryptedKeyAltered,
    /// One bit of the initialisation vector.
    IvAltered,
    /// Another `typ` than the one that the tag covers: JWT, which stands in samples, too.
    ProtectedHeaderAltered,
    /// One bit of the authentication tag.
    TagAltered,
}

/// Encrypts as [`encrypt`] does, and wrong in this one thing.
///
/// # Errors
/// As [`encrypt`].
pub fn forge(
    to: &PublicKey,
    content: Content,
    members: &[(&str, &str)],
    plaintext: &[u8],
    flaw: Flaw,
) -> Result<String, JweError> {
    let part = match flaw {
        Flaw::AlgorithmRsa15 => return Recipient::by(OUTDATED, to)?.encrypt(content, members, plaintext),
        Flaw::CritUnknown => return critical(&Recipient::new(to)?, content, members, plaintext),
        Flaw::ProtectedHeaderAltered => 0,
        Flaw::EncryptedKeyAltered => 1,
        Flaw::IvAltered => 2,
        Flaw::CiphertextAltered => 3,
        Flaw::TagAltered => 4,
    };
    let token = encrypt(to, content, members, plaintext)?;
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let altered = parts.get(part).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    let mut bytes = altered.ok_or(JweError::Shape)?;
    if part == 0 {
        let header = String::from_utf8(bytes).map_err(|_| JweError::Shape)?;
        let other = header.replacen(r#""typ":"JWE""#, r#""typ":"JWT""#, 1);
        let changed = if other == header { header.replacen('{', r#"{"typ":"JWT","#, 1) } else { other };
        bytes = changed.into_bytes();
    } else if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    parts[part] = URL_SAFE_NO_PAD.encode(bytes);
    Ok(parts.join("."))
}

fn critical(to: &Recipient, content: Content, members: &[(&str, &str)], plaintext: &[u8]) -> Result<String, JweError> {
    let mut header = to.header(content, members)?;
    header.set_critical(&vec![UNKNOWN]);
    header.set_claim(UNKNOWN, Some(true.into())).map_err(|_| JweError::Shape)?;
    to.seal(&header, plaintext)
}

/// An extension that nobody knows.
pub(super) const UNKNOWN: &str = "urn:motpart:unknown";

#[expect(deprecated, reason = "that nobody should use it is what it is here for")]
const OUTDATED: RsaesJweAlgorithm = RsaesJweAlgorithm::Rsa1_5;
