//! A space: one relying party's credentials, and everything that is its own.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;
use url::Url;

use super::journal::Journal;
use super::keys::Keys;
use super::note::Note;
use super::programme::Programme;

/// The name of the space that always exists.
pub const DEFAULT: &str = "default";

/// One relying party, as the providers know it. Sessions of one space never touch another's.
pub struct Space {
    /// Its name in the control API.
    pub name: Arc<str>,
    /// Its credentials, by provider and name: `("zignsec_v2", "token")`.
    pub credentials: BTreeMap<(&'static str, &'static str), String>,
    /// What happened in it.
    pub journal: Journal,
    /// What plays next in it.
    pub programme: Programme,
    /// What is signed with in it.
    pub keys: Keys,
    /// The number of its newest session; for long polls.
    pub newest: watch::Sender<u64>,
    /// What browsers call us, where it differs from the simulation's.
    public_url: RwLock<Option<Url>>,
    /// What was noticed outside any session.
    notes: RwLock<Vec<Note>>,
}

/// Without the credentials.
impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Space").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Space {
    /// A space with these credentials and a journal of at most `journal_bytes`.
    #[must_use]
    pub fn new(name: &str, credentials: BTreeMap<(&'static str, &'static str), String>, journal_bytes: usize) -> Self {
        Self {
            name: name.into(),
            credentials,
            journal: Journal::new(journal_bytes),
            programme: Programme::default(),
            keys: Keys::default(),
            newest: watch::Sender::new(0),
            public_url: RwLock::default(),
            notes: RwLock::default(),
        }
    }

    /// A credential.
    #[must_use]
    pub fn credential(&self, provider: &'static str, name: &'static str) -> Option<&str> {
        self.credentials.get(&(provider, name)).map(String::as_str)
    }

    /// What browsers call us in this space, where that was set.
    #[must_use]
    pub fn public_url(&self) -> Option<Url> {
        self.public_url.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets what browsers call us in this space; `None` for the simulation's own address.
    pub fn set_public_url(&self, url: Option<Url>) {
        *self.public_url.write().unwrap_or_else(PoisonError::into_inner) = url;
    }

    /// Records something noticed outside any session, once.
    pub fn note(&self, note: Note) {
        let mut notes = self.notes.write().unwrap_or_else(PoisonError::into_inner);
        if notes.len() < 200 && !notes.contains(&note) {
            notes.push(note);
        }
    }

    /// What was noticed outside any session.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        self.notes.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// All spaces, found by name or by the credential that a relying party sends anyhow.
#[derive(Debug, Default)]
pub struct Spaces {
    inner: RwLock<Index>,
}

#[derive(Default)]
struct Index {
    by_name: BTreeMap<Arc<str>, Arc<Space>>,
    by_credential: HashMap<&'static str, HashMap<String, Arc<Space>>>,
}

/// Why a space cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpaceError {
    /// Another space holds this credential.
    #[error("the {provider} credential `{name}` is already used by the space `{holder}`; choose another")]
    CredentialTaken {
        /// The provider.
        provider: &'static str,
        /// The credential's name.
        name: &'static str,
        /// The space that has it.
        holder: String,
    },
    /// No provider has such a credential.
    #[error("no provider has a credential `{name}`; there are {}", .known.join(", "))]
    CredentialUnknown {
        /// `provider.credential` as given.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// There is a space of this name.
    #[error("there is a space `{0}` already; delete it first or choose another name")]
    NameTaken(String),
    /// There are as many as may be.
    #[error("there are {0} spaces already, which is the limit; delete some")]
    TooMany(usize),
}

impl Spaces {
    /// How many spaces may exist. Each owns a journal.
    pub const MOST: usize = 1_000;

    /// Adds a space. `identifying` names, per provider, the credential by which a relying party is recognised.
    ///
    /// # Errors
    /// When the name or an identifying credential is taken, or there are too many.
    pub fn add(&self, space: Space, identifying: &[(&'static str, &'static str)]) -> Result<Arc<Space>, SpaceError> {
        let mut index = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        if index.by_name.contains_key(&space.name) {
            return Err(SpaceError::NameTaken(space.name.to_string()));
        }
        if index.by_name.len() >= Self::MOST {
            return Err(SpaceError::TooMany(Self::MOST));
        }
        index.insert(space, identifying)
    }

    /// Puts another space `default` in place of the present one.
    ///
    /// # Errors
    /// When an identifying credential is taken by another space.
    pub fn replace_default(
        &self,
        space: Space,
        identifying: &[(&'static str, &'static str)],
    ) -> Result<Arc<Space>, SpaceError> {
        let mut index = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        index.insert(space, identifying)
    }

    /// Removes a space. The default space stays.
    pub fn remove(&self, name: &str) -> Option<Arc<Space>> {
        if name == DEFAULT {
            return None;
        }
        let mut index = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        let space = index.by_name.remove(name)?;
        for of in index.by_credential.values_mut() {
            of.retain(|_, s| !Arc::ptr_eq(s, &space));
        }
        Some(space)
    }

    /// The space of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Arc<Space>> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).by_name.get(name).cloned()
    }

    /// The space whose relying party holds this credential.
    #[must_use]
    pub fn holding(&self, provider: &'static str, credential: &str) -> Option<Arc<Space>> {
        let index = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        index.by_credential.get(provider)?.get(credential).cloned()
    }

    /// The space that always exists.
    ///
    /// # Panics
    /// Never: the simulation adds it first, and it cannot be removed.
    #[must_use]
    pub fn default_space(&self) -> Arc<Space> {
        self.named(DEFAULT).expect("the default space is added when the simulation is made and cannot be removed")
    }

    /// All spaces, by name.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Space>> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner).by_name.values().cloned().collect()
    }
}

/// Without the credentials, which are its keys.
impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_name.keys()).finish()
    }
}

impl Index {
    fn insert(&mut self, space: Space, identifying: &[(&'static str, &'static str)]) -> Result<Arc<Space>, SpaceError> {
        for &(provider, name) in identifying {
            if let Some(credential) = space.credential(provider, name)
                && let Some(holder) = self.by_credential.get(provider).and_then(|of| of.get(credential))
                && holder.name != space.name
            {
                return Err(SpaceError::CredentialTaken { provider, name, holder: holder.name.to_string() });
            }
        }
        let space = Arc::new(space);
        for of in self.by_credential.values_mut() {
            of.retain(|_, held| held.name != space.name);
        }
        for &(provider, name) in identifying {
            if let Some(credential) = space.credential(provider, name) {
                self.by_credential.entry(provider).or_default().insert(credential.to_owned(), space.clone());
            }
        }
        self.by_name.insert(space.name.clone(), space.clone());
        Ok(space)
    }
}
