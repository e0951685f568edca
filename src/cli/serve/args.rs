//! The flags of `motpart serve`, and what they make of the simulation's options.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use motpart::dial::{ConnectTo, DialOptions};
use motpart::simulation::{Bounds, DEFAULT};
use motpart::{Options, SpaceOptions};
use url::Url;

use super::super::{Failure, Format, persons, scripts, settings};

/// Runs the simulators until Ctrl-C or SIGTERM, or until CMD ends.
///
/// Providers and their pages answer at --listen without a token; the control API answers at --control-listen, or beside the providers
/// when nobody else can reach it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_override_self = true)]
pub(in crate::cli) struct Serve {
    /// Where services and browsers call; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8480", value_parser = address, help_heading = "Doors")]
    listen: SocketAddr,
    /// Where the control API answers. On another than a loopback address it asks for a token.
    #[arg(long, value_name = "ADDR", value_parser = address, help_heading = "Doors")]
    control_listen: Option<SocketAddr>,
    /// Another host name by which the control API may be called, such as `motpart` in a compose file. Can be given several times.
    #[arg(long, value_name = "NAME", help_heading = "Doors")]
    control_host: Vec<String>,
    /// What callers of the control API have to show; also read from MOTPART_CONTROL_TOKEN.
    #[arg(long, value_name = "TOKEN", conflicts_with = "control_token_file", help_heading = "Doors")]
    control_token: Option<String>,
    /// The same, from a file.
    #[arg(long, value_name = "FILE", help_heading = "Doors")]
    control_token_file: Option<PathBuf>,
    /// What browsers call the simulators, when that is not the address of --listen: pages and redirects are built from it.
    #[arg(long, value_name = "URL", value_parser = web_address, help_heading = "Doors")]
    public_url: Option<Url>,
    /// Speak https, with a certificate of the local CA (`motpart ca`).
    #[arg(long, help_heading = "Doors")]
    tls: bool,
    /// Another host name or IP address for the certificate; implies --tls. Can be given several times.
    #[arg(long, value_name = "NAME", help_heading = "Doors")]
    tls_name: Vec<String>,

    /// Where to connect instead of a host and port, as with curl: `localhost:3000=app:3000`. Can be given several times.
    #[arg(long, value_name = "HOST:PORT=HOST:PORT", help_heading = "Calling your service")]
    connect_to: Vec<ConnectTo>,
    /// A file of CA certificates (PEM) to trust. Can be given several times.
    #[arg(long, value_name = "FILE", help_heading = "Calling your service")]
    ca: Vec<PathBuf>,
    /// Accept any certificate.
    #[arg(long, help_heading = "Calling your service")]
    insecure: bool,

    /// Makes ids, keys and people repeatable.
    #[arg(long, help_heading = "What is simulated")]
    seed: Option<String>,
    /// Spaces, credentials and switches (TOML; `motpart settings schema`).
    #[arg(long, value_name = "FILE", help_heading = "What is simulated")]
    settings: Option<PathBuf>,
    /// A folder of your own scripts; read again when it changes.
    #[arg(long, value_name = "DIR", help_heading = "What is simulated")]
    pub(super) scripts: Option<PathBuf>,
    /// A file of your own people; read again when it changes.
    #[arg(long, value_name = "FILE", help_heading = "What is simulated")]
    pub(super) persons: Option<PathBuf>,
    /// The script that plays when nothing else does; without one a person decides on the provider's page.
    #[arg(long, value_name = "NAME", help_heading = "What is simulated")]
    script: Option<String>,

    /// How many sessions a provider keeps; the oldest go first.
    #[arg(long, value_name = "N", default_value_t = Bounds::default().sessions, value_parser = at_least_one, help_heading = "Limits")]
    max_sessions: usize,
    /// How large a request body may be, in bytes: `1048576`, `1024K` or `1M`.
    #[arg(long, value_name = "BYTES", default_value_t = Bounds::default().body_bytes, value_parser = bytes, help_heading = "Limits")]
    max_body: usize,
    /// How many bytes a space's journal keeps; the oldest entries go first.
    #[arg(long, value_name = "BYTES", default_value_t = Bounds::default().journal_bytes, value_parser = bytes, help_heading = "Limits")]
    journal_bytes: usize,

    /// How to say that everything is ready; json is exactly one line on standard output.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// A command to run. It finds addresses and credentials in its environment, and serve ends when it does, with its exit code.
    #[arg(last = true, value_name = "CMD")]
    pub(super) command: Vec<OsString>,
}

