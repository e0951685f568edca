//! Why a scenario goes no further.

use super::controls::Control;
use crate::identity::mask;
use crate::target::TargetError;

/// The first thing that did not go as the scenario says. Everything after it is skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A value differs from the one that the policy lets expect.
    Equals {
        /// What there was.
        actual: String,
        /// What there should have been.
        expected: String,
    },
    /// The target could not be driven: this says nothing about the requirement.
    Error {
        /// What stood in the way.
        problem: String,
        /// What to do about it.
        remedy: Option<String>,
    },
    /// Motpart itself is wrong.
    Harness(String),
    /// A person has to look.
    Manual(String),
    /// What must never be, was.
    Never {
        /// What there was.
        actual: String,
        /// What there should have been.
        expected: String,
    },
    /// The target's declarations take it out.
    NotApplicable(String),
    /// The target offers no channel on which it would show.
    NotObservable(String),
    /// It ends here as it may: nothing of what follows can be asked any more.
    Well(String),
}

impl Stop {
    /// The same with its words as `shown` makes them.
    #[must_use]
    pub(super) fn shown(self, shown: impl Fn(&str) -> String) -> Self {
        let both = |actual: String, expected: String| (shown(&actual), shown(&expected));
        match self {
            Self::Equals { actual, expected } => {
                let (actual, expected) = both(actual, expected);
                Self::Equals { actual, expected }
            }
            Self::Error { problem, remedy } => Self::Error { problem: shown(&problem), remedy },
            Self::Harness(text) => Self::Harness(shown(&text)),
            Self::Manual(text) => Self::Manual(text),
            Self::Never { actual, expected } => {
                let (actual, expected) = both(actual, expected);
                Self::Never { actual, expected }
            }
            Self::NotApplicable(text) => Self::NotApplicable(text),
            Self::NotObservable(text) => Self::NotObservable(text),
            Self::Well(text) => Self::Well(text),
        }
    }

    /// The target could not be driven.
    pub fn error(problem: impl Into<String>) -> Self {
        Self::Error { problem: problem.into(), remedy: None }
    }

    /// The same with a remedy.
    pub fn error_with(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Error { problem: problem.into(), remedy: Some(remedy.into()) }
    }

    /// What must never be, was.
    pub fn never(actual: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::Never { actual: actual.into(), expected: expected.into() }
    }

    /// A value differs.
    pub fn equals(actual: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::Equals { actual: actual.into(), expected: expected.into() }
    }

    /// The step's function asks for a parameter that its expression does not have.
    #[must_use]
    pub fn misfit(at: usize) -> Self {
        Self::Harness(format!("the step's parameter {} has another kind than its function expects", at + 1))
    }

    /// An operation that had to succeed did not.
    #[must_use]
    pub fn of(doing: &str, error: &TargetError) -> Self {
        let problem = mask(&format!("{doing}: {error}")).into_owned();
        match error {
            TargetError::Unsupported { op } => {
                Self::NotApplicable(format!("the target declares no operation for {}", in_words(&format!("{op:?}"))))
            }
            TargetError::Rejected { .. } => {
                Self::error_with(problem, "the target refused what the scenario needs before it can ask anything")
            }
            TargetError::Wait { .. } => {
                Self::error_with(problem, "state the target's rate limit in its target file, or lower --jobs")
            }
            TargetError::Unavailable { .. } => Self::error_with(
                problem,
                "is the target running where `base_url` says, and does it answer within `timing.op_limit`?",
            ),
            TargetError::Conflict { .. } | TargetError::Internal { .. } | TargetError::NotFound { .. } => {
                Self::error(problem)
            }
        }
    }

    /// The control that a refusal rests on did not work.
    #[must_use]
    pub fn without_control(control: &Control) -> Self {
        Self::error_with(
            format!("the refusal cannot be believed: {control} succeeded nowhere in this run"),
            "let a scenario in which it should succeed run along, and look why it does not",
        )
    }
}

/// `AddParticipant` as `add participant`.
pub(super) fn in_words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}
