//! What all providers of a simulation share.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use url::Url;

use super::agenda::Agenda;
use super::clock::{Clock, Timestamp};
use super::made_up::MadeUp;
use super::metrics::Metrics;
use super::outbox::Outbox;
use super::space::{Space, Spaces};
use super::waits::Waits;
use crate::crypto::mac;
use crate::dial::Dialer;
use crate::identity::{Country, NationalNumber, Person, Persons};
use crate::script::Library;

/// How much a simulation may hold. Past a bound the oldest goes, and the journal says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Sessions of one provider.
    pub sessions: usize,
    /// Bytes of one provider's orders.
    pub order_bytes: usize,
    /// Bytes of one space's journal.
    pub journal_bytes: usize,
    /// Bytes of one request body.
    pub body_bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { sessions: 3_000, order_bytes: 8 << 20, journal_bytes: 2 << 20, body_bytes: 1 << 20 }
    }
}

/// The shared services.
pub struct Commons {
    /// The time of day.
    pub clock: Clock,
    /// What falls due when.
    pub agenda: Agenda,
    /// What we send of our own accord.
    pub outbox: Outbox,
    /// Requests answered late.
    pub waits: Waits,
    /// The relying parties.
    pub spaces: Spaces,
    /// How much may be held.
    pub bounds: Bounds,
    /// What is counted.
    pub metrics: Metrics,
    /// How others are called.
    pub dialer: Dialer,
    /// When the simulation began.
    pub begun: Timestamp,
    secret: [u8; 32],
    sessions: AtomicU64,
    made_up: Mutex<MadeUp>,
    persons: RwLock<Arc<Persons>>,
    scripts: RwLock<Arc<Library>>,
    public_url: RwLock<Url>,
}

/// Without the secret.
impl fmt::Debug for Commons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Commons").field("begun", &self.begun).field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

impl Commons {
    /// The services of a new simulation. Everything random in it is derived from `seed`.
    #[must_use]
    pub fn new(seed: &str, clock: Clock, bounds: Bounds, dialer: Dialer, public_url: Url) -> Self {
        let begun = clock.now();
        Self {
            clock,
            agenda: Agenda::default(),
            outbox: Outbox::default(),
            waits: Waits::default(),
            spaces: Spaces::default(),
            bounds,
            metrics: Metrics::default(),
            dialer,
            begun,
            secret: mac::derive(seed.as_bytes(), "simulation", &[]),
            sessions: AtomicU64::new(0),
            made_up: Mutex::default(),
            persons: RwLock::new(Arc::new(Persons::bundled())),
            scripts: RwLock::new(Arc::new(Library::bundled())),
            public_url: RwLock::new(public_url),
        }
    }

    /// The key of everything derived. Artefacts made of it name their purpose.
    #[must_use]
    pub const fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// 32 bytes that look random and are the same for the same seed.
    #[must_use]
    pub fn derive(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        mac::derive(&self.secret, purpose, parts)
    }

    /// The number of the next session, from 1.
    pub fn number_session(&self) -> u64 {
        self.sessions.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Sessions to come get higher numbers than this one, which came from elsewhere.
    pub fn number_beyond(&self, number: u64) {
        self.sessions.fetch_max(number, Ordering::Relaxed);
    }

    /// The register of persons.
    #[must_use]
    pub fn persons(&self) -> Arc<Persons> {
        self.persons.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another register in place. Running sessions keep their people.
    pub fn set_persons(&self, persons: Persons) {
        *self.persons.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(persons);
    }

    /// A person nobody has met before. Whoever meets their number or name later, meets the same person.
    #[must_use]
    pub fn fresh_person(&self, country: Country) -> Arc<Person> {
        let seed = u64::from_be_bytes(first_eight(&self.derive("fresh persons", &[])));
        let taken = self.persons();
        let mut made_up = self.made_up.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let person = Persons::fresh(seed, made_up.next(), country);
            // A team's own register may hold a number of the series.
            if taken.by_number(&person.number).is_none() && taken.by_name(&person.name).is_none() {
                made_up.keep(person.clone());
                return person;
            }
        }
    }

    /// Who bears a number: somebody of the register, somebody made up before, or a stranger who is the same each time.
    #[must_use]
    pub fn bearer(&self, number: &NationalNumber) -> Arc<Person> {
        let made_up = || self.made_up.lock().unwrap_or_else(PoisonError::into_inner).by_number(number);
        self.persons().by_number(number).cloned().or_else(made_up).unwrap_or_else(|| Persons::stranger(number))
    }

    /// The person of this name, of the register or made up before.
    #[must_use]
    pub fn person_named(&self, name: &str) -> Option<Arc<Person>> {
        let made_up = || self.made_up.lock().unwrap_or_else(PoisonError::into_inner).by_name(name);
        self.persons().by_name(name).cloned().or_else(made_up)
    }

    /// The scripts.
    #[must_use]
    pub fn scripts(&self) -> Arc<Library> {
        self.scripts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts other scripts in place. Running sessions keep theirs.
    pub fn set_scripts(&self, scripts: Library) {
        *self.scripts.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(scripts);
    }

    /// What browsers call us, in spaces that do not say otherwise.
    #[must_use]
    pub fn public_url(&self) -> Url {
        self.public_url.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What browsers call us in a space, with a slash at the end.
    #[must_use]
    pub fn public_url_of(&self, space: &Space) -> String {
        let mut address = String::from(space.public_url().unwrap_or_else(|| self.public_url()));
        if !address.ends_with('/') {
            address.push('/');
        }
        address
    }

    /// The one person with this e-mail address or telephone: of the register, or made up before. `None` as well where several have it.
    #[must_use]
    pub fn reached_at(&self, address: &str) -> Option<Arc<Person>> {
        let is = |person: &&Arc<Person>| person.email.eq_ignore_ascii_case(address) || person.phone == address;
        let persons = self.persons();
        let made_up = self.made_up.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = persons.iter().chain(made_up.iter()).filter(is);
        let first = found.next()?.clone();
        found.next().is_none().then_some(first)
    }

    /// Changes what browsers call us. Addresses given out already stay as they are.
    pub fn set_public_url(&self, url: Url) {
        *self.public_url.write().unwrap_or_else(PoisonError::into_inner) = url;
    }
}

fn first_eight(bytes: &[u8; 32]) -> [u8; 8] {
    let mut first = [0; 8];
    first.copy_from_slice(&bytes[..8]);
    first
}
