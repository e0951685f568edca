//! The errors of the gateway: its two types, and Freja's codes behind them.

use std::borrow::Cow;

use crate::script::Reason;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Freja's code, or none where Freja was not asked.
    pub code: Option<Code>,
    /// What is wrong, for people. Never holds what was sent.
    pub message: Cow<'static, str>,
}

/// Freja's error codes, those of them that can come of an identity verification. Source: Freja's client library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// 0.
    Internal,
    /// 1000.
    InvalidParameters,
    /// 1002.
    InvalidUserInfo,
    /// 1004.
    MethodNotAllowed,
    /// 1007.
    InvalidLevel,
    /// 1010.
    NotJson,
    /// 1012.
    NoSuchUser,
    /// 1100.
    InvalidReference,
    /// 2000.
    AlreadyInProgress,
    /// 2002.
    InvalidAttributes,
    /// 2003.
    NoCustomIdentifier,
}

impl Code {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u32 {
        match self {
            Self::AlreadyInProgress => 2000,
            Self::Internal => 0,
            Self::InvalidAttributes => 2002,
            Self::InvalidLevel => 1007,
            Self::InvalidParameters => 1000,
            Self::InvalidReference => 1100,
            Self::InvalidUserInfo => 1002,
            Self::MethodNotAllowed => 1004,
            Self::NoCustomIdentifier => 2003,
            Self::NoSuchUser => 1012,
            Self::NotJson => 1010,
        }
    }
}

impl Problem {
    /// A problem with one of Freja's codes.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code: Some(code), message: message.into() }
    }

    /// A problem of the gateway's own.
    pub fn plain(message: impl Into<Cow<'static, str>>) -> Self {
        Self { code: None, message: message.into() }
    }

    /// The error that stands in a result; most ends of an attempt are a status and no error.
    #[must_use]
    pub fn of(reason: Reason) -> Option<Self> {
        match reason {
            Reason::Exception => Some(Self::new(Code::Internal, "Internal error")),
            Reason::AlreadyInProgress
            | Reason::Cancelled
            | Reason::CertificateError
            | Reason::LinkExpired
            | Reason::OrderExpired
            | Reason::StartFailed
            | Reason::Superseded
            | Reason::WrongPerson => None,
        }
    }
}
