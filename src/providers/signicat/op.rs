//! The OpenID Provider as its handlers share it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::Signicat;
use super::keys::SpaceKeys;
use super::place::{self, Place};
use super::published::{Published, keep};
use super::settings::Settings;
use crate::simulation::{SessionId, Sessions, Space, Timestamp};

/// What all handlers share.
#[derive(Debug)]
pub(super) struct Op {
    pub(super) sessions: Arc<Sessions<Signicat>>,
    pub(super) published: Published,
    seen: Mutex<Seen>,
    newest: RwLock<HashMap<Arc<str>, SessionId>>,
}

/// One request's surroundings.
#[derive(Clone, Debug)]
pub(super) struct Here {
    pub(super) space: Arc<Space>,
    pub(super) settings: Arc<Settings>,
    pub(super) place: Place,
    pub(super) keys: SpaceKeys,
    pub(super) now: Timestamp,
}

/// Request objects that were there before, the newest ones.
#[derive(Debug, Default)]
struct Seen {
    known: HashSet<[u8; 32]>,
    ages: VecDeque<[u8; 32]>,
}

impl Op {
    pub(super) fn new(sessions: Arc<Sessions<Signicat>>) -> Self {
        Self { sessions, published: Published::default(), seen: Mutex::default(), newest: RwLock::default() }
    }

    /// The key of everything derived.
    pub(super) fn secret(&self) -> &[u8; 32] {
        self.sessions.commons.secret()
    }

    /// The surroundings of a request; `None` for a space that does not exist.
    pub(super) fn here(&self, uri: &http::Uri) -> Option<Here> {
        place::space(&self.sessions.commons, uri).map(|space| self.at(space))
    }

    fn at(&self, space: Arc<Space>) -> Here {
        let commons = &self.sessions.commons;
        let now = commons.clock.now();
        Here {
            settings: self.sessions.settings(&space.name),
            place: Place::of(commons, &space),
            keys: SpaceKeys::of(&space, commons.secret(), now),
            space,
            now,
        }
    }

    /// Whether something of a space comes for the first time; the newest twenty thousand are remembered.
    pub(super) fn is_new(&self, space: &Space, what: &[u8]) -> bool {
        let digest = self.sessions.commons.derive("signicat seen", &[space.name.as_bytes(), what]);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.known.insert(digest) {
            return false;
        }
        seen.ages.push_back(digest);
        if seen.ages.len() > MOST_SEEN
            && let Some(oldest) = seen.ages.pop_front()
        {
            seen.known.remove(&oldest);
        }
        true
    }

    /// The session whose script decides about what is asked without naming any: discovery and the key set.
    pub(super) fn newest(&self, space: &Space) -> Option<SessionId> {
        self.newest.read().unwrap_or_else(PoisonError::into_inner).get(&space.name).copied()
    }

    /// Makes a session that one.
    pub(super) fn set_newest(&self, space: &Space, session: SessionId) {
        keep(&self.newest, space, session);
    }
}

const MOST_SEEN: usize = 20_000;
