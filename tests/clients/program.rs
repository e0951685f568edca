//! The clients: programs that know nothing of Motpart. Each reads its environment, plays one flow and prints one line of JSON.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;

use serde::Deserialize;

/// A client as a column of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Client {
    Authlib,
    Jwcrypto,
    /// openid-client.
    Node,
    /// With `enableNonRepudiationChecks`.
    NodeChecking,
    Openidconnect,
    /// Signs its request objects, always.
    RequestsOauth2client,
}

impl Client {
    pub(crate) const ALL: [Self; 6] = [
        Self::Node,
        Self::NodeChecking,
        Self::Authlib,
        Self::Jwcrypto,
        Self::RequestsOauth2client,
        Self::Openidconnect,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Authlib => "Authlib, joserfc",
            Self::Jwcrypto => "requests, jwcrypto",
            Self::Node => "openid-client",
            Self::NodeChecking => "openid-client, checking signatures",
            Self::Openidconnect => "openidconnect (Rust)",
            Self::RequestsOauth2client => "requests_oauth2client",
        }
    }

    /// Plays one flow.
    pub(crate) fn play(self, variables: &BTreeMap<String, String>) -> Outcome {
        let mut command = self.command();
        command.env_remove("SSL_CERT_FILE").envs(variables).stdin(Stdio::null());
        if self == Self::NodeChecking {
            command.env("CHECKS", "signatures");
        }
        let output = command.output().unwrap();
        let (told, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let last = told.lines().last().unwrap_or_default();
        serde_json::from_str(last).unwrap_or_else(|e| panic!("{self:?}: {e}: {told}{said}"))
    }

    fn command(self) -> Command {
        let python = |program: &str| {
            let mut command = Command::new(installed("venv/bin/python"));
            command.arg(source(&format!("python/{program}.py"))).env("PYTHONDONTWRITEBYTECODE", "1");
            command
        };
        match self {
            Self::Authlib => python("authlib_joserfc"),
            Self::Jwcrypto => python("jwcrypto_requests"),
            Self::RequestsOauth2client => python("nested_oauth2client"),
            Self::Node | Self::NodeChecking => node("openid-client.mjs"),
            Self::Openidconnect => Command::new(installed("cargo/debug/client-openidconnect")),
        }
    }
}

/// A program for Node. It has to lie where its packages are.
pub(crate) fn node(program: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(installed("node").join(program));
    command
}

/// What a client said in the end.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Outcome {
    /// `completed` or `refused`.
    pub(crate) outcome: String,
    /// Where it refused.
    #[serde(default)]
    pub(crate) at: String,
    /// Who authenticated, where the client reads it.
    #[serde(default)]
    pub(crate) number: Option<String>,
}

/// Whether every client is installed. Copies the programs to where their packages are.
pub(crate) fn are_installed() -> bool {
    let wanted = ["venv/bin/python", "node/node_modules/openid-client", "cargo/debug/client-openidconnect"];
    if let Some(missing) = wanted.into_iter().map(installed).find(|path| !path.exists()) {
        return absent(&format!("{} is not installed", missing.display()));
    }
    // Once: another test may be running one of them.
    static COPIED: Once = Once::new();
    COPIED.call_once(|| {
        for program in ["walk.mjs", "openid-client.mjs", "control.mjs"] {
            std::fs::copy(source(&format!("node/{program}")), installed("node").join(program)).unwrap();
        }
    });
    true
}

/// Says that something outside our code is not there; fails where it has to be. `.ci/run` installs all of it.
pub(crate) fn absent(what: &str) -> bool {
    assert!(std::env::var_os("MOTPART_REFEREES").is_none(), "{what}");
    // Not `eprintln!`: what a passing test prints that way is not shown.
    let _ = writeln!(std::io::stderr(), "skipped: {what}; `.ci/clients` installs it");
    false
}

fn source(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(file)
}

pub(crate) fn installed(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/clients").join(file)
}
