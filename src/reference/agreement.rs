//! What can happen to an agreement. Pure: the clock and everything random are arguments.

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::decide::{Decision, Rules, Shown};
use super::model::{
    Agreement, AgreementStatus, Attempt, Binding, Event, Method, Outcome, Participant, Purpose, Signature, Standing,
    TrustLevel,
};
use super::refusal::Refusal;
use super::{Flaw, Variant};
use crate::crypto::mac;

/// What an answer of the provider came with, for the record. No number, no name.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    /// The provider's name of who identified.
    pub(super) provider: String,
    /// Why, in a word or two.
    pub(super) reason: String,
}

impl Agreement {
    /// Sends it: a new round.
    pub(super) fn activate(&mut self, rules: &Rules, now: Timestamp) -> Result<(), Refusal> {
        if !self.is_changeable() {
            return Err(Refusal::NotOpen);
        }
        if self.participants.is_empty() {
            return Err(Refusal::malformed("the agreement has no participants: add one first"));
        }
        self.status = AgreementStatus::Pending;
        self.round += 1;
        for participant in &mut self.participants {
            participant.end_attempts(rules, now);
        }
        self.note(now, "owner", None, "agreement.lifecycle.pending", &[]);
        Ok(())
    }

    /// Opens it again: pauses, and resets what was reached.
    pub(super) fn open(&mut self, rules: &Rules, now: Timestamp) -> Result<(), Refusal> {
        if self.status != AgreementStatus::Pending {
            return Err(Refusal::NotPending);
        }
        self.status = AgreementStatus::Open;
        for participant in &mut self.participants {
            participant.end_attempts(rules, now);
            participant.code = None;
            if rules.is(Variant::KeepsOnReopen) {
                continue;
            }
            participant.signature = None;
            participant.mismatches = 0;
            let keeps = rules.has(Flaw::KeepsPassedOnReopen) && participant.standing == Standing::Passed;
            if !keeps {
                participant.standing = Standing::Pending;
            }
        }
        self.note(now, "owner", None, "agreement.lifecycle.open", &[]);
        Ok(())
    }

    /// Withdraws it. What was kept of the numbers is erased.
    pub(super) fn cancel(&mut self, rules: &Rules, now: Timestamp) {
        if self.status == AgreementStatus::Cancelled {
            return;
        }
        self.status = AgreementStatus::Cancelled;
        for participant in &mut self.participants {
            participant.end_attempts(rules, now);
            participant.code = None;
            if !rules.flaws.any(&[Flaw::CountsAfterCancel, Flaw::KeepsBindingAfterEnd])
                && let Some(binding) = &mut participant.binding
            {
                (binding.digest, binding.sealed) = (None, None);
                binding.flawed.clear();
            }
        }
        self.note(now, "owner", None, "agreement.lifecycle.cancelled", &[]);
    }

    /// Whether participants can be changed.
    pub(super) fn is_changeable(&self) -> bool {
        matches!(self.status, AgreementStatus::Draft | AgreementStatus::Open)
    }

    /// Binds, binds anew, or (with none) disables: earlier outcomes and open attempts are void.
    pub(super) fn rebind(&mut self, rules: &Rules, id: Uuid, binding: Option<Binding>, now: Timestamp) {
        let Some(participant) = self.participants.iter_mut().find(|p| p.id == id) else { return };
        let name = match (&binding, &participant.binding) {
            (None, None) => return,
            (None, Some(_)) => "participant.identity_enforcement.disabled",
            (Some(_), None) => "participant.identity_enforcement.set",
            (Some(_), Some(_)) => "participant.identity_enforcement.replaced",
        };
        if let Some(binding) = &binding {
            participant.bindings = binding.version;
        }
        let pending = self.status == AgreementStatus::Pending;
        participant.binding = binding;
        participant.end_attempts(rules, now);
        let silent = pending && rules.has(Flaw::DisablesAfterFailure);
        if !(pending && rules.has(Flaw::ChangesAfterActivation)) {
            participant.standing = Standing::Pending;
            participant.signature = None;
            participant.mismatches = 0;
        }
        if !silent {
            self.note(now, "owner", Some(id), name, &[]);
        }
    }

