//! Keyed digests of national numbers: what a service may keep instead of the number.
//!
//! A bare hash protects nothing: the whole Swedish number space is hashed in seconds on one core. The key lives outside the store.

use std::{fmt, str::FromStr};

use hmac::{Hmac, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::NationalNumber;

/// The secret of all digests of one service; erased from memory when dropped.
#[derive(Clone)]
pub struct DigestKey(Zeroizing<[u8; 32]>);

impl DigestKey {
    /// A key of 256 bits; making them unpredictable is the caller's part.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn digest(&self, number: &NationalNumber) -> Digest {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.0).expect("HMAC takes keys of any length");
        // Equal digits of two countries are two people; the code has two bytes always, so no separator is needed.
        mac.update(number.country().code().as_bytes());
        mac.update(number.expose().as_bytes());
        Digest(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for DigestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigestKey(redacted)")
    }
}

/// The HMAC-SHA-256 of country and number. Compares in constant time; written as 64 hexadecimal digits.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Digest {}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| NotADigest)?;
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The text is not a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a digest: expected 64 hexadecimal digits")]
pub struct NotADigest;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Checks, Country};

    fn number(country: Country, text: &str) -> NationalNumber {
        NationalNumber::parse(country, text, Checks::Strict).unwrap()
    }

    #[test]
    fn the_digest_is_the_hmac_of_country_and_number() {
        // printf 'SE198501012382' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…07
        let digest = number(Country::Se, "198501012382").digest(&DigestKey::new([7; 32]));
        assert_eq!(digest.to_string(), "f12ea477dc497b5d31c2f5ae40d0ab217683031c0a18f3d14443f3e967c81017");
        assert_eq!(digest.to_string().parse(), Ok(digest));
    }

    #[test]
    fn country_and_key_matter() {
        let [one, other] = [DigestKey::new([1; 32]), DigestKey::new([2; 32])];
        let estonian = number(Country::Ee, "30303039914");
        assert_ne!(estonian.digest(&one), number(Country::Lt, "30303039914").digest(&one));
        assert_ne!(estonian.digest(&one), estonian.digest(&other));
    }

    #[test]
    fn a_key_shows_nothing_and_a_mistyped_digest_is_refused() {
        assert_eq!(format!("{:?}", DigestKey::new([65; 32])), "DigestKey(redacted)");
        assert_eq!("abc".parse::<Digest>(), Err(NotADigest));
    }
}
