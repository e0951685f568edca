//! The answer, and the sentences that say what it rests on.

use super::super::result::{CoreRow, Counts, Enforces, Run, Verdict};
use super::layout::Tone;
use super::texts::{Words, fill};

/// The answer that may be shown. A run in which something could not be tested never says yes.
#[must_use]
pub fn enforces(run: &Run) -> Enforces {
    let untested = run.headline.counts.error + run.headline.counts.harness_error > 0;
    match run.headline.enforces {
        Enforces::Yes if untested || run.headline.core.is_empty() => Enforces::NotShown,
        answer @ (Enforces::No | Enforces::NotShown | Enforces::Yes) => answer,
    }
}

/// Green only when nothing is wrong at all.
pub(super) fn tone(run: &Run) -> Tone {
    match enforces(run) {
        Enforces::No => Tone::Bad,
        Enforces::NotShown => Tone::Care,
        Enforces::Yes if run.headline.counts.fail > 0 || !run.headline.deviations.is_empty() => Tone::Care,
        Enforces::Yes => Tone::Good,
    }
}

/// Yes, no, or not shown.
pub(super) fn answer(run: &Run, words: &Words) -> &'static str {
    match enforces(run) {
        Enforces::No => words.no,
        Enforces::NotShown => words.not_shown,
        Enforces::Yes => words.yes,
    }
}

/// What the answer rests on, a sentence or two each.
pub(super) fn sentences(run: &Run, words: &Words) -> Vec<String> {
    let core = &run.headline.core;
    let mut out = Vec::new();
    if core.is_empty() {
        out.push(words.no_core.to_owned());
    }
    let mut say = |template: &str, alone: &str, is: fn(Verdict) -> bool| {
        let rows: Vec<&CoreRow> = core.iter().filter(|row| is(row.verdict)).collect();
        if !rows.is_empty() {
            let template = if rows.len() == 1 { alone } else { template };
            let (n, all) = (rows.len().to_string(), core.len().to_string());
            out.push(fill(template, &[("n", &n), ("all", &all), ("which", &which(&rows))]));
        }
    };
    say(words.core_broken, words.core_broken_one, |verdict| matches!(verdict, Verdict::Fail | Verdict::Deviation));
    let all_shown = core.iter().all(|row| row.verdict == Verdict::Pass);
    let (shown, shown_one) =
        if all_shown { (words.core_shown_all, words.core_shown_one) } else { (words.core_shown, words.core_shown_one) };
    say(shown, shown_one, |verdict| verdict == Verdict::Pass);
    say(words.core_untested, words.core_untested_one, |verdict| {
        matches!(verdict, Verdict::Error | Verdict::HarnessError)
    });
    say(words.core_unseen, words.core_unseen_one, |verdict| {
        matches!(verdict, Verdict::NotObservable | Verdict::NotTested | Verdict::Manual | Verdict::Warn)
    });
    say(words.core_removed, words.core_removed_one, |verdict| verdict == Verdict::NotApplicable);
    if !core.is_empty() {
        out.push(words.core_means.to_owned());
    }
    let Counts { fail, error, harness_error, .. } = run.headline.counts;
    // Checks that are core requirements, each once, have been told.
    let mut count = |n: u32, told: Verdict, one: &str, many: &str| {
        if n as usize > core.iter().filter(|row| row.verdict == told).count() {
            out.push(fill(if n == 1 { one } else { many }, &[("n", &n.to_string())]));
        }
    };
    count(fail, Verdict::Fail, words.checks_failed_one, words.checks_failed);
    count(error, Verdict::Error, words.checks_untested_one, words.checks_untested);
    count(harness_error, Verdict::HarnessError, words.checks_harness_one, words.checks_harness);
    if !run.headline.deviations.is_empty() {
        out.push(fill(words.deviations, &[("which", &run.headline.deviations.join("; "))]));
    }
    if let Some(filter) = &run.filter {
        out.push(fill(words.filtered, &[("which", filter)]));
    }
    out
}

/// The ids, with the reason where there is one; of many, the ids alone.
fn which(rows: &[&CoreRow]) -> String {
    let named = |row: &&CoreRow| match &row.because {
        Some(because) if rows.len() <= FEW => format!("{} ({because})", row.requirement),
        Some(_) | None => row.requirement.clone(),
    };
    rows.iter().map(named).collect::<Vec<_>>().join(", ")
}

const FEW: usize = 3;
