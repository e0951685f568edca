//! `motpart settings`

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use motpart::exit;
use motpart::identity::Persons;
use motpart::script::Library;
use motpart::settings_file::SettingsFile;
use motpart::storyboard::Stage;

use super::{Failure, output};

/// Checks and describes the files for `serve --settings`.
#[derive(Debug, Args)]
pub(super) struct Settings {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reports everything that is wrong with a settings file.
    #[command(after_help = "Examples:\n  motpart settings check motpart/settings.toml")]
    Check {
        /// The file.
        file: PathBuf,
        /// A folder of your own scripts.
        #[arg(long, value_name = "DIR")]
        scripts: Option<PathBuf>,
    },
    /// Prints the JSON Schema of settings files, for editors.
    #[command(after_help = "Examples:\n  motpart settings schema > settings.schema.json")]
    Schema,
}

impl Settings {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        match &self.command {
            Command::Check { file, scripts } => {
                let scripts = super::scripts::library(scripts.as_deref())?;
                super::runtime()?.block_on(async { read(file, &scripts) })?;
                output::print(&format!("{} is fine\n", file.display()))?;
            }
            Command::Schema => output::print(&output::json(&SettingsFile::schema())?)?,
        }
        Ok(exit::OK)
    }
}

/// Reads and checks a settings file.
pub(super) fn read(file: &Path, scripts: &Library) -> Result<SettingsFile, Failure> {
    let text =
        std::fs::read_to_string(file).map_err(|e| Failure::usage(format!("cannot read {}: {e}", file.display())))?;
    let settings = SettingsFile::parse(&text, &file.to_string_lossy()).map_err(Failure::usage)?;
    let scratch = Stage::new(scripts.clone(), Persons::bundled()).simulation;
    settings.check(&scratch, scripts).map_err(Failure::usage)?;
    Ok(settings)
}
