//! Which script plays next.
//!
//! The first tier that has an answer wins: what was *armed* and matches · the *person's* own script (a magic person) · the *space's*
//! default · the provider's default, which is the empty script: a person decides.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::provider::Asked;
use crate::identity::NationalNumber;
use crate::script::{Delivery, Fault, Forgery, Operation, Script};

/// Something armed: it plays for the next sessions that match.
#[derive(Clone, Debug)]
pub struct Armed {
    /// Its name among the armed, from 1.
    pub number: u64,
    /// The script; `None` when only faults, forgeries or deliveries are laid over what plays anyhow.
    pub script: Option<Arc<Script>>,
    /// What is laid over the script.
    pub overlay: Overlay,
    /// Which sessions it is meant for.
    pub criteria: Criteria,
    /// How often it still plays.
    pub times: u32,
    /// How often it has played.
    pub played: u32,
    /// The last session it did not match, and why not.
    pub missed: Option<Vec<Criterion>>,
}

/// Things wrong on purpose that are laid over a script.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlay {
    /// Whether what the script does wrong, and what was laid over it before, is forgotten first.
    #[serde(default)]
    pub clear: bool,
    /// Whether occurrences of faults and deliveries count from when it is laid over a live session, not from the session's beginning.
    #[serde(default)]
    pub from_now: bool,
    /// Answers damaged on their way out.
    pub faults: Vec<Fault>,
    /// Artefacts changed.
    pub forgeries: Vec<Forgery>,
    /// Webhooks disturbed.
    pub deliveries: Vec<Delivery>,
}

impl Overlay {
    /// Whether there is nothing to lay over.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.clear && self.faults.is_empty() && self.forgeries.is_empty() && self.deliveries.is_empty()
    }

    /// The same for a live session, of which so much has happened already.
    #[must_use]
    pub fn counted(&self, requests: impl Fn(Operation) -> u32, webhooks: u32) -> Self {
        let mut counted = self.clone();
        if self.from_now {
            for fault in &mut counted.faults {
                fault.occurrence = fault.occurrence.after(requests(fault.on));
            }
            for delivery in &mut counted.deliveries {
                delivery.occurrence = delivery.occurrence.after(webhooks);
            }
        }
        counted
    }

    /// The script with the overlay first, so that it wins over the script's own.
    #[must_use]
    pub fn over(&self, script: &Arc<Script>) -> Arc<Script> {
        if self.is_empty() {
            return script.clone();
        }
        let mut script = Script::clone(script);
        if self.clear {
            script.faults.clear();
            script.forgeries.clear();
            script.deliveries.clear();
        }
        script.faults.splice(0..0, self.faults.iter().cloned());
        script.forgeries.splice(0..0, self.forgeries.iter().copied());
        script.deliveries.splice(0..0, self.deliveries.iter().copied());
        Arc::new(script)
    }
}

/// Which sessions something armed is meant for. Everything given must match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    /// The provider's name.
    pub provider: Option<String>,
    /// The method, such as `sbid-another`.
    pub method: Option<String>,
    /// The number asked for.
    pub personal_number: Option<NationalNumber>,
    /// The relying party's own reference, exactly.
    pub relaystate: Option<String>,
    /// The target address; `*` stands for anything.
    pub target: Option<String>,
}

/// How one criterion fared with one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Its name.
    pub name: &'static str,
    /// Whether it matched.
    pub matched: bool,
    /// What was wanted and what was there, in words without numbers.
    pub detail: String,
}

impl Criteria {
    /// How each given criterion fares with an order.
    fn fare(&self, provider: &'static str, asked: &Asked<'_>) -> Vec<Criterion> {
        let text = |name, wanted: &Option<String>, actual: Option<&str>, matches: fn(&str, &str) -> bool| {
            wanted.as_ref().map(|wanted| Criterion {
                name,
                matched: actual.is_some_and(|actual| matches(wanted, actual)),
                detail: format!(
                    "wanted `{wanted}`, was {}",
                    actual.map_or_else(|| "absent".into(), |a| format!("`{a}`"))
                ),
            })
        };
        let number = self.personal_number.as_ref().map(|wanted| Criterion {
            name: "personal_number",
            matched: asked.number == Some(wanted),
            detail: match asked.number {
                None => "wanted a number, none was asked for".into(),
                Some(actual) => format!("wanted {wanted}, was {actual}"),
            },
        });
        [
            text("provider", &self.provider, Some(provider), |w, a| w.replace('-', "_") == a),
            text("method", &self.method, Some(asked.method), str::eq_ignore_ascii_case),
            number,
            text("relaystate", &self.relaystate, asked.reference, |w, a| w == a),
            text("target", &self.target, asked.target, glob),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Whether `text` matches a pattern in which `*` stands for any characters.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty()
}

/// What was chosen to play.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The script, with everything laid over it.
    pub script: Arc<Script>,
    /// Which start of its entry this is, from 1.
    pub occurrence: u32,
    /// Which tier it came from, for people.
    pub because: &'static str,
}

/// The programme of one space.
#[derive(Debug, Default)]
pub struct Programme {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    armed: VecDeque<Armed>,
    numbered: u64,
    /// The space's default, and how often it has started.
    default: Option<(Arc<Script>, u32)>,
}

impl Programme {
    /// How many entries may wait at the same time.
    pub const MOST_ARMED: usize = 1_000;

