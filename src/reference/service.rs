//! The state of the running service, and how it changes: one agreement at a time, written down before it is told.
//!
//! ```text
//! change(agreement, f) ─lock─▶ clone ─f─▶ record ─▶ store ─▶ in its place ─unlock─▶ durable ─▶ the answer, and the webhooks
//! ```

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use url::Url;
use uuid::Uuid;

use super::Flaw;
use super::agreement::{AGREEMENT_FULFILLED, FAILED, FULFILLED, PASSED};
use super::binding::Keyring;
use super::decide::Rules;
use super::known::{Inner, Record, Webhook, is_erased, written};
use super::log::Log;
use super::mailbox::Mailbox;
use super::model::Agreement;
use super::outbound::Outbound;
use super::provider::Clients;
use super::refusal::Refusal;
use super::store::{Durable, Store, StoreError};
use super::underway::{Busy, Underway};
use super::views;
use crate::crypto::mac;

/// Everything that handlers and tasks share.
pub(super) struct Service {
    pub(super) rules: Rules,
    pub(super) keyring: Keyring,
    /// Token → name of the tenant.
    pub(super) owners: BTreeMap<String, String>,
    pub(super) public_url: Url,
    pub(super) poll: Duration,
    pub(super) attempt_lifetime: Duration,
    pub(super) clients: Clients,
    pub(super) outbound: Outbound,
    pub(super) mailbox: Mailbox,
    pub(super) log: Log,
    root: [u8; 32],
    minted: AtomicU64,
    inner: Mutex<Inner>,
    busy: Underway,
    /// The moments at which the poller began or ended a round: an odd number while one is under way.
    pub(super) rounds: watch::Sender<u64>,
    notices: mpsc::UnboundedSender<Notice>,
}

/// What a service is made of.
pub(super) struct Parts {
    pub(super) rules: Rules,
    pub(super) keyring: Keyring,
    pub(super) owners: BTreeMap<String, String>,
    pub(super) public_url: Url,
    pub(super) poll: Duration,
    pub(super) attempt_lifetime: Duration,
    pub(super) clients: Clients,
    pub(super) outbound: Outbound,
    /// What ids and secrets are derived from.
    pub(super) root: [u8; 32],
    pub(super) store: Store,
    pub(super) records: Vec<String>,
}

/// A webhook to be sent once what it tells is durable.
struct Notice {
    owner: String,
    key: String,
    body: Value,
    durable: Durable,
    _busy: Busy,
}

impl Service {
    /// Puts it together, and starts the task that sends webhooks.
    pub(super) fn new(parts: Parts) -> Result<Arc<Self>, StoreError> {
        let (notices, mut waiting) = mpsc::unbounded_channel::<Notice>();
        let outbound = parts.outbound.clone();
        tokio::spawn(async move {
            while let Some(notice) = waiting.recv().await {
                if notice.durable.clone().reached().await {
                    outbound.send(&notice.owner, &notice.key, &notice.body);
                }
            }
        });
        let service = Self {
            rules: parts.rules,
            keyring: parts.keyring,
            owners: parts.owners,
            public_url: parts.public_url,
            poll: parts.poll,
            attempt_lifetime: parts.attempt_lifetime,
            clients: parts.clients,
            outbound: parts.outbound,
            mailbox: Mailbox::default(),
            log: Log::default(),
            root: parts.root,
            minted: AtomicU64::new(0),
            inner: Mutex::new(Inner::new(parts.store)),
            busy: Underway::none(),
            rounds: watch::Sender::new(0),
            notices,
        };
        service.load(&mut service.lock(), &parts.records)?;
        Ok(Arc::new(service))
    }

