//! Keyed digests: webhook signatures, and everything that is derived from the seed.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// HMAC-SHA-256 of `bytes`.
#[must_use]
pub fn hmac_sha256(key: &[u8], bytes: &[u8]) -> [u8; 32] {
    let mut mac = keyed(key);
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA-256 of `bytes` as 64 lower-case hexadecimal digits, the form of ZignSec's webhook signatures.
#[must_use]
pub fn hmac_sha256_hex(key: &[u8], bytes: &[u8]) -> String {
    hex::encode(hmac_sha256(key, bytes))
}

/// Whether two digests are equal, in a time that depends on their lengths alone.
#[must_use]
pub fn equal(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

/// 32 bytes that follow from the seed, the purpose and the parts: for ids, codes, tokens, and for picking keys.
///
/// Each input is preceded by its length, so that no two different lists of parts can be read as the same bytes.
///
/// ```
/// use motpart::crypto::mac::derive;
///
/// assert_eq!(derive(b"seed", "code", &[b"session"]), derive(b"seed", "code", &[b"session"]));
/// assert_ne!(derive(b"seed", "code", &[b"ab", b"c"]), derive(b"seed", "code", &[b"a", b"bc"]));
/// ```
#[must_use]
pub fn derive(seed: &[u8], purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = keyed(seed);
    for input in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
        mac.update(&(input.len() as u64).to_be_bytes());
        mac.update(input);
    }
    mac.finalize().into_bytes().into()
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    // ZignSec v2 signs the raw body with the API access token (the dummy of its documents).
    #[test]
    fn the_v2_webhook_signature_is_the_published_one() {
        let body = r#"{"id":"ebe756c4-24db-4eb7-8b54-874434f212ec","errors":[],"identity":{"CountryCode":"SE","FirstName":"TOLVAN","LastName":"ÖBERG","FullName":"TOLVAN ÖBERG","PersonalNumber":"191212121212"},"method":"sbid"}"#;
        assert_eq!(body.len(), 205);
        assert_eq!(
            hmac_sha256_hex(b"00000000-e2a2-4968-b651-5352305c9fb0", body.as_bytes()),
            "a5d6da99b37d7d576aa7d337918ac814f8e7295136064efe16506be93e92a5ba",
        );
    }

    // The gateway signs "t.body" with the webhook secret.
    #[test]
    fn the_gateway_webhook_signature_is_the_published_one() {
        let signed = r#"1700000000.{"event":"session_updated","id":"44b8bd08-91ae-4abf-ab0a-56ca503c258d"}"#;
        assert_eq!(
            hmac_sha256_hex(b"test-webhook-key", signed.as_bytes()),
            "60fc7534fcb6ac4a4d1ff43939ef50698fda4d0f4f2d63c93f5da0b11eaf6723",
        );
    }

    #[test]
    fn digests_of_different_length_or_content_differ() {
        assert!(equal(b"abc", b"abc"));
        assert!(!equal(b"abc", b"abd"));
        assert!(!equal(b"abc", b"ab"));
        assert!(equal(b"", b""));
    }

    #[test]
    fn no_two_lists_of_parts_derive_the_same() {
        let lists: [(&str, &[&[u8]]); 7] = [
            ("p", &[]),
            ("p", &[b""]),
            ("p", &[b"", b""]),
            ("p", &[b"a", b"bc"]),
            ("p", &[b"ab", b"c"]),
            ("p", &[b"abc"]),
            ("pa", &[b"bc"]),
        ];
        for (index, (purpose, parts)) in lists.iter().enumerate() {
            for (other, others) in &lists[index + 1..] {
                assert_ne!(derive(b"seed", purpose, parts), derive(b"seed", other, others));
            }
        }
        assert_ne!(derive(b"seed", "p", &[]), derive(b"other seed", "p", &[]));
    }
}
