//! From text to a feature, with mistakes named by the line they stand in.
//!
//! The parser says only that a file could not be read, and its line is off by one. So the lines are looked at first: what begins with no
//! keyword where one must stand, tables with ragged rows, texts in quotes that never end. What passes here and still cannot be parsed is
//! shown with the parser's own words.

use std::ops::Range;

use gherkin::{Feature, GherkinEnv};

use super::{Language, Source};
use crate::diagnostic::{Diagnostic, did_you_mean};

/// A feature and the language it is written in.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    /// The file.
    pub source: Source,
    /// What stands in it.
    pub feature: Feature,
    /// The language of its keywords and steps.
    pub language: Language,
}

/// Reads a feature.
///
/// # Errors
/// Every mistake that shows line by line; otherwise the one that the parser found.
pub(super) fn parse(source: &Source) -> Result<Parsed, Vec<Diagnostic>> {
    let language = language_of(source).map_err(|mistake| vec![*mistake])?;
    let mistakes = mistakes(source, language);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let env = GherkinEnv::new(language.code()).map_err(|e| vec![source.mistake(1, None, e.to_string(), None)])?;
    match Feature::parse(&source.text, env) {
        Ok(feature) => Ok(Parsed { source: source.clone(), feature, language }),
        Err(error) => {
            // Off by one: the parser speaks of the line after the one that it could not read.
            let place = error.to_string();
            let line = place.split_whitespace().find_map(|word| word.split_once(':')?.0.parse::<usize>().ok());
            let line = line.map_or(1, |line| line.saturating_sub(1).max(1));
            Err(vec![source.mistake(line, None, "this line fits nowhere in a feature", None)])
        }
    }
}

/// The bytes of a line, counted from 1, without leading blanks.
pub(super) fn span_of_line(text: &str, line: usize) -> Range<usize> {
    let mut at = 0;
    for (number, content) in text.split('\n').enumerate() {
        if number + 1 == line {
            let trimmed = content.trim_end();
            return at + (trimmed.len() - trimmed.trim_start().len())..at + trimmed.len();
        }
        at += content.len() + 1;
    }
    text.len()..text.len()
}

fn language_of(source: &Source) -> Result<Language, Box<Diagnostic>> {
    for (number, line) in source.text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let Some(comment) = line.strip_prefix('#') else { break };
        if let Some(code) = comment.trim().strip_prefix("language:") {
            let code = code.trim();
            return Language::of(code).ok_or_else(|| {
                let help =
                    "features are written in English (`en`) or Swedish (`sv`): the steps exist in no other language";
                Box::new(source.mistake(number + 1, None, format!("unknown language `{code}`"), Some(help.to_owned())))
            });
        }
    }
    Ok(Language::En)
}

/// What a line that begins with a keyword opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opens {
    Background,
    Examples,
    Feature,
    Rule,
    Scenario,
    Step,
}

const fn keywords(language: Language) -> &'static [(&'static str, Opens)] {
    match language {
        Language::En => &[
            ("Feature:", Opens::Feature),
            ("Business Need:", Opens::Feature),
            ("Ability:", Opens::Feature),
            ("Rule:", Opens::Rule),
            ("Background:", Opens::Background),
            ("Scenario Outline:", Opens::Scenario),
            ("Scenario Template:", Opens::Scenario),
            ("Scenario:", Opens::Scenario),
            ("Example:", Opens::Scenario),
            ("Examples:", Opens::Examples),
            ("Scenarios:", Opens::Examples),
            ("Given ", Opens::Step),
            ("When ", Opens::Step),
            ("Then ", Opens::Step),
            ("And ", Opens::Step),
            ("But ", Opens::Step),
            ("* ", Opens::Step),
        ],
        Language::Sv => &[
            ("Egenskap:", Opens::Feature),
            ("Regel:", Opens::Rule),
            ("Bakgrund:", Opens::Background),
            ("Abstrakt Scenario:", Opens::Scenario),
            ("Scenariomall:", Opens::Scenario),
            ("Scenario:", Opens::Scenario),
            ("Exempel:", Opens::Examples),
            ("Givet ", Opens::Step),
            ("När ", Opens::Step),
            ("Så ", Opens::Step),
            ("Och ", Opens::Step),
            ("Men ", Opens::Step),
            ("* ", Opens::Step),
        ],
    }
}

