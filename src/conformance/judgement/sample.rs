//! Runs for tests.

use std::collections::BTreeSet;

use super::Judge;
use crate::conformance::requirements::{Catalogue, Declared};
use crate::conformance::result::{
    Check, Counts, Enforces, Headline, Level, Part, Run, ScenarioResult, TargetIdentity, Verdict,
};
use crate::target::{Policy, Setup, Sign};

/// A run with ZignSec v2 whose one scenario made these checks.
pub(crate) fn run(checks: Vec<Check>) -> Run {
    let scenario = ScenarioResult {
        id: "cross-check/somebody-else@zignsec_v2".to_owned(),
        feature: "Cross-check".to_owned(),
        name: "Somebody else".to_owned(),
        file: "bundled:cross-check.feature".to_owned(),
        line: 7,
        row: None,
        provider: "zignsec_v2".to_owned(),
        language: "en".to_owned(),
        checks,
        steps: Vec::new(),
        failure: None,
        journal: Vec::new(),
        took_ms: 1,
    };
    Run {
        schema: "motpart.run/1".to_owned(),
        motpart: "0".to_owned(),
        started: "2026-01-02T03:04:05Z".to_owned(),
        took_ms: 1,
        seed: "0".to_owned(),
        target: TargetIdentity {
            name: "t".to_owned(),
            version: None,
            from: "t.toml".to_owned(),
            sha256: String::new(),
        },
        providers: vec!["zignsec_v2".to_owned()],
        filter: None,
        headline: Headline {
            enforces: Enforces::NotShown,
            core: Vec::new(),
            deviations: Vec::new(),
            counts: Counts::default(),
        },
        scenarios: vec![scenario],
        declarations: Vec::new(),
        cannot_show: Vec::new(),
        strays: Vec::new(),
    }
}

/// A check as the catalogue would make it.
pub(crate) fn check(id: &str, verdict: Verdict, part: Option<Part>) -> Check {
    let catalogue = Catalogue::bundled();
    let requirement = catalogue.by_id(id).ok();
    Check {
        requirement: id.to_owned(),
        level: requirement.map_or(Level::Must, |requirement| requirement.level),
        core: requirement.is_some_and(|requirement| requirement.core),
        verdict,
        part,
        because: (verdict != Verdict::Pass).then(|| "because".to_owned()),
    }
}

/// Every core requirement that can be asked with ZignSec v2, passed.
pub(crate) fn all_core() -> Vec<Check> {
    let catalogue = Catalogue::bundled();
    catalogue.core().map(|requirement| check(&requirement.id, Verdict::Pass, None)).collect()
}

/// With the headline and the rest, for a target that declares nothing and has everything.
pub(crate) fn concluded(mut run: Run) -> Run {
    let (catalogue, policy, controls) = (Catalogue::bundled(), Policy::default(), BTreeSet::new());
    let declared = Declared { policy: &policy, sign: Sign::default(), setup: Setup::default(), has: &|_| true };
    Judge { catalogue: &catalogue, declared, deviations: &[], controls: &controls }.conclude(&mut run);
    run
}
