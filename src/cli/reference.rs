//! `motpart reference`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use http::Request;
use motpart::conformance::connections_of;
use motpart::dial::{DialOptions, Dialer};
use motpart::exit;
use motpart::reference::provider::Connections;
use motpart::reference::{Flaw, Options, Reference, Variant};
use serde_json::{Value, json};
use url::Url;

use super::serve::stopping::Stopping;
use super::{Failure, Format, output, runtime};

/// Runs a correct enforcement service, against which checks can be tried: or a wrong one, by --flaw.
///
/// It is a relying party like any other: it knows the provider by HTTP alone.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ReferenceArgs {
    /// Where it answers; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8490")]
    listen: SocketAddr,
    /// Where the providers are; the address of `motpart serve`.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8480")]
    simulator: Url,
    /// The token that the provider knows it by; the one of the default space without it.
    #[arg(long, value_name = "APPID")]
    token: Option<String>,
    /// Something that it does wrong (`motpart flaws`). Can be given several times.
    #[arg(long, value_name = "NAME")]
    flaw: Vec<Flaw>,
    /// In what its design differs (`motpart variants`). Can be given several times.
    #[arg(long, value_name = "NAME")]
    variant: Vec<Variant>,
    /// The file that survives. Without one everything is in memory.
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
    /// A tenant and its token; `sender` and `stranger` without any. Can be given several times.
    #[arg(long, value_name = "NAME=TOKEN", value_parser = owner)]
    owner: Vec<(String, String)>,
    /// What browsers and the provider call it, when that is not the address of --listen.
    #[arg(long, value_name = "URL")]
    public_url: Option<Url>,
    /// How often it asks about open attempts.
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = humantime::parse_duration)]
    poll: Duration,
    /// How long one call to the provider may take.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = humantime::parse_duration)]
    provider_timeout: Duration,
    /// How long an attempt is open.
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = humantime::parse_duration)]
    attempt_lifetime: Duration,
    /// Makes ids repeatable, as long as everything is in memory.
    #[arg(long)]
    seed: Option<String>,
    /// How to say that it is ready; json is exactly one line on standard output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl ReferenceArgs {
    pub(super) fn run(self) -> Result<u8, Failure> {
        let runtime = runtime()?;
        let code = runtime.block_on(self.serve());
        runtime.shutdown_background();
        code
    }

    async fn serve(self) -> Result<u8, Failure> {
        let mut stop = Stopping::new()?;
        let format = self.format;
        let options = self.options().await;
        let owners = options.owners.clone();
        let wrong: Vec<_> = options.flaws.iter().map(Flaw::name).collect();
        let design: Vec<_> = options.variants.iter().copied().map(Variant::name).collect();
        let reference = Reference::start(options).await.map_err(Failure::usage)?;
        let url = reference.base_url().as_str();
        output::print(&match format {
            Format::Json => {
                let ready = json!({
                    "ready": true,
                    "version": env!("CARGO_PKG_VERSION"),
                    "pid": std::process::id(),
                    "url": url,
                    "public_url": reference.public_url().as_str(),
                    "owners": owners,
                    "flaws": wrong,
                    "variants": design,
                });
                serde_json::to_string(&ready).map(|line| line + "\n").map_err(Failure::harness)?
            }
            Format::Text => {
                let mut text = format!("the reference service is ready at {url}\n");
                for (label, words) in [("flaws", wrong), ("variants", design)] {
                    if !words.is_empty() {
                        text.push_str(&format!("  {label}: {}\n", words.join(", ")));
                    }
                }
                for (name, token) in &owners {
                    text.push_str(&format!("  owner {name}: Authorization: Bearer {token}\n"));
                }
                text + "\nCtrl-C stops it.\n"
            }
        })?;
        stop.next().await;
        reference.stop().await;
        Ok(exit::OK)
    }

    async fn options(self) -> Options {
        let default = Options::default();
        let connections = self.connections(&default).await;
        let owners = self.owner.into_iter().collect::<std::collections::BTreeMap<_, _>>();
        Options {
            listen: Some(self.listen),
            connections,
            flaws: self.flaw.into_iter().collect(),
            variants: self.variant.into_iter().collect(),
            store: self.store,
            owners: if owners.is_empty() { default.owners } else { owners },
            public_url: self.public_url,
            poll: self.poll,
            provider_timeout: self.provider_timeout,
            attempt_lifetime: self.attempt_lifetime,
            seed: self.seed,
            dial: default.dial,
        }
    }
}

impl ReferenceArgs {
    /// Version 2 of ZignSec as the arguments say, and whatever else the simulator tells of the same space. One that tells nothing is no
    /// mistake: the provider may be a real one.
    async fn connections(&self, default: &Options) -> Connections {
        let token = self.token.as_ref().or_else(|| default.connections.get("ZIGNSEC_V2_TOKEN")).cloned();
        let token = token.unwrap_or_default();
        let mut connections = told(&self.simulator, &token).await.unwrap_or_default();
        connections.insert("ZIGNSEC_V2_URL".to_owned(), self.simulator.to_string());
        connections.insert("ZIGNSEC_V2_TOKEN".to_owned(), token);
        connections
    }
}

/// What the control API says of the space that a token opens.
async fn told(simulator: &Url, token: &str) -> Option<Connections> {
    let url = simulator.join("/_motpart/v1/spaces").ok()?;
    let mut request = Request::get(url.as_str());
    if let Ok(token) = std::env::var("MOTPART_CONTROL_TOKEN") {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let dialer = Dialer::new(&DialOptions::default()).ok()?;
    let answer = dialer.send(request.body(Bytes::new()).ok()?, Duration::from_secs(2), 4 << 20).await.ok()?;
    let spaces: Value = serde_json::from_slice(&answer.body).ok()?;
    let spaces = spaces.get("spaces")?.as_array()?;
    let space = spaces.iter().find(|space| space["credentials"]["zignsec_v2"]["token"] == token)?;
    Some(connections_of(space))
}

fn owner(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, token)) if !name.is_empty() && !token.is_empty() => Ok((name.to_owned(), token.to_owned())),
        Some(_) | None => Err("expected a name and a token, such as sender=secret".to_owned()),
    }
}

const EXAMPLES: &str = "\
Examples:
  motpart reference
  motpart reference --flaw compares-last-four-digits
  motpart reference --variant webhook-only --store reference.store
  motpart reference --listen 127.0.0.1:0 --simulator http://127.0.0.1:8480 --format json";
