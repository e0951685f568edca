//! `motpart health`

use std::time::Duration;

use bytes::Bytes;
use clap::Args;
use motpart::dial::{DialOptions, Dialer};
use motpart::exit;
use url::Url;

use super::{Failure, output, runtime};

/// Asks a running `motpart serve` whether it is well: exit code 0 if it is, 1 if not.
///
/// For containers, where there is no curl. Certificates of the local CA are trusted.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Health {
    /// Where it listens.
    #[arg(long, default_value = "http://127.0.0.1:8480", env = "MOTPART_URL")]
    url: Url,
    /// How many seconds it may take to answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,
    /// Accept any certificate.
    #[arg(long)]
    insecure: bool,
}

impl Health {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let url = self.url.join("/_motpart/v1/health").map_err(|e| Failure::usage(format!("--url: {e}")))?;
        let request = http::Request::get(url.as_str())
            .body(Bytes::new())
            .map_err(|e| Failure::usage(format!("--url `{}` cannot be called: {e}", self.url)))?;
        let options = DialOptions { insecure: self.insecure, ..DialOptions::default() };
        let answer = runtime()?.block_on(async {
            let dialer = Dialer::new(&options).map_err(Failure::harness)?;
            Ok(dialer.send(request, Duration::from_secs(self.timeout), MOST_ANSWER).await)
        })?;
        match answer {
            Ok(answer) if answer.status == 200 => {
                output::print("well\n")?;
                Ok(exit::OK)
            }
            Ok(answer) => {
                output::complain(&format!("not well: {url} answers {}", answer.status));
                Ok(exit::NO)
            }
            Err(error) => {
                output::complain(&format!("not well: {error}"));
                Ok(exit::NO)
            }
        }
    }
}

const MOST_ANSWER: usize = 64 * 1024;

const EXAMPLES: &str = "\
Examples:
  motpart health
  motpart health --url https://motpart:8480
  HEALTHCHECK CMD [\"motpart\", \"health\"]      (in a Dockerfile)";
