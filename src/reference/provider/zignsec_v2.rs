//! ZignSec's eID interface, version 2, as its two pages on BankID in the browser document it.
//!
//! ```text
//! start    POST v2/eid/{selector}          a session and where the browser goes
//! fetch    GET  v2/eid/{session}           what became of it, server to server
//! webhook  X-ZignSec-Hmac-SHA256           the same, signed with the token
//! ```

mod came_by;
mod once;
mod reading;
mod request;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, header};
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use self::reading::Unreadable;
use super::{
    ClientOptions, Evidence, FetchError, ProvenIdentity, SignedNotice, StartError, StartOrder, Started, WebhookError,
};
use crate::crypto::mac;
use crate::dial::Answer;
use crate::identity::NationalNumber;
use crate::reference::Flaw;

/// The client. It follows no redirects, and nothing that it says of a failure holds a number, the token or a body.
#[derive(Debug)]
pub struct ZignsecV2 {
    options: ClientOptions,
    /// Only for [`Flaw::ComparesWhatItSent`]: what was sent to the provider.
    echoes: Mutex<HashMap<String, NationalNumber>>,
}

impl ZignsecV2 {
    /// A client with these options.
    #[must_use]
    pub fn new(options: ClientOptions) -> Self {
        Self { options, echoes: Mutex::default() }
    }