    /// Changes an agreement; a refusal changes nothing. When it returns, the change is durable.
    pub(super) async fn change<T>(
        &self,
        id: Uuid,
        change: impl FnOnce(&mut Agreement, Timestamp) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let (value, durable) = {
            let mut inner = self.lock();
            let mut agreement = inner.agreements.get(&id).cloned().ok_or(Refusal::UnknownAgreement)?;
            let now = Timestamp::now();
            let value = change(&mut agreement, now)?;
            (value, self.put(&mut inner, agreement))
        };
        if durable.reached().await { Ok(value) } else { Err(Refusal::Store) }
    }

    /// Adds a new agreement.
    pub(super) async fn add(&self, agreement: Agreement) -> Result<(), Refusal> {
        let durable = self.put(&mut self.lock(), agreement);
        if durable.reached().await { Ok(()) } else { Err(Refusal::Store) }
    }

    /// Looks; what is told is durable, too.
    pub(super) async fn read<T>(&self, look: impl FnOnce(&Inner) -> T) -> Result<T, Refusal> {
        let (value, durable) = {
            let inner = self.lock();
            (look(&inner), inner.store.durable())
        };
        if durable.reached().await { Ok(value) } else { Err(Refusal::Store) }
    }

    /// Sets or, without an address, removes a tenant's webhook.
    pub(super) async fn set_webhook(&self, owner: &str, url: Option<Url>, secret: String) -> Result<(), Refusal> {
        let durable = {
            let mut inner = self.lock();
            let webhook = Webhook { owner: owner.to_owned(), url: url.map(String::from), secret };
            self.outbound.configure(owner, webhook.endpoint());
            let durable = inner.store.append(&written(&Record::Webhook(webhook.clone())));
            inner.webhooks.insert(owner.to_owned(), webhook);
            durable
        };
        if durable.reached().await { Ok(()) } else { Err(Refusal::Store) }
    }

    /// Counts a start of a participant.
    ///
    /// # Errors
    /// When there were too many in the last minute, with how long to wait.
    pub(super) fn count_start(&self, participant: Uuid) -> Result<(), Refusal> {
        let mut inner = self.lock();
        let now = Instant::now();
        let starts = inner.starts.entry(participant).or_default();
        while starts.front().is_some_and(|first| now.duration_since(*first) >= MINUTE) {
            starts.pop_front();
        }
        if let Some(first) = starts.front().filter(|_| starts.len() >= MOST_STARTS) {
            return Err(Refusal::TooManyStarts(MINUTE.saturating_sub(now.duration_since(*first))));
        }
        starts.push_back(now);
        Ok(())
    }

    /// Drops everything that is not in the store, as a crash does, and reads the store again.
    pub(super) async fn restart(&self) -> Result<(), StoreError> {
        let durable = self.lock().store.durable();
        durable.reached().await;
        let mut inner = self.lock();
        let records = inner.store.reload()?;
        self.load(&mut inner, &records)
    }

    /// Exactly what the store holds.
    pub(super) async fn dump(&self) -> Result<Vec<u8>, Refusal> {
        let durable = self.lock().store.durable();
        durable.reached().await;
        self.lock().store.dump().map_err(|_| Refusal::Store)
    }

    /// Says that something is under way in an agreement.
    pub(super) fn begin_work(&self, agreement: Uuid) -> Busy {
        self.busy.begin(&agreement.to_string())
    }

    /// Waits until everything has come to its end that has happened so far: what is under way now, what the poller finds when it looks
    /// next, what follows from either, and the webhooks that tell of it. What others begin meanwhile does not count, nor, with an
    /// agreement, what is under way in others.
    pub(super) async fn idle(&self, agreement: Option<&str>) {
        self.busy.ended(agreement).await;
        // Who looks rarely is idle in between.
        if self.poll <= SOON {
            let mut rounds = self.rounds.subscribe();
            let seen = *rounds.borrow();
            // The end of the next round that begins. It cannot fail: the sender is ours.
            let end = seen + 2 + seen % 2;
            let _ = rounds.wait_for(|moments| *moments >= end).await;
        }
        self.busy.ended(agreement).await;
        // The notices of what has just ended.
        self.busy.ended(agreement).await;
        self.outbound.idle(agreement).await;
    }

