//! Certificates that a relying party pins: known by their thumbprint, trusted as long as they are valid, no issuer asked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::x509::X509;
use thiserror::Error;

use super::keys::PublicKey;

/// A certificate that is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// `x5t`: the SHA-1 of its DER, base64url without padding (RFC 7515 section 4.1.7).
    pub thumbprint: String,
    /// Its key.
    pub key: PublicKey,
    /// Its key as DER (`SubjectPublicKeyInfo`).
    pub spki: Vec<u8>,
    /// The certificate itself as a PEM text.
    pub pem: Vec<u8>,
    /// From when on it is valid, in seconds since 1970.
    pub from: i64,
    /// Until when it is valid, in seconds since 1970.
    pub until: i64,
}

/// The text holds no certificates that could be pinned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected certificates of RSA keys as PEM texts")]
pub struct NoCertificates;

impl Pinned {
    /// All certificates in a text of PEM blocks, at least one.
    ///
    /// # Errors
    /// When there is none, or one of them cannot be read.
    pub fn read(pem: &[u8]) -> Result<Vec<Self>, NoCertificates> {
        let read = X509::stack_from_pem(pem).map_err(|_| NoCertificates)?;
        let pins: Vec<_> = read.iter().map(Self::of).collect::<Result<_, _>>().map_err(|_| NoCertificates)?;
        if pins.is_empty() { Err(NoCertificates) } else { Ok(pins) }
    }

    /// One certificate as DER.
    ///
    /// # Errors
    /// When it is none.
    pub fn from_der(der: &[u8]) -> Result<Self, NoCertificates> {
        X509::from_der(der).and_then(|read| Self::of(&read)).map_err(|_| NoCertificates)
    }

    /// Whether its time has come and is not over, in seconds since 1970.
    #[must_use]
    pub fn is_valid_at(&self, moment: i64) -> bool {
        (self.from..=self.until).contains(&moment)
    }

    fn of(read: &X509) -> Result<Self, ErrorStack> {
        let public = read.public_key()?;
        let rsa = public.rsa()?;
        Ok(Self {
            thumbprint: URL_SAFE_NO_PAD.encode(read.digest(MessageDigest::sha1())?),
            key: PublicKey { n: URL_SAFE_NO_PAD.encode(rsa.n().to_vec()), e: URL_SAFE_NO_PAD.encode(rsa.e().to_vec()) },
            spki: public.public_key_to_der()?,
            pem: read.to_pem()?,
            from: seconds(read.not_before())?,
            until: seconds(read.not_after())?,
        })
    }
}

fn seconds(moment: &Asn1TimeRef) -> Result<i64, ErrorStack> {
    let since = Asn1Time::from_unix(0)?.diff(moment)?;
    Ok(i64::from(since.days) * 86_400 + i64::from(since.secs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::keys::Pool;

    #[test]
    fn a_bundle_is_read_with_thumbprints_keys_and_times() {
        let keys = [Pool::at(0), Pool::at(1)];
        let bundle: String = keys.iter().map(|key| key.certificate().pem()).collect();
        let pins = Pinned::read(bundle.as_bytes()).unwrap();
        for (pin, key) in pins.iter().zip(keys) {
            assert_eq!(&pin.key, key.public());
            assert_eq!(pin.thumbprint, key.certificate().x5t());
            assert_eq!(pin.thumbprint.len(), 27);
            assert_eq!(pin.pem, key.certificate().pem().as_bytes());
            // Valid from 2024 to 2074.
            assert!(
                pin.is_valid_at(1_800_000_000) && !pin.is_valid_at(1_600_000_000) && !pin.is_valid_at(3_400_000_000)
            );
            assert_eq!(Pinned::from_der(key.certificate().der()).as_ref(), Ok(pin));
        }
        assert_eq!(pins.len(), 2);
        for text in ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            assert_eq!(Pinned::read(text.as_bytes()), Err(NoCertificates), "{text}");
        }
        assert_eq!(Pinned::from_der(b"nonsense"), Err(NoCertificates));
    }
}
