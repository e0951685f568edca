//! A conversation that somebody leads by hand: any request, in any order.

use super::exchange::{elapsed, exchange, request_text};
use super::play::turn;
use super::{Scene, Stage};
use crate::script::Millis;
use crate::simulation::{SampleError, SampleRequest, SessionId};

impl Stage {
    /// Sends a request, and does what is due. Scenes in the order in which they happened: what comes before the answer stands before it.
    ///
    /// # Errors
    /// When the request cannot be sent.
    pub async fn ask(&self, what: &str, request: &SampleRequest) -> Result<Vec<Scene>, SampleError> {
        let at = elapsed(self);
        let mut meanwhile = Vec::new();
        let (answer, ()) = exchange(self, request, || None, || (), &mut meanwhile).await?;
        let mut scenes = exchanged(self, at, what.to_owned(), request, answer, meanwhile);
        scenes.extend(self.pass(Millis(0)));
        Ok(scenes)
    }

    /// Lets time pass, and does what comes due in it, each thing at its moment.
    pub fn pass(&self, span: Millis) -> Vec<Scene> {
        let mut scenes = Vec::new();
        pass(self, span, None, &mut scenes);
        scenes
    }
}

/// Lets time pass. `own` is the session that the service knows of, where it knows of one alone.
pub(super) fn pass(stage: &Stage, span: Millis, own: Option<SessionId>, scenes: &mut Vec<Scene>) {
    let commons = &stage.simulation.commons;
    let end = commons.clock.now().plus(span);
    loop {
        while let Some(ticket) = commons.agenda.take_due(commons.clock.now()) {
            turn(stage, ticket, own, scenes);
        }
        let next = commons.agenda.first().filter(|at| *at < end).unwrap_or(end);
        let step = next.since(commons.clock.now());
        if step == Millis(0) {
            return;
        }
        commons.clock.tick(step);
    }
}

/// The scene of a request and its answer; two, where something happened in between.
pub(super) fn exchanged(
    stage: &Stage,
    at: Millis,
    what: String,
    request: &SampleRequest,
    answer: String,
    meanwhile: Vec<Scene>,
) -> Vec<Scene> {
    let request = Some(request_text(request));
    if meanwhile.is_empty() {
        return vec![Scene { at_ms: at.0, what, request, answer: Some(answer) }];
    }
    let mut scenes = vec![Scene { at_ms: at.0, what, request, answer: None }];
    scenes.extend(meanwhile);
    let what = "and is answered".to_owned();
    scenes.push(Scene { at_ms: elapsed(stage).0, what, request: None, answer: Some(answer) });
    scenes
}
