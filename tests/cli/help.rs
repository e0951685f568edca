//! Help and completions.

use super::printed;

const COMMANDS: &[&[&str]] = &[
    &[],
    &["ca"],
    &["check"],
    &["completions"],
    &["flaws"],
    &["health"],
    &["persons"],
    &["reference"],
    &["report"],
    &["report", "render"],
    &["report", "schema"],
    &["requirements"],
    &["scripts"],
    &["scripts", "check"],
    &["scripts", "explain"],
    &["scripts", "list"],
    &["scripts", "schema"],
    &["scripts", "show"],
    &["serve"],
    &["settings"],
    &["settings", "check"],
    &["settings", "schema"],
    &["steps"],
    &["target"],
    &["target", "check"],
    &["target", "doctor"],
    &["target", "schema"],
    &["target", "show"],
    &["variants"],
];

#[test]
fn help_is_what_it_was() {
    for command in COMMANDS {
        let name = if command.is_empty() { "motpart".to_owned() } else { command.join("-") };
        let help = printed(&[command, &["--help"][..]].concat());
        // Options that every command has are shown once, with `motpart --help`.
        insta::assert_snapshot!(name, help);
    }
}

#[test]
fn completions_are_there_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        assert!(script.contains("control-listen") && script.contains("give-up-after"), "{shell}");
    }
}
