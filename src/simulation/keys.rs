//! The signing keys of a space: picked by the seed out of the pool of fixture keys, rotated and retired on the virtual clock.
//!
//! ```text
//!   announced ──▶ signing ──▶ retiring ──▶ withdrawn          (expired: its certificate's time is over)
//!             offered to relying parties ─┘
//! ```
//!
//! A ring keeps moments, not states: a key is what the moment makes of it, and ageing a ring moves its moments back as ageing a session
//! does. What was signed stays as it is. From the start a ring also knows one key that was taken out of service and one whose certificate
//! has expired, so that relying parties that pinned them long ago can be rehearsed.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde::Serialize;
use utoipa::ToSchema;

use super::clock::Timestamp;
use crate::crypto::keys::{Pool, SigningKey};
use crate::crypto::mac;
use crate::crypto::seal::{Embedded, Flaw, PublicForm, Sealing, Signer, Signers};
use crate::script::{JwsTampering, Millis};

/// The rings of a space, by purpose.
#[derive(Debug, Default)]
pub struct Keys {
    rings: RwLock<BTreeMap<&'static str, Arc<Ring>>>,
}

/// The keys of one purpose, from the oldest to the newest.
#[derive(Clone, Debug)]
pub struct Ring {
    first: usize,
    keys: Vec<Key>,
    rotations: usize,
}

/// A key in a ring.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key and the certificate by which it is known.
    pub signer: Signer,
    /// From when on relying parties are offered it.
    pub offered_from: Timestamp,
    /// From when on it signs.
    pub signs_from: Timestamp,
    /// Until when it signs; `None` while nothing follows it.
    pub signs_until: Option<Timestamp>,
    /// Until when it is offered; `None` while nothing follows it.
    pub offered_until: Option<Timestamp>,
    /// Whether the time of its certificate is over.
    pub expired: bool,
}

/// What a key is at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeyState {
    /// Offered, and not signing yet.
    Announced,
    /// Its certificate has expired, and it does not sign any more.
    Expired,
    /// Offered, and not signing any more.
    Retiring,
    /// Signing.
    Signing,
    /// Not offered any more.
    Withdrawn,
}

/// How one key follows another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotation {
    /// How long the new key is offered before it signs.
    pub ahead: Millis,
    /// How long the old one is offered after it signed last.
    pub overlap: Millis,
}

impl Keys {
    /// The ring of a purpose, such as `zignsec_gateway signed-identity`. The same secret and space always begin with the same keys.
    #[must_use]
    pub fn ring(&self, secret: &[u8; 32], space: &str, purpose: &'static str) -> Arc<Ring> {
        if let Some(ring) = self.rings.read().unwrap_or_else(PoisonError::into_inner).get(purpose) {
            return ring.clone();
        }
        let mut rings = self.rings.write().unwrap_or_else(PoisonError::into_inner);
        rings.entry(purpose).or_insert_with(|| Arc::new(Ring::new(secret, space, purpose))).clone()
    }

    /// Changes a ring. What was signed stays as it is.
    pub fn change(&self, secret: &[u8; 32], space: &str, purpose: &'static str, change: impl FnOnce(&mut Ring)) {
        let mut ring = Ring::clone(&self.ring(secret, space, purpose));
        change(&mut ring);
        self.rings.write().unwrap_or_else(PoisonError::into_inner).insert(purpose, Arc::new(ring));
    }

    /// Lets another key follow in a ring. It is none that another ring of the same provider uses: no key is for two things, and one ring's
    /// rotation changes no other's.
    pub fn rotate(&self, secret: &[u8; 32], space: &str, purpose: &'static str, now: Timestamp, rotation: Rotation) {
        let taken: Vec<usize> = {
            let rings = self.rings.read().unwrap_or_else(PoisonError::into_inner);
            let others = rings.iter().filter(|(other, _)| **other != purpose && provider(other) == provider(purpose));
            let used = |ring: &Ring| {
                let offered = ring.offered(now).into_iter().map(|key| key.signer);
                offered.chain([ring.foreign()]).map(|signer| signer.key.index()).collect::<Vec<_>>()
            };
            others.flat_map(|(_, ring)| used(ring)).collect()
        };
        self.change(secret, space, purpose, |ring| ring.rotate(now, rotation, &taken));
    }

