//! The relying parties of a space: the one of its credentials, and those of its switches.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::Signicat;
use super::settings::Settings;
use crate::crypto::keys::Jwk;
use crate::simulation::{Provider, Space};

/// A relying party as it is written among the switches: one more than the space's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`; none for `private_key_jwt` alone.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// Where browsers may be sent.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// The key to encrypt responses to.
    #[serde(default)]
    pub response_key: Option<Jwk>,
    /// The keys that request objects and client assertions are signed with.
    #[serde(default)]
    pub signature_keys: Vec<Jwk>,
}

/// A relying party that is known.
#[derive(Clone, Copy)]
pub(super) struct Client<'a> {
    /// `client_id`.
    pub(super) id: &'a str,
    /// `client_secret`.
    pub(super) secret: Option<&'a str>,
    redirect_uris: &'a [String],
    /// The key to encrypt responses to.
    pub(super) response_key: Option<&'a Jwk>,
    /// The keys that it signs with.
    pub(super) signature_keys: &'a [Jwk],
}

/// Without the secret.
impl std::fmt::Debug for Client<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<'a> Client<'a> {
    /// The relying party of this `client_id` in a space.
    pub(super) fn find(space: &'a Space, settings: &'a Settings, id: &str) -> Option<Self> {
        if let Some(own) = space.credential(Signicat::NAME, "client_id").filter(|own| *own == id) {
            return Some(Self {
                id: own,
                secret: space.credential(Signicat::NAME, "client_secret"),
                redirect_uris: &settings.redirect_uris,
                response_key: settings.response_key.as_ref(),
                signature_keys: &settings.signature_keys,
            });
        }
        settings.clients.iter().find(|written| written.client_id == id).map(|written| Self {
            id: &written.client_id,
            secret: written.client_secret.as_deref(),
            redirect_uris: &written.redirect_uris,
            response_key: written.response_key.as_ref(),
            signature_keys: &written.signature_keys,
        })
    }

    /// Whether browsers may be sent there. Registered addresses are compared as texts (RFC 9700 section 2.1); while none is registered, any
    /// address will do whose host is loopback or reserved for tests, because it can be nobody's.
    pub(super) fn may_redirect_to(&self, address: &str) -> bool {
        let Some(url) = Url::parse(address).ok().filter(|url| url.fragment().is_none()) else { return false };
        if self.redirect_uris.is_empty() {
            return is_nobodys(&url);
        }
        self.redirect_uris.iter().any(|registered| registered == address)
    }
}

/// Loopback, or a name of RFC 2606 and RFC 6761.
fn is_nobodys(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let last = |part: &str| name == part || name.strip_suffix(part).is_some_and(|rest| rest.ends_with('.'));
            ["localhost", "test", "example", "invalid", "example.com", "example.net", "example.org"]
                .into_iter()
                .any(last)
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unregistered_addresses_are_nobodys_and_registered_ones_exact() {
        let client =
            |redirect_uris| Client { id: "a", secret: None, redirect_uris, response_key: None, signature_keys: &[] };
        for fine in ["http://127.0.0.1:1/cb", "http://[::1]/cb", "http://localhost:3000/", "https://rp.test/cb?a=b"] {
            assert!(client(&[]).may_redirect_to(fine), "{fine}");
        }
        for not in ["", "/cb", "http://rp.se/cb", "http://attest/cb", "https://rp.test/cb#f", "http://10.0.0.1/"] {
            assert!(!client(&[]).may_redirect_to(not), "{not}");
        }
        let registered = ["https://rp.se/cb".to_owned()];
        assert!(client(&registered).may_redirect_to("https://rp.se/cb"));
        for not in ["https://rp.se/cb/", "https://rp.se/cb?x", "http://127.0.0.1:1/cb", "https://RP.se/cb"] {
            assert!(!client(&registered).may_redirect_to(not), "{not}");
        }
    }
}
