//! The built-in service judged over and over: wrong in each of its ways, which has to show, and right in each of its designs, which must not.

pub(super) mod designs;
pub(super) mod kill;

use std::path::PathBuf;
use std::sync::Arc;

use motpart::conformance::requirements::Catalogue;
use motpart::conformance::result::{Run, Verdict};
use motpart::conformance::{Item, Selection, Source, bundled, preflight};

use super::Failure;
use super::check::Subject;
use super::check::builtin::Builtin;
use super::check::judging::Judging;

/// What is played, and how.
#[derive(Debug)]
pub(super) struct Matrix {
    catalogue: Catalogue,
    scenarios: Vec<Item>,
    jobs: usize,
}

/// A check that did not pass.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub(super) struct Tripped {
    /// The requirement.
    pub(super) requirement: String,
    /// The scenario's id.
    pub(super) scenario: String,
    /// What was found.
    pub(super) verdict: Verdict,
    /// Why, in a sentence.
    pub(super) because: String,
}

impl Matrix {
    /// With these features, or the bundled ones; so many services are judged at the same time.
    pub(super) fn of(features: &[PathBuf], jobs: usize) -> Result<Self, Failure> {
        let catalogue = Catalogue::bundled();
        let sources = if features.is_empty() { bundled() } else { Source::read(features).map_err(Failure::usage)? };
        let scenarios = preflight(&sources, &catalogue).map_err(|mistakes| {
            let shown: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            Failure::specification(shown.join("\n\n"))
        })?;
        if scenarios.is_empty() {
            return Err(Failure::nothing("there is no scenario: name files or folders that hold `.feature` files"));
        }
        Ok(Self { catalogue, scenarios, jobs: jobs.max(1) })
    }

    /// Judges a built-in service by the scenarios that are wanted, so many of them at the same time.
    async fn judge(
        &self,
        builtin: Builtin,
        name: &str,
        parallel: usize,
        wanted: impl Fn(&Item) -> bool,
    ) -> Result<Run, Failure> {
        let subject = Subject::builtin(builtin, name)?;
        let selection = Selection {
            providers: subject.providers.clone(),
            features: subject.setting.features.iter().cloned().collect(),
            switches: subject.setting.switches(),
            countries: subject.setting.countries(),
            ..Selection::default()
        };
        let items = selection.of(self.scenarios.iter().filter(|item| wanted(item)).cloned().collect());
        let judging = Judging {
            subject: &subject,
            catalogue: &self.catalogue,
            seed: name,
            jobs: parallel.min(subject.setting.timing.max_parallel),
            fail_fast: false,
            simulator: None,
            listen: None,
            give_up_after: 0,
            sink: (None, None),
            filter: None,
            known: None,
        };
        judging.run(&items, Arc::new(|_| {})).await
    }
}

/// The checks of a run that are not what they should be: a warning is no alarm.
fn alarms(run: &Run) -> Vec<Tripped> {
    let mut alarms = tripped(run, |verdict| matches!(verdict, Verdict::Error | Verdict::Fail | Verdict::HarnessError));
    alarms.sort();
    alarms
}

fn tripped(run: &Run, wanted: impl Fn(Verdict) -> bool) -> Vec<Tripped> {
    let mut tripped = Vec::new();
    for scenario in &run.scenarios {
        for check in scenario.checks.iter().filter(|check| wanted(check.verdict)) {
            let step = scenario.failure.as_ref().map(|failure| format!("at `{}`: ", failure.step)).unwrap_or_default();
            tripped.push(Tripped {
                requirement: check.requirement.clone(),
                scenario: scenario.id.clone(),
                verdict: check.verdict,
                because: step + check.because.as_deref().unwrap_or_default(),
            });
        }
    }
    tripped
}
