//! The steps that features are written in: one table, one entry a step, each with its words in both languages and a short function.
//!
//! Keywords do not matter: a step can be said with any of them. Adding one means an entry in the file of its concept and a function there.

mod adding;
mod browsing;
mod check_status;
mod events;
pub(super) mod habits;
mod inference;
mod journal;
mod leaks;
mod notifications;
mod openid;
mod outcomes;
mod outgoing;
mod races;
mod reasons;
mod sender;
mod set_up;
mod signature;
mod signing_in;
mod storage;
mod tampering;
pub mod words;

use std::sync::{LazyLock, OnceLock};

use futures::future::LocalBoxFuture;

use super::expression::Pattern;
use super::values::Args;
use super::{Language, Stop, World};
use crate::identity::mask;

/// What a step's function returns.
pub type Step<'a> = LocalBoxFuture<'a, Result<(), Stop>>;

/// A step's function.
pub type Play = for<'a> fn(&'a mut World, &'a Args) -> Step<'a>;

/// One step.
#[derive(Debug)]
pub struct Definition {
    /// A stable name.
    pub id: &'static str,
    /// How it is said in English: every expression has the same parameters in the same order.
    pub en: &'static [&'static str],
    /// How it is said in Swedish, with the same parameters.
    pub sv: &'static [&'static str],
    /// What it does, in English.
    pub doc_en: &'static str,
    /// What it does, in Swedish.
    pub doc_sv: &'static str,
    /// What plays it.
    pub play: Play,
}

/// A step found for a text.
#[derive(Clone, Debug)]
pub struct Found<'t> {
    /// The step.
    pub definition: &'static Definition,
    /// The expression that fits.
    pub pattern: &'static Pattern,
    /// What its parameters hold.
    pub captured: Vec<&'t str>,
}

/// All definitions, by concept.
pub fn definitions() -> impl Iterator<Item = &'static Definition> {
    [
        set_up::STEPS,
        signing_in::STEPS,
        browsing::STEPS,
        sender::STEPS,
        adding::STEPS,
        check_status::STEPS,
        outcomes::STEPS,
        races::STEPS,
        reasons::STEPS,
        tampering::STEPS,
        habits::STEPS,
        signature::STEPS,
        leaks::STEPS,
        storage::STEPS,
        inference::STEPS,
        events::STEPS,
        notifications::STEPS,
        journal::STEPS,
        openid::STEPS,
        outgoing::STEPS,
    ]
    .into_iter()
    .flatten()
}

/// The step that a text says. Of several expressions that fit, the one with the fewest parameters is meant.
#[must_use]
pub fn find(text: &str) -> Option<Found<'_>> {
    WORDED
        .iter()
        .filter(|worded| text.contains(worded.plain))
        .filter_map(|worded| {
            let pattern = worded.pattern();
            Some(Found { definition: worded.definition, pattern, captured: pattern.captures(text)? })
        })
        .min_by_key(|found| found.pattern.kinds.len())
}

/// Whether a text can say the step of this id.
#[must_use]
pub(super) fn says(text: &str, id: &str) -> bool {
    let own = WORDED.iter().filter(|worded| worded.definition.id == id);
    own.filter(|worded| text.contains(worded.plain)).any(|worded| worded.pattern().captures(text).is_some())
}

/// The three expressions of a language that are most like a text.
#[must_use]
pub fn nearest(text: &str, language: Language) -> Vec<&'static str> {
    let mut likely: Vec<(f64, &'static str)> = WORDED
        .iter()
        .filter(|worded| worded.language == language)
        .map(|worded| (likeness(text, worded.expression), worded.expression))
        .collect();
    likely.sort_by(|one, other| other.0.total_cmp(&one.0));
    likely.into_iter().take(3).map(|(_, expression)| expression).collect()
}

/// How many words a text and an expression share, and how alike they are as a whole: 0 to 2.
fn likeness(text: &str, expression: &str) -> f64 {
    let plain = expression.replace("(att )", "").replace(['(', ')'], "");
    let text = mask(text).to_lowercase();
    let plain = plain.to_lowercase();
    let ours: Vec<&str> = plain.split(' ').filter(|word| !word.starts_with('{')).collect();
    let theirs: Vec<&str> = text.split_whitespace().collect();
    let shared = ours.iter().filter(|word| word.split('/').any(|choice| theirs.contains(&choice))).count();
    let share = 2.0 * f64::from(u32::try_from(shared).unwrap_or(u32::MAX))
        / f64::from(u32::try_from((ours.len() + theirs.len()).max(1)).unwrap_or(u32::MAX));
    share + strsim::normalized_damerau_levenshtein(&text, &plain)
}