    /// Opens an attempt. By default it takes the place of the ones before.
    pub(super) fn begin(&mut self, rules: &Rules, id: Uuid, attempt: Attempt, now: Timestamp) -> Result<(), Refusal> {
        let participant = self.pending_participant(id)?;
        participant.may_begin(rules, &attempt)?;
        let mut superseded = 0;
        if !rules.keeps_attempts_open() {
            for earlier in participant.attempts.iter_mut().filter(|earlier| earlier.outcome == Outcome::Open) {
                earlier.close(Outcome::Superseded, now);
                superseded += 1;
            }
        }
        // A new attempt after a mismatch decides anew.
        if attempt.purpose == Purpose::Identify && participant.standing == Standing::Failed {
            participant.standing = Standing::Pending;
        }
        let method = attempt.method.word();
        participant.attempts.push(attempt);
        for _ in 0..superseded {
            self.note(now, "service", Some(id), "participant.attempt.superseded", &[("method", method)]);
        }
        self.note(now, "participant", Some(id), "participant.attempt.started", &[("method", method)]);
        Ok(())
    }

    /// Takes what the provider showed. Idempotent: the first final answer counts.
    pub(super) fn show(
        &mut self,
        rules: &Rules,
        id: Uuid,
        attempt: Uuid,
        shown: Shown,
        source: &Source,
        now: Timestamp,
    ) {
        let Some(participant) = self.participant(id) else { return };
        let Some(at) = participant.attempts.iter().position(|a| a.id == attempt) else { return };
        let of = participant.attempts[at].clone();
        let decision = rules.decide(self, participant, &of, shown, now);
        let (outcome, standing) = match decision {
            Decision::Nothing => {
                if rules.has(Flaw::DuplicatesCount) && of.outcome == Outcome::Matched && shown == Shown::Same {
                    self.note(now, "service", Some(id), PASSED, &[]);
                }
                return;
            }
            Decision::Close(outcome) => (outcome, None),
            Decision::Fail(outcome) => (outcome, Some(Standing::Failed)),
            Decision::Matched => (Outcome::Matched, Some(Standing::Passed)),
            Decision::Mismatched => (Outcome::Mismatched, Some(Standing::Failed)),
        };
        let reference = of.session.clone().unwrap_or_default();
        let mut data = vec![("method", of.method.word()), ("reference", reference.as_str())];
        data.extend([("provider", source.provider.as_str()), ("reason", source.reason.as_str())]);
        data.retain(|(_, value)| !value.is_empty());

        let Some(participant) = self.participants.iter_mut().find(|p| p.id == id) else { return };
        participant.attempts[at].close(outcome, now);
        let enforced = participant.binding.is_some();
        if let (Some(standing), true, Purpose::Identify) = (standing, enforced, of.purpose) {
            participant.standing = standing;
            participant.mismatches += u32::from(outcome == Outcome::Mismatched);
            if rules.is(Variant::FirstWins) && outcome != Outcome::Cancelled {
                participant.close_others(attempt, now);
            }
        }
        let shares =
            (standing == Some(Standing::Passed) && rules.has(Flaw::ResultByEmail)).then(|| participant.email.clone());
        let keeps_wrong = outcome == Outcome::Mismatched
            && rules.has(Flaw::KeepsWrongSignature)
            && (of.purpose == Purpose::Sign || rules.is(Variant::OneStep));
        if keeps_wrong {
            participant.signature = Some(Signature { method: of.method, signed_at: now });
        }
        self.note(now, "provider", Some(id), &format!("participant.attempt.{}", outcome.word()), &data);
        match (standing, of.purpose) {
            (Some(Standing::Passed), Purpose::Identify) => {
                if enforced && !rules.has(Flaw::FulfilledBeforePassed) {
                    self.note(now, "service", Some(id), PASSED, &[]);
                }
                if rules.is(Variant::OneStep) {
                    self.sign(rules, id, of.method, now);
                }
            }
            (Some(Standing::Passed), Purpose::Sign) => self.sign(rules, id, of.method, now),
            (Some(Standing::Failed), Purpose::Identify) if enforced => {
                self.note(now, "service", Some(id), FAILED, &[]);
                self.fulfil(rules, now);
            }
            (Some(Standing::Failed), Purpose::Identify | Purpose::Sign) | (Some(Standing::Pending) | None, _) => {}
        }
        for twin in shares.iter().flat_map(|email| self.twins(id, email)).collect::<Vec<_>>() {
            if let Some(twin) = self.participants.iter_mut().find(|p| p.id == twin) {
                twin.standing = Standing::Passed;
            }
            self.note(now, "service", Some(twin), PASSED, &[]);
        }
    }

