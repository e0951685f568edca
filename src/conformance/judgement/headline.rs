//! Whether the target enforces identity: by the `never` of the core requirements, and by nothing else.

use super::Judge;
use crate::conformance::requirements::{Applicability, ProviderName, Requirement};
use crate::conformance::result::{Check, CoreRow, Counts, Enforces, Headline, Part, Run, Verdict};

impl Judge<'_> {
    pub(super) fn headline(&self, run: &Run, providers: &[ProviderName]) -> Headline {
        let core: Vec<CoreRow> =
            self.catalogue.core().map(|requirement| self.row(requirement, run, providers)).collect();
        Headline {
            enforces: enforces(&core),
            core,
            deviations: self
                .deviations
                .iter()
                .map(|deviation| {
                    let country =
                        deviation.country.as_ref().map_or_else(String::new, |country| format!(" ({country})"));
                    format!(
                        "{}{country}: {}; because: {}; answerable: {}, to be reviewed on {}",
                        deviation.requirement, deviation.does, deviation.reason, deviation.owner, deviation.review
                    )
                })
                .collect(),
            counts: self.counts(run, providers),
        }
    }

    /// The worst that was found about its `never`.
    fn row(&self, requirement: &Requirement, run: &Run, providers: &[ProviderName]) -> CoreRow {
        let row = |verdict, because: Option<String>| CoreRow { requirement: requirement.id.clone(), verdict, because };
        let found: Vec<(Verdict, Option<String>)> = checks(run)
            .filter(|check| check.core && check.requirement == requirement.id)
            .filter_map(about_never)
            .collect();
        let speaks = |found: &&(Verdict, Option<String>)| found.0 != Verdict::NotApplicable;
        if let Some((verdict, because)) = found.iter().filter(speaks).max_by_key(|(verdict, _)| weight(*verdict)) {
            return row(*verdict, because.clone());
        }
        if let Some((verdict, because)) = found.first() {
            return row(*verdict, because.clone());
        }
        let mut not_observable = None;
        let mut not_applicable = None;
        for provider in providers {
            match self.declared.applicable(requirement, *provider) {
                Applicability::Applicable => {
                    let because = run.filter.as_ref().map_or_else(
                        || "nothing in this run shows it".to_owned(),
                        |filter| format!("nothing in this run shows it, of which only {filter} was played"),
                    );
                    return row(Verdict::NotTested, Some(because));
                }
                Applicability::NotApplicable(because) => not_applicable = Some(because),
                Applicability::NotObservable(because) => not_observable = Some(because),
            }
        }
        match (not_observable, not_applicable) {
            (Some(because), _) => row(Verdict::NotObservable, Some(because)),
            (None, Some(because)) => row(Verdict::NotApplicable, Some(because)),
            (None, None) => row(Verdict::NotTested, Some("no provider was simulated".to_owned())),
        }
    }

    /// Of checks; what was not tested is counted by requirement.
    fn counts(&self, run: &Run, providers: &[ProviderName]) -> Counts {
        let mut counts = Counts::default();
        for check in checks(run) {
            *slot(&mut counts, check.verdict) += 1;
        }
        let is_checked = |requirement: &Requirement| checks(run).any(|check| check.requirement == requirement.id);
        let could_be = |requirement: &Requirement| {
            providers
                .iter()
                .any(|provider| self.declared.applicable(requirement, *provider) == Applicability::Applicable)
        };
        let left_out =
            self.catalogue.iter().filter(|requirement| could_be(requirement) && !is_checked(requirement)).count();
        counts.not_tested += u32::try_from(left_out).unwrap_or(u32::MAX);
        counts
    }
}

pub(super) fn checks(run: &Run) -> impl Iterator<Item = &Check> {
    run.scenarios.iter().flat_map(|scenario| &scenario.checks)
}

fn enforces(core: &[CoreRow]) -> Enforces {
    let is = |verdict| move |row: &CoreRow| row.verdict == verdict;
    if core.iter().any(is(Verdict::Fail)) {
        return Enforces::No;
    }
    let is_shown = |row: &CoreRow| matches!(row.verdict, Verdict::Pass | Verdict::NotApplicable);
    if core.iter().all(is_shown) && core.iter().any(is(Verdict::Pass)) { Enforces::Yes } else { Enforces::NotShown }
}

/// What a check says about the `never` of its requirement, if anything.
fn about_never(check: &Check) -> Option<(Verdict, Option<String>)> {
    let because = check.because.clone();
    match (check.verdict, check.part) {
        // Something else than expected stopped the scenario before it could look for what must never be.
        (Verdict::Fail, Some(Part::Equals)) => {
            let because = because.map_or_else(String::new, |because| format!(": {because}"));
            Some((Verdict::Error, Some(format!("the scenario ended before it was seen{because}"))))
        }
        (Verdict::Warn | Verdict::Deviation, Some(Part::Equals)) => None,
        // Known to be broken is broken.
        (Verdict::Warn, Some(Part::Never)) => Some((Verdict::Fail, because)),
        // It went through to the end: what is warned of is beside what must never be.
        (Verdict::Warn, None) => Some((Verdict::Pass, None)),
        (verdict, _) => Some((verdict, because)),
    }
}

/// A proven break counts for more than our own failure.
const fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => 0,
        Verdict::NotApplicable => 1,
        Verdict::Manual => 2,
        Verdict::NotTested => 3,
        Verdict::NotObservable => 4,
        Verdict::Deviation => 5,
        Verdict::Warn => 6,
        Verdict::Error => 7,
        Verdict::HarnessError => 8,
        Verdict::Fail => 9,
    }
}

const fn slot(counts: &mut Counts, verdict: Verdict) -> &mut u32 {
    match verdict {
        Verdict::Pass => &mut counts.pass,
        Verdict::Manual => &mut counts.manual,
        Verdict::NotApplicable => &mut counts.not_applicable,
        Verdict::NotTested => &mut counts.not_tested,
        Verdict::NotObservable => &mut counts.not_observable,
        Verdict::Deviation => &mut counts.deviation,
        Verdict::Warn => &mut counts.warn,
        Verdict::Error => &mut counts.error,
        Verdict::Fail => &mut counts.fail,
        Verdict::HarnessError => &mut counts.harness_error,
    }
}
