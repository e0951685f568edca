//! One attempt, from its beginning to its end.

use serde::{Deserialize, Serialize};

use super::{Age, Cause, Entered, OrderBegins, Phase, Play, Signal, Stimulus};
use crate::script::{Becomes, Hint, Reason, Step, Trigger};

/// How far one attempt has come. A retry is a new `Progress`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    phase: Phase,
    /// The index of the step that is waited for.
    step: usize,
    /// Polls answered while pending, since the last step.
    polls: u32,
    /// When the last step was entered; where `after` counts from.
    entered: Age,
    /// When this attempt began.
    began: Age,
    /// When the page was first opened in this attempt.
    opened: Option<Age>,
}

impl Progress {
    /// A fresh attempt.
    #[must_use]
    pub const fn begin(at: Age) -> Self {
        Self { phase: Phase::Pending(Hint::Outstanding), step: 0, polls: 0, entered: at, began: at, opened: None }
    }

    /// What the attempt is now.
    #[must_use]
    pub const fn phase(&self) -> &Phase {
        &self.phase
    }

    /// When the page was first opened.
    #[must_use]
    pub const fn opened(&self) -> Option<Age> {
        self.opened
    }

    /// When the phase it is in was entered.
    #[must_use]
    pub const fn entered(&self) -> Age {
        self.entered
    }

    /// The number of steps already entered.
    #[must_use]
    pub const fn step(&self) -> usize {
        self.step
    }

    /// Pending answers given since the last step.
    #[must_use]
    pub const fn polls(&self) -> u32 {
        self.polls
    }

    /// When time alone will next change the attempt, and why. `None` once it is final.
    #[must_use]
    pub fn due(&self, play: &Play<'_>) -> Option<(Age, Cause)> {
        if !self.phase.is_pending() {
            return None;
        }
        let deadline = self.deadline(play);
        match self.next(play).map(|step| step.trigger) {
            // A step due at the deadline itself comes too late.
            Some(Trigger::After(span)) if self.entered.plus(span) < deadline.0 => {
                Some((self.entered.plus(span), Cause::Time))
            }
            Some(Trigger::After(_) | Trigger::On(_) | Trigger::Polls(_)) | None => Some(deadline),
        }
    }

    /// Plays another script from here on: its first step is waited for, and `after` counts from now.
    pub fn follow_from_the_top(&mut self, now: Age) {
        self.step = 0;
        self.polls = 0;
        self.entered = now;
    }

    /// Lets everything happen that is due by `now`, in order, and then the stimulus.
    ///
    /// Returns what was entered, each at its own moment. An attempt that is final stays as it is.
    pub fn advance(&mut self, play: &Play<'_>, now: Age, stimulus: Stimulus) -> Vec<Entered> {
        let mut entered = Vec::new();
        self.settle(play, now, &mut entered);
        if self.phase.is_pending() {
            match stimulus {
                Stimulus::Poll => self.poll(play, now, &mut entered),
                Stimulus::Signal(signal) => self.signal(play, now, signal, &mut entered),
                Stimulus::Tick => {}
            }
            self.settle(play, now, &mut entered);
        }
        entered
    }

    fn settle(&mut self, play: &Play<'_>, now: Age, entered: &mut Vec<Entered>) {
        while let Some((at, cause)) = self.due(play).filter(|(at, _)| *at <= now) {
            match (cause, self.next(play)) {
                (Cause::Time, Some(step)) => self.enter_step(play, step, at, cause, entered),
                (Cause::LinkExpired, _) => self.enter(Phase::Failed(Reason::LinkExpired), at, cause, entered),
                (Cause::OrderExpired | Cause::Time | Cause::Begun | Cause::Polls | Cause::Signal, Some(_) | None) => {
                    self.enter(Phase::Failed(Reason::OrderExpired), at, Cause::OrderExpired, entered)
                }
            }
        }
    }

    fn poll(&mut self, play: &Play<'_>, now: Age, entered: &mut Vec<Entered>) {
        self.polls += 1;
        if let Some(step @ Step { trigger: Trigger::Polls(pending), .. }) = self.next(play)
            && self.polls > *pending
        {
            self.enter_step(play, step, now, Cause::Polls, entered);
        }
    }

    fn signal(&mut self, play: &Play<'_>, now: Age, signal: Signal, entered: &mut Vec<Entered>) {
        if signal == Signal::Opened {
            if self.opened.is_some() {
                return;
            }
            self.opened = Some(now);
        }
        if let Some(step @ Step { trigger: Trigger::On(name), .. }) = self.next(play)
            && signal.name() == Some(*name)
        {
            return self.enter_step(play, step, now, Cause::Signal, entered);
        }
        // The defaults. A hint leaves the script's own counting alone: a step that waits two seconds still does.
        match signal {
            Signal::Cancelled => self.enter(Phase::Failed(Reason::Cancelled), now, Cause::Signal, entered),
            Signal::Confirmed(person) => self.enter(Phase::Finished(person), now, Cause::Signal, entered),
            Signal::Delivered => {
                self.phase = Phase::Pending(Hint::Delivered);
                entered.push(Entered { phase: self.phase.clone(), at: now, cause: Cause::Signal });
            }
            Signal::Failed(reason) => self.enter(Phase::Failed(reason), now, Cause::Signal, entered),
            Signal::Opened => entered.push(Entered { phase: self.phase.clone(), at: now, cause: Cause::Signal }),
            Signal::Superseded => self.enter(Phase::Failed(Reason::Superseded), now, Cause::Signal, entered),
        }
    }

    fn enter_step(&mut self, play: &Play<'_>, step: &Step, at: Age, cause: Cause, entered: &mut Vec<Entered>) {
        let phase = match &step.becomes {
            Becomes::Failed(reason) => Phase::Failed(*reason),
            Becomes::Finished(who) => Phase::Finished(play.cast.person(who).clone()),
            Becomes::Pending(hint) => Phase::Pending(*hint),
        };
        self.step += 1;
        self.enter(phase, at, cause, entered);
    }

    fn enter(&mut self, phase: Phase, at: Age, cause: Cause, entered: &mut Vec<Entered>) {
        self.phase = phase;
        self.entered = at;
        self.polls = 0;
        entered.push(Entered { phase: self.phase.clone(), at, cause });
    }

    fn next<'a>(&self, play: &Play<'a>) -> Option<&'a Step> {
        play.script.steps.get(self.step)
    }

    fn deadline(&self, play: &Play<'_>) -> (Age, Cause) {
        let order = |from: Age| (from.plus(play.limits.order), Cause::OrderExpired);
        match (play.limits.begins, self.opened) {
            (OrderBegins::AtOnce, _) => order(self.began),
            (OrderBegins::WhenOpened, Some(opened)) => order(opened),
            (OrderBegins::WhenOpened, None) => (Age::default().plus(play.limits.link), Cause::LinkExpired),
        }
    }
}
