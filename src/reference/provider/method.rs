//! With what people authenticate.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::identity::Country;

/// With what the signer authenticates. Written in snake_case, as `se_bid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EidMethod {
    /// Swedish BankID.
    SeBid,
    /// Norwegian BankID.
    NoBid,
    /// The Danish eID: in version 2 of ZignSec, NemID.
    DkMitid,
    /// Finnish bank identification.
    FiBank,
    /// Freja eID, by a QR code that the signer scans.
    FrejaQr,
    /// Freja eID, in the app of whoever has the number that the signer types.
    FrejaSsn,
    /// Freja eID, in the app of whoever has the telephone number that the signer types.
    FrejaPhone,
    /// Freja eID, in the app of whoever has the signer's e-mail address.
    FrejaEmail,
    /// Smart-ID, in the app of whoever has the number that the signer types.
    SmartId,
    /// SwissID. It tells no national number, so that nobody can be bound who uses it.
    SwissId,
}

impl EidMethod {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::SeBid,
        Self::NoBid,
        Self::DkMitid,
        Self::FiBank,
        Self::FrejaQr,
        Self::FrejaSsn,
        Self::FrejaPhone,
        Self::FrejaEmail,
        Self::SmartId,
        Self::SwissId,
    ];

    /// The word for it in the service's API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SeBid => "se_bid",
            Self::NoBid => "no_bid",
            Self::DkMitid => "dk_mitid",
            Self::FiBank => "fi_bank",
            Self::FrejaQr => "freja_qr",
            Self::FrejaSsn => "freja_ssn",
            Self::FrejaPhone => "freja_phone",
            Self::FrejaEmail => "freja_email",
            Self::SmartId => "smart_id",
            Self::SwissId => "swiss_id",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn product(self) -> &'static str {
        match self {
            Self::SeBid => "Swedish BankID",
            Self::NoBid => "Norwegian BankID",
            Self::DkMitid => "the Danish eID",
            Self::FiBank => "Finnish bank identification",
            Self::FrejaQr | Self::FrejaSsn | Self::FrejaPhone | Self::FrejaEmail => "Freja",
            Self::SmartId => "Smart-ID",
            Self::SwissId => "SwissID",
        }
    }

    /// The countries whose people have it, the usual one first.
    #[must_use]
    pub const fn countries(self) -> &'static [Country] {
        match self {
            Self::SeBid => &[Country::Se],
            Self::NoBid => &[Country::No],
            Self::DkMitid => &[Country::Dk],
            Self::FiBank => &[Country::Fi],
            // "[ SE, NO, FI, DK ]": ZignSec's page on Freja.
            Self::FrejaQr | Self::FrejaSsn | Self::FrejaPhone | Self::FrejaEmail => {
                &[Country::Se, Country::No, Country::Dk, Country::Fi]
            }
            Self::SmartId => &[Country::Ee, Country::Lv, Country::Lt],
            Self::SwissId => &[],
        }
    }

    /// Whether people of this country have it.
    #[must_use]
    pub fn covers(self, country: Country) -> bool {
        self.countries().contains(&country)
    }
}

impl FromStr for EidMethod {
    type Err = UnknownMethod;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|method| method.word() == text).ok_or(UnknownMethod)
    }
}

/// The text is no [`EidMethod`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown method: expected a word such as se_bid, freja_qr or smart_id")]
pub struct UnknownMethod;
