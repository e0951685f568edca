//! Starting and stopping.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use url::Url;

use super::binding::Keyring;
use super::decide::Rules;
use super::outbound::Outbound;
use super::provider::{Clients, ConnectError, Connections, Manner};
use super::service::{Parts, Service};
use super::store::{Store, StoreError};
use super::{Flaws, Variant, routes};
use crate::crypto::mac;
use crate::dial::{DialOptions, Dialer, TrustError};
use crate::serve::{BindError, Door, Serving};

/// What the service is started with. The default is a free port on loopback, everything in memory, and the simulator's default address.
#[derive(Clone)]
pub struct Options {
    /// Where it answers; a free port of loopback without one.
    pub listen: Option<SocketAddr>,
    /// Addresses and credentials of the providers: those that have an address are connected.
    pub connections: Connections,
    /// What it does wrong on purpose.
    pub flaws: Flaws,
    /// In what its design differs.
    pub variants: BTreeSet<Variant>,
    /// The file that survives; in memory without one. The key of the digests is kept beside it, in a file of its own.
    pub store: Option<PathBuf>,
    /// The tenants: name → token.
    pub owners: BTreeMap<String, String>,
    /// What browsers and the provider call it; the listener's address without one.
    pub public_url: Option<Url>,
    /// How often open attempts are asked about.
    pub poll: Duration,
    /// How long one call to the provider may take.
    pub provider_timeout: Duration,
    /// How long an attempt is open.
    pub attempt_lifetime: Duration,
    /// Makes ids and secrets repeatable, as long as everything is in memory.
    pub seed: Option<String>,
    /// How others are called.
    pub dial: DialOptions,
}

/// A running service. Dropping it closes its door; [`Reference::stop`] is the polite way.
pub struct Reference {
    base: Url,
    serving: Option<Serving>,
    poller: JoinHandle<()>,
    service: Arc<Service>,
}

/// Why it cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// A provider cannot be connected.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// How others are to be called does not work.
    #[error(transparent)]
    Dial(#[from] TrustError),
    /// The key of the digests cannot be read or made.
    #[error(
        "cannot use the key {path}: {problem}; without the key that made them, the digests in the store fit nobody"
    )]
    Key {
        /// Which file.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// The system lost the socket.
    #[error("the listener is gone: {0}")]
    Listener(#[from] std::io::Error),
    /// There is no randomness.
    #[error("the system has no random bytes: {0}")]
    Random(getrandom::Error),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Reference {
    /// Opens the door. When it returns, the address answers.
    ///
    /// # Errors
    /// When the address or the store cannot be had; nothing stays open then.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let dialer = Dialer::new(&options.dial)?;
        let listen = options.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
        let door = Door::bind(listen).await?;
        let base = address(door.local_addr()?);
        let manner = Manner {
            timeout: options.provider_timeout,
            dialer: dialer.clone(),
            flaws: options.flaws.clone(),
            variants: options.variants.clone(),
        };
        let clients = Clients::connect(&options.connections, &manner)?;
        let rules = Rules {
            variants: options.variants.iter().copied().collect(),
            flaws: options.flaws,
            offers: clients.methods(),
        };
        let seed = options.seed.as_ref().map(|seed| mac::derive(seed.as_bytes(), "reference", &[]));
        let (key, root) = match (&options.store, seed) {
            // What outlives the process must not be made of a counter that begins anew.
            (Some(path), seed) => (seed.map_or_else(|| key_beside(path), Ok)?, random()?),
            (None, Some(seed)) => (seed, seed),
            (None, None) => (random()?, random()?),
        };
        let (store, records) = match &options.store {
            Some(path) => Store::open(path)?,
            None => (Store::in_memory(), Vec::new()),
        };
        let service = Service::new(Parts {
            keyring: Keyring::new(key, rules.clone()),
            rules,
            owners: options.owners.into_iter().map(|(name, token)| (token, name)).collect(),
            public_url: options.public_url.unwrap_or_else(|| base.clone()),
            poll: options.poll,
            attempt_lifetime: options.attempt_lifetime,
            clients,
            outbound: Outbound::new(dialer),
            root,
            store,
            records,
        })?;
        let poller = tokio::spawn(service.clone().poll());
        let serving = door.serve(routes::router(service.clone()))?;
        Ok(Self { base, serving: Some(serving), poller, service })
    }

    /// Where it answers.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        &self.base
    }

    /// What browsers call it.
    #[must_use]
    pub fn public_url(&self) -> &Url {
        &self.service.public_url
    }

    /// Lets nobody in any more, and waits shortly for what is under way.
    pub async fn stop(mut self) {
        self.poller.abort();
        if let Some(serving) = self.serving.take() {
            serving.stop(Duration::from_secs(2)).await;
        }
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        self.poller.abort();
    }
}

impl Default for Options {
    fn default() -> Self {
        let owner = |name: &str| (name.to_owned(), format!("{name}-token"));
        Self {
            listen: None,
            connections: default_connections(),
            flaws: Flaws::default(),
            variants: BTreeSet::new(),
            store: None,
            owners: BTreeMap::from([owner("sender"), owner("stranger")]),
            public_url: None,
            poll: Duration::from_secs(2),
            provider_timeout: Duration::from_secs(5),
            attempt_lifetime: Duration::from_mins(10),
            seed: None,
            dial: DialOptions::default(),
        }
    }
}

/// Without tokens and seed.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("connections", &self.connections.keys())
            .field("flaws", &self.flaws)
            .field("variants", &self.variants)
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reference").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

/// The key beside a store: made once, readable by nobody else.
fn key_beside(store: &Path) -> Result<[u8; 32], StartError> {
    let mut path = store.as_os_str().to_owned();
    path.push(".key");
    let path = PathBuf::from(path);
    let failed = |problem: String| StartError::Key { path: path.display().to_string(), problem };
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            let mut key = [0; 32];
            hex::decode_to_slice(text.trim(), &mut key)
                .map_err(|_| failed("expected 64 hexadecimal digits".to_owned()))?;
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = random()?;
            write_secret(&path, &hex::encode(key)).map_err(|error| failed(error.to_string()))?;
            Ok(key)
        }
        Err(error) => Err(failed(error.to_string())),
    }
}

fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn random() -> Result<[u8; 32], StartError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(StartError::Random)?;
    Ok(bytes)
}

/// The address of a listener, as something to call.
fn address(listening: SocketAddr) -> Url {
    let mut reached = listening;
    if reached.ip().is_unspecified() {
        let loopback: std::net::IpAddr =
            if reached.is_ipv4() { std::net::Ipv4Addr::LOCALHOST.into() } else { std::net::Ipv6Addr::LOCALHOST.into() };
        reached.set_ip(loopback);
    }
    Url::parse(&format!("http://{reached}/")).expect("a socket's address")
}

/// The default space of a simulator at its default address, with the token of the provider's own documents.
fn default_connections() -> Connections {
    let pairs =
        [("ZIGNSEC_V2_URL", "http://127.0.0.1:8480/"), ("ZIGNSEC_V2_TOKEN", "00000000-e2a2-4968-b651-5352305c9fb0")];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
