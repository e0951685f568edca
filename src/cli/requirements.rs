//! `motpart requirements`

mod words;

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use motpart::conformance::Language;
use motpart::conformance::requirements::{Catalogue, Coverage, Covered, Group, ProviderName, Requirement, tagged};
use motpart::exit;
use motpart::reference::Flaw;
use serde_json::{Value, json};

use self::words::Words;
use super::{Failure, output};

/// Prints what a correct enforcement of identity does, where each requirement comes from, and which scenarios and flaws speak of it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct RequirementsArgs {
    /// Requirements to show in full, such as XCK-002; or feature files and folders of your own, to see what they cover.
    #[arg(value_name = "FILE|ID")]
    of: Vec<String>,
    /// Only these: `core` decides whether a service enforces identity, `safety` keeps wrong people out and numbers in.
    #[arg(long, value_enum, default_value_t)]
    profile: Profile,
    /// Only what shows with this provider: zignsec-v2, zignsec-v3, zignsec-gateway or signicat.
    #[arg(long, value_name = "NAME", value_parser = provider)]
    provider: Option<ProviderName>,
    /// The form.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// The language.
    #[arg(long, value_name = "en|sv", default_value_t)]
    lang: Language,
    /// Your own requirements (`krav.toml`), after the bundled ones.
    #[arg(long, value_name = "FILE")]
    own: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// Every requirement.
    #[default]
    All,
    /// Those that decide the headline.
    Core,
    /// Those that keep wrong people out and numbers in.
    Safety,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Form {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For documents: a table for each group.
    Markdown,
}

/// What speaks of the requirements, before the user's own files are added.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bundled<'a> {
    /// File names and texts.
    pub(super) features: &'a [(String, String)],
    /// Names, and the requirements that must notice them.
    pub(super) flaws: &'a [(&'a str, &'a [&'a str])],
}

impl RequirementsArgs {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let features: Vec<(String, String)> =
            motpart::conformance::bundled().into_iter().map(|source| (source.name, source.text)).collect();
        let flaws: Vec<(&str, &[&str])> = Flaw::ALL.iter().map(|flaw| (flaw.name(), flaw.requirements())).collect();
        output::print(&self.printed(Bundled { features: &features, flaws: &flaws })?)?;
        Ok(exit::OK)
    }

    /// What is printed.
    fn printed(&self, bundled: Bundled<'_>) -> Result<String, Failure> {
        let catalogue = catalogue(self.own.as_deref())?;
        let mut features = Vec::new();
        let mut shown = Vec::new();
        for of in &self.of {
            let path = Path::new(of);
            if path.exists() || of.ends_with(".feature") {
                features.extend(read(path)?);
            } else {
                shown.push(catalogue.by_id(tagged(of).unwrap_or(of)).map_err(Failure::usage)?);
            }
        }
        // Files of one's own stand in the place of the bundled ones: the question is what they cover.
        let features = if features.is_empty() { bundled.features } else { &features };
        let coverage = Coverage::of(features, bundled.flaws).map_err(Failure::specification)?;
        let nothing = Covered::default();
        let in_full = !shown.is_empty();
        if !in_full {
            shown = catalogue.iter().filter(|requirement| self.is_asked_for(requirement)).collect();
        }
        let rows: Vec<Row<'_>> = shown
            .into_iter()
            .map(|requirement| Row { requirement, covered: coverage.by(&requirement.id).unwrap_or(&nothing) })
            .collect();
        let words = Words::of_language(self.lang);
        Ok(match self.format {
            Form::Json => output::json(&rows.iter().map(Row::json).collect::<Vec<_>>())?,
            Form::Markdown => markdown(&rows, words),
            Form::Text if in_full => rows.iter().map(|row| row.in_full(words)).collect::<Vec<_>>().join("\n"),
            Form::Text => text(&rows, words) + &strangers(&coverage, &catalogue, words),
        })
    }

    fn is_asked_for(&self, requirement: &Requirement) -> bool {
        let in_profile = match self.profile {
            Profile::All => true,
            Profile::Core => requirement.core,
            Profile::Safety => requirement.safety,
        };
        in_profile && self.provider.is_none_or(|provider| requirement.applies_to.contains(&provider))
    }
}

struct Row<'a> {
    requirement: &'a Requirement,
    covered: &'a Covered,
}

