use std::time::Duration;

use bytes::Bytes;
use url::Url;

use super::jars::{JarId, Jars};
use super::{Actor, BrowserId, Exchange, Wire};
use crate::dial::{Answer, DialError, Dialer};

/// Sends requests with the right cookies, and notes everything that goes over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) dialer: Dialer,
    pub(crate) jars: Jars,
}

/// A request.
#[derive(Clone)]
pub(crate) struct Outgoing {
    pub(crate) jar: JarId,
    /// As whom, for the log.
    pub(crate) actor: String,
    /// For what, for the log.
    pub(crate) operation: &'static str,
    pub(crate) method: &'static str,
    pub(crate) url: Url,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    #[error(transparent)]
    Dial(#[from] DialError),
    /// It cannot be sent at all.
    #[error("the request cannot be sent: {0}")]
    Unsendable(String),
}

impl Line {
    /// Sends a request; one that only asks, once more where the connection broke. A service closes a connection behind an answer that it gave
    /// before it had read everything, and the next request may already be on its way: whoever keeps connections sends it again (RFC 9112
    /// section 9.3.1), as browsers do.
    pub(crate) async fn send(&self, outgoing: &Outgoing, limit: Duration, wire: &Wire) -> Result<Answer, NoAnswer> {
        match self.once(outgoing, limit, wire).await {
            Err(NoAnswer::Dial(DialError::Broke { .. })) if ["GET", "HEAD"].contains(&outgoing.method) => {
                self.once(outgoing, limit, wire).await
            }
            answer => answer,
        }
    }

    async fn once(&self, outgoing: &Outgoing, limit: Duration, wire: &Wire) -> Result<Answer, NoAnswer> {
        let mut headers = outgoing.headers.clone();
        let cookies = self.jars.cookies(&outgoing.jar, &outgoing.url);
        if !cookies.is_empty() {
            let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.push(("cookie".to_owned(), pairs.join("; ")));
        }
        let mut request = http::Request::builder().method(outgoing.method).uri(outgoing.url.as_str());
        for (name, value) in &headers {
            request = request.header(name.as_str(), value.as_bytes());
        }
        let request = request.body(outgoing.body.clone()).map_err(|e| NoAnswer::Unsendable(e.to_string()))?;
        let (at, began) = (wire.at(), tokio::time::Instant::now());
        let answer = self.dialer.send(request, limit, MOST_ANSWER).await;
        let (status, answer_headers, body) = match &answer {
            Ok(answer) => {
                self.jars.keep(&outgoing.jar, &outgoing.url, &answer.headers);
                (Some(answer.status), super::http::headers(&answer.headers), answer.body.to_vec())
            }
            Err(error) => (None, Vec::new(), error.to_string().into_bytes()),
        };
        wire.note(Exchange {
            actor: outgoing.actor.clone(),
            operation: outgoing.operation.to_owned(),
            method: outgoing.method.to_owned(),
            url: outgoing.url.to_string(),
            request_headers: headers,
            request_body: outgoing.body.to_vec(),
            status,
            headers: answer_headers,
            body,
            at,
            took: began.elapsed(),
        });
        Ok(answer?)
    }
}

/// An actor, as the log names it.
pub(crate) fn label(actor: Actor, browser: Option<&BrowserId>) -> String {
    let name = match actor {
        Actor::Anonymous => "anonymous",
        Actor::Person => "person",
        Actor::Provider => "provider",
        Actor::Sender => "sender",
        Actor::Stranger => "stranger",
    };
    match browser {
        Some(browser) => format!("{name} {}", browser.name),
        None => name.to_owned(),
    }
}

/// A dump of a whole store comes in one answer.
const MOST_ANSWER: usize = 64 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::dial::DialOptions;

    #[tokio::test]
    async fn what_only_asks_is_asked_again_where_the_connection_broke() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let breaks_the_first = tokio::spawn(async move {
            for n in 0_u8.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
                if n % 2 == 1 {
                    stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.unwrap();
                }
            }
        });
        let line = Line { dialer: Dialer::new(&DialOptions::default()).unwrap(), jars: Jars::default() };
        let wire = Wire::new();
        let outgoing = |method| Outgoing {
            jar: JarId::Nobody,
            actor: "sender".to_owned(),
            operation: "get_agreement",
            method,
            url: url.clone(),
            headers: Vec::new(),
            body: Bytes::new(),
        };
        let send = async |method| line.send(&outgoing(method), Duration::from_secs(10), &wire).await;
        assert_eq!(send("GET").await.unwrap().status, 204);
        let statuses: Vec<_> = wire.exchanges().into_iter().map(|exchange| exchange.status).collect();
        assert_eq!(statuses, [None, Some(204)], "both stand in the log");
        // What changes something may have been done already.
        assert!(matches!(send("POST").await, Err(NoAnswer::Dial(DialError::Broke { .. }))));
        breaks_the_first.abort();
    }
}
