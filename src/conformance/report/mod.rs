//! What is made of a [`Run`]: text for people, JUnit for CI, canonical JSON for programs, lines while it goes on.
//!
//! ```text
//! Run ──headline, findings──▶ paragraphs ──▶ text, JUnit        words: texts/en.rs, texts/sv.rs
//!  └── json::write ─▶ run.json ─▶ json::read ─▶ any of them again, in another language
//! ```
//!
//! Every report rests on the run alone, and says only what is in it. A run in which anything could not be tested has no good headline.

pub mod destination;
pub mod json;
pub mod junit;
pub mod text;

mod finding;
mod headline;
mod layout;
mod masked;
mod paragraph;
mod texts;

use std::fmt;
use std::str::FromStr;

pub use self::headline::enforces;
pub use self::layout::Colours;
pub use self::masked::masked;
pub use super::Language;
use super::requirements::Catalogue;
use super::result::{Level, Run};

/// What the catalogue knows about a requirement, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementText {
    /// What is required, in a sentence.
    pub text: String,
    /// Why breaking it is serious, in a sentence for people who do not program.
    pub why: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// How binding it is.
    pub level: Level,
}

/// Looks a requirement up by its id; none for ids of a team's own that nobody described.
pub type Requirements<'a> = dyn Fn(&str, Language) -> Option<RequirementText> + 'a;

/// The texts of a catalogue.
pub fn texts_of(catalogue: &Catalogue) -> impl Fn(&str, Language) -> Option<RequirementText> + '_ {
    |id, language| {
        let requirement = catalogue.by_id(id).ok()?;
        let (text, why) = match language {
            Language::En => (Some(&requirement.text), Some(&requirement.why)),
            Language::Sv => (requirement.text_sv.as_ref(), requirement.why_sv.as_ref()),
        };
        let why = why.unwrap_or(&requirement.why);
        Some(RequirementText {
            text: text.unwrap_or(&requirement.text).clone(),
            why: (!why.is_empty()).then(|| why.clone()),
            source: requirement.source.clone(),
            level: requirement.level,
        })
    }
}

/// A report that can be written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// [`json`]
    Json,
    /// [`junit`]
    Junit,
    /// [`text`], without colours.
    Text,
}

impl Format {
    /// The run in this form.
    #[must_use]
    pub fn render(self, run: &Run, requirements: &Requirements<'_>, language: Option<Language>) -> String {
        match self {
            Self::Json => json::write(run),
            Self::Junit => junit::write(run, requirements, language),
            Self::Text => text::write(run, requirements, language, Colours::Never),
        }
    }
}

/// The language of a run's frame: that of its features when they agree, else English.
fn language_of(run: &Run) -> Language {
    let all_swedish = run.scenarios.iter().all(|scenario| scenario.language == Language::Sv.code());
    if all_swedish && !run.scenarios.is_empty() { Language::Sv } else { Language::En }
}

/// A name that is none of the known ones.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown report `{0}`: expected text, junit or json")]
pub struct Unknown(String);

impl FromStr for Format {
    type Err = Unknown;

    fn from_str(name: &str) -> Result<Self, Unknown> {
        match name {
            "json" => Ok(Self::Json),
            "junit" => Ok(Self::Junit),
            "text" => Ok(Self::Text),
            _ => Err(Unknown(name.to_owned())),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Text => "text",
        })
    }
}

#[cfg(test)]
mod tests;
