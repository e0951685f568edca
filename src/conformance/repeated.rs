//! Scenarios that are played several times are one: the worst of them, with what all of them rest on.

use std::cmp::Reverse;

use super::finished::Finished;
use super::result::{Part, Verdict};

/// Adds one that has ended. Returns the whole once all of its plays have.
pub(super) fn add(results: &mut Vec<Finished>, finished: Finished) -> Option<Finished> {
    let (id, plays) = (finished.item.id.clone(), finished.item.plays.max(1));
    results.push(finished);
    if results.iter().filter(|one| one.item.id == id).count() < plays {
        return None;
    }
    let (own, others) = std::mem::take(results).into_iter().partition(|one| one.item.id == id);
    *results = others;
    let whole = as_one(own)?;
    results.push(whole.clone());
    Some(whole)
}

/// Each id once.
pub(super) fn all_as_one(mut finished: Vec<Finished>) -> Vec<Finished> {
    let mut whole = Vec::new();
    while let Some(id) = finished.first().map(|one| one.item.id.clone()) {
        let (own, others) = finished.into_iter().partition(|one| one.item.id == id);
        finished = others;
        whole.extend(as_one(own));
    }
    whole
}

/// The worst, with the controls and warnings of all.
fn as_one(plays: Vec<Finished>) -> Option<Finished> {
    let mut plays = plays;
    // Of equals the first that ended.
    plays.sort_by_key(|one| Reverse(badness(one)));
    let mut plays = plays.into_iter();
    let mut worst = plays.next()?;
    for other in plays {
        worst.took += other.took;
        worst.needs.extend(other.needs.into_iter().filter(|need| !worst.needs.contains(need)).collect::<Vec<_>>());
        worst
            .warnings
            .extend(other.warnings.into_iter().filter(|said| !worst.warnings.contains(said)).collect::<Vec<_>>());
    }
    Some(worst)
}

/// What was found goes before what could not be looked at: a race that was lost once is lost.
fn badness(finished: &Finished) -> u8 {
    match (finished.verdict(), finished.part()) {
        (Verdict::Fail, Some(Part::Never)) => 9,
        (Verdict::Fail, Some(Part::Equals) | None) => 8,
        (Verdict::HarnessError, _) => 7,
        (Verdict::Error, _) => 6,
        (Verdict::Warn, _) => 5,
        (Verdict::Deviation, _) => 4,
        // What was played and held counts more than a play that was left out.
        (Verdict::Pass, _) => 3,
        (Verdict::NotObservable, _) => 2,
        (Verdict::Manual | Verdict::NotApplicable | Verdict::NotTested, _) => 1,
    }
}