    /// Makes all rings older: what was announced signs, what retired is withdrawn.
    pub fn older(&self, by: Millis) {
        for ring in self.rings.write().unwrap_or_else(PoisonError::into_inner).values_mut() {
            Arc::make_mut(ring).older(by);
        }
    }
}

/// Whose keys a purpose names: its first word.
fn provider(purpose: &str) -> Option<&str> {
    purpose.split(' ').next()
}

impl Ring {
    /// The last of the pool is never in service: it is the foreign one.
    const IN_TURN: usize = Pool::SIZE - 1;
    /// How many keys are kept besides those that somebody may still need.
    const MOST: usize = 12;

    fn new(secret: &[u8; 32], space: &str, purpose: &str) -> Self {
        let [first, ..] = mac::derive(secret, "key ring", &[space.as_bytes(), purpose.as_bytes()]);
        let mut ring = Self { first: usize::from(first), keys: Vec::new(), rotations: 0 };
        let long_ago = Timestamp(0);
        let past = |signer: Signer, expired| Key {
            signer,
            offered_from: long_ago,
            signs_from: long_ago,
            signs_until: Some(long_ago),
            offered_until: Some(long_ago),
            expired,
        };
        let (expired, withdrawn) = (ring.turn(Self::IN_TURN - 2), ring.turn(Self::IN_TURN - 1));
        ring.keys = vec![
            past(Signer { key: expired, certificate: expired.expired_certificate() }, true),
            past(valid(withdrawn), false),
            Key { signs_until: None, offered_until: None, ..past(valid(ring.turn(0)), false) },
        ];
        ring
    }

    /// The key that signs at a moment.
    #[must_use]
    pub fn signing(&self, at: Timestamp) -> &Key {
        let signs = |key: &&Key| key.signs_from <= at && key.signs_until.is_none_or(|until| at < until);
        // Moments before the first rotation belong to the first key that ever signed here.
        let first = || self.keys.iter().find(|key| key.signs_until != Some(Timestamp(0)));
        self.keys.iter().rev().find(signs).or_else(first).expect("a ring begins with a key that signs")
    }

    /// The keys that relying parties are offered at a moment, the signing one first.
    #[must_use]
    pub fn offered(&self, at: Timestamp) -> Vec<&Key> {
        let signing = self.signing(at);
        let others = self.keys.iter().filter(|key| !std::ptr::eq(*key, signing) && key.is_offered(at));
        std::iter::once(signing).chain(others).collect()
    }

    /// All keys with what they are at a moment, the newest first.
    #[must_use]
    pub fn all(&self, at: Timestamp) -> Vec<(&Key, KeyState)> {
        let signing = self.signing(at);
        let state = |key: &Key| {
            if std::ptr::eq(key, signing) {
                KeyState::Signing
            } else if key.expired {
                KeyState::Expired
            } else if !key.is_offered(at) {
                KeyState::Withdrawn
            } else if at < key.signs_from {
                KeyState::Announced
            } else {
                KeyState::Retiring
            }
        };
        self.keys.iter().rev().map(|key| (key, state(key))).collect()
    }

    /// Lets another key follow, none of those that are taken.
    pub fn rotate(&mut self, now: Timestamp, Rotation { ahead, overlap }: Rotation, taken: &[usize]) {
        let is_free = |turn: &usize| !taken.contains(&self.turn(*turn).index());
        let next = self.rotations + 1;
        self.rotations = (next..next + Self::IN_TURN).find(is_free).unwrap_or(next);
        let next = valid(self.turn(self.rotations));
        self.follow(now, ahead, overlap, next, false);
    }

    /// Lets the certificate of the signing key expire: it goes on signing under one whose time is over, as a provider does that forgot.
    pub fn expire(&mut self, now: Timestamp) {
        let key = self.signing(now).signer.key;
        self.follow(now, Millis(0), Millis(0), Signer { key, certificate: key.expired_certificate() }, true);
    }

    /// The keys for an artefact that is signed at a moment.
    #[must_use]
    pub fn signers(&self, at: Timestamp) -> Signers {
        let own = self.signing(at).signer;
        let past = |wanted: bool| {
            let is =
                |key: &&Key| key.expired == wanted && !key.is_offered(at) && key.signer.key.index() != own.key.index();
            self.keys.iter().rev().find(is).map(|key| key.signer)
        };
        let expired = self.turn(Self::IN_TURN - 2);
        Signers {
            own,
            rotated_out: past(false).unwrap_or_else(|| valid(self.turn(Self::IN_TURN - 1))),
            expired: past(true).unwrap_or_else(|| Signer { key: expired, certificate: expired.expired_certificate() }),
            foreign: self.foreign(),
        }
    }

