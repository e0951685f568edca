mod sample;

use quick_junit::{NonSuccessKind, Report, TestCaseStatus};

use self::sample::{failing, passing, requirements};
use super::*;
use crate::conformance::result::{CoreRow, Enforces, Verdict};

fn as_text(run: &Run, language: Option<Language>) -> String {
    text::write(run, &requirements, language, Colours::Never)
}

#[test]
fn a_failing_run_reads_well_in_english() {
    insta::assert_snapshot!(as_text(&failing(), Some(Language::En)));
}

#[test]
fn a_failing_run_reads_well_in_swedish() {
    insta::assert_snapshot!(as_text(&failing(), Some(Language::Sv)));
}

#[test]
fn a_passing_run_reads_well_in_english() {
    insta::assert_snapshot!(as_text(&passing(), Some(Language::En)));
}

#[test]
fn a_passing_run_reads_well_in_swedish() {
    // Its features are Swedish, so that nothing has to be said.
    insta::assert_snapshot!(as_text(&passing(), None));
}

#[test]
fn each_failure_speaks_the_language_of_its_feature() {
    let text = as_text(&failing(), None);
    assert!(text.starts_with("Enforces identity: no\n"), "{text}");
    assert!(text.contains("UNDERKÄNT  Fel person") && text.contains("MOTPART FAILED  Two tabs"), "{text}");
}

#[test]
fn a_run_in_which_something_was_not_tested_is_never_green() {
    let mut run = passing();
    let green = |run: &Run| text::write(run, &requirements, None, Colours::Ansi).starts_with("\x1b[1;32m");
    assert!(green(&run));
    run.headline.counts.error = 1;
    assert_eq!(enforces(&run), Enforces::NotShown);
    assert!(!green(&run));
    run.headline.counts.error = 0;
    run.headline.counts.harness_error = 1;
    assert!(!green(&run));
    run.headline.counts.harness_error = 0;
    run.headline.counts.fail = 1;
    assert!(!green(&run));
    run.headline.counts.fail = 0;
    run.headline.core.clear();
    assert!(!green(&run));
}

#[test]
fn the_json_is_the_run_and_always_the_same() {
    let written = json::write(&failing());
    assert_eq!(json::read(&written).expect("what was written"), failing());
    assert_eq!(json::write(&json::read(&written).expect("what was written")), written);
    insta::assert_snapshot!(json::write(&passing()));
}

#[test]
fn what_is_no_run_is_refused_with_what_to_do() {
    let refused = |text: &str| json::read(text).expect_err("a refusal").to_string();
    assert!(refused(r#"{"schema":"motpart.run/2"}"#).contains("found `motpart.run/2`; take the file"));
    assert!(refused("[]").contains("found `none`"));
    assert!(refused("{").contains("run the check again"));
    assert!(refused(r#"{"schema":"motpart.run/1"}"#).contains("missing field `motpart`"));
}

#[test]
fn the_schema_names_every_member() {
    let schema = json::schema();
    let run = serde_json::to_value(failing()).expect("a run");
    for member in run.as_object().expect("an object").keys() {
        assert!(schema.pointer(&format!("/properties/{member}/description")).is_some(), "{member}");
    }
}

#[test]
fn junit_reads_back_with_every_verdict_in_its_place() {
    let run = failing();
    let written = junit::write(&run, &requirements, None);
    insta::assert_snapshot!(written);
    let report = Report::deserialize_from_str(&written).expect("JUnit");
    let checks: usize = run.scenarios.iter().map(|scenario| scenario.checks.len()).sum();
    assert_eq!((report.tests, report.failures, report.errors), (checks, 2, 2));
    assert_eq!(report.test_suites.iter().map(|suite| suite.skipped).sum::<usize>(), 6);
    let cases: Vec<_> = report.test_suites.iter().flat_map(|suite| &suite.test_cases).collect();
    let mut names: Vec<_> =
        cases.iter().map(|case| (case.classname.as_ref().map(|name| name.as_str()), case.name.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), checks, "class and name tell the cases apart");
    for case in cases {
        let verdict =
            case.properties.iter().find(|property| property.name.as_str() == "verdict").map(|p| p.value.as_str());
        let kind = match &case.status {
            TestCaseStatus::Success { .. } => "success",
            TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, .. } => "failure",
            TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, .. } => "error",
            TestCaseStatus::Skipped { .. } => "skipped",
        };
        let expected = match verdict.expect("a verdict") {
            "pass" | "warn" => "success",
            "fail" => "failure",
            "error" | "harness-error" => "error",
            _ => "skipped",
        };
        assert_eq!(kind, expected, "{}", case.name.as_str());
        assert!(
            case.extra.keys().any(|key| key.as_str() == "file") && case.extra.keys().any(|key| key.as_str() == "line")
        );
    }
}

#[test]
fn no_report_repeats_a_number_that_somebody_forgot_to_mask() {
    let mut run = failing();
    let number = "198501012382";
    for scenario in &mut run.scenarios {
        scenario.name.push_str(number);
        scenario.journal.push(number.to_owned());
        scenario.checks.iter_mut().for_each(|check| check.because = Some(number.to_owned()));
        scenario.steps.iter_mut().for_each(|step| step.text.push_str(number));
        if let Some(failure) = &mut scenario.failure {
            failure.did.push(number.to_owned());
            failure.exchanges.push(number.to_owned());
            for text in [&mut failure.curl, &mut failure.control, &mut failure.remedy] {
                *text = Some(number.to_owned());
            }
            for text in [&mut failure.actual, &mut failure.expected, &mut failure.step] {
                text.push_str(number);
            }
        }
    }
    run.headline.core.push(CoreRow {
        requirement: "X".to_owned(),
        verdict: Verdict::Fail,
        because: Some(number.to_owned()),
    });
    for texts in [&mut run.headline.deviations, &mut run.cannot_show, &mut run.strays] {
        texts.push(number.to_owned());
    }
    run.declarations.iter_mut().for_each(|declaration| declaration.effect.push_str(number));
    let run = masked(run);
    for format in [Format::Json, Format::Junit, Format::Text] {
        assert!(!format.render(&run, &requirements, None).contains("850101"), "{format}");
    }
    assert_eq!(masked(failing()), failing(), "what is masked already stays as it is");
}

#[test]
fn colours_need_a_terminal_and_no_objection() {
    let no_color = |value: &'static str| Some(std::ffi::OsStr::new(value));
    assert_eq!(Colours::of(true, None), Colours::Ansi);
    assert_eq!(Colours::of(true, no_color("")), Colours::Ansi);
    assert_eq!(Colours::of(true, no_color("1")), Colours::Never);
    assert_eq!(Colours::of(false, None), Colours::Never);
}
