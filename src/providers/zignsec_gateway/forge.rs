//! Results and tokens that are wrong on purpose: what they claim, and what only their bytes can say. Seals are the simulation's.

use super::claims::{self, APPROVED, Claims};
use super::order::Level;
use super::wire::{Outcome, Ssn};
use super::zignsec::json::doubled;
use super::zignsec::wrong::{self, DAY};
use super::{ZignsecGateway, say};
use crate::identity::{Country, NationalNumber, Person};
use crate::script::{IdentityTampering, JwsTampering, SignedIdentityTampering, Tampering};
use crate::simulation::{Session, Timestamp};

/// What of a told end is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// The result as a whole, under a right signature.
    Identity(IdentityTampering),
    /// The token's form, key or signature.
    Jws(JwsTampering),
    /// What the token claims, or what stands beside it.
    Signed(SignedIdentityTampering),
}

/// The wrong that a tampering does to a result, if it does any.
pub(super) const fn wrong_of(how: Tampering) -> Option<Wrong> {
    match how {
        Tampering::Identity(how) => Some(Wrong::Identity(how)),
        Tampering::Jws(_, how) => Some(Wrong::Jws(how)),
        Tampering::SignedIdentity(how) => Some(Wrong::Signed(how)),
        Tampering::Callback(_)
        | Tampering::IdToken(_)
        | Tampering::Jwe(..)
        | Tampering::KeySet(_)
        | Tampering::Sdo(_)
        | Tampering::Userinfo(_)
        | Tampering::Webhook(_) => None,
    }
}

impl Wrong {
    /// Under which name a token of this kind is kept.
    pub(super) fn name(self) -> String {
        match self {
            Self::Identity(how) => format!("identity/{how}"),
            Self::Jws(how) => format!("seal/{how}"),
            Self::Signed(how) => format!("claims/{how}"),
        }
    }

    /// What is wrong with the seal.
    pub(super) const fn seal(self) -> Option<JwsTampering> {
        match self {
            Self::Jws(how) => Some(how),
            Self::Identity(_) | Self::Signed(_) => None,
        }
    }

    /// Whose result it is, where it is somebody else's altogether.
    pub(super) fn person<'a>(self, session: &'a Session<ZignsecGateway>, person: &'a Person) -> &'a Person {
        if self == Self::Identity(IdentityTampering::PersonSwapped) {
            wrong::somebody_else(session, person)
        } else {
            person
        }
    }
}

/// Changes what a result and its token claim.
pub(super) fn claims<'a>(claims: &mut Claims<'a>, how: Wrong, person: &'a Person, telling: &say::Telling<'a>) {
    match how {
        Wrong::Identity(how) => identity(claims, how, person, telling),
        Wrong::Jws(_) => {}
        Wrong::Signed(how) => signed(claims, how, person, telling),
    }
}

fn identity<'a>(told: &mut Claims<'a>, how: IdentityTampering, person: &'a Person, telling: &say::Telling<'a>) {
    let session = telling.session;
    let mut spell = |spelling: fn(&NationalNumber, Timestamp) -> String| {
        let text = spelling(&person.number, telling.at());
        for ssn in [&mut told.signed.ssn, &mut told.outer.ssn].into_iter().flatten() {
            ssn.ssn = text.clone().into();
        }
    };
    match how {
        IdentityTampering::CountrySwapped => {
            for ssn in [&mut told.signed.ssn, &mut told.outer.ssn].into_iter().flatten() {
                other_country(ssn);
            }
        }
        IdentityTampering::MethodSwapped => told.user = other_method(told.user.0),
        IdentityTampering::NameOfRequested => {
            for name in [&mut told.signed.basic_user_info, &mut told.outer.basic_user_info].into_iter().flatten() {
                *name = claims::name(&session.cast.requested);
            }
        }
        IdentityTampering::NumberEmpty => spell(|_, _| String::new()),
        IdentityTampering::NumberFromRequest => {
            (told.signed.ssn, told.outer.ssn) = (None, None);
            told.user = requested(session);
        }
        IdentityTampering::NumberHyphenated => spell(wrong::hyphenated),
        IdentityTampering::NumberInPersonId => {
            (told.signed.ssn, told.outer.ssn) = (None, None);
            for attributes in [&mut told.signed, &mut told.outer] {
                attributes.relying_party_user_id = Some(person.number.expose().into());
                attributes.custom_identifier = Some(person.number.expose().into());
            }
        }
        IdentityTampering::NumberMissing => (told.signed.ssn, told.outer.ssn) = (None, None),
        IdentityTampering::NumberPadded => spell(wrong::padded),
        IdentityTampering::NumberTenDigits => spell(wrong::ten_digits),
        IdentityTampering::PendingBesideIdentity => told.outer_status = "DELIVERED_TO_MOBILE",
        IdentityTampering::RegisterOfSomeoneElse => {
            let other = telling.teller().attributes(wrong::somebody_else(session, person), false).addresses;
            (told.signed.addresses, told.outer.addresses) = (other.clone(), other);
        }
        IdentityTampering::Stale => told.timestamp = told.timestamp.saturating_sub(DAY),
        IdentityTampering::StateUnknown => told.outer_status = "DONE",
        // Person and bytes are chosen elsewhere; the rest is of the answer around.
        IdentityTampering::ErrorBesideIdentity
        | IdentityTampering::FinishedWithoutIdentity
        | IdentityTampering::NumberAsArray
        | IdentityTampering::NumberDuplicated
        | IdentityTampering::OtherId
        | IdentityTampering::PersonSwapped => {}
    }
}

