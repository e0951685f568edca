//! A session in the words of version 2.

use std::borrow::Cow;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::forge;
use super::order::{Channel, Method};
use super::problem::Problem;
pub use super::problem::problem;
use super::settings::Settings;
use super::state::Cpr;
use super::switches::{
    ErrorCode, FinishedShape, ForwardedMethod, NemidName, NumberInResult, RetryOutcome, States, Unset, WebhookBody,
};
use super::wire::{
    BankIdSe, Code, Collected, ErrorEntry, Identity, LookupPersonAddress, Outcome, PepResult, StateNode,
};
pub use super::zignsec::result::Standing;
use super::zignsec::wrong::{self, Number};
use super::zignsec::{dates, json};
use super::{ZignsecV2, oidc};
use crate::identity::{Country, Person};
use crate::script::{IdentityTampering, Tampering};
use crate::session::Phase;
use crate::simulation::{Session, SessionId, Timestamp};

/// How a session stands, by the present attempt or, where a switch says so, by the first one that ended.
#[must_use]
pub fn standing<'a>(session: &'a Session<ZignsecV2>, settings: &Settings) -> Standing<'a> {
    let first = session.earlier.first().filter(|_| settings.retry_outcome == RetryOutcome::First);
    let phase = first.map_or_else(|| session.phase(), |ended| &ended.phase);
    match phase {
        Phase::Failed(reason) => Standing::Failed(*reason),
        Phase::Finished(_) if session.state.cpr == Cpr::Asking => Standing::Pending,
        Phase::Finished(person) => Standing::Finished(person),
        Phase::Pending(_) => Standing::Pending,
    }
}

/// `errors`, with codes as the switch wants them.
pub(super) fn errors(problems: &[Problem], settings: &Settings) -> Vec<ErrorEntry<'static>> {
    let entry = |problem: &Problem| ErrorEntry {
        code: match settings.error_code {
            ErrorCode::Number => Code::Number(0),
            ErrorCode::Text => Code::Text(problem.code.into()),
        },
        description: problem.description.clone(),
    };
    problems.iter().map(entry).collect()
}

/// One telling of a session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Telling<'a> {
    pub(super) session: &'a Session<ZignsecV2>,
    pub(super) settings: &'a Settings,
    pub(super) secret: &'a [u8; 32],
    /// The id it names; a forged webhook names another.
    pub(super) id: SessionId,
    /// Which telling it is, from 1, for forgeries.
    pub(super) occurrence: u32,
    /// A webhook always has an `id`, and names the method of an error (seen in client code).
    pub(super) is_webhook: bool,
}

impl<'a> Telling<'a> {
    /// The body for this standing as it is sent: what a body claims, and what only its bytes can say.
    pub(super) fn written(&self, standing: Standing<'a>, form: WebhookBody) -> Vec<u8> {
        let honest = json::written(&self.tell(standing), form);
        match (standing, self.tampering()) {
            (Standing::Finished(person), Some(how)) => forge::bytes(honest, how, self.session, person),
            (Standing::Failed(_) | Standing::Finished(_) | Standing::Pending, _) => honest,
        }
    }

