//! Results and webhooks that are wrong on purpose: what they claim, and what only their bytes can say. Seals are the simulation's.

use super::ZignsecV2;
use super::say::{Telling, errors, problem, state};
use super::wire::Collected;
use super::zignsec::wrong::{self, finisher, other_session, somebody_else};
use crate::identity::{Country, Person};
use crate::script::{IdentityTampering, Reason};
use crate::simulation::Session;

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
    wrong::bytes(json, how, &[NUMBER], somebody_else(session, person).number.expose())
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
pub(super) const NUMBER: &str = "PersonalNumber";
