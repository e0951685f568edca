//! What a person has to read: each thing that went wrong in a scenario, the worst first.

use super::super::result::{Check, Failure, Part, Run, ScenarioResult, Verdict};

/// Something that went wrong in a scenario, with the checks that it spoiled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finding<'a> {
    pub(super) scenario: &'a ScenarioResult,
    pub(super) verdict: Verdict,
    /// Why, where the scenario was stopped by it; else only the check's own sentence is known.
    pub(super) failure: Option<&'a Failure>,
}

impl<'a> Finding<'a> {
    /// Everything of a run that needs a paragraph.
    pub(super) fn all(run: &'a Run) -> Vec<Self> {
        let mut all: Vec<Self> = run.scenarios.iter().flat_map(Self::of).collect();
        // A stable sort: scenarios of one verdict stay in the run's order.
        all.sort_by_key(|finding| finding.rank());
        all
    }

    /// That of a scenario: what stopped it, and what its checks found besides.
    pub(super) fn of(scenario: &'a ScenarioResult) -> Vec<Self> {
        let stopped = scenario.failure.as_ref().map(|failure| Self {
            scenario,
            verdict: failure.verdict,
            failure: Some(failure),
        });
        let mut all: Vec<Self> = stopped.into_iter().collect();
        for check in &scenario.checks {
            if needs_paragraph(check.verdict) && all.iter().all(|finding| finding.verdict != check.verdict) {
                all.push(Self { scenario, verdict: check.verdict, failure: None });
            }
        }
        all
    }

    /// The finding that a check's verdict rests on.
    pub(super) fn behind(scenario: &'a ScenarioResult, check: &Check) -> Option<Self> {
        Self::of(scenario).into_iter().find(|finding| finding.verdict == check.verdict)
    }

    pub(super) fn checks(&self) -> impl Iterator<Item = &'a Check> {
        let verdict = self.verdict;
        self.scenario.checks.iter().filter(move |check| check.verdict == verdict)
    }

    pub(super) fn part(&self) -> Option<Part> {
        match self.failure {
            Some(failure) => failure.part,
            None => self.checks().find_map(|check| check.part),
        }
    }

    fn rank(&self) -> usize {
        ORDER.iter().position(|verdict| *verdict == self.verdict).unwrap_or(ORDER.len())
    }
}

/// The others are lines of a table.
pub(super) fn needs_paragraph(verdict: Verdict) -> bool {
    ORDER.contains(&verdict)
}

const ORDER: [Verdict; 5] = [Verdict::Fail, Verdict::HarnessError, Verdict::Error, Verdict::Deviation, Verdict::Warn];
