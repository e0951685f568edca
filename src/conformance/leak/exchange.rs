//! Where a target can leak in one exchange: the address that was asked for, and everything in the answer.

use std::fmt;

use super::{Leak, Scanner};
use crate::target::Exchange;

/// Where in an exchange.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The answer's body.
    Body,
    /// A cookie that the answer sets, by name.
    Cookie(String),
    /// A header of the answer, by name.
    Header(String),
    /// The address that was asked for: in the browser, the target made it.
    RequestUrl,
}

/// The numbers and digests in the address and in the answer. What was sent along is the judge's own.
#[must_use]
pub fn in_exchange(scanner: &Scanner, exchange: &Exchange) -> Vec<(Place, Leak)> {
    let headers = exchange.headers.iter().map(|(name, value)| {
        let place = if name.eq_ignore_ascii_case("set-cookie") {
            Place::Cookie(value.split('=').next().unwrap_or_default().trim().to_owned())
        } else {
            Place::Header(name.to_ascii_lowercase())
        };
        (place, value.as_bytes())
    });
    let places = std::iter::once((Place::RequestUrl, exchange.url.as_bytes()))
        .chain(headers)
        .chain(std::iter::once((Place::Body, exchange.body.as_slice())));
    places.flat_map(|(place, bytes)| scanner.scan(bytes).into_iter().map(move |leak| (place.clone(), leak))).collect()
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body => f.write_str("the body of the answer"),
            // A number may be the name of a cookie or a header.
            Self::Cookie(name) => write!(f, "the cookie `{}`", crate::identity::mask(name)),
            Self::Header(name) => write!(f, "the header `{}`", crate::identity::mask(name)),
            Self::RequestUrl => f.write_str("the address"),
        }
    }
}
