//! The command line from outside: what it prints, and with which code it ends.

#![expect(clippy::unwrap_used, reason = "these functions are called by tests only, and a panic names the line")]

mod files;
mod help;
mod mistakes;
mod serve;

use std::path::PathBuf;

use assert_cmd::Command;

/// The command, away from the settings of whoever runs the tests.
fn motpart() -> Command {
    let mut command = Command::cargo_bin("motpart").unwrap();
    for variable in ["COLUMNS", "MOTPART_CONTROL_TOKEN", "MOTPART_LOG", "MOTPART_URL", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command
}

/// What it prints, of a run that goes well.
fn printed(arguments: &[&str]) -> String {
    let output = motpart().args(arguments).assert().success().get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

/// A fresh folder of this name with these files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("motpart-cli-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        std::fs::write(folder.join(file), text).unwrap();
    }
    folder
}
