//! Commands that print: scripts, persons, settings, the CA.

use std::process::{Command, Stdio};

use serde_json::Value;

use super::{folder, motpart, printed};

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(arguments)).unwrap()
}

#[test]
fn scripts_are_listed_shown_and_described() {
    assert!(printed(&["scripts", "list"]).lines().any(|line| line.starts_with("mismatch  ")));
    let listed = json(&["scripts", "list", "--format", "json"]);
    assert!(listed.as_array().unwrap().iter().any(|script| script["name"] == "mismatch"));
    assert!(printed(&["scripts", "show", "mismatch"]).contains("[[step]]"));
    let shown = json(&["scripts", "show", "mismatch", "--format", "json"]);
    assert!(shown["text"].as_str().unwrap().contains("[[step]]"));
    assert_eq!(json(&["scripts", "schema"])["type"], "object");
}

#[test]
fn a_storyboard_is_played_at_the_provider() {
    let text = printed(&["scripts", "explain", "mismatch"]);
    for words in ["after 2s, somebody else has authenticated", "POST /v2/eid/sbid-another", "x-zignsec-hmac", "BENGT"] {
        assert!(text.contains(words), "`{words}` is not in\n{text}");
    }
    let boards = json(&["scripts", "explain", "mismatch", "--provider", "zignsec-v2", "--format", "json"]);
    let scenes = boards["storyboards"][0]["scenes"].as_array().unwrap();
    assert_eq!(scenes.last().unwrap()["at_ms"], 2_000, "{boards}");
}

#[test]
fn every_mistake_of_every_script_is_reported() {
    let files = folder("check", &[("a.toml", "setp = 1"), ("b.toml", "[[step]]"), ("c.toml", "title = 'C'")]);
    let path = files.to_string_lossy().into_owned();
    let output = motpart().args(["scripts", "check", &path, "--format", "json"]).assert().code(3).get_output().clone();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["errors"].as_array().unwrap().len(), 2, "{report}");
    assert_eq!((&report["errors"][0]["line"], &report["ok"]), (&Value::from(1), &Value::from(false)));
    let fine = files.join("c.toml").to_string_lossy().into_owned();
    assert_eq!(printed(&["scripts", "check", &fine]), "1 script is fine\n");
    std::fs::remove_dir_all(files).unwrap();
}

#[test]
fn a_run_is_rendered_again_in_another_form_and_language() {
    let files = folder("report", &[("run.json", include_str!("run.json")), ("other.json", "{}")]);
    let path = files.join("run.json").to_string_lossy().into_owned();
    let render = |more: &[&str]| printed(&[&["report", "render", &path], more].concat());
    assert!(render(&["--lang", "en"]).starts_with("Enforces identity: yes\nacme-sign"));
    assert!(render(&[]).starts_with("Säkerställer identiteten: ja\nacme-sign"), "the language of its features");
    assert!(render(&["--to", "junit"]).contains("<testsuite name=\"features/ratt-person.feature\""));
    let other = files.join("other.json").to_string_lossy().into_owned();
    let refused = motpart().args(["report", "render", &other]).assert().code(2).get_output().stderr.clone();
    assert!(String::from_utf8(refused).unwrap().contains("expected the member `schema` to be `motpart.run/1`"));
    assert_eq!(json(&["report", "schema"])["title"], "Run");
    std::fs::remove_dir_all(files).unwrap();
}

#[test]
fn people_come_in_every_form() {
    assert!(printed(&["persons"]).starts_with("NAME"));
    assert!(printed(&["persons", "--format", "csv"]).starts_with("name,given,"));
    assert!(printed(&["persons", "--format", "sql"]).starts_with("INSERT INTO persons"));
    let swedes = json(&["persons", "--format", "json", "--country", "SE"]);
    assert!(swedes.as_array().unwrap().iter().all(|person| person["country"] == "SE"));
    let fresh = ["persons", "--format", "json", "--fresh", "3", "--country", "NO", "--seed", "7"];
    let some = json(&fresh);
    assert_eq!(some.as_array().unwrap().len(), 3);
    assert_eq!(some, json(&fresh), "the same seed, the same people");
    assert_ne!(some, json(&["persons", "--format", "json", "--fresh", "3", "--country", "NO", "--seed", "8"]));
}

#[test]
fn the_ca_is_printed_and_written() {
    let files = folder("ca", &[]);
    let file = files.join("ca.pem");
    printed(&["ca", "--out", &file.to_string_lossy()]);
    let pem = printed(&["ca"]);
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), pem);
    std::fs::remove_dir_all(files).unwrap();
}

#[test]
fn settings_are_described_and_checked() {
    assert_eq!(json(&["settings", "schema"])["title"], "Motpart settings");
    let files = folder("settings", &[("s.toml", "[[space]]\nname = 'a'\nscript = 'mismatch'\n")]);
    assert!(printed(&["settings", "check", &files.join("s.toml").to_string_lossy()]).ends_with("s.toml is fine\n"));
    std::fs::remove_dir_all(files).unwrap();
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_motpart"))
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}
