//! JUnit XML: a suite for each feature file, a test case for each check.
//!
//! JUnit has fewer words than there are verdicts. *Failed* is a failure; *could not be tested* and Motpart's own errors are errors; a warning
//! is a success that says so in its output; everything else was skipped, with the verdict as the type. The exact verdict is a property.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::super::result::{Check, Enforces, Run, ScenarioResult, Verdict};
use super::finding::Finding;
use super::headline;
use super::paragraph::Paragraph;
use super::texts::{Words, provider};
use super::{Language, Requirements};

/// The run as JUnit XML, paragraphs in `language` or in that of their features.
#[must_use]
pub fn write(run: &Run, requirements: &Requirements<'_>, language: Option<Language>) -> String {
    let mut report = Report::new("motpart");
    report.timestamp = run.started.parse().ok();
    report.set_time(Duration::from_millis(run.took_ms));
    let mut files: Vec<&str> = run.scenarios.iter().map(|scenario| scenario.file.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        let scenarios = run.scenarios.iter().filter(|scenario| scenario.file == file);
        report.add_test_suite(suite(run, file, scenarios, requirements, language));
    }
    report.to_string().expect("a report in memory has UTF-8 and no input or output")
}

fn suite<'a>(
    run: &Run,
    file: &str,
    scenarios: impl Iterator<Item = &'a ScenarioResult> + Clone,
    requirements: &Requirements<'_>,
    language: Option<Language>,
) -> TestSuite {
    let mut suite = TestSuite::new(file);
    suite.set_time(Duration::from_millis(scenarios.clone().map(|scenario| scenario.took_ms).sum()));
    suite.extra.insert(XmlString::new("file"), XmlString::new(file));
    let answer = match headline::enforces(run) {
        Enforces::No => "no",
        Enforces::NotShown => "not-shown",
        Enforces::Yes => "yes",
    };
    let version = run.target.version.as_deref().unwrap_or_default();
    suite.add_properties([
        ("motpart.enforces", answer),
        ("motpart.seed", &run.seed),
        ("motpart.version", &run.motpart),
        ("motpart.target", &run.target.name),
        ("motpart.target-version", version),
    ]);
    for scenario in scenarios {
        for (index, check) in scenario.checks.iter().enumerate() {
            // The time of a scenario is that of its first check, so that it counts once.
            let took = if index == 0 { scenario.took_ms } else { 0 };
            suite.add_test_case(case(scenario, check, Duration::from_millis(took), requirements, language));
        }
    }
    suite
}

fn case(
    scenario: &ScenarioResult,
    check: &Check,
    took: Duration,
    requirements: &Requirements<'_>,
    language: Option<Language>,
) -> TestCase {
    let words = Words::of(language.unwrap_or_else(|| Language::of(&scenario.language).unwrap_or_default()));
    let paragraph = Finding::behind(scenario, check).map(|finding| Paragraph::new(finding, requirements, language));
    let gist = || {
        let because = check.because.clone().or_else(|| paragraph.as_ref().map(Paragraph::gist));
        because.unwrap_or_else(|| words.verdict(check.verdict).to_owned())
    };
    let mut status = match check.verdict {
        Verdict::Pass | Verdict::Warn => TestCaseStatus::success(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Error | Verdict::HarnessError => TestCaseStatus::non_success(NonSuccessKind::Error),
        Verdict::Deviation | Verdict::Manual | Verdict::NotApplicable | Verdict::NotObservable | Verdict::NotTested => {
            TestCaseStatus::skipped()
        }
    };
    status.set_type(check.verdict.word());
    status.set_message(format!("{}: {}", words.verdict(check.verdict), gist()));
    if let Some(paragraph) = &paragraph {
        let head = format!("{}  {}\n{}\n\n", paragraph.verdict().to_uppercase(), paragraph.title(), paragraph.place());
        status.set_description(head + &paragraph.body(0));
    }
    let row = scenario.row.map_or_else(String::new, |row| format!(" (row {row})"));
    let name = format!("{}: {}{row} [{}]", check.requirement, scenario.name, provider(&scenario.provider));
    let mut case = TestCase::new(name, status);
    case.set_classname(class(scenario));
    case.set_time(took);
    case.extra.insert(XmlString::new("file"), XmlString::new(&scenario.file));
    let line = scenario.row.unwrap_or(scenario.line).to_string();
    case.extra.insert(XmlString::new("line"), XmlString::new(line));
    case.add_properties([
        Property::new("requirement", &check.requirement),
        Property::new("verdict", check.verdict.word()),
        Property::new("provider", &scenario.provider),
        Property::new("scenario", &scenario.id),
    ]);
    match (&paragraph, check.verdict) {
        // A success has no message of its own.
        (Some(paragraph), Verdict::Warn) => {
            case.set_system_out(format!("{}: {}\n\n{}", words.verdict(check.verdict), gist(), paragraph.body(0)));
        }
        (Some(paragraph), _) => {
            case.system_out = Some(paragraph.technical(0)).filter(|text| !text.is_empty()).map(XmlString::from);
        }
        (None, _) => {}
    }
    case
}

/// The feature's slug, which is the first part of the scenario's id.
fn class(scenario: &ScenarioResult) -> &str {
    scenario.id.split('/').next().unwrap_or(&scenario.id)
}
