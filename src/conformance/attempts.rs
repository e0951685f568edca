//! Attempts to identify: started in a browser, bound to the provider's session, finished by somebody, brought back.

use serde_json::json;

use super::reports::{Class, Deed, Report, Wrong};
use super::simulator::{SimulatorError, bearer};
use super::stop::Stop;
use super::world::World;
use crate::identity::{Country, mask};
use crate::target::{Authentication, BrowserId, EvidenceKind, Failed, NumberToProvider, ParticipantRef, Status};

/// One attempt.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Whose place it is.
    pub role: String,
    /// The place.
    pub place: ParticipantRef,
    /// In which browser it was begun.
    pub browser: BrowserId,
    /// What the target told.
    pub told: Authentication,
    /// The provider's session.
    pub session: Option<String>,
    /// Whether the signer typed a number at the start.
    pub typed: bool,
    /// Whether somebody still has to finish it.
    pub open: bool,
    /// Who finished it.
    pub finished_by: Option<String>,
    /// The address that the browser came back to.
    pub returned: Option<String>,
    /// The last page: its address and its status.
    pub landed: Option<(String, u16)>,
}

/// How an identification differs from the plain one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// What the provider reports.
    pub report: Option<&'static Report>,
    /// How an honest result reaches the service.
    pub course: Option<&'static str>,
}

impl World {
    /// The whole of an identification: `visitor` in the place of `role`, and `bearer` authenticates.
    ///
    /// # Errors
    /// When the target or the simulator could not be driven.
    pub async fn identify(
        &mut self,
        role: &str,
        visitor: &str,
        bearer: &str,
        hint: Option<&str>,
        manner: Manner,
    ) -> Result<(), Stop> {
        let needs_start = manner.report.and_then(|report| report.wrong.at_start());
        if let Some(armed) = &needs_start {
            self.shared.simulator.arm(armed.clone()).await.map_err(unsaid)?;
        }
        let started = self.start(role, visitor, hint, None).await?;
        if needs_start.is_some() {
            // Whatever the target made of it: the provider did not let anything begin.
            self.classes.insert(role.to_owned(), Class::ProviderError);
            return Ok(());
        }
        match started {
            Ok(attempt) => {
                self.open(attempt).await?;
                self.lay_over(attempt, manner).await?;
                self.finish(attempt, bearer, manner).await
            }
            Err(_) if self.locked.contains(role) => Err(locked(role)),
            Err(refused) => {
                let problem = format!("the start of {role}'s identification was refused: {refused}");
                Err(Stop::error(mask(&problem).into_owned()))
            }
        }
    }

    /// The browser opens the provider's page.
    ///
    /// # Errors
    /// When no page comes.
    pub async fn open(&mut self, attempt: usize) -> Result<(), Stop> {
        let Some(url) = self.attempts.get(attempt).and_then(|attempt| attempt.told.redirect_url.clone()) else {
            return Ok(());
        };
        let browser = self.attempt(attempt)?.browser.clone();
        self.page(&browser, &url).await.map(|_| ())
    }

