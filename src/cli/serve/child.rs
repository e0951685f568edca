//! `serve -- CMD`: runs a command beside the simulators.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::ExitStatus;

use motpart::exit;
use tokio::process::{Child, Command};

use super::Failure;
use super::stopping::{Came, Stopping};

/// Runs the command to its end, with the connection in its environment, and passes signals on. Returns its exit code.
pub(super) async fn run(
    program: &OsString,
    arguments: &[OsString],
    connection: BTreeMap<String, String>,
    stop: &mut Stopping,
) -> Result<u8, Failure> {
    let mut child = Command::new(program).args(arguments).envs(connection).kill_on_drop(true).spawn().map_err(|e| {
        Failure::usage(format!(
            "cannot run `{}`: {e}; what follows `--` is a program and its arguments",
            program.display()
        ))
    })?;
    loop {
        tokio::select! {
            ended = child.wait() => {
                return ended.map(code).map_err(|e| Failure::harness(format!("lost sight of the command: {e}")));
            }
            came = stop.next() => pass_on(came, &child),
        }
    }
}

/// The child's own code; of a signal 128 and its number, as shells have it.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return exit::SIGNALLED.saturating_add(u8::try_from(signal).unwrap_or(u8::MAX));
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(exit::HARNESS)
}

#[cfg(unix)]
fn pass_on(Came(signal): Came, child: &Child) {
    use std::io::IsTerminal as _;
    // Ctrl-C at a terminal reaches the whole foreground group; twice means "at once" to many programs.
    if signal == rustix::process::Signal::INT && std::io::stdin().is_terminal() {
        return;
    }
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(pid) = pid {
        // A child that has just ended needs no signal.
        let _ = rustix::process::kill_process(pid, signal);
    }
}

#[cfg(not(unix))]
fn pass_on(_: Came, _: &Child) {
    // Ctrl-C reaches every process of the console.
}
