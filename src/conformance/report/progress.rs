//! Lines while a run goes on: one that is written over and over on a terminal, one for each scenario elsewhere.

use std::fmt;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use super::super::result::{ScenarioResult, Verdict};
use super::layout::Colours;
use super::texts::{Words, provider};
use super::{Language, paragraph};

/// Is told what is going on. Scenarios may overlap.
pub trait Progress: Send + Sync + fmt::Debug {
    /// A scenario begins on a provider.
    fn scenario_started(&self, name: &str, provider: &str);
    /// It has ended.
    fn scenario_ended(&self, scenario: &ScenarioResult);
    /// The last one has: what is written next begins a line of its own.
    fn finished(&self);
}

/// The worst verdict of a scenario, its failure's included.
#[must_use]
pub fn worst(scenario: &ScenarioResult) -> Verdict {
    let failure = scenario.failure.iter().map(|failure| failure.verdict);
    scenario.checks.iter().map(|check| check.verdict).chain(failure).max().unwrap_or(Verdict::NotTested)
}

/// For CI: a line for each scenario that has ended.
pub struct Plain<W> {
    total: usize,
    words: &'static Words,
    state: Mutex<(usize, W)>,
}

impl<W: Write + Send> Plain<W> {
    /// Of `total` scenarios.
    pub fn new(total: usize, language: Language, to: W) -> Self {
        Self { total, words: Words::of(language), state: Mutex::new((0, to)) }
    }
}

impl<W: Write + Send> Progress for Plain<W> {
    fn scenario_started(&self, _name: &str, _provider: &str) {}

    fn scenario_ended(&self, scenario: &ScenarioResult) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 += 1;
        let line = format!("{}/{} {}\n", state.0, self.total, ended(scenario, self.words, Colours::Never));
        say(&mut state.1, &line);
    }

    fn finished(&self) {}
}

/// For a terminal: the last line says what is being played; what did not pass stays above it.
pub struct Rewriting<W> {
    total: usize,
    words: &'static Words,
    colours: Colours,
    /// How many columns the terminal has.
    columns: usize,
    state: Mutex<Seen<W>>,
}

struct Seen<W> {
    ended: usize,
    failed: usize,
    playing: String,
    to: W,
}

impl<W: Write + Send> Rewriting<W> {
    /// Of `total` scenarios, on a terminal of so many columns.
    pub fn new(total: usize, language: Language, colours: Colours, columns: usize, to: W) -> Self {
        let state = Mutex::new(Seen { ended: 0, failed: 0, playing: String::new(), to });
        Self { total, words: Words::of(language), colours, columns, state }
    }

    /// Puts `above`, which may be empty, over the line that is written anew.
    fn draw(&self, seen: &mut Seen<W>, above: &str) {
        let failed =
            if seen.failed > 0 { format!(", {} {}", seen.failed, self.words.verdicts.fail) } else { String::new() };
        let line = format!("{}/{}{failed}  {}", seen.ended, self.total, seen.playing);
        // A line that is broken by the terminal could not be written over.
        let line: String = line.chars().take(self.columns.saturating_sub(1)).collect();
        say(&mut seen.to, &format!("\r\x1b[K{above}{line}"));
    }
}

impl<W: Write + Send> Progress for Rewriting<W> {
    fn scenario_started(&self, name: &str, provider: &str) {
        let mut seen = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        seen.playing = format!("{} ({})", crate::identity::mask(name), self::provider(provider));
        self.draw(&mut seen, "");
    }

    fn scenario_ended(&self, scenario: &ScenarioResult) {
        let mut seen = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        seen.ended += 1;
        let verdict = worst(scenario);
        seen.failed += usize::from(verdict == Verdict::Fail);
        let above = match verdict {
            Verdict::Manual | Verdict::NotApplicable | Verdict::NotObservable | Verdict::NotTested | Verdict::Pass => {
                String::new()
            }
            Verdict::Deviation | Verdict::Error | Verdict::Fail | Verdict::HarnessError | Verdict::Warn => {
                ended(scenario, self.words, self.colours) + "\n"
            }
        };
        self.draw(&mut seen, &above);
    }

    fn finished(&self) {
        let mut seen = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        say(&mut seen.to, "\r\x1b[K");
    }
}

/// `failed  Somebody else authenticates (ZignSec v2)  1.2 s`
fn ended(scenario: &ScenarioResult, words: &Words, colours: Colours) -> String {
    let verdict = worst(scenario);
    let word = colours.paint(paragraph::tone(verdict), words.verdict(verdict));
    let name = crate::identity::mask(&scenario.name);
    let (seconds, tenths) = (scenario.took_ms / 1000, scenario.took_ms % 1000 / 100);
    format!("{word}  {name} ({})  {seconds}.{tenths} s", provider(&scenario.provider))
}

/// Where it cannot be written, there is nobody to tell.
fn say(to: &mut impl Write, text: &str) {
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}

impl<W> fmt::Debug for Plain<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plain").field("total", &self.total).finish_non_exhaustive()
    }
}

impl<W> fmt::Debug for Rewriting<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rewriting").field("total", &self.total).finish_non_exhaustive()
    }
}
