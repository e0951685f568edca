//! The issuer: its addresses and its keys, fetched when they are needed, kept for a while, never for ever.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use super::attempt::Halt;
use super::call::{Caller, Carried, JSON, trouble};
use crate::crypto::keys::Jwk;
use crate::reference::Flaw;
use crate::reference::provider::{FetchError, once};

/// An issuer, and what is known of it.
pub(super) struct Issuer {
    /// Exactly as tokens name it.
    pub(super) name: String,
    caller: Caller,
    known: Mutex<Known>,
}

/// What it says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Addresses {
    pub(super) authorize: Url,
    pub(super) token: Url,
    pub(super) userinfo: Url,
    /// Whether it promises to name itself on the way back (RFC 9207 section 3).
    pub(super) names_itself: bool,
    keys: Url,
}

/// Its keys, at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Keys(Vec<Jwk>);

#[derive(Default)]
struct Known {
    addresses: Option<(Instant, Arc<Addresses>)>,
    keys: Option<(Instant, Arc<Keys>)>,
    /// When keys were last asked for because one was not known.
    asked_again: Option<Instant>,
}

impl Issuer {
    pub(super) fn new(name: String, caller: Caller) -> Self {
        Self { name, caller, known: Mutex::default() }
    }

    /// Where it is.
    ///
    /// # Errors
    /// When it does not say so in a usable way.
    pub(super) async fn addresses(&self) -> Result<Arc<Addresses>, FetchError> {
        let mut known = self.known.lock().await;
        self.addresses_of(&mut known).await
    }

    /// What it says of itself now: nobody is refused for a promise that is taken back.
    ///
    /// # Errors
    /// As [`Issuer::addresses`].
    pub(super) async fn addresses_anew(&self) -> Result<Arc<Addresses>, FetchError> {
        let mut known = self.known.lock().await;
        known.addresses = None;
        self.addresses_of(&mut known).await
    }

    /// Its keys.
    ///
    /// # Errors
    /// When it does not tell them in a usable way.
    pub(super) async fn keys(&self) -> Result<Arc<Keys>, FetchError> {
        let mut known = self.known.lock().await;
        match &known.keys {
            Some((at, keys)) if self.is_fresh(*at) => Ok(keys.clone()),
            Some(_) | None => self.fetch_keys(&mut known).await,
        }
    }

    /// Its keys anew, because one is not among those that were seen. Whoever sends tokens with names that nobody has makes us ask once in a
    /// while only.
    ///
    /// # Errors
    /// As [`Issuer::keys`]; also where they were asked for just now.
    pub(super) async fn keys_anew(&self, seen: &Arc<Keys>) -> Result<Arc<Keys>, FetchError> {
        let mut known = self.known.lock().await;
        let is_pinned = self.caller.flaws.has(Flaw::CachesKeysForEver);
        if let Some((_, keys)) = known.keys.as_ref().filter(|(_, keys)| is_pinned || !Arc::ptr_eq(keys, seen)) {
            return Ok(keys.clone());
        }
        if known.asked_again.is_some_and(|at| at.elapsed() < PAUSE) {
            return Err(FetchError::Unavailable("its keys were asked for just now".to_owned()));
        }
        known.asked_again = Some(Instant::now());
        self.fetch_keys(&mut known).await
    }

    fn is_fresh(&self, at: Instant) -> bool {
        at.elapsed() < LIFETIME || self.caller.flaws.has(Flaw::CachesKeysForEver)
    }

    async fn addresses_of(&self, known: &mut Known) -> Result<Arc<Addresses>, FetchError> {
        if let Some((_, addresses)) = known.addresses.as_ref().filter(|(at, _)| self.is_fresh(*at)) {
            return Ok(addresses.clone());
        }
        let url = Url::parse(&format!("{}/.well-known/openid-configuration", self.name));
        let url = url.map_err(|_| FetchError::Unavailable("the issuer is no address".to_owned()))?;
        let document = self.json(&url, "its discovery document").await?;
        // OpenID Connect Discovery 4.3.
        if document.get("issuer").and_then(Value::as_str) != Some(&*self.name) {
            return Err(FetchError::Malformed("its discovery document is another issuer's".to_owned()));
        }
        let address = |name: &str| {
            let text = document.get(name).and_then(Value::as_str);
            // Credentials and codes go to the issuer, to nobody else.
            let home = text.and_then(|text| self.caller.home(text));
            home.ok_or_else(|| {
                FetchError::Malformed(format!("its discovery document has no {name} at the issuer's host"))
            })
        };
        let addresses = Arc::new(Addresses {
            authorize: address("authorization_endpoint")?,
            token: address("token_endpoint")?,
            userinfo: address("userinfo_endpoint")?,
            names_itself: document.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
            keys: address("jwks_uri")?,
        });
        known.addresses = Some((Instant::now(), addresses.clone()));
        Ok(addresses)
    }

    async fn fetch_keys(&self, known: &mut Known) -> Result<Arc<Keys>, FetchError> {
        let addresses = self.addresses_of(known).await?;
        let document = self.json(&addresses.keys, "its key set").await?;
        let keys = document.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or_else(|| FetchError::Malformed("its key set is none".to_owned()))?;
        // "Implementations SHOULD ignore JWKs within a JWK Set that use 'kty' values that are not understood": RFC 7517 section 5.
        let keys = keys.iter().filter_map(|key| serde_json::from_value(key.clone()).ok()).collect();
        let keys = Keys(keys);
        // What was known before is better than nothing.
        if !keys.0.iter().any(Jwk::verifies) {
            return Err(FetchError::Malformed("its key set holds no key that verifies".to_owned()));
        }
        let keys = Arc::new(keys);
        known.keys = Some((Instant::now(), keys.clone()));
        Ok(keys)
    }

    async fn json(&self, url: &Url, what: &str) -> Result<Value, FetchError> {
        let carried = Carried { accept: Some(JSON), ..Carried::default() };
        let answer = self.caller.get(url, carried).await.map_err(FetchError::Unavailable)?;
        if let Some(why) = trouble(answer.status) {
            return Err(FetchError::Unavailable(format!("{what}: {why}")));
        }
        let read = once::parse(&answer.body).ok().filter(|read| answer.status == 200 && !read.has_twins);
        read.map(|read| read.value).ok_or_else(|| FetchError::Malformed(format!("{what} cannot be read")))
    }
}

impl Keys {
    /// The keys of this name that verify signatures.
    pub(super) fn named<'a>(&'a self, kid: &'a str) -> impl Iterator<Item = &'a Jwk> {
        self.0.iter().filter(move |key| key.verifies() && key.kid.as_deref() == Some(kid))
    }

    /// The key to encrypt to: the first that says it is for that.
    pub(super) fn encryption(&self) -> Option<&Jwk> {
        self.0.iter().find(|key| key.encrypts() && key.usage.is_some() && key.kid.is_some())
    }
}

impl From<FetchError> for Halt {
    fn from(error: FetchError) -> Self {
        Self::Later(error)
    }
}

/// For how long addresses and keys are believed unasked.
const LIFETIME: Duration = Duration::from_mins(5);
/// Between two times that keys are asked for because one was not known.
const PAUSE: Duration = Duration::from_millis(200);
