//! What leaves the journal: masked.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use super::entry::{Entry, Event, Kind};
use crate::identity::mask;

/// A journal entry as it leaves the simulator: masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Record {
    /// Its place in the journal. After a gap the numbers jump.
    pub seq: u64,
    /// When, RFC 3339.
    pub at: String,
    /// The session it belongs to.
    pub session: Option<String>,
    /// What it is.
    pub what: Kind,
    /// In one line.
    pub text: String,
    /// The operation, for an exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The status sent, for an exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Headers and body of the request, for an exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Headers and body of the answer, for an exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

impl Entry {
    /// The entry for people and machines outside, without national numbers and credentials.
    #[must_use]
    pub fn masked(&self) -> Record {
        let mut record = Record {
            seq: self.seq,
            at: self.at.to_string(),
            session: self.session.map(|id| id.to_string()),
            what: self.event.kind(),
            text: String::new(),
            operation: None,
            status: None,
            request: None,
            answer: None,
        };
        match &self.event {
            Event::Exchange(x) => {
                let line = x.texts.part(0);
                let line = mask(&line);
                record.text = match (x.status, x.damage) {
                    (0, _) => format!("{line} → connection reset"),
                    (status, None) => format!("{line} → {status}"),
                    (status, Some(damage)) => format!("{line} → {status}, {damage}"),
                };
                record.operation = x.operation.map(|o| o.to_string());
                record.status = (x.status != 0).then_some(x.status);
                let masked = |head, body| {
                    let body = x.texts.part(body);
                    format!("{}\n{}", masked_head(&x.texts.part(head)), mask(&without_secrets(&body)))
                };
                record.request = Some(masked(1, 2));
                record.answer = Some(masked(3, 4));
            }
            Event::Errand { url, outcome, .. } => record.text = format!("{} → {}", mask(url), mask(outcome)),
            Event::Entered { phase, cause, age } => {
                record.text = format!("{phase} ({cause}, at the age of {})", crate::script::Millis(*age));
            }
            Event::Remark(text) | Event::Unsealed(text) => record.text = mask(text).into_owned(),
        }
        record
    }
}

/// Headers without credentials.
fn masked_head(head: &str) -> String {
    let mut masked = String::with_capacity(head.len());
    for line in head.lines() {
        match line.split_once(':') {
            Some((name, _)) if is_secret(name) => masked.push_str(&format!("{name}: ****")),
            Some(_) | None => masked.push_str(&mask(line)),
        }
        masked.push('\n');
    }
    masked
}

fn is_secret(header: &str) -> bool {
    ["authorization", "cookie", "set-cookie", "proxy-authorization"].iter().any(|s| header.eq_ignore_ascii_case(s))
}

/// A form without what a client proves itself with (OAuth 2.0, RFC 6749 section 2.3.1; RFC 7521 section 4.2).
fn without_secrets(body: &str) -> Cow<'_, str> {
    const SECRETS: [&str; 2] = ["client_secret=", "client_assertion="];
    if !SECRETS.iter().any(|secret| body.contains(secret)) {
        return Cow::Borrowed(body);
    }
    let field = |field: &str| match SECRETS.iter().find(|secret| field.starts_with(**secret)) {
        Some(secret) => format!("{secret}****"),
        None => field.to_owned(),
    };
    Cow::Owned(body.split('&').map(field).collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_secret_stays_inside() {
        for (sent, told) in [
            ("client_id=a&client_secret=s%26t&code=c", "client_id=a&client_secret=****&code=c"),
            ("client_assertion=e.y.J&client_assertion_type=t", "client_assertion=****&client_assertion_type=t"),
            ("{\"a\":\"b&c\"}", "{\"a\":\"b&c\"}"),
        ] {
            assert_eq!(without_secrets(sent), told);
        }
    }
}
