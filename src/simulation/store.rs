//! Where one provider's sessions are kept: bounded by count and by bytes, the oldest go first.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::commons::Bounds;
use super::provider::Provider;
use super::session::{Session, SessionId};

/// One session behind its own lock.
pub(super) type Cell<P> = Arc<Mutex<Session<P>>>;

/// Takes a session's lock. Sessions are plain data: one that panicked over it left nothing half-done.
pub(super) fn lock<P: Provider>(cell: &Mutex<Session<P>>) -> MutexGuard<'_, Session<P>> {
    cell.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The sessions by id, and by age.
#[derive(Debug)]
pub(super) struct Store<P: Provider> {
    live: RwLock<HashMap<SessionId, Cell<P>>>,
    ages: Mutex<Ages>,
}

/// From the oldest to the newest, with the bytes of their orders.
#[derive(Debug, Default)]
struct Ages {
    order: VecDeque<(SessionId, usize)>,
    weight: usize,
}

impl<P: Provider> Default for Store<P> {
    fn default() -> Self {
        Self { live: RwLock::default(), ages: Mutex::default() }
    }
}

impl<P: Provider> Store<P> {
    /// A session.
    pub(super) fn find(&self, id: SessionId) -> Option<Cell<P>> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Takes a session in. Returns those that had to go for it.
    pub(super) fn insert(&self, session: Session<P>, weight: usize, bounds: Bounds) -> Vec<(SessionId, Cell<P>)> {
        let id = session.id;
        self.live.write().unwrap_or_else(PoisonError::into_inner).insert(id, Arc::new(Mutex::new(session)));
        let mut ages = self.ages.lock().unwrap_or_else(PoisonError::into_inner);
        ages.order.push_back((id, weight));
        ages.weight += weight;
        let mut gone = Vec::new();
        // The newest stays, however large it is.
        while ages.order.len() > bounds.sessions.max(1) || (ages.weight > bounds.order_bytes && ages.order.len() > 1) {
            let Some((oldest, weight)) = ages.order.pop_front() else { break };
            ages.weight -= weight;
            gone.push(oldest);
        }
        drop(ages);
        if gone.is_empty() {
            return Vec::new();
        }
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        gone.into_iter().filter_map(|id| live.remove(&id).map(|cell| (id, cell))).collect()
    }

    /// Removes every session of a space, and returns them.
    pub(super) fn remove_space(&self, space: &str) -> Vec<(SessionId, Cell<P>)> {
        let of_space: Vec<_> = self
            .ids()
            .into_iter()
            .filter_map(|id| self.find(id).filter(|cell| &*lock(cell).space == space).map(|cell| (id, cell)))
            .collect();
        let gone: HashSet<SessionId> = of_space.iter().map(|(id, _)| *id).collect();
        let mut ages = self.ages.lock().unwrap_or_else(PoisonError::into_inner);
        let Ages { order, weight } = &mut *ages;
        order.retain(|(id, bytes)| {
            let stays = !gone.contains(id);
            *weight -= if stays { 0 } else { *bytes };
            stays
        });
        drop(ages);
        self.live.write().unwrap_or_else(PoisonError::into_inner).retain(|id, _| !gone.contains(id));
        of_space
    }

    /// The ids, from the newest to the oldest.
    pub(super) fn ids(&self) -> Vec<SessionId> {
        let ages = self.ages.lock().unwrap_or_else(PoisonError::into_inner);
        ages.order.iter().rev().map(|(id, _)| *id).collect()
    }

    /// The numbers and ids of a space's sessions with a number above `after`, from the oldest to the newest.
    pub(super) fn numbered(&self, space: &str, after: u64) -> Vec<(u64, SessionId)> {
        let of_space = |id: SessionId| {
            let cell = self.find(id)?;
            let session = lock(&cell);
            (&*session.space == space && session.number > after).then_some((session.number, id))
        };
        let mut numbered: Vec<_> = self.ids().into_iter().filter_map(of_space).collect();
        numbered.sort_unstable();
        numbered
    }

    /// How many sessions there are.
    pub(super) fn len(&self) -> usize {
        self.live.read().unwrap_or_else(PoisonError::into_inner).len()
    }
}
