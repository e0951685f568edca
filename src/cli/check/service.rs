//! A service that the target file says how to start: its process, its log, its end.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use motpart::conformance::slug;
use motpart::target::{self, Connections, HttpTarget, TargetFile, Wire};
use tokio::process::{Child, Command};

use crate::cli::{Failure, output};

/// What `[start]` started, if there is one, until `[stop]`.
#[derive(Debug)]
pub(crate) struct Service<'a> {
    file: &'a TargetFile,
    target: &'a HttpTarget,
    connections: &'a Connections,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    log: PathBuf,
}

impl<'a> Service<'a> {
    /// Starts it, where the target file says how. The simulator answers already.
    pub(crate) fn start(
        file: &'a TargetFile,
        target: &'a HttpTarget,
        connections: &'a Connections,
        run: &str,
    ) -> Result<Self, Failure> {
        let mut service = Self { file, target, connections, running: None };
        if let Some(start) = &file.start {
            let log = std::env::temp_dir().join(format!("motpart-{run}-{}.log", slug(&file.name)));
            let out = File::create(&log)
                .map_err(|e| Failure::usage(format!("cannot write the service's log to {}: {e}", log.display())))?;
            let mut command = service.command(start, &out)?;
            #[cfg(unix)]
            // What it starts itself ends with it.
            command.process_group(0);
            let child = command.spawn().map_err(|e| cannot_run("start", start, &e))?;
            output::complain(&format!("started `{}`; its log: {}", start.command.join(" "), log.display()));
            service.running = Some(Running { child, log });
        }
        Ok(service)
    }

    /// Waits until it answers as `[ready]` says; not for longer than it lives.
    pub(crate) async fn ready(&mut self, wire: &Wire) -> Result<(), Failure> {
        let answered = self.target.wait_until_ready(wire);
        let outcome = match &mut self.running {
            None => answered.await.map_err(|error| error.to_string()),
            Some(running) => tokio::select! {
                answered = answered => answered.map_err(|error| error.to_string()),
                status = failed(&mut running.child) => Err(format!("what `[start]` runs ended with {status} before the service was ready")),
            },
        };
        outcome.map_err(|problem| Failure::target(self.target.masked(&format!("{problem}{}", self.tail()))))
    }

    /// Where it writes.
    pub(crate) fn log(&self) -> Option<&Path> {
        self.running.as_ref().map(|running| running.log.as_path())
    }

    /// Stops it: as `[stop]` says, then by signals whatever still runs.
    pub(crate) async fn stop(mut self) {
        if let Some(stop) = &self.file.stop
            && let Err(failure) = self.run_to_end(stop).await
        {
            output::complain(&failure.to_string());
        }
        let Some(running) = &mut self.running else { return };
        ask_to_end(&running.child);
        if tokio::time::timeout(GRACE, running.child.wait()).await.is_err() {
            // It had its time; that it is gone already is no mistake.
            let _ = running.child.kill().await;
        }
    }

    async fn run_to_end(&self, stop: &target::Command) -> Result<(), Failure> {
        let log = self.log().map_or_else(|| std::env::temp_dir().join("motpart-stop.log"), Path::to_path_buf);
        let out = File::options().create(true).append(true).open(&log);
        let out = out.map_err(|e| Failure::usage(format!("cannot write to {}: {e}", log.display())))?;
        let mut command = self.command(stop, &out)?;
        let mut child = command.spawn().map_err(|e| cannot_run("stop", stop, &e))?;
        match tokio::time::timeout(STOPPING, child.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(Failure::target(format!("what `[stop]` runs ended with {status}"))),
            Ok(Err(error)) => Err(cannot_run("stop", stop, &error)),
            Err(_) => Err(Failure::target(format!("what `[stop]` runs did not end within {} s", STOPPING.as_secs()))),
        }
    }

    /// The command in the target file's folder, with the simulator's connection.
    fn command(&self, written: &target::Command, out: &File) -> Result<Command, Failure> {
        let [program, arguments @ ..] = written.command.as_slice() else {
            return Err(Failure::usage("the target file: a `command` needs a program: write `command = [\"…\"]`"));
        };
        let environment = self.target.environment(written, self.connections).map_err(Failure::usage)?;
        let mut command = Command::new(program);
        command.args(arguments).envs(environment).stdin(Stdio::null()).kill_on_drop(true);
        if let Some(folder) = &self.file.folder {
            command.current_dir(folder);
        }
        let copy = || out.try_clone().map(Stdio::from).unwrap_or_else(|_| Stdio::null());
        command.stdout(copy()).stderr(copy());
        Ok(command)
    }

    /// The end of its log, for messages.
    fn tail(&self) -> String {
        let Some(log) = self.log() else { return String::new() };
        let text = std::fs::read_to_string(log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let last = lines.get(lines.len().saturating_sub(LAST_LINES)..).unwrap_or_default();
        let shown: String = last.iter().map(|line| format!("\n  | {line}")).collect();
        format!("\n  its log: {}{shown}", log.display())
    }
}

/// Ends only when the command did not do its work: one that starts something in the background may end well.
async fn failed(child: &mut Child) -> ExitStatus {
    match child.wait().await {
        Ok(status) if !status.success() => status,
        Ok(_) | Err(_) => std::future::pending().await,
    }
}

fn cannot_run(what: &str, command: &target::Command, error: &std::io::Error) -> Failure {
    Failure::target(format!(
        "cannot run `{}` of `[{what}]`: {error}; it is run without a shell, in the folder of the target file",
        command.command.join(" ")
    ))
}

/// To it and whatever it started: the signal that asks for an end.
#[cfg(unix)]
fn ask_to_end(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) {
        // One that has just ended needs no signal.
        let _ = kill_process_group(group, Signal::TERM);
    }
}

#[cfg(not(unix))]
fn ask_to_end(_: &Child) {}

/// How long a service may take to end by itself.
const GRACE: Duration = Duration::from_secs(5);
/// How long `[stop]` may take: containers get ten seconds each.
const STOPPING: Duration = Duration::from_secs(60);
const LAST_LINES: usize = 12;
