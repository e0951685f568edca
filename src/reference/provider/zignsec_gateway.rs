//! ZignSec's gateway, as its page on Freja eID documents it.
//!
//! ```text
//! start    POST core/api/sessions/identity_verification/{freja_id_…}   a session, and for QR a picture; Freja's app asks the person
//! fetch    GET  core/api/sessions/{session}                            what became of it
//! webhook  X-ZignSec-Hmac-SHA256: t=…,v1=…                             the same
//! ```
//!
//! Both ways lead to a token that Freja has signed. Who it is about, and whether they approved, is read from the verified token alone;
//! what stands beside it can end an attempt, and never pass one.

mod answer;
mod claims;
mod misled;
mod pins;
mod request;
mod signed;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{HeaderMap, Method};
use jiff::{SignedDuration, Timestamp, Zoned};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;
use uuid::Uuid;

use self::answer::{Said, Status, Told};
use self::pins::Pins;
use self::signed::Doubt;
use super::caller::{LARGEST, NO_ACCESS};
use super::echo::Echoes;
use super::member::{Contradiction, Unreadable};
use super::{
    Client, ClientOptions, ConnectError, Connections, Demand, EidMethod, Evidence, FailureKind, FetchError,
    IdentitySummary, Level, Manner, Notice, Onward, ProvenIdentity, Session, StartError, StartOrder, Started,
    WebhookError, address, caller, hook, member, needed, once, options,
};
use crate::dial::Answer;
use crate::identity::{Checks, Country, NationalNumber};
use crate::reference::Flaw;

/// The client, where the connections hold `ZIGNSEC_GATEWAY_URL`, `_TOKEN`, `_WEBHOOK_SECRET` and `_JWS_CERTIFICATE_URL`.
///
/// # Errors
/// When something is missing beside the address, or an address is none.
pub fn connect(connections: &Connections, manner: &Manner) -> Result<Option<Arc<dyn Client>>, ConnectError> {
    let Some(options) = options("ZIGNSEC_GATEWAY", "/core/api", connections, manner)? else { return Ok(None) };
    let secret = needed("ZIGNSEC_GATEWAY_WEBHOOK_SECRET", connections)?;
    let at = "ZIGNSEC_GATEWAY_JWS_CERTIFICATE_URL";
    let pins = address(at, connections)?.ok_or_else(|| ConnectError::Missing(at.to_owned()))?;
    Ok(Some(Arc::new(ZignsecGateway::new(options, secret, pins))))
}

/// The client.
#[derive(Debug)]
pub struct ZignsecGateway {
    options: ClientOptions,
    secret: Secret,
    pins: Pins,
    /// Webhooks that were taken, with their moment: a copy is no news.
    heard: Mutex<HashMap<String, Timestamp>>,
    echoes: Echoes,
}

/// The key of the webhooks' signatures, never shown.
struct Secret(String);

/// What is remembered of a start.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    auth_ref: String,
    level: Level,
    country: Country,
    method: EidMethod,
}

impl ZignsecGateway {
    /// A client with these options; `pins` is where the trusted certificates are.
    #[must_use]
    pub fn new(options: ClientOptions, secret: String, pins: Url) -> Self {
        let (heard, echoes) = (Mutex::default(), Echoes::default());
        Self { options, secret: Secret(secret), pins: Pins::new(pins), heard, echoes }
    }

    async fn begin(&self, order: &StartOrder) -> Result<Started, StartError> {
        let refused = || StartError::Refused { codes: vec!["INVALID_REQUEST".into()] };
        let path = request::path(order.method).ok_or_else(refused)?;
        let path = ["core", "api", "sessions", "identity_verification", path];
        let body = request::body(order).to_string();
        let answer = caller::call(&self.options, Method::POST, &path, body.into()).await;
        let started = read_started(&answer.map_err(StartError::Unavailable)?, order)?;
        if self.options.flaws.has(Flaw::ComparesWhatItSent)
            && let Some(sent) = order.personal_number.as_deref().and_then(|text| request::typed(order.country, text))
        {
            self.echoes.remember(&started.session.id, sent);
        }
        Ok(started)
    }

