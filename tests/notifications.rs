//! The judge sends notifications in the provider's place: a correct service stands them all, and each way to believe too much is found.

use std::process::Command;

/// The scenarios that did not pass, by what became of them.
fn played(target: &str, folder: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_motpart"))
        .arg("check")
        .args(folder)
        .args(["--target", target, "--seed", "notifications"])
        .output()
        .expect("the command runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // `7/23 fail feature/scenario@provider`
    let lines = said.lines().filter_map(|line| {
        let (count, rest) = line.split_once(' ')?;
        count.split_once('/')?.0.parse::<u32>().ok()?;
        rest.split_once(' ')
    });
    let lines: Vec<(&str, &str)> = lines.collect();
    assert!(lines.len() > 20, "{target}: {said}");
    let passed = |word: &str| matches!(word, "pass" | "not-applicable");
    lines.iter().filter(|(word, _)| !passed(word)).map(|(word, name)| format!("{word} {name}")).collect()
}

const WEBHOOKS: &[&str] = &["features/enforcement/webhooks.feature"];

#[test]
fn a_correct_service_stands_every_notification() {
    assert_eq!(played("reference", WEBHOOKS), Vec::<String>::new());
}

#[test]
fn each_way_to_believe_too_much_is_found() {
    for (flaw, found) in [
        ("ignores-webhook-signature", "a-forged-notification-changes-nothing"),
        ("ignores-webhook-signature", "a-notification-that-was-changed-on-the-way-changes-nothing"),
        ("empty-key-opens-webhooks", "a-notification-seal-changes-nothing/3"),
        ("believes-webhook-over-fetch", "where-notification-and-provider-disagree-nobody-passes"),
        ("relaystate-decides", "a-genuine-notification-about-somebody-else-s-session-passes-only-that-person"),
    ] {
        let failed = played(&format!("reference:{flaw}"), WEBHOOKS);
        assert!(failed.iter().any(|line| line.starts_with("fail ") && line.contains(found)), "{flaw}: {failed:?}");
    }
}
