//! What is asked for, in Signicat's words.

use serde::{Deserialize, Serialize};

use crate::identity::Country;
use crate::reference::provider::EidMethod;

/// What is asked for in `acr_values`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Method {
    NbidInapp,
    NbidInappSign,
    SbidInapp,
    SbidInappSign,
}

impl Method {
    pub(super) fn of(method: EidMethod, signs: bool) -> Option<Self> {
        match (method, signs) {
            (EidMethod::NoBid, false) => Some(Self::NbidInapp),
            (EidMethod::NoBid, true) => Some(Self::NbidInappSign),
            (EidMethod::SeBid, false) => Some(Self::SbidInapp),
            (EidMethod::SeBid, true) => Some(Self::SbidInappSign),
            (
                EidMethod::DkMitid
                | EidMethod::FiBank
                | EidMethod::FrejaEmail
                | EidMethod::FrejaPhone
                | EidMethod::FrejaQr
                | EidMethod::FrejaSsn
                | EidMethod::SmartId
                | EidMethod::SwissId,
                true | false,
            ) => None,
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::NbidInapp => "nbid-inapp",
            Self::NbidInappSign => "nbid-inapp-sign",
            Self::SbidInapp => "sbid-inapp",
            Self::SbidInappSign => "sbid-inapp-sign",
        }
    }

    pub(super) fn acr(self) -> String {
        format!("urn:signicat:oidc:method:{}", self.word())
    }

    pub(super) const fn is_swedish(self) -> bool {
        matches!(self, Self::SbidInapp | Self::SbidInappSign)
    }

    pub(super) const fn signs(self) -> bool {
        matches!(self, Self::NbidInappSign | Self::SbidInappSign)
    }

    pub(super) const fn country(self) -> Country {
        if self.is_swedish() { Country::Se } else { Country::No }
    }
}
