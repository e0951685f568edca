//! The example in another language: a service that knows nothing of Motpart, started and judged by its target file.

#![expect(clippy::unwrap_used, reason = "these functions are called by tests only, and a panic names the line")]

use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs the command with a free port for the example. None where there is no Python.
fn motpart(arguments: &[&str], wrong: bool) -> Option<Output> {
    let python = Command::new("python3").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !python.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no python3");
        return None;
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_motpart"));
    command.args(arguments).env("PORT", port.to_string()).env("WRONG", if wrong { "1" } else { "0" });
    Some(command.env_remove("MOTPART_CONTROL_TOKEN").output().unwrap())
}

/// Exit code, outcome, and what was said on standard error. None where there is no Python.
fn judged(wrong: bool, arguments: &[&str]) -> Option<(i32, Value, String)> {
    let check = ["check", "tests/python.feature", "--target", "examples/python/target.toml", "--format", "json"];
    let output = motpart(&[&check, arguments].concat(), wrong)?;
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

#[test]
fn the_doctor_starts_the_example_and_tries_two_people() {
    let Some(motpart) = motpart(&["target", "doctor", "examples/python/target.toml", "--listen", "127.0.0.1:0"], false)
    else {
        return;
    };
    let said = String::from_utf8_lossy(&motpart.stderr).into_owned();
    assert!(motpart.status.success(), "{said}");
    assert!(String::from_utf8_lossy(&motpart.stdout).contains("the target file drives the target"), "{said}");
}
