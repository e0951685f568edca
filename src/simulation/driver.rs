//! The one task that wakes at the next due moment, and what it does there.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::agenda::Ticket;
use super::commons::Commons;
use super::control::Control;
use super::journal::Event;
use super::metrics::DeliveryLabels;
use super::outbox::{Attempt, MOST_ANSWER, PATIENCE, Taken, outcome};
use super::provider::ErrandKind;
use super::session::SessionId;
use super::sessions::Refusal;
use super::space::{DEFAULT, Space, SpaceError};
use crate::script::Millis;
use crate::session::Entered;

/// Credentials as somebody gives them: provider → name → value.
pub type Credentials = BTreeMap<String, BTreeMap<String, String>>;

/// The shared services together with all providers.
#[derive(Debug)]
pub struct Simulation {
    /// The shared services.
    pub commons: Arc<Commons>,
    /// The providers, each at its place.
    pub providers: Vec<Arc<dyn Control>>,
}

/// What happened while a session was made older.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// The phases entered, in order.
    pub entered: Vec<Entered>,
    /// The attempts to deliver, in order, in words.
    pub attempts: Vec<Attempt>,
}

/// A name that no provider has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no provider `{name}`; there are {}", .known.join(", "))]
pub struct UnknownProvider {
    /// The name asked for.
    pub name: String,
    /// The names there are, in kebab-case.
    pub known: Vec<String>,
}

impl Simulation {
    /// The provider of this name, in kebab-case or snake_case.
    ///
    /// # Errors
    /// When there is none.
    pub fn provider(&self, name: &str) -> Result<&Arc<dyn Control>, UnknownProvider> {
        let snake = name.replace('-', "_");
        self.providers.iter().find(|provider| provider.name() == snake).ok_or_else(|| UnknownProvider {
            name: name.to_owned(),
            known: self.providers.iter().map(|provider| provider.name().replace('_', "-")).collect(),
        })
    }

    /// Adds a space. Credentials that are not given are minted: the same seed and name make the same.
    ///
    /// # Errors
    /// When the name or a credential is taken, or a credential of no provider is given.
    pub fn add_space(&self, name: &str, given: &Credentials) -> Result<Arc<Space>, SpaceError> {
        let (credentials, identifying) = self.credentials(name, given)?;
        let space = Space::new(name, credentials, self.commons.bounds.journal_bytes);
        self.commons.spaces.add(space, &identifying)
    }

    /// Removes a space, and with it its sessions, journal and switches. The default space stays.
    pub fn remove_space(&self, name: &str) {
        if self.commons.spaces.remove(name).is_some() {
            self.providers.iter().for_each(|provider| provider.forget_space(name));
        }
    }

    /// Gives the space `default` other credentials. Only while nobody uses it yet: it is made anew.
    ///
    /// # Errors
    /// When a credential is taken, or one of no provider is given.
    pub fn replace_default_credentials(&self, given: &Credentials) -> Result<Arc<Space>, SpaceError> {
        let (credentials, identifying) = self.credentials(DEFAULT, given)?;
        let space = Space::new(DEFAULT, credentials, self.commons.bounds.journal_bytes);
        self.commons.spaces.replace_default(space, &identifying)
    }

    #[expect(clippy::type_complexity, reason = "two lists that are made together and used once")]
    fn credentials(
        &self,
        space: &str,
        given: &Credentials,
    ) -> Result<(BTreeMap<(&'static str, &'static str), String>, Vec<(&'static str, &'static str)>), SpaceError> {
        let mut credentials = BTreeMap::new();
        let mut identifying = Vec::new();
        let mut known = Vec::new();
        for provider in &self.providers {
            for name in provider.credentials() {
                let own = given.iter().find(|(p, _)| p.replace('-', "_") == provider.name());
                let value = own.and_then(|(_, of)| of.get(*name)).cloned().unwrap_or_else(|| {
                    let entropy = self
                        .commons
                        .derive("credential", &[space.as_bytes(), provider.name().as_bytes(), name.as_bytes()]);
                    provider.mint(space, name, entropy)
                });
                known.push(format!("{}.{name}", provider.name()));
                credentials.insert((provider.name(), *name), value);
            }
            identifying.extend(provider.credentials().first().map(|name| (provider.name(), *name)));
        }
        let unknown = given
            .iter()
            .flat_map(|(p, of)| of.keys().map(move |name| format!("{}.{name}", p.replace('-', "_"))))
            .find(|name| !known.contains(name));
        match unknown {
            Some(name) => Err(SpaceError::CredentialUnknown { name, known }),
            None => Ok((credentials, identifying)),
        }
    }

