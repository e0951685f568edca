//! Signicat's OpenID Connect with Consent Signature, asked by a server for itself: nobody's browser goes to the provider.
//!
//! ```text
//! start    /authorize     what is asked, encrypted to the issuer              a session, and where to ask how it stands
//! fetch    collect, status   until it is complete, which proves nothing
//!          complete, then redirects, up to the one to us                     a code, under our state
//!          /token         the code, with what only we know                   an id_token: who, signed by the issuer, for us, for this attempt
//!          /userinfo      the number                                         of the same subject
//!          /signature     what was signed                                    by the same person, the text that was asked for
//! ```
//!
//! How it is told which signatures count: an id_token is believed by its signature. With [`Variant::TlsDirect`] it is believed because it
//! came straight from the token endpoint, where that is an https address; over plain http the signature is needed all the same.

mod attempt;
mod call;
mod exchange;
mod id_token;
mod issuer;
mod method;
mod progress;
mod request;
mod sdo;
#[cfg(test)]
mod tests;
mod token;
mod userinfo;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use http::HeaderMap;
use jiff::Timestamp;
use tokio::sync::{Mutex as AsyncMutex, OnceCell};
use tokio::time::Instant;
use url::Url;

use self::attempt::{Cookies, Halt, Live, Memory, Stage};
use self::call::{Caller, Carried, JSON, trouble};
use self::issuer::Issuer;
use self::method::Method;
use self::progress::{Progress, Start, Unreadable};
use self::request::Asked;
use super::echo::Echoes;
use super::{
    Client, ConnectError, Connections, Demand, EidMethod, Evidence, FetchError, IdentitySummary, Manner, Notice,
    Onward, Session, StartError, StartOrder, Started, WebhookError, address, needed,
};
use crate::crypto::private_key::PrivateKey;
use crate::crypto::xmldsig::Anchor;
use crate::dial::Answer;
use crate::reference::{Flaw, Flaws, Variant};

/// The client, where the connections hold `SIGNICAT_ISSUER`, `SIGNICAT_CLIENT_ID` and `SIGNICAT_CLIENT_SECRET`. Beside them may stand:
///
/// - `SIGNICAT_CA`, or `SIGNICAT_CA_URL` where it is: the certificate of the authority behind signed documents (PEM, or its base64). Without
///   one nobody can sign here, and a signature is a second identification;
/// - `SIGNICAT_REDIRECT_URI`, as it is registered; `return/signicat` of this service without it;
/// - `SIGNICAT_RESPONSE_KEY`, the private key that answers are encrypted to (PEM, or its base64).
///
/// # Errors
/// When there is an issuer without credentials, or one of the others is none.
pub fn connect(connections: &Connections, manner: &Manner) -> Result<Option<Arc<dyn Client>>, ConnectError> {
    // Tokens name the issuer exactly as it is written.
    let Some(issuer) = connections.get("SIGNICAT_ISSUER") else { return Ok(None) };
    let at = address("SIGNICAT_ISSUER", connections)?.ok_or_else(|| ConnectError::Missing("SIGNICAT_ISSUER".into()))?;
    let unusable = |name: &str| ConnectError::Unusable(name.to_owned());
    let given = |name: &str| connections.get(name).filter(|text| !text.trim().is_empty());
    let ca = match (given("SIGNICAT_CA"), address("SIGNICAT_CA_URL", connections)?) {
        (Some(text), _) => Ca::Given(Anchor::read(text).ok_or_else(|| unusable("SIGNICAT_CA"))?),
        (None, Some(url)) => Ca::At(url),
        (None, None) => Ca::Unknown,
    };
    let own_key = given("SIGNICAT_RESPONSE_KEY").map(|text| PrivateKey::read(text)).transpose();
    let settings = Settings {
        client_id: needed("SIGNICAT_CLIENT_ID", connections)?,
        client_secret: needed("SIGNICAT_CLIENT_SECRET", connections)?,
        redirect_uri: address("SIGNICAT_REDIRECT_URI", connections)?,
        ca,
        own_key: own_key.map_err(|_| unusable("SIGNICAT_RESPONSE_KEY"))?,
        trusts_tls: manner.variants.contains(&Variant::TlsDirect),
        flaws: manner.flaws.clone(),
    };
    let Manner { timeout, dialer, flaws, variants: _ } = manner.clone();
    let caller = Caller { dialer, timeout, flaws, home: at.origin() };
    Ok(Some(Arc::new(Signicat {
        issuer: Issuer::new(issuer.clone(), caller.clone()),
        caller,
        settings,
        fetched_anchor: OnceCell::new(),
        lives: Mutex::default(),
        echoes: Echoes::default(),
    })))
}