    /// Signs, and fulfils what is fulfilled by it. The caller has judged that it may.
    pub(super) fn sign(&mut self, rules: &Rules, id: Uuid, method: Method, now: Timestamp) {
        let Some(participant) = self.participants.iter_mut().find(|p| p.id == id) else { return };
        participant.signature = Some(Signature { method, signed_at: now });
        let enforced = participant.binding.is_some();
        self.note(now, "participant", Some(id), "participant.signed", &[("method", method.word())]);
        self.note(now, "service", Some(id), FULFILLED, &[]);
        if enforced && rules.has(Flaw::FulfilledBeforePassed) {
            self.note(now, "service", Some(id), PASSED, &[]);
        }
        self.fulfil(rules, now);
    }

    /// Everybody has signed, and every enforced signer has passed.
    fn fulfil(&mut self, rules: &Rules, now: Timestamp) {
        let is_done = |p: &Participant| {
            let lost = p.standing == Standing::Failed && p.binding.is_some();
            (p.signature.is_some() && (p.binding.is_none() || p.standing == Standing::Passed))
                || (p.signature.is_some() && rules.has(Flaw::FailedIsCosmetic))
                || (lost && rules.has(Flaw::OneFailedFulfils))
        };
        if self.status == AgreementStatus::Pending && self.participants.iter().all(is_done) {
            self.status = AgreementStatus::Fulfilled;
            self.note(now, "service", None, AGREEMENT_FULFILLED, &[]);
        }
    }

    /// Writes an event down. Its id follows from its place.
    pub(super) fn note(
        &mut self,
        now: Timestamp,
        actor: &str,
        participant: Option<Uuid>,
        event: &str,
        data: &[(&str, &str)],
    ) {
        let at = self.events.last().map_or(now, |last| last.at.max(now));
        let place = (self.events.len() as u64).to_be_bytes();
        let bytes = mac::derive(self.id.as_bytes(), "event", &[&place]);
        let id = uuid::Builder::from_random_bytes(first_sixteen(bytes)).into_uuid();
        let data: Map<String, Value> = data.iter().map(|(k, v)| ((*k).to_owned(), Value::from(*v))).collect();
        self.events.push(Event { id, event: event.to_owned(), at, actor: actor.to_owned(), participant, data });
        self.updated_at = self.updated_at.max(now);
    }

    /// The participant, if the agreement waits for it.
    pub(super) fn pending_participant(&mut self, id: Uuid) -> Result<&mut Participant, Refusal> {
        if self.status == AgreementStatus::Fulfilled {
            return Err(Refusal::AlreadySigned);
        }
        if self.status != AgreementStatus::Pending {
            return Err(Refusal::NotPending);
        }
        self.participants.iter_mut().find(|p| p.id == id).ok_or(Refusal::UnknownParticipant)
    }

    /// Others of the same e-mail address whose check is pending.
    fn twins(&self, id: Uuid, email: &str) -> Vec<Uuid> {
        let is_twin = |p: &&Participant| p.id != id && p.email == email && p.standing == Standing::Pending;
        self.participants.iter().filter(is_twin).filter(|p| p.binding.is_some()).map(|p| p.id).collect()
    }
}

impl Participant {
    /// Whether a new attempt can begin.
    fn may_begin(&self, rules: &Rules, attempt: &Attempt) -> Result<(), Refusal> {
        if self.signature.is_some() {
            return Err(Refusal::AlreadySigned);
        }
        let Some(binding) = &self.binding else { return Ok(()) };
        if !attempt.method.covers(binding.country) && !rules.has(Flaw::IgnoresCountry) {
            return Err(Refusal::MethodNotAllowed);
        }
        match attempt.purpose {
            Purpose::Identify => match self.standing {
                Standing::Failed if self.is_blocked(rules) => Err(Refusal::EnforcementFailed),
                Standing::Failed | Standing::Pending => Ok(()),
                Standing::Passed => Err(Refusal::NotPending),
            },
            Purpose::Sign => self.may_sign(rules),
        }
    }