    async fn ask(&self, session: &Session) -> Result<Evidence, FetchError> {
        if Uuid::parse_str(&session.id).is_err() {
            return Err(FetchError::Unknown);
        }
        let path = ["core", "api", "sessions", &session.id];
        let answer = caller::call(&self.options, Method::GET, &path, Bytes::new()).await;
        let answer = answer.map_err(FetchError::Unavailable)?;
        match answer.status {
            200..=299 => self.judge(session, &answer.body).await,
            404 | 410 => Err(FetchError::Unknown),
            401 | 403 => Err(FetchError::Unavailable(NO_ACCESS.into())),
            status => Err(FetchError::Unavailable(format!("it answered with HTTP status {status}"))),
        }
    }

    /// What an answer or a webhook proves of this session.
    async fn judge(&self, session: &Session, body: &[u8]) -> Result<Evidence, FetchError> {
        let read = answer::read(body, &self.options.flaws);
        let Told { id, said, .. } = read.map_err(|Unreadable(why)| FetchError::Malformed(why.into()))?;
        let kept: Result<Kept, _> = serde_json::from_str(&session.memory);
        let Ok(kept) = kept else { return Ok(Evidence::Contradictory("nothing was remembered of the start")) };
        let foreign = id.is_some_and(|id| !id.eq_ignore_ascii_case(&session.id));
        if foreign && !self.options.flaws.any(&[Flaw::IgnoresTheAuthRef, Flaw::RelaystateDecides]) {
            return Ok(Evidence::Contradictory("the result is another session's"));
        }
        let judged = match said {
            Ok(said) => self.weigh(&said, &kept).await,
            Err(contradiction) => Err(Doubt::Forged(contradiction)),
        };
        match judged {
            Ok(evidence) => Ok(self.echoes.instead(&session.id, evidence)),
            Err(Doubt::Forged(Contradiction(why))) => Ok(Evidence::Contradictory(why)),
            Err(Doubt::Unavailable(problem)) => Err(FetchError::Unavailable(problem)),
        }
    }

    async fn weigh(&self, said: &Said, kept: &Kept) -> Result<Evidence, Doubt> {
        let flaws = &self.options.flaws;
        let has_result = said.signed.is_some() || said.identity.is_some();
        let foreign = said.auth_ref.as_ref().is_some_and(|auth_ref| *auth_ref != kept.auth_ref);
        if foreign && !flaws.any(&[Flaw::IgnoresTheAuthRef, Flaw::AcceptsAnySession, Flaw::RelaystateDecides]) {
            return Err(signed::forged("the result names another transaction"));
        }
        let is_lax = flaws.has(Flaw::TakesAnyEndingForApproval);
        match &said.status {
            Status::Pending if !(flaws.has(Flaw::ReadsPendingIdentity) && has_result) => return Ok(Evidence::Pending),
            Status::Absent if !has_result && said.codes.is_empty() => return Ok(Evidence::Pending),
            _ if !said.codes.is_empty() && !has_result => {
                return Ok(Evidence::Failed(kind(&said.codes), said.codes.clone()));
            }
            _ if !said.codes.is_empty() && !flaws.has(Flaw::IgnoresErrors) => {
                return Err(signed::forged("there are errors beside an identity"));
            }
            Status::Ended(FailureKind::Rejected | FailureKind::ProviderError, _) | Status::Unknown if is_lax => {}
            Status::Ended(kind, word) if !has_result => return Ok(Evidence::Failed(*kind, vec![(*word).to_owned()])),
            Status::Ended(..) => return Err(signed::forged("there is an identity beside an ending without one")),
            Status::Unknown if !flaws.has(Flaw::UnknownStatePasses) => {
                return Err(signed::forged("the state is unknown"));
            }
            Status::Absent | Status::Approved | Status::Pending | Status::Unknown => {}
        }
        match (&said.signed, &said.identity) {
            (Some(token), _) if kept.method != EidMethod::SeBid => {
                let payload = signed::payload(token, &self.pins, &self.options).await?;
                let own = payload.get("requestedAttributes").and_then(Value::as_object).cloned().unwrap_or_default();
                let outer = flaws.has(Flaw::TrustsTheUnsignedNeighbours);
                let attributes = if outer { &said.attributes } else { &own };
                claims::evidence(&payload, attributes, kept, flaws, Timestamp::now()).map_err(Doubt::Forged)
            }
            (_, Some(identity)) if kept.method == EidMethod::SeBid => unsigned(identity).map_err(Doubt::Forged),
            _ if flaws.any(&[Flaw::UnfinishedPasses, Flaw::TakesAnyEndingForApproval]) => Ok(nobody()),
            _ => Err(signed::forged("it is approved without an identity")),
        }
    }

