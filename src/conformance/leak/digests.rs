//! The unkeyed digests of the numbers, as raw bytes: hexadecimal and base64 are views.

use std::collections::{BTreeSet, HashMap};

use super::Canary;
use crate::crypto::unkeyed::Unkeyed;

/// The digests of every spelling of every number.
#[derive(Clone)]
pub(super) struct Digests {
    /// Whether a digest begins with these two bytes: most places are left at once.
    begins: Vec<bool>,
    known: HashMap<[u8; KEPT], (usize, Unkeyed)>,
}

impl Digests {
    pub(super) fn of(canaries: &[Canary]) -> Self {
        let mut digests = Self { begins: vec![false; 1 << 16], known: HashMap::new() };
        for (index, canary) in canaries.iter().enumerate() {
            for text in digested(canary) {
                for algorithm in Unkeyed::ALL {
                    let digest = algorithm.digest(text.as_bytes()).unwrap_or_default();
                    if let Some(kept) = digest.first_chunk::<KEPT>() {
                        digests.begins[first_two(kept)] = true;
                        digests.known.insert(*kept, (index, algorithm));
                    }
                }
            }
        }
        digests
    }

    pub(super) fn find(&self, view: &[u8], mut hit: impl FnMut(usize, Unkeyed, usize)) {
        for (at, window) in view.windows(KEPT).enumerate() {
            if self.begins[first_two(window)]
                && let Some(key) = window.first_chunk::<KEPT>()
                && let Some((canary, algorithm)) = self.known.get(key)
            {
                hit(*canary, *algorithm, at);
            }
        }
    }
}

/// The texts that somebody may have digested: the spellings, with the country in front too.
fn digested(canary: &Canary) -> BTreeSet<String> {
    let country = canary.number.country();
    let mut texts: BTreeSet<String> = canary.number.spellings(canary.today).into_iter().collect();
    for spelling in texts.clone() {
        texts.insert(spelling.replace('+', "-"));
        for prefix in [format!("PNO{country}-"), format!("{country}"), format!("{country}-"), format!("{country}:")] {
            texts.insert(format!("{prefix}{spelling}"));
        }
    }
    texts
}

fn first_two(bytes: &[u8]) -> usize {
    match bytes {
        [first, second, ..] => usize::from(*first) << 8 | usize::from(*second),
        _ => 0,
    }
}

/// 128 bits: shorter digests are no longer unmistakable, longer ones may be cut.
const KEPT: usize = 16;
