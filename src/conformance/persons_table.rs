//! The table of persons that a scenario begins with: the only place in a feature where a number may stand.

use gherkin::Step;

use super::plan::Role;
use super::values::colliding;
use super::{Language, Source};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::identity::{Checks, Country, NationalNumber};

/// Whether the step gives persons.
pub(super) fn is_one(step: &Step) -> bool {
    super::steps::says(&step.value, STEP)
}

/// Reads the rows.
pub(super) fn read(source: &Source, step: &Step, language: Language) -> Result<Vec<Role>, Vec<Diagnostic>> {
    let line = step.position.line;
    let mut mistakes = Vec::new();
    let rows = step.table.as_ref().map(|table| table.rows.as_slice()).unwrap_or_default();
    let Some((header, rows)) = rows.split_first() else {
        return Err(vec![source.mistake(
            line,
            None,
            "this step needs a table of persons below it",
            Some(EXAMPLE.to_owned()),
        )]);
    };
    let mut columns = Vec::new();
    for title in header {
        let column = COLUMNS.iter().find(|(words, _)| words.contains(&title.to_lowercase().as_str()));
        if column.is_none() {
            let known: Vec<&str> = COLUMNS.iter().flat_map(|(words, _)| words.iter().copied()).collect();
            let help = did_you_mean(title, known.iter().copied())
                .map_or_else(|| format!("known are {}", known.join(", ")), |meant| format!("did you mean `{meant}`?"));
            mistakes.push(source.mistake(line + 1, Some(title), format!("unknown column `{title}`"), Some(help)));
        }
        columns.push(column.map(|(_, column)| *column));
    }
    let mut roles: Vec<Role> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let line = row_line(source, line, at + 1);
        let cell = |wanted: Column| {
            columns
                .iter()
                .zip(row)
                .find(|(column, cell)| **column == Some(wanted) && !cell.is_empty())
                .map(|(_, cell)| cell.as_str())
        };
        let mut say = |words: &str, problem: String, help: &str| {
            mistakes.push(source.mistake(line, Some(words), problem, Some(help.to_owned())))
        };
        let Some(name) = cell(Column::Person) else {
            say("|", "this row names nobody".to_owned(), "give every row a word in the column `person`");
            continue;
        };
        if !name.chars().next().is_some_and(char::is_uppercase) || name.contains(char::is_whitespace) {
            say(
                name,
                format!("`{name}` cannot be told from other words of a sentence"),
                "a role is one word with a capital letter, such as `Anna`",
            );
        }
        if roles.iter().any(|role| role.name == name) {
            say(name, format!("`{name}` stands in the table twice"), "give each person a word of its own");
        }
        let country = match cell(Column::Country).map(|code| (code, code.parse::<Country>())) {
            None => None,
            Some((_, Ok(country))) => Some(country),
            Some((code, Err(error))) => {
                say(code, error.to_string(), "write the country as two letters, such as SE");
                None
            }
        };
        let number = cell(Column::Number).and_then(|text| match NationalNumber::parse(country.unwrap_or(Country::Se), text, Checks::Strict) {
            Ok(number) if number.is_synthetic_or_official_test() => Some(number),
            Ok(_) => {
                say(text, "this number may be a real person's".to_owned(), "take an official test number (`motpart persons`), or leave the number out: then a made-up person is cast");
                None
            }
            Err(error) => {
                say(text, error.to_string(), "take a number from `motpart persons`, or leave it out: then a made-up person is cast");
                None
            }
        });
        roles.push(Role { name: name.to_owned(), country, number, full_name: cell(Column::Name).map(str::to_owned) });
    }
    let names: Vec<String> = roles.iter().map(|role| role.name.clone()).collect();
    if let Some((one, other)) = colliding(&names, language) {
        let problem = format!("`{one}` and `{other}` cannot be told apart in the genitive: `{other}` may mean either");
        mistakes.push(source.mistake(line, None, problem, Some("rename one of them".to_owned())));
    }
    if mistakes.is_empty() { Ok(roles) } else { Err(mistakes) }
}

/// The line of a table's row, the header being row 0; comments may stand between.
fn row_line(source: &Source, step: usize, row: usize) -> usize {
    let lines = source.text.lines().enumerate().skip(step);
    lines.filter(|(_, line)| line.trim_start().starts_with('|')).nth(row).map_or(step, |(at, _)| at + 1)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Country,
    Name,
    Number,
    Person,
}

const COLUMNS: &[(&[&str], Column)] = &[
    (&["person"], Column::Person),
    (&["country", "land"], Column::Country),
    (&["number", "nummer", "personnummer"], Column::Number),
    (&["name", "namn"], Column::Name),
];

/// The definition of the step that gives persons.
const STEP: &str = "persons";

const EXAMPLE: &str = "write `| person |` and below it `| Anna |`";
