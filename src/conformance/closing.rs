//! What is looked at when the run is over: the log, read once, and what a scenario has seen of the declarations.

use std::collections::BTreeSet;

use super::finished::Finished;
use super::judgement::Observed;
use super::leak::Scanner;
use super::overheard::Overheard;
use super::result::StepOutcome;
use super::stage::Stage;
use super::stop::Stop;
use super::world::World;
use crate::target::{Call, Dump, Op, Reply, Sign, Status, TargetError, Wire};

impl Stage {
    /// Looks into the log for what must not be in it. It is read once, after everything.
    pub async fn read_log(&self, finished: &mut [Finished]) {
        if finished.iter().all(|one| one.unlogged.is_empty()) {
            return;
        }
        let log = self.log().await;
        finished.iter_mut().filter(|one| !one.unlogged.is_empty()).for_each(|one| one.look_into(&log));
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

impl Finished {
    /// What was found in the log, where nothing else has stopped the scenario.
    fn look_into(&mut self, log: &Result<Vec<Dump>, Stop>) {
        if !matches!(self.stop, None | Some((_, Stop::Well(_)))) {
            return;
        }
        for unlogged in &self.unlogged {
            let scanner = Scanner::new(std::slice::from_ref(&unlogged.canary));
            let is_in = |dump: &&Dump| {
                let found = if unlogged.is_credential {
                    scanner.scan_names(&dump.content)
                } else {
                    scanner.scan(&dump.content)
                };
                !found.is_empty()
            };
            let stop = match log.as_ref().map(|dumps| dumps.iter().find(is_in)) {
                Ok(None) => continue,
                Ok(Some(_)) if unlogged.is_credential => {
                    Stop::never("the log holds a credential that the service has at the provider", "no log does")
                }
                Ok(Some(_)) => Stop::never(
                    format!("the log holds the number of {}, or a plain digest of it", unlogged.canary.role),
                    "nobody can read it there",
                ),
                Err(stop) => stop.clone(),
            };
            if let Some(step) = self.steps.get_mut(unlogged.step) {
                step.outcome = StepOutcome::Stopped;
            }
            self.stop = Some((unlogged.step, stop));
            return;
        }
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
