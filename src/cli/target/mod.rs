//! `motpart target`

mod doctor;
mod scene;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use motpart::exit;
use motpart::target::TargetFile;

use super::{Failure, output};

/// Checks target files, and tries them out: how an implementation under test is driven.
#[derive(Debug, Args)]
pub(super) struct Target {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reports everything that is wrong with a target file, and prints what would be sent for a sample scenario. Needs no target.
    #[command(after_help = "Examples:\n  motpart target check target.toml")]
    Check {
        /// The file; `zigned` is the bundled one.
        file: PathBuf,
    },
    /// Tries a target file on the target, which it starts where the file says how: the right person, then a wrong one.
    #[command(
        after_help = "Examples:\n  motpart target doctor target.toml --listen 127.0.0.1:8480\n  motpart target doctor target.toml --simulator http://localhost:8480 --var token=abc"
    )]
    Doctor(Box<doctor::Doctor>),
    /// Prints the JSON Schema of target files, for editors.
    #[command(after_help = "Examples:\n  motpart target schema > target.schema.json")]
    Schema,
    /// Prints the bundled target file: a beginning for your own.
    #[command(after_help = "Examples:\n  motpart target show > target.toml")]
    Show,
}

impl Target {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        match &self.command {
            Command::Check { file } => check(file),
            Command::Doctor(doctor) => doctor.run(),
            Command::Schema => {
                output::print(&output::json(&TargetFile::schema())?)?;
                Ok(exit::OK)
            }
            Command::Show => {
                output::print(&TargetFile::bundled_zigned().text)?;
                Ok(exit::OK)
            }
        }
    }
}

fn check(file: &Path) -> Result<u8, Failure> {
    let target = load(file)?;
    let rehearsal = target.rehearsal();
    output::print(&rehearsal.text)?;
    if rehearsal.mistakes.is_empty() {
        output::print(&format!("\n{} is fine\n", file.display()))?;
        return Ok(exit::OK);
    }
    Err(Failure::usage(rehearsal.mistakes.join("\nerror: ")))
}

/// Reads a target file.
fn load(file: &Path) -> Result<TargetFile, Failure> {
    if file == Path::new("zigned") {
        return Ok(TargetFile::bundled_zigned());
    }
    TargetFile::load(file).map_err(Failure::usage)
}
