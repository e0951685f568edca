//! What is told while scenarios end.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use motpart::conformance::Finished;
use motpart::conformance::result::Verdict;

/// Tells how far the run is: one line that changes on a terminal, a line each elsewhere.
#[derive(Debug)]
pub(super) struct Progress {
    all: usize,
    ended: AtomicUsize,
    terminal: bool,
}

impl Progress {
    pub(super) fn of(all: usize) -> Self {
        Self { all, ended: AtomicUsize::new(0), terminal: std::io::stderr().is_terminal() }
    }

    pub(super) fn ended(&self, one: &Finished, verdict: Verdict) {
        let ended = self.ended.fetch_add(1, Ordering::Relaxed) + 1;
        let line = format!("{ended}/{} {} {}", self.all, verdict.word(), one.item.id);
        let mut out = std::io::stderr().lock();
        // Whoever does not listen misses nothing: the summary follows.
        let _ = if self.terminal { write!(out, "\r\u{1b}[2K{line}") } else { writeln!(out, "{line}") };
        if self.terminal && (ended == self.all || verdict.stops_a_run()) {
            let _ = writeln!(out);
        }
    }
}