    /// A key that was never handed out.
    #[must_use]
    pub fn foreign(&self) -> Signer {
        valid(Pool::at(self.first + Self::IN_TURN))
    }

    fn follow(&mut self, now: Timestamp, ahead: Millis, overlap: Millis, signer: Signer, expired: bool) {
        let signs_from = now.plus(ahead);
        for key in self.keys.iter_mut().filter(|key| key.signs_until.is_none()) {
            key.signs_until = Some(signs_from);
            key.offered_until = Some(signs_from.plus(overlap));
        }
        self.keys.push(Key { signer, offered_from: now, signs_from, signs_until: None, offered_until: None, expired });
        if self.keys.len() > Self::MOST {
            // The two of the beginning stay: forgeries need them.
            self.keys.remove(2);
        }
    }

    fn older(&mut self, by: Millis) {
        let earlier = |at: &mut Timestamp| at.0 = at.0.saturating_sub(by.0);
        for key in &mut self.keys {
            earlier(&mut key.offered_from);
            earlier(&mut key.signs_from);
            key.signs_until.iter_mut().for_each(earlier);
            key.offered_until.iter_mut().for_each(earlier);
        }
    }

    fn turn(&self, n: usize) -> &'static SigningKey {
        Pool::at(self.first + n % Self::IN_TURN)
    }
}

impl Key {
    fn is_offered(&self, at: Timestamp) -> bool {
        self.offered_from <= at && self.offered_until.is_none_or(|until| at < until)
    }
}

const fn flaw(how: JwsTampering) -> Flaw {
    match how {
        JwsTampering::AlgorithmHs256Certificate => Flaw::Hs256(PublicForm::Certificate),
        JwsTampering::AlgorithmHs256Der => Flaw::Hs256(PublicForm::Der),
        JwsTampering::AlgorithmHs256Jwk => Flaw::Hs256(PublicForm::Jwk),
        JwsTampering::AlgorithmHs256Pem => Flaw::Hs256(PublicForm::Pem),
        JwsTampering::AlgorithmMissing => Flaw::AlgorithmMissing,
        JwsTampering::AlgorithmNone => Flaw::Unsigned("none"),
        JwsTampering::AlgorithmNoneCapitalised => Flaw::Unsigned("None"),
        JwsTampering::AlgorithmNoneMixed => Flaw::Unsigned("nOnE"),
        JwsTampering::AlgorithmNoneUpper => Flaw::Unsigned("NONE"),
        JwsTampering::Base64urlBad => Flaw::Base64urlBad,
        JwsTampering::CritUnknown => Flaw::CritUnknown,
        JwsTampering::EmbeddedJku => Flaw::Embedded(Embedded::Jku),
        JwsTampering::EmbeddedJwk => Flaw::Embedded(Embedded::Jwk),
        JwsTampering::EmbeddedX5c => Flaw::Embedded(Embedded::X5c),
        JwsTampering::EmbeddedX5u => Flaw::Embedded(Embedded::X5u),
        JwsTampering::ForeignKey => Flaw::ForeignKey,
        JwsTampering::HeaderDuplicateKeys => Flaw::HeaderDuplicateKeys,
        JwsTampering::Huge => Flaw::Huge,
        JwsTampering::KeyExpired => Flaw::KeyExpired,
        JwsTampering::KeyRotatedOut => Flaw::KeyRotatedOut,
        JwsTampering::KeyUnknown => Flaw::KeyUnknown,
        JwsTampering::Padded => Flaw::Padded,
        JwsTampering::PayloadAltered => Flaw::PayloadAltered,
        JwsTampering::PayloadUnencoded => Flaw::PayloadUnencoded,
        JwsTampering::SegmentsFour => Flaw::SegmentsFour,
        JwsTampering::SegmentsTwo => Flaw::SegmentsTwo,
        JwsTampering::SignatureMissing => Flaw::SignatureMissing,
        JwsTampering::SignatureReplaced => Flaw::SignatureReplaced,
        JwsTampering::SignatureTruncated => Flaw::SignatureTruncated,
    }
}

