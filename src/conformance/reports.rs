//! What a provider can report, in the words of steps: a closed list. Each says what is armed for the session, what the person then does,
//! and of which class the outcome is, which decides the row of the target's policy.

mod list;
mod openid;
mod signed;

use serde_json::{Value, json};

use self::list::REPORTS;
use self::openid::OPENID;
use self::signed::SIGNED;

use super::Language;
use crate::diagnostic::did_you_mean;
use crate::target::{OutcomeStatus, Policy, Status};

/// One report.
#[derive(Debug)]
pub struct Report {
    /// In English, after `the provider`.
    pub en: &'static str,
    /// In Swedish, after `leverantören`.
    pub sv: &'static str,
    /// What it amounts to.
    pub class: Class,
    /// What is wrong on purpose.
    pub wrong: Wrong,
    /// What the person does.
    pub deed: Deed,
}

/// What an attempt amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The person cancelled.
    Cancelled,
    /// The evidence contradicts itself or is forged.
    EvidenceRejected,
    /// The time was up.
    Expired,
    /// The right person authenticated.
    Match,
    /// Somebody else authenticated.
    Mismatch,
    /// Somebody authenticated, and no number came.
    NoNumber,
    /// Nothing is decided.
    Pending,
    /// The provider could not.
    ProviderError,
}

/// What is damaged or forged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Every answer is what the provider says of an earlier attempt that the same person finished.
    AnswerOfEarlier,
    /// An answer to the start, in the form of the control API; armed before there is a session.
    AtStart(&'static str),
    /// Every answer about the result is a text that does not end soon.
    Endless,
    /// The first answer is what the provider says of an attempt that failed for this reason.
    FirstFailed(&'static str),
    /// An artefact of the session, and how it is forged: the words of script files.
    Forged(&'static str, &'static str),
    /// Nothing.
    Nothing,
    /// Something laid over the session, in the form of the control API.
    Overlay(&'static str),
}

/// What the person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Presses cancel.
    Cancels,
    /// Authenticates.
    Confirms,
    /// Fails for a reason of the provider.
    Fails(&'static str),
    /// Looks at the page and does nothing.
    Leaves,
    /// Lets the time run out.
    LetsItExpire,
}

impl Class {
    /// Where the check stands after it.
    #[must_use]
    pub const fn expected(self, policy: &Policy) -> Status {
        let declared = match self {
            Self::Cancelled => policy.outcome.cancelled,
            Self::EvidenceRejected => policy.outcome.evidence_rejected,
            Self::Expired => policy.outcome.expired,
            Self::NoNumber => policy.outcome.no_number,
            Self::ProviderError => policy.outcome.provider_error,
            Self::Match => return Status::Passed,
            Self::Mismatch => return Status::Failed,
            Self::Pending => return Status::Pending,
        };
        match declared {
            OutcomeStatus::Failed => Status::Failed,
            OutcomeStatus::Pending => Status::Pending,
        }
    }
}

impl Wrong {
    /// What to lay over a session.
    #[must_use]
    pub fn overlay(self) -> Option<Value> {
        match self {
            Self::AnswerOfEarlier | Self::AtStart(_) | Self::FirstFailed(_) | Self::Nothing => None,
            Self::Endless => Some(json!({ "fault": { "on": "collect", "reply": {
                "status": 200, "content_type": "application/json", "body": "[".repeat(1 << 20) } } })),
            Self::Forged(of, how) => Some(json!({ "forgery": { "of": of, "how": how } })),
            Self::Overlay(text) => serde_json::from_str(text).ok().map(heard_nowhere_else),
        }
    }

    /// Whether the provider keeps its answer back.
    #[must_use]
    pub fn holds(self) -> bool {
        self.overlay().is_some_and(|overlay| overlay["fault"]["reply"]["hold"] == true)
    }

    /// Whether it is an answer to a question that only a target asks which fetches results.
    #[must_use]
    pub fn is_for_fetchers(self) -> bool {
        matches!(self, Self::AnswerOfEarlier | Self::FirstFailed(_))
            || self.overlay().is_some_and(|overlay| overlay["fault"]["on"] == "collect")
    }

    /// What to arm before the start.
    #[must_use]
    pub fn at_start(self) -> Option<Value> {
        match self {
            Self::AtStart(text) => serde_json::from_str(text).ok(),
            Self::AnswerOfEarlier
            | Self::Endless
            | Self::FirstFailed(_)
            | Self::Forged(..)
            | Self::Nothing
            | Self::Overlay(_) => None,
        }
    }
}

/// All of them.
pub(super) fn all() -> impl Iterator<Item = &'static Report> {
    REPORTS.iter().chain(SIGNED).chain(OPENID)
}

/// The report with these words.
#[must_use]
pub(super) fn find(words: &str, language: Language) -> Option<&'static Report> {
    all().find(|report| language.pick(report.en, report.sv) == words)
}

/// The words that were most likely meant.
#[must_use]
pub(super) fn nearest(words: &str, language: Language) -> Option<&'static str> {
    did_you_mean(words, all().map(|report| language.pick(report.en, report.sv)))
}

/// While its answers are damaged, the provider's webhooks are lost as well: what one of them told would hide how the other is taken.
fn heard_nowhere_else(mut overlay: Value) -> Value {
    if overlay["fault"]["on"] == "collect" && overlay.get("delivery").is_none() {
        overlay["delivery"] = json!({ "lost": true });
    }
    overlay
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::script::Tampering;

    #[test]
    fn no_two_reports_share_their_words() {
        for language in [Language::En, Language::Sv] {
            let words: BTreeSet<_> = all().map(|report| language.pick(report.en, report.sv)).collect();
            assert_eq!(words.len(), all().count());
        }
    }

    #[test]
    fn every_overlay_can_be_sent() {
        for report in all() {
            let sent = report.wrong.overlay().or_else(|| report.wrong.at_start());
            let unsent = matches!(report.wrong, Wrong::AnswerOfEarlier | Wrong::FirstFailed(_) | Wrong::Nothing);
            assert_eq!(sent.is_none(), unsent, "{}", report.en);
            let forgery = sent.map(|sent| sent["forgery"].clone()).unwrap_or_default();
            let all = if let Value::Array(all) = forgery { all } else { vec![forgery] };
            for forgery in all.iter().filter(|forgery| !forgery.is_null()) {
                let (of, how) =
                    (forgery["of"].as_str().unwrap_or_default(), forgery["how"].as_str().unwrap_or_default());
                assert!(Tampering::from_words(of, how).is_ok(), "{}: {of}/{how}", report.en);
            }
        }
    }

    #[test]
    fn the_policy_decides_what_is_expected() {
        let mut policy = Policy::default();
        assert_eq!(Class::Cancelled.expected(&policy), Status::Pending);
        policy.outcome.cancelled = OutcomeStatus::Failed;
        assert_eq!(Class::Cancelled.expected(&policy), Status::Failed);
        assert_eq!(Class::Match.expected(&policy), Status::Passed);
    }
}
