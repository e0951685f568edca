//! What leaves the journal: masked.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
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
                let line = masked(&x.texts.part(0));
                record.text = match (x.status, x.damage) {
                    (0, _) => format!("{line} → connection reset"),
                    (status, None) => format!("{line} → {status}"),
                    (status, Some(damage)) => format!("{line} → {status}, {damage}"),
                };
                record.operation = x.operation.map(|o| o.to_string());
                record.status = (x.status != 0).then_some(x.status);
                let whole =
                    |head, body| format!("{}\n{}", masked_head(&x.texts.part(head)), masked(&x.texts.part(body)));
                record.request = Some(whole(1, 2));
                record.answer = Some(whole(3, 4));
            }
            Event::Errand { url, outcome, .. } => record.text = format!("{} → {}", masked(url), masked(outcome)),
            Event::Entered { phase, cause, age } => {
                record.text = format!("{phase} ({cause}, at the age of {})", crate::script::Millis(*age));
            }
            Event::Remark(text) | Event::Unsealed(text) => record.text = masked(text),
        }
        record
    }
}

/// Without national numbers and secrets.
fn masked(text: &str) -> String {
    mask(&without_secrets(text)).into_owned()
}

/// Headers without credentials.
fn masked_head(head: &str) -> String {
    let mut masked = String::with_capacity(head.len());
    for line in head.lines() {
        match line.split_once(':') {
            Some((name, _)) if is_secret(name) => masked.push_str(&format!("{name}: ****")),
            Some(_) | None => masked.push_str(&self::masked(line)),
        }
        masked.push('\n');
    }
    masked
}

fn is_secret(header: &str) -> bool {
    ["authorization", "cookie", "set-cookie", "proxy-authorization"].iter().any(|s| header.eq_ignore_ascii_case(s))
}

/// A text without what a client proves itself with and what it is handed to come back with (RFC 6749 sections 2.3.1, 4.1, 5.1; RFC 7521
/// section 4.2; RFC 7636 section 4.5): in addresses and forms, and in JSON.
fn without_secrets(text: &str) -> Cow<'_, str> {
    static SECRET: LazyLock<Regex> = LazyLock::new(|| {
        let names = "access_token|client_assertion|client_secret|code|code_verifier|refresh_token";
        let tokens = "access_token|client_secret|refresh_token";
        let pattern = format!(r#"((?:^|[?&\s])(?:{names})=|"(?:{tokens})"\s*:\s*")[^&\s"]+"#);
        Regex::new(&pattern).expect("a pattern without mistakes")
    });
    SECRET.replace_all(text, "$1****")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stay_inside() {
        for (sent, told) in [
            ("client_id=a&client_secret=s%26t&code=c", "client_id=a&client_secret=****&code=****"),
            ("client_assertion=e.y.J&client_assertion_type=t", "client_assertion=****&client_assertion_type=t"),
            ("GET /callback?code=c&state=s HTTP/1.1", "GET /callback?code=****&state=s HTTP/1.1"),
            ("code_verifier=v", "code_verifier=****"),
            (r#"{"access_token":"a","id_token":"e.y.J"}"#, r#"{"access_token":"****","id_token":"e.y.J"}"#),
            (r#"{"refresh_token" : "r","scope":"openid"}"#, r#"{"refresh_token" : "****","scope":"openid"}"#),
        ] {
            assert_eq!(without_secrets(sent), told);
        }
    }

    #[test]
    fn what_only_looks_like_a_secret_stays() {
        for text in [r#"{"a":"b&c"}"#, r#"{"errors":[{"code":"X"}]}"#, "countrycode=SE&barcode=1", "?q=code", ""] {
            assert!(matches!(without_secrets(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
