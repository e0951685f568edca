//! One provider's switches, by space.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The switches of the spaces that changed any, and those of all others.
#[derive(Debug, Default)]
pub(super) struct Switches<S> {
    of: RwLock<HashMap<Arc<str>, Arc<S>>>,
    untouched: Arc<S>,
}

impl<S> Switches<S> {
    /// Those of a space.
    pub(super) fn of(&self, space: &str) -> Arc<S> {
        self.of.read().unwrap_or_else(PoisonError::into_inner).get(space).unwrap_or(&self.untouched).clone()
    }

    /// Changes those of a space. Changes made at the same time come one after the other, so that none is lost.
    pub(super) fn alter<E>(&self, space: &Arc<str>, change: impl FnOnce(&S) -> Result<S, E>) -> Result<Arc<S>, E> {
        let mut of = self.of.write().unwrap_or_else(PoisonError::into_inner);
        let altered = Arc::new(change(of.get(space).unwrap_or(&self.untouched))?);
        of.insert(space.clone(), altered.clone());
        Ok(altered)
    }

    /// Forgets a space.
    pub(super) fn forget(&self, space: &str) {
        self.of.write().unwrap_or_else(PoisonError::into_inner).remove(space);
    }
}
