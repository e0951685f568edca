//! The languages of the hosted pages.

use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};

/// The languages of the hosted page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Language {
    /// Danish.
    Da,
    /// English; the documented default.
    #[default]
    En,
    /// Finnish.
    Fi,
    /// Norwegian.
    No,
    /// Swedish.
    Sv,
}

impl Language {
    /// The language of an ISO 639-1 code, whatever its case.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        const CODES: [(&str, Language); 7] = [
            ("da", Language::Da),
            ("en", Language::En),
            ("fi", Language::Fi),
            ("nb", Language::No),
            ("nn", Language::No),
            ("no", Language::No),
            ("sv", Language::Sv),
        ];
        CODES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, language)| language)
    }

    /// The language a browser prefers, for pages that belong to no session.
    pub(in crate::providers) fn preferred(head: &HeaderMap) -> Self {
        let accepted = head.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let codes = accepted.split(',').map(|range| range.split([';', '-']).next().unwrap_or_default().trim());
        codes.filter_map(Self::from_code).next().unwrap_or_default()
    }

    /// The code in lower case, as HTML's `lang` wants it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Da => "da",
            Self::En => "en",
            Self::Fi => "fi",
            Self::No => "no",
            Self::Sv => "sv",
        }
    }
}