    /// Arms a script or an overlay. Returns its number, or `None` when too many are waiting.
    pub fn arm(&self, script: Option<Arc<Script>>, overlay: Overlay, criteria: Criteria, times: u32) -> Option<u64> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        // Entries that have played out give way; they stay that long so that their use can be seen.
        if inner.armed.len() >= Self::MOST_ARMED {
            inner.armed.retain(|a| a.times > 0);
        }
        if inner.armed.len() >= Self::MOST_ARMED {
            return None;
        }
        inner.numbered += 1;
        let number = inner.numbered;
        inner.armed.push_back(Armed { number, script, overlay, criteria, times, played: 0, missed: None });
        Some(number)
    }

    /// Takes an armed entry back. Returns whether it was there.
    pub fn disarm(&self, number: u64) -> bool {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let before = inner.armed.len();
        inner.armed.retain(|a| a.number != number);
        inner.armed.len() != before
    }

    /// What is armed, played out or not, oldest first.
    #[must_use]
    pub fn armed(&self) -> Vec<Armed> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).armed.iter().cloned().collect()
    }

    /// Sets or clears the space's default script.
    pub fn set_default(&self, script: Option<Arc<Script>>) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).default = script.map(|s| (s, 0));
    }

    /// The space's default script.
    #[must_use]
    pub fn default_script(&self) -> Option<Arc<Script>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).default.as_ref().map(|(s, _)| s.clone())
    }

    /// Chooses what plays for an order. `persons_own` is the script of the person asked for; `sayable` tells what the provider can play.
    pub fn choose(
        &self,
        provider: &'static str,
        asked: &Asked<'_>,
        persons_own: Option<Arc<Script>>,
        sayable: impl Fn(&Script) -> bool,
    ) -> Chosen {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hit = None;
        for armed in inner.armed.iter_mut().filter(|a| a.times > 0) {
            let fared = armed.criteria.fare(provider, asked);
            let fits = fared.iter().all(|c| c.matched) && armed.script.as_ref().is_none_or(|s| sayable(s));
            if fits {
                armed.times -= 1;
                armed.played += 1;
                hit = Some((armed.script.clone(), armed.overlay.clone(), armed.played));
                break;
            }
            armed.missed = Some(fared);
        }
        let (overlay, occurrence) = match hit {
            Some((Some(script), overlay, occurrence)) => {
                return Chosen { script: overlay.over(&script), occurrence, because: "armed" };
            }
            Some((None, overlay, occurrence)) => (overlay, occurrence),
            None => (Overlay::default(), 1),
        };
        let laid_over = !overlay.is_empty();
        if let Some(script) = persons_own.filter(|s| sayable(s)) {
            return Chosen { script: overlay.over(&script), occurrence, because: "the person's own" };
        }
        if let Some((script, started)) = inner.default.as_mut().filter(|(s, _)| sayable(s)) {
            *started = started.saturating_add(1);
            let occurrence = if laid_over { occurrence } else { *started };
            return Chosen { script: overlay.over(script), occurrence, because: "the space's default" };
        }
        Chosen { script: overlay.over(&manual()), occurrence, because: "nothing else: a person decides" }
    }
}

/// The empty script: every signal has its default effect.
#[must_use]
pub fn manual() -> Arc<Script> {
    static MANUAL: std::sync::OnceLock<Arc<Script>> = std::sync::OnceLock::new();
    MANUAL
        .get_or_init(|| {
            Arc::new(Script {
                name: "manual".into(),
                title: "A person, a test or the judge decides what happens".into(),
                ..Script::default()
            })
        })
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Country;

    fn asked<'a>(target: &'a str, reference: &'a str) -> Asked<'a> {
        Asked {
            method: "sbid",
            country: Country::Se,
            number: None,
            reference: Some(reference),
            target: Some(target),
            text: None,
        }
    }

    fn script(name: &str) -> Arc<Script> {
        Arc::new(Script { name: name.into(), ..Script::default() })
    }

    #[test]
    fn the_first_armed_entry_that_matches_plays_not_only_the_head() {
        let programme = Programme::default();
        let for_b = Criteria { relaystate: Some("b".into()), ..Criteria::default() };
        programme.arm(Some(script("for-b")), Overlay::default(), for_b, 1);
        programme.arm(Some(script("for-anyone")), Overlay::default(), Criteria::default(), 1);
        let names: Vec<_> = ["a", "b", "c"]
            .map(|r| programme.choose("p", &asked("http://x/", r), None, |_| true).script.name.clone())
            .to_vec();
        assert_eq!(names, ["for-anyone", "for-b", "manual"]);
    }

    #[test]
    fn what_never_played_says_which_criterion_failed() {
        let programme = Programme::default();
        let criteria = Criteria { method: Some("SBID".into()), relaystate: Some("b".into()), ..Criteria::default() };
        programme.arm(Some(script("s")), Overlay::default(), criteria, 1);
        programme.choose("p", &asked("http://x/", "a"), None, |_| true);
        let missed = programme.armed()[0].missed.clone().expect("it was looked at");
        assert_eq!(
            missed.iter().map(|c| (c.name, c.matched)).collect::<Vec<_>>(),
            [("method", true), ("relaystate", false)]
        );
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("http://*/done", "http://a/b/done", true),
            ("http://*/done", "http://a/b/doner", false),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c2b", false),
            ("abc", "abc", true),
            ("abc", "abcd", false),
            ("*x", "x", true),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} on {text}");
        }
    }
}
