//! What is told of a person, in Freja's shapes: beside the token and in it.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::order::{Attribute, Level, Order, User};
use super::qr;
use super::settings::Settings;
use super::wire::{Address, Attributes, BasicUserInfo, EmailAddress, PhoneNumber, PhotoFileInfo, Ssn};
use super::zignsec::dates;
use crate::crypto::mac;
use crate::crypto::unkeyed::Unkeyed;
use crate::identity::Person;
use crate::simulation::Timestamp;

/// Everything that a token claims, and what stands beside it.
#[derive(Clone, Debug)]
pub(super) struct Claims<'a> {
    /// `status`, in the token.
    pub(super) status: Option<&'static str>,
    /// `userInfoType` and `userInfo`.
    pub(super) user: (&'static str, Cow<'a, str>),
    /// `timestamp`, as it is written.
    pub(super) timestamp: u64,
    /// `minRegistrationLevel`.
    pub(super) level: Level,
    /// `authRef`, in the token.
    pub(super) auth_ref: String,
    /// `requestedAttributes`, in the token.
    pub(super) signed: Attributes<'a>,
    /// `requestedAttributes`, beside it.
    pub(super) outer: Attributes<'a>,
    /// `status`, beside it.
    pub(super) outer_status: &'static str,
}

/// Who tells, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Teller<'a> {
    pub(super) order: &'a Order,
    pub(super) settings: &'a Settings,
    pub(super) secret: &'a [u8; 32],
    pub(super) space: &'a str,
    /// When the person approved.
    pub(super) at: Timestamp,
}

impl<'a> Teller<'a> {
    /// What is claimed when nothing is wrong.
    pub(super) fn honest(&self, person: &'a Person, auth_ref: String) -> Claims<'a> {
        Claims {
            status: Some(APPROVED),
            user: self.user(),
            timestamp: self.at.0,
            level: self.order.level,
            auth_ref,
            signed: self.attributes(person, true),
            outer: self.attributes(person, false),
            outer_status: APPROVED,
        }
    }

    /// The attributes that were asked for, of this person.
    pub(super) fn attributes(&self, person: &'a Person, signed: bool) -> Attributes<'a> {
        let wants = |attribute| self.order.wants(attribute);
        let photo = wants(Attribute::Photo).then(|| qr::portrait(self.colour(person)));
        let (photo, photo_file_info) = match photo {
            Some(file) if signed => (None, Some(PhotoFileInfo { file_hash: hash(&file) })),
            Some(file) => (Some(STANDARD.encode(file).into()), None),
            None => (None, None),
        };
        Attributes {
            basic_user_info: wants(Attribute::BasicUserInfo).then(|| name(person)),
            email_address: wants(Attribute::EmailAddress).then(|| (&*person.email).into()),
            all_email_addresses: wants(Attribute::AllEmailAddresses)
                .then(|| vec![EmailAddress { email_address: (&*person.email).into() }]),
            all_phone_numbers: wants(Attribute::AllPhoneNumbers)
                .then(|| vec![PhoneNumber { phone_number: (&*person.phone).into() }]),
            date_of_birth: wants(Attribute::DateOfBirth).then(|| person.born.to_string().into()),
            age: wants(Attribute::Age).then(|| dates::age(person.born, self.at)),
            photo,
            photo_file_info,
            addresses: wants(Attribute::Addresses).then(|| addresses(person)),
            ssn: wants(Attribute::Ssn).then(|| ssn(person)),
            registration_level: wants(Attribute::RegistrationLevel).then(|| self.registration_level().word().into()),
            relying_party_user_id: wants(Attribute::RelyingPartyUserId)
                .then(|| self.technical(person, &format!("relying party {}", self.space)).into()),
            integrator_specific_user_id: wants(Attribute::IntegratorSpecificUserId)
                .then(|| self.technical(person, "integrator").into()),
            custom_identifier: wants(Attribute::CustomIdentifier).then(|| (&*person.person_id).into()),
        }
    }

    /// The order's demand is met: Freja lets nobody approve who does not.
    fn registration_level(&self) -> Level {
        self.settings.registration_level.0.max(self.order.level)
    }

    /// What the relying party knew: nothing is said of who came.
    fn user(&self) -> (&'static str, Cow<'a, str>) {
        match &self.order.user {
            User::Email(address) => ("EMAIL", address.as_str().into()),
            User::Inferred => ("INFERRED", "N/A".into()),
            User::Phone(phone) => ("PHONE", phone.as_str().into()),
            User::Ssn(held) => {
                let (country, number) = (held.0.country().code(), held.0.expose());
                ("SSN", user_info(number, country).into())
            }
        }
    }

    /// 64 upper-case digits of hexadecimal: the same for the same person and relying party.
    fn technical(&self, person: &Person, of: &str) -> String {
        let own = mac::derive(self.secret, "freja user id", &[of.as_bytes(), person.number.expose().as_bytes()]);
        hex::encode_upper(own)
    }

    fn colour(&self, person: &Person) -> [u8; 3] {
        let [r, g, b, ..] = mac::derive(self.secret, "portrait", &[person.name.as_bytes()]);
        [r, g, b]
    }
}

/// `{"ssn":"…","country":"SE"}`: the other way round than the attribute.
pub(super) fn user_info(number: &str, country: &str) -> String {
    format!(r#"{{"ssn":"{number}","country":"{country}"}}"#)
}

/// `ssn` of a person.
pub(super) fn ssn(person: &Person) -> Ssn<'_> {
    Ssn { country: person.number.country().code().into(), ssn: person.number.expose().into() }
}

/// `basicUserInfo` of a person.
pub(super) fn name(person: &Person) -> BasicUserInfo<'_> {
    BasicUserInfo { name: (&*person.given).into(), surname: (&*person.family).into() }
}

fn addresses(person: &Person) -> Vec<Address<'_>> {
    let address = |address: &crate::identity::Address| Address {
        country: person.number.country().code().into(),
        city: address.city.clone().into(),
        post_code: address.postal_code.replace(' ', "").into(),
        address1: address.street.clone().into(),
        address2: "".into(),
        address3: "".into(),
        valid_from: "2020-01-01".into(),
        kind: "RESIDENTIAL".into(),
        source_type: "GOVERNMENT_REGISTRY".into(),
    };
    person.address.iter().map(address).collect()
}

fn hash(file: &[u8]) -> String {
    hex::encode(Unkeyed::Sha256.digest(file).unwrap_or_default())
}

pub(super) const APPROVED: &str = "APPROVED";
