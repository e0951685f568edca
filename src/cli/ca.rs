//! `motpart ca`

use std::path::PathBuf;

use clap::Args;
use motpart::crypto::cert::Authority;
use motpart::exit;

use super::{Failure, output};

/// Prints the certificate of the local CA behind `serve --tls`, for whoever shall trust it.
///
/// The CA is the same in every installation, and its key is public: trust it in test environments only.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Ca {
    /// Write it to this file instead.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Ca {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let pem = Authority::load().pem();
        match &self.out {
            Some(file) => std::fs::write(file, pem)
                .map_err(|e| Failure::usage(format!("cannot write {}: {e}", file.display())))?,
            None => output::print(pem)?,
        }
        Ok(exit::OK)
    }
}

const EXAMPLES: &str = "\
Examples:
  motpart ca --out motpart-ca.pem
  NODE_EXTRA_CA_CERTS=motpart-ca.pem node server.js
  motpart ca | sudo tee /usr/local/share/ca-certificates/motpart.crt && sudo update-ca-certificates";