    /// Whether this webhook has been taken before.
    fn is_copy(&self, verified: String, now: Timestamp) -> bool {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.len() >= MOST_HEARD {
            heard.retain(|_, at| *at + KEPT_FOR > now);
        }
        !verified.is_empty() && heard.insert(verified, now).is_some()
    }
}

impl Client for ZignsecGateway {
    fn name(&self) -> &'static str {
        "zignsec_gateway"
    }

    fn methods(&self) -> &'static [EidMethod] {
        &[EidMethod::FrejaQr, EidMethod::FrejaSsn, EidMethod::FrejaPhone, EidMethod::FrejaEmail, EidMethod::SeBid]
    }

    fn signs(&self, _: EidMethod) -> bool {
        false
    }

    fn demands(&self, method: EidMethod, _: bool) -> Demand {
        match method {
            EidMethod::FrejaSsn => Demand::Number,
            EidMethod::FrejaPhone => Demand::Phone,
            EidMethod::FrejaEmail => Demand::Email,
            EidMethod::DkMitid
            | EidMethod::FiBank
            | EidMethod::FrejaQr
            | EidMethod::NoBid
            | EidMethod::SeBid
            | EidMethod::SmartId
            | EidMethod::SwissId => Demand::Nothing,
        }
    }

    fn start<'a>(&'a self, order: &'a StartOrder) -> BoxFuture<'a, Result<Started, StartError>> {
        Box::pin(self.begin(order))
    }

    fn fetch<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Evidence, FetchError>> {
        Box::pin(self.ask(session))
    }

    fn webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<Notice, WebhookError> {
        if body.len() > LARGEST {
            return Err(WebhookError::TooLarge);
        }
        let (flaws, now) = (&self.options.flaws, Timestamp::now());
        let verified = hook::stamped(flaws, &self.secret.0, headers, body, now)?;
        let told = answer::read(body, flaws).map_err(|Unreadable(why)| WebhookError::Malformed(why))?;
        let session = told.id.ok_or(WebhookError::Malformed("it names no session"))?;
        let is_copy = self.is_copy(verified, now) && !flaws.has(Flaw::DuplicatesCount);
        Ok(Notice { session, relaystate: told.relay_state, is_copy })
    }

    fn heard<'a>(&'a self, session: &'a Session, body: &'a [u8]) -> BoxFuture<'a, Result<Evidence, FetchError>> {
        Box::pin(self.judge(session, body))
    }
}

