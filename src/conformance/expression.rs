//! Cucumber expressions: from the text of a definition to what it captures.

use std::collections::HashMap;

use cucumber_expressions::Expression;
use regex::Regex;

use super::{Language, closed};

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The expression as it is shown to people.
    pub expression: &'static str,
    /// Its language.
    pub language: Language,
    /// Its parameters, in order.
    pub kinds: Vec<Kind>,
    regex: Regex,
}

/// What a parameter stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Who tries something that is not theirs to do.
    Actor,
    /// What a hostile sender claims.
    Claim,
    /// How an honest identification reaches the service.
    Course,
    /// What an event tells.
    Event,
    /// Where a mistaken sender puts a number.
    Field,
    /// What the provider does in one way or in another.
    Habit,
    /// A whole number without sign.
    Int,
    /// A method, by the country it is of.
    Method,
    /// A role.
    Person,
    /// A role in the possessive: `Anna's`, `Annas`.
    Persons,
    /// Where in a request the number stands.
    Place,
    /// What a provider reports, of a closed list.
    Report,
    /// How a notification is sealed or sent.
    Seal,
    /// How a number is written, in quotes.
    Spelling,
    /// Where an identity check stands.
    Status,
    /// Text in quotes.
    Text,
}

impl Kind {
    const ALL: [Self; 16] = [
        Self::Actor,
        Self::Claim,
        Self::Course,
        Self::Event,
        Self::Field,
        Self::Habit,
        Self::Int,
        Self::Method,
        Self::Person,
        Self::Persons,
        Self::Place,
        Self::Report,
        Self::Seal,
        Self::Spelling,
        Self::Status,
        Self::Text,
    ];

    /// Its name in braces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Claim => "claim",
            Self::Course => "course",
            Self::Event => "event",
            Self::Field => "field",
            Self::Habit => "habit",
            Self::Int => "int",
            Self::Method => "method",
            Self::Person => "person",
            Self::Persons => "persons",
            Self::Place => "place",
            Self::Report => "report",
            Self::Seal => "seal",
            Self::Spelling => "spelling",
            Self::Status => "status",
            Self::Text => "string",
        }
    }

    /// What it looks like. Roles begin with a capital letter, so that `sin länk` names nobody.
    fn regex(self, language: Language) -> String {
        match (self, language) {
            (Self::Int, _) => r"\d{1,9}".to_owned(),
            (Self::Person, _) => r"\p{Lu}[\p{L}\p{M}\p{N}_-]*".to_owned(),
            (Self::Persons, Language::En) => r"\p{Lu}[\p{L}\p{M}\p{N}_-]*['’]s?".to_owned(),
            (Self::Persons, Language::Sv) => r"\p{Lu}[\p{L}\p{M}\p{N}_-]*(?::s)?".to_owned(),
            (Self::Report, _) => r".+".to_owned(),
            (Self::Spelling | Self::Text, _) => r#""[^"]*""#.to_owned(),
            (Self::Status, Language::En) => "passed|failed|pending".to_owned(),
            (Self::Status, Language::Sv) => "godkänd|underkänd|väntande".to_owned(),
            (
                Self::Actor
                | Self::Claim
                | Self::Course
                | Self::Event
                | Self::Field
                | Self::Habit
                | Self::Method
                | Self::Place
                | Self::Seal,
                _,
            ) => {
                let words = closed::list(self).iter().map(|(_, en, sv)| regex::escape(language.pick(en, sv)));
                words.collect::<Vec<_>>().join("|")
            }
        }
    }
}

impl Pattern {
    /// Compiles an expression.
    ///
    /// # Errors
    /// What is wrong with it; the registry's own test sees that none is.
    pub fn compile(expression: &'static str, language: Language) -> Result<Self, String> {
        let parameters: HashMap<&str, String> =
            Kind::ALL.into_iter().map(|kind| (kind.name(), kind.regex(language))).collect();
        let regex = Expression::regex_with_parameters(expression, &parameters).map_err(|e| e.to_string())?;
        let named = expression.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        let kinds = named
            .map(|(name, _)| {
                Kind::ALL
                    .into_iter()
                    .find(|kind| kind.name() == name)
                    .ok_or_else(|| format!("unknown parameter {{{name}}}"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        if regex.captures_len() != kinds.len() + 1 {
            return Err(format!(
                "{} groups for {} parameters in {}",
                regex.captures_len() - 1,
                kinds.len(),
                regex.as_str()
            ));
        }
        Ok(Self { expression, language, kinds, regex })
    }

    /// What the parameters hold, when the text matches.
    #[must_use]
    pub fn captures<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let captures = self.regex.captures(text)?;
        Some(captures.iter().skip(1).map(|group| group.map_or("", |group| group.as_str())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_captured_in_order_and_choices_are_not() {
        let pattern =
            Pattern::compile("{person} opens her/his/their sign link and identifies as {person}", Language::En)
                .unwrap();
        assert_eq!(pattern.captures("Bengt opens his sign link and identifies as Åsa"), Some(vec!["Bengt", "Åsa"]));
        assert_eq!(pattern.captures("bengt opens his sign link and identifies as Åsa"), None);
        let pattern = Pattern::compile("(att ){person} öppnar {persons} länk", Language::Sv).unwrap();
        assert_eq!(pattern.captures("att Bengt öppnar Annas länk"), Some(vec!["Bengt", "Annas"]));
        assert_eq!(pattern.captures("Bengt öppnar sin länk"), None);
        let pattern = Pattern::compile("{int} minutes pass {string}", Language::En).unwrap();
        assert_eq!(pattern.captures("5 minutes pass \"a b\""), Some(vec!["5", "\"a b\""]));
    }
}
