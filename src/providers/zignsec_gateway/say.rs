//! A session in the words of the gateway, and of Freja behind it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::claims::{APPROVED, Claims, Teller};
use super::forge::{self, Wrong};
use super::order::Method;
use super::problem::Problem;
use super::settings::Settings;
use super::switches::{OuterStatus, Qr, ResultNesting, SupersededStatus};
use super::wire::{Envelope, ErrorEntry, Identity, Outcome, SessionData};
use super::zignsec::WebhookBody;
use super::zignsec::json;
use super::{ZignsecGateway, qr, signed_identity};
use crate::crypto::mac;
use crate::identity::Person;
use crate::script::{Hint, IdentityTampering, JwsTampering, Reason};
use crate::session::Phase;
use crate::simulation::{Context, Session, SessionId, Timestamp};

/// One telling of a session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Telling<'a> {
    pub(super) session: &'a Session<ZignsecGateway>,
    pub(super) context: &'a Context<'a, ZignsecGateway>,
    /// Which telling of the end it is, from 1, for forgeries.
    pub(super) occurrence: u32,
    /// Webhooks tell the status where results do not.
    pub(super) is_webhook: bool,
}

/// Freja's reference of a session: 48 bytes in base64url.
#[must_use]
pub(super) fn auth_ref(id: SessionId, secret: &[u8; 32]) -> String {
    let half = |n: u8| mac::derive(secret, "freja authRef", &[id.as_bytes(), &[n]]);
    URL_SAFE_NO_PAD.encode(&[half(0), half(1)].concat()[..48])
}

/// Freja's word for how a session stands.
#[must_use]
pub(super) const fn status(phase: &Phase, settings: &Settings) -> &'static str {
    match phase {
        Phase::Failed(reason) => match reason {
            Reason::Cancelled => "CANCELED",
            // Nobody answered in time, whatever the reason.
            Reason::LinkExpired | Reason::OrderExpired | Reason::StartFailed => "EXPIRED",
            Reason::Superseded => match settings.superseded_status {
                SupersededStatus::Rejected => "REJECTED",
                SupersededStatus::RpCanceled => "RP_CANCELED",
            },
            // "For security reasons": by the system, not by the person.
            Reason::AlreadyInProgress | Reason::CertificateError | Reason::Exception | Reason::WrongPerson => {
                "REJECTED"
            }
        },
        Phase::Finished(_) => APPROVED,
        Phase::Pending(Hint::Outstanding) => "STARTED",
        Phase::Pending(Hint::Confirming | Hint::Delivered) => "DELIVERED_TO_MOBILE",
    }
}

/// The picture to scan, in base64; none for other methods.
pub(super) fn code(session: &Session<ZignsecGateway>, context: &Context<'_, ZignsecGateway>) -> Option<String> {
    let form = context.settings.qr;
    let shown = session.order.method == Method::FrejaIdQr;
    shown.then(|| {
        let key = mac::derive(context.secret, "freja qrCodeSecret", &[session.id.as_bytes()]);
        let seconds = session.age(context.now).0 / 1_000;
        let link = qr::link(&auth_ref(session.id, context.secret), &key, seconds, form);
        STANDARD.encode(qr::png(&link))
    })
}

/// Issues the token that the `occurrence`th telling of the end carries, unless it was issued before: bytes that were issued stay.
pub(super) fn issue(session: &mut Session<ZignsecGateway>, context: &Context<'_, ZignsecGateway>, occurrence: u32) {
    let telling = Telling { session, context, occurrence, is_webhook: false };
    let (name, wrong) = telling.kept();
    if session.state.issued.contains_key(&name) || wrong.and_then(Wrong::seal) == Some(JwsTampering::Huge) {
        return;
    }
    if let Some(token) = telling.finished_freja().map(|person| telling.signed(person)) {
        session.state.issued.insert(name, token.into());
    }
}

impl<'a> Telling<'a> {
    /// The body of the answer to who asks for the result.
    pub(super) fn fetched(&self) -> Vec<u8> {
        let body = match (self.nesting(), self.outcome()) {
            (ResultNesting::Flat, data) => json::written(&Envelope { data }, WebhookBody::Compact),
            (ResultNesting::Nested, result) => {
                let data = SessionData { id: self.id().into(), result: Some(result), ..SessionData::default() };
                json::written(&Envelope { data }, WebhookBody::Compact)
            }
        };
        self.as_bytes(body)
    }

