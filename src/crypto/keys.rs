//! The pool of fixture keys that the simulated providers sign with.

use std::fmt;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jws::alg::rsassa::RsassaJwsSigner;
use josekit::jws::{JwsSigner, RS256};
use openssl::x509::X509;

use super::mac;

/// An RSA-2048 key with its certificate, parsed once.
pub struct SigningKey {
    name: &'static str,
    signer: RsassaJwsSigner,
    public: PublicKey,
    certificate: Certificate,
}

/// The public half of an RSA key, in the form of a JSON Web Key (RFC 7518 section 6.3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The modulus: base64url without padding, big-endian, no leading zero byte.
    pub n: String,
    /// The exponent, encoded likewise.
    pub e: String,
}

/// The self-signed certificate of a signing key.
#[derive(Clone, Debug)]
pub struct Certificate {
    pem: &'static str,
    der: Vec<u8>,
}

/// The keys in `fixtures/keys`.
#[derive(Debug)]
pub struct Pool;

impl Pool {
    /// How many keys there are.
    pub const SIZE: usize = 8;

    /// The key that this seed uses for this purpose: the same today and tomorrow.
    ///
    /// Different purposes may get the same key; [`Pool::at`] of a neighbouring [`SigningKey::index`] is certainly another one, as a rotation
    /// or a foreign key needs it.
    #[must_use]
    pub fn pick(seed: &[u8], purpose: &str) -> &'static SigningKey {
        let [first, ..] = mac::derive(seed, "signing-key", &[purpose.as_bytes()]);
        Self::at(usize::from(first))
    }

    /// The key at this position; positions past the end start over.
    #[must_use]
    pub fn at(index: usize) -> &'static SigningKey {
        &POOL[index % Self::SIZE]
    }
}

impl SigningKey {
    /// The file's stem, such as `rsa-3`: unique within the pool.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The key's position in the pool.
    #[must_use]
    pub fn index(&self) -> usize {
        FILES.iter().position(|(name, ..)| *name == self.name).expect("every key of the pool comes from a file")
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The certificate, for services that pin it.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The RS256 signature of these bytes: 256 bytes.
    pub(super) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.signer.sign(bytes).expect("a parsed RSA-2048 key signs bytes of any length")
    }

    fn parse(name: &'static str, key: &'static str, certificate: &'static str) -> Self {
        const INVARIANT: &str = "the key fixtures are embedded and tested";
        let certificate_der = X509::from_pem(certificate.as_bytes()).and_then(|parsed| parsed.to_der());
        let rsa = openssl::rsa::Rsa::private_key_from_pem(key.as_bytes()).expect(INVARIANT);
        Self {
            name,
            signer: RS256.signer_from_pem(key).expect(INVARIANT),
            public: PublicKey {
                n: URL_SAFE_NO_PAD.encode(rsa.n().to_vec()),
                e: URL_SAFE_NO_PAD.encode(rsa.e().to_vec()),
            },
            certificate: Certificate { pem: certificate, der: certificate_der.expect(INVARIANT) },
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Certificate {
    /// The certificate as a PEM text.
    #[must_use]
    pub fn pem(&self) -> &'static str {
        self.pem
    }

    /// The certificate as DER; `x5c` carries it in standard base64 (RFC 7517 section 4.7).
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The header member `x5t`: base64url of the SHA-1 of the DER form (RFC 7515 section 4.1.7), 27 characters.
    #[must_use]
    pub fn x5t(&self) -> String {
        URL_SAFE_NO_PAD.encode(openssl::sha::sha1(&self.der))
    }
}

static POOL: [LazyLock<SigningKey>; Pool::SIZE] = [
    LazyLock::new(|| parse(0)),
    LazyLock::new(|| parse(1)),
    LazyLock::new(|| parse(2)),
    LazyLock::new(|| parse(3)),
    LazyLock::new(|| parse(4)),
    LazyLock::new(|| parse(5)),
    LazyLock::new(|| parse(6)),
    LazyLock::new(|| parse(7)),
];

fn parse(index: usize) -> SigningKey {
    let (name, key, certificate) = FILES[index];
    SigningKey::parse(name, key, certificate)
}

/// Name, key, certificate.
const FILES: [(&str, &str, &str); Pool::SIZE] = [
    ("rsa-0", include_str!("../../fixtures/keys/rsa-0.pem"), include_str!("../../fixtures/keys/rsa-0.crt.pem")),
    ("rsa-1", include_str!("../../fixtures/keys/rsa-1.pem"), include_str!("../../fixtures/keys/rsa-1.crt.pem")),
    ("rsa-2", include_str!("../../fixtures/keys/rsa-2.pem"), include_str!("../../fixtures/keys/rsa-2.crt.pem")),
    ("rsa-3", include_str!("../../fixtures/keys/rsa-3.pem"), include_str!("../../fixtures/keys/rsa-3.crt.pem")),
    ("rsa-4", include_str!("../../fixtures/keys/rsa-4.pem"), include_str!("../../fixtures/keys/rsa-4.crt.pem")),
    ("rsa-5", include_str!("../../fixtures/keys/rsa-5.pem"), include_str!("../../fixtures/keys/rsa-5.crt.pem")),
    ("rsa-6", include_str!("../../fixtures/keys/rsa-6.pem"), include_str!("../../fixtures/keys/rsa-6.crt.pem")),
    ("rsa-7", include_str!("../../fixtures/keys/rsa-7.pem"), include_str!("../../fixtures/keys/rsa-7.crt.pem")),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_fixture_parses_and_is_a_key_of_its_own() {
        let keys: Vec<_> = (0..Pool::SIZE).map(Pool::at).collect();
        let moduli: BTreeSet<_> = keys.iter().map(|key| key.public().n.clone()).collect();
        assert_eq!(moduli.len(), Pool::SIZE);
        for (index, key) in keys.iter().enumerate() {
            assert_eq!(key.name(), format!("rsa-{index}"));
            assert_eq!(key.index(), index);
            assert_eq!(key.public().n.len(), 342, "2048 bits");
            assert_eq!(key.public().e, "AQAB");
            assert_eq!(key.certificate().x5t().len(), 27);
        }
    }

    #[test]
    fn each_certificate_belongs_to_its_key() {
        for index in 0..Pool::SIZE {
            let certificate = X509::from_der(Pool::at(index).certificate().der()).unwrap();
            let n = certificate.public_key().unwrap().rsa().unwrap().n().to_vec();
            assert_eq!(URL_SAFE_NO_PAD.encode(n), Pool::at(index).public().n);
        }
    }

    #[test]
    fn the_seed_picks_the_key() {
        let picks = |seed: &[u8]| -> Vec<_> {
            (0..32).map(|purpose| Pool::pick(seed, &format!("purpose {purpose}")).name()).collect()
        };
        assert_eq!(picks(b"one"), picks(b"one"));
        assert_ne!(picks(b"one"), picks(b"two"));
        assert!(picks(b"one").into_iter().collect::<BTreeSet<_>>().len() > 4);
    }

    #[test]
    fn debug_output_does_not_print_the_key() {
        assert_eq!(format!("{:?}", Pool::at(0)), r#"SigningKey { name: "rsa-0", .. }"#);
    }
}