    /// The provider that has a session.
    #[must_use]
    pub fn holder(&self, id: SessionId) -> Option<&Arc<dyn Control>> {
        self.providers.iter().find(|provider| provider.has(id))
    }

    /// Makes a session older, and returns once everything that came due because of it has happened: steps, deliveries, retries.
    ///
    /// # Errors
    /// When there is no such session.
    pub async fn advance(&self, id: SessionId, by: Millis) -> Result<Happened, Refusal> {
        let provider = self.holder(id).ok_or(Refusal::Unknown(id))?;
        let mut happened = Happened { entered: provider.older(id, by)?, attempts: Vec::new() };
        loop {
            let now = self.commons.clock.now();
            if let Some(taken) = self.commons.outbox.take_due(&self.commons.agenda, id, now) {
                happened.attempts.push(self.deliver(taken).await);
            } else if !self.commons.outbox.idle(id).await {
                break;
            }
        }
        // An answer to a question may have moved the session on.
        happened.entered.extend(provider.tick(id)?);
        Ok(happened)
    }

    /// Does whatever is due now, and waits for it. Tests with a clock that stands still call it instead of [`Simulation::drive`].
    pub async fn settle(&self) {
        while let Some(ticket) = self.commons.agenda.take_due(self.commons.clock.now()) {
            match ticket {
                Ticket::Errand(number) => {
                    if let Some(taken) = self.commons.outbox.take(number) {
                        self.deliver(taken).await;
                    }
                }
                Ticket::Session(..) | Ticket::Waiting(_) => self.turn(ticket),
            }
        }
    }

    /// Runs for ever: wakes at the next due moment and does what is due.
    pub async fn drive(self: Arc<Self>) {
        let commons = &self.commons;
        loop {
            while let Some(ticket) = commons.agenda.take_due(commons.clock.now()) {
                match ticket {
                    Ticket::Errand(number) => {
                        if let Some(taken) = commons.outbox.take(number) {
                            let simulation = self.clone();
                            tokio::spawn(async move { simulation.deliver(taken).await });
                        }
                    }
                    Ticket::Session(..) | Ticket::Waiting(_) => self.turn(ticket),
                }
            }
            match commons.agenda.first() {
                Some(at) => {
                    let wait = Duration::from_millis(at.since(commons.clock.now()).0);
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = commons.agenda.changed() => {}
                    }
                }
                None => commons.agenda.changed().await,
            }
        }
    }

    fn turn(&self, ticket: Ticket) {
        match ticket {
            Ticket::Session(place, id) => {
                if let Some(provider) = self.providers.get(place) {
                    // A session that is gone needs no tick.
                    let _ = provider.tick(id);
                }
            }
            Ticket::Waiting(number) => self.commons.waits.due(number),
            Ticket::Errand(_) => {}
        }
    }

    /// Makes one attempt, and puts it on record before anybody can ask for it.
    async fn deliver(&self, taken: Taken) -> Attempt {
        let commons = &self.commons;
        let now = commons.clock.now();
        let answer = match taken.request(now) {
            Ok(request) => commons.dialer.send(request, PATIENCE, MOST_ANSWER).await.map_err(|e| e.to_string()),
            Err(error) => Err(format!("the address cannot be called: {error}")),
        };
        let (words, accepted) = match &answer {
            Ok(answer) => outcome(answer),
            Err(error) => (error.clone(), false),
        };
        let (kind, session, space) = (taken.errand().kind, taken.sender().session, taken.sender().space.clone());
        let url = taken.errand().url.clone();
        space.journal.record(now, Some(session), Event::Errand { url, outcome: words.clone(), accepted });
        let labels = DeliveryLabels {
            kind: match kind {
                ErrandKind::Question => "question",
                ErrandKind::Webhook => "webhook",
            },
            accepted: if accepted { "true" } else { "false" },
        };
        commons.metrics.deliveries.get_or_create(&labels).inc();
        let attempt = Attempt { at: now.to_string(), outcome: words, accepted };
        if kind == ErrandKind::Question
            && let Some(provider) = self.providers.get(taken.sender().provider)
        {
            // A session that is gone needs no answer.
            let _ = provider.answered(session, taken.errand(), answer.as_ref().ok());
        }
        commons.outbox.record(&commons.agenda, taken, attempt.clone());
        attempt
    }
}
