//! How an order stands, in both vocabularies: Swedish BankID's, and Norwegian BankID's.

use serde_json::{Map, Value};

use super::Method;
use super::attempt::word;
use crate::reference::provider::member::Contradiction;
use crate::reference::provider::{Evidence, FailureKind, IdentitySummary, once};
use crate::reference::{Flaw, Flaws};

/// What a poll tells.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Progress {
    /// The person is done, says the provider: nothing is proven yet. The address where the code is.
    Complete(String),
    /// It has ended otherwise, or not at all.
    Told(Evidence),
}

/// The answer of `/authorize`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Refused(String),
    Started {
        /// The order's name.
        id: String,
        /// Where to ask how it stands.
        poll: String,
        /// What opens the app on the same device; Swedish only.
        autostart: Option<String>,
    },
}

/// The answer is none of the documented forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable(pub(super) &'static str);

/// Reads the answer of `/authorize`.
pub(super) fn started(method: Method, body: &[u8]) -> Result<Start, Unreadable> {
    let body = object(body)?;
    if let Some(code) = error(&body).or_else(|| key(&body)) {
        return Ok(Start::Refused(code));
    }
    if method.is_swedish() {
        let id = text(&body, "orderRef").filter(|id| id.len() <= LONGEST_ID).ok_or(Unreadable("it has no orderRef"))?;
        let poll = text(&body, "collectUrl").ok_or(Unreadable("it has no collectUrl"))?;
        let autostart = text(&body, "autoStartToken").map(str::to_owned);
        return Ok(Start::Started { id: id.to_owned(), poll: poll.to_owned(), autostart });
    }
    let poll = text(&body, "statusUri").ok_or(Unreadable("it has no statusUri"))?;
    // There is no other name for the order than the end of its address.
    let id = poll.split(['?', '#']).next().and_then(|path| path.rsplit('/').find(|part| !part.is_empty()));
    let id = id.filter(|id| id.len() <= LONGEST_ID).ok_or(Unreadable("its statusUri names no order"))?;
    Ok(Start::Started { id: id.to_owned(), poll: poll.to_owned(), autostart: None })
}

/// Reads a poll.
pub(super) fn read(method: Method, body: &[u8], flaws: &Flaws) -> Result<Progress, Unreadable> {
    let body = object(body)?;
    let (status, complete) = if method.is_swedish() {
        (text(&body, "progressStatus"), text(&body, "completeUrl"))
    } else {
        (text(&body, "status"), text(&body, "completeUri"))
    };
    let standing = standing(method, status);
    let told = |evidence| Ok(Progress::Told(evidence));
    let contradiction = |Contradiction(why)| told(Evidence::Contradictory(why));
    let failed = || (standing == Standing::Failed).then(|| word(""));
    if let Some(code) = error(&body).or_else(|| key(&body)).or_else(failed) {
        return match (standing, complete) {
            (Standing::Complete, Some(complete)) if flaws.has(Flaw::IgnoresErrors) => {
                Ok(Progress::Complete(complete.to_owned()))
            }
            (Standing::Complete, _) | (Standing::Failed | Standing::Pending | Standing::Unknown, Some(_)) => {
                contradiction(Contradiction("an error stands beside the completion"))
            }
            (Standing::Failed | Standing::Pending | Standing::Unknown, None) => {
                told(Evidence::Failed(kind(&code), vec![code]))
            }
        };
    }
    match (standing, complete) {
        (Standing::Complete, Some(complete)) => Ok(Progress::Complete(complete.to_owned())),
        (Standing::Pending, Some(complete)) if flaws.has(Flaw::ReadsPendingIdentity) => {
            Ok(Progress::Complete(complete.to_owned()))
        }
        (Standing::Unknown, Some(complete)) if flaws.has(Flaw::UnknownStatePasses) => {
            Ok(Progress::Complete(complete.to_owned()))
        }
        (Standing::Complete, None) if flaws.has(Flaw::UnfinishedPasses) => told(Evidence::NoNumber(IdentitySummary {
            country: None,
            method: method.word().to_owned(),
            provider: String::new(),
            date: None,
        })),
        (Standing::Complete, None) => contradiction(Contradiction("it is complete without an address that completes")),
        (Standing::Pending, _) => told(Evidence::Pending),
        (Standing::Unknown | Standing::Failed, _) if status.is_none() => {
            Err(Unreadable("it has neither a status nor an error"))
        }
        (Standing::Unknown | Standing::Failed, _) => contradiction(Contradiction("the status is unknown")),
    }
}