/// Looks at the file line by line.
fn mistakes(source: &Source, language: Language) -> Vec<Diagnostic> {
    let text = &source.text;
    let mut found = Vec::new();
    let mut say = |line: usize, problem: String, help: Option<String>| {
        found.push(source.mistake(line, None, problem, help));
    };
    // Where we are: what was opened last, whether free text may stand here, the columns of the table, the quote that is open.
    let mut place: Option<Opens> = None;
    let mut describing = false;
    let mut columns: Option<usize> = None;
    let mut quote: Option<(&str, usize)> = None;
    for (number, line) in text.lines().enumerate().map(|(n, line)| (n + 1, line.trim())) {
        if let Some((mark, _)) = quote {
            if line.starts_with(mark) {
                quote = None;
            }
            continue;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(mark) = ["\"\"\"", "```"].into_iter().find(|mark| line.starts_with(mark)) {
            quote = Some((mark, number));
            continue;
        }
        if line.starts_with('|') {
            let cells = cells(line);
            match columns {
                Some(expected) if expected != cells => {
                    say(
                        number,
                        format!("this row has {cells} cells, the rows above have {expected}"),
                        Some(
                            "give every row of a table as many cells; a `|` inside a cell is written `\\|`".to_owned(),
                        ),
                    );
                }
                Some(_) => {}
                None if matches!(place, Some(Opens::Step | Opens::Examples)) => columns = Some(cells),
                None => say(number, "a table belongs under a step or under examples".to_owned(), None),
            }
            continue;
        }
        columns = None;
        if line.starts_with('@') {
            describing = false;
            continue;
        }
        match keywords(language).iter().find(|(keyword, _)| line.starts_with(keyword)) {
            Some((_, Opens::Feature)) if place.is_some() => say(
                number,
                "a file holds one feature; this is the second".to_owned(),
                Some("put it into a file of its own".to_owned()),
            ),
            Some((_, Opens::Step)) if matches!(place, None | Some(Opens::Feature | Opens::Rule | Opens::Examples)) => {
                let keyword = language.pick("`Scenario:`", "`Scenario:`");
                say(
                    number,
                    "a step belongs into a scenario or a background".to_owned(),
                    Some(format!("write {keyword} and a name on a line above it")),
                );
            }
            Some((_, opens)) => {
                if place.is_none() && *opens != Opens::Feature {
                    say(number, format!("expected `{}` first", language.pick("Feature:", "Egenskap:")), None);
                }
                place = Some(*opens);
                describing = *opens != Opens::Step;
            }
            None if describing && !looks_like_a_keyword(line, language) => {}
            None => say(
                number,
                format!("unknown keyword at `{}`", line.split_whitespace().next().unwrap_or_default()),
                Some(remedy(line, language, place)),
            ),
        }
    }
    if let Some((mark, number)) = quote {
        say(
            number,
            "this quoted text never ends".to_owned(),
            Some(format!("close it with {mark} on a line of its own")),
        );
    }
    if place.is_none() && found.is_empty() {
        found.push(source.mistake(
            1,
            None,
            "the file holds no feature",
            Some(format!("begin with `{} …`", language.pick("Feature:", "Egenskap:"))),
        ));
    }
    found
}

/// Free text that is only a letter away from a keyword is a mistyped keyword: `Scenari: …`, `Gvien …`.
fn looks_like_a_keyword(line: &str, language: Language) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    // Shorter keywords are a letter away from ordinary words: `They`, `Den`.
    let is_near =
        |keyword: &str| first.starts_with(char::is_uppercase) && strsim::damerau_levenshtein(keyword, first) == 1;
    let steps = keywords(language)
        .iter()
        .filter(|(keyword, _)| keyword.chars().count() > 5)
        .filter_map(|(keyword, _)| keyword.strip_suffix(' '));
    if steps.into_iter().any(is_near) {
        return true;
    }
    let Some((word, _)) = line.split_once(':') else { return false };
    let known = keywords(language).iter().filter_map(|(keyword, _)| keyword.strip_suffix(':'));
    word.split_whitespace().count() <= 2 && did_you_mean(word, known).is_some()
}

