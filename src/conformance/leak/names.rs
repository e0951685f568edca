//! The names, whatever their case.

use regex::bytes::Regex;

use super::Canary;

/// What finds each canary's names.
#[derive(Clone)]
pub(super) struct Names(Vec<(usize, Regex)>);

impl Names {
    pub(super) fn of(canaries: &[Canary]) -> Self {
        let names =
            canaries.iter().enumerate().flat_map(|(index, canary)| canary.names.iter().map(move |name| (index, name)));
        let patterns = names.filter_map(|(index, name)| {
            let words: Vec<String> = name.split_whitespace().map(regex::escape).collect();
            // A form has a plus for a blank.
            let pattern = format!(r"(?i)\b{}\b", words.join(r"[\s+]+"));
            (!words.is_empty()).then(|| (index, Regex::new(&pattern).expect("escaped words make a pattern")))
        });
        Self(patterns.collect())
    }

    pub(super) fn find(&self, view: &[u8], mut hit: impl FnMut(usize, usize)) {
        for (canary, regex) in &self.0 {
            regex.find_iter(view).for_each(|found| hit(*canary, found.start()));
        }
    }
}
