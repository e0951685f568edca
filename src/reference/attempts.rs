//! Attempts: their start at the provider, and what leads to their end.
//!
//! ```text
//! redirect ─┐
//! webhook  ─┼─▶ settle: fetch by our own session id ─▶ weigh ─▶ show (decides, once)
//! poll     ─┘
//! ```

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;
use uuid::Uuid;

use super::agreement::Source;
use super::decide::Shown;
use super::known::Place;
use super::model::{Agreement, Attempt, Method, Outcome, Participant, Purpose};
use super::provider::{EidMethod, Evidence, FetchError, Purpose as Errand, StartError, StartOrder};
use super::refusal::Refusal;
use super::service::Service;
use super::weighing::{eid, reason};
use super::{Flaw, Variant};
use crate::identity::NationalNumber;

/// What somebody in a signing room wants to start.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) purpose: Purpose,
    pub(super) method: Option<Method>,
    /// The number as the signer typed it now.
    pub(super) typed: Option<String>,
    /// Only for [`Flaw::OverrideParameter`].
    pub(super) overridden: Option<String>,
    pub(super) language: &'static str,
}

/// An attempt that was started.
#[derive(Clone, Debug)]
pub(super) struct Begun {
    pub(super) attempt: Uuid,
    /// None while the provider has not answered.
    pub(super) redirect_url: Option<String>,
}

impl Service {
    /// Starts an attempt.
    ///
    /// # Errors
    /// When the check or the agreement stands in the way, the number cannot be read, or the provider does not start a session.
    pub(super) async fn begin(self: &Arc<Self>, room: Place, wish: Wish) -> Result<Begun, Refusal> {
        self.count_start(room.participant)?;
        let place = Place { attempt: self.mint_id(), ..room };
        let handle = hex::encode(self.mint("return"));
        let (order, life) = {
            let order = self
                .change(place.agreement, |agreement, now| {
                    let participant = agreement.pending_participant(place.participant)?;
                    let (method, number) = self.reads(participant, &wish)?;
                    let attempt = self.attempt(participant, place, &handle, &wish, method, now);
                    let attempt = Attempt { round: agreement.round, ..attempt };
                    agreement.begin(&self.rules, place.participant, attempt, now)?;
                    self.order(agreement, place, &handle, &wish, method, number)
                })
                .await?;
            (order, self.lock().life)
        };
        if self.rules.is(Variant::AsynchronousStart) {
            let service = self.clone();
            let busy = self.begin_work(place.agreement);
            tokio::spawn(async move {
                let _busy = busy;
                // The outcome is told to whoever asks for the attempt.
                let _ = service.start(place, &order, life).await;
            });
            return Ok(Begun { attempt: place.attempt, redirect_url: None });
        }
        let redirect_url = self.start(place, &order, life).await?;
        Ok(Begun { attempt: place.attempt, redirect_url: Some(redirect_url) })
    }

    /// Asks the provider what became of an attempt, and takes it. `heard` is what a webhook with a good signature said.
    pub(super) async fn settle(&self, place: Place, heard: Option<Evidence>) {
        let _busy = self.begin_work(place.agreement);
        let Some((session, life)) = self.session_to_ask(place) else { return };
        let believes = self.rules.flaws.any(&[
            Flaw::BelievesWebhookOverFetch,
            Flaw::EmptyKeyOpensWebhooks,
            Flaw::IgnoresWebhookSignature,
            Flaw::RelaystateDecides,
        ]);
        if self.rules.is(Variant::WebhookOnly) || (believes && heard.is_some()) {
            if let Some(evidence) = &heard {
                self.take(place, life, |_, weighed| weighed(evidence)).await;
            }
            return;
        }
        match self.client.fetch(&session).await {
            Ok(evidence) => {
                if self.rules.has(Flaw::LogsProviderBodies)
                    && let Evidence::Finished(proven) = &evidence
                {
                    let (name, number) = (&proven.name, proven.number.expose());
                    self.log.note_as_is(&format!(
                        "the provider answered: {{\"PersonalNumber\":\"{number}\",\"FullName\":\"{name}\"}}"
                    ));
                }
                self.take(place, life, |_, weighed| {
                    let fetched = weighed(&evidence);
                    let Some(told) = heard.as_ref().map(&weighed) else { return fetched };
                    // Two ends of one session: at least one is not the provider's word.
                    let is_end = !matches!(told.0, Shown::Pending);
                    if matches!(fetched.0, Shown::Same | Shown::Other) && is_end && told.0 != fetched.0 {
                        return (
                            Shown::Rejected,
                            reason(fetched.1, "the webhook and the result contradict each other"),
                        );
                    }
                    fetched
                })
                .await;
            }
            Err(FetchError::Unknown) => {
                let source = reason(Source::default(), "the provider does not know the session");
                self.take(place, life, |_, _| (Shown::ProviderError, source)).await;
            }
            Err(error @ (FetchError::Malformed(_) | FetchError::Unavailable(_))) => {
                self.log.note(&format!("attempt {}: {error}", place.attempt));
                if self.rules.has(Flaw::FailsOpenOnOutage) {
                    self.take(place, life, |_, _| (Shown::Same, Source::default())).await;
                }
            }
        }
    }