/// One way to say a step. There are many, and to compile one takes its time: that waits for a text that may be meant.
struct Worded {
    definition: &'static Definition,
    expression: &'static str,
    language: Language,
    /// What every text holds that it fits.
    plain: &'static str,
    pattern: OnceLock<Pattern>,
}

impl Worded {
    fn new(definition: &'static Definition, expression: &'static str, language: Language) -> Self {
        Self { definition, expression, language, plain: plain(expression), pattern: OnceLock::new() }
    }

    fn pattern(&self) -> &Pattern {
        self.pattern.get_or_init(|| {
            Pattern::compile(self.expression, self.language).expect("the test below compiles every expression")
        })
    }
}

/// The longest row of words of an expression that neither leave a choice nor stand for something.
fn plain(expression: &str) -> &str {
    let is_plain = |word: &str| !word.contains(['{', '}', '(', ')', '/', '\\']);
    let (mut longest, mut begin, mut at) = ("", 0, 0);
    for word in expression.split_inclusive(' ') {
        at += word.len();
        if is_plain(word) {
            let row = expression[begin..at].trim_end();
            longest = if row.len() > longest.len() { row } else { longest };
        } else {
            begin = at;
        }
    }
    longest
}

static WORDED: LazyLock<Vec<Worded>> = LazyLock::new(|| {
    definitions()
        .flat_map(|definition| {
            let en = definition.en.iter().map(|expression| (*expression, Language::En));
            let sv = definition.sv.iter().map(|expression| (*expression, Language::Sv));
            en.chain(sv).map(move |(expression, language)| Worded::new(definition, expression, language))
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_expression_compiles_and_both_languages_take_the_same_parameters() {
        for definition in definitions() {
            let en = definition.en.iter().map(|e| Pattern::compile(e, Language::En).unwrap().kinds);
            let sv = definition.sv.iter().map(|e| Pattern::compile(e, Language::Sv).unwrap().kinds);
            let kinds = |kind: Vec<_>| {
                kind.into_iter().map(|kind| format!("{kind:?}").replace("Persons", "Person")).collect::<Vec<_>>()
            };
            let all: Vec<_> = en.chain(sv).map(kinds).collect();
            assert!(!definition.sv.is_empty() && !definition.en.is_empty(), "{}", definition.id);
            // Some expressions leave the last parameters out.
            let longest = all.iter().max_by_key(|kinds| kinds.len()).unwrap().clone();
            for kinds in all {
                assert!(longest.starts_with(&kinds), "{}: {kinds:?} and {longest:?}", definition.id);
            }
        }
    }

    #[test]
    fn what_is_plain_in_an_expression_stands_in_every_text_that_it_fits() {
        for (expression, expected) in [
            ("{person} opens her/his/their sign link and identifies as {person}", "sign link and identifies as"),
            ("(att ){person} öppnar sin länk (igen )och legitimerar sig som {person}", "legitimerar sig som"),
            ("(att )det nekas", "nekas"),
            ("the provider {report}", "the provider"),
            ("{report}", ""),
        ] {
            assert_eq!(plain(expression), expected);
        }
    }

    #[test]
    fn ids_and_expressions_are_unique() {
        let ids: BTreeSet<_> = definitions().map(|definition| definition.id).collect();
        assert_eq!(ids.len(), definitions().count());
        let expressions: BTreeSet<_> = WORDED.iter().map(|worded| worded.expression).collect();
        assert_eq!(expressions.len(), WORDED.len());
    }

    #[test]
    fn the_nearest_steps_are_of_the_same_language() {
        assert_eq!(
            nearest("Anna opens her signlink and identifies as Anna", Language::En)[0],
            "{person} opens her/his/their sign link and identifies as {person}"
        );
        assert!(nearest("ett avtal i utkats", Language::Sv)[0].contains("ett avtal i utkast"));
    }
}
