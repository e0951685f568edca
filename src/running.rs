//! A simulation with its doors open: what `motpart serve` runs, and what tests in Rust start in process.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;
use tokio::task::JoinHandle;
use url::Url;

use crate::control;
use crate::crypto::cert::{Authority, CertError};
use crate::dial::{DialOptions, Dialer};
use crate::identity::Persons;
use crate::providers::{self, stray};
use crate::script::Library;
use crate::serve::{BindError, Door, Serving};
use crate::simulation::witness::witnessed;
use crate::simulation::{Bounds, Clock, Commons, Control, DEFAULT, SettingsError, Simulation, Space, SpaceError};

/// What a simulation is started with. The default is a free port on loopback, a random seed and everything bundled.
#[derive(Default)]
pub struct Options {
    /// Everything random is derived from it; without one it is random itself.
    pub seed: Option<String>,
    /// Where relying parties and browsers call; `127.0.0.1:0` without one.
    pub listen: Option<SocketAddr>,
    /// Where the control API answers. Without one: beside the providers, if they listen on loopback or there is a token; else on loopback
    /// at the next port.
    pub control_listen: Option<SocketAddr>,
    /// What callers of the control API have to show.
    pub control_token: Option<String>,
    /// Further names under which the control API may be called.
    pub control_hosts: Vec<String>,
    /// What browsers call us; the listener's address without one.
    pub public_url: Option<Url>,
    /// Speak TLS, with a certificate for these names and loopback.
    pub tls_names: Option<Vec<String>>,
    /// How much may be held.
    pub bounds: Bounds,
    /// How others are called.
    pub dial: DialOptions,
    /// The register, instead of the bundled one.
    pub persons: Option<Persons>,
    /// The scripts, instead of the bundled ones.
    pub scripts: Option<Library>,
    /// The default script of the space `default`.
    pub script: Option<String>,
    /// Spaces to make, and what to change in the space `default`.
    pub spaces: Vec<SpaceOptions>,
    /// The time of day.
    pub clock: Clock,
}

/// A space as somebody wants it.
#[derive(Clone, Default)]
pub struct SpaceOptions {
    /// Its name. `default` changes the one that exists anyhow.
    pub name: String,
    /// Credentials to take instead of minting them: provider → name → value.
    pub credentials: BTreeMap<String, BTreeMap<String, String>>,
    /// Its default script.
    pub script: Option<String>,
    /// What browsers call us there.
    pub public_url: Option<Url>,
    /// Switches: provider → members.
    pub settings: BTreeMap<String, Value>,
}

/// Why a simulation cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address cannot be listened on.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// No certificate can be made for the names.
    #[error(transparent)]
    Certificate(#[from] CertError),
    /// How others are to be called does not work.
    #[error(transparent)]
    Dial(#[from] crate::dial::TrustError),
    /// The control API would be open to the network.
    #[error("the control API on {0} would be open to the network: give a control token, or listen on loopback")]
    ControlOpen(SocketAddr),
    /// A space cannot be made.
    #[error("space `{name}`: {source}")]
    Space {
        /// Its name.
        name: String,
        /// Why not.
        source: SpaceError,
    },
    /// A space names a provider, a credential or a script that does not exist, or a switch is refused.
    #[error("space `{name}`: {problem}")]
    SpaceOptions {
        /// Its name.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The system lost a socket.
    #[error("the listener is gone: {0}")]
    Listener(#[from] std::io::Error),
}

/// A running simulation. Dropping it closes its doors at once; [`Motpart::stop`] is the polite way. The crate's page has an example.
pub struct Motpart {
    simulation: Arc<Simulation>,
    providers_at: Url,
    control_at: Url,
    control_token: Option<String>,
    serving: Vec<Serving>,
    driver: JoinHandle<()>,
}

/// Without the control token and the seed.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("listen", &self.listen)
            .field("control_listen", &self.control_listen)
            .field("spaces", &self.spaces)
            .finish_non_exhaustive()
    }
}

/// Without the credentials.
impl fmt::Debug for SpaceOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpaceOptions").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Without the control token.
impl fmt::Debug for Motpart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Motpart")
            .field("providers_at", &self.providers_at.as_str())
            .field("control_at", &self.control_at.as_str())
            .finish_non_exhaustive()
    }
}

impl Motpart {
    /// Opens the doors. When it returns, every address answers.
    ///
    /// # Errors
    /// When an address, a name, a space or a switch cannot be had; nothing stays open then.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let authority = Authority::load();
        let tls = options.tls_names.as_ref().map(|names| authority.server_config(names)).transpose()?;
        let dialer = Dialer::new(&options.dial)?;

