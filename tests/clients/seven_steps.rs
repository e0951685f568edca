//! The shell script of the seven steps, run as its first lines say.

use std::process::{Command, Stdio};

use crate::program::absent;

#[test]
fn the_seven_steps_lead_to_a_verified_document() {
    for tool in ["bash", "curl", "jq", "jose", "openssl", "xmlsec1"] {
        let found = Command::new("sh").args(["-c", &format!("command -v {tool}")]).stdout(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            absent(&format!("{tool} is not installed"));
            return;
        }
    }
    let output = Command::new(env!("CARGO_BIN_EXE_motpart"))
        .args(["serve", "--listen", "127.0.0.1:0", "--script", "pending-then-finished-by-polls"])
        .args(["--", "examples/signicat/seven-steps.sh"])
        .env("MOTPART", env!("CARGO_BIN_EXE_motpart"))
        .env("POLL_SECONDS", "0")
        .env_remove("MOTPART_CONTROL_TOKEN")
        .output()
        .unwrap();
    let (told, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}{said}");
    let last = told.lines().rfind(|line| line.starts_with("7. ")).unwrap_or_default();
    assert!(last.contains("I confirm my purchase"), "{told}{said}");
    assert_eq!(told.lines().filter(|line| *line == "6. redirected").count(), 2, "{told}");
}
