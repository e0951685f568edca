//! `motpart steps`

use clap::{Args, ValueEnum};
use motpart::conformance::Language;
use motpart::conformance::steps::words::Words;
use motpart::exit;

use super::{Failure, output};

/// Lists the steps that features are written in.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Steps {
    /// The language of the steps.
    #[arg(long, value_name = "en|sv", default_value_t)]
    lang: Language,
    /// The form.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Form {
    /// For a terminal.
    #[default]
    Text,
    /// An object.
    Json,
    /// A table.
    Markdown,
}

impl Steps {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let words = Words::of(self.lang);
        output::print(&match self.format {
            Form::Json => output::json(&words)?,
            Form::Markdown => words.markdown(),
            Form::Text => words.text(),
        })?;
        Ok(exit::OK)
    }
}

const EXAMPLES: &str = "\
Examples:
  motpart steps --lang sv
  motpart steps --format markdown > STEPS.md";
