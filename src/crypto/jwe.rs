//! Compact JSON Web Encryption with RSA-OAEP (RFC 7516, RFC 7518 section 4.3): whoever reads decides what is allowed, and learns nothing
//! from what cannot be read.
//!
//! ```text
//! base64url(header) . base64url(encrypted key) . base64url(iv) . base64url(ciphertext) . base64url(tag)
//! ```

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jwe::alg::rsaes::{RsaesJweAlgorithm, RsaesJweEncrypter};
use josekit::jwe::{JweEncrypter as _, JweHeader, RSA_OAEP, serialize_compact};
use openssl::rand::rand_bytes;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use thiserror::Error;

use super::jws::spki;
use super::keys::PublicKey;
use super::private_key::PrivateKey;

mod content;
mod forged;

pub use content::Content;
pub use forged::{Flaw, forge};

/// What a token says of itself before anything is decrypted: what a reader's own rules look at.
///
/// Nothing of it is trustworthy before [`decrypt`] has succeeded, which authenticates it together with the content.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Header {
    /// How the content's key is encrypted. [`decrypt`] knows `RSA-OAEP`.
    pub alg: String,
    /// How the content is encrypted, such as `A256CBC-HS512`.
    pub enc: String,
    /// The kind of token: `JWE` or `JWT`, where the sender says so.
    #[serde(default)]
    pub typ: Option<String>,
    /// The kind of content: `JWT` announces a nested token.
    #[serde(default)]
    pub cty: Option<String>,
    /// Which of the reader's keys was encrypted to.
    #[serde(default)]
    pub kid: Option<String>,
    /// Extensions that a reader must understand, of which none is understood here.
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    /// Compression, which is not understood here either: a few bytes could become gigabytes.
    #[serde(default, deserialize_with = "present")]
    zip: bool,
}

/// Why a token cannot be read, or not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum JweError {
    /// The key is encrypted by another algorithm.
    #[error("the algorithm in the header is not RSA-OAEP")]
    Algorithm,
    /// The content is encrypted in a way that the reader does not allow.
    #[error("the content encryption in the header is not one that is allowed here")]
    Content,
    /// The header has `crit` or `zip`.
    #[error("the header has `crit` or `zip`: no extension and no compression is understood")]
    Extension,
    /// The numbers of the public key are no RSA key of 2048 bits or more.
    #[error("the public key is not an RSA key of 2048 bits or more: n and e are base64url without padding")]
    Key,
    /// Five base64url parts with a JSON object first were expected.
    #[error("not a compact JWE: expected five base64url parts, the first a JSON object with `alg` and `enc`")]
    Shape,
    /// Another key, or something was changed. Which of the two it is, nobody is told.
    #[error("the token does not decrypt with this key")]
    Undecryptable,
}

/// Reads the header of a compact token, and decrypts nothing.
///
/// # Errors
/// [`JweError::Shape`] for what is no such token, also where a member stands twice; [`JweError::Extension`] for `crit` and `zip`.
pub fn header(token: &str) -> Result<Header, JweError> {
    parse(token).map(|parts| parts.header)
}

/// Decrypts a token that was encrypted to this key with RSA-OAEP and one of these content encryptions.
///
/// ```
/// use motpart::crypto::{jwe, keys::Pool};
///
/// let key = Pool::pick(b"seed", "request objects");
/// let token = jwe::encrypt(key.public(), jwe::Content::A256CbcHs512, &[("typ", "JWE"), ("kid", "k1")], b"{}")?;
/// assert_eq!(jwe::header(&token)?.kid.as_deref(), Some("k1"));
/// assert_eq!(jwe::decrypt(key, &token, &[jwe::Content::A256CbcHs512])?, b"{}");
/// # Ok::<(), jwe::JweError>(())
/// ```
///
/// # Errors
/// [`JweError::Algorithm`] and [`JweError::Content`] for what the header says, which the sender knows anyway;
/// [`JweError::Undecryptable`] for everything that depends on the key, after the same work (RFC 7516 section 11.5): where the content's key
/// cannot be had, the tag is compared under a random one.
pub fn decrypt(key: &impl AsRef<PrivateKey>, token: &str, allowed: &[Content]) -> Result<Vec<u8>, JweError> {
    let parts = parse(token)?;
    if parts.header.alg != ALGORITHM {
        return Err(JweError::Algorithm);
    }
    let named = allowed.iter().find(|content| content.name() == parts.header.enc);
    let content = *named.ok_or(JweError::Content)?;

    let mut random = vec![0; content.key_length()];
    rand_bytes(&mut random).map_err(|_| JweError::Undecryptable)?;
    let content_key =
        key.as_ref().unwrap_key(&parts.encrypted_key).filter(|key| key.len() == random.len()).unwrap_or(random);
    let sealed = content::Sealed {
        protected: parts.protected.as_bytes(),
        iv: &parts.iv,
        ciphertext: &parts.ciphertext,
        tag: &parts.tag,
    };
    content.open(&content_key, &sealed).ok_or(JweError::Undecryptable)
}