fn read_started(answer: &Answer, order: &StartOrder) -> Result<Started, StartError> {
    let status = answer.status;
    let unusable = |what: &str| StartError::Unavailable(format!("it answered with HTTP status {status} and {what}"));
    if !(200..=299).contains(&status) && !(400..=499).contains(&status) || status == 429 {
        return Err(StartError::Unavailable(format!("it answered with HTTP status {status}")));
    }
    let body = once::parse(&answer.body).map_err(|_| unusable("no JSON"))?.value;
    let data = body.get("data").unwrap_or(&Value::Null);
    let errors = [body.get("errors"), data.get("errors")].into_iter().flatten().find(|errors| !errors.is_null());
    let codes = member::codes(errors).map_err(|_| unusable("errors of an unknown form"))?;
    if !codes.is_empty() {
        return Err(StartError::Refused { codes });
    }
    if status >= 400 {
        return Err(StartError::Refused { codes: vec![code(&body)] });
    }
    let id = data.get("id").and_then(Value::as_str).filter(|id| Uuid::parse_str(id).is_ok());
    let id = id.ok_or_else(|| unusable("no session"))?.to_owned();
    let result =
        |name: &str| [data.get("result"), Some(data)].into_iter().flatten().find_map(|of| of.get(name)?.as_str());
    let (auth_ref, onward) = if order.method == EidMethod::SeBid {
        let url = result("redirect_url").map(str::trim).and_then(|url| Url::parse(url).ok());
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = url.ok_or_else(|| unusable("no http address for the browser"))?;
        (String::new(), Onward::Redirect(url.into()))
    } else {
        let auth_ref = result("authRef").filter(|text| !text.is_empty()).ok_or_else(|| unusable("no reference"))?;
        let onward = match (order.method, result("qr")) {
            (EidMethod::FrejaQr, Some(qr)) => Onward::Scan(qr.to_owned()),
            (EidMethod::FrejaQr, None) => return Err(unusable("no QR code")),
            _ => Onward::App,
        };
        (auth_ref.to_owned(), onward)
    };
    let kept = Kept { auth_ref, level: order.level, country: order.country, method: order.method };
    let memory = serde_json::to_string(&kept).map_err(|_| unusable("what cannot be remembered"))?;
    Ok(Started { session: Session { id, memory }, onward })
}

/// The code of a refusal in one of its other forms: `{"code": 1012, …}`, `{"error": {"code": …}}`.
fn code(body: &Value) -> String {
    let at = [body.get("code"), body.get("error").and_then(|error| error.get("code"))];
    match at.into_iter().flatten().next() {
        Some(Value::Number(code)) => code.to_string(),
        Some(Value::String(word)) if word.len() <= 40 && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_') => {
            word.clone()
        }
        Some(_) | None => "OTHER".to_owned(),
    }
}

/// The identity of a method that ends without a token. Only what was fetched by our own session id, or signed by the webhook's key, gets here.
fn unsigned(identity: &Map<String, Value>) -> Result<Evidence, Contradiction> {
    let country = member::text(identity, "countryCode")?;
    let country = country.and_then(|code| Country::ALL.into_iter().find(|country| country.code() == code));
    let (method, provider) = ("bankid_se".to_owned(), "BankIDSE".to_owned());
    let number = member::text(identity, "personalNumber")?.filter(|number| !member::is_placeholder(number));
    let (Some(country), Some(number)) = (country, number) else {
        return Ok(Evidence::NoNumber(IdentitySummary { country, method, provider, date: None }));
    };
    let number = NationalNumber::parse_at(country, number, Checks::Lenient, Zoned::now().date());
    let number = number.map_err(|_| Contradiction("the number is none of its country"))?;
    let name = member::text(identity, "fullName")?.unwrap_or_default().chars().take(200).collect();
    Ok(Evidence::Finished(ProvenIdentity { country, number, method, provider, name, date: None }))
}

/// For the flaws that pass without an identity.
fn nobody() -> Evidence {
    let (method, provider) = (String::new(), String::new());
    Evidence::NoNumber(IdentitySummary { country: None, method, provider, date: None })
}

fn kind(codes: &[String]) -> FailureKind {
    match codes.first().map(String::as_str) {
        Some("USER_CANCEL" | "CANCELLED" | "CANCELED" | "DECLINED") => FailureKind::Cancelled,
        Some("EXPIRED" | "EXPIRED_TRANSACTION" | "START_FAILED") => FailureKind::Expired,
        Some("REJECTED" | "CERTIFICATE_ERR") => FailureKind::Rejected,
        Some(_) | None => FailureKind::ProviderError,
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Copies are recognised for at least as long as their moment is believed.
const KEPT_FOR: SignedDuration = SignedDuration::from_mins(11);
const MOST_HEARD: usize = 10_000;
