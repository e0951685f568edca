//! What the service says about itself: a bounded log in memory, without numbers and without anything that a provider sent.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::identity::mask;

/// The last lines.
#[derive(Debug, Default)]
pub(super) struct Log {
    lines: Mutex<VecDeque<String>>,
}

impl Log {
    /// Notes a line, masked: free text may hold anything.
    pub(super) fn note(&self, line: &str) {
        self.push(&mask(line));
    }

    /// Notes a line as it is. Only a flaw does.
    pub(super) fn note_as_is(&self, line: &str) {
        self.push(line);
    }

    /// Everything, oldest first.
    pub(super) fn text(&self) -> String {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    fn push(&self, line: &str) {
        tracing::debug!("{line}");
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == MOST {
            lines.pop_front();
        }
        lines.push_back(format!("{} {line}", Timestamp::now()));
    }
}

const MOST: usize = 20_000;
