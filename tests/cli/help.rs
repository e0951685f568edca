//! Help and completions.

use super::printed;

const COMMANDS: &[&[&str]] = &[
    &[],
    &["ca"],
    &["completions"],
    &["health"],
    &["persons"],
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
        assert!(printed(&["completions", shell]).contains("control-listen"), "{shell}");
    }
}
