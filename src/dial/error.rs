use std::error::Error;
use std::io;
use std::time::Duration;

use http_body_util::LengthLimitError;
use hyper_util::client::legacy;
use rustls::CertificateError;
use thiserror::Error;

use super::connect_to::Place;
use super::connector::NameNotFound;

/// Why a call got no answer. URLs are not repeated, as they may carry personal data: only the host and port that were dialled.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DialError {
    /// The connection ended before the answer was complete, or what came was no HTTP.
    #[error("{address} broke the connection before its answer was complete: {problem}")]
    Broke {
        /// Host and port.
        address: String,
        /// What was seen.
        problem: String,
    },
    /// The host name has no address.
    #[error(
        "no address found for the host of {address}: check the name, or say where it is with --connect-to {address}=HOST:PORT"
    )]
    NameNotFound {
        /// Host and port.
        address: String,
    },
    /// The URL has another scheme, or no host.
    #[error("not a URL that can be called: expected http://host… or https://host…")]
    NotHttp,
    /// Nothing listens there.
    #[error("{address} refused the connection: nothing listens there{remedy}")]
    Refused {
        /// Host and port.
        address: String,
        /// What to do for a local address; otherwise empty.
        remedy: &'static str,
    },
    /// No complete answer in time.
    #[error("{address} did not answer within {}", humantime::format_duration(*.after))]
    TimedOut {
        /// Host and port.
        address: String,
        /// The limit that was given.
        after: Duration,
    },
    /// The TLS handshake failed.
    #[error("no TLS connection to {address}: {problem}{remedy}")]
    Tls {
        /// Host and port.
        address: String,
        /// What the TLS library says.
        problem: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// The body is longer than allowed.
    #[error("the answer of {address} is larger than {limit} bytes")]
    TooLarge {
        /// Host and port.
        address: String,
        /// Bytes allowed.
        limit: usize,
    },
    /// The network cannot reach the address.
    #[error("{address} cannot be reached: {problem}")]
    Unreachable {
        /// Host and port.
        address: String,
        /// What the system says.
        problem: String,
    },
}

impl DialError {
    pub(super) fn of(error: &legacy::Error, place: &Place) -> Self {
        let address = place.to_string();
        if causes(error).any(|cause| cause.is::<NameNotFound>()) {
            return Self::NameNotFound { address };
        }
        if let Some(tls) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
            return Self::Tls { address, problem: tls.to_string(), remedy: tls_remedy(tls) };
        }
        if !error.is_connect() {
            return Self::Broke { address, problem: last(error) };
        }
        let kind = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).last().map(io::Error::kind);
        match kind {
            Some(io::ErrorKind::ConnectionRefused) => {
                Self::Refused { address, remedy: if place.is_local() { LOCALHOST } else { "" } }
            }
            // Closed in the middle of the TLS handshake: TCP was fine.
            Some(io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) => {
                Self::Broke { address, problem: last(error) }
            }
            _ => Self::Unreachable { address, problem: last(error) },
        }
    }

    pub(super) fn of_body(error: &(dyn Error + 'static), place: &Place, limit: usize) -> Self {
        let address = place.to_string();
        if causes(error).any(|cause| cause.is::<LengthLimitError>()) {
            Self::TooLarge { address, limit }
        } else {
            Self::Broke { address, problem: last(error) }
        }
    }
}

/// The error and what is behind it. An `io::Error` hides the error it wraps from `source`, so it is opened here.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        Some(wrapper) => wrapper.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}

fn last(error: &(dyn Error + 'static)) -> String {
    causes(error).last().unwrap_or(error).to_string()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "rustls' list of errors is open")]
fn tls_remedy(error: &rustls::Error) -> &'static str {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "; trust its issuer with --ca FILE, or skip the check with --insecure"
        }
        rustls::Error::InvalidCertificate(_) => "; use the name in the certificate, or skip the check with --insecure",
        rustls::Error::InvalidMessage(_) => "; does the port speak TLS at all? If not, the URL begins with http://",
        _ => "",
    }
}

const LOCALHOST: &str = "; inside a container localhost is the container itself: name the other one, see --connect-to";
