//! A call to ZignSec: the same credentials and patience in all of its generations.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};

use super::ClientOptions;
use crate::dial::Answer;
use crate::reference::Flaw;

/// Calls an address below the base; the text of a failure can be shown. Redirects are answers like any other.
pub(super) async fn call(
    options: &ClientOptions,
    method: Method,
    path: &[&str],
    body: Bytes,
) -> Result<Answer, String> {
    let mut url = options.base.clone();
    url.path_segments_mut()
        .map_err(|()| "its address cannot have a path: expected http://host/ or https://host/")?
        .pop_if_empty()
        .extend(path);
    // The token alone, without a scheme.
    let mut token = HeaderValue::from_str(&options.token)
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
    let answer = options.dialer.send(request, options.timeout, LARGEST).await;
    let answer = answer.map_err(|error| error.to_string())?;
    if options.flaws.has(Flaw::LogsProviderBodies) {
        tracing::debug!(body = %String::from_utf8_lossy(&answer.body), "the provider answered");
    }
    Ok(answer)
}

pub(super) const NO_ACCESS: &str = "it does not accept our token";

/// Bytes of an answer or webhook. Signature and certificate status of Swedish BankID are long, but not this long.
pub(super) const LARGEST: usize = 512 * 1024;
