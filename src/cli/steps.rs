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
    #[arg(long, value_enum, default_value_t)]
    lang: Lang,
    /// The form.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Lang {
    /// English.
    #[default]
    En,
    /// Swedish.
    Sv,
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
        let words = Words::of(match self.lang {
            Lang::En => Language::En,
            Lang::Sv => Language::Sv,
        });
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
