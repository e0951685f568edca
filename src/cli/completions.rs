//! `motpart completions`

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use motpart::exit;

use super::{Cli, Failure, output};

/// Prints completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "motpart", &mut text);
        output::print(&String::from_utf8_lossy(&text))?;
        Ok(exit::OK)
    }
}

const EXAMPLES: &str = "\
Examples:
  motpart completions bash > ~/.local/share/bash-completion/completions/motpart
  motpart completions zsh > ~/.zfunc/_motpart
  motpart completions fish > ~/.config/fish/completions/motpart.fish";
