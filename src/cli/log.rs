//! What is logged: to standard error, and never a national number.

use std::io::{self, Write};

use clap::{ArgAction, Args};
use motpart::identity::mask;
use tracing_subscriber::EnvFilter;

use super::Failure;

/// How much is logged.
#[derive(Debug, Args)]
pub(super) struct Log {
    /// Say more; twice for everything.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    /// Which log lines are shown, such as `motpart=debug,hyper=info`.
    #[arg(long, global = true, value_name = "FILTER", env = "MOTPART_LOG")]
    log: Option<String>,
}

impl Log {
    /// Begins to log.
    pub(super) fn begin(&self) -> Result<(), Failure> {
        let filter = self.log.as_deref().filter(|filter| !filter.is_empty()).unwrap_or(match self.verbose {
            0 => "warn,motpart=info",
            1 => "info,motpart=debug",
            2.. => "debug,motpart=trace",
        });
        let filter = EnvFilter::try_new(filter).map_err(|e| {
            Failure::usage(format!("`{filter}` is no log filter: {e}; expected one such as `motpart=debug`"))
        })?;
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_target(false)
            .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
            .with_writer(|| Masked(io::stderr()))
            .init();
        Ok(())
    }
}

/// Masks what is written to it. The formatter writes each event whole.
struct Masked<W>(W);

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(mask(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_do_not_reach_the_log() {
        let mut log = Masked(Vec::new());
        log.write_all("session of 19850101-2382 began\n".as_bytes()).unwrap();
        assert_eq!(String::from_utf8(log.0).unwrap(), "session of ************* began\n");
    }
}
