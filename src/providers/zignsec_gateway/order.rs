//! What a request for a session asked for, read and judged. It never changes.

use serde::{Deserialize, Serialize};

use super::zignsec::Language;
use crate::identity::number::exposed;
use crate::identity::{Country, NationalNumber};

/// One order, as `POST /core/api/sessions/identity_verification/{method}` made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The method of the address.
    pub method: Method,
    /// What the relying party knows of the person: `metadata.user_info`.
    pub user: User,
    /// Whose order it is, where that is known: the number of `user_info`, or of who has the address or the telephone named there.
    pub number: Option<Held>,
    /// The country whose people are expected.
    pub country: Country,
    /// `metadata.attributes_to_return`, each once, in the order asked for.
    pub attributes: Vec<Attribute>,
    /// `metadata.min_registration_level`.
    pub level: Level,
    /// `locale`, of which a hosted page takes its language.
    pub language: Language,
    /// `redirect_success`. As it was sent.
    pub redirect_success: Option<String>,
    /// `redirect_failure`.
    pub redirect_failure: Option<String>,
    /// `relay_state`: comes back in webhooks.
    pub relay_state: Option<String>,
    /// `webhook`.
    pub webhook: Option<String>,
}

/// A number that serialises in clear, for dumps of sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Held(#[serde(with = "exposed")] pub NationalNumber);

/// The methods of the gateway, by their words in the address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Swedish BankID with a hosted page. Seen in client code.
    BankidSe,
    /// Freja, found by an e-mail address.
    FrejaIdEmail,
    /// Freja, found by a telephone number.
    FrejaIdPhone,
    /// Freja, whoever scans the code.
    FrejaIdQr,
    /// Freja, found by a national number.
    #[default]
    FrejaIdSsn,
}

/// What the relying party knows of the person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum User {
    /// An e-mail address.
    Email(String),
    /// Nothing: whoever scans the code.
    #[default]
    Inferred,
    /// A telephone number.
    Phone(String),
    /// A national number.
    Ssn(Held),
}

/// What a relying party can ask to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Attribute {
    /// `addresses`.
    Addresses,
    /// `age`.
    Age,
    /// `allEmailAddresses`.
    AllEmailAddresses,
    /// `allPhoneNumbers`.
    AllPhoneNumbers,
    /// `basicUserInfo`.
    BasicUserInfo,
    /// `customIdentifier`.
    CustomIdentifier,
    /// `dateOfBirth`.
    DateOfBirth,
    /// `emailAddress`.
    EmailAddress,
    /// `integratorSpecificUserId`.
    IntegratorSpecificUserId,
    /// `photo`.
    Photo,
    /// `registrationLevel`.
    RegistrationLevel,
    /// `relyingPartyUserId`.
    RelyingPartyUserId,
    /// `ssn`.
    Ssn,
}

/// How well Freja knows a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// An e-mail address; the default of Freja.
    #[default]
    Basic,
    /// An identity document.
    Extended,
    /// An identity document, checked in person.
    Plus,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 5] =
        [Self::BankidSe, Self::FrejaIdEmail, Self::FrejaIdPhone, Self::FrejaIdQr, Self::FrejaIdSsn];

    /// The word in the address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::BankidSe => "bankid_se",
            Self::FrejaIdEmail => "freja_id_email",
            Self::FrejaIdPhone => "freja_id_phone",
            Self::FrejaIdQr => "freja_id_qr",
            Self::FrejaIdSsn => "freja_id_ssn",
        }
    }

    /// The method of a word, whatever its case.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.word().eq_ignore_ascii_case(word))
    }

    /// Whether it is Freja's.
    #[must_use]
    pub const fn is_freja(self) -> bool {
        match self {
            Self::BankidSe => false,
            Self::FrejaIdEmail | Self::FrejaIdPhone | Self::FrejaIdQr | Self::FrejaIdSsn => true,
        }
    }
}

impl Attribute {
    /// All attributes, in the order of the documents.
    pub const ALL: [Self; 13] = [
        Self::BasicUserInfo,
        Self::EmailAddress,
        Self::AllEmailAddresses,
        Self::AllPhoneNumbers,
        Self::DateOfBirth,
        Self::Age,
        Self::Photo,
        Self::Addresses,
        Self::Ssn,
        Self::RegistrationLevel,
        Self::RelyingPartyUserId,
        Self::IntegratorSpecificUserId,
        Self::CustomIdentifier,
    ];

    /// The word in requests.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Addresses => "ADDRESSES",
            Self::Age => "AGE",
            Self::AllEmailAddresses => "ALL_EMAIL_ADDRESSES",
            Self::AllPhoneNumbers => "ALL_PHONE_NUMBERS",
            Self::BasicUserInfo => "BASIC_USER_INFO",
            Self::CustomIdentifier => "CUSTOM_IDENTIFIER",
            Self::DateOfBirth => "DATE_OF_BIRTH",
            Self::EmailAddress => "EMAIL_ADDRESS",
            Self::IntegratorSpecificUserId => "INTEGRATOR_SPECIFIC_USER_ID",
            Self::Photo => "PHOTO",
            Self::RegistrationLevel => "REGISTRATION_LEVEL",
            Self::RelyingPartyUserId => "RELYING_PARTY_USER_ID",
            Self::Ssn => "SSN",
        }
    }

    /// Whether Freja's client says that it needs a level above BASIC.
    #[must_use]
    pub const fn needs_more_than_basic(self) -> bool {
        match self {
            Self::Addresses | Self::Age | Self::BasicUserInfo | Self::DateOfBirth | Self::Photo | Self::Ssn => true,
            Self::AllEmailAddresses
            | Self::AllPhoneNumbers
            | Self::CustomIdentifier
            | Self::EmailAddress
            | Self::IntegratorSpecificUserId
            | Self::RegistrationLevel
            | Self::RelyingPartyUserId => false,
        }
    }
}

impl Level {
    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Basic => "BASIC",
            Self::Extended => "EXTENDED",
            Self::Plus => "PLUS",
        }
    }
}

impl Order {
    /// The number of whose order it is.
    #[must_use]
    pub fn number(&self) -> Option<&NationalNumber> {
        self.number.as_ref().map(|held| &held.0)
    }

    /// Whether an attribute is to be returned.
    #[must_use]
    pub fn wants(&self, attribute: Attribute) -> bool {
        self.attributes.contains(&attribute)
    }

    /// How many bytes it occupies, about.
    #[must_use]
    pub fn weight(&self) -> usize {
        let texts = [&self.redirect_success, &self.redirect_failure, &self.relay_state, &self.webhook];
        size_of::<Self>() + self.attributes.len() + texts.into_iter().flatten().map(String::len).sum::<usize>()
    }
}
