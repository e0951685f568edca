//! Ways to get it wrong, each by a name that says what it does.
//!
//! A flaw is a few lines where the correct code decides. It passes the happy path, and breaks only what it says: what it is about, and `also`
//! what follows from that.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::Variant;

mod all;

pub use all::Flaw;

impl Flaw {
    /// Whether a check of this requirement may fail because of it, although it is about something else.
    #[must_use]
    pub fn implies(self, requirement: &str) -> bool {
        self.follows().iter().any(|follows| *follows == "*" || requirement.starts_with(follows))
    }

    /// The provider at which alone it shows, in snake_case; none where every provider shows it, or several do.
    #[must_use]
    pub fn provider(self) -> Option<&'static str> {
        let is_openid = matches!(
            self,
            Self::AcceptsPlainClaimsInAJwe
                | Self::BindsCodesToNothing
                | Self::CachesKeysForEver
                | Self::ClosesOnForeignErrors
                | Self::FollowsTheCompleteUrlAnywhere
                | Self::IgnoresAtHash
                | Self::IgnoresIssuer
                | Self::IgnoresIssuerOfTheAnswer
                | Self::IgnoresNonce
                | Self::IgnoresState
                | Self::IgnoresTheSignedText
                | Self::IgnoresTheSigner
                | Self::KeysOutageSkipsTheSignature
                | Self::SkipsAudience
                | Self::SkipsExpiry
                | Self::SkipsTheSealOfTheDocument
                | Self::SkipsTheSignedDocument
                | Self::SkipsTheTagOfEncryptedTokens
                | Self::TakesAnybodysUserinfo
                | Self::TellsWhatDoesNotDecrypt
                | Self::TreatsCompleteAsProof
        );
        let is_of_freja = matches!(
            self,
            Self::IgnoresTheAuthRef
                | Self::IgnoresTheSignedStatus
                | Self::KeepsARotatedCertificateForEver
                | Self::ReadsTheHintInTheSignedIdentity
                | Self::TakesAnyRegistrationLevel
                | Self::TakesAnyUserInfoForANumber
                | Self::TakesExpiredCertificates
                | Self::TakesIdentitiesFromTheFuture
                | Self::TakesSecondsForMilliseconds
                | Self::TakesUnknownCertificates
                | Self::TrustsTheUnsignedNeighbours
                | Self::TrustsWhenCertificatesAreUnavailable
        );
        match (is_openid, is_of_freja) {
            (true, _) => Some("signicat"),
            (_, true) => Some("zignsec_gateway"),
            (false, false) => None,
        }
    }

    /// The design in which it shows; none for the default one.
    #[must_use]
    pub fn variant(self) -> Option<Variant> {
        // Who was asked for is known only where the signer types it.
        matches!(self, Self::KeepsWrongSignature | Self::TreatsCompleteAsProof).then_some(Variant::OneStep)
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Flaw {
    type Err = UnknownFlaw;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().copied().find(|flaw| flaw.name() == text);
        found.ok_or_else(|| UnknownFlaw { name: text.chars().take(60).collect() })
    }
}

/// There is no flaw of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no flaw `{name}`: `motpart flaws` lists them")]
pub struct UnknownFlaw {
    /// What was asked for, at most 60 characters.
    pub name: String,
}

/// The flaws that are switched on. None by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flaws(BTreeSet<Flaw>);

impl Flaws {
    /// Whether this one is on.
    #[must_use]
    pub fn has(&self, flaw: Flaw) -> bool {
        self.0.contains(&flaw)
    }

    /// Those that are on, by name.
    pub fn iter(&self) -> impl Iterator<Item = Flaw> {
        self.0.iter().copied()
    }

    /// Whether any of these is on.
    #[must_use]
    pub fn any(&self, flaws: &[Flaw]) -> bool {
        flaws.iter().any(|flaw| self.has(*flaw))
    }
}

impl FromIterator<Flaw> for Flaws {
    fn from_iter<I: IntoIterator<Item = Flaw>>(flaws: I) -> Self {
        Self(flaws.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flaw_has_a_name_of_its_own() {
        let names: BTreeSet<_> = Flaw::ALL.iter().map(|flaw| flaw.name()).collect();
        assert_eq!(names.len(), Flaw::ALL.len());
        for flaw in Flaw::ALL {
            assert_eq!(flaw.name().parse(), Ok(*flaw));
            assert!(flaw.name().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{flaw}");
            assert!(flaw.requirements().iter().all(|r| r.len() == 7 && r.as_bytes()[3] == b'-'), "{flaw}");
        }
        assert!("nonsense".parse::<Flaw>().is_err());
    }

    #[test]
    fn what_follows_from_a_flaw_is_said_by_requirement_group_or_at_large() {
        assert!(Flaw::ComparesLastFourDigits.implies("NRM-017") && Flaw::ComparesLastFourDigits.implies("XCK-003"));
        assert!(!Flaw::ComparesLastFourDigits.implies("XCK-002"));
        assert!(Flaw::NeverCompares.implies("TOK-017") && !Flaw::AcceptsAlgorithmNone.implies("TOK-005"));
        let is_known = |follows: &&str| {
            ["*", "declarations"].contains(follows)
                || ([4, 7].contains(&follows.len()) && follows.as_bytes()[3] == b'-')
        };
        for flaw in Flaw::ALL {
            assert!(flaw.follows().iter().all(is_known), "{flaw}");
            assert!(!flaw.follows().iter().any(|follows| flaw.requirements().contains(follows)), "{flaw}");
        }
    }
}
