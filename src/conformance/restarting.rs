//! Services that are ended and started again.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use super::attempts::{gone, unsaid};
use super::stop::Stop;
use super::world::World;
use crate::target::{EvidenceKind, Op, TargetError};

impl World {
    /// Restarts the target; when it returns, the target answers again.
    ///
    /// # Errors
    /// When it cannot be restarted, or does not come back.
    pub async fn restart(&mut self) -> Result<(), Stop> {
        self.must(Op::Restart).await?;
        self.answers_again().await?;
        self.happened();
        Ok(())
    }

    /// Restarts the target while it waits for the provider's answer about an attempt, which `bearer` has finished.
    ///
    /// # Errors
    /// When the target never asks: then nothing was held, and nothing is shown.
    pub async fn restart_while_waiting(&mut self, attempt: usize, bearer: &str) -> Result<(), Stop> {
        let evidence = &self.setting().policy.evidence;
        if !evidence.is_empty() && !evidence.contains(&EvidenceKind::Fetch) {
            return Err(Stop::NotApplicable("the target declares that it never asks the provider".to_owned()));
        }
        let (simulator, (session, _)) = (self.shared.simulator.clone(), self.session(attempt)?);
        let (own, person) = (self.attempt(attempt)?.clone(), self.person(bearer)?);
        let hold = json!({ "fault": { "on": "collect", "reply": { "hold": true } } });
        simulator.overlay(&session, hold).await.map_err(unsaid)?;
        // A notification could decide what the question is meant to.
        simulator.overlay(&session, json!({ "delivery": { "lost": true } })).await.map_err(unsaid)?;
        let asked_before = simulator.session(&session).await.map_err(gone)?.collects;
        simulator.confirm(&session, &person).await.map_err(unsaid)?;
        let restart = async {
            let end = Instant::now() + self.setting().timing.quiet() + self.setting().timing.limit;
            while simulator.session(&session).await.map_err(gone)?.collects == asked_before {
                if Instant::now() > end {
                    let problem = "the service never asked the provider for the result, so that nothing could be held";
                    return Err(Stop::error(problem));
                }
                sleep(STEP).await;
            }
            self.must(Op::Restart).await.map(|_| ())
        };
        let release = async {
            let restarted = restart.await;
            // Also after a failure: what is held would hold the browser too.
            simulator.release(&session).await.map_err(unsaid)?;
            restarted
        };
        // How the browser fares while its service ends is nobody's business.
        let (_, restarted) = tokio::join!(self.led_back(&own), release);
        restarted?;
        self.answers_again().await?;
        self.finished(attempt, bearer, None);
        self.come_back(attempt).await
    }

    async fn answers_again(&mut self) -> Result<(), Stop> {
        let agreement = self.agreement_ref()?;
        let end = Instant::now() + self.setting().timing.limit;
        loop {
            match self.call(Op::GetAgreement(agreement.clone()), None, None).await {
                Err(
                    error @ (TargetError::Unavailable { .. } | TargetError::Internal { .. } | TargetError::Wait { .. }),
                ) => {
                    if Instant::now() > end {
                        return Err(Stop::of("wait for the service after its restart", &error));
                    }
                    sleep(STEP).await;
                }
                Ok(_)
                | Err(
                    TargetError::Conflict { .. }
                    | TargetError::NotFound { .. }
                    | TargetError::Rejected { .. }
                    | TargetError::Unsupported { .. },
                ) => return Ok(()),
            }
        }
    }
}

/// Between two looks.
const STEP: Duration = Duration::from_millis(25);