/// The client. It calls the issuer's host alone, and nothing that it says of a failure holds a number, a credential or a body.
pub struct Signicat {
    settings: Settings,
    caller: Caller,
    issuer: Issuer,
    fetched_anchor: OnceCell<Anchor>,
    /// The attempts of this process, by their session. What outlives it is what was remembered of their start.
    lives: Mutex<Lives>,
    echoes: Echoes,
}

/// By the session's id: since when, and how far.
type Lives = HashMap<String, (Instant, Arc<AsyncMutex<Live>>)>;

/// What it is told.
struct Settings {
    client_id: String,
    client_secret: String,
    redirect_uri: Option<Url>,
    ca: Ca,
    own_key: Option<PrivateKey>,
    trusts_tls: bool,
    flaws: Flaws,
}

/// Who vouches for signed documents.
enum Ca {
    At(Url),
    Given(Anchor),
    Unknown,
}

impl Signicat {
    async fn begin(&self, order: &StartOrder) -> Result<Started, StartError> {
        let asked = Asked::of(order, &self.settings)?;
        let unavailable = |error: FetchError| StartError::Unavailable(error.to_string());
        let authorize = self.issuer.addresses().await.map_err(unavailable)?.authorize.clone();
        let mut keys = self.issuer.keys().await.map_err(unavailable)?;
        // Whatever was published the last time: without a key nothing can be asked.
        let mut renewed = keys.encryption().is_none();
        if renewed {
            keys = self.issuer.keys_anew(&keys).await.map_err(unavailable)?;
        }
        let (answer, start) = loop {
            let to =
                keys.encryption().ok_or_else(|| StartError::Unavailable("it has no key to encrypt to".to_owned()))?;
            let request = asked.encrypted(&self.settings.client_id, to);
            let request =
                request.map_err(|_| StartError::Unavailable("its key to encrypt to is unusable".to_owned()))?;
            let carried = Carried { accept: Some(JSON), ..Carried::default() };
            let answer = self.caller.post(&authorize, carried, &[("request", &request)]).await;
            let answer = answer.map_err(StartError::Unavailable)?;
            if let Some(why) = trouble(answer.status) {
                return Err(StartError::Unavailable(why));
            }
            let start = progress::started(asked.method, &answer.body);
            let start = start
                .map_err(|Unreadable(why)| StartError::Unavailable(format!("its answer cannot be read: {why}")))?;
            // The key may have been taken out of service since it was fetched.
            if renewed || start != Start::Refused("invalid_request_object".to_owned()) {
                break (answer, start);
            }
            keys = self.issuer.keys_anew(&keys).await.map_err(unavailable)?;
            renewed = true;
        };
        match start {
            Start::Refused(code) => Err(StartError::Refused { codes: vec![code] }),
            Start::Started { id, poll, autostart } => self.started(order, asked, &answer, id, &poll, autostart),
        }
    }