    /// The body for this standing.
    pub(super) fn tell(&self, standing: Standing<'a>) -> Collected<'a> {
        match standing {
            Standing::Failed(reason) => Collected {
                id: Some(self.id.into()),
                errors: Some(errors(&[problem(reason)], self.settings)),
                result: (!self.is_webhook).then(|| {
                    state(match self.settings.states {
                        States::Current => "ERROR",
                        States::Legacy => "FINISHED",
                    })
                }),
                method: self.is_webhook.then(|| self.method_name().into()),
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
        let method = self.method();
        let norwegian = method.country() == Country::No;
        let how = self.tampering();
        let person = if how == Some(IdentityTampering::PersonSwapped) {
            wrong::somebody_else(self.session, person)
        } else {
            person
        };
        let at = wrong::moment(how, self.session.moment(self.session.progress.entered()));
        let number = self.number(person, at);
        let bankid_no = norwegian.then(|| {
            let grant = oidc::Grant {
                session: self.id,
                order: &self.session.order,
                person,
                channel: self.channel(),
                number: number.as_deref(),
                at,
            };
            oidc::tokens(self.secret, &grant).into()
        });
        let mut told = Collected {
            id: (!bare || self.is_webhook).then(|| self.id.into()),
            errors: (!bare).then(Vec::new),
            result: (shape == FinishedShape::WithResult).then(|| state("FINISHED")),
            identity: Some(self.identity(person, number, at)),
            bankid_se: (method.country() == Country::Se).then(bankid_se),
            bankid_no,
            lookup: self.session.order.lookup_person_address.then(|| self.lookup(person, at)),
            pep_check: (method == Method::NbidPep).then(|| self.pep_result()),
            method: Some(self.method_name().into()),
        };
        if let Some(how) = how {
            forge::claims(&mut told, how, self);
        }
        told
    }

    fn identity(&self, person: &'a Person, number: Option<Cow<'a, str>>, at: Timestamp) -> Identity<'a> {
        // The documents: "the ID provider's country", whoever it was that logged in.
        let (country, order) = (self.method().country(), &self.session.order);
        let details = self.settings.number_in_result == NumberInResult::Certificate && order.additional_identity_info;
        let phone = country == Country::No && (self.channel() == Channel::Mobile || order.scope.phone || details);
        let email = country == Country::No && (order.scope.email || details);
        let set = |value: Option<&'a str>, in_sample: bool| value.map(Cow::Borrowed).or_else(|| self.unset(in_sample));
        let is = |other: Country| country == other;
        let name =
            |name: &'a str| -> Cow<'a, str> { if is(Country::Se) { name.to_uppercase().into() } else { name.into() } };
        let of_requested = self.tampering() == Some(IdentityTampering::NameOfRequested);
        let named = if of_requested { &*self.session.cast.requested } else { person };
        let full = named.full_name();
        let [odd, more, ..] = *self.session.id.as_bytes();
        Identity {
            country_code: country.code().into(),
            first_name: name(&named.given),
            last_name: name(&named.family),
            full_name: if is(Country::Se) { full.to_uppercase() } else { full }.into(),
            personal_number: number,
            date_of_birth: person.born.to_string().into(),
            age: dates::age(person.born, at),
            gender: self.unset(is(Country::No)),
            phone_number: set(phone.then_some(&*person.phone), false),
            email: set(email.then_some(&*person.email), false),
            id_provider_name: self.provider_name(country).into(),
            identification_date: dates::identification_date(
                at,
                u16::from_be_bytes([odd, more]),
                self.settings.identification_date,
            )
            .into(),
            id_provider_request_id: self.unset(is(Country::Se)),
            id_provider_person_id: set(
                (is(Country::No) || is(Country::Dk)).then_some(&*person.person_id),
                is(Country::Se),
            ),
            customer_person_id: set(order.customer_person_id.as_deref(), is(Country::Se)),
        }
    }

    /// "If a non-empty PersonalNumber is returned … it has been validated": Sweden and Finland always, Norway by scope or certificate,
    /// Denmark when it was matched.
    fn number(&self, person: &'a Person, at: Timestamp) -> Option<Cow<'a, str>> {
        let order = &self.session.order;
        let told = match self.method().country() {
            Country::Dk => {
                self.session.state.cpr == Cpr::Matched || order.number().is_some_and(|asked| *asked == person.number)
            }
            Country::No => order.scope.nnin || self.settings.number_in_result == NumberInResult::Certificate,
            Country::Ee | Country::Fi | Country::Lt | Country::Lv | Country::Se => true,
        };
        match self.tampering().map_or(Number::Honest, wrong::number) {
            Number::Absent => None,
            Number::Empty => Some("".into()),
            Number::Honest if told => Some(person.number.expose().into()),
            Number::Spelt(spell) if told => Some(spell(&person.number, at).into()),
            Number::Honest | Number::Spelt(_) => self.unset(false),
        }
    }

    fn lookup(&self, person: &'a Person, at: Timestamp) -> LookupPersonAddress<'a> {
        let person = if self.tampering() == Some(IdentityTampering::RegisterOfSomeoneElse) {
            wrong::somebody_else(self.session, person)
        } else {
            person
        };
        let (born, address) = (person.born, person.address.as_ref());
        LookupPersonAddress {
            person_status: "".into(),
            first_name: (&*person.given).into(),
            last_name: (&*person.family).into(),
            main_first_name: person.given.split(' ').next().unwrap_or_default().into(),
            address: address.map(|address| (&*address.street).into()),
            address2: None,
            postal_code: address.map(|address| address.postal_code.replace(' ', "").into()),
            location: None,
            city: address.map(|address| (&*address.city).into()),
            province: None,
            country_code: "se".into(),
            phone: None,
            phone_numbers: vec![(&*person.phone).into()],
            email: None,
            date_of_birth: born.strftime("%Y%m%d").to_string().into(),
            birth_year: born.year(),
            birth_month: born.month(),
            birth_day_of_month: born.day(),
            age: dates::age(born, at),
            personal_number: person.number.expose().into(),
            data_source: "DP05".into(),
        }
    }

    fn pep_result(&self) -> PepResult<'a> {
        let asked = self.session.order.pep_check.as_ref();
        PepResult {
            environment: asked.and_then(|asked| asked.environment.as_deref()).map(Cow::Borrowed),
            data_source: asked.and_then(|asked| asked.data_source.as_deref()).map(Cow::Borrowed),
            matches: Vec::new(),
        }
    }

    fn tampering(&self) -> Option<IdentityTampering> {
        self.session.tampering(self.occurrence, Tampering::identity)
    }

    /// A member without a value. `in_sample`: whether the country's sample shows it empty.
    fn unset(&self, in_sample: bool) -> Option<Cow<'a, str>> {
        match self.settings.unset {
            Unset::Absent => None,
            Unset::ByCountry => in_sample.then_some("".into()),
            Unset::Empty => Some("".into()),
        }
    }

    pub(super) fn method(&self) -> Method {
        self.session.state.method(&self.session.order)
    }

    /// Without a hint or a choice it was the web (inferred).
    fn channel(&self) -> Channel {
        self.session.state.channel(&self.session.order).unwrap_or(Channel::Web)
    }

    fn method_name(&self) -> &'static str {
        match (self.method(), self.settings.forwarded_method) {
            (Method::Nbid | Method::NbidMobile, ForwardedMethod::Target) => Method::NbidOidc.selector(),
            (method, ForwardedMethod::Alias | ForwardedMethod::Target) => method.selector(),
        }
    }

    fn provider_name(&self, country: Country) -> &'static str {
        match (country, self.settings.nemid_name) {
            (Country::Dk, NemidName::NemID) => "NemID",
            (Country::Dk, NemidName::NemId) => "NemId",
            (Country::No, _) => "BankIDNO",
            (Country::Se, _) => "BankIDSE",
            // Inferred: no Finnish result is known.
            (Country::Fi | Country::Ee | Country::Lt | Country::Lv, _) => "BankIDFI",
        }
    }
}

pub(super) fn state(word: &'static str) -> Outcome<'static> {
    Outcome { identity: StateNode { state: word.into() } }
}

/// Base64 as documented, of texts that say what they are: this provider's relying parties are not known to verify them.
fn bankid_se() -> BankIdSe<'static> {
    static SIGNATURE: LazyLock<String> = LazyLock::new(|| {
        STANDARD.encode("A placeholder of the Motpart simulator where the xmldsig document of BankID stands.")
    });
    static OCSP: LazyLock<String> = LazyLock::new(|| {
        STANDARD.encode("A placeholder of the Motpart simulator where the OCSP response of BankID stands.")
    });
    BankIdSe { signature: SIGNATURE.as_str().into(), ocsp_response: OCSP.as_str().into() }
}