    pub(super) async fn lay_over(&self, attempt: usize, manner: Manner) -> Result<(), Stop> {
        let Some(session) = self.attempts.get(attempt).and_then(|attempt| attempt.session.clone()) else {
            return Ok(());
        };
        let delivery = match manner.course {
            Some("no-webhook" | "neither") => Some(json!({ "delivery": { "lost": true } })),
            Some("twenty") => Some(json!({ "delivery": { "copies": 20 } })),
            Some("late") => Some(json!({ "delivery": { "after": "1m" } })),
            Some(_) | None => None,
        };
        let evidence = &self.setting().policy.evidence;
        let fetches = evidence.is_empty() || evidence.contains(&EvidenceKind::Fetch);
        if !fetches && manner.report.is_some_and(|report| report.wrong.is_for_fetchers()) {
            return Err(Stop::NotApplicable("the target declares that it never fetches a result".to_owned()));
        }
        let lost = delivery.as_ref().is_some_and(|delivery| delivery["delivery"]["lost"] == true);
        let calls = self.attempts.get(attempt).is_some_and(|attempt| attempt.told.redirect_url.is_none());
        let asks = self.setting().triggers.poll || self.setting().resumes;
        let for_fetchers = manner.report.is_some_and(|report| report.wrong.is_for_fetchers());
        if calls && !asks && (lost || for_fetchers) {
            let why = "the provider sends no browser anywhere: without a notification nothing makes the service ask";
            return Err(Stop::NotApplicable(why.to_owned()));
        }
        let first = match manner.report.map(|report| report.wrong) {
            Some(Wrong::FirstFailed(reason)) => {
                let wish = json!({ "signal": "failed", "reason": reason });
                let body = self.shared.simulator.answer(&session, wish).await.map_err(unsaid)?;
                let reply = json!({ "status": 200, "content_type": "application/json", "body": body });
                let fault = json!({ "on": "collect", "occurrence": 1, "reply": reply });
                Some(json!({ "fault": fault, "delivery": { "lost": true } }))
            }
            Some(Wrong::AnswerOfEarlier) => Some(self.answer_of_earlier(attempt).await?),
            Some(Wrong::AtStart(_) | Wrong::Endless | Wrong::Forged(..) | Wrong::Nothing | Wrong::Overlay(_))
            | None => None,
        };
        for overlay in manner.report.and_then(|report| report.wrong.overlay()).into_iter().chain(first).chain(delivery)
        {
            self.shared.simulator.overlay(&session, overlay).await.map_err(unsaid)?;
        }
        Ok(())
    }

    /// Every answer is the one about the attempt that the same person finished before.
    async fn answer_of_earlier(&self, attempt: usize) -> Result<serde_json::Value, Stop> {
        let role = self.attempt(attempt)?.role.clone();
        let earlier = self.attempts.iter().take(attempt).rposition(|own| own.role == role && own.finished_by.is_some());
        let earlier = earlier.ok_or_else(|| Stop::error(format!("{role} has finished no earlier attempt")))?;
        let (session, _) = self.session(earlier)?;
        let wish = json!({ "signal": "confirmed", "person": bearer(&*self.person(&role)?) });
        let body = self.shared.simulator.answer(&session, wish).await.map_err(unsaid)?;
        let reply = json!({ "status": 200, "content_type": "application/json", "body": body });
        Ok(json!({ "fault": { "on": "collect", "reply": reply }, "delivery": { "lost": true } }))
    }

    /// Somebody finishes an open attempt as the manner says, and the browser comes back.
    ///
    /// # Errors
    /// When the target or the simulator could not be driven.
    pub async fn finish(&mut self, attempt: usize, bearer: &str, manner: Manner) -> Result<(), Stop> {
        let simulator = self.shared.simulator.clone();
        let (session, role) = self.session(attempt)?;
        match manner.report.map_or(Deed::Confirms, |report| report.deed) {
            Deed::Confirms => {
                let person = self.person(bearer)?;
                simulator.confirm(&session, &person).await.map_err(unsaid)?;
                self.attempts[attempt].finished_by = Some(bearer.to_owned());
            }
            Deed::Cancels => simulator.signal(&session, json!({ "signal": "cancelled" })).await.map_err(unsaid)?,
            Deed::Fails(reason) => {
                simulator.signal(&session, json!({ "signal": "failed", "reason": reason })).await.map_err(unsaid)?
            }
            Deed::LetsItExpire => simulator.age(&session, LONGER_THAN_ANY_ORDER).await.map_err(unsaid)?,
            Deed::Leaves => {}
        }
        let leaves = manner.report.is_some_and(|report| report.deed == Deed::Leaves);
        self.attempts[attempt].open = leaves;
        let class = match manner.report {
            // An honest course or a report that changes nothing: who it was decides.
            Some(report) if report.class != Class::Match => report.class,
            Some(_) | None => self.class_of(&role, bearer),
        };
        self.came_to(&role, class);
        let returns = !matches!(manner.course, Some("no-return" | "neither" | "webhook-only"));
        if returns && !leaves {
            self.come_back(attempt).await?;
        }
        if manner.course == Some("late") {
            simulator.age(&session, std::time::Duration::from_secs(90)).await.map_err(unsaid)?;
            self.happened();
        }
        Ok(())
    }