    /// Whether the check stands in the way of a signature.
    pub(super) fn may_sign(&self, rules: &Rules) -> Result<(), Refusal> {
        if self.signature.is_some() {
            return Err(Refusal::AlreadySigned);
        }
        match (&self.binding, self.standing) {
            (None, _) | (Some(_), Standing::Passed) => Ok(()),
            (Some(_), Standing::Failed) if rules.has(Flaw::FailedIsCosmetic) => Ok(()),
            (Some(_), Standing::Failed) => Err(Refusal::EnforcementFailed),
            (Some(_), Standing::Pending) => {
                let last = self.attempts.last().map(|attempt| attempt.outcome);
                Err(match last {
                    Some(Outcome::Inconclusive) => Refusal::EnforcementInconclusive,
                    Some(_) | None => Refusal::EnforcementPending,
                })
            }
        }
    }

    /// Whether the e-mail code can sign: where nobody is bound, and the level allows it.
    pub(super) fn may_use_code(&self, rules: &Rules, level: TrustLevel) -> bool {
        let by_flaw = (rules.has(Flaw::SesSkipsEnforcement) && level == TrustLevel::Ses)
            || (rules.flaws.any(&[Flaw::OffersCodeAfterFailure, Flaw::FailedIsCosmetic])
                && self.standing == Standing::Failed)
            || (rules.has(Flaw::SignsBeforePass) && self.standing == Standing::Pending);
        match self.binding {
            None => level == TrustLevel::Ses,
            Some(_) => by_flaw,
        }
    }

    /// The methods that the room offers.
    pub(super) fn methods(&self, rules: &Rules, level: TrustLevel) -> Vec<Method> {
        let blocked = self.binding.is_some() && self.is_blocked(rules);
        let eids = rules.offers.iter().filter(|eid| self.is_of(**eid) && !blocked);
        let hidden = rules.flaws.any(&[Flaw::FailedIsCosmetic, Flaw::SignsBeforePass]) && self.binding.is_some();
        let code = (self.may_use_code(rules, level) && !hidden).then_some(Method::VerificationCode);
        eids.copied().map(Method::Eid).chain(code).collect()
    }

    /// Whether a failure is the end of this round.
    pub(super) fn is_blocked(&self, rules: &Rules) -> bool {
        self.standing == Standing::Failed
            && (self.mismatches >= rules.tries() || self.mismatches == 0 || rules.has(Flaw::NonResultsFail))
    }

    /// Ends open attempts, because what they were for is gone.
    fn end_attempts(&mut self, rules: &Rules, now: Timestamp) {
        if rules.flaws.any(&[Flaw::KeepsAttemptsAcrossRounds, Flaw::CountsAfterCancel]) {
            return;
        }
        for attempt in self.attempts.iter_mut().filter(|attempt| attempt.outcome == Outcome::Open) {
            attempt.close(Outcome::Void, now);
        }
    }

    fn close_others(&mut self, decided: Uuid, now: Timestamp) {
        let others = self.attempts.iter_mut().filter(|other| other.id != decided && other.outcome == Outcome::Open);
        others.for_each(|other| other.close(Outcome::Superseded, now));
    }
}

impl Attempt {
    pub(super) fn close(&mut self, outcome: Outcome, now: Timestamp) {
        (self.outcome, self.closed_at) = (outcome, Some(now));
    }
}

fn first_sixteen(bytes: [u8; 32]) -> [u8; 16] {
    let mut first = [0; 16];
    first.copy_from_slice(&bytes[..16]);
    first
}

/// The check of a participant passed.
pub(super) const PASSED: &str = "participant.identity_enforcement.passed";
/// It failed.
pub(super) const FAILED: &str = "participant.identity_enforcement.failed";
/// A participant is done.
pub(super) const FULFILLED: &str = "participant.lifecycle.fulfilled";
/// Everybody is.
pub(super) const AGREEMENT_FULFILLED: &str = "agreement.lifecycle.fulfilled";

#[cfg(test)]
#[path = "agreement_tests.rs"]
mod tests;