    fn started(
        &self,
        order: &StartOrder,
        asked: Asked,
        answer: &Answer,
        id: String,
        poll: &str,
        autostart: Option<String>,
    ) -> Result<Started, StartError> {
        let poll = self.caller.home(poll);
        let mut poll =
            poll.ok_or_else(|| StartError::Unavailable("it wants to be asked on another host".to_owned()))?;
        if asked.method.is_swedish() {
            // Clients append it themselves.
            poll.query_pairs_mut().append_pair("orderRef", &id);
        }
        let mut cookies = Cookies::default();
        cookies.take(&answer.headers);
        let Asked { method, state, nonce, verifier, redirect_uri, text, .. } = asked;
        let memory = Memory {
            method,
            poll: poll.into(),
            cookies,
            state,
            nonce,
            verifier,
            redirect_uri,
            text,
            started_at: Timestamp::now(),
        };
        let kept = serde_json::to_string(&memory);
        let kept = kept.map_err(|_| StartError::Unavailable("its answer cannot be remembered".to_owned()))?;
        let sent = self.settings.flaws.any(&[Flaw::ComparesWhatItSent, Flaw::TreatsCompleteAsProof]);
        if let Some(number) = request::sent(order).filter(|_| sent) {
            self.echoes.remember(&id, number);
        }
        let session = Session { id, memory: kept };
        self.keep(&session.id, Live { memory, stage: Stage::Waiting, foreign: 0 });
        let onward = match autostart {
            // Seen in client code; a token is a GUID.
            Some(token) if token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') => {
                Onward::Open(format!("bankid:///?autostarttoken={token}&redirect=null"))
            }
            Some(_) | None => Onward::App,
        };
        Ok(Started { session, onward })
    }

    async fn ask(&self, session: &Session) -> Result<Evidence, FetchError> {
        let live = self.live(session).ok_or(FetchError::Unknown)?;
        // One at a time: whoever comes second finds what the first has found.
        let mut live = live.lock().await;
        loop {
            let step = match live.stage.clone() {
                Stage::Over(evidence) => return Ok(self.echoes.instead(&session.id, evidence)),
                Stage::Waiting => self.poll(&mut live).await,
                Stage::Code(code) => self.exchange(&live, &code).await,
                Stage::Tokens(tokens) => self.prove(&live, &tokens).await,
            };
            match step {
                Ok(Some(stage)) => live.stage = stage,
                Ok(None) => return Ok(Evidence::Pending),
                Err(Halt::Over(evidence)) => live.stage = Stage::Over(*evidence),
                Err(Halt::Later(error)) => return Err(error),
            }
        }
    }

    /// Asks how it stands; where it is complete, goes on.
    async fn poll(&self, live: &mut Live) -> Result<Option<Stage>, Halt> {
        let carried = Carried { accept: Some(JSON), cookie: live.memory.cookies.header(), authorization: None };
        let answer = self.caller.get(&self.poll_address(&live.memory)?, carried).await.map_err(Halt::unavailable)?;
        if let Some(why) = trouble(answer.status) {
            return Err(Halt::unavailable(why));
        }
        // "New cookies may appear on polls."
        live.memory.cookies.take(&answer.headers);
        let progress = progress::read(live.memory.method, &answer.body, &self.settings.flaws);
        match progress.map_err(|Unreadable(why)| Halt::malformed(why))? {
            Progress::Complete(_) if self.settings.flaws.has(Flaw::TreatsCompleteAsProof) => {
                Ok(Some(Stage::Over(Evidence::NoNumber(about(live.memory.method)))))
            }
            Progress::Complete(address) => self.complete(live, &address).await,
            Progress::Told(Evidence::Pending) => Ok(None),
            Progress::Told(evidence) => Err(Halt::Over(Box::new(evidence))),
        }
    }

    fn poll_address(&self, memory: &Memory) -> Result<Url, Halt> {
        self.caller.home(&memory.poll).ok_or_else(|| Halt::unavailable("it is to be asked on another host"))
    }

    /// Who vouches for signed documents; fetched once where only its address is told.
    async fn anchor(&self) -> Result<Anchor, Halt> {
        let url = match &self.settings.ca {
            Ca::Given(anchor) => return Ok(anchor.clone()),
            Ca::At(url) => url,
            Ca::Unknown => return Err(Halt::unavailable("nobody is known who vouches for signed documents")),
        };
        let fetch = || async {
            let answer = self.caller.get(url, Carried::default()).await.map_err(Halt::unavailable)?;
            let text = std::str::from_utf8(&answer.body).ok().filter(|_| answer.status == 200);
            text.and_then(Anchor::read).ok_or_else(|| Halt::unavailable("its authority's certificate cannot be read"))
        };
        self.fetched_anchor.get_or_try_init(fetch).await.cloned()
    }

    /// The attempt of a session: as it is here, or from what was remembered of its start.
    fn live(&self, session: &Session) -> Option<Arc<AsyncMutex<Live>>> {
        if let Some((_, live)) = self.lives().get(&session.id) {
            return Some(live.clone());
        }
        let memory: Memory = serde_json::from_str(&session.memory).ok()?;
        let is_home = self.caller.home(&memory.poll).is_some();
        is_home.then(|| self.keep(&session.id, Live { memory, stage: Stage::Waiting, foreign: 0 }))
    }

    fn keep(&self, id: &str, live: Live) -> Arc<AsyncMutex<Live>> {
        let mut lives = self.lives();
        if lives.len() >= MANY {
            lives.retain(|_, (at, _)| at.elapsed() < LONG);
        }
        let (_, live) = lives.entry(id.to_owned()).or_insert_with(|| (Instant::now(), Arc::new(AsyncMutex::new(live))));
        live.clone()
    }

    fn lives(&self) -> MutexGuard<'_, Lives> {
        self.lives.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn about(method: Method) -> IdentitySummary {
    let (country, method) = (Some(method.country()), method.word().to_owned());
    IdentitySummary { country, method, provider: String::new(), date: None }
}

