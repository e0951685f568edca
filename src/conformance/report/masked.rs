//! The last guard: no report repeats a number, whoever forgot to mask it.

use crate::identity::mask;

use super::super::result::{Failure, Run, ScenarioResult};

/// The run with everything masked that came from a person, a target or a simulator. Ids, seeds and digests stay as they are.
#[must_use]
pub fn masked(mut run: Run) -> Run {
    for scenario in &mut run.scenarios {
        self::scenario(scenario);
    }
    run.headline.core.iter_mut().for_each(|row| optional(&mut row.because));
    all(&mut run.headline.deviations);
    run.declarations.iter_mut().for_each(|declaration| text(&mut declaration.effect));
    all(&mut run.cannot_show);
    all(&mut run.strays);
    run
}

fn scenario(scenario: &mut ScenarioResult) {
    text(&mut scenario.name);
    scenario.checks.iter_mut().for_each(|check| optional(&mut check.because));
    scenario.steps.iter_mut().for_each(|step| text(&mut step.text));
    all(&mut scenario.journal);
    if let Some(Failure {
        step,
        did,
        actual,
        expected,
        remedy,
        control,
        curl,
        exchanges,
        verdict: _,
        part: _,
        line: _,
    }) = &mut scenario.failure
    {
        [step, actual, expected].into_iter().for_each(text);
        [remedy, control, curl].into_iter().for_each(optional);
        [did, exchanges].into_iter().for_each(|texts| all(texts));
    }
}

fn all(texts: &mut [String]) {
    texts.iter_mut().for_each(text);
}

fn optional(text: &mut Option<String>) {
    text.iter_mut().for_each(self::text);
}

fn text(text: &mut String) {
    *text = mask(text).into_owned();
}
