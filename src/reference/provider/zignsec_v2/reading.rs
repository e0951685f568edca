//! What a result, fetched or posted, proves. "This node is missing, deemed unnecessary, if the authentication is successful": success is an
//! `identity` without a `result` and without `errors`; whatever else says success must say so in every place.

use jiff::{Timestamp, Zoned};
use serde_json::{Map, Value};

use super::Spelling;
use crate::identity::{Checks, Country, NationalNumber};
use crate::reference::provider::member::{
    Contradiction, Unreadable, codes, has_variants, is_placeholder, name_of, text,
};
use crate::reference::provider::{Evidence, FailureKind, IdentitySummary, ProvenIdentity, came_by, once};
use crate::reference::{Flaw, Flaws};

/// A body's result.
#[derive(Debug)]
pub(in crate::reference::provider) struct Read {
    /// `id`. The documents' samples have none.
    pub(in crate::reference::provider) id: Option<String>,
    /// `relaystate`; no document has it in a result.
    pub(in crate::reference::provider) relaystate: Option<String>,
    /// The codes in `errors`.
    pub(in crate::reference::provider) codes: Vec<String>,
    /// What it proves.
    pub(in crate::reference::provider) evidence: Evidence,
}

/// Reads a result.
pub(in crate::reference::provider) fn result(
    body: &[u8],
    spelling: Spelling,
    flaws: &Flaws,
) -> Result<Read, Unreadable> {
    let once::Read { value, has_twins } = once::parse(body).map_err(|_| Unreadable("expected JSON"))?;
    let Value::Object(body) = value else { return Err(Unreadable("expected an object")) };
    let id = text(&body, "id").map_err(|Contradiction(why)| Unreadable(why))?.map(str::to_owned);
    let relaystate = match spelling {
        Spelling::Either => body.get("relaystate").or_else(|| body.get("relayState")),
        Spelling::Pascal => body.get("relaystate"),
    };
    let relaystate = relaystate.and_then(Value::as_str).map(str::to_owned);
    let (codes, evidence) = if (has_twins || has_variants(&body)) && !flaws.has(Flaw::TakesTheLastOfTwins) {
        (Vec::new(), Evidence::Contradictory("a member stands twice"))
    } else {
        match codes(body.get("errors")) {
            Ok(codes) => {
                let evidence = evidence(&body, &codes, spelling, flaws)?;
                (codes, evidence.unwrap_or_else(|Contradiction(why)| Evidence::Contradictory(why)))
            }
            Err(Contradiction(why)) => (Vec::new(), Evidence::Contradictory(why)),
        }
    };
    Ok(Read { id, relaystate, codes, evidence })
}

type Judged = Result<Evidence, Contradiction>;

fn evidence(
    body: &Map<String, Value>,
    codes: &[String],
    spelling: Spelling,
    flaws: &Flaws,
) -> Result<Judged, Unreadable> {
    let identity = match body.get("identity") {
        None | Some(Value::Null) => None,
        Some(Value::Object(identity)) => Some(identity),
        Some(_) => return Ok(Err(Contradiction("identity is no object"))),
    };
    let state = match state(body) {
        Ok(state) => state,
        Err(contradiction) => return Ok(Err(contradiction)),
    };
    if state == State::Pending && !(flaws.has(Flaw::ReadsPendingIdentity) && identity.is_some()) {
        return Ok(Ok(Evidence::Pending));
    }
    if state == State::Unknown && !flaws.has(Flaw::UnknownStatePasses) {
        return Ok(Err(Contradiction("the state is unknown")));
    }
    let has_errors = !codes.is_empty() && !flaws.has(Flaw::IgnoresErrors);
    Ok(match identity {
        Some(_) if has_errors => Err(Contradiction("there are errors beside an identity")),
        Some(_) if state == State::Error => Err(Contradiction("there is an identity beside an error")),
        Some(identity) if has_variants(identity) => Err(Contradiction("a member stands twice")),
        Some(identity) => match spelling {
            Spelling::Either => proven(body, &in_pascal_case(identity), spelling, flaws),
            Spelling::Pascal => proven(body, identity, spelling, flaws),
        },
        // An error of a webhook has no `result`, and the older page has no state for it but FINISHED.
        None if !codes.is_empty() || state == State::Error => Ok(Evidence::Failed(kind(codes), codes.to_vec())),
        None if flaws.has(Flaw::UnfinishedPasses) && state == State::Finished => nobody(body).map(Evidence::NoNumber),
        None if state == State::Absent => {
            return Err(Unreadable("it has neither an identity, nor a state, nor errors"));
        }
        None => Err(Contradiction("it is finished without an identity")),
    })
}

