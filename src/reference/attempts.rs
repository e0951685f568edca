//! Attempts: their start at the provider, and what leads to their end.
//!
//! ```text
//! redirect ─┐
//! webhook  ─┼─▶ settle: fetch by our own session id ─▶ weigh ─▶ show (decides, once)
//! poll     ─┘
//! ```

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::agreement::Source;
use super::decide::Shown;
use super::known::Place;
use super::model::{Attempt, Outcome};
use super::provider::{Client, Evidence, FetchError, Onward, Session, StartError, StartOrder};
use super::refusal::Refusal;
use super::service::Service;
use super::weighing::reason;
use super::wish::Wish;
use super::{Flaw, Variant};

/// An attempt that was started.
#[derive(Clone, Debug)]
pub(super) struct Begun {
    pub(super) attempt: Uuid,
    /// None while the provider has not answered.
    pub(super) started: Option<(Session, Onward)>,
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
        let (client, order) = self
            .change(place.agreement, |agreement, now| {
                let participant = agreement.pending_participant(place.participant)?;
                let read = self.reads(participant, &wish)?;
                let attempt = self.attempt(participant, place, &handle, &wish, &read, now);
                let attempt = Attempt { round: agreement.round, ..attempt };
                agreement.begin(&self.rules, place.participant, attempt, now)?;
                let order = self.order(agreement, place, &handle, &wish, &read)?;
                Ok((read.client, order))
            })
            .await?;
        let life = self.lock().life;
        if self.rules.is(Variant::AsynchronousStart) {
            let service = self.clone();
            let busy = self.begin_work(place.agreement);
            tokio::spawn(async move {
                let _busy = busy;
                // The outcome is told to whoever asks for the attempt.
                let _ = service.start(place, &*client, &order, life).await;
            });
            return Ok(Begun { attempt: place.attempt, started: None });
        }
        let started = self.start(place, &*client, &order, life).await?;
        Ok(Begun { attempt: place.attempt, started: Some(started) })
    }

    /// Asks the provider what became of an attempt, and takes it. `heard` is the body of a webhook with a good signature.
    pub(super) async fn settle(&self, place: Place, heard: Option<Bytes>) {
        let _busy = self.begin_work(place.agreement);
        let Some((client, session, life)) = self.session_to_ask(place) else { return };
        let heard = match &heard {
            Some(body) => client.heard(&session, body).await.ok(),
            None => None,
        };
        let believes = self.rules.flaws.any(&[
            Flaw::BelievesWebhookOverFetch,
            Flaw::EmptyKeyOpensWebhooks,
            Flaw::IgnoresWebhookSignature,
            Flaw::RelaystateDecides,
            Flaw::SignsWhatItParsed,
            Flaw::TakesWebhooksInAnyScheme,
            Flaw::TakesWebhooksOfAnyAge,
        ]);
        if (self.rules.is(Variant::WebhookOnly) && client.posts()) || (believes && heard.is_some()) {
            if let Some(evidence) = &heard {
                self.take(place, life, |_, weighed| weighed(evidence)).await;
            }
            return;
        }
        let fetched = client.fetch(&session).await;
        if let Some(memory) = client.memory(&session.id).filter(|memory| *memory != session.memory) {
            self.remember(place, memory).await;
        }
        match fetched {
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

    /// Keeps what a client wants to know of its session from now on.
    async fn remember(&self, place: Place, memory: String) {
        let kept = self.change(place.agreement, |agreement, _| {
            let participant = agreement.participants.iter_mut().find(|p| p.id == place.participant);
            let attempts = participant.map(|p| &mut p.attempts).ok_or(Refusal::UnknownParticipant)?;
            let attempt = attempts.iter_mut().find(|a| a.id == place.attempt).ok_or(Refusal::UnknownAttempt)?;
            attempt.memory = memory;
            Ok(())
        });
        if let Err(error) = kept.await {
            self.log.note(&format!("attempt {}: {error}", place.attempt));
        }
    }

    /// Shows the attempt something that no provider said: its own expiry, or what a flaw takes for evidence.
    pub(super) async fn settle_with(&self, place: Place, shown: Shown) {
        let life = self.lock().life;
        self.take(place, life, |_, _| (shown, Source::default())).await;
    }

    /// As [`Service::settle`], by whatever session the caller names. Only a flaw does.
    pub(super) async fn settle_by(&self, place: Place, session: &str) {
        let Some((client, own, life)) = self.session_to_ask(place) else { return };
        let session = Session { id: session.to_owned(), ..own };
        if let Ok(evidence) = client.fetch(&session).await {
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
                    let is_fresh = attempt.closed_at.is_some_and(|closed_at| now < closed_at + ASKED_ON);
                    attempt.outcome == Outcome::Open || (asks_again && is_final && is_fresh)
                };
                let open = participant.attempts.iter().filter(is_due);
                for attempt in open.filter(|attempt| !inner.polled.contains(&attempt.id)) {
                    let place = Place { agreement: agreement.id, participant: participant.id, attempt: attempt.id };
                    let is_open = attempt.outcome == Outcome::Open;
                    let expired = is_open && now >= attempt.expires_at && !self.rules.has(Flaw::IgnoresExpiry);
                    if expired || (attempt.session.is_some() && !self.only_hears(&attempt.provider)) {
                        due.push((place, expired));
                    }
                }
            }
        }
        inner.polled.extend(due.iter().map(|(place, _)| place.attempt));
        due
    }

    /// Whether nothing is ever fetched from this provider.
    pub(super) fn only_hears(&self, provider: &str) -> bool {
        self.rules.is(Variant::WebhookOnly) && self.clients.named(provider).is_none_or(|client| client.posts())
    }

    /// What the attempt would be asked about; none once it has ended.
    fn session_to_ask(&self, place: Place) -> Option<(Arc<dyn Client>, Session, u64)> {
        let inner = self.lock();
        let attempt = inner.attempt(place)?;
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
        let (provider, session) = match &inner.last_session {
            Some(last) if self.rules.has(Flaw::CurrentSessionIsGlobal) => last.clone(),
            Some(_) | None => (attempt.provider.clone(), attempt.session()?),
        };
        Some((self.clients.named(&provider)?.clone(), session, inner.life))
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

    /// Has the provider start a session, and notes whose it is.
    async fn start(
        &self,
        place: Place,
        client: &dyn Client,
        order: &StartOrder,
        life: u64,
    ) -> Result<(Session, Onward), Refusal> {
        match client.start(order).await {
            Ok(started) => {
                let (session, onward) = (started.session, started.onward);
                self.lock().last_session = Some((client.name().to_owned(), session.clone()));
                self.change(place.agreement, |agreement, _| {
                    let participant = agreement.participants.iter_mut().find(|p| p.id == place.participant);
                    let attempts = participant.map(|p| &mut p.attempts).ok_or(Refusal::UnknownParticipant)?;
                    let attempt = attempts.iter_mut().find(|a| a.id == place.attempt).ok_or(Refusal::UnknownAttempt)?;
                    attempt.session = Some(session.id.clone());
                    attempt.memory = session.memory.clone();
                    attempt.onward = Some(onward.clone());
                    Ok(())
                })
                .await?;
                Ok((session, onward))
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

/// How long the flaw of asking again goes on after an end: those of a whole run would be asked about every moment.
const ASKED_ON: SignedDuration = SignedDuration::from_secs(10);