/// Encrypts to a public key with RSA-OAEP. The header is `alg`, `enc`, then these members in the order given.
///
/// # Errors
/// [`JweError::Key`] for a key that is none, or that is too short.
pub fn encrypt(
    to: &PublicKey,
    content: Content,
    members: &[(&str, &str)],
    plaintext: &[u8],
) -> Result<String, JweError> {
    Recipient::new(to)?.encrypt(content, members, plaintext)
}

/// Who is encrypted to: a public key that is read once, for whoever encrypts to it often.
#[derive(Clone, Debug)]
pub struct Recipient(RsaesJweEncrypter);

impl Recipient {
    /// Reads the key.
    ///
    /// # Errors
    /// [`JweError::Key`] for a key that is none, or that is too short.
    pub fn new(key: &PublicKey) -> Result<Self, JweError> {
        Self::by(RSA_OAEP, key)
    }

    fn by(algorithm: RsaesJweAlgorithm, key: &PublicKey) -> Result<Self, JweError> {
        let der = spki(key).map_err(|_| JweError::Key)?;
        algorithm.encrypter_from_der(der).map(Self).map_err(|_| JweError::Key)
    }

    /// Encrypts as [`encrypt`] does.
    ///
    /// # Errors
    /// [`JweError::Shape`] for members that no header can have.
    pub fn encrypt(&self, content: Content, members: &[(&str, &str)], plaintext: &[u8]) -> Result<String, JweError> {
        self.seal(&self.header(content, members)?, plaintext)
    }

    fn header(&self, content: Content, members: &[(&str, &str)]) -> Result<JweHeader, JweError> {
        let mut header = JweHeader::new();
        // First, so that they stand first; the value is what the encrypter writes anyway.
        header.set_algorithm(self.0.algorithm().name());
        header.set_content_encryption(content.name());
        for (name, value) in members {
            header.set_claim(name, Some((*value).into())).map_err(|_| JweError::Shape)?;
        }
        Ok(header)
    }

    fn seal(&self, header: &JweHeader, plaintext: &[u8]) -> Result<String, JweError> {
        serialize_compact(plaintext, header, &self.0).map_err(|_| JweError::Key)
    }
}

/// Decrypts whether the tag fits or not: what no reader may do, and what it comes to (RFC 7518 section 5.2.2.2). Content that is chained
/// only; Galois/Counter mode gives nothing out that does not fit.
#[must_use]
pub fn decrypt_unauthenticated(key: &impl AsRef<PrivateKey>, token: &str) -> Option<Vec<u8>> {
    let parts = parse(token).ok()?;
    let content = Content::named(&parts.header.enc)?;
    let content_key = key.as_ref().unwrap_key(&parts.encrypted_key)?;
    content.open_unauthenticated(&content_key, &parts.iv, &parts.ciphertext)
}

/// The one key encryption here; SHA-1 within it is the standard's (RFC 7518 section 4.3), and not the one that collides.
pub const ALGORITHM: &str = "RSA-OAEP";

/// A token in its parts; only the header is understood.
struct Parts<'a> {
    header: Header,
    /// The header as it was sent: what the tag covers.
    protected: &'a str,
    encrypted_key: Vec<u8>,
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
    tag: Vec<u8>,
}

fn parse(token: &str) -> Result<Parts<'_>, JweError> {
    let mut parts = token.split('.');
    let mut part = || parts.next().ok_or(JweError::Shape);
    let (protected, others) = (part()?, [part()?, part()?, part()?, part()?]);
    if parts.next().is_some() {
        return Err(JweError::Shape);
    }
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| JweError::Shape);
    let header: Header = serde_json::from_slice(&decode(protected)?).map_err(|_| JweError::Shape)?;
    if header.crit || header.zip {
        return Err(JweError::Extension);
    }
    let [encrypted_key, iv, ciphertext, tag] = others;
    Ok(Parts {
        header,
        protected,
        encrypted_key: decode(encrypted_key)?,
        iv: decode(iv)?,
        ciphertext: decode(ciphertext)?,
        tag: decode(tag)?,
    })
}

/// A member that stands there, whatever its value.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(value).map(|_| true)
}

#[cfg(test)]
mod tests;
