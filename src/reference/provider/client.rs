//! One provider as the service uses it: how an order begins, how the signer goes on, and where evidence comes from.

use std::fmt;
use std::time::Duration;

use futures::future::BoxFuture;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{EidMethod, Evidence};
use crate::dial::Dialer;
use crate::identity::Country;
use crate::reference::Flaws;

/// A relying-party client. Nothing that it says of a failure holds a number, a credential or a body.
pub trait Client: fmt::Debug + Send + Sync {
    /// The provider's word in the service's API, in snake_case.
    fn name(&self) -> &'static str;

    /// What it authenticates with, the usual one first.
    fn methods(&self) -> &'static [EidMethod];

    /// Whether people can sign a text with this method here; elsewhere a signature is a second identification.
    fn signs(&self, method: EidMethod) -> bool;

    /// What the signer has to type before an order can begin.
    fn demands(&self, method: EidMethod, signs: bool) -> Demand;

    /// Whether it posts results. From one that does not, they have to be fetched.
    fn posts(&self) -> bool {
        true
    }

    /// Starts a session.
    fn start<'a>(&'a self, order: &'a StartOrder) -> BoxFuture<'a, Result<Started, StartError>>;

    /// Asks what became of a session.
    fn fetch<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Evidence, FetchError>>;

    /// What is to be remembered of a session from now on, where that has changed since its start.
    fn memory(&self, _session: &str) -> Option<String> {
        None
    }

    /// Finds out whose a posted result is, once it is known to come from the provider.
    ///
    /// # Errors
    /// When it is not signed as it should be, or is no result of a session. Then it has no effect.
    fn webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<Notice, WebhookError>;

    /// What a posted result proves of the session that it names. Its body has been through [`Client::webhook`].
    fn heard<'a>(&'a self, session: &'a Session, body: &'a [u8]) -> BoxFuture<'a, Result<Evidence, FetchError>>;
}

/// What the signer has to type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// The e-mail address that their eID knows.
    Email,
    /// Nothing.
    Nothing,
    /// Their national number.
    Number,
    /// Their national number, and the telephone number that their eID knows.
    NumberAndPhone,
    /// The telephone number that their eID knows.
    Phone,
}

/// What the signer is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Show who they are.
    Identify,
    /// Sign a text.
    Sign {
        /// The text that the signer sees.
        text: String,
    },
}

/// How sure the provider has to be of who somebody is, where it knows such levels. Freja's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// An e-mail address or a telephone number was confirmed, no more.
    Basic,
    /// An identity document was checked.
    #[default]
    Extended,
    /// The document was checked, and its bearer was met.
    Plus,
}

/// How to reach a provider.
#[derive(Clone)]
pub struct ClientOptions {
    /// What stands before the version in the provider's addresses.
    pub base: Url,
    /// The relying party's token. It authenticates every call.
    pub token: String,
    /// How long one call may take.
    pub timeout: Duration,
    /// Makes the calls.
    pub dialer: Dialer,
    /// What this service does wrong on purpose.
    pub flaws: Flaws,
}

/// Without the token.
impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base, token: _, timeout, dialer: _, flaws } = self;
        f.debug_struct("ClientOptions")
            .field("base", &base.as_str())
            .field("timeout", timeout)
            .field("flaws", flaws)
            .finish_non_exhaustive()
    }
}

/// A session to be started.
#[derive(Clone)]
pub struct StartOrder {
    /// With what.
    pub method: EidMethod,
    /// Whose people are meant.
    pub country: Country,
    /// For what.
    pub purpose: Purpose,
    /// How sure the provider has to be of the person.
    pub level: Level,
    /// The number as the signer typed it now; the service itself keeps none.
    pub personal_number: Option<String>,
    /// The signer's e-mail address.
    pub email: Option<String>,
    /// The telephone number that the signer typed.
    pub phone: Option<String>,
    /// Where the browser goes after success.
    pub target: Url,
    /// Where it goes after cancel or error.
    pub target_error: Url,
    /// Where the provider posts the result.
    pub webhook: Option<Url>,
    /// The service's own reference.
    pub relaystate: String,
    /// ISO 639-1, for the provider's pages.
    pub language: &'static str,
}

/// Without the number, the text and the addresses, which carry handles.
impl fmt::Debug for StartOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartOrder").field("method", &self.method).finish_non_exhaustive()
    }
}

/// A session as the service remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The provider's id of it.
    pub id: String,
    /// What the client wanted to be remembered of the start; empty where that is nothing.
    pub memory: String,
}

/// A session that the provider has started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// What is kept of it.
    pub session: Session,
    /// How the signer goes on.
    pub onward: Onward,
}

/// How the signer goes on, once a session has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Onward {
    /// In their app, which was told.
    App,
    /// By opening an address on the device that holds their app.
    Open(String),
    /// Their browser goes to this address.
    Redirect(String),
    /// By scanning a QR code: a PNG in base64.
    Scan(String),
}

impl Started {
    /// Where the browser goes, if it goes anywhere.
    #[must_use]
    pub fn redirect_url(&self) -> Option<&str> {
        match &self.onward {
            Onward::Redirect(url) => Some(url),
            Onward::App | Onward::Open(_) | Onward::Scan(_) => None,
        }
    }
}

/// Why no session was started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The provider said no.
    #[error("the provider refused to start a session: {}", codes.join(", "))]
    Refused {
        /// Its codes; what is no plain word is told as `OTHER`.
        codes: Vec<String>,
    },
    /// There was no usable answer. The text holds nothing of it.
    #[error("the provider cannot be used now: {0}")]
    Unavailable(String),
}

/// Why there is no evidence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The answer is none of the provider's forms. The text holds nothing of it.
    #[error("the provider's answer cannot be read: {0}")]
    Malformed(String),
    /// There was no usable answer.
    #[error("the provider cannot be used now: {0}")]
    Unavailable(String),
    /// The provider knows no such session.
    #[error("the provider knows no such session")]
    Unknown,
}

/// Why a webhook is refused. It has no effect then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The signature is right, but the body is no result.
    #[error("the webhook's body cannot be read: {0}")]
    Malformed(&'static str),
    /// It was signed too long ago, or will be.
    #[error("the webhook was signed at another time")]
    WrongMoment,
    /// There is no secret to check it with.
    #[error("no webhook can be checked: the provider's token is not configured")]
    NoSecret,
    /// It is longer than any result.
    #[error("the webhook's body is too large")]
    TooLarge,
    /// The header is missing, empty, or there are several.
    #[error("the webhook is not signed: expected one X-ZignSec-Hmac-SHA256")]
    Unsigned,
    /// The signature is another's, or of another body.
    #[error("the webhook's signature does not fit its body")]
    WrongSignature,
}

/// A webhook whose signature is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The provider's id of the session.
    pub session: String,
    /// The service's own reference, where the provider repeats it; nothing may rest on it.
    pub relaystate: Option<String>,
    /// Whether it has been taken before, byte for byte: it is acknowledged, and has no effect.
    pub is_copy: bool,
}