impl Serve {
    /// The simulation's options, and whether the control token is a new one that nobody knows yet.
    pub(super) fn options(&self) -> Result<(Options, bool), Failure> {
        let library = scripts::library(self.scripts.as_deref())?;
        let settings = self.settings.as_deref().map(|file| settings::read(file, &library)).transpose()?;
        if let Some(script) = &self.script {
            library.find(script).map_err(|e| Failure::usage(format!("--script: {e}")))?;
        }
        let mut spaces: Vec<SpaceOptions> = settings.as_ref().map(|file| file.spaces()).unwrap_or_default();
        if self.script.is_some() {
            // The flag is nearer than the file.
            spaces.iter_mut().filter(|space| space.name == DEFAULT).for_each(|space| space.script = None);
        }
        let given = self.control_token()?;
        let is_open = self.control_listen.is_some_and(|addr| !addr.ip().is_loopback());
        let new_token = given.is_none() && is_open;
        let token = if new_token { Some(random_token()?) } else { given };
        let options = Options {
            seed: self.seed.clone(),
            listen: Some(self.listen),
            control_listen: self.control_listen,
            control_token: token,
            control_hosts: self.control_host.clone(),
            public_url: self.public_url.clone().or_else(|| settings.as_ref().and_then(|s| s.public_url().cloned())),
            tls_names: (self.tls || !self.tls_name.is_empty()).then(|| self.tls_name.clone()),
            bounds: Bounds {
                sessions: self.max_sessions,
                body_bytes: self.max_body,
                journal_bytes: self.journal_bytes,
                ..Bounds::default()
            },
            dial: DialOptions {
                connect_to: self.connect_to.clone(),
                ca_pem: self.ca.iter().map(|file| read(file)).collect::<Result<_, _>>()?,
                insecure: self.insecure,
            },
            persons: Some(persons::register(self.persons.as_deref())?),
            scripts: Some(library),
            script: self.script.clone(),
            spaces,
            ..Options::default()
        };
        Ok((options, new_token))
    }

    fn control_token(&self) -> Result<Option<String>, Failure> {
        let token = match (&self.control_token, &self.control_token_file) {
            (Some(token), _) => Some((token.clone(), "--control-token")),
            (None, Some(file)) => Some((read(file)?.trim().to_owned(), "--control-token-file")),
            (None, None) => std::env::var("MOTPART_CONTROL_TOKEN").ok().map(|token| (token, "MOTPART_CONTROL_TOKEN")),
        };
        match token {
            // An empty variable is how many tools pass "not set".
            Some((token, "MOTPART_CONTROL_TOKEN")) if token.is_empty() => Ok(None),
            Some((token, from)) if token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()) => {
                Err(Failure::usage(format!("{from} holds no token: expected visible ASCII characters without blanks")))
            }
            Some((token, _)) => Ok(Some(token)),
            None => Ok(None),
        }
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|e| Failure::usage(format!("cannot read {}: {e}", file.display())))
}

fn random_token() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|e| {
        Failure::harness(format!("no randomness for a control token: {e}; give one with --control-token"))
    })?;
    Ok(hex::encode(bytes))
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let with_ip = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    with_ip
        .as_deref()
        .unwrap_or(text)
        .parse()
        .map_err(|_| "expected an IP address and a port, such as 127.0.0.1:8480, 0.0.0.0:8480 or [::1]:0".to_owned())
}

fn web_address(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        Ok(_) | Err(_) => Err("expected an address such as http://localhost:8480".to_owned()),
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "expected a whole number from 1".to_owned())
}

fn bytes(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(['K', 'M', 'G']);
    let unit: usize = match &text[digits.len()..] {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return Err(BYTES.to_owned()),
    };
    digits.parse::<usize>().ok().and_then(|n| n.checked_mul(unit)).filter(|n| *n > 0).ok_or_else(|| BYTES.to_owned())
}

const BYTES: &str = "expected a number of bytes, such as 1048576, 1024K or 1M";

const EXAMPLES: &str = "\
Examples:
  motpart serve
  motpart serve -- npm test
  motpart serve --script mismatch --scripts ./scripts
  motpart serve --listen 0.0.0.0:8480 --public-url http://localhost:8480 \\
      --connect-to localhost:3000=app:3000
  motpart serve --tls --tls-name motpart --settings motpart/settings.toml
  motpart serve --listen 127.0.0.1:0 --format json";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_and_an_end() {
        assert_eq!(bytes("1M"), Ok(1 << 20));
        assert_eq!(bytes("17"), Ok(17));
        for wrong in ["", "K", "1KK", "0", "-1", "1m", "99999999999999999999", "99999999999G", "é"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
