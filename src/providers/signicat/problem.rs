//! The errors of OAuth and OpenID Connect: a code that is standardised, and a description that never repeats what was sent.

use std::borrow::Cow;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// `error`.
    pub(super) code: Code,
    /// `error_description`, for people. ASCII without quotes (RFC 6749 section 4.1.2.1).
    pub(super) description: Cow<'static, str>,
    /// What the journal says of it and the wire does not.
    pub(super) rule: Option<Cow<'static, str>>,
}

/// The codes in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// RFC 6749.
    AccessDenied,
    /// RFC 6750.
    InsufficientScope,
    /// RFC 6749.
    InvalidClient,
    /// RFC 6749.
    InvalidGrant,
    /// RFC 6749.
    InvalidRequest,
    /// OpenID Connect Core, section 3.1.2.6.
    InvalidRequestObject,
    /// RFC 6749.
    InvalidScope,
    /// RFC 6750.
    InvalidToken,
    /// OpenID Connect Core, section 3.1.2.6.
    LoginRequired,
    /// OpenID Connect Core, section 3.1.2.6.
    RegistrationNotSupported,
    /// OpenID Connect Core, section 3.1.2.6.
    RequestNotSupported,
    /// OpenID Connect Core, section 3.1.2.6.
    RequestUriNotSupported,
    /// RFC 6749.
    UnsupportedGrantType,
    /// RFC 6749.
    UnsupportedResponseType,
}

impl Code {
    /// The code as it is written.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::InsufficientScope => "insufficient_scope",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidToken => "invalid_token",
            Self::LoginRequired => "login_required",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
        }
    }
}

impl Problem {
    /// A problem of this code.
    pub(super) fn new(code: Code, description: impl Into<Cow<'static, str>>) -> Self {
        Self { code, description: description.into(), rule: None }
    }

    /// `invalid_request`: for everything that has no code of its own.
    pub(super) fn request(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Code::InvalidRequest, description)
    }

    /// `invalid_request_object`, in the same words whatever is wrong with it: whoever tries keys or padding learns nothing.
    pub(super) fn request_object(rule: impl Into<Cow<'static, str>>) -> Self {
        let description = "The request object is not one that this server can read";
        Self { rule: Some(rule.into()), ..Self::new(Code::InvalidRequestObject, description) }
    }
}
