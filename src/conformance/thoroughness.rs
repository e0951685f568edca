//! How often what only a race shows is played.

use std::fmt;
use std::str::FromStr;

/// How often a scenario with `@repeat` is played: what only a race shows does not show every time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Thoroughness {
    /// As often as its tag says; the bundled ones say 5.
    #[default]
    Quick,
    /// Six times as often: the bundled ones 30 times.
    Normal,
    /// Forty times as often: the bundled ones 200 times.
    Deep,
}

impl Thoroughness {
    const ALL: [Self; 3] = [Self::Quick, Self::Normal, Self::Deep];

    /// How many times as often as the tag says.
    pub(super) const fn times(self) -> usize {
        match self {
            Self::Quick => 1,
            Self::Normal => 6,
            Self::Deep => 40,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Normal => "normal",
            Self::Deep => "deep",
        }
    }
}

impl fmt::Display for Thoroughness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The text is no [`Thoroughness`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown thoroughness `{0}`: expected quick, normal or deep")]
pub struct UnknownThoroughness(String);

impl FromStr for Thoroughness {
    type Err = UnknownThoroughness;

    fn from_str(word: &str) -> Result<Self, UnknownThoroughness> {
        Self::ALL.into_iter().find(|one| one.word() == word).ok_or_else(|| UnknownThoroughness(word.to_owned()))
    }
}
