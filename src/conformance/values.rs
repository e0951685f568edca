//! The values that steps are called with: words of a sentence, understood once, before anything runs.

use super::expression::Kind;
use super::reports::{self, Report};
use super::{Language, Stop, closed};
use crate::diagnostic::did_you_mean;
use crate::target::Status;

/// One parameter of a step.
#[derive(Clone, Debug)]
pub enum Value {
    /// A whole number.
    Int(u64),
    /// A role of the scenario's table.
    Person(String),
    /// What the provider reports.
    Report(&'static Report),
    /// Where a check stands.
    Status(Status),
    /// Text, without its quotes.
    Text(String),
    /// A word of a closed list.
    Word(&'static str),
}

/// What a step is called with.
#[derive(Clone, Debug, Default)]
pub struct Args {
    /// The parameters, in the order of the definition's first expression.
    pub values: Vec<Value>,
    /// The rows of the table below the step.
    pub table: Vec<Vec<String>>,
    /// The text in quotes below the step.
    pub text: Option<String>,
}

/// A parameter that means nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnderstood {
    /// The words.
    pub words: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub help: Option<String>,
}

impl Args {
    /// The role at a place.
    ///
    /// # Errors
    /// When the step's function and its expressions disagree.
    pub fn person(&self, at: usize) -> Result<&str, Stop> {
        if let Some(Value::Person(role)) = self.values.get(at) { Ok(role) } else { Err(Stop::misfit(at)) }
    }

    /// The number at a place.
    ///
    /// # Errors
    /// When the step's function and its expressions disagree.
    pub fn int(&self, at: usize) -> Result<u64, Stop> {
        if let Some(Value::Int(number)) = self.values.get(at) { Ok(*number) } else { Err(Stop::misfit(at)) }
    }

    /// The report at a place.
    ///
    /// # Errors
    /// When the step's function and its expressions disagree.
    pub fn report(&self, at: usize) -> Result<&'static Report, Stop> {
        if let Some(Value::Report(report)) = self.values.get(at) { Ok(report) } else { Err(Stop::misfit(at)) }
    }

    /// The status at a place.
    ///
    /// # Errors
    /// When the step's function and its expressions disagree.
    pub fn status(&self, at: usize) -> Result<Status, Stop> {
        if let Some(Value::Status(status)) = self.values.get(at) { Ok(*status) } else { Err(Stop::misfit(at)) }
    }

    /// The text at a place.
    ///
    /// # Errors
    /// When the step's function and its expressions disagree.
    pub fn text(&self, at: usize) -> Result<&str, Stop> {
        if let Some(Value::Text(text)) = self.values.get(at) { Ok(text) } else { Err(Stop::misfit(at)) }
    }

    /// The word of a closed list at a place.
    ///
    /// # Errors
    /// When the step's function and its expressions disagree.
    pub fn word(&self, at: usize) -> Result<&'static str, Stop> {
        if let Some(Value::Word(word)) = self.values.get(at) { Ok(word) } else { Err(Stop::misfit(at)) }
    }
}

impl Value {
    /// Understands the words of a parameter, with the roles of the scenario.
    ///
    /// # Errors
    /// When they name nobody or nothing.
    pub fn understand(kind: Kind, words: &str, language: Language, roles: &[String]) -> Result<Self, NotUnderstood> {
        match kind {
            Kind::Int => Ok(Self::Int(words.parse().unwrap_or(u64::MAX))),
            Kind::Actor
            | Kind::Claim
            | Kind::Course
            | Kind::Event
            | Kind::Field
            | Kind::Habit
            | Kind::Method
            | Kind::Place
            | Kind::Seal => {
                let word = closed::find(kind, words, language).map(Self::Word);
                word.ok_or_else(|| NotUnderstood {
                    words: words.to_owned(),
                    problem: format!("`{words}` is not known here"),
                    help: None,
                })
            }
            Kind::Person => role(words, std::iter::once(words), roles).map(Self::Person),
            Kind::Persons => role(words, bearers(words, language), roles).map(Self::Person),
            Kind::Report => reports::find(words, language).map(Self::Report).ok_or_else(|| NotUnderstood {
                words: words.to_owned(),
                problem: format!("no provider reports `{words}`"),
                help: Some(match reports::nearest(words, language) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "`motpart steps` lists what a provider can report".to_owned(),
                }),
            }),
            Kind::Spelling | Kind::Text => Ok(Self::Text(words.trim_matches('"').to_owned())),
            Kind::Status => Ok(Self::Status(match words {
                "failed" | "underkänd" => Status::Failed,
                "passed" | "godkänd" => Status::Passed,
                _ => Status::Pending,
            })),
        }
    }
}

