//! A session in the words of version 3: the documents break off where results begin, so that the envelope is version 2's (inferred).

use std::borrow::Cow;

use super::ZignsecV3;
use super::forge;
use super::order::Method;
use super::problem::Problem;
pub use super::problem::problem;
use super::settings::Settings;
use super::switches::{FinishedShape, NumberForm, Unset, WebhookBody};
use super::wire::{Collected, ErrorEntry, Identity, Outcome, StateNode};
pub use super::zignsec::result::Standing;
use super::zignsec::wrong::{self, Number};
use super::zignsec::{dates, json};
use crate::identity::{NationalNumber, Person};
use crate::script::{IdentityTampering, Tampering};
use crate::session::Phase;
use crate::simulation::{Session, SessionId, Timestamp};

/// How a session stands, by its present attempt.
#[must_use]
pub fn standing(session: &Session<ZignsecV3>) -> Standing<'_> {
    match session.phase() {
        Phase::Failed(reason) => Standing::Failed(*reason),
        Phase::Finished(person) => Standing::Finished(person),
        Phase::Pending(_) => Standing::Pending,
    }
}

/// `errors`.
pub(super) fn errors(problems: &[Problem]) -> Vec<ErrorEntry<'static>> {
    let entry = |problem: &Problem| ErrorEntry { code: problem.code, description: problem.description.clone() };
    problems.iter().map(entry).collect()
}

/// One telling of a session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Telling<'a> {
    pub(super) session: &'a Session<ZignsecV3>,
    pub(super) settings: &'a Settings,
    pub(super) secret: &'a [u8; 32],
    /// The id it names; a forged webhook names another.
    pub(super) id: SessionId,
    /// Which telling it is, from 1, for forgeries.
    pub(super) occurrence: u32,
    /// A webhook always has an `id`, and names the method of an error, as version 2's.
    pub(super) is_webhook: bool,
}

impl<'a> Telling<'a> {
    /// The body for this standing as it is sent: what a body claims, and what only its bytes can say.
    pub(super) fn written(&self, standing: Standing<'a>, form: WebhookBody) -> Vec<u8> {
        let honest = json::written(&self.tell(standing), form);
        match (standing, self.tampering()) {
            (Standing::Finished(person), Some(how)) => forge::bytes(honest, how, self, person),
            (Standing::Failed(_) | Standing::Finished(_) | Standing::Pending, _) => honest,
        }
    }

    /// The body for this standing.
    pub(super) fn tell(&self, standing: Standing<'a>) -> Collected<'a> {
        match standing {
            Standing::Failed(reason) => Collected {
                id: Some(self.id.into()),
                errors: Some(errors(&[problem(reason)])),
                result: (!self.is_webhook).then(|| state("ERROR")),
                method: self.is_webhook.then(|| self.session.order.method.path().into()),
                ..Collected::default()
            },
            Standing::Finished(person) => self.finished(person),
            Standing::Pending => Collected {
                id: Some(self.id.into()),
                errors: Some(Vec::new()),
                result: Some(state("PENDING")),
                ..Collected::default()
            },
        }
    }

    fn finished(&self, person: &'a Person) -> Collected<'a> {
        let shape = self.settings.finished_shape;
        let bare = shape == FinishedShape::Bare;
        let how = self.tampering();
        let person = if how == Some(IdentityTampering::PersonSwapped) {
            wrong::somebody_else(self.session, person)
        } else {
            person
        };
        let at = wrong::moment(how, self.session.moment(self.session.progress.entered()));
        let mut told = Collected {
            id: (!bare || self.is_webhook).then(|| self.id.into()),
            errors: (!bare).then(Vec::new),
            result: (shape == FinishedShape::WithResult).then(|| state("FINISHED")),
            identity: Some(self.identity(person, at)),
            method: Some(self.session.order.method.path().into()),
        };
        if let Some(how) = how {
            forge::claims(&mut told, how, self);
        }
        told
    }

    fn identity(&self, person: &'a Person, at: Timestamp) -> Identity<'a> {
        let order = &self.session.order;
        let set = |value: Option<&'a str>| value.map(Cow::Borrowed).or_else(|| self.unset());
        let of_requested = self.tampering() == Some(IdentityTampering::NameOfRequested);
        let named = if of_requested { &*self.session.cast.requested } else { person };
        let [odd, more, ..] = *self.session.id.as_bytes();
        // "The ID providers country belonging": SwissID's is Switzerland, whoever it was.
        let (country, provider) = match order.method {
            Method::SmartIdAuth | Method::SmartIdSign => (order.country.code(), "SmartID"),
            Method::SwissId => ("CH", "SwissID"),
        };
        let swiss = order.method == Method::SwissId;
        Identity {
            names: self.settings.identity_names,
            country_code: country.into(),
            first_name: (&*named.given).into(),
            last_name: (&*named.family).into(),
            full_name: named.full_name().into(),
            personal_number: self.number(person, at),
            date_of_birth: person.born.to_string().into(),
            age: dates::age(person.born, at),
            phone_number: set(order.scopes.phone.then_some(&*person.phone)),
            email: set(order.scopes.email.then_some(&*person.email)),
            id_provider_name: provider.into(),
            identification_date: dates::identification_date(
                at,
                u16::from_be_bytes([odd, more]),
                self.settings.identification_date,
            )
            .into(),
            id_provider_request_id: self.unset(),
            id_provider_person_id: set(swiss.then_some(&*person.person_id)),
            customer_person_id: self.unset(),
        }
    }

    /// Smart-ID knows its people by their number; SwissID tells a technical key and no number (inferred).
    fn number(&self, person: &'a Person, at: Timestamp) -> Option<Cow<'a, str>> {
        let told = !self.session.order.method.in_browser();
        match self.tampering().map_or(Number::Honest, wrong::number) {
            Number::Absent => None,
            Number::Empty => Some("".into()),
            Number::Honest if told => Some(self.spelt(&person.number).into()),
            Number::Spelt(spell) if told => Some(spell(&person.number, at).into()),
            Number::Honest | Number::Spelt(_) => self.unset(),
        }
    }

    /// A number in the form of the switch.
    pub(super) fn spelt(&self, number: &NationalNumber) -> String {
        match self.settings.number_form {
            NumberForm::Etsi => format!("PNO{}-{}", number.country().code(), number.expose()),
            NumberForm::Plain => number.expose().to_owned(),
        }
    }

    fn tampering(&self) -> Option<IdentityTampering> {
        self.session.tampering(self.occurrence, Tampering::identity)
    }

    /// A member without a value.
    fn unset(&self) -> Option<Cow<'a, str>> {
        match self.settings.unset {
            Unset::Absent => None,
            Unset::Empty => Some("".into()),
        }
    }
}

pub(super) const fn state(state: &'static str) -> Outcome {
    Outcome { identity: StateNode { state } }
}