    /// 32 bytes that nobody can foretell, nor from them any others.
    pub(super) fn mint(&self, purpose: &str) -> [u8; 32] {
        let number = self.minted.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        mac::derive(&self.root, purpose, &[&number])
    }

    /// A new id: public, in the form of a random UUID.
    pub(super) fn mint_id(&self) -> Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.mint("id")[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an agreement in its place, in memory and in the store.
    fn put(&self, inner: &mut Inner, agreement: Agreement) -> Durable {
        let before = inner.agreements.get(&agreement.id);
        if before == Some(&agreement) {
            return inner.store.durable();
        }
        let told = before.map_or(0, |before| before.events.len());
        let erases = before.is_some_and(|before| is_erased(before, &agreement));
        let is_large = inner.store.bytes() > 2 * inner.compacted + SLACK;
        let (id, record) = (agreement.id, written(&Record::Agreement(Box::new(agreement.clone()))));
        inner.index(&agreement);
        inner.agreements.insert(id, agreement);
        let durable = if (erases && !self.rules.has(Flaw::KeepsBindingAfterEnd)) || is_large {
            let all = inner.records();
            let durable = inner.store.rewrite(all);
            inner.compacted = inner.store.bytes();
            durable
        } else {
            inner.store.append(&record)
        };
        if let Some(agreement) = inner.agreements.get(&id) {
            self.tell(agreement, told, &durable);
        }
        durable
    }

    /// Queues the webhooks of the events that are new, and logs them.
    fn tell(&self, agreement: &Agreement, told: usize, durable: &Durable) {
        for event in agreement.events.iter().skip(told) {
            self.log.note(&format!("{} agreement {}", event.event, agreement.id));
            let status = match event.event.as_str() {
                // Told while it is under way: the signature comes after it.
                PASSED => Some("processing"),
                FAILED => Some("rejected"),
                FULFILLED => Some("fulfilled"),
                _ => None,
            };
            let data = match (status, event.participant.and_then(|id| agreement.participant(id))) {
                (Some(status), Some(participant)) => views::notice(self, agreement, participant, status),
                (None, _) if event.event == AGREEMENT_FULFILLED => views::agreement(self, agreement),
                (Some(_) | None, _) => continue,
            };
            let body = serde_json::json!({"event": event.event, "data": data});
            let notice = Notice {
                owner: agreement.owner.clone(),
                key: agreement.id.to_string(),
                body,
                durable: durable.clone(),
                _busy: self.begin_work(agreement.id),
            };
            // The task ends with the process only.
            let _ = self.notices.send(notice);
        }
    }

    fn load(&self, inner: &mut Inner, records: &[String]) -> Result<(), StoreError> {
        inner.forget();
        for (index, record) in records.iter().enumerate() {
            let record: Record = serde_json::from_str(record).map_err(|_| StoreError::Damaged {
                path: "the store".to_owned(),
                line: index + 2,
                problem: "the record is of another version",
            })?;
            match record {
                Record::Agreement(agreement) => {
                    inner.agreements.insert(agreement.id, *agreement);
                }
                Record::Webhook(webhook) => {
                    inner.webhooks.insert(webhook.owner.clone(), webhook);
                }
            }
        }
        for agreement in inner.agreements.values().cloned().collect::<Vec<_>>() {
            inner.index(&agreement);
        }
        for webhook in inner.webhooks.values() {
            self.outbound.configure(&webhook.owner, webhook.endpoint());
        }
        Ok(())
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").field("public_url", &self.public_url.as_str()).finish_non_exhaustive()
    }
}

const MINUTE: Duration = Duration::from_secs(60);
const MOST_STARTS: usize = 20;
/// Bytes by which the store may grow before it is written anew.
const SLACK: usize = 1 << 20;

/// A poller with a longer period is not waited for.
const SOON: Duration = Duration::from_secs(2);
