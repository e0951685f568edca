//! The two languages in which features are written and answered.

use std::fmt;
use std::str::FromStr;

/// A language of features, steps and messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Swedish.
    Sv,
}

impl Language {
    /// The code in a feature's first line: `# language: sv`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Sv => "sv",
        }
    }

    /// The language of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        [Self::En, Self::Sv].into_iter().find(|language| language.code() == code)
    }

    /// One of two texts.
    #[must_use]
    pub const fn pick<'a>(self, en: &'a str, sv: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Sv => sv,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A language that nothing is written in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown language `{0}`: expected en or sv")]
pub struct UnknownLanguage(String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(code: &str) -> Result<Self, UnknownLanguage> {
        Self::of(code).ok_or_else(|| UnknownLanguage(code.to_owned()))
    }
}
