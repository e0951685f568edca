//! The words of reports. Each language has all of them, or the crate does not compile.

mod en;
mod sv;

use super::super::result::{Level, Verdict};
use super::Language;

/// The words of one language. A name in braces is filled in by [`fill`].
#[derive(Debug)]
pub(super) struct Words {
    pub(super) headline: &'static str,
    pub(super) yes: &'static str,
    pub(super) no: &'static str,
    pub(super) not_shown: &'static str,
    pub(super) subject: &'static str,
    pub(super) and: &'static str,

    pub(super) core_means: &'static str,
    pub(super) no_core: &'static str,
    pub(super) core_broken: &'static str,
    pub(super) core_broken_one: &'static str,
    pub(super) core_shown: &'static str,
    pub(super) core_shown_all: &'static str,
    pub(super) core_shown_one: &'static str,
    pub(super) core_untested: &'static str,
    pub(super) core_untested_one: &'static str,
    pub(super) core_unseen: &'static str,
    pub(super) core_unseen_one: &'static str,
    pub(super) core_removed: &'static str,
    pub(super) core_removed_one: &'static str,
    pub(super) checks_failed: &'static str,
    pub(super) checks_failed_one: &'static str,
    pub(super) checks_untested: &'static str,
    pub(super) checks_untested_one: &'static str,
    pub(super) checks_harness: &'static str,
    pub(super) checks_harness_one: &'static str,
    pub(super) deviations: &'static str,
    pub(super) filtered: &'static str,

    pub(super) did: &'static str,
    pub(super) nothing_yet: &'static str,
    pub(super) actual: &'static str,
    pub(super) expected: &'static str,
    pub(super) why: &'static str,
    pub(super) why_warning: &'static str,
    pub(super) sure: &'static str,
    pub(super) sure_by_control: &'static str,
    pub(super) sure_never: &'static str,
    pub(super) sure_equals: &'static str,
    pub(super) sure_seen: &'static str,
    pub(super) sure_deviation: &'static str,
    pub(super) sure_warning: &'static str,
    pub(super) sure_error: &'static str,
    pub(super) sure_harness: &'static str,
    pub(super) sure_not_judged: &'static str,
    pub(super) who: &'static str,
    pub(super) who_developers: &'static str,
    pub(super) who_deviation: &'static str,
    pub(super) who_warning: &'static str,
    pub(super) who_tester: &'static str,
    pub(super) who_motpart: &'static str,
    pub(super) who_nobody: &'static str,

    pub(super) technical: &'static str,
    pub(super) source: &'static str,
    pub(super) step: &'static str,
    pub(super) repeat: &'static str,
    pub(super) exchanges: &'static str,
    pub(super) journal: &'static str,

    pub(super) not_passed: &'static str,
    pub(super) counts: &'static str,
    pub(super) declarations: &'static str,
    pub(super) removed: &'static str,
    pub(super) cannot_show: &'static str,
    pub(super) strays: &'static str,
    pub(super) about: &'static str,
    pub(super) started: &'static str,
    pub(super) took: &'static str,
    pub(super) target_file: &'static str,
    pub(super) seed: &'static str,
    pub(super) seed_means: &'static str,

    pub(super) verdicts: Verdicts,
    pub(super) must: &'static str,
    pub(super) should: &'static str,
    pub(super) may: &'static str,
}

/// The verdicts in words.
#[derive(Debug)]
pub(super) struct Verdicts {
    pub(super) pass: &'static str,
    pub(super) fail: &'static str,
    pub(super) warn: &'static str,
    pub(super) deviation: &'static str,
    pub(super) error: &'static str,
    pub(super) not_applicable: &'static str,
    pub(super) not_observable: &'static str,
    pub(super) not_tested: &'static str,
    pub(super) manual: &'static str,
    pub(super) harness_error: &'static str,
}

impl Words {
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::WORDS,
            Language::Sv => &sv::WORDS,
        }
    }

    pub(super) fn verdict(&self, verdict: Verdict) -> &'static str {
        let words = &self.verdicts;
        match verdict {
            Verdict::Deviation => words.deviation,
            Verdict::Error => words.error,
            Verdict::Fail => words.fail,
            Verdict::HarnessError => words.harness_error,
            Verdict::Manual => words.manual,
            Verdict::NotApplicable => words.not_applicable,
            Verdict::NotObservable => words.not_observable,
            Verdict::NotTested => words.not_tested,
            Verdict::Pass => words.pass,
            Verdict::Warn => words.warn,
        }
    }

    pub(super) fn level(&self, level: Level) -> &'static str {
        match level {
            Level::May => self.may,
            Level::Must => self.must,
            Level::Should => self.should,
        }
    }
}

/// The template with each `{name}` replaced, in one pass: what is filled in is not read again.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = after;
    }
    out + rest
}

/// A provider as people call it.
pub(super) fn provider(name: &str) -> String {
    match name {
        "signicat" => "Signicat".to_owned(),
        "zignsec_gateway" => "ZignSec Gateway".to_owned(),
        "zignsec_v2" => "ZignSec v2".to_owned(),
        "zignsec_v3" => "ZignSec v3".to_owned(),
        other => other.to_owned(),
    }
}
