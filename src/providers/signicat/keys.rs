//! The keys of a space: one ring that signs, one that is encrypted to.

use std::sync::Arc;

use crate::crypto::jwe::{self, Content, JweError};
use crate::crypto::keys::{Jwk, PublicKey, SigningKey};
use crate::crypto::seal::{Header, Sealing, Signer};
use crate::script::JwsTampering;
use crate::simulation::keys::{Key, Ring, Rotation, seal};
use crate::simulation::{Space, Timestamp};

/// The two rings at a moment.
#[derive(Clone, Debug)]
pub(super) struct SpaceKeys {
    signing: Arc<Ring>,
    encryption: Arc<Ring>,
    at: Timestamp,
}

impl SpaceKeys {
    /// The rings of a space. No key stands in both: who ignored what a key is for, would take a forged token for ours.
    pub(super) fn of(space: &Space, secret: &[u8; 32], at: Timestamp) -> Self {
        let ring = |purpose| space.keys.ring(secret, &space.name, purpose);
        let signing = ring(SIGNING);
        let taken = [signing.signing(at).signer.key.index(), signing.foreign().key.index()];
        let mut encryption = ring(ENCRYPTION);
        for _ in taken {
            let is_fresh = encryption.all(Timestamp(0)).iter().all(|(key, _)| key.signs_from == Timestamp(0));
            if is_fresh && taken.contains(&encryption.signing(at).signer.key.index()) {
                space.keys.change(secret, &space.name, ENCRYPTION, |ring| {
                    ring.rotate(Timestamp(0), Rotation::default(), &[])
                });
                encryption = ring(ENCRYPTION);
            }
        }
        Self { signing, encryption, at }
    }

    /// What the key set shows: keys that sign or will, then keys to encrypt to.
    pub(super) fn key_set(&self) -> Vec<Jwk> {
        let public = |keys: Vec<&Key>, make: fn(&SigningKey) -> Jwk| {
            keys.into_iter().map(|key| make(key.signer.key)).collect::<Vec<_>>()
        };
        let mut all = public(self.signing.offered(self.at), |key| Jwk::signature(&signature_kid(key), key.public()));
        all.extend(public(self.encryption.offered(self.at), |key| Jwk::encryption(&encryption_kid(key), key.public())));
        all
    }

    /// The same set before a rotation: the key that signs is not in it, another one is.
    pub(super) fn key_set_before(&self) -> Vec<Jwk> {
        let older = self.signing.signers(self.at).rotated_out.key;
        let mut all = self.key_set();
        let own = signature_kid(self.signing.signing(self.at).signer.key);
        all.retain(|jwk| jwk.kid.as_deref() != Some(&own));
        all.insert(0, Jwk::signature(&signature_kid(older), older.public()));
        all
    }

    /// The same names with a key that is nobody's.
    pub(super) fn foreign_key_set(&self) -> Vec<Jwk> {
        let foreign = self.signing.foreign().key.public();
        let mut all = self.key_set();
        all.iter_mut().for_each(|jwk| jwk.key = foreign.clone());
        all
    }

    /// What changes when the key set does.
    pub(super) fn version(&self) -> Vec<(usize, bool)> {
        let ids = |ring: &Ring, signs| {
            ring.offered(self.at).iter().map(|key| (key.signer.key.index(), signs)).collect::<Vec<_>>()
        };
        [ids(&self.signing, true), ids(&self.encryption, false)].concat()
    }

    /// The key of this name that a request may be encrypted to; the newest one without a name.
    pub(super) fn decryption(&self, kid: Option<&str>) -> Option<&'static SigningKey> {
        let Some(kid) = kid else { return Some(self.encryption.signing(self.at).signer.key) };
        self.encryption.offered(self.at).into_iter().map(|key| key.signer.key).find(|key| encryption_kid(key) == kid)
    }

    /// A key that is nobody's, and in no case this one: relying parties may have taken theirs from the pool, too.
    pub(super) fn nobodys(&self, own: Option<&PublicKey>) -> &'static PublicKey {
        let foreign = self.signing.foreign().key.public();
        if own == Some(foreign) { self.signing.signing(self.at).signer.key.public() } else { foreign }
    }

    /// Encrypts a request as a relying party would.
    pub(super) fn encrypt_to_us(&self, plaintext: &[u8]) -> Result<String, JweError> {
        let key = self.encryption.signing(self.at).signer.key;
        let members = [("typ", "JWE"), ("kid", &*encryption_kid(key))];
        jwe::encrypt(key.public(), Content::A256CbcHs512, &members, plaintext)
    }

    /// Signs a payload; wrong where a script wants it.
    pub(super) fn sign(&self, payload: &[u8], how: Option<JwsTampering>) -> String {
        let signers = self.signing.signers(self.at);
        let foreign_at = ("https://elsewhere.example/jwks.json", "https://elsewhere.example/cert.pem");
        seal(&Sealing { signers, header, payload, foreign_at }, how)
    }

    /// The payload of a token of ours, whichever of our keys signed it.
    pub(super) fn own(&self, token: &str) -> Option<Vec<u8>> {
        let keys = self.signing.all(self.at);
        keys.into_iter().find_map(|(key, _)| key.signer.key.verifier().verify(token).ok()).map(|own| own.payload)
    }
}

/// `kid` before `alg`, and no `typ`: as recorded.
fn header(signer: &Signer) -> Header {
    vec![("kid", format!("\"{}\"", signature_kid(signer.key)).into()), ("alg", "\"RS256\"".into())]
}

/// In the form of the recorded names.
fn signature_kid(key: &SigningKey) -> String {
    format!("any.oidc-signature-motpart.test.jwk.{}", key.name())
}

fn encryption_kid(key: &SigningKey) -> String {
    format!("any.oidc-encryption-motpart.test.jwk.{}", key.name())
}

/// The purpose of the ring that signs.
pub(super) const SIGNING: &str = "signicat signature";

/// The purpose of the ring that is encrypted to.
pub(super) const ENCRYPTION: &str = "signicat encryption";
