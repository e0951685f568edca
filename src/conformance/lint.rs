//! What is well-formed and still cannot be meant: empty scenarios, scenarios that say nothing should be, tags and requirements that do not
//! exist, numbers outside the table of persons.

use std::collections::BTreeMap;

use gherkin::Scenario;

use super::Source;
use super::persons_table;
use super::preflight::is_then;
use super::requirements::{Catalogue, tagged};
use super::syntax::Parsed;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::identity::{Checks, Country, NationalNumber};

/// The mistakes of one feature.
pub(super) fn feature(parsed: &Parsed, catalogue: &Catalogue) -> Vec<Diagnostic> {
    let (source, feature) = (&parsed.source, &parsed.feature);
    let mut mistakes = Vec::new();
    let scenarios: Vec<&Scenario> =
        feature.scenarios.iter().chain(feature.rules.iter().flat_map(|rule| &rule.scenarios)).collect();
    if scenarios.is_empty() {
        mistakes.push(source.mistake(feature.position.line, None, "this feature has no scenario", None));
    }
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for scenario in &scenarios {
        let line = scenario.position.line;
        if let Some(first) = names.insert(&scenario.name, line) {
            let problem = format!("a scenario of this name stands in line {first} already");
            mistakes.push(source.mistake(
                line,
                None,
                problem,
                Some("reports name scenarios: give each a name of its own".to_owned()),
            ));
        }
        let is_outline = scenario.steps.iter().any(|step| step.value.contains('<') && step.value.contains('>'));
        if scenario.steps.is_empty() {
            mistakes.push(source.mistake(line, None, "this scenario has no steps", None));
        } else if !scenario.steps.iter().any(is_then) {
            let help = "a scenario that expects nothing can never fail: add a step with `Then` or `Så`";
            mistakes.push(source.mistake(line, None, "this scenario expects nothing", Some(help.to_owned())));
        } else if is_outline
            && scenario.examples.iter().all(|examples| examples.table.as_ref().is_none_or(|table| table.rows.len() < 2))
        {
            mistakes.push(source.mistake(line, None, "this outline has no example rows", None));
        }
        for (name, step) in placeholders(scenario) {
            mistakes.push(source.mistake(
                step,
                Some(&format!("<{name}>")),
                format!("no column of the examples is called `{name}`"),
                None,
            ));
        }
    }
    mistakes.extend(tags(source, catalogue));
    mistakes.extend(numbers(parsed, &scenarios));
    mistakes
}

/// Names in angle brackets that no table of examples has, with their lines.
fn placeholders(scenario: &Scenario) -> Vec<(String, usize)> {
    let columns: Vec<&String> =
        scenario.examples.iter().filter_map(|examples| examples.table.as_ref()?.rows.first()).flatten().collect();
    if columns.is_empty() {
        return Vec::new();
    }
    let mut missing = Vec::new();
    for step in &scenario.steps {
        for rest in step.value.split('<').skip(1) {
            if let Some((name, _)) = rest.split_once('>')
                && !columns.iter().any(|column| *column == name)
            {
                missing.push((name.to_owned(), step.position.line));
            }
        }
    }
    missing
}

fn tags(source: &Source, catalogue: &Catalogue) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    for (line, text) in source.text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with('@')) {
        for tag in text
            .split_whitespace()
            .take_while(|word| !word.starts_with('#'))
            .flat_map(|word| word.split('@'))
            .filter(|tag| !tag.is_empty())
        {
            let mut say = |problem: String, help: Option<String>| {
                mistakes.push(source.mistake(line + 1, Some(tag), problem, help))
            };
            if let Some(id) = tagged(tag) {
                // A team's own ids are told by other letters.
                let is_ours = tagged(id).is_some();
                if is_ours && catalogue.by_id(id).is_err() {
                    let meant = did_you_mean(id, catalogue.iter().map(|known| known.id.as_str()))
                        .map(|meant| format!("did you mean `{meant}`? A team's own ids begin with other letters"));
                    say(format!("unknown requirement `{id}`"), meant);
                }
            } else if let Some(need) = tag.strip_prefix("needs:") {
                if !NEEDS.contains(&need) {
                    let help = did_you_mean(need, NEEDS.iter().copied()).map_or_else(
                        || format!("known are {}", NEEDS.join(", ")),
                        |meant| format!("did you mean `needs:{meant}`?"),
                    );
                    say(format!("unknown need `{need}`"), Some(help));
                }
            } else if !TAGS.contains(&tag)
                && !tag.contains(':')
                && let Some(meant) =
                    did_you_mean(tag, TAGS.iter().copied()).filter(|meant| strsim::damerau_levenshtein(meant, tag) <= 2)
            {
                say(format!("unknown tag `@{tag}`"), Some(format!("did you mean `@{meant}`?")));
            }
        }
    }
    mistakes
}

/// Numbers belong into the table of persons, where they are looked at and cast.
fn numbers(parsed: &Parsed, scenarios: &[&Scenario]) -> Vec<Diagnostic> {
    let feature = &parsed.feature;
    let backgrounds = feature.background.iter().chain(feature.rules.iter().filter_map(|rule| rule.background.as_ref()));
    let steps = backgrounds
        .flat_map(|background| &background.steps)
        .chain(scenarios.iter().flat_map(|scenario| &scenario.steps));
    let mut mistakes = Vec::new();
    let mut look = |line: usize, text: &str| {
        if holds_a_number(text) {
            let help = "write numbers in the column `number` of the persons' table, and name the person here";
            mistakes.push(parsed.source.mistake(
                line,
                None,
                "a national number stands outside the table of persons",
                Some(help.to_owned()),
            ));
        }
    };
    for step in steps {
        look(step.position.line, &step.value);
        step.docstring.iter().for_each(|text| look(step.position.line, text));
        if !persons_table::is_one(step) {
            step.table
                .iter()
                .flat_map(|table| table.rows.iter().flatten())
                .for_each(|cell| look(step.position.line, cell));
        }
    }
    for examples in scenarios.iter().flat_map(|scenario| &scenario.examples) {
        examples
            .table
            .iter()
            .flat_map(|table| table.rows.iter().flatten())
            .for_each(|cell| look(examples.position.line, cell));
    }
    mistakes
}

/// Whether there is a number that could be somebody's: its check digits are right. Wrong ones are what some scenarios are about.
fn holds_a_number(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+');
    text.split(|c: char| !is_part(c))
        .filter(|word| word.len() >= 10 && word.bytes().filter(u8::is_ascii_digit).count() >= 9)
        .any(|word| {
            [Country::Se, Country::No, Country::Fi]
                .into_iter()
                .any(|country| NationalNumber::parse(country, word, Checks::Strict).is_ok())
        })
}

/// Tags that decide something.
const TAGS: &[&str] = &["core", "each-provider", "exclusive", "inferred", "manual", "manuell", "must", "should"];

/// What a scenario can need of a target.
pub(super) const NEEDS: &[&str] = &[
    "batch",
    "cancel",
    "delete",
    "encrypted-answers",
    "events",
    "log",
    "outbound-webhooks",
    "reopen",
    "response-issuer",
    "restart",
    "roles",
    "sign",
    "storage",
    "trust-levels",
    "update-participant",
    "weak-methods",
    "webhook-in",
];