    /// A result, wrong as a script wants it: all but what only bytes can say.
    pub(super) fn outcome(&self) -> Outcome<'a> {
        let mut outcome = match self.session.phase() {
            Phase::Finished(person) if self.session.order.method.is_freja() => self.approved(person),
            Phase::Finished(person) => self.identified(person),
            Phase::Failed(reason) => self.failed(*reason),
            Phase::Pending(_) => self.pending(),
        };
        if self.nesting() == ResultNesting::Nested {
            outcome.errors.get_or_insert_default();
        }
        if let (Some(how), Phase::Finished(_)) = (self.wrong(), self.session.phase()) {
            forge::around(&mut outcome, how, self);
        }
        outcome
    }

    /// The bytes of a body, wrong where only bytes can say it.
    pub(super) fn as_bytes(&self, body: Vec<u8>) -> Vec<u8> {
        match (self.wrong(), self.session.phase()) {
            (Some(Wrong::Identity(how)), Phase::Finished(person)) => forge::bytes(body, how, self.session, person),
            (_, _) => body,
        }
    }

    /// The id that is told.
    pub(super) fn id(&self) -> SessionId {
        match (self.wrong(), self.session.phase()) {
            (Some(Wrong::Identity(IdentityTampering::OtherId)), Phase::Finished(_)) => {
                super::zignsec::wrong::other_session(self.session.id, self.context.secret)
            }
            (_, _) => self.session.id,
        }
    }

    /// A method with a page answers nested, as its client reads it.
    pub(super) fn nesting(&self) -> ResultNesting {
        if self.session.order.method.is_freja() { self.context.settings.result_nesting } else { ResultNesting::Nested }
    }

    /// When the present phase was entered.
    pub(super) fn at(&self) -> Timestamp {
        self.session.moment(self.session.progress.entered())
    }

    pub(super) fn teller(&self) -> Teller<'a> {
        let (order, context) = (&*self.session.order, self.context);
        Teller { order, settings: context.settings, secret: context.secret, space: &context.space.name, at: self.at() }
    }

    fn approved(&self, person: &'a Person) -> Outcome<'a> {
        let claims = self.claims(person);
        let shows_status = match self.context.settings.outer_status {
            OuterStatus::Always => true,
            OuterStatus::Documented => self.is_webhook,
            OuterStatus::Never => false,
        };
        let (name, _) = self.kept();
        let token = match self.session.state.issued.get(&name) {
            Some(token) => token.to_string(),
            None => self.signed(person),
        };
        Outcome {
            auth_ref: Some(self.auth_ref().into()),
            requested_attributes: Some(claims.outer),
            signed_identity: Some(token.into()),
            // What is wrong with the status has to be told.
            status: (shows_status || self.wrong().is_some_and(forge::is_about_status))
                .then(|| claims.outer_status.into()),
            ..Outcome::default()
        }
    }

    fn identified(&self, person: &'a Person) -> Outcome<'a> {
        let claims = self.claims(person);
        let person = self.wrong().map_or(person, |how| how.person(self.session, person));
        let name = if self.wrong() == Some(Wrong::Identity(IdentityTampering::NameOfRequested)) {
            &*self.session.cast.requested
        } else {
            person
        };
        let number = claims.outer.ssn;
        let country = number.as_ref().map_or_else(|| person.number.country().code().into(), |ssn| ssn.country.clone());
        let status = match claims.outer_status {
            APPROVED => "Finished",
            other => other,
        };
        Outcome {
            identity: Some(Identity {
                country_code: country,
                first_name: name.given.to_uppercase().into(),
                last_name: name.family.to_uppercase().into(),
                full_name: name.full_name().to_uppercase().into(),
                personal_number: number.map(|ssn| ssn.ssn),
                date_of_birth: person.born.to_string().into(),
                gender: "".into(),
            }),
            status: Some(status.into()),
            ..Outcome::default()
        }
    }

    fn failed(&self, reason: Reason) -> Outcome<'a> {
        let problem = match self.session.order.method.is_freja() {
            true => Problem::of(reason),
            false => Some(Problem::plain(super::zignsec::problem::problem(reason).code)),
        };
        let entry = |problem: Problem| ErrorEntry {
            code: problem.code.map(super::problem::Code::number),
            message: problem.message,
        };
        Outcome {
            auth_ref: self.session.order.method.is_freja().then(|| self.auth_ref().into()),
            errors: problem.map(|problem| vec![entry(problem)]),
            status: Some(self.status().into()),
            ..Outcome::default()
        }
    }

    fn pending(&self) -> Outcome<'a> {
        let dynamic = self.context.settings.qr == Qr::Dynamic && !self.is_webhook;
        Outcome {
            auth_ref: self.session.order.method.is_freja().then(|| self.auth_ref().into()),
            qr: if dynamic { code(self.session, self.context).map(Into::into) } else { None },
            status: Some(self.status().into()),
            ..Outcome::default()
        }
    }

    fn status(&self) -> &'static str {
        match (self.session.order.method.is_freja(), self.session.phase()) {
            (true, phase) => status(phase, self.context.settings),
            (false, Phase::Failed(_)) => "Failed",
            (false, Phase::Finished(_)) => "Finished",
            (false, Phase::Pending(_)) => "Pending",
        }
    }

    fn auth_ref(&self) -> String {
        auth_ref(self.session.id, self.context.secret)
    }

    fn claims(&self, person: &'a Person) -> Claims<'a> {
        let how = self.wrong();
        let person = how.map_or(person, |how| how.person(self.session, person));
        let mut claims = self.teller().honest(person, self.auth_ref());
        if !self.session.order.method.is_freja() {
            claims.outer.ssn = Some(super::claims::ssn(person));
        }
        if let Some(how) = how {
            forge::claims(&mut claims, how, person, self);
        }
        claims
    }

    /// The token, freshly signed.
    fn signed(&self, person: &'a Person) -> String {
        let payload = signed_identity::payload(&self.claims(person), self.context.settings.payload_order);
        let payload = match self.wrong() {
            Some(how) => forge::payload(payload, how, self.session, person),
            None => payload,
        };
        let seal = self.wrong().and_then(Wrong::seal);
        signed_identity::token(&payload, seal, self.session.id, self.at(), self.context)
    }

    /// Under which name the token is kept.
    fn kept(&self) -> (String, Option<Wrong>) {
        let wrong = self.wrong();
        (wrong.map_or_else(String::new, Wrong::name), wrong)
    }

    fn finished_freja(&self) -> Option<&'a Person> {
        match self.session.phase() {
            Phase::Finished(person) if self.session.order.method.is_freja() => Some(person),
            Phase::Failed(_) | Phase::Finished(_) | Phase::Pending(_) => None,
        }
    }

    pub(super) fn wrong(&self) -> Option<Wrong> {
        self.session.tampering(self.occurrence, forge::wrong_of)
    }
}
