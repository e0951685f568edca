//! What an authorization request asked for, read and judged. It never changes.

use serde::{Deserialize, Serialize};

use crate::identity::number::exposed;
use crate::identity::{Country, NationalNumber};
use crate::simulation::SessionId;

/// One order, as `/authorize` made it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The method of `acr_values`.
    pub method: Method,
    /// The issuer at that moment: what tokens name.
    pub issuer: String,
    /// `client_id`.
    pub client_id: String,
    /// `redirect_uri`: where the browser goes in the end. As it was sent, and registered.
    pub redirect_uri: String,
    /// `scope`: the words that are granted.
    pub scope: Vec<String>,
    /// `state`, to be echoed.
    pub state: Option<String>,
    /// `nonce`, to be echoed in the `id_token`.
    pub nonce: Option<String>,
    /// `code_challenge`, where PKCE is used.
    pub challenge: Option<Challenge>,
    /// The number in `login_hint`: `subject-…`. For Norway the number of who was born on `birthdate-…` and has `phone-…`.
    pub number: Option<Held>,
    /// `signicat_signtext`.
    pub text: Option<String>,
    /// The language of `ui_locales`.
    pub language: Language,
    /// Whether it was asked for in JSON: nobody's browser is involved then.
    pub headless: bool,
    /// The session whose cookie came along: this one shares its jar.
    pub jar: Option<SessionId>,
}

/// A number that serialises in clear, for dumps of sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Held(#[serde(with = "exposed")] pub NationalNumber);

/// The methods. The word is what follows `urn:signicat:oidc:method:`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Norwegian BankID on a mobile.
    NbidInapp,
    /// Norwegian BankID on a mobile, signing.
    NbidInappSign,
    /// Swedish BankID.
    #[default]
    SbidInapp,
    /// Swedish BankID, signing.
    SbidInappSign,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::NbidInapp, Self::NbidInappSign, Self::SbidInapp, Self::SbidInappSign];

    /// The method's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NbidInapp => "nbid-inapp",
            Self::NbidInappSign => "nbid-inapp-sign",
            Self::SbidInapp => "sbid-inapp",
            Self::SbidInappSign => "sbid-inapp-sign",
        }
    }

    /// The method's name in `acr_values` and `acr`.
    #[must_use]
    pub fn acr(self) -> String {
        format!("{ACR}{}", self.word())
    }

    /// The method of a value of `acr_values`.
    #[must_use]
    pub fn from_acr(acr: &str) -> Option<Self> {
        let word = acr.strip_prefix(ACR)?;
        Self::ALL.into_iter().find(|method| method.word() == word)
    }

    /// Whether a text is signed.
    #[must_use]
    pub const fn signs(self) -> bool {
        matches!(self, Self::NbidInappSign | Self::SbidInappSign)
    }

    /// The country whose people it authenticates, which is also its vocabulary.
    #[must_use]
    pub const fn country(self) -> Country {
        match self {
            Self::NbidInapp | Self::NbidInappSign => Country::No,
            Self::SbidInapp | Self::SbidInappSign => Country::Se,
        }
    }

    /// The method of the same country that does the other thing: for tokens that name the wrong one.
    #[must_use]
    pub const fn twin(self) -> Self {
        match self {
            Self::NbidInapp => Self::NbidInappSign,
            Self::NbidInappSign => Self::NbidInapp,
            Self::SbidInapp => Self::SbidInappSign,
            Self::SbidInappSign => Self::SbidInapp,
        }
    }
}

/// The languages of the waiting page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Norwegian.
    Nb,
    /// Swedish.
    Sv,
}

impl Language {
    /// The first language of `ui_locales` that the page has.
    #[must_use]
    pub fn of_locales(locales: &str) -> Self {
        let known = |code: &str| match code.split(['-', '_']).next()? {
            "en" => Some(Self::En),
            "nb" | "nn" | "no" => Some(Self::Nb),
            "sv" => Some(Self::Sv),
            _ => None,
        };
        locales.split_whitespace().find_map(known).unwrap_or_default()
    }

    /// The code, as HTML's `lang` wants it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Nb => "nb",
            Self::Sv => "sv",
        }
    }
}

/// PKCE, RFC 7636.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// `code_challenge_method`.
    pub method: ChallengeMethod,
    /// `code_challenge`.
    pub value: String,
}

/// How the challenge follows from the verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChallengeMethod {
    /// It is the verifier.
    Plain,
    /// base64url of the verifier's SHA-256.
    S256,
}

impl Order {
    /// The number asked for.
    #[must_use]
    pub fn number(&self) -> Option<&NationalNumber> {
        self.number.as_ref().map(|held| &held.0)
    }

    /// Whether a word of `scope` is granted.
    #[must_use]
    pub fn grants(&self, word: &str) -> bool {
        self.scope.iter().any(|granted| granted == word)
    }

    /// How many bytes it occupies, about.
    #[must_use]
    pub fn weight(&self) -> usize {
        let texts = [&self.state, &self.nonce, &self.text].into_iter().flatten();
        let always = [&self.issuer, &self.client_id, &self.redirect_uri].into_iter().chain(&self.scope);
        size_of::<Self>() + texts.chain(always).map(String::len).sum::<usize>()
    }
}

/// What `acr_values` begins with.
pub const ACR: &str = "urn:signicat:oidc:method:";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_found_by_its_name() {
        for method in Method::ALL {
            assert_eq!(Method::from_acr(&method.acr()), Some(method));
            assert_eq!(method.twin().twin(), method);
            assert_eq!(method.twin().country(), method.country());
            assert_ne!(method.twin().signs(), method.signs());
        }
        for unknown in ["", "sbid-inapp-sign", "urn:signicat:oidc:method:sbid", "urn:signicat:oidc:method:"] {
            assert_eq!(Method::from_acr(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_first_language_that_the_page_has_is_taken() {
        assert_eq!(Language::of_locales("fi sv-SE nb"), Language::Sv);
        assert_eq!(Language::of_locales("no"), Language::Nb);
        assert_eq!(Language::of_locales(""), Language::En);
    }
}
