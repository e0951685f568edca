//! With which code a run ends.

use super::headline::checks;
use crate::conformance::result::{Run, Verdict};
use crate::exit;

/// The exit code of a run that took place. Of several the first of 6, 4, 5, 1 counts; 2 and 3 are found before anything runs.
#[must_use]
pub fn exit_code(run: &Run, allow_deviations: bool) -> u8 {
    let any = |verdict| checks(run).any(|check| check.verdict == verdict);
    let is_decided = |verdict| match verdict {
        Verdict::Pass | Verdict::Manual | Verdict::Deviation | Verdict::Warn | Verdict::Fail => true,
        Verdict::Error | Verdict::HarnessError => true,
        Verdict::NotApplicable | Verdict::NotTested | Verdict::NotObservable => false,
    };
    if any(Verdict::HarnessError) {
        exit::HARNESS
    } else if any(Verdict::Error) {
        exit::TARGET
    } else if !checks(run).any(|check| is_decided(check.verdict)) {
        exit::NOTHING
    } else if any(Verdict::Fail) || (any(Verdict::Deviation) && !allow_deviations) {
        exit::NO
    } else {
        exit::OK
    }
}
