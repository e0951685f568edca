//! `motpart target doctor`: the target file tried out, and said in words what to mend.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use motpart::dial::{ConnectTo, DialOptions, Dialer};
use motpart::target::{Connections, HttpTarget, TargetFile, Wire};
use motpart::{Motpart, Options, SpaceOptions, exit};
use url::Url;

use super::scene::{Found, Scene, people};
use crate::cli::check::service::Service;
use crate::cli::{Failure, output, runtime};

/// Where the target and the simulator are.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// The target file; `zigned` is the bundled one.
    file: PathBuf,
    /// A running `motpart serve` to use; without one, a simulator runs as long as this command.
    #[arg(long, value_name = "URL")]
    simulator: Option<Url>,
    /// What the control API of that simulator asks for.
    #[arg(long, value_name = "TOKEN", env = "MOTPART_CONTROL_TOKEN", hide_env_values = true, requires = "simulator")]
    control_token: Option<String>,
    /// Where the own simulator listens: the address that the target was told.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8480", conflicts_with = "simulator")]
    listen: SocketAddr,
    /// Another value for a variable of the file's `[vars]`.
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    var: Vec<(String, String)>,
    /// Connect elsewhere, as curl does: `api.test:443=localhost:8443`. Added to those of the file.
    #[arg(long, value_name = "RULE")]
    connect_to: Vec<ConnectTo>,
    /// Accept any certificate.
    #[arg(long)]
    insecure: bool,
    /// Print every request and answer, masked, also when all is well.
    #[arg(long)]
    wire: bool,
}

impl Doctor {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let file = Arc::new(super::load(&self.file)?);
        if let Some((unknown, _)) = self.var.iter().find(|(name, _)| !file.has_variable(name)) {
            return Err(Failure::usage(format!("--var: the file's `[vars]` has no `{unknown}`")));
        }
        runtime()?.block_on(self.examine(&file))
    }

    async fn examine(&self, file: &Arc<TargetFile>) -> Result<u8, Failure> {
        let mut connect_to = self.connect_to.clone();
        connect_to.extend(file.network.connect_to.clone());
        let options = DialOptions { connect_to, insecure: self.insecure, ..DialOptions::default() };
        let dialer = Dialer::new(&options).map_err(Failure::harness)?;
        let (own, connections) = match &self.simulator {
            Some(url) => (None, self.attached(url, file)),
            None => {
                let own = self.start(file).await?;
                let connections = own.connection();
                (Some(own), connections)
            }
        };
        let target = HttpTarget::new(file.clone(), dialer.clone(), self.var.iter().cloned().collect());
        let wire = Wire::new();
        let mut service = Service::start(file, &target, &connections, &format!("doctor-{}", std::process::id()))?;
        let examined = async {
            let people = people(&dialer, &connections, self.control_token.as_deref()).await?;
            service.ready(&wire).await.map_err(Found::not_ready)?;
            Scene { target: &target, file, people: &people, wire: &wire }.play(connections.clone()).await
        };
        let examined = examined.await;
        service.stop().await;
        if let Some(own) = own {
            own.stop().await;
        }
        if self.wire || examined.is_err() {
            output::print(&wire_log(&target, &wire))?;
        }
        match examined {
            Ok(words) => {
                output::print(&target.masked(&words))?;
                Ok(exit::OK)
            }
            Err(found) => {
                output::complain(&target.masked(&found.to_string()));
                Ok(exit::TARGET)
            }
        }
    }

    /// A simulator with the credentials that the target holds already.
    async fn start(&self, file: &TargetFile) -> Result<Motpart, Failure> {
        let public_url = file.network.public_url.as_ref().map(|url| Url::parse(url)).transpose();
        let public_url = public_url.map_err(|e| Failure::usage(format!("`network.public_url`: {e}")))?;
        let credentials = file.simulators.clone();
        let spaces = if credentials.is_empty() {
            Vec::new()
        } else {
            vec![SpaceOptions { name: "default".to_owned(), credentials, ..SpaceOptions::default() }]
        };
        let options = Options { listen: Some(self.listen), public_url, spaces, ..Options::default() };
        Motpart::start(options).await.map_err(Failure::usage)
    }

    /// What is known of a simulator that runs elsewhere: its address, and the credentials that the file names.
    fn attached(&self, url: &Url, file: &TargetFile) -> Connections {
        let mut connections: Connections = BTreeMap::from([
            ("MOTPART_URL".to_owned(), url.to_string()),
            ("MOTPART_CONTROL_URL".to_owned(), url.to_string()),
        ]);
        for (provider, words) in &file.simulators {
            let provider = provider.to_uppercase();
            connections.insert(format!("{provider}_URL"), url.to_string());
            for (name, value) in words {
                connections.insert(format!("{provider}_{}", name.to_uppercase()), value.clone());
            }
        }
        connections
    }
}

/// Everything that went over the wire, masked.
fn wire_log(target: &HttpTarget, wire: &Wire) -> String {
    let mut out = String::new();
    for exchange in wire.exchanges() {
        let lines = |headers: &[(String, String)]| -> String {
            headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
        };
        let text = |body: &[u8]| {
            let text = String::from_utf8_lossy(body);
            let short: String = text.chars().take(LONGEST_BODY).collect();
            let dots = if short.len() < text.len() { " …" } else { "" };
            if short.is_empty() { String::new() } else { format!("\n{short}{dots}\n") }
        };
        let status = exchange.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        let masked = target.masked(&format!(
            "{} {}\n{}{}\n{status}\n{}{}",
            exchange.method,
            exchange.url,
            lines(&exchange.request_headers),
            text(&exchange.request_body),
            lines(&exchange.headers),
            text(&exchange.body),
        ));
        let took = exchange.took.as_millis();
        out.push_str(&format!("── {} · {} · {took} ms\n{masked}\n", exchange.operation, exchange.actor));
    }
    out
}

fn variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

const LONGEST_BODY: usize = 2000;
