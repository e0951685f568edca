//! Failures that a team knows about: `known.toml`. They still run, and an entry that no longer tells the truth fails the run.
//!
//! ```toml
//! [[known]]
//! check = "XCK-003"
//! scenario = "cross-check/centenarian*"
//! reason = "the century is dropped"
//! issue = "https://issues.example/123"
//! expires = 2027-01-01
//! ```

use jiff::civil::Date;
use serde::Deserialize;

use super::result::{Check, Level, Part, Run, ScenarioResult, Verdict};
use crate::diagnostic::Diagnostic;

/// The failures that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    file: String,
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    line: usize,
    check: String,
    /// A scenario's id, in which `*` stands for any characters.
    scenario: String,
    reason: String,
    issue: Option<String>,
    /// The last day on which it counts.
    expires: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    known: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    check: toml::Spanned<String>,
    #[serde(default = "anywhere")]
    scenario: String,
    reason: String,
    issue: Option<String>,
    expires: toml::Spanned<toml::Value>,
}

impl Known {
    /// Reads a file of known failures. `file_name` is for the errors and the report.
    ///
    /// # Errors
    /// With the first mistake.
    pub fn parse(toml_text: &str, file_name: &str) -> Result<Self, Diagnostic> {
        let file: File =
            toml::from_str(toml_text).map_err(|error| Diagnostic::from_toml(file_name, toml_text, &error))?;
        let entries = file.known.into_iter().map(|written| {
            let expires = date(written.expires.get_ref()).ok_or_else(|| {
                let help = Some("a date is written 2027-01-01".to_owned());
                Diagnostic::new(file_name, toml_text, written.expires.span(), "this is no date", help)
            })?;
            Ok(Entry {
                line: toml_text[..written.check.span().start].matches('\n').count() + 1,
                check: written.check.into_inner(),
                scenario: written.scenario,
                reason: written.reason,
                issue: written.issue,
                expires,
            })
        });
        Ok(Self { file: file_name.to_owned(), entries: entries.collect::<Result<_, Diagnostic>>()? })
    }

    /// Turns the failures that are known into warnings, and adds a failure for each entry that is used up. To be called before the
    /// run is concluded.
    pub fn apply(&self, run: &mut Run) {
        // The day of the run, so that a run that is judged again comes out the same.
        let today: Option<Date> = run.started.get(..10).and_then(|day| day.parse().ok());
        for (at, entry) in self.entries.iter().enumerate() {
            let is_expired = today.is_some_and(|today| today > entry.expires);
            let mut seen = Vec::new();
            for scenario in run.scenarios.iter_mut().filter(|scenario| glob(&entry.scenario, &scenario.id)) {
                for check in scenario.checks.iter_mut().filter(|check| check.requirement == entry.check) {
                    seen.push(check.verdict);
                    if check.verdict == Verdict::Fail && !is_expired {
                        entry.excuse(check);
                    }
                }
                let fails = scenario.checks.iter().any(|check| check.verdict == Verdict::Fail);
                let is_excused = scenario.checks.iter().any(|check| check.verdict == Verdict::Warn) && !fails;
                if let Some(failure) = scenario.failure.as_mut().filter(|f| f.verdict == Verdict::Fail && is_excused) {
                    failure.verdict = Verdict::Warn;
                }
            }
            let stale = match (seen.contains(&Verdict::Fail), is_expired) {
                (_, true) => Some(format!("it expired on {}", entry.expires)),
                (true, false) => None,
                (false, false) if seen.iter().any(|verdict| matches!(verdict, Verdict::Pass | Verdict::Warn)) => {
                    Some("it does not fail any more".to_owned())
                }
                // What could not be driven says nothing, and what was left out on purpose neither.
                (false, false) if seen.contains(&Verdict::Error) || run.filter.is_some() => None,
                (false, false) => Some("no check of this run is meant by it".to_owned()),
            };
            if let Some(because) = stale {
                run.scenarios.push(self.stale(at, entry, &because));
            }
        }
    }

    /// Turns those failures among a scenario's checks into warnings that are known on this day.
    pub fn excuse(&self, scenario: &str, checks: &mut [Check], today: Date) {
        for entry in self.entries.iter().filter(|entry| today <= entry.expires && glob(&entry.scenario, scenario)) {
            let failed = |check: &&mut Check| check.requirement == entry.check && check.verdict == Verdict::Fail;
            checks.iter_mut().filter(failed).for_each(|check| entry.excuse(check));
        }
    }

    fn stale(&self, at: usize, entry: &Entry, because: &str) -> ScenarioResult {
        ScenarioResult {
            id: format!("known/{}", at + 1),
            feature: "Known failures".to_owned(),
            name: format!("{} in {}: {}", entry.check, entry.scenario, entry.reason),
            file: self.file.clone(),
            line: entry.line,
            row: None,
            provider: String::new(),
            language: "en".to_owned(),
            checks: vec![Check {
                requirement: entry.check.clone(),
                level: Level::Must,
                core: false,
                verdict: Verdict::Fail,
                part: None,
                because: Some(format!("{because}: remove the entry, or renew it")),
            }],
            steps: Vec::new(),
            failure: None,
            journal: Vec::new(),
            took_ms: 0,
        }
    }
}

