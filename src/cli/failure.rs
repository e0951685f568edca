//! Why a command did not do what it was asked.

use std::fmt;

use motpart::exit;

/// A message for the person, and the exit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// Usage or configuration.
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self { code: exit::USAGE, message: message.to_string() }
    }

    /// A script that cannot be read.
    pub(crate) fn specification(message: impl fmt::Display) -> Self {
        Self { code: exit::SPECIFICATION, message: message.to_string() }
    }

    /// The target could not be started or driven.
    pub(crate) fn target(message: impl fmt::Display) -> Self {
        Self { code: exit::TARGET, message: message.to_string() }
    }

    /// Nothing ran.
    pub(crate) fn nothing(message: impl fmt::Display) -> Self {
        Self { code: exit::NOTHING, message: message.to_string() }
    }

    /// Motpart itself.
    pub(crate) fn harness(message: impl fmt::Display) -> Self {
        Self { code: exit::HARNESS, message: message.to_string() }
    }

    /// A signal ended the command.
    pub(crate) fn interrupted(code: u8) -> Self {
        Self { code, message: "interrupted: what was started is stopped, and there is no verdict".to_owned() }
    }

    pub(crate) const fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Failure {
    /// Diagnostics already begin with `error: `, as all of them shall.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = if self.message.starts_with("error: ") { "" } else { "error: " };
        write!(f, "{prefix}{}", self.message)
    }
}
