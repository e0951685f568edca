//! The pool of fixture keys that the simulated providers sign with.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jws::alg::rsassa::RsassaJwsSigner;
use josekit::jws::{JwsSigner, RS256};
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::x509::{X509, X509NameBuilder};
use serde::{Deserialize, Serialize};

use super::jws::Verifier;
use super::mac;
use super::private_key::PrivateKey;

/// An RSA-2048 key with its certificate, parsed once.
pub struct SigningKey {
    name: &'static str,
    signer: RsassaJwsSigner,
    private: PrivateKey,
    public: PublicKey,
    verifier: Verifier,
    spki: Vec<u8>,
    certificate: Certificate,
    expired: Certificate,
}

/// The public half of an RSA key, in the form of a JSON Web Key (RFC 7518 section 6.3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// The modulus: base64url without padding, big-endian, no leading zero byte.
    pub n: String,
    /// The exponent, encoded likewise.
    pub e: String,
}

/// A public key as a key set shows it (RFC 7517), members in the order of Signicat's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Always `RSA` here.
    pub kty: String,
    /// `sig` or `enc`; whoever registers a key may leave it out.
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// The one algorithm that the key is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// The key's name within its set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// The key itself.
    #[serde(flatten)]
    pub key: PublicKey,
}

impl Jwk {
    /// A key that verifies RS256 signatures.
    #[must_use]
    pub fn signature(kid: &str, key: &PublicKey) -> Self {
        Self::new("sig", "RS256", kid, key)
    }

    /// A key to encrypt to with RSA-OAEP.
    #[must_use]
    pub fn encryption(kid: &str, key: &PublicKey) -> Self {
        Self::new("enc", "RSA-OAEP", kid, key)
    }

    /// Whether RS256 signatures may be verified with it: an RSA key that says nothing else of itself.
    #[must_use]
    pub fn verifies(&self) -> bool {
        self.is_for("sig", "RS256")
    }

    /// Whether one may encrypt to it with RSA-OAEP: an RSA key that says nothing else of itself.
    #[must_use]
    pub fn encrypts(&self) -> bool {
        self.is_for("enc", "RSA-OAEP")
    }

    fn is_for(&self, usage: &str, algorithm: &str) -> bool {
        let fits = |said: &Option<String>, wanted| said.as_deref().is_none_or(|said| said == wanted);
        self.kty == "RSA" && fits(&self.usage, usage) && fits(&self.alg, algorithm)
    }

    fn new(usage: &str, algorithm: &str, kid: &str, key: &PublicKey) -> Self {
        let [kty, usage, alg, kid] = ["RSA", usage, algorithm, kid].map(str::to_owned);
        Self { kty, usage: Some(usage), alg: Some(alg), kid: Some(kid), key: key.clone() }
    }
}

/// A self-signed certificate of a signing key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pem: Cow<'static, str>,
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

    /// The certificate, for services that pin it. Valid from 2024 to 2074.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// An older certificate of the same key, which expired: valid from 2020 to 2023.
    #[must_use]
    pub fn expired_certificate(&self) -> &Certificate {
        &self.expired
    }

    /// The public half, read: for whoever verifies with it often.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The public half as DER (`SubjectPublicKeyInfo`, RFC 5280 section 4.1).
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The RS256 signature of these bytes: 256 bytes.
    pub(super) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.signer.sign(bytes).expect("a parsed RSA-2048 key signs bytes of any length")
    }

    pub(super) fn parse(name: &'static str, key: &'static str, certificate: &'static str) -> Self {
        const INVARIANT: &str = "the key fixtures are embedded and tested";
        let certificate_der = X509::from_pem(certificate.as_bytes()).and_then(|parsed| parsed.to_der());
        let pkey = PKey::private_key_from_pem(key.as_bytes()).expect(INVARIANT);
        let rsa = pkey.rsa().expect(INVARIANT);
        let public =
            PublicKey { n: URL_SAFE_NO_PAD.encode(rsa.n().to_vec()), e: URL_SAFE_NO_PAD.encode(rsa.e().to_vec()) };
        Self {
            name,
            signer: RS256.signer_from_pem(key).expect(INVARIANT),
            verifier: Verifier::new(&public).expect(INVARIANT),
            public,
            spki: pkey.public_key_to_der().expect(INVARIANT),
            certificate: Certificate { pem: certificate.into(), der: certificate_der.expect(INVARIANT) },
            expired: expired(name, &pkey).expect(INVARIANT),
            private: PrivateKey::of(rsa),
        }
    }
}

impl AsRef<PrivateKey> for SigningKey {
    fn as_ref(&self) -> &PrivateKey {
        &self.private
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
    pub fn pem(&self) -> &str {
        &self.pem
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

/// RS256 signatures are deterministic, so that this is the same certificate in every run.
fn expired(name: &str, key: &PKey<Private>) -> Result<Certificate, ErrorStack> {
    let mut subject = X509NameBuilder::new()?;
    subject.append_entry_by_text("O", "Motpart")?;
    subject.append_entry_by_text("CN", &format!("Motpart {name}, expired"))?;
    let subject = subject.build();
    let mut certificate = X509::builder()?;
    certificate.set_version(2)?;
    certificate.set_serial_number(BigNum::from_u32(1)?.to_asn1_integer()?.as_ref())?;
    certificate.set_subject_name(&subject)?;
    certificate.set_issuer_name(&subject)?;
    certificate.set_not_before(Asn1Time::from_str("20200101000000Z")?.as_ref())?;
    certificate.set_not_after(Asn1Time::from_str("20230101000000Z")?.as_ref())?;
    certificate.set_pubkey(key)?;
    certificate.sign(key, MessageDigest::sha256())?;
    let certificate = certificate.build();
    let pem = String::from_utf8_lossy(&certificate.to_pem()?).into_owned();
    Ok(Certificate { pem: pem.into(), der: certificate.to_der()? })
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
    fn the_expired_certificate_is_the_keys_own_and_the_same_each_time() {
        let key = Pool::at(0);
        let parsed = X509::from_der(key.expired_certificate().der()).unwrap();
        assert!(parsed.verify(&parsed.public_key().unwrap()).unwrap());
        assert_eq!(parsed.public_key().unwrap().public_key_to_der().unwrap(), key.spki());
        assert!(parsed.not_after() < Asn1Time::from_str("20240101000000Z").unwrap().as_ref());
        assert_eq!(
            expired("rsa-0", &PKey::private_key_from_pem(FILES[0].1.as_bytes()).unwrap()).unwrap(),
            *key.expired_certificate()
        );
        assert_ne!(key.certificate().x5t(), key.expired_certificate().x5t());
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
    fn a_key_says_what_it_is_for() {
        let key = Pool::at(0).public();
        let jwk = Jwk::encryption("k1", key);
        let json = serde_json::to_string(&jwk).unwrap();
        assert!(json.starts_with(r#"{"kty":"RSA","use":"enc","alg":"RSA-OAEP","kid":"k1","n":""#), "{json}");
        assert_eq!(serde_json::from_str::<Jwk>(&json).unwrap(), jwk);
        assert!(jwk.encrypts() && !jwk.verifies());
        assert!(Jwk::signature("k1", key).verifies());

        let bare: Jwk = serde_json::from_value(serde_json::json!({"kty": "RSA", "n": key.n, "e": key.e})).unwrap();
        assert!(bare.encrypts() && bare.verifies());
    }

    #[test]
    fn debug_output_does_not_print_the_key() {
        assert_eq!(format!("{:?}", Pool::at(0)), r#"SigningKey { name: "rsa-0", .. }"#);
    }
}
