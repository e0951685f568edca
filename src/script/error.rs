//! What is wrong with a script, and where.

use std::fmt;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::identity::mask;

use super::words::UnknownWord;

/// A script that cannot be read.
///
/// Ten digits or more in a row are masked: people paste national numbers where a name belongs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// In a file: with the line and a caret.
    #[error(transparent)]
    File(Box<Diagnostic>),
    /// In a JSON value, such as one given to the control API.
    #[error("{path}: {problem}{}", Help(.help.as_deref()))]
    Json {
        /// The place, such as `$.step[1].after`.
        path: String,
        /// What is wrong.
        problem: String,
        /// What would be right.
        help: Option<String>,
    },
}

/// A mistake at some bytes of the text, before it is known how the place is shown.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) at: Range<usize>,
    pub(super) problem: String,
    pub(super) help: Option<String>,
}

impl Problem {
    pub(super) fn new(at: Range<usize>, problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self { at, problem: problem.into(), help: Some(help.into()) }
    }

    /// An error whose text already says what would be right.
    pub(super) fn plain(at: Range<usize>, error: impl fmt::Display) -> Self {
        Self { at, problem: error.to_string(), help: None }
    }

    pub(super) fn word(at: Range<usize>, error: &UnknownWord) -> Self {
        let help = match did_you_mean(&error.actual, error.expected.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("expected one of: {}", error.expected.join(", ")),
        };
        Self::new(at, format!("unknown {} `{}`", error.kind, error.actual), help)
    }

    pub(super) fn toml(text: &str, error: &toml::de::Error) -> Self {
        let Diagnostic { problem, help, .. } = Diagnostic::from_toml("", text, error);
        // serde speaks of Rust's types; people write files.
        let problem = problem.replace("expected i64", "expected a whole number");
        let is_single = problem.ends_with("expected a sequence");
        let help = help.or_else(|| {
            is_single.then(|| "there can be several: write each with two brackets, such as `[[step]]`".to_owned())
        });
        Self { at: error.span().unwrap_or_default(), problem: problem.replace("a sequence", "a list"), help }
    }

    /// The mistake shown in its file.
    pub(super) fn in_file(self, file: &str, text: &str) -> ScriptError {
        // The help is made of our own words and limits only.
        ScriptError::File(Box::new(Diagnostic::new(file, &masked(text), self.at, masked(&self.problem), self.help)))
    }

    /// The mistake named by its JSON path.
    pub(super) fn in_json(self, path: &str) -> ScriptError {
        ScriptError::Json { path: masked(path), problem: masked(&self.problem), help: self.help }
    }
}

struct Help<'a>(Option<&'a str>);

impl fmt::Display for Help<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

/// The same text, byte for byte, with the digits of every number of ten digits or more hidden; `850101-2384` counts as one number. What is
/// left of numbers of other shapes, such as Finnish ones with their letter, is masked as everywhere.
fn masked(text: &str) -> String {
    let part_of_number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(part_of_number) {
        let (before, from) = rest.split_at(start);
        let (run, after) = from.split_at(from.find(|c| !part_of_number(c)).unwrap_or(from.len()));
        out.push_str(before);
        if run.bytes().filter(u8::is_ascii_digit).count() >= 10 {
            out.extend(run.chars().map(|c| if c.is_ascii_digit() { '*' } else { c }));
        } else {
            out.push_str(run);
        }
        rest = after;
    }
    out.push_str(rest);
    mask(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn national_numbers_are_hidden_and_other_numbers_are_not() {
        assert_eq!(masked("person = \"191212121212\""), "person = \"************\"");
        assert_eq!(masked("på 121212-1212!"), "på ******-****!");
        assert_eq!(masked("x = \"131052-308T\""), "x = \"***********\"");
        assert_eq!(masked("2026-11-22 503 2..4"), "2026-11-22 503 2..4");
    }

    proptest! {
        #[test]
        fn masking_moves_nothing(text: String) {
            prop_assert_eq!(masked(&text).len(), text.len());
        }
    }
}