/// The code of an error, in whatever shape: `error` as a text with `error_description`, or as an object with `code`.
pub(super) fn error(body: &Map<String, Value>) -> Option<String> {
    match body.get("error") {
        None | Some(Value::Null) => None,
        // Seen in client code: the text "null" is none.
        Some(Value::String(code)) if code.is_empty() || code == "null" => None,
        Some(Value::String(code)) => Some(word(code)),
        Some(Value::Object(error)) => Some(word(text(error, "code").unwrap_or_default())),
        Some(Value::Array(_) | Value::Bool(_) | Value::Number(_)) => Some(word("")),
    }
}

/// What a code says of the person. Names of Norwegian keys are inferred.
pub(super) fn kind(code: &str) -> FailureKind {
    let code = code.to_ascii_lowercase();
    if code.contains("cancel") {
        FailureKind::Cancelled
    } else if code.contains("expired") {
        FailureKind::Expired
    } else if ["certificate", "access_denied_rp", "wrong"].iter().any(|part| code.contains(part)) {
        FailureKind::Rejected
    } else {
        FailureKind::ProviderError
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Complete,
    Failed,
    Pending,
    Unknown,
}

fn standing(method: Method, status: Option<&str>) -> Standing {
    match (method.is_swedish(), status) {
        (true, Some("COMPLETE")) | (false, Some("finished")) => Standing::Complete,
        // Documented is the first; the others are seen in client code. Clients disagree about NO_CLIENT: the app may still be opened.
        (true, Some("OUTSTANDING_TRANSACTION" | "NO_CLIENT" | "RETRY" | "STARTED" | "USER_REQ" | "USER_SIGN"))
        | (false, Some("pending")) => Standing::Pending,
        (false, Some("error")) => Standing::Failed,
        (true | false, _) => Standing::Unknown,
    }
}

/// The Norwegian one.
fn key(body: &Map<String, Value>) -> Option<String> {
    text(body, "errorMessageKey").map(word)
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Unreadable> {
    let read = once::parse(body).map_err(|_| Unreadable("expected JSON"))?;
    match read.value {
        Value::Object(_) if read.has_twins => Err(Unreadable("a member stands twice")),
        Value::Object(object) => Ok(object),
        Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {
            Err(Unreadable("expected an object"))
        }
    }
}

fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

const LONGEST_ID: usize = 200;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(method: Method, body: &Value, flaws: &[Flaw]) -> Progress {
        let flaws = flaws.iter().copied().collect();
        read(method, body.to_string().as_bytes(), &flaws)
            .unwrap_or(Progress::Told(Evidence::Contradictory("unreadable")))
    }

    #[test]
    fn both_vocabularies_are_read() {
        let url = "https://s.test/complete";
        for (method, body) in [
            (Method::SbidInappSign, json!({"progressStatus": "COMPLETE", "completeUrl": url, "error": null})),
            (Method::SbidInapp, json!({"progressStatus": "COMPLETE", "completeUrl": url, "error": "null"})),
            (Method::NbidInappSign, json!({"status": "finished", "completeUri": url})),
        ] {
            assert_eq!(told(method, &body, &[]), Progress::Complete(url.into()), "{body}");
        }
        for (method, body) in [
            (
                Method::SbidInappSign,
                json!({"progressStatus": "OUTSTANDING_TRANSACTION", "completeUrl": null, "error": null}),
            ),
            (Method::SbidInappSign, json!({"progressStatus": "USER_SIGN"})),
            (Method::SbidInappSign, json!({"progressStatus": "NO_CLIENT"})),
            (Method::NbidInapp, json!({"status": "pending"})),
            // Not done, whatever stands beside it.
            (Method::NbidInapp, json!({"status": "pending", "completeUri": url})),
        ] {
            assert_eq!(told(method, &body, &[]), Progress::Told(Evidence::Pending), "{body}");
        }
    }

    #[test]
    fn errors_of_every_shape_end_it() {
        for (method, body, kind, code) in [
            (
                Method::SbidInapp,
                json!({"progressStatus": null, "error": {"code": "USER_CANCEL", "message": "x"}}),
                FailureKind::Cancelled,
                "USER_CANCEL",
            ),
            (
                Method::SbidInapp,
                json!({"error": "EXPIRED_TRANSACTION", "error_description": "x"}),
                FailureKind::Expired,
                "EXPIRED_TRANSACTION",
            ),
            (Method::SbidInapp, json!({"error": {"code": 7}}), FailureKind::ProviderError, "OTHER"),
            (
                Method::NbidInapp,
                json!({"status": "error", "errorMessageKey": "user.cancelled"}),
                FailureKind::Cancelled,
                "user.cancelled",
            ),
            (Method::NbidInapp, json!({"status": "error"}), FailureKind::ProviderError, "OTHER"),
        ] {
            let expected = Progress::Told(Evidence::Failed(kind, vec![code.into()]));
            assert_eq!(told(method, &body, &[]), expected, "{body}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_no_completion_but_for_a_flaw() {
        let url = "https://s.test/complete";
        let beside = json!({"progressStatus": "COMPLETE", "completeUrl": url, "error": {"code": "INTERNAL_ERROR"}});
        let unknown = json!({"status": "done", "completeUri": url});
        let nothing = json!({"progressStatus": "COMPLETE", "completeUrl": null});
        let pending = json!({"progressStatus": "OUTSTANDING_TRANSACTION", "completeUrl": url});
        for (method, body) in [
            (Method::SbidInapp, &beside),
            (Method::NbidInapp, &unknown),
            // The other country's words.
            (Method::SbidInapp, &unknown),
            (Method::NbidInapp, &nothing),
            (Method::SbidInapp, &nothing),
        ] {
            assert!(matches!(told(method, body, &[]), Progress::Told(Evidence::Contradictory(_))), "{body}");
        }
        let follows = |method, body, flaw| matches!(told(method, body, &[flaw]), Progress::Complete(_));
        assert!(follows(Method::SbidInapp, &beside, Flaw::IgnoresErrors));
        assert!(follows(Method::NbidInapp, &unknown, Flaw::UnknownStatePasses));
        assert!(follows(Method::SbidInapp, &pending, Flaw::ReadsPendingIdentity));
        for garbage in ["", "[]", "<html>", "{\"status\":\"finished\",\"status\":\"pending\"}"] {
            assert!(read(Method::NbidInapp, garbage.as_bytes(), &Flaws::default()).is_err(), "{garbage}");
        }
    }

    #[test]
    fn a_start_tells_where_to_ask() {
        let swedish =
            json!({"orderRef": "r", "autoStartToken": "t", "collectUrl": "https://s.test/collect", "error": null});
        let started_as = |method, body: &Value| started(method, body.to_string().as_bytes());
        assert_eq!(
            started_as(Method::SbidInappSign, &swedish),
            Ok(Start::Started { id: "r".into(), poll: "https://s.test/collect".into(), autostart: Some("t".into()) })
        );
        let norwegian = json!({"statusUri": "https://s.test/status/9f1c?x=y"});
        let Ok(Start::Started { id, .. }) = started_as(Method::NbidInapp, &norwegian) else { panic!() };
        assert_eq!(id, "9f1c");
        let refused = json!({"error": "invalid_scope", "error_description": "no"});
        assert_eq!(started_as(Method::NbidInapp, &refused), Ok(Start::Refused("invalid_scope".into())));
        assert!(started_as(Method::SbidInapp, &norwegian).is_err());
    }
}