        let listen = options.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
        let door = Door::bind(listen).await?;
        let listening = door.local_addr()?;
        let control_door = control_door(&options, listening).await?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let providers_at = address(scheme, listening);
        let public_url = options.public_url.clone().unwrap_or_else(|| providers_at.clone());
        let seed = options.seed.clone().unwrap_or_else(random_seed);
        let commons = Commons::new(&seed, options.clock.clone(), options.bounds, dialer, public_url);
        if let Some(persons) = options.persons {
            commons.set_persons(persons);
        }
        if let Some(scripts) = options.scripts {
            commons.set_scripts(scripts);
        }
        let (simulation, routes) = assemble(Arc::new(commons));
        furnish(&simulation, &options.spaces, options.script.as_deref())?;

        let control_listening = control_door.as_ref().map_or(Ok(listening), Door::local_addr)?;
        let mut hosts = options.control_hosts;
        hosts.extend(options.tls_names.into_iter().flatten());
        hosts.extend(options.public_url.as_ref().and_then(Url::host_str).map(str::to_owned));
        let guard = control::Door { token: options.control_token.clone(), hosts };
        let control = control::router(simulation.clone(), guard);
        let control_at = address(scheme, control_listening);
        let routes = routes.merge(control::pages(simulation.clone(), control_at.clone()));
        let secured = |door: Door| match &tls {
            Some(config) => door.with_tls(config.clone()),
            None => door,
        };
        let serving = match control_door {
            Some(control_door) => {
                vec![secured(door).serve(routes.merge(health()))?, secured(control_door).serve(control)?]
            }
            None => vec![secured(door).serve(control.merge(routes))?],
        };
        let driver = tokio::spawn(simulation.clone().drive());
        Ok(Self { simulation, providers_at, control_at, control_token: options.control_token, serving, driver })
    }

    /// Where relying parties call, with a trailing slash.
    #[must_use]
    pub const fn base_url(&self) -> &Url {
        &self.providers_at
    }

    /// Where the control API answers; its paths begin with `/_motpart/v1`.
    #[must_use]
    pub const fn control_url(&self) -> &Url {
        &self.control_at
    }

    /// What runs behind the doors.
    #[must_use]
    pub const fn simulation(&self) -> &Arc<Simulation> {
        &self.simulation
    }

    /// Addresses and credentials of the space `default`, as environment variables.
    #[must_use]
    pub fn connection(&self) -> BTreeMap<String, String> {
        let space = self.simulation.commons.spaces.default_space();
        let mut connection = BTreeMap::from([
            ("MOTPART_URL".to_owned(), self.providers_at.to_string()),
            ("MOTPART_CONTROL_URL".to_owned(), self.control_at.to_string()),
        ]);
        if let Some(token) = &self.control_token {
            connection.insert("MOTPART_CONTROL_TOKEN".to_owned(), token.clone());
        }
        for ((provider, name), value) in &space.credentials {
            connection.insert(format!("{}_{}", provider.to_uppercase(), name.to_uppercase()), value.clone());
        }
        for provider in &self.simulation.providers {
            connection.insert(format!("{}_URL", provider.name().to_uppercase()), self.providers_at.to_string());
            for (name, fact) in provider.connection(&space) {
                let told = fact.told(self.providers_at.as_str(), &self.simulation.commons.public_url_of(&space));
                connection.insert(format!("{}_{name}", provider.name().to_uppercase()), told);
            }
        }
        connection
    }

    /// Closes the doors: requests under way get up to two seconds to end.
    pub async fn stop(self) {
        self.driver.abort();
        for serving in self.serving {
            serving.stop(Duration::from_secs(2)).await;
        }
    }
}

/// A simulation of all providers with its space `default`, and the routes that relying parties and browsers call, witnessed.
pub fn assemble(commons: Arc<Commons>) -> (Arc<Simulation>, Router) {
    let mounted = providers::mount(&commons);
    let mut routes = Router::new();
    let mut controls: Vec<Arc<dyn Control>> = Vec::new();
    for provider in mounted {
        routes = routes.merge(provider.routes);
        controls.push(provider.control);
    }
    let simulation = Arc::new(Simulation { commons: commons.clone(), providers: controls });
    simulation
        .add_space(DEFAULT, &BTreeMap::new())
        .expect("the space `default` is the first one, with credentials of its own");
    (simulation, witnessed(commons, routes.fallback(stray)))
}

