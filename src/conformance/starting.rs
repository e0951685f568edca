//! Beginning an attempt: the request of the start, and which of the provider's sessions it began.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use futures::future::join_all;
use serde_json::Value;

use super::addresses::guids;
use super::attempts::{Attempt, gone};
use super::cast::typed;
use super::simulator::{SessionSeen, SimulatorError};
use super::stop::Stop;
use super::world::World;
use crate::target::{Actor, Authentication, Op, OpName, ParticipantRef, Reply, StartAuthentication, TargetError};

/// How a start differs from the plain one.
#[derive(Clone, Debug, Default)]
pub struct Wish<'a> {
    /// Whose number is typed, where it is not the visitor's own.
    pub hint: Option<&'a str>,
    /// The service's word for the method, where it is not the usual one.
    pub method: Option<String>,
    /// What a hostile signer adds to the request.
    pub extra: BTreeMap<String, Value>,
}

/// What came of a start: the attempt, or the words of the refusal.
pub(super) type Begun = Result<usize, String>;

impl World {
    /// Starts an attempt in the place of `role`, in the browser of `visitor`. A refusal is returned; everything else stops.
    ///
    /// # Errors
    /// When the target could not be driven, or the session cannot be told from others.
    pub async fn start(
        &mut self,
        role: &str,
        visitor: &str,
        hint: Option<&str>,
        method: Option<String>,
    ) -> Result<Begun, Stop> {
        self.start_with(role, visitor, Wish { hint, method, extra: BTreeMap::new() }).await
    }

    /// The same, with more in the request.
    ///
    /// # Errors
    /// As [`World::start`].
    pub async fn start_with(&mut self, role: &str, visitor: &str, wish: Wish<'_>) -> Result<Begun, Stop> {
        let mut begun = self.start_at_once(role, visitor, wish, 1).await?;
        begun.pop().ok_or_else(|| Stop::Harness("a start was lost".to_owned()))
    }

    /// The same start so many times at the same moment, each in a tab of the same browser.
    ///
    /// # Errors
    /// As [`World::start`].
    pub async fn start_at_once(
        &mut self,
        role: &str,
        visitor: &str,
        wish: Wish<'_>,
        times: usize,
    ) -> Result<Vec<Begun>, Stop> {
        let place = self.place(role)?;
        let browser = self.browser(visitor, None);
        let country = self.person(role)?.number.country();
        let (setting, provider) = (self.setting(), &self.item.provider);
        let usual = match wish.hint {
            Some(_) => setting.typing_method(provider, country),
            None => setting.method(provider, country),
        };
        let method = wish.method.or_else(|| usual.cloned());
        let asks = method.as_ref().is_some_and(|method| setting.asks_number(provider, method));
        let hint = match wish.hint {
            Some(hint) => Some(typed(&self.person(hint)?.number)),
            None if asks || self.setting().types_number => Some(typed(&self.person(visitor)?.number)),
            None => None,
        };
        let typed = hint.is_some() || !wish.extra.is_empty();
        let start = StartAuthentication {
            participant: place.clone(),
            provider: self.item.provider.clone(),
            method,
            hint,
            phone: Some(self.person(visitor)?.phone.clone()),
            extra: wish.extra,
        };
        let shared = self.shared.clone();
        let _turn = shared.turns.take(&self.item.provider).await;
        let before = shared.simulator.newest().await.map_err(gone)?;
        let count = u64::try_from(times).unwrap_or(u64::MAX);
        let begun = shared.starts.fetch_add(count, Ordering::SeqCst) + count;
        let alone = shared.starting.fetch_add(times, Ordering::SeqCst) == 0 && times == 1;
        let calls = (0..times).map(|_| self.call(Op::StartAuthentication(start.clone()), None, Some(browser.clone())));
        let answers = join_all(calls).await;
        shared.starting.fetch_sub(times, Ordering::SeqCst);
        let alone = alone && shared.starts.load(Ordering::SeqCst) == begun;
        self.happened();
        // A provider that is down is reported so by some. A service that is gone itself refuses nothing, and cannot be looked at either.
        if answers.iter().any(|answer| matches!(answer, Err(TargetError::Unavailable { .. }))) {
            self.look(role).await?;
        }
        let mut all = Vec::new();
        for answer in answers {
            // A service that is gone itself refuses nothing: it cannot be looked at either.
            if matches!(answer, Err(TargetError::Unavailable { .. })) {
                self.look(role).await?;
            }
            let told = match told(answer)? {
                Ok(told) => told,
                Err(refused) => {
                    all.push(Err(refused));
                    continue;
                }
            };
            self.succeeded(OpName::StartAuthentication, Actor::Person, "");
            shared.turns.heard(&self.item.provider, &told);
            let session = self.bind(&told, &place, before, alone).await?;
            self.attempts.push(Attempt {
                role: role.to_owned(),
                place: place.clone(),
                browser: browser.clone(),
                told,
                session,
                typed,
                open: true,
                finished_by: None,
                returned: None,
                landed: None,
            });
            all.push(Ok(self.attempts.len() - 1));
        }
        Ok(all)
    }

