//! What the service refuses, by the word that programs read.

use std::time::Duration;

/// Why something was not done. Its message never holds what was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("two different numbers were given: send one")]
    ConflictingNumbers,
    #[error("the person who authenticated is not the one who was asked: the sender has to act")]
    EnforcementFailed,
    #[error("the eID told no national number: authenticate with another one")]
    EnforcementInconclusive,
    #[error("authenticate first")]
    EnforcementPending,
    /// The text says what is wrong with it, without it.
    #[error("personal_number: {0}")]
    InvalidNumber(String),
    #[error("{0}")]
    Malformed(String),
    #[error("this method is not available here")]
    MethodNotAllowed,
    #[error("this needs an agreement in draft or open: open it first")]
    NotDraft,
    #[error("the agreement is not open or in draft")]
    NotOpen,
    #[error("the agreement or the participant does not wait for this")]
    NotPending,
    #[error("a personal number can be bound to a signer only")]
    NotASigner,
    #[error("the provider refused the start: {0}")]
    ProviderRefused(String),
    #[error("the provider cannot be reached: try again")]
    ProviderUnavailable,
    #[error("the participant has signed")]
    AlreadySigned,
    #[error("the store cannot be written: the service has to be restarted")]
    Store,
    #[error("the body is too large")]
    TooLarge,
    #[error("too many codes were wrong: ask for a new one")]
    TooManyAttempts,
    /// With how long to wait.
    #[error("too many starts: wait a little")]
    TooManyStarts(Duration),
    #[error("credentials are missing or wrong")]
    Unauthorised,
    #[error("there is no such agreement")]
    UnknownAgreement,
    #[error("there is no such attempt")]
    UnknownAttempt,
    #[error("there is no such participant")]
    UnknownParticipant,
    #[error("there is no such signing room")]
    UnknownRoom,
    #[error("there is nothing at this address")]
    UnknownRoute,
    #[error("the content type has to be application/json")]
    UnsupportedMedia,
    #[error("this address takes another HTTP method")]
    WrongVerb,
    #[error("the code is wrong")]
    WrongCode,
}

impl Refusal {
    /// The HTTP status and the word.
    pub(super) const fn words(&self) -> (u16, &'static str) {
        match self {
            Self::ConflictingNumbers => (422, "conflicting_numbers"),
            Self::EnforcementFailed => (409, "enforcement_failed"),
            Self::EnforcementInconclusive => (409, "enforcement_inconclusive"),
            Self::EnforcementPending => (409, "enforcement_pending"),
            Self::InvalidNumber(_) => (422, "invalid_number"),
            Self::Malformed(_) => (400, "malformed"),
            Self::MethodNotAllowed => (403, "method_not_allowed"),
            Self::NotDraft => (409, "not_draft"),
            Self::NotOpen => (409, "not_open"),
            Self::NotPending => (409, "not_pending"),
            Self::NotASigner => (422, "not_a_signer"),
            Self::ProviderRefused(_) => (422, "provider_refused"),
            // The fault is not the caller's; the judge must not read it as a refusal.
            Self::ProviderUnavailable => (503, "provider_unavailable"),
            Self::AlreadySigned => (409, "already_signed"),
            Self::Store => (500, "store"),
            Self::TooLarge => (413, "malformed"),
            Self::TooManyAttempts => (403, "too_many_attempts"),
            Self::TooManyStarts(_) => (429, "too_many_attempts"),
            Self::Unauthorised => (401, "unauthorised"),
            Self::UnknownAgreement => (404, "unknown_agreement"),
            Self::UnknownAttempt => (404, "unknown_attempt"),
            Self::UnknownParticipant => (404, "unknown_participant"),
            Self::UnknownRoom => (404, "unknown_room"),
            Self::UnknownRoute => (404, "malformed"),
            Self::UnsupportedMedia => (415, "malformed"),
            Self::WrongVerb => (405, "malformed"),
            Self::WrongCode => (422, "wrong_code"),
        }
    }

    pub(super) fn malformed(problem: impl Into<String>) -> Self {
        Self::Malformed(problem.into())
    }
}