/// Answers outside the witness: whoever asks every second whether the door is open shall not fill the journal.
fn health() -> Router {
    let well = Json(serde_json::json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }));
    Router::new().route(HEALTH, get(async move || well))
}

/// Where every door says that it is open.
const HEALTH: &str = "/_motpart/v1/health";

/// Makes the spaces that somebody wants.
fn furnish(simulation: &Simulation, spaces: &[SpaceOptions], script: Option<&str>) -> Result<(), StartError> {
    let commons = &simulation.commons;
    let problem = |name: &str, problem: String| StartError::SpaceOptions { name: name.to_owned(), problem };
    let find =
        |name: &str, script: &str| commons.scripts().find(script).cloned().map_err(|e| problem(name, e.to_string()));
    if let Some(script) = script {
        commons.spaces.default_space().programme.set_default(Some(find(DEFAULT, script)?));
    }
    for wanted in spaces {
        let name = wanted.name.as_str();
        let space = match commons.spaces.named(name).filter(|_| wanted.credentials.is_empty()) {
            Some(space) => space,
            None if name == DEFAULT => simulation
                .replace_default_credentials(&wanted.credentials)
                .map_err(|source| StartError::Space { name: name.to_owned(), source })?,
            None => simulation
                .add_space(name, &wanted.credentials)
                .map_err(|source| StartError::Space { name: name.to_owned(), source })?,
        };
        space.set_public_url(wanted.public_url.clone());
        if let Some(script) = &wanted.script {
            space.programme.set_default(Some(find(name, script)?));
        }
        for (provider, switches) in &wanted.settings {
            settle(simulation, &space, provider, switches).map_err(|e| problem(name, format!("{provider}: {e}")))?;
        }
    }
    Ok(())
}

fn settle(simulation: &Simulation, space: &Space, provider: &str, switches: &Value) -> Result<(), SettingsError> {
    let provider = simulation.provider(provider).map_err(|problem| SettingsError { problem: problem.to_string() })?;
    provider.change_settings(space, switches).map(|_| ())
}

/// The control API's own listener, where it needs one.
async fn control_door(options: &Options, listening: SocketAddr) -> Result<Option<Door>, StartError> {
    let open = |addr: SocketAddr| !addr.ip().is_loopback() && options.control_token.is_none();
    match options.control_listen {
        Some(addr) if open(addr) => Err(StartError::ControlOpen(addr)),
        Some(addr) if addr == listening => Ok(None),
        Some(addr) => Ok(Some(Door::bind(addr).await?)),
        None if open(listening) => {
            // Beside a free port there need not be another one.
            let is_free = options.listen.is_none_or(|addr| addr.port() == 0);
            let port = if is_free { 0 } else { listening.port().checked_add(1).unwrap_or(0) };
            Ok(Some(Door::bind(SocketAddr::from(([127, 0, 0, 1], port))).await?))
        }
        None => Ok(None),
    }
}

/// The address as a client on this machine would write it: an unspecified listener is reached over loopback.
fn address(scheme: &str, addr: SocketAddr) -> Url {
    let host = match addr {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => "127.0.0.1".to_owned(),
        SocketAddr::V4(v4) => v4.ip().to_string(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => "[::1]".to_owned(),
        SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
    };
    Url::parse(&format!("{scheme}://{host}:{}/", addr.port())).expect("a socket address makes an address")
}

/// Without a seed two runs never share an id: yesterday's session must not be found today.
fn random_seed() -> String {
    let mut bytes = [0; 16];
    // A machine without randomness still gets a simulation, seeded by the time.
    match getrandom::fill(&mut bytes) {
        Ok(()) => hex::encode(bytes),
        Err(_) => Clock::System.now().0.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_printed_for_developers_holds_no_secret() {
        let options =
            || Options { control_token: Some("c0ntrol".into()), seed: Some("s33d".into()), ..Options::default() };
        let printed = format!("{:?}", options());
        let motpart = Motpart::start(options()).await.unwrap();
        let simulation = motpart.simulation();
        let space = simulation.commons.spaces.default_space();
        let printed = format!("{printed}{motpart:?}{simulation:?}{space:?}{:?}", simulation.commons.spaces);
        for secret in ["c0ntrol", "s33d", &motpart.connection()["ZIGNSEC_V2_TOKEN"]] {
            assert!(!printed.contains(secret), "{printed}");
        }
        motpart.stop().await;
    }
}
