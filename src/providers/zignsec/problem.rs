//! The errors of the API: a documented code and a description, which never repeats what was sent.

use std::borrow::Cow;

use crate::script::Reason;

/// One entry of `errors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The code.
    pub code: &'static str,
    /// What is wrong, for people. Never holds a number, nor any value that was sent.
    pub description: Cow<'static, str>,
}

impl Problem {
    /// A problem of this code.
    pub fn new(code: &'static str, description: impl Into<Cow<'static, str>>) -> Self {
        Self { code, description: description.into() }
    }

    /// `INVALID_REQUEST`: for everything that has no code of its own.
    pub fn request(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(INVALID_REQUEST, description)
    }
}

/// The code and description of a reason.
#[must_use]
pub fn problem(reason: Reason) -> Problem {
    let (code, description) = match reason {
        Reason::AlreadyInProgress => ("ALREADY_IN_PROGRESS", "An order is already in progress for this person"),
        // The description is the documents' (JavaScript events).
        Reason::Cancelled => ("USER_CANCEL", "Action cancelled"),
        Reason::CertificateError => ("CERTIFICATE_ERR", "The person's eID is revoked, blocked or not valid"),
        Reason::Exception => ("Internal Exception", "Something unexpected went wrong at the provider"),
        Reason::LinkExpired => ("EXPIRED_TRANSACTION", "The link was not opened in time"),
        Reason::OrderExpired => ("EXPIRED_TRANSACTION", "The person did not finish in time"),
        Reason::StartFailed => ("START_FAILED", "The app was not started, or is not installed"),
        Reason::Superseded => ("CANCELLED", "Another order of the same person ended this one"),
        // Inferred: the documents only say that nobody else can log in.
        Reason::WrongPerson => (INVALID_PERSONALNUMBER, "The person is not the one asked for"),
    };
    Problem::new(code, description)
}

/// Documented (error handling, bankid-browser-based): the caller's token. The description is the documents'.
pub const INVALID_APPID: &str = "INVALID_APPID";
/// Documented (error handling).
pub const INVALID_COUNTRYCODE: &str = "INVALID_COUNTRYCODE";
/// Documented (error handling).
pub const INVALID_IP: &str = "INVALID_IP";
/// Seen in client code (the UI-less BankID).
pub const INVALID_PARAMETERS: &str = "INVALID_PARAMETERS";
/// Documented (both pages).
pub const INVALID_PERSONALNUMBER: &str = "INVALID_PERSONALNUMBER";
/// Documented (both pages).
pub const INVALID_REQUEST: &str = "INVALID_REQUEST";
/// Documented (error handling).
pub const INVALID_TARGET: &str = "INVALID_TARGET";
/// Documented (error handling).
pub const INVALID_TARGETERROR: &str = "INVALID_TARGETERROR";
/// Documented (error handling).
pub const INVALID_WEBHOOK: &str = "INVALID_WEBHOOK";
/// Documented (both pages).
pub const MISSING_CONFIG: &str = "MISSING_CONFIG";
/// Documented (error handling).
pub const SESSION_NOT_FOUND: &str = "SESSION_NOT_FOUND";
