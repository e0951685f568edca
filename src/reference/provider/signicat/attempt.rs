//! One attempt: what is remembered of its start, and how far it has come.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::{HeaderMap, header};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Method;
use crate::reference::provider::member::Contradiction;
use crate::reference::provider::{Evidence, FailureKind, FetchError};

/// Everything that the answers have to fit to. It outlives the process.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Memory {
    /// What was asked for.
    pub(super) method: Method,
    /// Where to ask how it stands.
    pub(super) poll: String,
    /// The session's cookies.
    pub(super) cookies: Cookies,
    pub(super) state: String,
    /// None with a flaw only, like the verifier.
    pub(super) nonce: Option<String>,
    /// What the challenge was made of (RFC 7636).
    pub(super) verifier: Option<String>,
    pub(super) redirect_uri: String,
    /// The text to sign.
    pub(super) text: Option<String>,
    pub(super) started_at: Timestamp,
}

/// An attempt that is under way in this process.
pub(super) struct Live {
    pub(super) memory: Memory,
    pub(super) stage: Stage,
    /// How often an error came back that was not for this attempt.
    pub(super) foreign: u8,
}

/// How far it has come. What is spent is never shown again.
#[derive(Clone)]
pub(super) enum Stage {
    /// For the person.
    Waiting,
    /// There is a code, under the right state.
    Code(String),
    /// The code is spent.
    Tokens(Arc<Tokens>),
    Over(Evidence),
}

/// What a code was exchanged for.
pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) id: String,
}

/// Why a stage is not passed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Halt {
    /// For good.
    Over(Box<Evidence>),
    /// For now.
    Later(FetchError),
}

impl From<Contradiction> for Halt {
    fn from(Contradiction(why): Contradiction) -> Self {
        Self::Over(Box::new(Evidence::Contradictory(why)))
    }
}

impl Halt {
    /// The provider said no, in this word.
    pub(super) fn refused(kind: FailureKind, code: &str) -> Self {
        Self::Over(Box::new(Evidence::Failed(kind, vec![word(code)])))
    }

    pub(super) fn unavailable(why: impl Into<String>) -> Self {
        Self::Later(FetchError::Unavailable(why.into()))
    }

    pub(super) fn malformed(why: &str) -> Self {
        Self::Later(FetchError::Malformed(why.to_owned()))
    }
}

/// Codes are words; descriptions, and what stands in place of a code, can hold a number.
pub(super) fn word(code: &str) -> String {
    let is_word =
        code.len() <= 40 && !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphabetic() || b"_-. ".contains(&b));
    if is_word { code } else { "OTHER" }.to_owned()
}

/// The cookies of one attempt, by name. They go to the issuer alone, so that paths and domains decide nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Cookies(BTreeMap<String, String>);

impl Cookies {
    /// Takes what an answer sets: a newer one of the same name replaces the older.
    pub(super) fn take(&mut self, headers: &HeaderMap) {
        for set in headers.get_all(header::SET_COOKIE) {
            let Some((pair, attributes)) = set.to_str().ok().map(|set| set.split_once(';').unwrap_or((set, ""))) else {
                continue;
            };
            let Some((name, value)) = pair.split_once('=').map(|(name, value)| (name.trim(), value.trim())) else {
                continue;
            };
            let is_over = attributes.split(';').any(|one| one.trim().eq_ignore_ascii_case("max-age=0"));
            if is_over {
                self.0.remove(name);
            } else if !name.is_empty() && self.0.len() < MOST && pair.len() <= LONGEST {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The header; none without a cookie.
    pub(super) fn header(&self) -> Option<String> {
        let pairs: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

const MOST: usize = 20;
const LONGEST: usize = 4_096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_kept_replaced_and_dropped() {
        let headers = |set: &[&str]| {
            let mut headers = HeaderMap::new();
            for set in set {
                headers.append(header::SET_COOKIE, set.parse().unwrap());
            }
            headers
        };
        let mut cookies = Cookies::default();
        assert_eq!(cookies.header(), None);
        cookies.take(&headers(&["s=1; Path=/; HttpOnly; SameSite=None", "b=x=y", "nonsense"]));
        assert_eq!(cookies.header().as_deref(), Some("b=x=y; s=1"));
        cookies.take(&headers(&["s=2", "b=; Max-Age=0"]));
        assert_eq!(cookies.header().as_deref(), Some("s=2"));
        let kept: Cookies = serde_json::from_str(&serde_json::to_string(&cookies).unwrap()).unwrap();
        assert_eq!(kept, cookies);
    }

    #[test]
    fn what_is_no_word_is_not_repeated() {
        assert_eq!(word("USER_CANCEL"), "USER_CANCEL");
        assert_eq!(word("Internal system error"), "Internal system error");
        for text in ["", "199001011239", "a@b", "order 7"] {
            assert_eq!(word(text), "OTHER", "{text}");
        }
    }
}
