//! What a provider's answer does to a participant: pure, and the only edge into passed.

use jiff::Timestamp;

use super::model::{Agreement, AgreementStatus, Attempt, Outcome, Participant, Purpose, Standing};
use super::provider::EidMethod;
use super::{Flaw, Flaws, Variant};

/// What the provider showed, already compared with the binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Cancelled,
    Expired,
    /// A verified identity without a number that could be compared.
    NoNumber,
    /// A verified identity of somebody else.
    Other,
    Pending,
    ProviderError,
    /// Evidence that is forged, stale or contradicts itself.
    Rejected,
    /// A verified identity of the bound person; of anybody where nobody is bound.
    Same,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// The attempt ends without an outcome for the person.
    Close(Outcome),
    /// The attempt ends, and the check fails without a mismatch.
    Fail(Outcome),
    Matched,
    Mismatched,
    Nothing,
}

/// The design, as far as decisions depend on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    pub(super) variants: Vec<Variant>,
    pub(super) flaws: Flaws,
    /// What people can authenticate with, at whatever provider.
    pub(super) offers: Vec<EidMethod>,
}

impl Rules {
    pub(super) fn is(&self, variant: Variant) -> bool {
        self.variants.contains(&variant)
    }

    pub(super) fn has(&self, flaw: Flaw) -> bool {
        self.flaws.has(flaw)
    }

    /// How many verified mismatches block.
    pub(super) fn tries(&self) -> u32 {
        if self.has(Flaw::EndlessTries) {
            u32::MAX
        } else if self.is(Variant::ThreeTries) {
            3
        } else {
            1
        }
    }

    /// Whether several attempts of one participant stay open.
    pub(super) fn keeps_attempts_open(&self) -> bool {
        self.is(Variant::FirstWins)
            || self.flaws.any(&[Flaw::LaterMatchLiftsFailed, Flaw::LastWriteWins, Flaw::SupersededCounts])
    }

    /// Decides. The same evidence a second time does nothing, and nothing but [`Shown::Same`] can pass.
    pub(super) fn decide(
        &self,
        agreement: &Agreement,
        participant: &Participant,
        attempt: &Attempt,
        shown: Shown,
        now: Timestamp,
    ) -> Decision {
        if !self.is_current(agreement, participant, attempt) {
            return Decision::Nothing;
        }
        if now >= attempt.expires_at && !self.has(Flaw::IgnoresExpiry) {
            return self.without_identity(participant, attempt, Outcome::Expired);
        }
        // Only a flaw comes so far with what has ended.
        if matches!((attempt.outcome, shown), (Outcome::Matched, Shown::Same) | (Outcome::Mismatched, Shown::Other)) {
            return Decision::Nothing;
        }
        match shown {
            Shown::Cancelled => self.without_identity(participant, attempt, Outcome::Cancelled),
            Shown::Expired => self.without_identity(participant, attempt, Outcome::Expired),
            Shown::NoNumber => Decision::Close(Outcome::Inconclusive),
            Shown::Other => Decision::Mismatched,
            Shown::Pending => Decision::Nothing,
            Shown::ProviderError => self.without_identity(participant, attempt, Outcome::ProviderError),
            Shown::Rejected => Decision::Close(Outcome::EvidenceRejected),
            Shown::Same => Decision::Matched,
        }
    }

    /// Whether the attempt can still say something: open, of this round and this binding, and the check waits for it.
    fn is_current(&self, agreement: &Agreement, participant: &Participant, attempt: &Attempt) -> bool {
        let is_open = match attempt.outcome {
            Outcome::Open => true,
            Outcome::Superseded => self.flaws.any(&[Flaw::SupersededCounts, Flaw::LastWriteWins]),
            Outcome::Expired => self.has(Flaw::IgnoresExpiry),
            Outcome::Matched | Outcome::Mismatched => self.has(Flaw::AsksAgainAfterEnd),
            Outcome::Void => self.flaws.any(&[Flaw::KeepsAttemptsAcrossRounds, Flaw::CountsAfterCancel]),
            Outcome::Cancelled | Outcome::EvidenceRejected | Outcome::Inconclusive | Outcome::ProviderError => false,
        };
        let sent = match agreement.status {
            AgreementStatus::Pending => true,
            AgreementStatus::Cancelled => self.has(Flaw::CountsAfterCancel),
            AgreementStatus::Draft | AgreementStatus::Fulfilled | AgreementStatus::Open => false,
        };
        let version = participant.binding.as_ref().map_or(0, |binding| binding.version);
        let is_of_now = (attempt.round == agreement.round && attempt.binding == version)
            || self.has(Flaw::KeepsAttemptsAcrossRounds);
        let is_awaited = match (attempt.purpose, participant.binding.is_some()) {
            (Purpose::Identify, false) => true,
            (Purpose::Identify, true) => {
                participant.standing == Standing::Pending
                    || self.flaws.any(&[Flaw::LastWriteWins, Flaw::AsksAgainAfterEnd])
                    || (participant.standing == Standing::Failed && self.has(Flaw::LaterMatchLiftsFailed))
            }
            (Purpose::Sign, false) => participant.signature.is_none(),
            (Purpose::Sign, true) => {
                participant.signature.is_none()
                    && (participant.standing == Standing::Passed
                        || (participant.standing == Standing::Failed && self.has(Flaw::FailedIsCosmetic)))
            }
        };
        is_open && sent && is_of_now && is_awaited
    }

    /// Cancel, expiry and provider errors tell nothing about the person.
    fn without_identity(&self, participant: &Participant, attempt: &Attempt, outcome: Outcome) -> Decision {
        let enforced = participant.binding.is_some() && attempt.purpose == Purpose::Identify;
        let by_design = outcome == Outcome::Cancelled && self.is(Variant::CancelledCountsAsFailed);
        if enforced && (by_design || self.has(Flaw::NonResultsFail)) {
            return Decision::Fail(outcome);
        }
        Decision::Close(outcome)
    }
}
