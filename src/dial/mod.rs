//! How we call others: webhooks, questions, and the pages that the judge visits.
//!
//! One pooled HTTP/1.1 client that says in words a developer can act on why a call failed. It follows no redirects: whoever calls decides
//! what a 3xx means (for a webhook, a failed attempt).

mod connect_to;
mod connector;
mod error;
mod trust;

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::http::{HeaderMap, Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::{Instant, timeout};

pub use self::connect_to::{ConnectTo, ConnectToError};
use self::connector::Connector;
pub use self::error::DialError;
pub use self::trust::TrustError;

/// How to reach others, as given on the command line.
#[derive(Clone, Debug, Default)]
pub struct DialOptions {
    /// Other TCP destinations for some hosts; the first that fits counts.
    pub connect_to: Vec<ConnectTo>,
    /// Certificate authorities to trust besides the public ones and Motpart's own: PEM texts of one or more certificates.
    pub ca_pem: Vec<String>,
    /// Accept any certificate.
    pub insecure: bool,
}

/// A client for http and https URLs. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Dialer {
    client: Client<Connector, Full<Bytes>>,
    connector: Connector,
}

/// What the other side answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status, 3xx included.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The complete body.
    pub body: Bytes,
    /// From the call to the last byte.
    pub took: Duration,
}

impl Dialer {
    /// A client with these options.
    ///
    /// # Errors
    /// When a text in [`DialOptions::ca_pem`] holds no usable certificate.
    pub fn new(options: &DialOptions) -> Result<Self, TrustError> {
        let connector = Connector::new(options)?;
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            // Less than any server's usual patience (Node closes after 5 s): a stale connection would look like the other side's failure.
            .pool_idle_timeout(Duration::from_secs(3))
            .build(connector.clone());
        Ok(Self { client, connector })
    }

    /// Sends the request and reads the whole answer, all within `limit`; a body longer than `max_body` bytes is an error.
    ///
    /// The `Host` header is made from the URL unless the request has one.
    ///
    /// # Errors
    /// One variant of [`DialError`] for each thing that can be done about it. Only [`DialError::TimedOut`], [`DialError::TooLarge`] and
    /// [`DialError::Broke`] can come after the other side has seen the request.
    pub async fn send(&self, request: Request<Bytes>, limit: Duration, max_body: usize) -> Result<Answer, DialError> {
        let uri = request.uri().clone();
        if !is_http(&uri) {
            return Err(DialError::NotHttp);
        }
        let address = self.connector.destination(&uri);
        let started = Instant::now();
        let exchange = async {
            let answer = self.client.request(request.map(Full::new)).await;
            let (head, body) = answer.map_err(|error| DialError::of(&error, &address))?.into_parts();
            let body = Limited::new(body, max_body).collect().await;
            let body = body.map_err(|error| DialError::of_body(&*error, &address, max_body))?.to_bytes();
            Ok(Answer { status: head.status.as_u16(), headers: head.headers, body, took: started.elapsed() })
        };
        timeout(limit, exchange)
            .await
            .unwrap_or_else(|_| Err(DialError::TimedOut { address: address.to_string(), after: limit }))
    }
}

fn is_http(uri: &Uri) -> bool {
    uri.host().is_some_and(|host| !host.is_empty()) && matches!(uri.scheme_str(), Some("http" | "https"))
}

#[cfg(test)]
mod tests;
