//! What an answer means. No status is a refusal by itself: the target file says which answers are.

use std::time::Duration;

use super::condition::OutcomeWord;
use super::plan::{Expect, Step};
use super::seen::Seen;
use super::template::plain;
use super::words::Statuses;
use crate::target::exchange::NoAnswer;
use crate::target::{OpName, TargetError, TargetFile};

/// What follows from an answer.
#[derive(Debug)]
pub(super) enum Meaning {
    /// It is as expected.
    Expected,
    /// The operation ends here.
    Stop(Stop),
    /// The same again, after so long.
    Wait { after: Duration, message: String },
}

/// Why an operation ends before its last step.
#[derive(Debug)]
pub(super) enum Stop {
    /// Refused on purpose, where a signature was asked for.
    Blocked {
        message: String,
        status: Option<u16>,
    },
    Failed(TargetError),
}

/// A step in progress, as errors name it.
pub(super) struct Asked<'a> {
    pub(super) file: &'a TargetFile,
    pub(super) op: OpName,
    pub(super) step: &'a Step,
    /// Such as "`get_participant`, step 2 (GET /p/{{id}})".
    pub(super) place: String,
    /// How long the request was, in bytes.
    pub(super) len: usize,
}

impl Asked<'_> {
    pub(super) fn meaning(&self, seen: &Seen, location: Option<&str>) -> Meaning {
        // A webhook's sender takes every status; what it did shows elsewhere.
        if self.op == OpName::DeliverWebhook {
            return Meaning::Expected;
        }
        if let Some(expect) = &self.step.expect
            && is_as_expected(expect, seen, location)
        {
            return Meaning::Expected;
        }
        let concerns = |op: &Option<Vec<OpName>>| op.as_ref().is_none_or(|ops| ops.contains(&self.op));
        let rule = self.file.outcomes.iter().find(|rule| concerns(&rule.op) && rule.when.holds(seen));
        if let Some(rule) = rule {
            let reason = rule.reason.as_ref().and_then(|path| path.one(seen.json.as_ref()?).ok().flatten().map(plain));
            return self.said(rule.is, seen, reason);
        }
        match seen.status {
            413 | 431 if self.len > LONG => self.said(OutcomeWord::Rejected, seen, None),
            429 => self.said(OutcomeWord::Wait, seen, None),
            503 if seen.header("retry-after").is_some() => self.said(OutcomeWord::Wait, seen, None),
            503 => Meaning::Stop(Stop::Failed(TargetError::Unavailable { message: self.told(seen) })),
            status if self.step.expect.is_none() && Statuses::success().contains(status) => Meaning::Expected,
            _ => {
                let expected = match &self.step.expect {
                    None => Statuses::success().to_string(),
                    Some(expect) => expect.status.clone().unwrap_or_else(Statuses::success).to_string(),
                };
                let location = location.map(|to| format!(" with the location `{to}`")).unwrap_or_default();
                let redirect =
                    if (300..400).contains(&seen.status) { "; redirects are not followed in steps" } else { "" };
                Meaning::Stop(self.internal(&format!(
                    "{}, expected {expected}{location}{redirect}. If the target refuses with this answer, say so in an `[[outcome]]`; \
                     if the step is right as it is, in its `expect`",
                    self.told(seen)
                )))
            }
        }
    }

    /// What no answer means.
    pub(super) fn no_answer(&self, error: &NoAnswer) -> Stop {
        let message = format!("{}: {error}", self.place);
        match error {
            NoAnswer::Dial(crate::dial::DialError::Broke { .. }) if self.len > LONG => {
                self.refused(format!("{message} (the request had {} bytes)", self.len), None)
            }
            NoAnswer::Dial(crate::dial::DialError::NotHttp) | NoAnswer::Unsendable(_) => {
                Stop::Failed(TargetError::Internal { message })
            }
            NoAnswer::Dial(
                crate::dial::DialError::Broke { .. }
                | crate::dial::DialError::NameNotFound { .. }
                | crate::dial::DialError::Refused { .. }
                | crate::dial::DialError::TimedOut { .. }
                | crate::dial::DialError::Tls { .. }
                | crate::dial::DialError::TooLarge { .. }
                | crate::dial::DialError::Unreachable { .. },
            ) => Stop::Failed(TargetError::Unavailable { message }),
        }
    }

    /// What a word of the file means for this operation.
    pub(super) fn said(&self, word: OutcomeWord, seen: &Seen, reason: Option<String>) -> Meaning {
        let reason = reason.map(|reason| self.file.masked(&reason));
        let message = || reason.clone().unwrap_or_else(|| self.told(seen));
        let status = (seen.status != 0).then_some(seen.status);
        Meaning::Stop(match word {
            OutcomeWord::Blocked => self.refused(message(), status),
            OutcomeWord::Conflict => Stop::Failed(TargetError::Conflict { message: message() }),
            OutcomeWord::Error => self.internal(&format!("{}, which the target file calls an error", self.told(seen))),
            OutcomeWord::NotFound => Stop::Failed(TargetError::NotFound { message: message() }),
            OutcomeWord::Rejected => Stop::Failed(TargetError::Rejected { message: message(), status }),
            OutcomeWord::Unavailable => Stop::Failed(TargetError::Unavailable { message: message() }),
            OutcomeWord::Wait => {
                let after = seen.header("retry-after").and_then(|value| value.trim().parse().ok());
                // A date instead of seconds is asked again each second until it is reached.
                return Meaning::Wait {
                    after: after.map_or(Duration::from_secs(1), Duration::from_secs),
                    message: message(),
                };
            }
        })
    }

    pub(super) fn internal(&self, problem: &str) -> Stop {
        Stop::Failed(TargetError::Internal { message: format!("{}: {problem}", self.place) })
    }

    fn refused(&self, message: String, status: Option<u16>) -> Stop {
        if self.op == OpName::AttemptSignature {
            Stop::Blocked { message, status }
        } else {
            Stop::Failed(TargetError::Rejected { message, status })
        }
    }

    /// The answer in a few words, masked.
    fn told(&self, seen: &Seen) -> String {
        let text = self.file.masked(seen.text.trim());
        let short: String = text.chars().take(LONGEST_EXCERPT).collect();
        let dots = if short.len() < text.len() { "…" } else { "" };
        match seen.text.trim() {
            "" => format!("the target answered {} without a body", seen.status),
            _ => format!("the target answered {} with `{short}{dots}`", seen.status),
        }
    }
}

fn is_as_expected(expect: &Expect, seen: &Seen, location: Option<&str>) -> bool {
    let actual = seen.header("location");
    let is_there = |wanted: &str| {
        actual.is_some_and(|actual| actual == wanted || url::Url::parse(actual).is_ok_and(|url| url.path() == wanted))
    };
    expect.status.clone().unwrap_or_else(Statuses::success).contains(seen.status) && location.is_none_or(is_there)
}

/// Ordinary requests are shorter, in bytes. Only of longer ones 413, 431 and a broken connection are a refusal: servers before the service
/// close like that.
const LONG: usize = 8 * 1024;
const LONGEST_EXCERPT: usize = 300;