impl Entry {
    fn excuse(&self, check: &mut Check) {
        check.verdict = Verdict::Warn;
        // Without a part it would not show in the headline that it is broken.
        check.part = check.part.or(Some(Part::Never));
        let issue = self.issue.as_ref().map_or_else(String::new, |issue| format!(", {issue}"));
        let was = check.because.as_ref().map_or_else(String::new, |because| format!(": {because}"));
        check.because = Some(format!("known until {}, {}{issue}{was}", self.expires, self.reason));
    }
}

fn date(value: &toml::Value) -> Option<Date> {
    match value {
        toml::Value::Datetime(date) if date.time.is_none() => date.to_string().parse().ok(),
        toml::Value::String(text) => text.parse().ok(),
        toml::Value::Datetime(_)
        | toml::Value::Array(_)
        | toml::Value::Boolean(_)
        | toml::Value::Float(_)
        | toml::Value::Integer(_)
        | toml::Value::Table(_) => None,
    }
}

fn anywhere() -> String {
    "*".to_owned()
}

/// Whether `text` matches a pattern in which `*` stands for any characters.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::judgement::exit_code;
    use crate::conformance::judgement::sample::{check, concluded, run};
    use crate::conformance::result::Enforces;

    const KNOWN: &str = "[[known]]\ncheck = \"XCK-003\"\nscenario = \"cross-check/*\"\nreason = \"the century is dropped\"\nexpires = 2027-01-01\n";

    fn applied(known: &str, mut run: Run) -> Run {
        Known::parse(known, "known.toml").unwrap().apply(&mut run);
        run
    }

    fn failing() -> Check {
        check("XCK-003", Verdict::Fail, Some(Part::Never))
    }

    #[test]
    fn a_known_failure_does_not_fail_the_run_and_still_is_one() {
        let run = concluded(applied(KNOWN, run(vec![failing()])));
        assert_eq!(run.scenarios.len(), 1);
        assert_eq!(run.scenarios[0].checks[0].verdict, Verdict::Warn);
        assert_eq!(exit_code(&run, false), 0);
        // It is known, and identity is not enforced.
        assert_eq!(run.headline.enforces, Enforces::No);
    }

    #[test]
    fn what_passes_unexpectedly_has_expired_or_is_unused_fails_the_run() {
        let because = |run: &Run| run.scenarios.last().unwrap().checks[0].because.clone().unwrap();
        let passes = applied(KNOWN, run(vec![check("XCK-003", Verdict::Pass, None)]));
        assert_eq!(because(&passes), "it does not fail any more: remove the entry, or renew it");
        let expired = applied(&KNOWN.replace("2027", "2020"), run(vec![failing()]));
        assert_eq!(because(&expired), "it expired on 2020-01-01: remove the entry, or renew it");
        assert_eq!(expired.scenarios[0].checks[0].verdict, Verdict::Fail);
        let unused = applied(&KNOWN.replace("cross-check/", "other/"), run(vec![failing()]));
        assert_eq!(because(&unused), "no check of this run is meant by it: remove the entry, or renew it");
        assert_eq!((unused.scenarios[1].file.as_str(), unused.scenarios[1].line), ("known.toml", 2));
        for run in [passes, expired, unused] {
            assert_eq!(exit_code(&run, false), 1);
        }
    }

    #[test]
    fn on_its_last_day_an_entry_counts() {
        let on = |day: &str| applied(&KNOWN.replace("2027-01-01", day), run(vec![failing()])).scenarios.len();
        assert_eq!((on("2026-01-02"), on("2026-01-01")), (1, 2));
    }

    #[test]
    fn what_could_not_be_driven_is_never_excused() {
        let run = applied(KNOWN, run(vec![check("XCK-003", Verdict::Error, None)]));
        assert_eq!((run.scenarios.len(), exit_code(&run, false)), (1, 4));
    }

    #[test]
    fn what_was_left_out_on_purpose_does_not_make_an_entry_unused() {
        let mut filtered = run(vec![check("CFG-005", Verdict::Pass, None)]);
        filtered.filter = Some("--tags CFG-005".to_owned());
        assert_eq!(applied(KNOWN, filtered).scenarios.len(), 1);
    }

    #[test]
    fn a_mistake_is_shown_in_its_place() {
        let read = |text: &str| Known::parse(text, "known.toml").unwrap_err().to_string();
        assert!(read(&KNOWN.replace("2027-01-01", "1")).contains("known.toml:5:11"));
        assert!(read(&KNOWN.replace("check", "chek")).contains("did you mean `check`?"));
    }

    #[test]
    fn a_star_stands_for_anything() {
        let cases = [
            ("*", "a/b", true),
            ("a/*", "a/b@v", true),
            ("a", "ab", false),
            ("*b*d", "abcd", true),
            ("a*a", "a", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(glob(pattern, text), expected, "{pattern} on {text}");
        }
    }
}
