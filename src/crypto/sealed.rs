//! Authenticated encryption of what a service has to keep in a form that it can read again.

use openssl::error::ErrorStack;
use openssl::rand::rand_bytes;
use openssl::symm::{Cipher, decrypt_aead, encrypt_aead};

/// Encrypts with AES-256-GCM: a random nonce of 12 bytes, the ciphertext, the tag of 16 bytes.
///
/// # Errors
/// When the library has no random bytes or no memory.
pub fn seal(key: &[u8; 32], plain: &[u8]) -> Result<Vec<u8>, Unsealable> {
    let mut nonce = [0; NONCE];
    rand_bytes(&mut nonce)?;
    let mut tag = [0; TAG];
    let ciphertext = encrypt_aead(Cipher::aes_256_gcm(), key, Some(&nonce), &[], plain, &mut tag)?;
    Ok([nonce.as_slice(), &ciphertext, &tag].concat())
}

/// Decrypts what [`seal`] made.
///
/// # Errors
/// When the key is another, or a bit was changed.
pub fn open(key: &[u8; 32], bytes: &[u8]) -> Result<Vec<u8>, Unsealable> {
    let split = bytes.split_at_checked(NONCE).and_then(|(nonce, rest)| {
        let (ciphertext, tag) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
        Some((nonce, ciphertext, tag))
    });
    let Some((nonce, ciphertext, tag)) = split else { return Err(Unsealable) };
    Ok(decrypt_aead(Cipher::aes_256_gcm(), key, Some(nonce), &[], ciphertext, tag)?)
}

/// The bytes cannot be sealed, or were not sealed with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot be sealed or opened: expected bytes sealed with this key")]
pub struct Unsealable;

/// The library's reasons say nothing that anybody could act on.
impl From<ErrorStack> for Unsealable {
    fn from(_: ErrorStack) -> Self {
        Self
    }
}

const NONCE: usize = 12;
const TAG: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_and_the_same_bytes_open() {
        let sealed = seal(&[1; 32], b"a secret").unwrap();
        assert_eq!(open(&[1; 32], &sealed).unwrap(), b"a secret");
        assert_eq!(open(&[2; 32], &sealed), Err(Unsealable));
        for at in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[at] ^= 1;
            assert_eq!(open(&[1; 32], &bent), Err(Unsealable), "{at}");
            assert_eq!(open(&[1; 32], &sealed[..at]), Err(Unsealable), "{at}");
        }
        assert_ne!(seal(&[1; 32], b"a secret").unwrap(), sealed);
    }
}
