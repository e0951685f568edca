//! The command line: one file per command. Each returns what to print, or a [`Failure`] with its exit code.

mod ca;
mod check;
mod completions;
mod failure;
mod flaws;
mod health;
mod log;
mod matrix;
mod output;
mod persons;
mod reference;
mod report;
mod requirements;
mod scripts;
mod serve;
mod settings;
mod steps;
mod target;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use motpart::exit;

pub(crate) use failure::Failure;

/// Plays the eID provider that your service talks to, so that integrations can be tested without contracts, phones or real people.
#[derive(Debug, Parser)]
#[command(name = "motpart", version, max_term_width = 110, after_long_help = AFTER, after_help = AFTER)]
struct Cli {
    #[command(flatten)]
    log: log::Log,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Ca(ca::Ca),
    Check(Box<check::Check>),
    Completions(completions::Completions),
    Flaws(flaws::FlawsArgs),
    Health(health::Health),
    Persons(persons::PersonsArgs),
    Report(report::Report),
    Requirements(requirements::RequirementsArgs),
    Scripts(scripts::Scripts),
    Serve(Box<serve::Serve>),
    Settings(settings::Settings),
    Steps(steps::Steps),
    Reference(Box<reference::ReferenceArgs>),
    Variants(flaws::VariantsArgs),
    Target(target::Target),
}

/// How a command prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Parses the command line, runs the command, and says with which code to exit.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = cli.log.begin().and_then(|()| match cli.command {
        Command::Ca(ca) => ca.run(),
        Command::Check(check) => check.run(),
        Command::Completions(completions) => completions.run(),
        Command::Flaws(flaws) => flaws.run(),
        Command::Health(health) => health.run(),
        Command::Persons(persons) => persons.run(),
        Command::Report(report) => report.run(),
        Command::Requirements(requirements) => requirements.run(),
        Command::Scripts(scripts) => scripts.run(),
        Command::Serve(serve) => serve.run(),
        Command::Settings(settings) => settings.run(),
        Command::Steps(steps) => steps.run(),
        Command::Reference(reference) => reference.run(),
        Command::Variants(variants) => variants.run(),
        Command::Target(target) => target.run(),
    });
    match done {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output::complain(&failure.to_string());
            ExitCode::from(failure.code())
        }
    }
}

/// A runtime for commands that wait.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    // Half of the cores, as the service under test, its browser and its database are on the same machine; and two where there are two, so
    // that an RSA signature holds up nobody else.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads((cores / 2).max(2).min(cores))
        .enable_all()
        .build()
        .map_err(|e| Failure::harness(format!("cannot start the runtime: {e}")))
}

const AFTER: &str = exit::TABLE;

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_shows_examples() {
        let mut command = Cli::command();
        command.build();
        for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
            let leaves: Vec<_> = command.get_subcommands().filter(|leaf| leaf.get_name() != "help").collect();
            for leaf in if leaves.is_empty() { vec![command] } else { leaves } {
                let after = leaf.get_after_long_help().or_else(|| leaf.get_after_help());
                assert!(after.is_some_and(|text| text.to_string().contains("motpart ")), "{}", leaf.get_name());
            }
        }
    }
}
