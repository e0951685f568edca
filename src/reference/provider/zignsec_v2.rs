//! ZignSec's eID interface, version 2, as its two pages on BankID in the browser document it.
//!
//! ```text
//! start    POST v2/eid/{selector}          a session and where the browser goes
//! fetch    GET  v2/eid/{session}           what became of it, server to server
//! webhook  X-ZignSec-Hmac-SHA256           the same, signed with the token
//! ```

pub(super) mod reading;
mod request;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{HeaderMap, Method};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::caller::{LARGEST, NO_ACCESS};
use super::echo::Echoes;
use super::member::Unreadable;
use super::{
    Client, ClientOptions, ConnectError, Connections, Demand, EidMethod, Evidence, FetchError, Manner, Notice, Onward,
    Session, StartError, StartOrder, Started, WebhookError, caller, hook, member, once, options,
};
use crate::dial::Answer;
use crate::reference::Flaw;

/// The client, where the connections hold `ZIGNSEC_V2_URL` and `ZIGNSEC_V2_TOKEN`. The token is also the key of the webhooks' signatures.
///
/// # Errors
/// When there is an address without a token, or it is none.
pub fn connect(connections: &Connections, manner: &Manner) -> Result<Option<Arc<dyn Client>>, ConnectError> {
    let options = options("ZIGNSEC_V2", "/v2", connections, manner)?;
    Ok(options.map(|options| Arc::new(ZignsecV2::new(options)) as Arc<dyn Client>))
}

/// How a result's identity spells its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As version 2, or in camel case.
    Either,
    /// `PersonalNumber`.
    Pascal,
}

/// The client. It follows no redirects, and nothing that it says of a failure holds a number, the token or a body.
#[derive(Debug)]
pub struct ZignsecV2 {
    options: ClientOptions,
    /// Only for [`Flaw::ComparesWhatItSent`]: what was sent to the provider.
    echoes: Echoes,
}

impl ZignsecV2 {
    /// A client with these options.
    #[must_use]
    pub fn new(options: ClientOptions) -> Self {
        Self { options, echoes: Echoes::default() }
    }

    /// Starts a session.
    ///
    /// # Errors
    /// When the provider refuses, or gives no usable answer.
    pub async fn start(&self, order: &StartOrder) -> Result<Started, StartError> {
        let selector = request::selector(order)?;
        let body = request::body(order).to_string();
        let answer = self.call(Method::POST, selector, body.into()).await.map_err(StartError::Unavailable)?;
        let started = read_started(&answer, true)?;
        if self.options.flaws.has(Flaw::ComparesWhatItSent) {
            self.remember(&started.session.id, order);
        }
        Ok(started)
    }

    /// Asks what became of a session.
    ///
    /// # Errors
    /// When the provider does not know it, or gives no usable answer.
    pub async fn fetch(&self, session: &str) -> Result<Evidence, FetchError> {
        // "A guid": anything else could lead the call elsewhere.
        if Uuid::parse_str(session).is_err() {
            return Err(FetchError::Unknown);
        }
        let answer = self.call(Method::GET, session, Bytes::new()).await.map_err(FetchError::Unavailable)?;
        match answer.status {
            200..=299 => {}
            // Documented as SESSION_NOT_FOUND; the status is inferred.
            404 | 410 => return Err(FetchError::Unknown),
            401 | 403 => return Err(FetchError::Unavailable(NO_ACCESS.into())),
            status => return Err(FetchError::Unavailable(format!("it answered with HTTP status {status}"))),
        }
        let result = reading::result(&answer.body, Spelling::Pascal, &self.options.flaws);
        let result = result.map_err(|Unreadable(why)| FetchError::Malformed(why.into()))?;
        if result.codes.iter().any(|code| code == "SESSION_NOT_FOUND") {
            return Err(FetchError::Unknown);
        }
        if result.codes.iter().any(|code| code == "INVALID_APPID") {
            return Err(FetchError::Unavailable(NO_ACCESS.into()));
        }
        if result.id.is_some_and(|id| !id.eq_ignore_ascii_case(session)) {
            return Ok(Evidence::Contradictory("the result is another session's"));
        }
        Ok(self.echoes.instead(session, result.evidence))
    }

