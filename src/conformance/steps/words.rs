//! The list of steps, for people and programs.

use serde::Serialize;

use super::super::Language;
use super::super::reports;
use super::{Definition, definitions};

/// A step as it is listed.
#[derive(Debug, Serialize)]
pub struct Listed {
    /// Its stable name.
    pub id: &'static str,
    /// How it is said.
    pub expressions: &'static [&'static str],
    /// What it does.
    pub doc: &'static str,
}

/// Everything that can be said in a language.
#[derive(Debug, Serialize)]
pub struct Words {
    /// The language, `en` or `sv`.
    pub language: &'static str,
    /// The steps.
    pub steps: Vec<Listed>,
    /// What may stand for `{report}`.
    pub reports: Vec<&'static str>,
}

impl Words {
    /// Those of a language.
    #[must_use]
    pub fn of(language: Language) -> Self {
        let listed = |definition: &'static Definition| Listed {
            id: definition.id,
            expressions: match language {
                Language::En => definition.en,
                Language::Sv => definition.sv,
            },
            doc: language.pick(definition.doc_en, definition.doc_sv),
        };
        Self {
            language: language.code(),
            steps: definitions().map(listed).collect(),
            reports: reports::all().map(|report| language.pick(report.en, report.sv)).collect(),
        }
    }

    /// For a terminal: the expressions, what each does below it.
    #[must_use]
    pub fn text(&self) -> String {
        let steps = self.steps.iter().map(|step| format!("{}\n    {}\n", step.expressions.join("\n"), step.doc));
        let reports = self.reports.iter().map(|report| format!("  {report}\n"));
        steps.chain(["\n{report}\n".to_owned()]).chain(reports).collect()
    }

    /// A table for documentation.
    #[must_use]
    pub fn markdown(&self) -> String {
        let cell = |expressions: &[&str]| {
            expressions.iter().map(|e| format!("`{}`", e.replace('|', "\\|"))).collect::<Vec<_>>().join("<br>")
        };
        let rows = self.steps.iter().map(|step| format!("| {} | {} |\n", cell(step.expressions), step.doc));
        let reports = self.reports.iter().map(|report| format!("- {report}\n"));
        ["| | |\n|---|---|\n".to_owned()]
            .into_iter()
            .chain(rows)
            .chain(["\n`{report}`:\n\n".to_owned()])
            .chain(reports)
            .collect()
    }
}
