//! Results and webhooks that are wrong on purpose: what they claim, and what only their bytes can say. Seals are the simulation's.

use super::order::Method;
use super::say::{Telling, errors, problem, state};
use super::wire::Collected;
use super::zignsec::json::{doubled, listed};
use super::zignsec::wrong::{finisher, other_session, padded, somebody_else};
use crate::identity::{Country, NationalNumber, Person};
use crate::script::{IdentityTampering, Reason};
use crate::simulation::Timestamp;

/// How the number is told.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    /// Not at all.
    Absent,
    /// As an empty text.
    Empty,
    /// As usual.
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
        IdentityTampering::NumberPadded => Number::Spelt(padded),
        // Two spellings and a register that there are not: such scripts were refused.
        IdentityTampering::NumberHyphenated
        | IdentityTampering::NumberTenDigits
        | IdentityTampering::RegisterOfSomeoneElse
        | IdentityTampering::CountrySwapped
        | IdentityTampering::ErrorBesideIdentity
        | IdentityTampering::FinishedWithoutIdentity
        | IdentityTampering::MethodSwapped
        | IdentityTampering::NameOfRequested
        | IdentityTampering::NumberAsArray
        | IdentityTampering::NumberDuplicated
        | IdentityTampering::OtherId
        | IdentityTampering::PendingBesideIdentity
        | IdentityTampering::PersonSwapped
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
                identity.country_code = other_country(session.order.country).code().into();
            }
        }
        IdentityTampering::ErrorBesideIdentity => told.errors = Some(errors(&[problem(Reason::Cancelled)])),
        IdentityTampering::FinishedWithoutIdentity => {
            let (id, method, errors) = (told.id, told.method.take(), told.errors.take());
            *told = Collected { id, errors, result: Some(state("FINISHED")), method, ..Collected::default() };
        }
        IdentityTampering::MethodSwapped => {
            let (method, provider) = match session.order.method {
                Method::SmartIdAuth | Method::SmartIdSign => (Method::SwissId, "SwissID"),
                Method::SwissId => (Method::SmartIdAuth, "SmartID"),
            };
            told.method = Some(method.path().into());
            if let Some(identity) = &mut told.identity {
                identity.id_provider_name = provider.into();
            }
        }
        IdentityTampering::NumberFromRequest => {
            // The one field of a result that repeats what a relying party may have sent.
            let requested = session.order.number().unwrap_or(&session.cast.requested.number);
            if let Some(identity) = &mut told.identity {
                identity.customer_person_id = Some(telling.spelt(requested).into());
            }
        }
        IdentityTampering::NumberInPersonId => {
            if let (Some(identity), Some(number)) = (&mut told.identity, finisher(session)) {
                identity.id_provider_person_id = Some(telling.spelt(number).into());
                identity.customer_person_id = Some(telling.spelt(number).into());
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
pub(super) fn bytes(json: Vec<u8>, how: IdentityTampering, telling: &Telling<'_>, person: &Person) -> Vec<u8> {
    let key = telling.settings.identity_names.number_key();
    let forged = match how {
        IdentityTampering::NumberAsArray => listed(&json, key),
        IdentityTampering::NumberDuplicated => {
            doubled(&json, key, &telling.spelt(&somebody_else(telling.session, person).number))
        }
        IdentityTampering::CountrySwapped
        | IdentityTampering::ErrorBesideIdentity
        | IdentityTampering::FinishedWithoutIdentity
        | IdentityTampering::MethodSwapped
        | IdentityTampering::NameOfRequested
        | IdentityTampering::NumberEmpty
        | IdentityTampering::NumberFromRequest
        | IdentityTampering::NumberHyphenated
        | IdentityTampering::NumberInPersonId
        | IdentityTampering::NumberMissing
        | IdentityTampering::NumberPadded
        | IdentityTampering::NumberTenDigits
        | IdentityTampering::OtherId
        | IdentityTampering::PendingBesideIdentity
        | IdentityTampering::PersonSwapped
        | IdentityTampering::RegisterOfSomeoneElse
        | IdentityTampering::Stale
        | IdentityTampering::StateUnknown => None,
    };
    forged.unwrap_or(json)
}

/// The country whose numbers look the same, where there is one: Estonia's and Lithuania's do.
const fn other_country(country: Country) -> Country {
    match country {
        Country::Dk | Country::Fi | Country::Lv | Country::No => Country::Se,
        Country::Ee => Country::Lt,
        Country::Lt => Country::Ee,
        Country::Se => Country::Dk,
    }
}

const DAY: u64 = 86_400_000;