/// Two roles that Swedish cannot tell apart in the possessive: `Lar` and `Lars`.
#[must_use]
pub(super) fn colliding(roles: &[String], language: Language) -> Option<(&str, &str)> {
    let genitive = |role: &str| format!("{role}s");
    let collides = |one: &&String| language == Language::Sv && roles.contains(&genitive(one));
    roles
        .iter()
        .find(collides)
        .and_then(|one| Some((one.as_str(), roles.iter().find(|other| **other == genitive(one))?.as_str())))
}

/// Who may be meant by a possessive, the most likely first: the exact name, then the name without its ending.
fn bearers(words: &str, language: Language) -> impl Iterator<Item = &str> {
    let endings: &[&str] = match language {
        Language::En => &["'s", "’s", "'", "’"],
        Language::Sv => &["", ":s", "s"],
    };
    endings.iter().filter_map(|ending| words.strip_suffix(ending))
}

fn role<'a>(words: &str, candidates: impl Iterator<Item = &'a str>, roles: &[String]) -> Result<String, NotUnderstood> {
    let mut candidates = candidates;
    if let Some(role) = candidates.find_map(|candidate| roles.iter().find(|role| *role == candidate)) {
        return Ok(role.clone());
    }
    let known: Vec<&str> = roles.iter().map(String::as_str).collect();
    let help = match did_you_mean(words, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.is_empty() => {
            "begin with a table of persons: `Given these test people`, `Givet följande testpersoner`".to_owned()
        }
        None => format!("in the table are {}", known.join(", ")),
    };
    Err(NotUnderstood {
        words: words.to_owned(),
        problem: format!("`{words}` is nobody in the scenario's table of persons"),
        help: Some(help),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn persons(words: &str, language: Language, roles: &[&str]) -> Result<String, NotUnderstood> {
        let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
        let understood = Value::understand(Kind::Persons, words, language, &roles)?;
        Ok(Args { values: vec![understood], ..Args::default() }.person(0).unwrap().to_owned())
    }

    #[test]
    fn the_genitive_is_resolved_against_the_table() {
        for (words, language, expected) in [
            ("Annas", Language::Sv, "Anna"),
            ("Lars", Language::Sv, "Lars"),
            ("Åsas", Language::Sv, "Åsa"),
            ("Anna's", Language::En, "Anna"),
            ("Lars'", Language::En, "Lars"),
            ("Lars’s", Language::En, "Lars"),
        ] {
            assert_eq!(persons(words, language, &["Anna", "Lars", "Åsa"]).unwrap(), expected, "{words}");
        }
        let error = persons("Anas", Language::Sv, &["Anna", "Bengt"]).unwrap_err();
        assert_eq!(error.help.as_deref(), Some("did you mean `Anna`?"));
    }

    #[test]
    fn names_that_swedish_cannot_tell_apart_collide() {
        let roles = ["Lar".to_owned(), "Lars".to_owned()];
        assert_eq!(colliding(&roles, Language::Sv), Some(("Lar", "Lars")));
        assert_eq!(colliding(&roles, Language::En), None);
    }
}
