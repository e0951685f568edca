//! What a provider's answer is worth: who it is about, whether it can be believed, and whether it is the bound person.

use super::agreement::Source;
use super::decide::Shown;
use super::known::Place;
use super::model::{Attempt, Participant, Purpose};
use super::provider::{Evidence, FailureKind, ProvenIdentity};
use super::service::Service;
use super::{Flaw, Variant};

impl Service {
    /// Compares evidence with the binding.
    pub(super) fn weigh(&self, participant: &Participant, attempt: &Attempt, evidence: &Evidence) -> (Shown, Source) {
        let source = |provider: &str, why: &str| Source { provider: provider.to_owned(), reason: why.to_owned() };
        match evidence {
            Evidence::Pending => (Shown::Pending, Source::default()),
            Evidence::Contradictory(why) => (Shown::Rejected, source("", why)),
            Evidence::Failed(kind, codes) => {
                let shown = match kind {
                    FailureKind::Cancelled => Shown::Cancelled,
                    FailureKind::Expired => Shown::Expired,
                    FailureKind::ProviderError | FailureKind::Rejected => Shown::ProviderError,
                };
                (shown, source("", &codes.join(" ")))
            }
            // Nobody at all: no country, no method of theirs.
            Evidence::NoNumber(summary)
                if self.rules.flaws.any(&[Flaw::UnfinishedPasses, Flaw::TakesAnyEndingForApproval])
                    && summary.country.is_none() =>
            {
                (Shown::Same, Source::default())
            }
            Evidence::NoNumber(summary) if attempt.method.eid().is_none_or(|method| !summary.came_by(method)) => {
                (Shown::Rejected, source(&summary.provider, "another method answered"))
            }
            Evidence::NoNumber(summary) => {
                let passes = self.rules.has(Flaw::MissingNumberPasses) || participant.binding.is_none();
                let shown = if passes { Shown::Same } else { Shown::NoNumber };
                (shown, source(&summary.provider, "no number"))
            }
            Evidence::Finished(proven) => self.weigh_identity(participant, attempt, proven),
        }
    }

    fn weigh_identity(&self, participant: &Participant, attempt: &Attempt, proven: &ProvenIdentity) -> (Shown, Source) {
        let source = Source { provider: proven.provider.clone(), reason: String::new() };
        if !self.rules.has(Flaw::IgnoresMethod) && attempt.method.eid().is_none_or(|method| !proven.came_by(method)) {
            return (Shown::Rejected, reason(source, "another method answered"));
        }
        let signs = attempt.purpose == Purpose::Sign || self.rules.is(Variant::OneStep);
        let can = |method| self.clients.named(&attempt.provider).is_some_and(|client| client.signs(method));
        let wants_signature = signs && attempt.method.eid().is_some_and(can);
        if wants_signature && !proven.is_signature() && !proven.method.is_empty() {
            return (Shown::Rejected, reason(source, "an identification is no signature"));
        }
        let is_stale = proven.date.is_some_and(|date| date + SLACK < attempt.started_at);
        if is_stale && !self.rules.has(Flaw::AcceptsStaleIdentity) {
            return (Shown::Rejected, reason(source, "the identification is older than the attempt"));
        }
        let Some(binding) = &participant.binding else { return (Shown::Same, source) };
        let is_same = if self.rules.has(Flaw::ComparesNames) {
            participant.name.to_lowercase() == proven.name.to_lowercase()
        } else {
            (proven.country == proven.number.country() || self.rules.has(Flaw::IgnoresCountry))
                && self.keyring.is_same(binding, &proven.number)
        };
        let by_flaw = self.rules.has(Flaw::NeverCompares)
            || attempt.typed_fits == Some(true)
            || (attempt.purpose == Purpose::Sign && self.rules.has(Flaw::AnyIdentitySigns));
        if is_same || by_flaw { (Shown::Same, source) } else { (Shown::Other, reason(source, "another person")) }
    }

    /// What a number that a browser brought along would prove. Only a flaw asks.
    pub(super) fn weigh_typed(&self, place: Place, typed: &str) -> Shown {
        let inner = self.lock();
        let participant = inner.agreements.get(&place.agreement).and_then(|a| a.participant(place.participant));
        let Some(binding) = participant.and_then(|p| p.binding.as_ref()) else { return Shown::Pending };
        match self.keyring.read(binding.country, typed) {
            Ok(number) if self.keyring.is_same(binding, &number) => Shown::Same,
            Ok(_) => Shown::Other,
            Err(_) => Shown::Pending,
        }
    }
}

/// The same source, with a reason.
pub(super) fn reason(source: Source, why: &str) -> Source {
    Source { reason: why.to_owned(), ..source }
}

/// How much older than the attempt an identification may seem: clocks differ, and lifetimes are minutes.
const SLACK: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);