    /// The session of an attempt: by an id that the target tells, by a reference that only this place has, or because nobody else started.
    ///
    /// # Errors
    /// When the simulator does not answer, or two sessions may be meant.
    pub async fn bind(
        &self,
        told: &Authentication,
        place: &ParticipantRef,
        before: u64,
        alone: bool,
    ) -> Result<Option<String>, Stop> {
        let simulator = &self.shared.simulator;
        let ids = told.provider_session.iter().cloned().chain(told.redirect_url.iter().flat_map(|url| guids(url)));
        for id in ids {
            match simulator.session(&id).await {
                Ok(session) => return Ok(Some(session.id)),
                Err(SimulatorError::Refused { .. }) => {}
                Err(error @ (SimulatorError::Gone(_) | SimulatorError::InUse { .. })) => return Err(gone(error)),
            }
        }
        let mut new = simulator.sessions_after(before).await.map_err(gone)?;
        let blind = !self.shared.turns.tells(&self.item.provider);
        if blind {
            // Then everybody starts alone: at this provider, not at others.
            new.retain(|session| session.provider == self.item.provider);
        }
        let id = self
            .seat(&self.role_of(place))
            .ok()
            .and_then(|(_, seat)| seat.made.as_ref().map(|made| made.participant_id.clone()));
        let marks: Vec<String> = told
            .auth_ref
            .iter()
            .cloned()
            .chain(id)
            .chain([place.agreement_ref.clone()])
            .filter(|mark| mark.len() > 3)
            .collect();
        let is_marked = |session: &&SessionSeen| {
            let said = [session.reference.as_deref(), session.target.as_deref()];
            said.into_iter().flatten().any(|text| marks.iter().any(|mark| text.contains(mark.as_str())))
        };
        let marked: Vec<&SessionSeen> = new.iter().filter(is_marked).collect();
        match (marked.as_slice(), new.as_slice()) {
            ([one], _) => Ok(Some(one.id.clone())),
            ([], [one]) if alone || blind => Ok(Some(one.id.clone())),
            ([], []) => Ok(None),
            _ => Err(Stop::error_with(
                format!(
                    "{} sessions began at the provider at the same time, and none of them can be told to be this person's",
                    new.len()
                ),
                "let the target tell `redirect_url` or `provider_session`, or set timing.max_parallel = 1 in the target file",
            )),
        }
    }

    fn role_of(&self, place: &ParticipantRef) -> String {
        let places = self.agreements.iter().flat_map(|agreement| &agreement.places);
        places
            .into_iter()
            .find(|seat| seat.reference == place.participant_ref)
            .map(|seat| seat.role.clone())
            .unwrap_or_default()
    }
}

fn told(answer: Result<Reply, TargetError>) -> Result<Result<Authentication, String>, Stop> {
    match answer {
        Ok(Reply::Started(told)) => Ok(Ok(told)),
        Ok(other) => Err(Stop::Harness(format!("start_authentication was answered with {other:?}"))),
        Err(
            TargetError::Conflict { message }
            | TargetError::Rejected { message, .. }
            | TargetError::NotFound { message }
            // A provider that is down is reported so by some.
            | TargetError::Unavailable { message },
        ) => Ok(Err(message)),
        Err(error) => Err(Stop::of("start authentication", &error)),
    }
}
