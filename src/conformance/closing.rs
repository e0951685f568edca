//! What is looked at when the run is over: the log, read once, and what a scenario has seen of the declarations.

use std::collections::{BTreeMap, BTreeSet};

use super::finished::Finished;
use super::judgement::Observed;
use super::leak::{Canary, Leak, Scanner};
use super::outward::Unlogged;
use super::overheard::Overheard;
use super::result::StepOutcome;
use super::stage::Stage;
use super::stop::Stop;
use super::world::World;
use crate::identity::NationalNumber;
use crate::target::{Call, Dump, Op, Reply, Sign, Status, TargetError, Wire};

impl Stage {
    /// Looks into the log for what must not be in it. It is read once, after everything.
    pub async fn read_log(&self, finished: &mut [Finished]) {
        if finished.iter().all(|one| one.unlogged.is_empty()) {
            return;
        }
        let wanted: Vec<&Unlogged> = finished.iter().flat_map(|one| &one.unlogged).collect();
        let found = self.log().await.map(|dumps| Held::of(&dumps, &wanted));
        finished.iter_mut().filter(|one| !one.unlogged.is_empty()).for_each(|one| one.take(&found));
    }

    async fn log(&self) -> Result<Vec<Dump>, Stop> {
        let limit = self.shared.setting.timing.limit;
        let namespace = self.shared.run.clone();
        let call = Call { namespace, actor: None, browser: None, limit, wire: Wire::new() };
        match self.shared.target.call(&call, Op::ReadLog).await {
            Ok(Reply::Dump(dumps)) => Ok(dumps),
            Ok(_) | Err(TargetError::Unsupported { .. }) => {
                Err(Stop::NotObservable("the target's log cannot be read".to_owned()))
            }
            Err(error) => Err(Stop::of("read the log", &error)),
        }
    }
}

/// What stands in the log of all that is looked for in it.
///
/// The log is unwrapped once for everybody: that takes as long as the run has scenarios, and once for each would take the square of it.
struct Held {
    numbers: BTreeSet<NationalNumber>,
    credentials: BTreeSet<Vec<String>>,
}

impl Held {
    fn of(dumps: &[Dump], wanted: &[&Unlogged]) -> Self {
        let of_kind = |is_credential: bool| wanted.iter().filter(move |one| one.is_credential == is_credential);
        let numbers: BTreeMap<_, _> = of_kind(false).map(|one| (one.canary.number.clone(), &one.canary)).collect();
        let credentials: BTreeMap<_, _> = of_kind(true).map(|one| (one.canary.names.clone(), &one.canary)).collect();
        Self {
            numbers: seen(dumps, numbers, Scanner::scan),
            credentials: seen(dumps, credentials, Scanner::scan_names),
        }
    }

    fn holds(&self, one: &Unlogged) -> bool {
        if one.is_credential {
            self.credentials.contains(&one.canary.names)
        } else {
            self.numbers.contains(&one.canary.number)
        }
    }
}

/// The keys of those that a scan finds: each is looked for once, under its place for a name.
fn seen<K: Ord>(dumps: &[Dump], wanted: BTreeMap<K, &Canary>, scan: fn(&Scanner, &[u8]) -> Vec<Leak>) -> BTreeSet<K> {
    let by_place = |(place, canary): (usize, &&Canary)| Canary { role: place.to_string(), ..(*canary).clone() };
    let canaries: Vec<Canary> = wanted.values().enumerate().map(by_place).collect();
    let scanner = Scanner::new(&canaries);
    let found: BTreeSet<String> =
        dumps.iter().flat_map(|dump| scan(&scanner, &dump.content)).map(|leak| leak.role).collect();
    wanted.into_keys().enumerate().filter(|(place, _)| found.contains(&place.to_string())).map(|(_, key)| key).collect()
}

impl Finished {
    /// What was found in the log, where nothing else has stopped the scenario.
    fn take(&mut self, found: &Result<Held, Stop>) {
        if !matches!(self.stop, None | Some((_, Stop::Well(_)))) {
            return;
        }
        let first = self.unlogged.iter().find_map(|one| {
            let stop = match found {
                Ok(held) if !held.holds(one) => return None,
                Ok(_) if one.is_credential => {
                    Stop::never("the log holds a credential that the service has at the provider", "no log does")
                }
                Ok(_) => Stop::never(
                    format!("the log holds the number of {}, or a plain digest of it", one.canary.role),
                    "nobody can read it there",
                ),
                Err(stop) => stop.clone(),
            };
            Some((one.step, stop))
        });
        let Some((at, stop)) = first else { return };
        if let Some(step) = self.steps.get_mut(at) {
            step.outcome = StepOutcome::Stopped;
        }
        self.stop = Some((at, stop));
    }
}

impl World {
    /// What was seen in the scenario that a declaration may contradict.
    pub(super) async fn observed(&mut self) -> Vec<Observed> {
        let mut seen: BTreeSet<Observed> = std::mem::take(&mut self.outward.observed).into_iter().collect();
        let mut fetched = BTreeSet::new();
        for attempt in &self.attempts {
            let Some(session) = &attempt.session else { continue };
            let simulator = &self.shared.simulator;
            let (Ok(view), Ok(heard)) = (simulator.session(session).await, Overheard::of(simulator, session).await)
            else {
                continue;
            };
            if heard.starts.iter().any(|start| start.holds_number) {
                seen.insert(if attempt.typed { Observed::TypedNumberSent } else { Observed::BoundNumberSent });
            }
            if heard.webhook_taken {
                seen.insert(Observed::WebhookTaken);
            }
            if view.collects > 0 {
                fetched.insert(&attempt.role);
            }
            if view.collected_after_end > 0 {
                seen.insert(Observed::Fetched);
            }
        }
        let decided =
            self.samples.iter().filter(|sample| matches!(sample.status, Some(Status::Passed | Status::Failed)));
        let mut started = self.attempts.iter().filter(|attempt| attempt.session.is_some());
        let is_unfetched = |role: &String| !fetched.contains(role) && started.any(|attempt| attempt.role == *role);
        if decided.map(|sample| &sample.role).any(is_unfetched) {
            seen.insert(Observed::DecidedUnfetched);
        }
        if self.setting().sign == Sign::None && self.samples.iter().any(|sample| sample.signed == Some(true)) {
            seen.insert(Observed::Signed);
        }
        seen.into_iter().collect()
    }
}
