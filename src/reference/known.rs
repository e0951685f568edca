//! What the service knows, under one lock, and where everything is found.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use url::Url;
use uuid::Uuid;

use super::model::{Agreement, Attempt, Binding};
use super::outbound::Endpoint;
use super::provider::Session;
use super::store::Store;

/// What is looked up under the lock.
pub(super) struct Inner {
    pub(super) agreements: BTreeMap<Uuid, Agreement>,
    pub(super) webhooks: BTreeMap<String, Webhook>,
    rooms: HashMap<String, Place>,
    handles: HashMap<String, Place>,
    sessions: HashMap<String, Place>,
    pub(super) starts: HashMap<Uuid, VecDeque<Instant>>,
    /// Attempts whose result is being fetched by the poller.
    pub(super) polled: HashSet<Uuid>,
    /// The provider and session started last; only a flaw looks.
    pub(super) last_session: Option<(String, Session)>,
    /// Counts restarts: what was under way in an earlier life has no effect.
    pub(super) life: u64,
    pub(super) store: Store,
    /// Bytes after everything was last written anew.
    pub(super) compacted: usize,
}

/// Where an attempt is. Of a room, the attempt is nil.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) agreement: Uuid,
    pub(super) participant: Uuid,
    pub(super) attempt: Uuid,
}

/// One line of the store.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Record {
    Agreement(Box<Agreement>),
    Webhook(Webhook),
}

/// Where a tenant's webhooks go; without an address they go nowhere.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Webhook {
    pub(super) owner: String,
    pub(super) url: Option<String>,
    pub(super) secret: String,
}

impl Inner {
    pub(super) fn new(store: Store) -> Self {
        Self {
            agreements: BTreeMap::new(),
            webhooks: BTreeMap::new(),
            rooms: HashMap::new(),
            handles: HashMap::new(),
            sessions: HashMap::new(),
            starts: HashMap::new(),
            polled: HashSet::new(),
            last_session: None,
            life: 0,
            compacted: store.bytes(),
            store,
        }
    }

    /// The attempt at its place.
    pub(super) fn attempt(&self, place: Place) -> Option<&Attempt> {
        self.agreements.get(&place.agreement)?.participant(place.participant)?.attempt(place.attempt)
    }

    /// The room of this token.
    pub(super) fn room(&self, token: &str) -> Option<Place> {
        self.rooms.get(token).copied().filter(|place| self.holds(*place))
    }

    /// The attempt of this return address.
    pub(super) fn handle(&self, handle: &str) -> Option<Place> {
        self.handles.get(handle).copied().filter(|place| self.holds(*place))
    }

    /// The attempt whose session this is: our own map decides, nothing that a message brings along.
    pub(super) fn session(&self, session: &str) -> Option<Place> {
        self.sessions.get(session).copied().filter(|place| self.holds(*place))
    }

    fn holds(&self, place: Place) -> bool {
        self.agreements.get(&place.agreement).is_some_and(|a| a.participant(place.participant).is_some())
    }

    pub(super) fn index(&mut self, agreement: &Agreement) {
        for participant in &agreement.participants {
            let room = Place { agreement: agreement.id, participant: participant.id, attempt: Uuid::nil() };
            self.rooms.insert(participant.token.clone(), room);
            for attempt in &participant.attempts {
                let place = Place { attempt: attempt.id, ..room };
                self.handles.insert(attempt.handle.clone(), place);
                if let Some(session) = &attempt.session {
                    // The first owner of a session stays its owner.
                    self.sessions.entry(session.clone()).or_insert(place);
                }
            }
        }
    }

    pub(super) fn records(&self) -> Vec<String> {
        let agreements = self.agreements.values().map(|a| Record::Agreement(Box::new(a.clone())));
        let webhooks = self.webhooks.values().cloned().map(Record::Webhook);
        agreements.chain(webhooks).map(|record| written(&record)).collect()
    }

    pub(super) fn forget(&mut self) {
        self.agreements.clear();
        self.webhooks.clear();
        self.rooms.clear();
        self.handles.clear();
        self.sessions.clear();
        self.starts.clear();
        self.polled.clear();
        self.last_session = None;
        self.life += 1;
    }
}

impl Webhook {
    pub(super) fn endpoint(&self) -> Option<Endpoint> {
        let url = Url::parse(self.url.as_deref()?).ok()?;
        Some(Endpoint { url, secret: self.secret.clone() })
    }
}

/// Whether something that was kept of a number is gone.
pub(super) fn is_erased(before: &Agreement, after: &Agreement) -> bool {
    before.participants.iter().any(|old| {
        let kept = |binding: &Binding| (binding.digest, binding.sealed.clone(), binding.flawed.clone());
        let new = after.participant(old.id).and_then(|new| new.binding.as_ref());
        old.binding.as_ref().is_some_and(|binding| Some(kept(binding)) != new.map(kept))
    })
}

pub(super) fn written(record: &Record) -> String {
    serde_json::to_string(record).expect("records have text keys only")
}
