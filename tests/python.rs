//! The example in another language: a service that knows nothing of Motpart, started and judged by its target file.

#![expect(clippy::unwrap_used, reason = "these functions are called by tests only, and a panic names the line")]

use std::net::TcpListener;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Exit code, outcome, and what was said on standard error. None where there is no Python.
fn judged(wrong: bool, arguments: &[&str]) -> Option<(i32, Value, String)> {
    let python = Command::new("python3").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !python.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no python3");
        return None;
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let output = Command::new(env!("CARGO_BIN_EXE_motpart"))
        .args(["check", "tests/python.feature", "--target", "examples/python/target.toml", "--format", "json"])
        .args(arguments)
        .env("PORT", port.to_string())
        .env("WRONG", if wrong { "1" } else { "0" })
        .env_remove("MOTPART_CONTROL_TOKEN")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let run = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}"));
    Some((output.status.code().unwrap(), run, said))
}

#[test]
fn the_python_example_lets_only_the_right_person_sign() {
    let Some((code, run, said)) = judged(false, &[]) else { return };
    assert_eq!(code, 0, "{said}\n{run:#}");
    assert_eq!(run["headline"]["counts"]["fail"], 0);
    assert!(run["headline"]["counts"]["pass"] == 5, "{run:#}");
    let norwegian =
        run["scenarios"].as_array().unwrap().iter().find(|one| one["name"] == "Norwegians are no customers");
    assert_eq!(norwegian.unwrap()["checks"][0]["verdict"], "not-applicable");
}

#[test]
fn a_forgotten_comparison_is_found_and_said_in_plain_words() {
    let Some((code, run, said)) = judged(true, &["--name", "Somebody else"]) else { return };
    assert_eq!(code, 1, "{said}\n{run:#}");
    assert_eq!(run["headline"]["enforces"], "no");
    let failure = &run["scenarios"][0]["failure"];
    assert_eq!(failure["actual"], "the identity check of Anna is passed");
    assert_eq!(failure["expected"], "it should be failed");
}
