//! What a browser sends: fields of a form or of a query, and how it wants to be answered.

use std::collections::BTreeMap;

use axum::body::to_bytes;
use axum::extract::Request;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method};
use url::form_urlencoded;

/// The fields of a form or a query. Of a repeated one the last counts; empty ones are as good as absent.
#[derive(Clone, Debug, Default)]
pub(in crate::providers) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads `a=b&c=d`.
    pub(in crate::providers) fn read(encoded: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(encoded).filter(|(_, value)| !value.trim().is_empty());
        Self(pairs.map(|(name, value)| (name.into_owned(), value.trim().to_owned())).collect())
    }

    /// The fields of a form that is sent, or else of the query; and the request's head.
    pub(in crate::providers) async fn of(request: Request) -> (Parts, Self) {
        let (head, body) = request.into_parts();
        let sent = if head.method == Method::POST {
            // The witness has the whole body already, and has refused one that is too large.
            to_bytes(body, usize::MAX).await.unwrap_or_default()
        } else {
            Bytes::copy_from_slice(head.uri.query().unwrap_or_default().as_bytes())
        };
        (head, Self::read(&sent))
    }

    /// A field's value.
    pub(in crate::providers) fn named(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// How the person's browser came and wants to go. It travels in hidden fields and queries, since the page keeps nothing in the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::providers) struct Manner {
    /// Within an iframe: the parent is told of the end by a message.
    pub framed: bool,
    /// Comes back in another browser: the return address is shown, not followed.
    pub elsewhere: bool,
}

impl Manner {
    /// Read from the fields, and from the head in which browsers tell an iframe.
    pub(in crate::providers) fn of(fields: &Fields, head: &HeaderMap) -> Self {
        let told = head.get("sec-fetch-dest").is_some_and(|dest| dest == "iframe" || dest == "frame");
        Self { framed: told || fields.named("framed").is_some(), elsewhere: fields.named("elsewhere").is_some() }
    }

    /// The query that carries it on, with its question mark; empty when there is nothing to carry.
    pub(in crate::providers) const fn query(self) -> &'static str {
        match (self.framed, self.elsewhere) {
            (false, false) => "",
            (false, true) => "?elsewhere=1",
            (true, false) => "?framed=1",
            (true, true) => "?framed=1&elsewhere=1",
        }
    }
}