impl Row<'_> {
    fn is_covered(&self) -> bool {
        !self.covered.scenarios.is_empty()
    }

    /// How many scenarios and flaws, or why there are none.
    fn coverage(&self, words: &Words) -> String {
        if let (false, Some(because)) = (self.is_covered(), &self.requirement.excluded) {
            return format!("{}: {because}", words.excluded);
        }
        let scenarios = match self.covered.scenarios.len() {
            0 => words.no_scenario.to_owned(),
            1 => words.one_scenario.to_owned(),
            many => format!("{many} {}", words.scenarios),
        };
        match self.covered.flaws.as_slice() {
            [] => scenarios,
            flaws => format!("{scenarios}; {} {}", words.caught, flaws.join(", ")),
        }
    }

    fn in_full(&self, words: &Words) -> String {
        let requirement = self.requirement;
        let mut out = format!("{}  {}\n\n{}\n\n", requirement.id, words.standing(requirement), words.text(requirement));
        let mut rows = Vec::new();
        let mut row = |name: &str, value: Option<String>| {
            rows.extend(value.map(|value| vec![format!("  {name}"), value]));
        };
        row(words.never, words.never_of(requirement).map(str::to_owned));
        row(words.expected, words.equals_of(requirement).map(str::to_owned));
        row(words.why, Some(words.why_of(requirement).to_owned()).filter(|why| !why.is_empty()));
        row(words.source, Some(words.source_of(requirement)));
        row(words.who, requirement.who.clone());
        row(words.providers, Some(joined(requirement.applies_to.iter())));
        let lines = |choices: &[motpart::conformance::requirements::Choice]| {
            (!choices.is_empty()).then(|| joined(choices.iter().map(|choice| choice.line())))
        };
        row(words.changed_by, lines(&requirement.changed_by));
        row(words.removed_by, lines(&requirement.removed_by));
        row(words.needs, (!requirement.needs.is_empty()).then(|| joined(requirement.needs.iter())));
        row(words.coverage, Some(self.coverage(words)));
        out.push_str(&output::columns(&rows));
        for scenario in &self.covered.scenarios {
            out.push_str(&format!("    {scenario}\n"));
        }
        out
    }

    fn json(&self) -> Value {
        json!({ "requirement": self.requirement, "scenarios": self.covered.scenarios, "flaws": self.covered.flaws })
    }
}

fn text(rows: &[Row<'_>], words: &Words) -> String {
    let mut out = String::new();
    for group in Group::ALL {
        let of_group: Vec<_> = rows.iter().filter(|row| row.requirement.group() == group).collect();
        if of_group.is_empty() {
            continue;
        }
        out.push_str(&format!("{}\n", words.pick(group.title())));
        for row in of_group {
            let requirement = row.requirement;
            out.push_str(&format!("  {}  {}\n", requirement.id, words.text(requirement)));
            let indent = " ".repeat(requirement.id.chars().count() + 4);
            out.push_str(&format!("{indent}{} · {}\n", words.standing(requirement), row.coverage(words)));
        }
        out.push('\n');
    }
    let covered = rows.iter().filter(|row| row.is_covered()).count();
    let caught = rows.iter().filter(|row| !row.covered.flaws.is_empty()).count();
    out + &words.sum(rows.len(), covered, caught)
}

fn markdown(rows: &[Row<'_>], words: &Words) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let mut out = String::new();
    for group in Group::ALL {
        let of_group: Vec<_> = rows.iter().filter(|row| row.requirement.group() == group).collect();
        if of_group.is_empty() {
            continue;
        }
        let head = [words.id, words.level, words.requirement, words.why, words.source, words.coverage];
        out.push_str(&format!(
            "## {}\n\n| {} |\n|{}\n",
            words.pick(group.title()),
            head.join(" | "),
            "---|".repeat(head.len())
        ));
        for row in of_group {
            let requirement = row.requirement;
            let (standing, coverage) = (words.standing(requirement), row.coverage(words));
            let cells = [
                &requirement.id,
                &*standing,
                words.text(requirement),
                words.why_of(requirement),
                &requirement.source,
                &*coverage,
            ];
            out.push_str(&format!("| {} |\n", cells.map(cell).join(" | ")));
        }
        out.push('\n');
    }
    out
}

/// Tags that look like requirements and are none: probably mistyped.
fn strangers(coverage: &Coverage, catalogue: &Catalogue, words: &Words) -> String {
    let unknown = coverage.ids().filter_map(|id| catalogue.by_id(id).err());
    unknown.map(|unknown| format!("{}: {unknown}\n", words.tag)).collect()
}

fn joined(parts: impl Iterator<Item = impl ToString>) -> String {
    parts.map(|part| part.to_string()).collect::<Vec<_>>().join(", ")
}

pub(super) fn catalogue(own: Option<&Path>) -> Result<Catalogue, Failure> {
    let bundled = Catalogue::bundled();
    let Some(file) = own else { return Ok(bundled) };
    bundled.with_own(&contents(file)?, &file.to_string_lossy()).map_err(Failure::usage)
}

/// A feature file, or those of a folder.
fn read(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    if !path.is_dir() {
        return Ok(vec![(path.display().to_string(), contents(path)?)]);
    }
    let unreadable = |error| Failure::usage(format!("cannot read {}: {error}", path.display()));
    let entries = fs::read_dir(path).map_err(unreadable)?.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|file| file.is_dir() || file.extension().is_some_and(|extension| extension == "feature"));
    files.sort();
    let mut features = Vec::new();
    for file in files {
        features.extend(read(&file)?);
    }
    Ok(features)
}

fn contents(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| Failure::usage(format!("cannot read {}: {error}", file.display())))
}

fn provider(name: &str) -> Result<ProviderName, String> {
    ProviderName::of(name).ok_or_else(|| format!("known are {}", joined(ProviderName::ALL.iter())))
}

const EXAMPLES: &str = "\
Examples:
  motpart requirements --profile core
  motpart requirements CFG-005 --lang sv
  motpart requirements features/ --provider zignsec-v2 --format markdown > coverage.md";

#[cfg(test)]
mod tests;