    /// Shows the attempt something that no provider said: its own expiry, or what a flaw takes for evidence.
    pub(super) async fn settle_with(&self, place: Place, shown: Shown) {
        let life = self.lock().life;
        self.take(place, life, |_, _| (shown, Source::default())).await;
    }

    /// As [`Service::settle`], by whatever session the caller names. Only a flaw does.
    pub(super) async fn settle_by(&self, place: Place, session: &str) {
        let life = self.lock().life;
        if let Ok(evidence) = self.client.fetch(session).await {
            self.take(place, life, |_, weighed| weighed(&evidence)).await;
        }
    }

    /// Fetches what is open, each attempt by itself, until the service ends.
    pub(super) async fn poll(self: Arc<Self>) {
        let mut ticks = tokio::time::interval(self.poll.max(Duration::from_millis(10)));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.rounds.send_modify(|moments| *moments += 1);
            for (place, expired) in self.due() {
                let (service, busy) = (self.clone(), self.begin_work(place.agreement));
                tokio::spawn(async move {
                    if expired {
                        service.settle_with(place, Shown::Expired).await;
                    } else {
                        service.settle(place, None).await;
                    }
                    service.lock().polled.remove(&place.attempt);
                    drop(busy);
                });
            }
            self.rounds.send_modify(|moments| *moments += 1);
        }
    }

    /// The open attempts that nobody is asking about, and whether their time is up.
    fn due(&self) -> Vec<(Place, bool)> {
        let mut inner = self.lock();
        let now = Timestamp::now();
        let mut due = Vec::new();
        for agreement in inner.agreements.values() {
            for participant in &agreement.participants {
                let asks_again = self.rules.has(Flaw::AsksAgainAfterEnd);
                let is_due = |attempt: &&Attempt| {
                    let is_final = matches!(attempt.outcome, Outcome::Matched | Outcome::Mismatched);
                    attempt.outcome == Outcome::Open || (asks_again && is_final)
                };
                let open = participant.attempts.iter().filter(is_due);
                for attempt in open.filter(|attempt| !inner.polled.contains(&attempt.id)) {
                    let place = Place { agreement: agreement.id, participant: participant.id, attempt: attempt.id };
                    let is_open = attempt.outcome == Outcome::Open;
                    let expired = is_open && now >= attempt.expires_at && !self.rules.has(Flaw::IgnoresExpiry);
                    if expired || (attempt.session.is_some() && !self.rules.is(Variant::WebhookOnly)) {
                        due.push((place, expired));
                    }
                }
            }
        }
        inner.polled.extend(due.iter().map(|(place, _)| place.attempt));
        due
    }

    /// What the attempt would be asked about; none once it has ended.
    fn session_to_ask(&self, place: Place) -> Option<(String, u64)> {
        let inner = self.lock();
        let agreement = inner.agreements.get(&place.agreement)?;
        let attempt = agreement.participant(place.participant)?.attempt(place.attempt)?;
        let asks_for_ever = self.rules.flaws.any(&[
            Flaw::AsksAgainAfterEnd,
            Flaw::CountsAfterCancel,
            Flaw::DuplicatesCount,
            Flaw::IgnoresExpiry,
            Flaw::KeepsAttemptsAcrossRounds,
            Flaw::LastWriteWins,
            Flaw::SupersededCounts,
        ]);
        if attempt.outcome != Outcome::Open && !asks_for_ever {
            return None;
        }
        let session = match &inner.last_session {
            Some(last) if self.rules.has(Flaw::CurrentSessionIsGlobal) => last.clone(),
            Some(_) | None => attempt.session.clone()?,
        };
        Some((session, inner.life))
    }

    /// Weighs evidence against the attempt as it is now, and takes the result. What began before a restart has no effect.
    async fn take(
        &self,
        place: Place,
        life: u64,
        weigh: impl FnOnce(&Attempt, &dyn Fn(&Evidence) -> (Shown, Source)) -> (Shown, Source),
    ) {
        let taken = self.change(place.agreement, |agreement, now| {
            let participant = agreement.participant(place.participant).ok_or(Refusal::UnknownParticipant)?;
            let attempt = participant.attempt(place.attempt).ok_or(Refusal::UnknownAttempt)?;
            let (shown, source) = weigh(attempt, &|evidence| self.weigh(participant, attempt, evidence));
            agreement.show(&self.rules, place.participant, place.attempt, shown, &source, now);
            Ok(())
        });
        if self.lock().life == life
            && let Err(error) = taken.await
        {
            self.log.note(&format!("attempt {}: {error}", place.attempt));
        }
    }

    /// Method and number of a wish, read.
    fn reads(&self, participant: &Participant, wish: &Wish) -> Result<(EidMethod, Option<NationalNumber>), Refusal> {
        let bound = participant.binding.as_ref();
        let default = bound.map_or(Some(Method::SeBid), |binding| Method::of_country(binding.country));
        let method = wish.method.or(default).and_then(eid).ok_or(Refusal::MethodNotAllowed)?;
        let typed = wish.typed.as_deref().map(|typed| self.keyring.read(method.country(), typed)).transpose()?;
        let keeps = self.rules.is(Variant::NumberSent) || self.rules.has(Flaw::KeepsNumberAndSendsIt);
        let kept = bound.filter(|_| keeps).and_then(|binding| self.keyring.unseal(binding));
        let number = kept.or(typed);
        let signs = wish.purpose == Purpose::Sign || self.rules.is(Variant::OneStep);
        if signs && method == EidMethod::SeBid && number.is_none() {
            // "PersonalNumber required" (BankID in the browser, sbid-sign).
            let why = "Swedish BankID asks for your own number when you sign".to_owned();
            return Err(Refusal::InvalidNumber(why));
        }
        Ok((method, number))
    }

    fn attempt(
        &self,
        participant: &Participant,
        place: Place,
        handle: &str,
        wish: &Wish,
        method: EidMethod,
        now: Timestamp,
    ) -> Attempt {
        let lifetime = jiff::SignedDuration::try_from(self.attempt_lifetime).unwrap_or(jiff::SignedDuration::MAX);
        let overrides = |typed: &String| {
            let binding = participant.binding.as_ref()?;
            let number = self.keyring.read(method.country(), typed).ok()?;
            Some(self.keyring.is_same(binding, &number))
        };
        let overridden = wish.overridden.as_ref().filter(|_| self.rules.has(Flaw::OverrideParameter));
        Attempt {
            id: place.attempt,
            handle: handle.to_owned(),
            round: 0,
            binding: participant.binding.as_ref().map_or(0, |binding| binding.version),
            method: Method::of_country(method.country()).unwrap_or(Method::SeBid),
            purpose: wish.purpose,
            session: None,
            redirect_url: None,
            started_at: now,
            expires_at: now.saturating_add(lifetime).unwrap_or(Timestamp::MAX),
            outcome: Outcome::Open,
            closed_at: None,
            typed_fits: overridden.and_then(overrides),
        }
    }

    /// What the provider is asked for.
    fn order(
        &self,
        agreement: &Agreement,
        place: Place,
        handle: &str,
        wish: &Wish,
        method: EidMethod,
        number: Option<NationalNumber>,
    ) -> Result<StartOrder, Refusal> {
        let address =
            |path: &str| self.public_url.join(path).map_err(|_| Refusal::malformed("the public address is no base"));
        let mut target: Url = address(&format!("return/{handle}"))?;
        if let Some(typed) = wish.typed.as_deref().filter(|_| self.rules.has(Flaw::NumberInAddress)) {
            target.query_pairs_mut().append_pair("personal_number", typed);
        }
        let mut target_error = target.clone();
        target_error.query_pairs_mut().append_key_only("failed");
        let signs = wish.purpose == Purpose::Sign || self.rules.is(Variant::OneStep);
        let purpose = if signs && method == EidMethod::SeBid {
            Errand::Sign { text: format!("I sign the agreement: {}", agreement.title) }
        } else {
            Errand::Identify
        };
        Ok(StartOrder {
            method,
            purpose,
            // The provider's own form, twelve digits for Swedish numbers.
            personal_number: number.map(|number| number.expose().to_owned()),
            target,
            target_error,
            webhook: if self.rules.is(Variant::PollOnly) { None } else { Some(address("hooks/zignsec-v2")?) },
            relaystate: place.attempt.to_string(),
            language: wish.language,
        })
    }

    /// Has the provider start a session, and notes whose it is.
    async fn start(&self, place: Place, order: &StartOrder, life: u64) -> Result<String, Refusal> {
        match self.client.start(order).await {
            Ok(started) => {
                let redirect_url = started.redirect_url.to_string();
                let session = started.session;
                self.lock().last_session = Some(session.clone());
                self.change(place.agreement, |agreement, _| {
                    let participant = agreement.participants.iter_mut().find(|p| p.id == place.participant);
                    let attempts = participant.map(|p| &mut p.attempts).ok_or(Refusal::UnknownParticipant)?;
                    let attempt = attempts.iter_mut().find(|a| a.id == place.attempt).ok_or(Refusal::UnknownAttempt)?;
                    attempt.session = Some(session);
                    attempt.redirect_url = Some(redirect_url.clone());
                    Ok(())
                })
                .await?;
                Ok(redirect_url)
            }
            Err(error) => {
                self.log.note(&format!("attempt {}: {error}", place.attempt));
                let source = reason(Source::default(), "the provider did not start a session");
                self.take(place, life, |_, _| (Shown::ProviderError, source)).await;
                Err(match error {
                    StartError::Refused { codes } => Refusal::ProviderRefused(codes.join(" ")),
                    StartError::Unavailable(_) => Refusal::ProviderUnavailable,
                })
            }
        }
    }
}
