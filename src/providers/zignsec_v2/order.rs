//! What a set-up request asked for, read and judged. It never changes.

use serde::{Deserialize, Serialize};

pub use super::super::zignsec::Language;
use crate::identity::number::exposed;
use crate::identity::{Country, NationalNumber};

/// One order, as `POST /v2/eid/{selector}` made it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The method of the address.
    pub method: Method,
    /// `personalnumber`, or the number in `login_hint`.
    pub number: Option<Held>,
    /// `relaystate`; the session's id stands in for it when it is absent.
    pub relaystate: Option<String>,
    /// `configid`, a GUID.
    pub configid: Option<String>,
    /// `target`: where the browser goes after success. As it was sent.
    pub target: Option<String>,
    /// `targetError`: where it goes after cancel or error.
    pub target_error: Option<String>,
    /// `webhook` of this order.
    pub webhook: Option<String>,
    /// `layout`, such as `Layout3`.
    pub layout: Option<String>,
    /// `language`, or the account's default.
    pub language: Language,
    /// `custom`: kept, used for nothing.
    pub custom: Option<String>,
    /// `AskForCpr`: the page asks for the CPR number after the log-in.
    pub ask_for_cpr: bool,
    /// `AskForCprCallback`: asked whether the page shall.
    pub ask_for_cpr_callback: Option<String>,
    /// `login_hint`, or what the selector implies.
    pub login_hint: LoginHint,
    /// `userVisibleData`, decoded: the text to sign.
    pub text: Option<String>,
    /// Whether `userNonVisibleData` was sent. Its content comes back nowhere in v2.
    pub hidden_data: bool,
    /// `lookupPersonAddress`.
    pub lookup_person_address: bool,
    /// `requirement.AutoStartTokenRequired`: the page shows a QR code.
    pub auto_start_required: bool,
    /// `allowRetries`: an attempt that failed may be followed by another.
    pub allow_retries: bool,
    /// The known words of `Scope`.
    pub scope: Scope,
    /// `PEP_Check`.
    pub pep_check: Option<PepCheck>,
    /// `Additional_identity_info`.
    pub additional_identity_info: bool,
    /// `CustomerPersonId`, to be echoed.
    pub customer_person_id: Option<String>,
}

/// A number that serialises in clear, for dumps of sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Held(#[serde(with = "exposed")] pub NationalNumber);

/// The methods of v2. `selector` is the word in the address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// `dk`, `fi`, `no`, `se`: the person chooses among the country's methods.
    Chooser(Country),
    /// Finnish bank identification.
    Fbid,
    /// Norwegian BankID on the web; forwards to `nbid_oidc`.
    Nbid,
    /// Norwegian BankID on a mobile; forwards to `nbid_oidc`.
    NbidMobile,
    /// Norwegian BankID.
    NbidOidc,
    /// Norwegian BankID with a check for politically exposed persons.
    NbidPep,
    /// Danish NemID.
    Nemid,
    /// Swedish BankID on the same device.
    Sbid,
    /// Swedish BankID on any device.
    #[default]
    SbidAnother,
    /// Swedish BankID, signing.
    SbidSign,
}

impl Method {
    /// All methods that are no chooser, by selector.
    pub const ALL: [Self; 9] = [
        Self::Fbid,
        Self::Nbid,
        Self::NbidMobile,
        Self::NbidOidc,
        Self::NbidPep,
        Self::Nemid,
        Self::Sbid,
        Self::SbidAnother,
        Self::SbidSign,
    ];