    /// Reads a webhook, once its signature is found right.
    ///
    /// # Errors
    /// When it is not signed with the token, or is no result of a session. Then it has no effect.
    pub fn webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<(Notice, Evidence), WebhookError> {
        if body.len() > LARGEST {
            return Err(WebhookError::TooLarge);
        }
        hook::plain(&self.options.flaws, &self.options.token, headers, body)?;
        self.read_notice(body)
    }

    fn read_notice(&self, body: &[u8]) -> Result<(Notice, Evidence), WebhookError> {
        let result = reading::result(body, Spelling::Pascal, &self.options.flaws)
            .map_err(|Unreadable(why)| WebhookError::Malformed(why))?;
        let session = result.id.ok_or(WebhookError::Malformed("it names no session"))?;
        let evidence = self.echoes.instead(&session, result.evidence);
        Ok((Notice { session, relaystate: result.relaystate, is_copy: false }, evidence))
    }

    /// Calls `v2/eid/{name}`; the text of a failure can be shown.
    async fn call(&self, method: Method, name: &str, body: Bytes) -> Result<Answer, String> {
        caller::call(&self.options, method, &["v2", "eid", name], body).await
    }

    fn remember(&self, session: &str, order: &StartOrder) {
        let number = order.personal_number.as_deref().and_then(|typed| request::typed(order.country, typed));
        if let Some(number) = number {
            self.echoes.remember(session, number);
        }
    }
}

impl Client for ZignsecV2 {
    fn name(&self) -> &'static str {
        "zignsec_v2"
    }

    fn methods(&self) -> &'static [EidMethod] {
        &[EidMethod::SeBid, EidMethod::NoBid, EidMethod::DkMitid, EidMethod::FiBank]
    }

    fn signs(&self, method: EidMethod) -> bool {
        method == EidMethod::SeBid
    }

    fn demands(&self, method: EidMethod, signs: bool) -> Demand {
        // "PersonalNumber required" (BankID in the browser, sbid-sign).
        if signs && self.signs(method) { Demand::Number } else { Demand::Nothing }
    }

    fn start<'a>(&'a self, order: &'a StartOrder) -> BoxFuture<'a, Result<Started, StartError>> {
        Box::pin(self.start(order))
    }

    fn fetch<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Evidence, FetchError>> {
        Box::pin(self.fetch(&session.id))
    }

    fn webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<Notice, WebhookError> {
        self.webhook(headers, body).map(|(notice, _)| notice)
    }

    fn heard<'a>(&'a self, _: &'a Session, body: &'a [u8]) -> BoxFuture<'a, Result<Evidence, FetchError>> {
        let evidence = self.read_notice(body).map(|(_, evidence)| evidence);
        Box::pin(async { evidence.map_err(|error| FetchError::Malformed(error.to_string())) })
    }
}

/// The answer to a set-up; the browser is sent somewhere, or the person's app was told.
pub(super) fn read_started(answer: &Answer, in_browser: bool) -> Result<Started, StartError> {
    let status = answer.status;
    let unusable = |what: &str| StartError::Unavailable(format!("it answered with HTTP status {status} and {what}"));
    // A refusal may come with 200 or with 4xx: the documents know only its body.
    if !(200..=299).contains(&status) && !(400..=499).contains(&status) || status == 429 {
        return Err(StartError::Unavailable(format!("it answered with HTTP status {status}")));
    }
    let body = once::parse(&answer.body).map_err(|_| unusable("no JSON"))?;
    let codes = member::codes(body.value.get("errors")).map_err(|_| unusable("errors of an unknown form"))?;
    if !codes.is_empty() {
        return Err(StartError::Refused { codes });
    }
    if status >= 300 {
        return Err(unusable("no reason"));
    }
    let text = |name| body.value.get(name).and_then(Value::as_str).map(str::trim);
    let session = text("id").filter(|id| Uuid::parse_str(id).is_ok()).ok_or_else(|| unusable("no session"))?;
    let session = Session { id: session.to_owned(), memory: String::new() };
    if !in_browser {
        return Ok(Started { session, onward: Onward::App });
    }
    // A client trims the address everywhere: there may be white space around it.
    let redirect_url = text("redirect_url").and_then(|url| Url::parse(url).ok());
    let redirect_url = redirect_url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let redirect_url = redirect_url.ok_or_else(|| unusable("no http address for the browser"))?;
    Ok(Started { session, onward: Onward::Redirect(redirect_url.into()) })
}
