//! What a set-up request asked for, read and judged. It never changes.

use serde::{Deserialize, Serialize};

use super::zignsec::Language;
use crate::identity::number::exposed;
use crate::identity::{Country, NationalNumber};

/// One order, as a POST made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The method of the address.
    pub method: Method,
    /// `countryCode`. For SwissID, whose people the register does not have: Sweden.
    pub country: Country,
    /// `identifierType`, for Smart-ID.
    pub identifier_type: Option<IdentifierType>,
    /// `identifier`, where it is a national number. Numbers of passports and identity cards are not kept.
    pub number: Option<Held>,
    /// `relayState`; the session's id stands in for it when it is absent.
    pub relay_state: Option<String>,
    /// `target`: where the browser goes after success. As it was sent.
    pub target: Option<String>,
    /// `targetError`: where it goes after cancel or error.
    pub target_error: Option<String>,
    /// `webhook` of this order.
    pub webhook: Option<String>,
    /// The text to sign, decoded.
    pub text: Option<String>,
    /// The known words of `scopes`.
    pub scopes: Scopes,
    /// `language`, of the page.
    pub language: Language,
    /// `acrValues`: kept, used for nothing.
    pub acr_values: Option<String>,
    /// `environment`: kept, used for nothing.
    pub environment: Option<String>,
    /// `allowRetries`: an attempt that failed may be followed by another.
    pub allow_retries: bool,
}

/// A number that serialises in clear, for dumps of sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Held(#[serde(with = "exposed")] pub NationalNumber);

/// The methods of v3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Smart-ID, authentication.
    SmartIdAuth,
    /// Smart-ID, signing.
    SmartIdSign,
    /// SwissID, in the browser.
    SwissId,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 3] = [Self::SmartIdAuth, Self::SmartIdSign, Self::SwissId];

    /// The path below `/v3/eid/`.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::SmartIdAuth => "smartid/auth",
            Self::SmartIdSign => "smartid/sign",
            Self::SwissId => "swissid",
        }
    }

    /// The method of a path, whatever its case.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.path().eq_ignore_ascii_case(path))
    }

    /// Whether the person goes to a page. Smart-ID calls the person's app.
    #[must_use]
    pub const fn in_browser(self) -> bool {
        match self {
            Self::SmartIdAuth | Self::SmartIdSign => false,
            Self::SwissId => true,
        }
    }
}

/// What `identifier` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentifierType {
    /// `NationalIdentityCardNumber`.
    NationalIdentityCardNumber,
    /// `PassportNumber`.
    PassportNumber,
    /// `PersonalNumber`.
    PersonalNumber,
}

impl IdentifierType {
    /// All types.
    pub const ALL: [Self; 3] = [Self::NationalIdentityCardNumber, Self::PassportNumber, Self::PersonalNumber];

    /// The documented word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NationalIdentityCardNumber => "NationalIdentityCardNumber",
            Self::PassportNumber => "PassportNumber",
            Self::PersonalNumber => "PersonalNumber",
        }
    }

    /// The type of a word, whatever its case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word))
    }
}

/// The words of `scopes` that have an effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scopes {
    /// `email`.
    pub email: bool,
    /// `phone`.
    pub phone: bool,
}

impl Order {
    /// The number asked for.
    #[must_use]
    pub fn number(&self) -> Option<&NationalNumber> {
        self.number.as_ref().map(|held| &held.0)
    }

    /// How many bytes it occupies, about.
    #[must_use]
    pub fn weight(&self) -> usize {
        let texts = [
            &self.relay_state,
            &self.target,
            &self.target_error,
            &self.webhook,
            &self.text,
            &self.acr_values,
            &self.environment,
        ];
        size_of::<Self>() + texts.into_iter().flatten().map(String::len).sum::<usize>()
    }
}
