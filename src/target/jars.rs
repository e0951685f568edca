use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use cookie_store::CookieStore;
use url::Url;

use super::{Actor, BrowserId};

/// Whose cookies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum JarId {
    /// Those of an actor who has no browser.
    Actor(Actor),
    /// Those of a person's browser.
    Browser(BrowserId),
    /// Nobody's: nothing is sent and nothing is kept.
    Nobody,
}

/// All cookies. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Jars {
    jars: Arc<Mutex<BTreeMap<JarId, Jar>>>,
}

#[derive(Default)]
struct Jar {
    cookies: CookieStore,
    unsent: Vec<UnsentCookie>,
}

/// A `Secure` cookie that was not sent over plain http to a name that is not loopback. Not the target's failure: the remedy is `connect_to`, so
/// that the address stays `localhost`, or https.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnsentCookie {
    /// Its name.
    pub name: String,
    /// The host it was not sent to.
    pub host: String,
}

impl std::fmt::Display for UnsentCookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the target set the Secure cookie `{}`, which was not sent to http://{}: use https, or keep `localhost` in the address and say \
             where it is with `network.connect_to`",
            self.name, self.host
        )
    }
}

impl Jars {
    /// The cookies to send there, with their values.
    pub(crate) fn cookies(&self, jar: &JarId, url: &Url) -> Vec<(String, String)> {
        self.with(jar, |jar| {
            let matches = |url: &Url| -> Vec<(String, String)> {
                jar.cookies.matches(url).iter().map(|c| (c.name().to_owned(), c.value().to_owned())).collect()
            };
            let sent = matches(url);
            let mut secure = url.clone();
            // The port of an http address says nothing about https; cookies do not know ports.
            if url.scheme() == "http" && secure.set_scheme("https").is_ok() {
                for (name, _) in matches(&secure).into_iter().filter(|cookie| !sent.contains(cookie)) {
                    let cookie = UnsentCookie { name, host: url.host_str().unwrap_or_default().to_owned() };
                    if !jar.unsent.contains(&cookie) {
                        jar.unsent.push(cookie);
                    }
                }
            }
            sent
        })
        .unwrap_or_default()
    }

    /// Keeps what an answer set.
    pub(crate) fn keep(&self, jar: &JarId, url: &Url, headers: &http::HeaderMap) {
        self.with(jar, |jar| {
            for header in headers.get_all(http::header::SET_COOKIE) {
                if let Ok(text) = std::str::from_utf8(header.as_bytes()) {
                    // What browsers refuse (another domain, a `__Host-` cookie with a path) is refused here too.
                    let _ = jar.cookies.parse(text, url);
                }
            }
        });
    }

    /// What was not sent from this jar because of the Secure rule.
    pub(crate) fn unsent(&self, jar: &JarId) -> Vec<UnsentCookie> {
        self.with(jar, |jar| jar.unsent.clone()).unwrap_or_default()
    }

    /// Empties a jar.
    pub(crate) fn empty(&self, jar: &JarId) {
        self.jars.lock().unwrap_or_else(PoisonError::into_inner).remove(jar);
    }

    /// Throws the browsers of a scenario away.
    pub(crate) fn forget(&self, namespace: &str) {
        let stays = |jar: &JarId| match jar {
            JarId::Browser(browser) => browser.namespace != namespace,
            JarId::Actor(_) | JarId::Nobody => true,
        };
        self.jars.lock().unwrap_or_else(PoisonError::into_inner).retain(|jar, _| stays(jar));
    }

    fn with<R>(&self, jar: &JarId, act: impl FnOnce(&mut Jar) -> R) -> Option<R> {
        if *jar == JarId::Nobody {
            return None;
        }
        let mut jars = self.jars.lock().unwrap_or_else(PoisonError::into_inner);
        Some(act(jars.entry(jar.clone()).or_default()))
    }
}

/// Without the cookies.
impl std::fmt::Debug for Jars {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Jars")
    }
}
