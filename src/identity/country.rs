//! The seven countries whose national numbers are known.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A country, written as its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Country {
    /// Denmark: CPR number.
    Dk,
    /// Estonia: isikukood.
    Ee,
    /// Finland: henkilötunnus.
    Fi,
    /// Lithuania: asmens kodas.
    Lt,
    /// Latvia: personas kods.
    Lv,
    /// Norway: fødselsnummer, D-number, H-number.
    No,
    /// Sweden: personnummer, samordningsnummer.
    Se,
}

impl Country {
    /// All of them, by code.
    pub const ALL: [Self; 7] = [Self::Dk, Self::Ee, Self::Fi, Self::Lt, Self::Lv, Self::No, Self::Se];

    /// The code in upper case, such as `SE`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dk => "DK",
            Self::Ee => "EE",
            Self::Fi => "FI",
            Self::Lt => "LT",
            Self::Lv => "LV",
            Self::No => "NO",
            Self::Se => "SE",
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for Country {
    type Err = UnknownCountry;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|country| country.code().eq_ignore_ascii_case(text)).ok_or(UnknownCountry)
    }
}

/// The text is not the code of one of the seven countries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown country: expected one of DK, EE, FI, LT, LV, NO, SE")]
pub struct UnknownCountry;