impl Client for Signicat {
    fn name(&self) -> &'static str {
        "signicat"
    }

    fn methods(&self) -> &'static [EidMethod] {
        &[EidMethod::SeBid, EidMethod::NoBid]
    }

    fn signs(&self, _: EidMethod) -> bool {
        !matches!(self.settings.ca, Ca::Unknown)
    }

    fn demands(&self, method: EidMethod, signs: bool) -> Demand {
        match method {
            // "birthdate-ddmmyy, phone-nnnnnnnn": the date is taken from the number, which is not sent.
            EidMethod::NoBid => Demand::NumberAndPhone,
            // "The Request Object must contain the user's national identification number."
            EidMethod::SeBid if signs => Demand::Number,
            EidMethod::DkMitid
            | EidMethod::FiBank
            | EidMethod::FrejaEmail
            | EidMethod::FrejaPhone
            | EidMethod::FrejaQr
            | EidMethod::FrejaSsn
            | EidMethod::SeBid
            | EidMethod::SmartId
            | EidMethod::SwissId => Demand::Nothing,
        }
    }

    fn posts(&self) -> bool {
        false
    }

    fn start<'a>(&'a self, order: &'a StartOrder) -> BoxFuture<'a, Result<Started, StartError>> {
        Box::pin(self.begin(order))
    }

    fn fetch<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Evidence, FetchError>> {
        Box::pin(self.ask(session))
    }

    fn memory(&self, session: &str) -> Option<String> {
        let (_, live) = self.lives().get(session)?.clone();
        // Whoever holds it is asking, and will say so afterwards.
        let live = live.try_lock().ok()?;
        serde_json::to_string(&live.memory).ok()
    }

    fn webhook(&self, _: &HeaderMap, _: &[u8]) -> Result<Notice, WebhookError> {
        Err(WebhookError::Malformed("Signicat posts nothing"))
    }

    fn heard<'a>(&'a self, _: &'a Session, _: &'a [u8]) -> BoxFuture<'a, Result<Evidence, FetchError>> {
        Box::pin(async { Err(FetchError::Malformed("Signicat posts nothing".to_owned())) })
    }
}

/// Without secrets.
impl fmt::Debug for Signicat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signicat").field("issuer", &self.issuer.name).finish_non_exhaustive()
    }
}

/// From so many attempts on, those that are long over are forgotten.
const MANY: usize = 1_000;
const LONG: Duration = Duration::from_mins(60);