    /// Notes what an attempt in a place amounts to.
    pub fn came_to(&mut self, role: &str, class: Class) {
        if class == Class::Mismatch {
            *self.mismatches.entry(role.to_owned()).or_default() += 1;
        }
        let policy = &self.setting().policy;
        let is_undecided = !matches!(class, Class::Match | Class::Mismatch | Class::Pending);
        if is_undecided && policy.failed == Failed::Terminal && class.expected(policy) == Status::Failed {
            self.locked.insert(role.to_owned());
        }
        self.classes.insert(role.to_owned(), class);
        self.happened();
    }

    /// The newest open attempt in a place, or the oldest.
    ///
    /// # Errors
    /// When there is none.
    pub fn open_attempt(&self, role: &str, earliest: bool) -> Result<usize, Stop> {
        let mut open = self
            .attempts
            .iter()
            .enumerate()
            .filter(|(_, attempt)| attempt.role == role && attempt.open)
            .map(|(at, _)| at);
        let found = if earliest { open.next() } else { open.next_back() };
        let has_ended = |attempt: &Attempt| attempt.role == role && !attempt.open && attempt.finished_by.is_none();
        found.ok_or_else(|| {
            if self.attempts.iter().any(has_ended) {
                return Stop::NotApplicable("the provider itself has ended the attempt by then".to_owned());
            }
            Stop::error(format!("{role} has no attempt that somebody could finish"))
        })
    }

    /// The provider's session of an attempt, and whose place it is.
    ///
    /// # Errors
    /// When the session is not known.
    pub fn session(&self, attempt: usize) -> Result<(String, String), Stop> {
        let attempt = self.attempts.get(attempt).ok_or_else(|| Stop::Harness("no such attempt".to_owned()))?;
        let session = attempt.session.clone().ok_or_else(|| {
            Stop::error_with(
                format!("the attempt of {} began no session at the provider", attempt.role),
                "does the target use the addresses and credentials of this run (`hello`, or the target file)?",
            )
        })?;
        Ok((session, attempt.role.clone()))
    }

    /// Whether this is the person whose number is bound.
    ///
    /// A Danish login shows no number but the one that the provider was asked about: "if a non-empty PersonalNumber is returned … it has been
    /// validated". Told whom to expect, it says of somebody else only that it is not them.
    pub fn class_of(&self, role: &str, bearer: &str) -> Class {
        let bound = self.seat(role).ok().and_then(|(_, place)| place.bound.clone());
        let bound = bound.and_then(|bound| self.cast.person(&bound).cloned());
        match (bound, self.cast.person(bearer)) {
            (Some(bound), Some(bearer)) if bound.number != bearer.number => {
                let told = self.setting().policy.number_to_provider == NumberToProvider::Stored;
                if told && bearer.number.country() == Country::Dk { Class::NoNumber } else { Class::Mismatch }
            }
            (Some(_) | None, Some(_) | None) => Class::Match,
        }
    }
}

/// A refusal that the target's declarations ask for.
pub(super) fn locked(role: &str) -> Stop {
    Stop::Well(format!("as the target declares, the attempt before has failed the check of {role} for good"))
}

/// What the simulator did not do.
pub(super) fn unsaid(error: SimulatorError) -> Stop {
    match error {
        // The same words whatever session it was.
        SimulatorError::Refused { code, problem, .. } if code == UNSAYABLE => {
            Stop::NotApplicable(format!("the provider has no way to say this: {problem}"))
        }
        error @ (SimulatorError::Gone(_) | SimulatorError::InUse { .. } | SimulatorError::Refused { .. }) => {
            gone(error)
        }
    }
}

/// The simulator does not answer, or refuses what it should not: that is ours.
#[expect(clippy::needless_pass_by_value, reason = "the form that `map_err` wants")]
pub(super) fn gone(error: SimulatorError) -> Stop {
    Stop::Harness(error.to_string())
}

/// The code of what a provider has no words for.
const UNSAYABLE: &str = "unsayable";
/// Links live a week at most.
const LONGER_THAN_ANY_ORDER: std::time::Duration = std::time::Duration::from_secs(8 * 24 * 3600);
