//! Keys that others encrypt to, as a relying party is told its own.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa};
use thiserror::Error;

/// The private half of an RSA key that others encrypt to.
pub struct PrivateKey(Rsa<Private>);

/// The text is no private RSA key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected a private RSA key of 2048 bits or more, as PEM or as what stands between its lines")]
pub struct NoPrivateKey;

impl PrivateKey {
    pub(super) fn of(key: Rsa<Private>) -> Self {
        Self(key)
    }

    /// Reads a PEM text, or the base64 in it (PKCS #8 or PKCS #1).
    ///
    /// # Errors
    /// When it is none, or a short one.
    pub fn read(text: &str) -> Result<Self, NoPrivateKey> {
        let der = der_of(text).ok_or(NoPrivateKey)?;
        let key = PKey::private_key_from_der(&der).and_then(|key| key.rsa()).map_err(|_| NoPrivateKey)?;
        if key.size() < 256 { Err(NoPrivateKey) } else { Ok(Self(key)) }
    }

    /// What was encrypted to this key with RSA-OAEP; none for whatever else these bytes are.
    pub(super) fn unwrap_key(&self, encrypted: &[u8]) -> Option<Vec<u8>> {
        let mut plain = vec![0; self.0.size() as usize];
        let length = self.0.private_decrypt(encrypted, &mut plain, Padding::PKCS1_OAEP).ok()?;
        plain.truncate(length);
        Some(plain)
    }
}

impl AsRef<Self> for PrivateKey {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(redacted)")
    }
}

/// The bytes of a PEM text, or of the base64 between its lines.
pub(super) fn der_of(text: &str) -> Option<Vec<u8>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
    STANDARD.decode(lines.collect::<String>()).ok().filter(|der| !der.is_empty())
}