fn signed<'a>(told: &mut Claims<'a>, how: SignedIdentityTampering, person: &'a Person, telling: &say::Telling<'a>) {
    let session = telling.session;
    match how {
        SignedIdentityTampering::CountrySwapped => {
            if let Some(ssn) = &mut told.signed.ssn {
                other_country(ssn);
            }
        }
        SignedIdentityTampering::FromTheFuture => told.timestamp = told.timestamp.saturating_add(HOUR),
        SignedIdentityTampering::LevelTooLow => {
            told.level = Level::Basic;
            told.signed.registration_level = Some(Level::Basic.word().into());
        }
        SignedIdentityTampering::NumberAsUserInfo => {
            told.signed.ssn = None;
            told.user = ("EMAIL", person.number.expose().into());
        }
        SignedIdentityTampering::NumberEmpty => {
            if let Some(ssn) = &mut told.signed.ssn {
                ssn.ssn = "".into();
            }
        }
        SignedIdentityTampering::NumberFromRequest => {
            told.signed.ssn = None;
            told.user = requested(session);
        }
        SignedIdentityTampering::NumberInPersonId => {
            told.signed.ssn = None;
            told.signed.relying_party_user_id = Some(person.number.expose().into());
            told.signed.custom_identifier = Some(person.number.expose().into());
        }
        SignedIdentityTampering::NumberMissing => told.signed.ssn = None,
        SignedIdentityTampering::OtherSession => {
            told.auth_ref =
                say::auth_ref(wrong::other_session(session.id, telling.context.secret), telling.context.secret);
        }
        SignedIdentityTampering::OuterPersonSwapped => {
            told.outer = telling.teller().attributes(wrong::somebody_else(session, person), false);
        }
        SignedIdentityTampering::OuterStatusRejected => told.outer_status = "REJECTED",
        SignedIdentityTampering::PersonSwapped => {
            told.signed = telling.teller().attributes(wrong::somebody_else(session, person), true);
        }
        SignedIdentityTampering::Stale => told.timestamp = told.timestamp.saturating_sub(DAY),
        SignedIdentityTampering::StatusMissing => told.status = None,
        SignedIdentityTampering::StatusRejected => told.status = Some("REJECTED"),
        SignedIdentityTampering::TimestampInSeconds => told.timestamp /= 1_000,
        // Bytes, and the answer around.
        SignedIdentityTampering::Absent | SignedIdentityTampering::DuplicateKeys => {}
    }
}

/// Changes the bytes of a payload where its claims cannot say it.
pub(super) fn payload(json: Vec<u8>, how: Wrong, session: &Session<ZignsecGateway>, person: &Person) -> Vec<u8> {
    match how {
        Wrong::Identity(how) => bytes(json, how, session, person),
        Wrong::Signed(SignedIdentityTampering::DuplicateKeys) => {
            let other = wrong::somebody_else(session, person).number.expose();
            doubled(&json, &NUMBER_KEYS, other).unwrap_or(json)
        }
        Wrong::Jws(_) | Wrong::Signed(_) => json,
    }
}

/// Changes the bytes of a result or a payload.
pub(super) fn bytes(
    json: Vec<u8>,
    how: IdentityTampering,
    session: &Session<ZignsecGateway>,
    person: &Person,
) -> Vec<u8> {
    wrong::bytes(json, how, &NUMBER_KEYS, wrong::somebody_else(session, person).number.expose())
}

/// Changes the answer around the claims.
pub(super) fn around(outcome: &mut Outcome<'_>, how: Wrong, telling: &say::Telling<'_>) {
    match how {
        Wrong::Identity(IdentityTampering::ErrorBesideIdentity) => {
            outcome.errors = Some(vec![super::wire::ErrorEntry { code: Some(0), message: "Internal error".into() }]);
        }
        Wrong::Identity(IdentityTampering::FinishedWithoutIdentity) => {
            (outcome.requested_attributes, outcome.signed_identity, outcome.identity) = (None, None, None);
            outcome.status.get_or_insert_with(|| APPROVED.into());
        }
        Wrong::Identity(IdentityTampering::OtherId) => {
            let other = wrong::other_session(telling.session.id, telling.context.secret);
            if outcome.auth_ref.is_some() {
                outcome.auth_ref = Some(say::auth_ref(other, telling.context.secret).into());
            }
        }
        Wrong::Signed(SignedIdentityTampering::Absent) => {
            outcome.signed_identity = None;
            outcome.status.get_or_insert_with(|| APPROVED.into());
        }
        Wrong::Identity(_) | Wrong::Jws(_) | Wrong::Signed(_) => {}
    }
}

/// Whether the status beside the token is what is wrong.
pub(super) fn is_about_status(how: Wrong) -> bool {
    matches!(
        how,
        Wrong::Identity(IdentityTampering::PendingBesideIdentity | IdentityTampering::StateUnknown)
            | Wrong::Signed(SignedIdentityTampering::OuterStatusRejected | SignedIdentityTampering::StatusRejected)
    )
}

fn other_country(ssn: &mut Ssn<'_>) {
    let other = if ssn.country == Country::Se.code() { Country::Dk } else { Country::Se };
    ssn.country = other.code().into();
}

fn other_method(kind: &str) -> (&'static str, std::borrow::Cow<'static, str>) {
    if kind == "INFERRED" { ("EMAIL", "nobody@example.org".into()) } else { ("INFERRED", "N/A".into()) }
}

/// The user information of a request for the requested person's number.
fn requested(session: &Session<ZignsecGateway>) -> (&'static str, std::borrow::Cow<'static, str>) {
    let number = session.order.number().unwrap_or(&session.cast.requested.number);
    ("SSN", claims::user_info(number.expose(), number.country().code()).into())
}

/// Of Freja's results, and of BankID's.
pub(super) const NUMBER_KEYS: [&str; 2] = ["ssn", "personalNumber"];
const HOUR: u64 = 3_600_000;
