//! Where a space is: its issuer and its addresses.

use std::sync::Arc;

use http::Uri;

use super::order::Order;
use crate::simulation::{Commons, DEFAULT, Space};

/// The addresses of a space. `<base>/oidc` is the issuer of the space `default`, `<base>/s/<space>/oidc` another one's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// What relying parties and browsers call us, with the space's own part, and with a slash at the end.
    base: String,
}

impl Place {
    /// The place of a space.
    pub(super) fn of(commons: &Commons, space: &Space) -> Self {
        let mut base = String::from(space.public_url().unwrap_or_else(|| commons.public_url()));
        if !base.ends_with('/') {
            base.push('/');
        }
        base.push_str(&prefix(&space.name));
        Self { base }
    }

    /// The place that an order was made at.
    pub(super) fn of_order(order: &Order) -> Self {
        Self { base: order.issuer.strip_suffix("oidc").unwrap_or(&order.issuer).to_owned() }
    }

    /// The issuer.
    pub(super) fn issuer(&self) -> String {
        format!("{}oidc", self.base)
    }

    /// An address below the issuer: `authorize`.
    pub(super) fn endpoint(&self, name: &str) -> String {
        format!("{}oidc/{name}", self.base)
    }

    /// An address of the method: `collect`. The real path names the account's service.
    pub(super) fn method(&self, name: &str) -> String {
        format!("{}{METHOD}/{name}", self.base)
    }

    /// Whether browsers are to reach us by TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.base.starts_with("https:")
    }
}

/// What stands between our address and a space's own: nothing, or `s/<space>/`.
pub(super) fn prefix(space: &str) -> String {
    if space == DEFAULT { String::new() } else { format!("s/{space}/") }
}

/// The space that an address names.
pub(super) fn space(commons: &Commons, uri: &Uri) -> Option<Arc<Space>> {
    match uri.path().strip_prefix("/s/") {
        None => Some(commons.spaces.default_space()),
        // One space has one issuer.
        Some(rest) => {
            rest.split('/').next().filter(|name| *name != DEFAULT).and_then(|name| commons.spaces.named(name))
        }
    }
}

/// The path of the method, as the real one's: `/std/method/<service>`.
pub(super) const METHOD: &str = "std/method/motpart";
