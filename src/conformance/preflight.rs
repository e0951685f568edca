//! Before anything starts: every file is read, every step is matched, every mistake is shown.

use gherkin::{Background, Examples, Scenario, StepType};

use super::lint;
use super::plan::{Item, PlannedStep, Role, number_equal_ids, slug};
use super::requirements::{Catalogue, tagged};
use super::syntax::{Parsed, parse};
use super::values::{Args, Value};
use super::{Language, Source, persons_table, steps};
use crate::diagnostic::Diagnostic;

/// Reads the files into scenarios, rows filled in; `provider` is still empty in each.
///
/// # Errors
/// All mistakes of all files.
pub fn preflight(sources: &[Source], catalogue: &Catalogue) -> Result<Vec<Item>, Vec<Diagnostic>> {
    let mut items = Vec::new();
    let mut mistakes = Vec::new();
    for source in sources {
        match parse(source) {
            Ok(parsed) => {
                mistakes.extend(lint::feature(&parsed, catalogue));
                let (found, wrong) = Reader { parsed: &parsed }.items();
                items.extend(found);
                mistakes.extend(wrong);
            }
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    if mistakes.is_empty() {
        number_equal_ids(&mut items);
        Ok(items)
    } else {
        mistakes.sort_by(|one, other| (&one.file, one.line, one.column).cmp(&(&other.file, other.line, other.column)));
        mistakes.dedup();
        Err(mistakes)
    }
}

struct Reader<'p> {
    parsed: &'p Parsed,
}

/// One row of examples: its line, and what each `<name>` stands for.
type Row = (usize, Vec<(String, String)>);

impl Reader<'_> {
    fn items(&self) -> (Vec<Item>, Vec<Diagnostic>) {
        let feature = &self.parsed.feature;
        let mut items = Vec::new();
        let mut mistakes = Vec::new();
        let plain = feature.scenarios.iter().map(|scenario| (None, scenario));
        let ruled =
            feature.rules.iter().flat_map(|rule| rule.scenarios.iter().map(move |scenario| (Some(rule), scenario)));
        for (rule, scenario) in plain.chain(ruled) {
            let backgrounds = [feature.background.as_ref(), rule.and_then(|rule| rule.background.as_ref())];
            let mut tags = feature.tags.clone();
            tags.extend(rule.iter().flat_map(|rule| rule.tags.clone()));
            tags.extend(scenario.tags.clone());
            if scenario.examples.is_empty() {
                self.item(scenario, &backgrounds, tags, None, &mut items, &mut mistakes);
                continue;
            }
            for examples in &scenario.examples {
                let mut tags = tags.clone();
                tags.extend(examples.tags.clone());
                for row in self.rows(examples) {
                    self.item(scenario, &backgrounds, tags.clone(), Some(row), &mut items, &mut mistakes);
                }
            }
        }
        (items, mistakes)
    }

    fn item(
        &self,
        scenario: &Scenario,
        backgrounds: &[Option<&Background>],
        tags: Vec<String>,
        row: Option<Row>,
        items: &mut Vec<Item>,
        mistakes: &mut Vec<Diagnostic>,
    ) {
        let source = &self.parsed.source;
        let given = backgrounds.iter().flatten().flat_map(|background| &background.steps);
        let all: Vec<gherkin::Step> = given.chain(&scenario.steps).map(|step| filled(step, row.as_ref())).collect();
        let mut roles: Vec<Role> = Vec::new();
        for step in all.iter().filter(|step| persons_table::is_one(step)) {
            match persons_table::read(source, step, self.parsed.language) {
                // A scenario's own table goes before the background's.
                Ok(rows) => {
                    rows.into_iter().for_each(|new| match roles.iter_mut().find(|role| role.name == new.name) {
                        Some(role) => *role = new,
                        None => roles.push(new),
                    })
                }
                Err(wrong) => mistakes.extend(wrong),
            }
        }
        let names: Vec<String> = roles.iter().map(|role| role.name.clone()).collect();
        let mut planned = Vec::new();
        for step in &all {
            match self.step(step, &names) {
                Ok(step) => planned.push(step),
                Err(mistake) => mistakes.push(*mistake),
            }
        }
        if planned.len() == all.len() {
            mistakes.extend(self.agreement_is_missing(&planned));
        }
        let name = fill(&scenario.name, row.as_ref());
        let own = format!("{}/{}", slug(&self.parsed.feature.name), slug(&scenario.name));
        // The rows are counted over all tables of examples, so that an id stays when lines above it change.
        let nth = items.iter().filter(|item| item.line == scenario.position.line).count() + 1;
        let id = if row.is_some() { format!("{own}/{nth}") } else { own };
        items.push(Item {
            feature: self.parsed.feature.name.clone(),
            name,
            file: source.name.clone(),
            line: scenario.position.line,
            row: row.map(|(line, _)| line),
            provider: String::new(),
            language: self.parsed.language,
            requirements: requirements_of(&tags, &slug(&scenario.name)),
            tags,
            roles,
            steps: planned,
            left_out: None,
            plays: 1,
            id,
        });
    }

    /// Every step but the table of persons is about an agreement: one has to be made before.
    fn agreement_is_missing(&self, planned: &[PlannedStep]) -> Option<Diagnostic> {
        let first = planned.iter().find(|step| step.definition.id != "persons")?;
        let example = steps::definitions().find(|definition| definition.id == "agreement")?;
        let help = match self.parsed.language {
            Language::En => format!("add a step before it: `Given {}`", example.en.first()?),
            Language::Sv => format!("add a step before it: `Givet {}`", example.sv.first()?),
        };
        (!first.definition.id.starts_with("agreement")).then(|| {
            self.parsed.source.mistake(
                first.line,
                None,
                "there is no agreement yet that this step could be about",
                Some(help),
            )
        })
    }

    fn step(&self, step: &gherkin::Step, roles: &[String]) -> Result<PlannedStep, Box<Diagnostic>> {
        let (source, line) = (&self.parsed.source, step.position.line);
        let Some(found) = steps::find(&step.value) else {
            let nearest = steps::nearest(&step.value, self.parsed.language);
            let nearest: Vec<String> = nearest.iter().map(|expression| format!("  {expression}")).collect();
            let help = format!(
                "the nearest steps are\n{}\n`motpart steps --lang {}` lists all",
                nearest.join("\n"),
                self.parsed.language
            );
            return Err(Box::new(source.mistake(line, Some(&step.value), "no step is written like this", Some(help))));
        };
        let understood = found
            .pattern
            .kinds
            .iter()
            .zip(&found.captured)
            .map(|(kind, words)| Value::understand(*kind, words, found.pattern.language, roles));
        let values = understood
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| Box::new(source.mistake(line, Some(&e.words), e.problem, e.help)))?;
        let table = step.table.as_ref().map(|table| table.rows.clone()).unwrap_or_default();
        Ok(PlannedStep {
            text: format!("{} {}", step.keyword.trim(), step.value),
            line,
            definition: found.definition,
            args: Args { values, table, text: step.docstring.clone() },
        })
    }

    /// The rows of examples, each with the line it stands in.
    fn rows(&self, examples: &Examples) -> Vec<Row> {
        let Some(table) = &examples.table else { return Vec::new() };
        let Some((header, rows)) = table.rows.split_first() else { return Vec::new() };
        let lines = self.parsed.source.text.lines().enumerate().skip(examples.position.line);
        let lines = lines.filter(|(_, line)| line.trim_start().starts_with('|')).map(|(at, _)| at + 1);
        // The first of them is the header's.
        let values = |row: &Vec<String>| header.iter().cloned().zip(row.iter().cloned()).collect();
        rows.iter().zip(lines.skip(1)).map(|(row, line)| (line, values(row))).collect()
    }
}

/// A step with the values of a row in its text, table and quoted text.
fn filled(step: &gherkin::Step, row: Option<&Row>) -> gherkin::Step {
    let mut step = step.clone();
    step.value = fill(&step.value, row);
    step.docstring = step.docstring.map(|text| fill(&text, row));
    if let Some(table) = &mut step.table {
        for cell in table.rows.iter_mut().flatten() {
            *cell = fill(cell, row);
        }
    }
    step
}

fn fill(text: &str, row: Option<&Row>) -> String {
    let Some((_, values)) = row else { return text.to_owned() };
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("<{name}>"), value))
}

/// Whether a step says what should be.
pub(super) fn is_then(step: &gherkin::Step) -> bool {
    step.ty == StepType::Then
}

/// The requirements in tags, each once; the scenario's slug where there are none.
fn requirements_of(tags: &[String], slug: &str) -> Vec<String> {
    let mut requirements: Vec<String> = Vec::new();
    for id in tags.iter().filter_map(|tag| tagged(tag)) {
        if !requirements.iter().any(|known| known == id) {
            requirements.push(id.to_owned());
        }
    }
    if requirements.is_empty() {
        requirements.push(slug.to_owned());
    }
    requirements
}
