//! A scenario that was played, and what it means.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;

use super::controls::{Control, Controls};
use super::judgement::{Ended, Judge, Observed, Played};
use super::known::Known;
use super::outward::Unlogged;
use super::plan::Item;
use super::requirements::ProviderName;
use super::result::{Check, Failure, Level, Part, ScenarioResult, StepResult, Verdict};
use super::stop::Stop;
use super::world::World;
use crate::identity::{Country, mask};
use crate::target::Exchange;

/// What became of a scenario, before its refusals are believed.
#[derive(Clone, Debug)]
pub struct Finished {
    /// What was played.
    pub item: Arc<Item>,
    /// Its steps.
    pub steps: Vec<StepResult>,
    /// Where and why it went no further.
    pub stop: Option<(usize, Stop)>,
    /// The controls of the refusals that it believed.
    pub needs: Vec<Control>,
    /// What is only worth a warning.
    pub warnings: Vec<String>,
    /// What the simulator saw of its sessions, masked.
    pub journal: Vec<String>,
    /// The exchanges with the target, a masked line each.
    pub exchanges: Vec<String>,
    /// The command that repeats the last request to the target.
    pub curl: Option<String>,
    /// What must not be in the log, once the run is over.
    pub unlogged: Vec<Unlogged>,
    /// What was seen that a declaration may contradict.
    pub observed: Vec<Observed>,
    /// Whose people took part where it names no country.
    pub usual: Country,
    /// How long it took.
    pub took: Duration,
}

impl Finished {
    /// From the world that it leaves. The journal is read only when something went wrong: it is for people.
    pub(super) async fn of(
        mut world: World,
        steps: Vec<StepResult>,
        stop: Option<(usize, Stop)>,
        took: Duration,
    ) -> Self {
        world.drop_habits().await;
        let mut journal = Vec::new();
        for session in world.attempts.iter().filter_map(|attempt| attempt.session.as_ref()) {
            // What a fault still holds would hold the target's connection as well.
            let _ = world.shared.simulator.release(session).await;
            if stop.is_some() {
                let entries = world.shared.simulator.journal(session).await.unwrap_or_default();
                journal
                    .extend(entries.iter().map(|entry| mask(entry["text"].as_str().unwrap_or_default()).into_owned()));
            }
        }
        let observed = world.observed().await;
        let target = world.shared.target.clone();
        let (mut exchanges, mut repeat) = (Vec::new(), None);
        // Only what did not hold, or may still turn out not to be believed, is told in calls.
        if stop.is_some() || !world.needs.is_empty() {
            let all = world.wire.exchanges();
            let last = all.iter().rev().find(|exchange| exchange.operation != "browser");
            repeat = last.map(|exchange| target.masked(&curl(exchange)));
            let lines: Vec<String> = all.iter().map(line).collect();
            // Masked as one text: that costs once what it would cost for each.
            exchanges = target.masked(&lines.join("\n")).lines().map(str::to_owned).collect();
        }
        let stop = stop.map(|(at, stop)| (at, stop.shown(|text| target.masked(text))));
        Self {
            usual: world.shared.setting.usual_country(&world.item.provider),
            unlogged: world.outward.unlogged,
            observed,
            item: world.item,
            steps,
            stop,
            needs: world.needs,
            warnings: world.warnings,
            journal,
            curl: repeat,
            exchanges,
            took,
        }
    }

    /// One that the target's declarations take out, or that only a person can judge.
    pub(super) fn left_out(item: Arc<Item>) -> Self {
        let stop = item.left_out.clone().unwrap_or_else(|| Stop::Manual("a person has to look".to_owned()));
        Self::unplayed(item, stop)
    }

    /// One that the runner never brought to an end.
    pub(super) fn lost(item: Arc<Item>, why: &str) -> Self {
        Self::unplayed(item, Stop::Harness(why.to_owned()))
    }

    fn unplayed(item: Arc<Item>, stop: Stop) -> Self {
        Self {
            item,
            steps: Vec::new(),
            stop: Some((0, stop)),
            needs: Vec::new(),
            warnings: Vec::new(),
            journal: Vec::new(),
            exchanges: Vec::new(),
            curl: None,
            unlogged: Vec::new(),
            observed: Vec::new(),
            usual: Country::Se,
            took: Duration::ZERO,
        }
    }

    /// What reports are sorted by.
    #[must_use]
    pub fn key(&self) -> (String, usize, Option<usize>, String) {
        (self.item.file.clone(), self.item.line, self.item.row, self.item.provider.clone())
    }

