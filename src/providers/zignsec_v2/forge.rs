//! Results and webhooks that are wrong on purpose: what they claim, and what only their bytes can say. Seals are the simulation's.

use super::ZignsecV2;
use super::say::{Telling, errors, problem, state};
use super::wire::Collected;
use super::zignsec::json::{doubled, listed};
use super::zignsec::wrong::{finisher, hyphenated, other_session, padded, somebody_else, ten_digits};
use crate::identity::{Country, NationalNumber, Person};
use crate::script::{IdentityTampering, Reason};
use crate::simulation::{Session, Timestamp};

/// How the number is told.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    /// Not at all.
    Absent,
    /// As an empty text.
    Empty,
    /// As the documents say.
    Honest,
    /// In another spelling.
    Spelt(fn(&NationalNumber, Timestamp) -> String),
}

/// What a tampering makes of the number's own place.
pub(super) const fn number(how: IdentityTampering) -> Number {
    match how {
        IdentityTampering::NumberEmpty => Number::Empty,
        IdentityTampering::NumberFromRequest
        | IdentityTampering::NumberInPersonId
        | IdentityTampering::NumberMissing => Number::Absent,
        IdentityTampering::NumberHyphenated => Number::Spelt(hyphenated),
        IdentityTampering::NumberPadded => Number::Spelt(padded),
        IdentityTampering::NumberTenDigits => Number::Spelt(ten_digits),
        IdentityTampering::CountrySwapped
        | IdentityTampering::ErrorBesideIdentity
        | IdentityTampering::FinishedWithoutIdentity
        | IdentityTampering::MethodSwapped
        | IdentityTampering::NameOfRequested
        | IdentityTampering::NumberAsArray
        | IdentityTampering::NumberDuplicated
        | IdentityTampering::OtherId
        | IdentityTampering::PendingBesideIdentity
        | IdentityTampering::PersonSwapped
        | IdentityTampering::RegisterOfSomeoneElse
        | IdentityTampering::Stale
        | IdentityTampering::StateUnknown => Number::Honest,
    }
}

/// When the person was identified.
pub(super) fn moment(how: Option<IdentityTampering>, at: Timestamp) -> Timestamp {
    if how == Some(IdentityTampering::Stale) { Timestamp(at.0.saturating_sub(DAY)) } else { at }
}

/// Changes the claims of a finished result, after person, moment and number were chosen.
pub(super) fn claims<'a>(told: &mut Collected<'a>, how: IdentityTampering, telling: &Telling<'a>) {
    let session = telling.session;
    match how {
        IdentityTampering::CountrySwapped => {
            if let Some(identity) = &mut told.identity {
                let other = if identity.country_code == Country::Se.code() { Country::Dk } else { Country::Se };
                identity.country_code = other.code().into();
            }
        }
        IdentityTampering::ErrorBesideIdentity => {
            told.errors = Some(errors(&[problem(Reason::Cancelled)], telling.settings));
        }
        IdentityTampering::FinishedWithoutIdentity => {
            let (id, method) = (told.id, told.method.take());
            let errors = told.errors.take();
            *told = Collected { id, errors, result: Some(state("FINISHED")), method, ..Collected::default() };
        }
        IdentityTampering::MethodSwapped => {
            let (method, provider) = other_method(telling.method().country());
            told.method = Some(method.into());
            if let Some(identity) = &mut told.identity {
                identity.id_provider_name = provider.into();
            }
        }
        IdentityTampering::NumberFromRequest => {
            // The one field of a result that repeats what the relying party sent.
            let requested = session.order.number().unwrap_or(&session.cast.requested.number);
            if let Some(identity) = &mut told.identity {
                identity.customer_person_id = Some(requested.expose().into());
            }
        }
        IdentityTampering::NumberInPersonId => {
            if let (Some(identity), Some(number)) = (&mut told.identity, finisher(session)) {
                identity.id_provider_person_id = Some(number.expose().into());
                identity.customer_person_id = Some(number.expose().into());
            }
        }
        IdentityTampering::OtherId => told.id = Some(other_session(telling.id, telling.secret).into()),
        IdentityTampering::PendingBesideIdentity => told.result = Some(state("PENDING")),
        IdentityTampering::StateUnknown => told.result = Some(state("DONE")),
        IdentityTampering::NameOfRequested
        | IdentityTampering::NumberAsArray
        | IdentityTampering::NumberDuplicated
        | IdentityTampering::NumberEmpty
        | IdentityTampering::NumberHyphenated
        | IdentityTampering::NumberMissing
        | IdentityTampering::NumberPadded
        | IdentityTampering::NumberTenDigits
        | IdentityTampering::PersonSwapped
        | IdentityTampering::RegisterOfSomeoneElse
        | IdentityTampering::Stale => {}
    }
}

/// Changes the bytes of a finished result where its claims cannot say it.
pub(super) fn bytes(json: Vec<u8>, how: IdentityTampering, session: &Session<ZignsecV2>, person: &Person) -> Vec<u8> {
    if how == IdentityTampering::NumberDuplicated {
        let other = somebody_else(session, person).number.expose();
        return doubled(&json, NUMBER, other).unwrap_or(json);
    }
    let listed = (how == IdentityTampering::NumberAsArray).then(|| listed(&json, NUMBER)).flatten();
    listed.unwrap_or(json)
}

/// A method and a provider of the same country where there is one: the banks' own log-in, which knows no Norway.
const fn other_method(country: Country) -> (&'static str, &'static str) {
    match country {
        Country::Dk => ("bli_dk", BANKS),
        Country::Ee => ("bli_ee", BANKS),
        Country::Fi => ("bli_fi", BANKS),
        Country::Lt => ("bli_lt", BANKS),
        Country::Lv => ("bli_lv", BANKS),
        Country::No => ("nemid", "NemId"),
        Country::Se => ("bli_se", BANKS),
    }
}

const BANKS: &str = "BankingAPI";
const DAY: u64 = 86_400_000;
pub(super) const NUMBER: &str = "PersonalNumber";
