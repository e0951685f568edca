//! The built-in service judged over and over: wrong in each of its ways, which has to show, and right in each of its designs, which must not.

pub(super) mod designs;
pub(super) mod kill;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use motpart::conformance::requirements::{Catalogue, ProviderName};
use motpart::conformance::result::{Run, Verdict};
use motpart::conformance::{Item, Selection, Source, bundled, preflight};
use motpart::reference::Flaw;

use super::check::Subject;
use super::check::builtin::Builtin;
use super::check::judging::Judging;
use super::{Failure, runtime};

/// What is played, and how.
#[derive(Debug)]
pub(super) struct Matrix {
    catalogue: Catalogue,
    scenarios: Vec<Item>,
    /// In snake_case.
    providers: Vec<String>,
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
    /// With these features, or the bundled ones; at these providers, or at all that the built-in service uses; so many services are judged
    /// at the same time.
    pub(super) fn of(features: &[PathBuf], providers: &[String], jobs: usize) -> Result<Self, Failure> {
        let providers = Subject::builtin(Builtin::default(), "reference")?.chosen(providers)?;
        let catalogue = Catalogue::bundled();
        let sources = if features.is_empty() { bundled() } else { Source::read(features).map_err(Failure::usage)? };
        let scenarios = preflight(&sources, &catalogue).map_err(|mistakes| {
            let shown: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            Failure::specification(shown.join("\n\n"))
        })?;
        if scenarios.is_empty() {
            return Err(Failure::nothing("there is no scenario: name files or folders that hold `.feature` files"));
        }
        Ok(Self { catalogue, scenarios, providers, jobs: jobs.max(1) })
    }

    /// Where a flaw shows: at its own provider, or where what it breaks is demanded.
    pub(super) fn shows_at(&self, flaw: Flaw) -> Vec<ProviderName> {
        let demanded = |provider: &ProviderName| {
            let mut broken = flaw.requirements().iter().filter_map(|id| self.catalogue.by_id(id).ok());
            broken.any(|requirement| requirement.applies_to.contains(provider))
        };
        let own = flaw.provider().and_then(ProviderName::of);
        ProviderName::ALL.into_iter().filter(|one| own.map_or_else(|| demanded(one), |own| own == *one)).collect()
    }

    /// Whether it is played at a provider.
    pub(super) fn plays_at(&self, provider: ProviderName) -> bool {
        self.providers.iter().any(|one| ProviderName::of(one) == Some(provider))
    }

    /// Judges a built-in service by the scenarios that are wanted, so many of them at the same time; at one provider, or at all.
    async fn judge(
        &self,
        builtin: Builtin,
        name: &str,
        (at, parallel): (Option<&str>, usize),
        wanted: impl Fn(&Item) -> bool,
    ) -> Result<Run, Failure> {
        let subject = Subject::builtin(builtin, name)?;
        let is_there = |provider: &&String| at.is_none_or(|at| at == *provider) && self.providers.contains(provider);
        let selection = Selection {
            providers: subject.providers.iter().filter(is_there).cloned().collect(),
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
        judging.run(&items, Arc::new(|_, _| {})).await
    }

    /// Does the same with each, so many at the same time, and tells of each as it ends; they come back in the order of `all`.
    fn each<A, B, F>(
        &self,
        all: &[A],
        one: impl Fn(A) -> F + Sync,
        heard: impl Fn(&B) + Sync,
    ) -> Result<Vec<B>, Failure>
    where
        A: Copy + Sync,
        B: Send,
        F: Future<Output = Result<B, Failure>>,
    {
        let (runtime, next) = (runtime()?, AtomicUsize::new(0));
        let begin = || {
            let at = next.fetch_add(1, Ordering::Relaxed);
            all.get(at).map(|what| (at, *what))
        };
        let work = || {
            let mut done = Vec::new();
            while let Some((at, what)) = begin() {
                let became = runtime.handle().block_on(one(what));
                match &became {
                    Ok(became) => heard(became),
                    // Then nothing more is begun.
                    Err(_) => next.store(all.len(), Ordering::Relaxed),
                }
                done.push((at, became));
            }
            done
        };
        // A judge never leaves its thread: together on one they would have one core.
        let mut done = thread::scope(|scope| {
            let begun = (0..self.jobs).map(|_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work));
            let begun: Vec<_> = begun.collect::<Result<_, _>>().map_err(Failure::harness)?;
            let ended = begun.into_iter().map(|worker| worker.join().map_err(|_| Failure::harness("a judge panicked")));
            Ok::<_, Failure>(ended.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect::<Vec<_>>())
        })?;
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, became)| became).collect()
    }
}

/// The checks of a run that are not what they should be: a warning is no alarm.
fn alarms(run: &Run) -> Vec<Tripped> {
    let mut alarms = tripped(run, |verdict| matches!(verdict, Verdict::Error | Verdict::Fail | Verdict::HarnessError));
    alarms.sort();
    alarms
}

/// As much as the main thread has.
const STACK: usize = 8 << 20;

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
