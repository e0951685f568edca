//! Results and webhooks that are wrong on purpose: what they claim, and what only their bytes can say. Seals are the simulation's.

use super::order::Method;
use super::say::{Telling, errors, problem, state};
use super::wire::Collected;
use super::zignsec::wrong::{self, finisher, other_session, somebody_else};
use crate::identity::{Country, Person};
use crate::script::{IdentityTampering, Reason};

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
    let other = telling.spelt(&somebody_else(telling.session, person).number);
    wrong::bytes(json, how, &[telling.settings.identity_names.number_key()], &other)
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