    /// Starts a session.
    ///
    /// # Errors
    /// When the provider refuses, or gives no usable answer.
    pub async fn start(&self, order: &StartOrder) -> Result<Started, StartError> {
        let selector = request::selector(order)?;
        let body = request::body(order).to_string();
        let answer = self.call(Method::POST, selector, body.into()).await.map_err(StartError::Unavailable)?;
        let started = read_started(&answer)?;
        if self.options.flaws.has(Flaw::ComparesWhatItSent) {
            self.remember(&started.session, order);
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
        let result = reading::result(&answer.body, &self.options.flaws);
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
        Ok(self.with_echo(session, result.evidence))
    }

    /// Reads a webhook, once its signature is found right.
    ///
    /// # Errors
    /// When it is not signed with the token, or is no result of a session. Then it has no effect.
    pub fn webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<SignedNotice, WebhookError> {
        if body.len() > LARGEST {
            return Err(WebhookError::TooLarge);
        }
        self.check_signature(headers, body)?;
        let result =
            reading::result(body, &self.options.flaws).map_err(|Unreadable(why)| WebhookError::Malformed(why))?;
        let session = result.id.ok_or(WebhookError::Malformed("it names no session"))?;
        let evidence = self.with_echo(&session, result.evidence);
        Ok(SignedNotice { session, relaystate: result.relaystate, evidence })
    }

    fn check_signature(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), WebhookError> {
        let flaws = &self.options.flaws;
        if flaws.has(Flaw::IgnoresWebhookSignature) {
            return Ok(());
        }
        let is_lax = flaws.has(Flaw::EmptyKeyOpensWebhooks);
        let secret = self.options.token.as_bytes();
        if secret.is_empty() && !is_lax {
            return Err(WebhookError::NoSecret);
        }
        let mut given = headers.get_all(SIGNATURE).iter();
        let signature = match (given.next(), given.next()) {
            (Some(only), None) => only.to_str().unwrap_or_default().trim(),
            (Some(_), Some(_)) | (None, _) => "",
        };
        if signature.is_empty() {
            return if is_lax { Ok(()) } else { Err(WebhookError::Unsigned) };
        }
        // Lower-case hexadecimal, says a client; the documents do not tell the case.
        let signature = hex::decode(signature).map_err(|_| WebhookError::WrongSignature)?;
        // Over the bytes as they came: what is parsed and written again can differ in white space, escapes and order.
        let fits = |secret: &[u8]| mac::equal(&signature, &mac::hmac_sha256(secret, body));
        if fits(secret) || is_lax && fits(b"") { Ok(()) } else { Err(WebhookError::WrongSignature) }
    }

    /// Calls `v2/eid/{name}`; the text of a failure can be shown.
    async fn call(&self, method: Method, name: &str, body: Bytes) -> Result<Answer, String> {
        let mut url = self.options.base.clone();
        url.path_segments_mut()
            .map_err(|()| "its address cannot have a path: expected http://host/ or https://host/")?
            .pop_if_empty()
            .extend(["v2", "eid", name]);
        // The token alone, without a scheme.
        let mut token = HeaderValue::from_str(&self.options.token)
            .map_err(|_| "the token cannot stand in a header: look for line breaks")?;
        token.set_sensitive(true);
        let request = Request::builder()
            .method(method)
            .uri(url.as_str())
            .header(header::AUTHORIZATION, token)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .map_err(|_| "its address cannot be called")?;
        let answer = self.options.dialer.send(request, self.options.timeout, LARGEST).await;
        let answer = answer.map_err(|error| error.to_string())?;
        if self.options.flaws.has(Flaw::LogsProviderBodies) {
            tracing::info!(body = %String::from_utf8_lossy(&answer.body), "the provider answered");
        }
        Ok(answer)
    }

    fn remember(&self, session: &str, order: &StartOrder) {
        let number = order.personal_number.as_deref().and_then(|typed| request::typed(order.method, typed));
        if let Some(number) = number {
            let mut echoes = self.echoes.lock().unwrap_or_else(PoisonError::into_inner);
            if echoes.len() < MOST_ECHOES {
                echoes.insert(session.to_owned(), number);
            }
        }
    }

    /// The flaw of comparing what was sent instead of what came back. Without it nothing is ever remembered.
    fn with_echo(&self, session: &str, evidence: Evidence) -> Evidence {
        let echo = self.echoes.lock().unwrap_or_else(PoisonError::into_inner).get(session).cloned();
        match (evidence, echo) {
            (Evidence::Finished(identity), Some(number)) => {
                Evidence::Finished(ProvenIdentity { country: number.country(), number, ..identity })
            }
            (Evidence::NoNumber(summary), Some(number)) => Evidence::Finished(ProvenIdentity {
                country: number.country(),
                number,
                method: summary.method,
                provider: summary.provider,
                name: String::new(),
                date: summary.date,
            }),
            (evidence, _) => evidence,
        }
    }
}

fn read_started(answer: &Answer) -> Result<Started, StartError> {
    let status = answer.status;
    let unusable = |what: &str| StartError::Unavailable(format!("it answered with HTTP status {status} and {what}"));
    // A refusal may come with 200 or with 4xx: the documents know only its body.
    if !(200..=299).contains(&status) && !(400..=499).contains(&status) || status == 429 {
        return Err(StartError::Unavailable(format!("it answered with HTTP status {status}")));
    }
    let body = once::parse(&answer.body).map_err(|_| unusable("no JSON"))?;
    let codes = reading::codes(body.value.get("errors")).map_err(|_| unusable("errors of an unknown form"))?;
    if !codes.is_empty() {
        return Err(StartError::Refused { codes });
    }
    if status >= 300 {
        return Err(unusable("no reason"));
    }
    let text = |name| body.value.get(name).and_then(Value::as_str).map(str::trim);
    let session = text("id").filter(|id| Uuid::parse_str(id).is_ok()).ok_or_else(|| unusable("no session"))?;
    // A client trims the address everywhere: there may be white space around it.
    let redirect_url = text("redirect_url").and_then(|url| Url::parse(url).ok());
    let redirect_url = redirect_url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let redirect_url = redirect_url.ok_or_else(|| unusable("no http address for the browser"))?;
    Ok(Started { session: session.to_owned(), redirect_url })
}

const SIGNATURE: &str = "x-zignsec-hmac-sha256";
const NO_ACCESS: &str = "it does not accept our token";

/// Bytes of an answer or webhook. Signature and certificate status of Swedish BankID are long, but not this long.
const LARGEST: usize = 512 * 1024;
const MOST_ECHOES: usize = 10_000;