    /// The verdict by what the target declares and what is known to fail on this day, before its refusals are believed.
    #[must_use]
    pub fn judged(&self, judge: &Judge<'_>, known: Option<(&Known, Date)>) -> Verdict {
        let (raw, mut checks) = (self.verdict(), self.checks(judge));
        // Whether its refusals may be believed is known when the run is over.
        let is_asked = |check: &Check| !matches!(check.verdict, Verdict::NotApplicable | Verdict::NotObservable);
        if raw == Verdict::Pass && checks.iter().any(is_asked) {
            return raw;
        }
        if let Some((known, today)) = known {
            known.excuse(&self.item.id, &mut checks, today);
        }
        checks.iter().map(|check| check.verdict).max().unwrap_or(raw)
    }

    /// The verdict, before levels, deviations and controls.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match &self.stop {
            None | Some((_, Stop::Well(_))) => Verdict::Pass,
            Some((_, Stop::Equals { .. } | Stop::Never { .. })) => Verdict::Fail,
            Some((_, Stop::Error { .. })) => Verdict::Error,
            Some((_, Stop::Harness(_))) => Verdict::HarnessError,
            Some((_, Stop::Manual(_))) => Verdict::Manual,
            Some((_, Stop::NotApplicable(_))) => Verdict::NotApplicable,
            Some((_, Stop::NotObservable(_))) => Verdict::NotObservable,
        }
    }

    /// Which part of the requirement spoke.
    #[must_use]
    pub fn part(&self) -> Option<Part> {
        match &self.stop {
            Some((_, Stop::Equals { .. })) => Some(Part::Equals),
            Some((_, Stop::Never { .. })) => Some(Part::Never),
            Some((
                _,
                Stop::Error { .. }
                | Stop::Harness(_)
                | Stop::Manual(_)
                | Stop::NotApplicable(_)
                | Stop::NotObservable(_)
                | Stop::Well(_),
            ))
            | None => None,
        }
    }

    /// Believes its refusals only where their controls succeeded; to be called when the run is over.
    pub fn resolve(&mut self, controls: &Controls) {
        if self.verdict() == Verdict::Pass
            && let Some(missing) = self.needs.iter().find(|need| controls.shown(need).is_none())
        {
            self.stop = Some((self.steps.len().saturating_sub(1), Stop::without_control(missing)));
        }
    }

    /// In the form that reports are made from.
    #[must_use]
    pub fn result(&self, controls: &Controls, judge: &Judge<'_>) -> ScenarioResult {
        let item = &self.item;
        let checks = self.checks(judge);
        ScenarioResult {
            id: item.id.clone(),
            feature: item.feature.clone(),
            name: mask(&item.name).into_owned(),
            file: item.file.clone(),
            line: item.line,
            row: item.row,
            provider: item.provider.clone(),
            language: item.language.code().to_owned(),
            failure: self.failure(controls).and_then(|failure| as_judged(failure, &checks)),
            checks,
            steps: self.steps.clone(),
            journal: self.journal.clone(),
            took_ms: u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// For the judge.
    fn played(&self) -> Played {
        let because = || self.because().unwrap_or_default();
        let outcome = match &self.stop {
            None | Some((_, Stop::Well(_))) => Ended::Held,
            Some((_, Stop::Equals { .. } | Stop::Never { .. })) => Ended::Broken {
                part: self.part().unwrap_or(Part::Equals),
                inferred: self.item.has("inferred"),
                because: because(),
            },
            Some((_, Stop::Error { .. })) => Ended::CouldNot(because()),
            Some((_, Stop::Harness(_))) => Ended::Panicked(because()),
            Some((_, Stop::Manual(_))) => Ended::Manual(because()),
            Some((_, Stop::NotApplicable(_))) => Ended::NotApplicable(because()),
            Some((_, Stop::NotObservable(_))) => Ended::NotObservable(because()),
        };
        let country = self.item.roles.iter().find_map(|role| role.country).unwrap_or(self.usual);
        Played {
            slug: self.item.requirements.first().cloned().unwrap_or_default(),
            provider: ProviderName::of(&self.item.provider).unwrap_or(ProviderName::ZignsecV2),
            country: country.code().to_owned(),
            requirements: self.item.requirements.clone(),
            relies_on: self.needs.iter().map(ToString::to_string).collect(),
            outcome,
        }
    }

    fn checks(&self, judge: &Judge<'_>) -> Vec<Check> {
        let mut checks = judge.checks(&self.played());
        for check in &mut checks {
            // A scenario can be less binding than the requirement that it speaks of; then it decides no headline.
            if self.item.has("should") {
                check.level = check.level.min(Level::Should);
                check.core = false;
                if check.verdict == Verdict::Fail {
                    check.verdict = Verdict::Warn;
                }
            }
            if check.verdict == Verdict::Pass && !self.warnings.is_empty() {
                check.verdict = Verdict::Warn;
                check.because = self.because();
            }
        }
        checks
    }

    /// Why it is no pass, in a sentence.
    #[must_use]
    pub fn because(&self) -> Option<String> {
        let sentence = match &self.stop {
            None | Some((_, Stop::Well(_))) => return self.warnings.first().cloned(),
            Some((_, Stop::Equals { actual, expected } | Stop::Never { actual, expected })) => {
                format!("{actual}; {expected}")
            }
            Some((_, Stop::Error { problem, .. })) => problem.clone(),
            Some((
                _,
                Stop::Harness(text) | Stop::Manual(text) | Stop::NotApplicable(text) | Stop::NotObservable(text),
            )) => text.clone(),
        };
        Some(mask(&sentence).into_owned())
    }

    /// What went wrong first, for a person.
    pub(super) fn failure(&self, controls: &Controls) -> Option<Failure> {
        let (at, stop) = self.stop.as_ref()?;
        let (actual, expected, remedy) = match stop {
            Stop::Equals { actual, expected } | Stop::Never { actual, expected } => {
                (actual.clone(), expected.clone(), None)
            }
            Stop::Error { problem, remedy } => (problem.clone(), "the target can be driven".to_owned(), remedy.clone()),
            Stop::Harness(problem) => {
                (problem.clone(), "Motpart does not fail itself".to_owned(), Some("please report it".to_owned()))
            }
            Stop::Manual(_) | Stop::NotApplicable(_) | Stop::NotObservable(_) | Stop::Well(_) => return None,
        };
        let masked = |text: &str| mask(text).into_owned();
        let step = self.item.steps.get(*at);
        let control = self.needs.iter().find_map(|need| Some(format!("{need}: {}", controls.shown(need)?)));
        Some(Failure {
            verdict: self.verdict(),
            part: self.part(),
            step: step.map(|step| masked(&step.text)).unwrap_or_default(),
            line: step.map_or(self.item.line, |step| step.line),
            // Who there is says nothing of what was done.
            did: (self.item.steps.iter().take(*at).filter(|step| step.definition.id != "persons"))
                .map(|step| masked(&step.text))
                .collect(),
            actual: masked(&actual),
            expected: masked(&expected),
            remedy,
            control,
            curl: self.curl.clone(),
            exchanges: self.exchanges.clone(),
        })
    }
}

/// As the checks see it: a SHOULD makes it a warning, and what does not apply to the target has not failed.
fn as_judged(failure: Failure, checks: &[Check]) -> Option<Failure> {
    let needs = |verdict: &Verdict| match verdict {
        Verdict::Deviation | Verdict::Error | Verdict::Fail | Verdict::HarnessError | Verdict::Warn => true,
        Verdict::Manual | Verdict::NotApplicable | Verdict::NotObservable | Verdict::NotTested | Verdict::Pass => false,
    };
    let verdicts = || checks.iter().map(|check| check.verdict);
    let verdict = verdicts().find(|verdict| *verdict == failure.verdict).or_else(|| verdicts().find(needs))?;
    Some(Failure { verdict, ..failure })
}

/// An exchange in a line.
fn line(exchange: &Exchange) -> String {
    let status = exchange.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let took = exchange.took.as_millis();
    format!("{} {} {} {} → {status} ({took} ms)", exchange.actor, exchange.operation, exchange.method, exchange.url)
}

/// The command that repeats a request, without its credentials and numbers.
fn curl(exchange: &Exchange) -> String {
    let secret = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["authorization", "cookie", "csrf", "xsrf", "token", "key", "secret"].iter().any(|word| name.contains(word))
    };
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let mut command = format!("curl -i -X {} {}", exchange.method, quoted(&exchange.url));
    for (name, value) in
        exchange.request_headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"))
    {
        let value = if secret(name) { "…" } else { value };
        command.push_str(&format!(" -H {}", quoted(&format!("{name}: {value}"))));
    }
    if !exchange.request_body.is_empty() {
        command.push_str(&format!(" -d {}", quoted(&String::from_utf8_lossy(&exchange.request_body))));
    }
    command
}