fn remedy(line: &str, language: Language, place: Option<Opens>) -> String {
    let word = line.split_whitespace().next().unwrap_or_default();
    let colon = line.split_once(':').map_or(word, |(before, _)| before);
    let known: Vec<&str> = keywords(language).iter().map(|(keyword, _)| keyword.trim_end_matches([':', ' '])).collect();
    let other = match language {
        Language::En => Language::Sv,
        Language::Sv => Language::En,
    };
    let foreign = keywords(other).iter().any(|(keyword, _)| line.starts_with(keyword) && *keyword != "* ");
    match did_you_mean(word, known.iter().copied()).or_else(|| did_you_mean(colon, known.iter().copied())) {
        _ if foreign && place.is_none() => {
            format!("is this a feature in another language? Then write `# language: {other}` on its first line")
        }
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("a line begins with one of {}", known.join(", ")),
    }
}

/// The cells of a table row; a `\|` is part of its cell.
fn cells(line: &str) -> usize {
    let mut bars = 0;
    let mut escaped = false;
    for c in line.chars() {
        match c {
            '|' if !escaped => bars += 1,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    usize::saturating_sub(bars, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> Vec<String> {
        parse(&Source::new("a.feature", text)).map(|_| ()).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_mistyped_keyword_is_named_with_its_line() {
        let found = errors("Feature: x\n\n  Scenario: y\n    Gvien an agreement in draft\n");
        assert_eq!(
            found,
            [
                "error: unknown keyword at `Gvien`\n --> a.feature:4:5\n  |\n4 |     Gvien an agreement in draft\n  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  |\n  = help: did you mean `Given`?"
            ]
        );
    }

    #[test]
    fn a_swedish_mistake_is_answered_with_swedish_keywords() {
        let found = errors("# language: sv\nEgenskap: x\n  Scenari: y\n    Givett ett avtal\n");
        assert!(found[0].contains("did you mean `Scenario`?"), "{}", found[0]);
        assert!(found[1].contains("did you mean `Givet`?"), "{}", found[1]);
    }

    #[test]
    fn a_swedish_file_without_its_language_line_is_told_so() {
        let found = errors("Egenskap: x\n  Scenario: y\n");
        assert!(found[0].contains("# language: sv"), "{}", found[0]);
    }

    #[test]
    fn ragged_tables_open_quotes_and_steps_without_scenario_are_named() {
        assert!(
            errors("Feature: x\n  Scenario: y\n    Given a\n      | a | b |\n      | 1 |\n")[0].contains("1 cells")
        );
        assert!(errors("Feature: x\n  Scenario: y\n    Given a\n      \"\"\"\n      z\n")[0].contains("never ends"));
        assert!(errors("Feature: x\n  Given a\n")[0].contains("belongs into a scenario"));
        assert!(errors("# language: xx\nFeature: x\n")[0].contains("unknown language"));
        assert!(errors("")[0].contains("no feature"));
    }

    #[test]
    fn marks_line_ends_descriptions_and_comments_are_fine() {
        let text = "\u{feff}# language: sv\r\n@a\r\nEgenskap: x\r\n  Den som: har fått länken.\r\n\r\n  Scenario: y\r\n    # hm\r\n    Givet ett avtal\r\n      | a \\| b |\r\n    * det går";
        let parsed = parse(&Source::new("a.feature", text)).unwrap();
        assert_eq!((parsed.language, parsed.feature.scenarios[0].steps.len()), (Language::Sv, 2));
        assert_eq!(parsed.feature.scenarios[0].steps[0].position.line, 8);
        assert_eq!(parsed.feature.scenarios[0].position.line, 6);
    }
}
