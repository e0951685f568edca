//! The proof that the judge sees, and that it does not cry wolf: each flaw of the reference service is noticed by a check of a requirement
//! that it says it breaks, and each legitimate design is green.

use std::fmt::Write as _;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

/// The output, and what was printed as JSON.
fn motpart(arguments: &[&str]) -> (Output, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_motpart"))
        .args(arguments)
        .args(["--format", "json"])
        .output()
        .expect("the command runs");
    let printed = serde_json::from_slice(&output.stdout);
    let printed = printed.unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    (output, printed)
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

#[test]
fn every_flaw_is_noticed() {
    let (output, killings) = motpart(&["flaws", "--kill-matrix"]);
    let killings = killings.as_array().expect("a list");
    let named = |wrong: &dyn Fn(&Value) -> bool| -> Vec<&str> {
        killings.iter().filter(|killing| wrong(killing)).filter_map(|killing| killing["flaw"].as_str()).collect()
    };
    let survivors = named(&|killing| list(killing, "caught").count() == 0);
    assert!(survivors.is_empty(), "nobody noticed {}", survivors.join(", "));
    let unhappy = named(&|killing| list(killing, "unhappy").count() > 0);
    assert!(unhappy.is_empty(), "the right person does not get through with {}", unhappy.join(", "));
    assert!(output.status.success(), "{output:?}");

    let mut matrix = String::new();
    for killing in killings {
        let mut noticed: Vec<&str> = list(killing, "caught").filter_map(|one| one["requirement"].as_str()).collect();
        noticed.dedup();
        // What only a race shows is not shown every time.
        if noticed.iter().any(|requirement| !requirement.starts_with("CON-")) {
            noticed.retain(|requirement| !requirement.starts_with("CON-"));
        } else {
            noticed.truncate(0);
        }
        writeln!(matrix, "{}: {}", killing["flaw"].as_str().unwrap_or_default(), noticed.join(" ")).expect("a string");
    }
    insta::assert_snapshot!("kill_matrix", matrix);
}

#[test]
fn no_legitimate_design_is_red() {
    // At every provider it takes minutes without optimisation: `motpart variants --matrix` does that.
    let (output, designs) = motpart(&["variants", "--matrix", "--core", "--provider", "zignsec-v2"]);
    let mut red = String::new();
    for design in designs.as_array().expect("a list") {
        for alarm in list(design, "alarms") {
            writeln!(red, "{}: {alarm:#}", design["variant"].as_str().unwrap_or_default()).expect("a string");
        }
        let passed = design["counts"]["pass"].as_u64().unwrap_or_default();
        assert!(passed > 50, "{}: only {passed} checks passed", design["variant"]);
    }
    assert!(red.is_empty(), "{red}");
    assert!(output.status.success(), "{output:?}");
}
