//! Mistakes in files that people write: the place, the line with a caret, what is wrong, what would be right.
//!
//! ```text
//! error: unknown key `trate`
//!  --> persons.toml:7:1
//!   |
//! 7 | trate = "ordinary"
//!   | ^^^^^
//!   |
//!   = help: did you mean `trait`?
//! ```
//!
//! A file that holds secrets (national numbers) is masked, byte for byte, *before* it is given to [`Diagnostic::new`].

use std::{error, fmt, ops::Range};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// One mistake in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The name of the file, as the person gave it.
    pub file: String,
    /// The line of the mistake, counted from 1.
    pub line: usize,
    /// The column of the mistake in characters, counted from 1.
    pub column: usize,
    /// What is wrong: a lower-case fragment.
    pub problem: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The line, without its line break.
    excerpt: Box<str>,
    /// The mistake, in bytes of the excerpt.
    marked: Range<usize>,
}

impl Diagnostic {
    /// A mistake at the bytes `span` of `source`; of a span over several lines the first is shown.
    ///
    /// A span outside the source is moved to the nearest place inside it, so that no mistake is lost for a wrong place.
    #[must_use]
    pub fn new(file: &str, source: &str, span: Range<usize>, problem: impl Into<String>, help: Option<String>) -> Self {
        let start = source.floor_char_boundary(span.start);
        let first = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let excerpt = source[first..].lines().next().unwrap_or_default();
        let inside = |at: usize| excerpt.floor_char_boundary(at.saturating_sub(first));
        Self {
            file: file.to_owned(),
            line: source[..first].matches('\n').count() + 1,
            column: source[first..start].chars().count() + 1,
            problem: problem.into(),
            help,
            excerpt: excerpt.into(),
            marked: inside(start)..inside(span.end.max(start)),
        }
    }

    /// What the `toml` crate refused, with a suggestion when it was an unknown key or variant.
    #[must_use]
    pub fn from_toml(file: &str, source: &str, error: &toml::de::Error) -> Self {
        let span = error.span().unwrap_or_default();
        // "unknown field `trate`, expected one of `name`, `trait`": in backticks, the word and then its candidates.
        let mut quoted = error.message().split('`').skip(1).step_by(2);
        let (problem, help) = match (unknown(error.message()), quoted.next()) {
            (Some(kind), Some(word)) => {
                let known: Vec<&str> = quoted.collect();
                let help = match did_you_mean(word, known.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("known here: {}", known.join(", ")),
                };
                (format!("unknown {kind} `{word}`"), Some(help))
            }
            (Some(_) | None, _) => (error.message().trim_end().to_owned(), None),
        };
        Self::new(file, source, span, problem, help)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let snippet = Snippet::source(&*self.excerpt)
            .path(&self.file)
            .line_start(self.line)
            .annotation(AnnotationKind::Primary.span(self.marked.clone()));
        let report = Level::ERROR.primary_title(&self.problem).element(snippet);
        let report = match &self.help {
            Some(help) => report.element(Level::HELP.message(help)),
            None => report,
        };
        f.write_str(&Renderer::plain().render(&[report]))
    }
}

impl error::Error for Diagnostic {}

/// The candidate that a mistyped word most likely stands for, if any is near enough.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |candidate: &str| strsim::jaro_winkler(&word.to_lowercase(), &candidate.to_lowercase());
    candidates
        .into_iter()
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(likeness, _)| *likeness >= NEAR_ENOUGH)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}

/// How serde begins to speak of a word that it does not know, and what we call it.
fn unknown(message: &str) -> Option<&'static str> {
    [("unknown field", "key"), ("unknown variant", "word")]
        .into_iter()
        .find_map(|(serde, ours)| message.starts_with(serde).then_some(ours))
}

/// Below this (Jaro-Winkler, 0 to 1) a suggestion would be a guess.
const NEAR_ENOUGH: f64 = 0.8;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the errors of reading it matter")]
    struct Pet {
        name: String,
        #[serde(rename = "trait")]
        trait_word: String,
    }

    #[test]
    fn an_unknown_key_is_shown_in_its_line_with_the_key_that_was_meant() {
        let source = "# Åsa's\nname = \"Rex\"\n  trate = \"ordinary\"\n";
        let error = toml::from_str::<Pet>(source).unwrap_err();
        let diagnostic = Diagnostic::from_toml("pets.toml", source, &error);
        assert_eq!(
            diagnostic.to_string(),
            "error: unknown key `trate`\n --> pets.toml:3:3\n  |\n3 |   trate = \"ordinary\"\n  |   ^^^^^\n  |\n  = help: did you mean `trait`?"
        );
    }

    #[test]
    fn a_key_like_no_other_is_answered_with_all_keys() {
        let source = "zzz = 1";
        let error = toml::from_str::<Pet>(source).unwrap_err();
        assert_eq!(Diagnostic::from_toml("f", source, &error).help.as_deref(), Some("known here: name, trait"));
    }

    #[test]
    fn columns_count_characters_and_a_long_span_ends_with_its_line() {
        let source = "a = 1\r\nåäö = [\r\n 2 ]\r\n";
        let start = source.find('[').unwrap();
        let diagnostic = Diagnostic::new("f", source, start..source.len(), "no", None);
        assert_eq!((diagnostic.line, diagnostic.column), (2, 7));
        assert_eq!(&*diagnostic.excerpt, "åäö = [");
    }

    proptest! {
        #[test]
        fn every_source_and_span_can_be_shown(source in ".*\n?.*\r?\n.*", start in 0_usize..80, end in 0_usize..80) {
            let _ = Diagnostic::new("f", &source, start..end, "x", Some("y".to_owned())).to_string();
        }
    }
}
