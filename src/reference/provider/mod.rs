//! What the service asks eID providers, and what it takes from their answers. One file per provider, and one line in [`Clients::connect`].
//!
//! A provider's answer is [`Evidence`] and nothing more: whether it is about the right person is decided elsewhere.

pub mod signicat;
pub mod zignsec_gateway;
pub mod zignsec_v2;
pub mod zignsec_v3;

mod caller;
mod came_by;
mod client;
mod echo;
mod evidence;
mod hook;
mod member;
mod method;
mod once;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::dial::Dialer;
use crate::identity::Country;
use crate::reference::{Flaws, Variant};

pub use self::client::{
    Client, ClientOptions, Demand, FetchError, Level, Notice, Onward, Purpose, Session, StartError, StartOrder,
    Started, WebhookError,
};
pub use self::evidence::{Evidence, FailureKind, IdentitySummary, ProvenIdentity};
pub use self::method::{EidMethod, UnknownMethod};
pub use self::signicat::Signicat;
pub use self::zignsec_gateway::ZignsecGateway;
pub use self::zignsec_v2::ZignsecV2;
pub use self::zignsec_v3::ZignsecV3;

/// Addresses and credentials by name, as `motpart serve` tells them: `ZIGNSEC_V2_URL`, `ZIGNSEC_V2_TOKEN` ….
pub type Connections = BTreeMap<String, String>;

/// The providers that are connected, the preferred one first.
#[derive(Clone, Debug)]
pub struct Clients(Vec<Arc<dyn Client>>);

/// How every provider is called.
#[derive(Clone, Debug)]
pub struct Manner {
    /// How long one call may take.
    pub timeout: Duration,
    /// Makes the calls.
    pub dialer: Dialer,
    /// What this service does wrong on purpose.
    pub flaws: Flaws,
    /// In what the service's design differs.
    pub variants: BTreeSet<Variant>,
}

/// Why a provider cannot be connected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// A name is missing beside the address.
    #[error("{0} is missing")]
    Missing(String),
    /// There is none at all.
    #[error("no provider is connected: expected at least ZIGNSEC_V2_URL and ZIGNSEC_V2_TOKEN")]
    Nobody,
    /// An address is none.
    #[error("{0} is no http address")]
    NoAddress(String),
    /// A certificate or a key is none.
    #[error("{0} cannot be read: expected PEM, or the base64 between its lines")]
    Unusable(String),
}

/// Makes a client, where its provider has an address.
type Connect = fn(&Connections, &Manner) -> Result<Option<Arc<dyn Client>>, ConnectError>;

impl Clients {
    /// A client for each provider that has an address among the connections.
    ///
    /// # Errors
    /// When there is none, or something is missing beside an address.
    pub fn connect(connections: &Connections, manner: &Manner) -> Result<Self, ConnectError> {
        let known: [Connect; 4] =
            [zignsec_v2::connect, zignsec_v3::connect, zignsec_gateway::connect, signicat::connect];
        let clients: Result<Vec<_>, _> =
            known.iter().filter_map(|connect| connect(connections, manner).transpose()).collect();
        let clients = clients?;
        if clients.is_empty() { Err(ConnectError::Nobody) } else { Ok(Self(clients)) }
    }

    /// By the word in the service's API.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Arc<dyn Client>> {
        self.0.iter().find(|client| client.name() == name)
    }

    /// Whom to ask, and with what: the first that has the method, or else whatever is usual for the country.
    #[must_use]
    pub fn choose(
        &self,
        provider: Option<&str>,
        method: Option<EidMethod>,
        country: Country,
    ) -> Option<(&Arc<dyn Client>, EidMethod)> {
        let asked = self.0.iter().filter(|client| provider.is_none_or(|name| client.name() == name));
        asked.into_iter().find_map(|client| {
            let fits = |own: &&EidMethod| method.map_or_else(|| own.covers(country), |method| method == **own);
            Some((client, *client.methods().iter().find(fits)?))
        })
    }

    /// Everything that people can authenticate with, each once.
    #[must_use]
    pub fn methods(&self) -> Vec<EidMethod> {
        let has = |method: &EidMethod| self.0.iter().any(|client| client.methods().contains(method));
        EidMethod::ALL.into_iter().filter(has).collect()
    }
}

/// What a provider's address and token are called, read; none where it has no address. `below` is what the client adds to the address
/// itself: some write it down, and some do not.
fn options(
    name: &str,
    below: &str,
    connections: &Connections,
    manner: &Manner,
) -> Result<Option<ClientOptions>, ConnectError> {
    let Some(mut base) = address(&format!("{name}_URL"), connections)? else { return Ok(None) };
    let path = base.path().trim_end_matches('/').to_owned();
    base.set_path(path.strip_suffix(below).unwrap_or(&path));
    let token = needed(&format!("{name}_TOKEN"), connections)?;
    let Manner { timeout, dialer, flaws, variants: _ } = manner.clone();
    Ok(Some(ClientOptions { base, token, timeout, dialer, flaws }))
}

fn address(name: &str, connections: &Connections) -> Result<Option<Url>, ConnectError> {
    let Some(text) = connections.get(name) else { return Ok(None) };
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.map(Some).ok_or_else(|| ConnectError::NoAddress(name.to_owned()))
}

fn needed(name: &str, connections: &Connections) -> Result<String, ConnectError> {
    connections.get(name).cloned().ok_or_else(|| ConnectError::Missing(name.to_owned()))
}
