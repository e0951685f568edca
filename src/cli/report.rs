//! `motpart report`

use std::fs;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use motpart::conformance::report::{Colours, Language, json, junit, text, texts_of};
use motpart::conformance::requirements::Catalogue;
use motpart::exit;

use super::{Failure, output};

/// Makes other reports of what a run has written as JSON.
#[derive(Debug, Args)]
pub(super) struct Report {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Prints a run as text or as JUnit.
    #[command(
        after_help = "Examples:\n  motpart report render run.json --to text --lang sv\n  motpart report render run.json --to junit > motpart.xml"
    )]
    Render {
        /// The JSON report of a run.
        #[arg(value_name = "RUN.JSON")]
        run: PathBuf,
        /// What to make of it.
        #[arg(long, value_enum, default_value_t)]
        to: Form,
        /// The language of everything that Motpart says; without it, that of the features.
        #[arg(long, value_name = "en|sv")]
        lang: Option<Language>,
    },
    /// Prints the JSON Schema of JSON reports.
    #[command(after_help = "Examples:\n  motpart report schema > run.schema.json")]
    Schema,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Form {
    /// JUnit XML, for CI.
    Junit,
    /// For people.
    #[default]
    Text,
}

impl Report {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let text = match &self.command {
            Command::Render { run, to, lang } => render(run, *to, *lang)?,
            Command::Schema => output::json(&json::schema())?,
        };
        output::print(&text)?;
        Ok(exit::OK)
    }
}

fn render(path: &PathBuf, to: Form, lang: Option<Language>) -> Result<String, Failure> {
    let failed = |problem: String| Failure::usage(format!("{}: {problem}", path.display()));
    let written = fs::read_to_string(path).map_err(|e| failed(e.to_string()))?;
    let run = json::read(&written).map_err(|e| failed(e.to_string()))?;
    let colours = Colours::of(io::stdout().is_terminal(), std::env::var_os("NO_COLOR").as_deref());
    let catalogue = Catalogue::bundled();
    let texts = texts_of(&catalogue);
    Ok(match to {
        Form::Junit => junit::write(&run, &texts, lang),
        Form::Text => text::write(&run, &texts, lang, colours),
    })
}