/// The token for this sealing, wrong as a script wants it.
#[must_use]
pub fn seal(sealing: &Sealing<'_>, how: Option<JwsTampering>) -> String {
    how.map_or_else(|| sealing.honest(), |how| sealing.forged(flaw(how)))
}

fn valid(key: &'static SigningKey) -> Signer {
    Signer { key, certificate: key.certificate() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_312_800_000);
    const DAY: u64 = 86_400_000;

    fn states(ring: &Ring, at: Timestamp) -> Vec<KeyState> {
        ring.all(at).into_iter().map(|(_, state)| state).collect()
    }

    #[test]
    fn a_ring_begins_with_one_key_in_service() {
        let keys = Keys::default();
        let ring = keys.ring(&[1; 32], "default", "p");
        assert_eq!(states(&ring, NOW), [KeyState::Signing, KeyState::Withdrawn, KeyState::Expired]);
        assert_eq!(ring.offered(NOW).len(), 1);
        let again = Keys::default().ring(&[1; 32], "default", "p");
        assert_eq!(again.signing(NOW).signer.certificate.x5t(), ring.signing(NOW).signer.certificate.x5t());
        let Signers { own, rotated_out, expired, foreign } = ring.signers(NOW);
        let mut all: Vec<_> = [own, rotated_out, expired, foreign].map(|signer| signer.key.index()).into();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 4, "four different keys");
    }

    #[test]
    fn a_rotation_is_announced_overlaps_and_ends_on_the_virtual_clock() {
        let keys = Keys::default();
        let rotation = Rotation { ahead: Millis(7 * DAY), overlap: Millis(90 * DAY) };
        keys.change(&[1; 32], "s", "p", |ring| ring.rotate(NOW, rotation, &[]));
        let now =
            || keys.ring(&[1; 32], "s", "p").all(NOW).into_iter().map(|(_, state)| state).take(2).collect::<Vec<_>>();
        assert_eq!(now(), [KeyState::Announced, KeyState::Signing]);
        let before = keys.ring(&[1; 32], "s", "p").signing(NOW).signer.key.index();
        keys.older(Millis(7 * DAY));
        assert_eq!(now(), [KeyState::Signing, KeyState::Retiring]);
        let ring = keys.ring(&[1; 32], "s", "p");
        assert_ne!(ring.signing(NOW).signer.key.index(), before);
        assert_eq!(ring.signing(Timestamp(NOW.0 - DAY)).signer.key.index(), before, "what was signed then");
        assert_eq!(ring.offered(NOW).len(), 2);
        keys.older(Millis(90 * DAY));
        assert_eq!(now(), [KeyState::Signing, KeyState::Withdrawn]);
        assert_eq!(keys.ring(&[1; 32], "s", "p").signers(NOW).rotated_out.key.index(), before);
    }

    #[test]
    fn a_rotation_takes_no_key_of_another_ring_and_changes_none() {
        for seed in 0..64 {
            let (keys, secret) = (Keys::default(), [seed; 32]);
            let index = |purpose| keys.ring(&secret, "s", purpose).signing(NOW).signer.key.index();
            let before = index("p other");
            for n in 0..20 {
                keys.rotate(&secret, "s", "p one", Timestamp(NOW.0 - 20 + n), Rotation::default());
                assert_ne!(index("p one"), before, "{seed} {n}");
                assert_eq!(index("p other"), before, "{seed} {n}");
            }
        }
    }

    #[test]
    fn an_expired_certificate_goes_on_signing_until_the_next_rotation() {
        let mut ring = Ring::new(&[1; 32], "s", "p");
        let before = ring.signing(NOW).signer;
        ring.expire(NOW);
        let after = ring.signing(NOW).signer;
        assert_eq!(after.key.index(), before.key.index());
        assert_ne!(after.certificate.x5t(), before.certificate.x5t());
        for n in 0..40 {
            ring.rotate(Timestamp(NOW.0 + n), Rotation::default(), &[]);
            let signers = ring.signers(Timestamp(NOW.0 + n));
            assert!(ring.keys.len() <= Ring::MOST);
            assert_ne!(signers.foreign.key.index(), signers.own.key.index());
            assert_ne!(signers.rotated_out.key.index(), signers.own.key.index());
        }
        assert_eq!(states(&ring, Timestamp(NOW.0 + 40))[0], KeyState::Signing);
    }
}
