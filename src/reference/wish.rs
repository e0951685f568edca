//! What somebody in a signing room wants to start, and the order that is made of it.

use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use super::known::Place;
use super::model::{Agreement, Attempt, Method, Outcome, Participant, Purpose, TrustLevel};
use super::provider::{Client, Demand, EidMethod, Level, Purpose as Errand, StartOrder};
use super::refusal::Refusal;
use super::service::Service;
use super::{Flaw, Variant};
use crate::identity::{Country, NationalNumber};

/// What somebody in a signing room wants to start.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) purpose: Purpose,
    /// By its word in the API.
    pub(super) provider: Option<String>,
    pub(super) method: Option<Method>,
    /// The number as the signer typed it now.
    pub(super) typed: Option<String>,
    /// The telephone number and the e-mail address that their eID knows.
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    /// Only for [`Flaw::OverrideParameter`].
    pub(super) overridden: Option<String>,
    pub(super) language: &'static str,
}

/// A wish, read.
pub(super) struct Read {
    pub(super) client: Arc<dyn Client>,
    pub(super) method: EidMethod,
    pub(super) country: Country,
    pub(super) number: Option<NationalNumber>,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
}

impl Service {
    /// Whom to ask with what, and what the signer typed for it.
    pub(super) fn reads(&self, participant: &Participant, wish: &Wish) -> Result<Read, Refusal> {
        let bound = participant.binding.as_ref();
        let method = match wish.method {
            Some(method) => Some(method.eid().ok_or(Refusal::MethodNotAllowed)?),
            None => None,
        };
        let usual = bound.map_or(Country::Se, |binding| binding.country);
        let chosen = self.clients.choose(wish.provider.as_deref(), method, usual);
        let (client, method) = chosen.ok_or(Refusal::MethodNotAllowed)?;
        let countries = method.countries();
        let country = if method.covers(usual) { usual } else { countries.first().copied().unwrap_or(usual) };
        let typed = wish.typed.as_deref().map(|typed| self.keyring.read(country, typed)).transpose()?;
        let keeps = self.rules.is(Variant::NumberSent) || self.rules.has(Flaw::KeepsNumberAndSendsIt);
        let kept = bound.filter(|_| keeps).and_then(|binding| self.keyring.unseal(binding));
        let number = kept.or(typed);
        let told =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let phone = told(&wish.phone);
        let email = told(&wish.email).or_else(|| told(&Some(participant.email.clone())));
        let signs = wish.purpose == Purpose::Sign || self.rules.is(Variant::OneStep);
        let (product, when) = (method.product(), if signs { " when you sign" } else { "" });
        let demand = client.demands(method, signs);
        if matches!(demand, Demand::Number | Demand::NumberAndPhone) && number.is_none() {
            return Err(Refusal::InvalidNumber(format!("{product} asks for your own number{when}")));
        }
        if matches!(demand, Demand::Phone | Demand::NumberAndPhone) && phone.is_none() {
            return Err(Refusal::malformed(format!("`phone`: {product} asks for your own telephone number{when}")));
        }
        if demand == Demand::Email && email.is_none() {
            return Err(Refusal::malformed(format!("`email`: {product} asks for your own e-mail address{when}")));
        }
        Ok(Read { client: client.clone(), method, country, number, phone, email })
    }

    pub(super) fn attempt(
        &self,
        participant: &Participant,
        place: Place,
        handle: &str,
        wish: &Wish,
        read: &Read,
        now: Timestamp,
    ) -> Attempt {
        let lifetime = jiff::SignedDuration::try_from(self.attempt_lifetime).unwrap_or(jiff::SignedDuration::MAX);
        let overrides = |typed: &String| {
            let binding = participant.binding.as_ref()?;
            let number = self.keyring.read(read.country, typed).ok()?;
            Some(self.keyring.is_same(binding, &number))
        };
        let overridden = wish.overridden.as_ref().filter(|_| self.rules.has(Flaw::OverrideParameter));
        Attempt {
            id: place.attempt,
            handle: handle.to_owned(),
            round: 0,
            binding: participant.binding.as_ref().map_or(0, |binding| binding.version),
            provider: read.client.name().to_owned(),
            method: Method::Eid(read.method),
            purpose: wish.purpose,
            session: None,
            memory: String::new(),
            onward: None,
            started_at: now,
            expires_at: now.saturating_add(lifetime).unwrap_or(Timestamp::MAX),
            outcome: Outcome::Open,
            closed_at: None,
            typed_fits: overridden.and_then(overrides),
        }
    }

    /// What the provider is asked for.
    pub(super) fn order(
        &self,
        agreement: &Agreement,
        place: Place,
        handle: &str,
        wish: &Wish,
        read: &Read,
    ) -> Result<StartOrder, Refusal> {
        let address =
            |path: &str| self.public_url.join(path).map_err(|_| Refusal::malformed("the public address is no base"));
        let mut target: Url = address(&format!("return/{handle}"))?;
        if let Some(typed) = wish.typed.as_deref().filter(|_| self.rules.has(Flaw::NumberInAddress)) {
            target.query_pairs_mut().append_pair("personal_number", typed);
        }
        let mut target_error = target.clone();
        target_error.query_pairs_mut().append_key_only("failed");
        let signs = wish.purpose == Purpose::Sign || self.rules.is(Variant::OneStep);
        let purpose = if signs && read.client.signs(read.method) {
            Errand::Sign { text: format!("I sign the agreement: {}", agreement.title) }
        } else {
            Errand::Identify
        };
        let hook = format!("hooks/{}", read.client.name().replace('_', "-"));
        let posts = read.client.posts() && !self.rules.is(Variant::PollOnly);
        Ok(StartOrder {
            method: read.method,
            country: read.country,
            purpose,
            level: if agreement.trust_level == TrustLevel::Qes { Level::Plus } else { Level::Extended },
            // The provider's own form, twelve digits for Swedish numbers.
            personal_number: read.number.as_ref().map(|number| number.expose().to_owned()),
            email: read.email.clone(),
            phone: read.phone.clone(),
            target,
            target_error,
            webhook: if posts { Some(address(&hook)?) } else { None },
            relaystate: place.attempt.to_string(),
            language: wish.language,
        })
    }
}
