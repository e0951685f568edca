//! ZignSec's eID interface, version 3: what version 2 does not have.
//!
//! ```text
//! start    POST v3/eid/{smartid/auth, smartid/sign, swissid}   a session; Smart-ID asks the person, SwissID has a page
//! fetch    GET  v3/eid/{smartid/}{session}                     what became of it
//! webhook  X-ZignSec-Hmac-SHA256                               the same, signed with the token as version 2's
//! ```
//!
//! The documents say of the result only that it is version 2's; that its names may be written in camel case is inferred.

mod request;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{HeaderMap, Method};
use uuid::Uuid;

use super::caller::{LARGEST, NO_ACCESS};
use super::echo::Echoes;
use super::member::Unreadable;
use super::zignsec_v2::{Spelling, read_started, reading};
use super::{
    Client, ClientOptions, ConnectError, Connections, Demand, EidMethod, Evidence, FetchError, Manner, Notice, Session,
    StartError, StartOrder, Started, WebhookError, caller, hook, options,
};
use crate::reference::Flaw;

/// The client, where the connections hold `ZIGNSEC_V3_URL` and `ZIGNSEC_V3_TOKEN`.
///
/// # Errors
/// When there is an address without a token, or it is none.
pub fn connect(connections: &Connections, manner: &Manner) -> Result<Option<Arc<dyn Client>>, ConnectError> {
    let options = options("ZIGNSEC_V3", "/v3", connections, manner)?;
    Ok(options.map(|options| Arc::new(ZignsecV3::new(options)) as Arc<dyn Client>))
}

/// The client.
#[derive(Debug)]
pub struct ZignsecV3 {
    options: ClientOptions,
    echoes: Echoes,
}

impl ZignsecV3 {
    /// A client with these options.
    #[must_use]
    pub fn new(options: ClientOptions) -> Self {
        Self { options, echoes: Echoes::default() }
    }

    async fn begin(&self, order: &StartOrder) -> Result<Started, StartError> {
        let refused = || StartError::Refused { codes: vec!["INVALID_REQUEST".into()] };
        let path: Vec<&str> =
            ["v3", "eid"].into_iter().chain(request::path(order).ok_or_else(refused)?.iter().copied()).collect();
        let body = request::body(order).to_string();
        let answer = caller::call(&self.options, Method::POST, &path, body.into()).await;
        let answer = answer.map_err(StartError::Unavailable)?;
        let mut started = read_started(&answer, order.method == EidMethod::SwissId)?;
        // Smart-ID's sessions are asked about at a place of their own.
        started.session.memory = path.get(2..path.len() - 1).unwrap_or_default().concat();
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
        let product = Some(session.memory.as_str()).filter(|product| !product.is_empty());
        let path: Vec<&str> = ["v3", "eid"].into_iter().chain(product).chain([session.id.as_str()]).collect();
        let answer = caller::call(&self.options, Method::GET, &path, Bytes::new()).await;
        let answer = answer.map_err(FetchError::Unavailable)?;
        match answer.status {
            200..=299 => {}
            404 | 410 => return Err(FetchError::Unknown),
            401 | 403 => return Err(FetchError::Unavailable(NO_ACCESS.into())),
            status => return Err(FetchError::Unavailable(format!("it answered with HTTP status {status}"))),
        }
        let result = reading::result(&answer.body, Spelling::Either, &self.options.flaws);
        let result = result.map_err(|Unreadable(why)| FetchError::Malformed(why.into()))?;
        if result.codes.iter().any(|code| code == "SESSION_NOT_FOUND") {
            return Err(FetchError::Unknown);
        }
        if result.id.is_some_and(|id| !id.eq_ignore_ascii_case(&session.id)) {
            return Ok(Evidence::Contradictory("the result is another session's"));
        }
        Ok(self.echoes.instead(&session.id, result.evidence))
    }

    fn read_notice(&self, body: &[u8]) -> Result<(Notice, Evidence), WebhookError> {
        let result = reading::result(body, Spelling::Either, &self.options.flaws);
        let result = result.map_err(|Unreadable(why)| WebhookError::Malformed(why))?;
        let session = result.id.ok_or(WebhookError::Malformed("it names no session"))?;
        let evidence = self.echoes.instead(&session, result.evidence);
        Ok((Notice { session, relaystate: result.relaystate, is_copy: false }, evidence))
    }
}

impl Client for ZignsecV3 {
    fn name(&self) -> &'static str {
        "zignsec_v3"
    }

    fn methods(&self) -> &'static [EidMethod] {
        &[EidMethod::SmartId, EidMethod::SwissId]
    }

    fn signs(&self, method: EidMethod) -> bool {
        method == EidMethod::SmartId
    }

    fn demands(&self, method: EidMethod, _: bool) -> Demand {
        if method == EidMethod::SmartId { Demand::Number } else { Demand::Nothing }
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
        hook::plain(&self.options.flaws, &self.options.token, headers, body)?;
        self.read_notice(body).map(|(notice, _)| notice)
    }

    fn heard<'a>(&'a self, _: &'a Session, body: &'a [u8]) -> BoxFuture<'a, Result<Evidence, FetchError>> {
        let evidence = self.read_notice(body).map(|(_, evidence)| evidence);
        Box::pin(async { evidence.map_err(|error| FetchError::Malformed(error.to_string())) })
    }
}
