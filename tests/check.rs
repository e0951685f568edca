//! `motpart check` and `motpart steps`: what they refuse before anything is played, and what a recommendation weighs.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;

const GOOD: &str = "\
Feature: Right
  Scenario: Draft
    Given these test people
      | person |
      | Anna   |
    And an agreement in draft
    And Anna is a signer bound to her own number
    Then the identity check of Anna is on
";

fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("check-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a temporary folder");
    for (file, text) in files {
        fs::write(folder.join(file), text).expect("a temporary file");
    }
    folder
}

/// The exit code, and what was said on both channels.
fn check(arguments: &[&str], folder: &PathBuf) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_motpart"))
        .arg("check")
        .arg(folder)
        .args(arguments)
        .output()
        .expect("the command runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code().expect("it ends by itself"), said)
}

#[test]
fn an_empty_folder_is_no_success() {
    let (code, said) = check(&["--dry-run"], &folder("empty", &[]));
    assert_eq!(code, 5, "{said}");
}

#[test]
fn a_filter_that_leaves_nothing_is_no_success() {
    let (code, said) = check(&["--dry-run", "--tags", "@nobody"], &folder("filtered", &[("a.feature", GOOD)]));
    assert_eq!(code, 5, "{said}");
}

#[test]
fn one_broken_file_stops_the_good_ones() {
    let broken = "Feature: Wrong\n  Scenario: Draft\n    Given an agreement in draft\n    Tehn it is refused\n";
    let files = [
        ("a.feature", GOOD),
        ("b.feature", broken),
        ("c.feature", "Feature: Unknown\n  Scenario: x\n    Then it rains\n"),
    ];
    let (code, said) = check(&[], &folder("broken", &files));
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("b.feature:4:5") && said.contains("did you mean `Then`?"), "{said}");
    assert!(said.contains("c.feature:3:10") && said.contains("the nearest steps are"), "{said}");
}

#[test]
fn a_plan_names_every_scenario() {
    let (code, said) = check(&["--list"], &folder("list", &[("a.feature", GOOD)]));
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("right/draft@zignsec_v2") && said.contains("1 scenarios"), "{said}");
}

#[test]
fn a_recommendation_decides_no_headline() {
    let feature = |tags: &str| {
        format!(
            "Feature: Wrong person\n  {tags}\n  Scenario: Bengt\n    Given these test people\n      | person |\n      | Anna   |\n      \
             | Bengt  |\n    And an agreement in draft\n    And Anna is a signer bound to her own number\n    And the agreement is sent \
             for signing\n    When Bengt opens Anna's sign link and identifies as Bengt\n    Then the identity check of Anna is not \
             passed\n"
        )
    };
    for (tags, code, headline) in
        [("@XCK-002", 1, "Enforces identity: no"), ("@XCK-002 @should", 0, "Enforces identity: not shown")]
    {
        let files = [("a.feature", &*feature(tags))];
        let arguments = ["--target", "reference:never-compares", "--provider", "zignsec-v2"];
        let (ended, said) = check(&arguments, &folder(&format!("weight-{code}"), &files));
        assert_eq!(ended, code, "{said}");
        assert!(said.contains(headline), "{said}");
    }
}

#[test]
fn steps_are_listed_in_both_languages() {
    for (language, step) in [("en", "an agreement in draft"), ("sv", "(att )ett avtal i utkast")] {
        let output = Command::new(env!("CARGO_BIN_EXE_motpart"))
            .args(["steps", "--lang", language, "--format", "json"])
            .output()
            .unwrap();
        assert!(String::from_utf8_lossy(&output.stdout).contains(step), "{language}");
    }
}
