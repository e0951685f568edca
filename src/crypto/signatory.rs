//! Who signs documents: keys with certificates that the local authority issued, and one that nobody vouches for.

use std::fmt;
use std::sync::LazyLock;

use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcKey, EcPoint};
use openssl::error::ErrorStack;
use openssl::pkey::Private;
use openssl::sha::sha256;
use openssl::x509::X509;

use super::keys::{Pool, SigningKey};
use super::mac;

/// A key that signs documents, with its certificate.
pub struct Signatory {
    key: Key,
    certificate: Vec<u8>,
}

enum Key {
    Curve(EcKey<Private>),
    Rsa(&'static SigningKey),
}

impl Signatory {
    /// The service that seals documents: RSA-2048, with a certificate of the local authority.
    #[must_use]
    pub fn service() -> &'static Self {
        &SERVICE
    }

    /// What simulated persons sign with, all of them: P-256, with a certificate of the local authority. An RSA signature takes ten times as
    /// long, and one consent needs enough of them already.
    #[must_use]
    pub fn eid() -> &'static Self {
        &EID
    }

    /// Somebody whose certificate is its own: a verifier that trusts the local authority refuses it.
    #[must_use]
    pub fn stranger() -> &'static Self {
        &STRANGER
    }

    /// The certificate as DER.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The algorithm with SHA-256, as XML signatures name it (RFC 6931 sections 2.3.2 and 2.3.6).
    pub(super) fn algorithm(&self) -> &'static str {
        match self.key {
            Key::Curve(_) => "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            Key::Rsa(_) => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        }
    }

    /// The signature as XML signatures carry it: the same for the same bytes, always.
    pub(super) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        match &self.key {
            Key::Curve(key) => ecdsa(key, bytes).expect("a parsed P-256 key signs bytes of any length"),
            Key::Rsa(key) => key.sign(bytes),
        }
    }
}

impl fmt::Debug for Signatory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signatory").field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}

/// ECDSA with SHA-256 as `r` and `s`, 32 bytes each. The nonce follows from key and bytes, in the spirit of RFC 6979: OpenSSL's is random, and
/// a document that is fetched twice has to be the same.
fn ecdsa(key: &EcKey<Private>, bytes: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let (group, secret) = (key.group(), key.private_key());
    let mut context = BigNumContext::new()?;
    let mut order = BigNum::new()?;
    group.order(&mut order, &mut context)?;
    let digest = sha256(bytes);
    let mut tries = 0_u8;
    loop {
        let nonce = BigNum::from_slice(&mac::derive(&secret.to_vec(), "ecdsa", &[&digest, &[tries]]))?;
        tries = tries.wrapping_add(1);
        let mut point = EcPoint::new(group)?;
        point.mul_generator2(group, &nonce, &mut context)?;
        let (mut x, mut y) = (BigNum::new()?, BigNum::new()?);
        point.affine_coordinates(group, &mut x, &mut y, &mut context)?;
        let mut r = BigNum::new()?;
        r.nnmod(&x, &order, &mut context)?;

        let (mut product, mut sum) = (BigNum::new()?, BigNum::new()?);
        product.mod_mul(&r, secret, &order, &mut context)?;
        sum.mod_add(&product, BigNum::from_slice(&digest)?.as_ref(), &order, &mut context)?;
        let (mut inverse, mut s) = (BigNum::new()?, BigNum::new()?);
        inverse.mod_inverse(&nonce, &order, &mut context)?;
        s.mod_mul(&inverse, &sum, &order, &mut context)?;
        if r.num_bits() > 0 && s.num_bits() > 0 {
            return Ok([r.to_vec_padded(32)?, s.to_vec_padded(32)?].concat());
        }
    }
}

const INVARIANT: &str = "the key fixtures are embedded and tested";

static SERVICE: LazyLock<Signatory> = LazyLock::new(|| {
    static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
        let key = include_str!("../../fixtures/keys/signing-service.pem");
        SigningKey::parse("signing-service", key, include_str!("../../fixtures/keys/signing-service.crt.pem"))
    });
    Signatory { certificate: KEY.certificate().der().to_vec(), key: Key::Rsa(&KEY) }
});

static EID: LazyLock<Signatory> = LazyLock::new(|| {
    let certificate = X509::from_pem(include_bytes!("../../fixtures/keys/eid.crt.pem"));
    Signatory {
        key: Key::Curve(EcKey::private_key_from_pem(include_bytes!("../../fixtures/keys/eid.pem")).expect(INVARIANT)),
        certificate: certificate.and_then(|certificate| certificate.to_der()).expect(INVARIANT),
    }
});

static STRANGER: LazyLock<Signatory> = LazyLock::new(|| {
    let key = Pool::at(0);
    Signatory { certificate: key.certificate().der().to_vec(), key: Key::Rsa(key) }
});

#[cfg(test)]
mod tests {
    use openssl::ecdsa::EcdsaSig;
    use openssl::hash::MessageDigest;
    use openssl::sign::Verifier;

    use super::*;
    use crate::crypto::cert::Authority;

    #[test]
    fn the_local_authority_vouches_for_all_but_the_stranger() {
        let root = X509::from_pem(Authority::load().pem().as_bytes()).unwrap().public_key().unwrap();
        let vouched = |signatory: &Signatory| {
            X509::from_der(signatory.certificate()).unwrap().verify(&root).is_ok_and(|fits| fits)
        };
        assert!(vouched(Signatory::service()));
        assert!(vouched(Signatory::eid()));
        assert!(!vouched(Signatory::stranger()));
    }

    #[test]
    fn each_signs_for_its_certificate_and_the_same_every_time() {
        for signatory in [Signatory::service(), Signatory::eid(), Signatory::stranger()] {
            let key = X509::from_der(signatory.certificate()).unwrap().public_key().unwrap();
            for bytes in [&b""[..], b"a", &[7; 1000]] {
                let signature = signatory.sign(bytes);
                assert_eq!(signature, signatory.sign(bytes));
                let der = match &signatory.key {
                    Key::Curve(_) => {
                        let number = |part: &[u8]| BigNum::from_slice(part).unwrap();
                        let pair =
                            EcdsaSig::from_private_components(number(&signature[..32]), number(&signature[32..]));
                        pair.unwrap().to_der().unwrap()
                    }
                    Key::Rsa(_) => signature,
                };
                let verified = |bytes: &[u8]| {
                    Verifier::new(MessageDigest::sha256(), &key).unwrap().verify_oneshot(&der, bytes).unwrap()
                };
                assert!(verified(bytes), "{signatory:?}");
                assert!(!verified(b"else"), "{signatory:?}");
            }
        }
    }
}
