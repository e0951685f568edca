//! What the gateway's envelope says, fetched or posted. Documented flat and seen nested, with and without a status: all are one here.
//!
//! ```text
//! {"data": {"authRef", "requestedAttributes", "signedIdentity", "status"?}}                  fetched, and in a webhook
//! {"data": {"id"?, "status"?, "result": {…the same…}}}                                       nested
//! {"event", "id", "relay_state", "result": {…}}                                              the general form of a webhook
//! ```

use serde_json::{Map, Value};

use crate::reference::provider::member::{Contradiction, Unreadable, codes, has_variants};
use crate::reference::provider::{FailureKind, once};
use crate::reference::{Flaw, Flaws};

/// An answer, read.
#[derive(Debug)]
pub(super) struct Told {
    /// The session.
    pub(super) id: Option<String>,
    /// `relay_state`.
    pub(super) relay_state: Option<String>,
    /// What it is about, or why nothing can be taken from it.
    pub(super) said: Result<Said, Contradiction>,
}

/// What is said of the transaction, all of it unsigned.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) status: Status,
    pub(super) auth_ref: Option<String>,
    pub(super) codes: Vec<String>,
    /// The token.
    pub(super) signed: Option<String>,
    /// `requestedAttributes`. Only a flaw reads them here.
    pub(super) attributes: Map<String, Value>,
    /// `identity`, of the methods that end without a token.
    pub(super) identity: Option<Map<String, Value>>,
}

/// The unsigned status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Status {
    #[default]
    Absent,
    Approved,
    /// Freja's word for how it ended.
    Ended(FailureKind, &'static str),
    Pending,
    /// No document knows it.
    Unknown,
}

/// Reads an answer.
pub(super) fn read(body: &[u8], flaws: &Flaws) -> Result<Told, Unreadable> {
    let read = once::parse(body).map_err(|_| Unreadable("expected JSON"))?;
    let Value::Object(top) = read.value else { return Err(Unreadable("expected an object")) };
    let data = top.get("data").and_then(Value::as_object);
    let within =
        |of: Option<&Map<String, Value>>| of.and_then(|of| of.get("result")).and_then(Value::as_object).cloned();
    let nodes: Vec<Map<String, Value>> =
        [within(data), data.cloned(), within(Some(&top))].into_iter().flatten().collect();
    if nodes.is_empty() {
        return Err(Unreadable("it has neither data nor a result"));
    }
    let words = |name: &str| top.get(name).and_then(Value::as_str).map(str::to_owned);
    let id = words("id").or_else(|| data?.get("id")?.as_str().map(str::to_owned));
    let is_double = read.has_twins || std::iter::once(&top).chain(&nodes).any(has_variants);
    let said = if is_double && !flaws.has(Flaw::TakesTheLastOfTwins) {
        Err(Contradiction("a member stands twice"))
    } else {
        said(&top, &nodes)
    };
    Ok(Told { id, relay_state: words("relay_state"), said })
}

fn said(top: &Map<String, Value>, nodes: &[Map<String, Value>]) -> Result<Said, Contradiction> {
    let errors = one(nodes, "errors")?.or_else(|| top.get("errors"));
    let text = |name: &str| match one(nodes, name)? {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Contradiction("a member that should be a text is none")),
    };
    let object = |name: &str| match one(nodes, name)? {
        None => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object.clone())),
        Some(_) => Err(Contradiction("a member that should be an object is none")),
    };
    Ok(Said {
        status: text("status")?.map_or(Status::Absent, |word| status(&word)),
        auth_ref: text("authRef")?,
        codes: codes(errors)?,
        signed: text("signedIdentity")?.filter(|token| !token.is_empty()),
        attributes: object("requestedAttributes")?.unwrap_or_default(),
        identity: object("identity")?,
    })
}

/// A member that may stand in any of these places, and must be the same wherever it stands.
fn one<'a>(nodes: &'a [Map<String, Value>], name: &str) -> Result<Option<&'a Value>, Contradiction> {
    let mut found: Option<&Value> = None;
    for value in nodes.iter().filter_map(|node| node.get(name)).filter(|value| !value.is_null()) {
        if found.is_some_and(|earlier| earlier != value) {
            return Err(Contradiction("a member stands in two places, and differs"));
        }
        found = Some(value);
    }
    Ok(found)
}

/// Freja's seven, and the general words of the gateway (`created`, `Finished`).
fn status(word: &str) -> Status {
    match word.to_ascii_uppercase().as_str() {
        "APPROVED" | "FINISHED" => Status::Approved,
        "CREATED" | "DELIVERED_TO_MOBILE" | "PENDING" | "STARTED" => Status::Pending,
        "CANCELED" => Status::Ended(FailureKind::Cancelled, "CANCELED"),
        "EXPIRED" => Status::Ended(FailureKind::Expired, "EXPIRED"),
        // "For security reasons": the system's doing, not the person's.
        "REJECTED" => Status::Ended(FailureKind::Rejected, "REJECTED"),
        "RP_CANCELED" => Status::Ended(FailureKind::ProviderError, "RP_CANCELED"),
        _ => Status::Unknown,
    }
}
