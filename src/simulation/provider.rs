//! The seam: what the simulation must know of a provider.
//!
//! A provider is a translator. It reads its own requests into an *order*, and says a session in its own words; both happen in its plain
//! axum routes. The trait below is only what the engine itself has to call.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::clock::Timestamp;
use super::commons::Commons;
use super::fact::Fact;
use super::sample::Sample;
use super::session::Session;
use super::space::Space;
use crate::dial::Answer;
use crate::identity::{Country, NationalNumber};
use crate::script::{Millis, Script};
use crate::session::{Entered, Limits};

/// A simulated provider.
pub trait Provider: Sized + std::fmt::Debug + Send + Sync + 'static {
    /// The name in JSON and Rust, such as `zignsec_v2`. People see it in kebab-case.
    const NAME: &'static str;
    /// The names of the credentials a relying party holds. The first one identifies the space.
    const CREDENTIALS: &'static [&'static str];
    /// What the provider signs with keys of the space, each purpose in full: `zignsec_gateway signed-identity`.
    const KEYS: &'static [&'static str] = &[];
    /// The plainest conversation with it, for storyboards and the ready line.
    const SAMPLE: Option<Sample> = None;
    /// What the service does once the person has finished, each request with a word on it. Besides what a sample knows, a text may name what
    /// earlier answers told: members of their JSON, `cookie`, `location`, and what stands in that address's query.
    const EPILOGUE: &'static [(&'static str, &'static str)] = &[];
    /// What was asked. It never changes and is shared.
    type Order: Serialize + DeserializeOwned + std::fmt::Debug + Send + Sync + 'static;
    /// What became of it beyond the progress. Moments and counters; artefacts are derived from them.
    type State: Default + Clone + Serialize + DeserializeOwned + std::fmt::Debug + Send + 'static;
    /// The switches of a space. Written in TOML and JSON; unknown keys are refused by its deserialiser.
    type Settings: Default + Clone + Serialize + DeserializeOwned + std::fmt::Debug + Send + Sync + 'static;

    /// What the programme, the person's slot and people's views need of an order.
    fn asked(order: &Self::Order) -> Asked<'_>;

    /// How many bytes an order occupies, for the limit on memory.
    fn weight(order: &Self::Order) -> usize;

    /// The provider's deadlines for an order.
    fn limits(order: &Self::Order, settings: &Self::Settings) -> Limits;

    /// Why this provider cannot play a script, if it cannot.
    fn refuses(script: &Script) -> Option<Unsayable>;

    /// Whether a person can have only one order in progress.
    fn one_order_per_person(_settings: &Self::Settings) -> bool {
        false
    }

    /// What has to be sent because a phase was entered: webhooks and questions.
    fn errands(session: &mut Session<Self>, entered: &Entered, context: &Context<'_, Self>) -> Vec<Errand>;

    /// Takes the answer to a question. It may give rise to further errands.
    fn answered(
        _session: &mut Session<Self>,
        _errand: &Errand,
        _answer: Option<&Answer>,
        _context: &Context<'_, Self>,
    ) -> Vec<Errand> {
        Vec::new()
    }

    /// Where a person goes to authenticate, relative to the public address; `None` for providers that call the person themselves.
    fn page(session: &Session<Self>) -> Option<String>;

    /// Where the webhooks of a session go; `None` where nobody wants any.
    fn webhook<'a>(_order: &'a Self::Order, _settings: &'a Self::Settings) -> Option<&'a str> {
        None
    }

    /// The webhook that tells how a session stands, whether or not anybody wants one: its address means nothing. The session is a copy that
    /// may be changed. `None` for providers without webhooks.
    fn notice(_session: &mut Session<Self>, _context: &Context<'_, Self>) -> Option<Errand> {
        None
    }

    /// Where a relying party of this space calls the provider, relative to our address: `/v2`.
    fn base(_space: &Space) -> String {
        String::new()
    }

    /// What a relying party of this space needs to know of the provider besides its address and its credentials, by the name it has in the
    /// environment: `JWS_CERTIFICATE_URL`.
    fn connection(_space: &Space) -> Vec<(&'static str, Fact)> {
        Vec::new()
    }

    /// What a sample can name besides credentials: values that only the provider can compute, such as an encrypted request.
    fn dress(_space: &Space, _secret: &[u8; 32], _now: Timestamp) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// A fresh credential of the given name for a space, out of random bytes.
    fn mint(space: &str, credential: &str, entropy: [u8; 32]) -> String;

    /// What the provider would answer the relying party now, for people: storyboards and the session's view. Bytes as on the wire.
    fn answer_now(session: &Session<Self>, context: &Context<'_, Self>) -> String;
}

/// What the rest of the simulation may know of an order.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The method in the provider's word, such as `sbid-another`.
    pub method: &'a str,
    /// The country whose people it authenticates.
    pub country: Country,
    /// The number it was asked for, if it was.
    pub number: Option<&'a NationalNumber>,
    /// The relying party's own reference.
    pub reference: Option<&'a str>,
    /// Where the browser goes in the end.
    pub target: Option<&'a str>,
    /// The text to sign, where there is one.
    pub text: Option<&'a str>,
}

