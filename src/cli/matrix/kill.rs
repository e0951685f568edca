//! Each flaw has to be noticed by a check of a requirement that it says it breaks, and has to pass where nothing is wrong.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use motpart::conformance::Item;
use motpart::conformance::result::{Level, Run, Verdict};
use motpart::reference::Flaw;
use serde::Serialize;

use super::{Matrix, Tripped, alarms, tripped};
use crate::cli::Failure;
use crate::cli::check::builtin::Builtin;

/// What became of a flaw.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Killing {
    /// Its name.
    pub(in crate::cli) flaw: &'static str,
    /// The requirements that it lists.
    pub(in crate::cli) requirements: &'static [&'static str],
    /// What went wrong where nothing should: a flaw that nobody could work with is no flaw but a ruin.
    pub(in crate::cli) unhappy: Vec<Tripped>,
    /// The checks of its requirements that noticed.
    pub(in crate::cli) caught: Vec<Tripped>,
    /// The checks that failed or could not be made, of requirements of which it says that they are broken too.
    pub(in crate::cli) follows: Vec<Tripped>,
    /// The checks of all other requirements that failed, and those that could not be made.
    pub(in crate::cli) also: Vec<Tripped>,
    /// The checks that were made.
    pub(in crate::cli) checks: usize,
}

impl Killing {
    /// Whether nobody noticed.
    pub(in crate::cli) fn survives(&self) -> bool {
        self.caught.is_empty()
    }

    /// Whether it is as it should be; `strictly`, it trips nothing of which it does not say so.
    pub(in crate::cli) fn is_good(&self, strictly: bool) -> bool {
        !self.survives() && self.unhappy.is_empty() && (!strictly || self.also.is_empty())
    }

    /// The requirements whose checks noticed.
    pub(in crate::cli) fn noticed(&self) -> BTreeSet<&str> {
        requirements(&self.caught)
    }

    fn of(flaw: Flaw, run: &Run) -> Self {
        let lists = |requirement: &str| flaw.requirements().contains(&requirement);
        // A warning is the loudest that a SHOULD gets.
        let should: BTreeSet<(&str, &str)> = run
            .scenarios
            .iter()
            .flat_map(|scenario| scenario.checks.iter().map(move |check| (scenario, check)))
            .filter(|(_, check)| check.verdict == Verdict::Warn && check.level != Level::Must)
            .map(|(scenario, check)| (scenario.id.as_str(), check.requirement.as_str()))
            .collect();
        let notices = |one: &Tripped| {
            lists(&one.requirement)
                && (one.verdict == Verdict::Fail || should.contains(&(one.scenario.as_str(), one.requirement.as_str())))
        };
        let mut caught = tripped(run, |verdict| matches!(verdict, Verdict::Fail | Verdict::Warn));
        caught.retain(notices);
        caught.sort();
        let mut also = alarms(run);
        also.retain(|one| !notices(one) && !caught.iter().any(|caught| caught.scenario == one.scenario));
        let (follows, also) = also.into_iter().partition(|one| flaw.implies(&one.requirement));
        let checks = run.scenarios.iter().map(|scenario| scenario.checks.len()).sum();
        Self {
            flaw: flaw.name(),
            requirements: flaw.requirements(),
            unhappy: Vec::new(),
            caught,
            follows,
            also,
            checks,
        }
    }
}

fn requirements(tripped: &[Tripped]) -> BTreeSet<&str> {
    tripped.iter().map(|tripped| tripped.requirement.as_str()).collect()
}

/// Judges the service with each flaw by itself; `full` plays everything, otherwise what the flaw lists. Before that, what everybody can do.
pub(in crate::cli) fn kill(
    matrix: &Matrix,
    flaws: &[Flaw],
    full: bool,
    heard: impl Fn(&Killing) + Sync,
) -> Result<Vec<Killing>, Failure> {
    // Said in two languages it stays the same.
    let happy = |item: &&Item| item.has("each-provider") && item.requirements.iter().any(|own| own == HAPPY);
    let happy = matrix.scenarios.iter().find(happy).map(|item| item.id.as_str());
    let one = |flaw: Flaw| async move {
        let builtin = Builtin { flaws: [flaw].into(), variants: flaw.variant().into_iter().collect() };
        let own = |item: &Item| full || item.requirements.iter().any(|own| flaw.requirements().contains(&own.as_str()));
        let happy = |item: &Item| happy.is_some_and(|happy| item.id == happy);
        let name = format!("reference:{}", flaw.name());
        // Where it cannot show, nothing is looked for, except where everything is.
        let at = flaw.provider().filter(|_| !full);
        // By itself: some flaws show only when several are at it.
        let mut unhappy = alarms(&matrix.judge(builtin.clone(), &name, (at, 1), happy).await?);
        unhappy.retain(|one| one.requirement == HAPPY);
        Ok::<_, Failure>(Killing {
            unhappy,
            ..Killing::of(flaw, &matrix.judge(builtin, &name, (at, usize::MAX), own).await?)
        })
    };
    matrix.each(flaws, one, heard)
}

/// The survivors first, then every flaw with what noticed it.
pub(in crate::cli) fn text(killings: &[Killing], full: bool) -> String {
    let mut out = String::new();
    let survivors: Vec<&Killing> = killings.iter().filter(|killing| killing.survives()).collect();
    for survivor in &survivors {
        let lists = survivor.requirements.join(" ");
        let _ = writeln!(out, "SURVIVES {}: no check of {lists} noticed ({} checks)", survivor.flaw, survivor.checks);
    }
    for killing in killings {
        let noticed: Vec<&str> = killing.noticed().into_iter().collect();
        if let Some(first) = killing.caught.first() {
            let _ = writeln!(out, "{}: caught by {} ({})", killing.flaw, noticed.join(" "), first.scenario);
        }
        for one in &killing.unhappy {
            let _ = writeln!(out, "  {}: breaks what everybody can do: {} {}", killing.flaw, one.scenario, one.because);
        }
        if full && !killing.follows.is_empty() {
            let follows: Vec<&str> = requirements(&killing.follows).into_iter().collect();
            let _ = writeln!(out, "  from which follows {}", follows.join(" "));
        }
        for one in killing.also.iter().filter(|_| full || killing.survives()) {
            let (requirement, scenario) = (&one.requirement, &one.scenario);
            let _ = writeln!(out, "  also trips {requirement} in {scenario} ({:?}): {}", one.verdict, one.because);
        }
    }
    let good = killings.iter().filter(|killing| killing.is_good(full)).count();
    let _ = writeln!(out, "{good} of {} flaws are as they should be, {} survive", killings.len(), survivors.len());
    out
}

/// The requirement of the happy path: the right person gets through.
const HAPPY: &str = "XCK-001";
