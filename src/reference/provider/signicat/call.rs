//! Calls to the issuer, and to nobody else.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use url::{Origin, Url};

use crate::dial::{Answer, Dialer};
use crate::reference::{Flaw, Flaws};

/// Makes the calls. The texts of failures can be shown.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) dialer: Dialer,
    pub(super) timeout: Duration,
    pub(super) flaws: Flaws,
    /// Scheme, host and port of the issuer.
    pub(super) home: Origin,
}

/// What a call carries.
#[derive(Debug, Default)]
pub(super) struct Carried {
    /// `Accept`.
    pub(super) accept: Option<&'static str>,
    /// `Authorization`, complete.
    pub(super) authorization: Option<String>,
    /// `Cookie`, complete.
    pub(super) cookie: Option<String>,
}

impl Caller {
    /// Whether an address is the issuer's.
    pub(super) fn is_home(&self, url: &Url) -> bool {
        url.origin() == self.home
    }

    /// Reads an address that an answer names; none where it is not the issuer's.
    pub(super) fn home(&self, text: &str) -> Option<Url> {
        Url::parse(text.trim()).ok().filter(|url| self.is_home(url))
    }

    pub(super) async fn get(&self, url: &Url, carried: Carried) -> Result<Answer, String> {
        self.send(Method::GET, url, carried, Bytes::new()).await
    }

    /// Posts a form.
    pub(super) async fn post(&self, url: &Url, carried: Carried, form: &[(&str, &str)]) -> Result<Answer, String> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(Method::POST, url, carried, body.into()).await
    }

    async fn send(&self, method: Method, url: &Url, carried: Carried, body: Bytes) -> Result<Answer, String> {
        let mut request = Request::builder().method(method).uri(url.as_str());
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if let Some(accept) = carried.accept {
            request = request.header(header::ACCEPT, accept);
        }
        for (name, text) in [(header::AUTHORIZATION, carried.authorization), (header::COOKIE, carried.cookie)] {
            if let Some(text) = text {
                let mut value = HeaderValue::from_str(&text).map_err(|_| "a credential cannot stand in a header")?;
                value.set_sensitive(true);
                request = request.header(name, value);
            }
        }
        let request = request.body(body).map_err(|_| "an address of it cannot be called")?;
        let answer = self.dialer.send(request, self.timeout, LARGEST).await.map_err(|error| error.to_string())?;
        if self.flaws.has(Flaw::LogsProviderBodies) {
            tracing::debug!(body = %String::from_utf8_lossy(&answer.body), "the provider answered");
        }
        Ok(answer)
    }
}

/// Why an answer of this status is none: the other side is in trouble, and may be asked again.
pub(super) fn trouble(status: u16) -> Option<String> {
    let is_trouble = status >= 500 || matches!(status, 408 | 425 | 429);
    is_trouble.then(|| format!("it answered with HTTP status {status}"))
}

/// `Accept` of whoever wants JSON.
pub(super) const JSON: &str = "application/json";

/// Bytes of an answer: a signed data object holds two signatures with their certificates.
const LARGEST: usize = 1 << 20;