/// What a provider's translation depends on besides the session.
pub struct Context<'a, P: Provider> {
    /// The session's space.
    pub space: &'a Space,
    /// The provider's switches in that space.
    pub settings: &'a P::Settings,
    /// The seed's key for derived artefacts.
    pub secret: &'a [u8; 32],
    /// The time of day.
    pub now: Timestamp,
    pub(super) commons: &'a Commons,
}

impl<P: Provider> Context<'_, P> {
    /// What browsers call us in the session's space, with a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> String {
        self.commons.public_url_of(self.space)
    }
}

/// Without the secret.
impl<P: Provider> fmt::Debug for Context<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("space", &self.space).field("now", &self.now).finish_non_exhaustive()
    }
}

/// Why a provider cannot play a script: which part, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} cannot say {what}: {why}", .provider.replace('_', "-"))]
pub struct Unsayable {
    /// The provider's name.
    pub provider: &'static str,
    /// The part of the script.
    pub what: String,
    /// The reason.
    pub why: &'static str,
}

/// Something that has to be sent to the relying party.
#[derive(Clone, Debug)]
pub struct Errand {
    /// Whether it is a notice or a question.
    pub kind: ErrandKind,
    /// Where to.
    pub url: String,
    /// The body; empty for a question.
    pub body: Bytes,
    /// The body's content type.
    pub content_type: &'static str,
    /// How it is signed. Done at each delivery, since a signature may carry the moment.
    pub seal: Option<Seal>,
    /// How long after an attempt that failed the next one follows; as many attempts follow as there are spans.
    pub retries: &'static [Millis],
}

/// The kinds of errands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrandKind {
    /// A GET whose answer the provider takes into account.
    Question,
    /// A POST that tells of an outcome; tried again when it fails.
    Webhook,
}

/// How an errand is signed.
#[derive(Clone)]
pub struct Seal {
    /// The header's name.
    pub header: &'static str,
    /// Makes the header's value out of key, signed bytes and moment.
    pub sign: fn(key: &[u8], signed: &[u8], now: Timestamp) -> String,
    /// The key.
    pub key: Arc<[u8]>,
    /// The bytes that are signed, where they are not the body.
    pub over: Option<Bytes>,
    /// What is wrong with it on purpose.
    pub flaw: Option<SealFlaw>,
}

/// What can be wrong with a signature whatever it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealFlaw {
    /// There, without a value.
    Empty,
    /// Made with an empty key.
    EmptyKey,
    /// Made with a key that nobody was given.
    ForeignKey,
    /// Not there.
    Missing,
    /// Cut short.
    Truncated,
}

/// Without the key.
impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seal").field("header", &self.header).field("flaw", &self.flaw).finish_non_exhaustive()
    }
}

impl Seal {
    /// The header value for a delivery at `now`; `None` when it is left out on purpose.
    #[must_use]
    pub fn value(&self, body: &[u8], now: Timestamp) -> Option<String> {
        let signed = self.over.as_deref().unwrap_or(body);
        match self.flaw {
            None => Some((self.sign)(&self.key, signed, now)),
            Some(SealFlaw::Empty) => Some(String::new()),
            Some(SealFlaw::EmptyKey) => Some((self.sign)(&[], signed, now)),
            Some(SealFlaw::ForeignKey) => Some((self.sign)(b"a key that nobody was given", signed, now)),
            Some(SealFlaw::Missing) => None,
            Some(SealFlaw::Truncated) => {
                let mut value = (self.sign)(&self.key, signed, now);
                value.truncate(value.len() / 2);
                Some(value)
            }
        }
    }
}
