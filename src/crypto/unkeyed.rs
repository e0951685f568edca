//! Unkeyed digests: what a service must *not* keep of a national number, because there are few enough numbers to try them all.

use std::fmt;

use openssl::hash::{MessageDigest, hash};

/// A digest without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unkeyed {
    /// BLAKE2b with 512 bits, RFC 7693.
    Blake2b,
    /// BLAKE2s with 256 bits, RFC 7693.
    Blake2s,
    /// RFC 1321.
    Md5,
    /// FIPS 180-4.
    Sha1,
    /// FIPS 180-4.
    Sha256,
    /// FIPS 180-4.
    Sha512,
}

impl Unkeyed {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Blake2b, Self::Blake2s, Self::Md5, Self::Sha1, Self::Sha256, Self::Sha512];

    /// The digest; none where the OpenSSL that this was linked with does not know the algorithm (a FIPS build has no MD5).
    #[must_use]
    pub fn digest(self, bytes: &[u8]) -> Option<Vec<u8>> {
        let algorithm = MessageDigest::from_name(match self {
            Self::Blake2b => "BLAKE2b512",
            Self::Blake2s => "BLAKE2s256",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        })?;
        hash(algorithm, bytes).ok().map(|digest| digest.to_vec())
    }
}

impl fmt::Display for Unkeyed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blake2b => "BLAKE2b",
            Self::Blake2s => "BLAKE2s",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha512 => "SHA-512",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The digests of "abc" that the specifications print.
    #[test]
    fn the_published_digests_come_out() {
        for (algorithm, expected) in [
            (Unkeyed::Blake2b, "ba80a53f981c4d0d6a2797b69f12f6e9"),
            (Unkeyed::Blake2s, "508c5e8c327c14e2e1a72ba34eeb452f"),
            (Unkeyed::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (Unkeyed::Sha1, "a9993e364706816aba3e25717850c26c"),
            (Unkeyed::Sha256, "ba7816bf8f01cfea414140de5dae2223"),
            (Unkeyed::Sha512, "ddaf35a193617abacc417349ae204131"),
        ] {
            let digest = algorithm.digest(b"abc").expect("an algorithm of this OpenSSL");
            assert_eq!(hex::encode(&digest[..16]), expected, "{algorithm}");
        }
    }
}