    /// The word in the address, in lower case.
    #[must_use]
    pub const fn selector(self) -> &'static str {
        match self {
            Self::Chooser(Country::Dk) => "dk",
            Self::Chooser(Country::Ee) => "ee",
            Self::Chooser(Country::Fi) => "fi",
            Self::Chooser(Country::Lt) => "lt",
            Self::Chooser(Country::Lv) => "lv",
            Self::Chooser(Country::No) => "no",
            Self::Chooser(Country::Se) => "se",
            Self::Fbid => "fbid",
            Self::Nbid => "nbid",
            Self::NbidMobile => "nbid_mobile",
            Self::NbidOidc => "nbid_oidc",
            Self::NbidPep => "nbid_pep",
            Self::Nemid => "nemid",
            Self::Sbid => "sbid",
            Self::SbidAnother => "sbid-another",
            Self::SbidSign => "sbid-sign",
        }
    }

    /// The country whose people it authenticates.
    #[must_use]
    pub const fn country(self) -> Country {
        match self {
            Self::Chooser(country) => country,
            Self::Fbid => Country::Fi,
            Self::Nbid | Self::NbidMobile | Self::NbidOidc | Self::NbidPep => Country::No,
            Self::Nemid => Country::Dk,
            Self::Sbid | Self::SbidAnother | Self::SbidSign => Country::Se,
        }
    }

    /// What a chooser offers, the first one being what happens when nobody chooses. Inferred: the documents show no chooser.
    #[must_use]
    pub const fn of_country(country: Country) -> &'static [Self] {
        match country {
            Country::Dk => &[Self::Nemid],
            Country::Fi => &[Self::Fbid],
            Country::No => &[Self::NbidOidc, Self::Nbid, Self::NbidMobile],
            Country::Se => &[Self::SbidAnother, Self::Sbid],
            Country::Ee | Country::Lt | Country::Lv => &[],
        }
    }

    /// The method of a selector, whatever its case. `sbid_another` is how the documents' introduction spells `sbid-another`.
    #[must_use]
    pub fn from_selector(selector: &str) -> Option<Self> {
        let of_country = || {
            let country = selector.parse().ok().filter(|country| !Self::of_country(*country).is_empty())?;
            Some(Self::Chooser(country))
        };
        match Self::ALL.into_iter().find(|method| method.selector().eq_ignore_ascii_case(selector)) {
            Some(method) => Some(method),
            None if selector.eq_ignore_ascii_case("sbid_another") => Some(Self::SbidAnother),
            None => of_country(),
        }
    }
}

/// The two ways of Norwegian BankID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// `BIM`: on a mobile.
    Mobile,
    /// `BID`: on the web.
    Web,
}

/// `login_hint`: `BID`, `BIM`, `BID:<11>`, `BIM:<11>`, `:<11>`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginHint {
    /// The way that is given; `None` lets the person choose.
    pub channel: Option<Channel>,
    /// Whether the first page is skipped: it is for `BID:<11>` and `BIM:<11>`, not for `:<11>`.
    pub skips_first_page: bool,
}

/// The words of `Scope` that are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// `nnin`: the number, after consent.
    pub nnin: bool,
    /// `nnin_altsub`: the technical key, without consent.
    pub nnin_altsub: bool,
    /// `address`.
    pub address: bool,
    /// `phone`.
    pub phone: bool,
    /// `email`.
    pub email: bool,
}

impl Scope {
    /// Whether the page asks for consent: the documents name it for all but `nnin_altsub`.
    #[must_use]
    pub const fn needs_consent(self) -> bool {
        self.nnin || self.address || self.phone || self.email
    }
}

/// `PEP_Check`: the members whose names the documents give.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PepCheck {
    /// `Environment`.
    pub environment: Option<String>,
    /// `DataSource`.
    pub data_source: Option<String>,
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
            &self.relaystate,
            &self.configid,
            &self.target,
            &self.target_error,
            &self.webhook,
            &self.layout,
            &self.custom,
            &self.ask_for_cpr_callback,
            &self.text,
            &self.customer_person_id,
        ];
        size_of::<Self>() + texts.into_iter().flatten().map(String::len).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_selector_is_found_in_any_case() {
        for method in Method::ALL {
            assert_eq!(Method::from_selector(&method.selector().to_uppercase()), Some(method));
        }
        assert_eq!(Method::from_selector("sbid_another"), Some(Method::SbidAnother));
        assert_eq!(Method::from_selector("No"), Some(Method::Chooser(Country::No)));
        for unknown in ["", "ee", "xx", "sbid_sign", "nbid-oidc", "swissid"] {
            assert_eq!(Method::from_selector(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_chooser_offers_methods_of_its_country() {
        for country in Country::ALL {
            assert!(Method::of_country(country).iter().all(|method| method.country() == country));
        }
    }
}
