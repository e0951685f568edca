//! How the content of a token is encrypted (RFC 7518 section 5): the tag is compared before anything is decrypted.

use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::symm::{Cipher, decrypt, decrypt_aead};

use crate::crypto::mac;

/// An authenticated encryption of the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    /// AES-128 in CBC mode with HMAC-SHA-256.
    A128CbcHs256,
    /// AES-128 in Galois/Counter mode.
    A128Gcm,
    /// AES-256 in CBC mode with HMAC-SHA-512: what Signicat documents for request objects.
    A256CbcHs512,
    /// AES-256 in Galois/Counter mode.
    A256Gcm,
}

impl Content {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::A128CbcHs256, Self::A128Gcm, Self::A256CbcHs512, Self::A256Gcm];

    /// The header's `enc`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A128Gcm => "A128GCM",
            Self::A256CbcHs512 => "A256CBC-HS512",
            Self::A256Gcm => "A256GCM",
        }
    }

    /// The encryption of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|content| content.name() == name)
    }

    /// Bytes of the content's key; with CBC, half of them are the HMAC's.
    pub(super) const fn key_length(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A128CbcHs256 | Self::A256Gcm => 32,
            Self::A256CbcHs512 => 64,
        }
    }

    /// The plaintext, where the tag fits.
    pub(super) fn open(self, key: &[u8], sealed: &Sealed<'_>) -> Option<Vec<u8>> {
        match self {
            Self::A128Gcm => galois(Cipher::aes_128_gcm(), key, sealed),
            Self::A256Gcm => galois(Cipher::aes_256_gcm(), key, sealed),
            Self::A128CbcHs256 => chained(Cipher::aes_128_cbc(), MessageDigest::sha256(), key, sealed),
            Self::A256CbcHs512 => chained(Cipher::aes_256_cbc(), MessageDigest::sha512(), key, sealed),
        }
    }
}

impl Content {
    /// The plaintext, whatever the tag; none where the mode has no plaintext without one.
    pub(super) fn open_unauthenticated(self, key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
        let cipher = match self {
            Self::A128CbcHs256 => Cipher::aes_128_cbc(),
            Self::A256CbcHs512 => Cipher::aes_256_cbc(),
            Self::A128Gcm | Self::A256Gcm => return None,
        };
        // OpenSSL's wrapper panics where a length is another one.
        let fits = key.len() == self.key_length() && iv.len() == 16;
        fits.then(|| decrypt(cipher, &key[key.len() / 2..], Some(iv), ciphertext).ok()).flatten()
    }
}

/// Encrypted content with what authenticates it.
#[derive(Debug)]
pub(super) struct Sealed<'a> {
    /// The header as it was sent, base64url.
    pub(super) protected: &'a [u8],
    pub(super) iv: &'a [u8],
    pub(super) ciphertext: &'a [u8],
    pub(super) tag: &'a [u8],
}

fn galois(cipher: Cipher, key: &[u8], sealed: &Sealed<'_>) -> Option<Vec<u8>> {
    // A shorter tag would be easier to guess, and OpenSSL takes it.
    if sealed.iv.len() != 12 || sealed.tag.len() != 16 {
        return None;
    }
    decrypt_aead(cipher, key, Some(sealed.iv), sealed.protected, sealed.ciphertext, sealed.tag).ok()
}

fn chained(cipher: Cipher, digest: MessageDigest, key: &[u8], sealed: &Sealed<'_>) -> Option<Vec<u8>> {
    let (mac_key, cipher_key) = key.split_at(key.len() / 2);
    let bits = (sealed.protected.len() as u64 * 8).to_be_bytes();
    let covered = [sealed.protected, sealed.iv, sealed.ciphertext, &bits].concat();
    let whole = Signer::new(digest, PKey::hmac(mac_key).ok()?.as_ref()).ok()?.sign_oneshot_to_vec(&covered).ok()?;
    // OpenSSL's wrapper panics without an initialisation vector. One of another length under a right tag is the sender's own doing.
    if !mac::equal(&whole[..whole.len() / 2], sealed.tag) || sealed.iv.len() != 16 {
        return None;
    }
    decrypt(cipher, cipher_key, Some(sealed.iv), sealed.ciphertext).ok()
}