/// `result.identity.state`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// There is no `result`.
    Absent,
    Error,
    Finished,
    Pending,
    /// No document knows it.
    Unknown,
}

fn state(body: &Map<String, Value>) -> Result<State, Contradiction> {
    let result = match body.get("result") {
        None | Some(Value::Null) => return Ok(State::Absent),
        Some(Value::Object(result)) => result,
        Some(_) => return Err(Contradiction("result is no object")),
    };
    let node = result.get("identity").and_then(Value::as_object);
    if has_variants(result) || node.is_some_and(has_variants) {
        return Err(Contradiction("a member stands twice"));
    }
    Ok(match node.and_then(|node| node.get("state")).and_then(Value::as_str) {
        Some("ERROR") => State::Error,
        Some("FINISHED") => State::Finished,
        Some("PENDING") => State::Pending,
        Some(_) | None => State::Unknown,
    })
}

/// Who it is, from `identity` alone: never from `LookupPersonAddress`, never from the provider's own id of the person.
fn proven(body: &Map<String, Value>, identity: &Map<String, Value>, spelling: Spelling, flaws: &Flaws) -> Judged {
    let about = about(body, identity, flaws)?;
    // SwissID's people are of a country without numbers.
    if spelling == Spelling::Either && about.country.is_none() && text(identity, "PersonalNumber")?.is_none() {
        return Ok(Evidence::NoNumber(about));
    }
    let Some(country) = about.country else { return Err(Contradiction("the country is missing or not supported")) };
    let mut number = text(identity, "PersonalNumber")?.filter(|number| !is_placeholder(number));
    if number.is_none() && flaws.has(Flaw::TakesPersonIdForNumber) {
        number = text(identity, "IdProviderPersonId")?.or(text(identity, "CustomerPersonId")?);
    }
    let Some(number) = number else { return Ok(Evidence::NoNumber(about)) };
    // Check digits are not judged: the documents' own samples fail them, and an equal number is equal.
    let number = NationalNumber::parse_at(country, number, Checks::Lenient, Zoned::now().date());
    let number = number.map_err(|_| Contradiction("the number is none of its country"))?;
    let name = match text(identity, "FullName")? {
        Some(full) => full.to_owned(),
        None => [text(identity, "FirstName")?, text(identity, "LastName")?].map(Option::unwrap_or_default).join(" "),
    };
    let name = name.trim().chars().take(LONGEST_NAME).collect();
    let IdentitySummary { country: _, method, provider, date } = about;
    Ok(Evidence::Finished(ProvenIdentity { country, number, method, provider, name, date }))
}

/// With every name as version 2 writes it.
fn in_pascal_case(identity: &Map<String, Value>) -> Map<String, Value> {
    let pascal = |name: &str| {
        let mut rest = name.chars();
        rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
    };
    identity.iter().map(|(name, value)| (pascal(name), value.clone())).collect()
}

fn about(
    body: &Map<String, Value>,
    identity: &Map<String, Value>,
    flaws: &Flaws,
) -> Result<IdentitySummary, Contradiction> {
    let method = name_of(text(body, "method")?);
    let provider = name_of(text(identity, "IdProviderName")?);
    // Written in upper case, always.
    let mut country =
        text(identity, "CountryCode")?.and_then(|code| Country::ALL.into_iter().find(|country| country.code() == code));
    if flaws.has(Flaw::IgnoresCountry) {
        country = came_by::eid_method(&method).and_then(|method| method.countries().first().copied()).or(country);
    }
    let date = match text(identity, "IdentificationDate")? {
        None => None,
        // Who cannot tell how old an identification is, cannot take it for a fresh one.
        Some(date) => Some(date.parse::<Timestamp>().map_err(|_| Contradiction("the date is none"))?),
    };
    Ok(IdentitySummary { country, method, provider, date })
}

/// What is known of nobody: for the flaw that passes without an identity.
fn nobody(body: &Map<String, Value>) -> Result<IdentitySummary, Contradiction> {
    let method = name_of(text(body, "method")?);
    Ok(IdentitySummary { country: None, method, provider: String::new(), date: None })
}

/// The first code decides. `Internal Exception` is written with the blank.
fn kind(codes: &[String]) -> FailureKind {
    match codes.first().map(String::as_str) {
        Some("USER_CANCEL" | "CANCELLED") => FailureKind::Cancelled,
        Some("EXPIRED_TRANSACTION" | "START_FAILED") => FailureKind::Expired,
        Some("CERTIFICATE_ERR" | "INVALID_PERSONALNUMBER" | "ACCESS_DENIED_RP" | "REQ_BLOCKED") => {
            FailureKind::Rejected
        }
        Some(_) | None => FailureKind::ProviderError,
    }
}

const LONGEST_NAME: usize = 200;
