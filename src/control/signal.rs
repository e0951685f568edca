//! Signals: what a person, a page or the provider does in a session.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::advance::Step;
use super::json::Json;
use super::openapi::name_or_bearer;
use super::path::TheSession;
use super::persons::{country_of, number_of, person_named};
use super::problem::{Code, Problem, meant};
use crate::identity::{Checks, Person};
use crate::script::{Reason, SignalName, UnknownWord, Word};
use crate::simulation::{Commons, Said, SessionView, Simulation};

/// Something that happens in a session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSignal {
    /// `opened`, `delivered`, `confirmed`, `cancelled` or `failed`.
    signal: String,
    /// Who authenticates, only with `confirmed`: a name (`"bengt"`), or a test number (`{"country": "SE", "number": "…"}`). The requested
    /// person when left out. A number that nobody of the register has is a stranger's, with a name of their own; with `given_name` and
    /// `surname` its bearer has that name.
    #[serde(default)]
    #[schema(schema_with = name_or_bearer)]
    person: Option<Value>,
    /// Why, only with `failed`: `cancelled`, `certificate-error`, `exception` (also when left out), `start-failed` …
    #[serde(default)]
    reason: Option<String>,
}

/// A person by number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Bearer {
    /// The number's country; `SE` when left out.
    country: Option<String>,
    /// An official test number or a synthetic one, in any usual spelling.
    number: String,
    /// Given names in place of the bearer's own, together with `surname`.
    given_name: Option<String>,
    /// The family name in place of the bearer's own, together with `given_name`.
    surname: Option<String>,
}

/// What a signal did.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Signalled {
    /// The phases entered because of it; empty when it changed nothing, as after the end.
    entered: Vec<Step>,
    /// The session after it.
    session: SessionView,
}

/// Gives a session a signal. Any script can be signalled: what it does not say has its default effect while the session is pending.
#[utoipa::path(post, path = "/sessions/{id}/signal", tag = "sessions", request_body = NewSignal,
    params(("id" = String, Path, description = "The session's GUID")), responses((status = OK, body = Signalled)))]
pub(super) async fn signal_session(
    State(simulation): State<Arc<Simulation>>,
    TheSession { id, control, .. }: TheSession,
    Json(new): Json<NewSignal>,
) -> Result<Json<Signalled>, Problem> {
    let said = said(&simulation.commons, &new.signal, new.person, new.reason.as_deref())?;
    let entered = control.signal(id, &said)?;
    Ok(Json(Signalled { entered: entered.iter().map(Step::new).collect(), session: control.view(id)? }))
}

/// Reads a signal: what, by whom, and why.
pub(super) fn said(
    commons: &Commons,
    signal: &str,
    person: Option<Value>,
    reason: Option<&str>,
) -> Result<Said, Problem> {
    let signal: SignalName = word(signal, "$.signal")?;
    let reason: Option<Reason> = reason.map(|reason| word(reason, "$.reason")).transpose()?;
    if reason.is_some() && signal != SignalName::Failed {
        return Err(Problem::at("$.reason", format!("`{signal}` has no reason")).help("only `failed` has one"));
    }
    if person.is_some() && signal != SignalName::Confirmed {
        return Err(Problem::at("$.person", format!("`{signal}` has no person")).help("only `confirmed` has one"));
    }
    let person = person.map(|person| person_of(commons, person)).transpose()?;
    Ok(Said { signal, person, reason })
}

fn person_of(commons: &Commons, given: Value) -> Result<Arc<Person>, Problem> {
    let path = "$.person";
    match given {
        Value::String(text) if text.starts_with(|c: char| c.is_ascii_digit()) => {
            Err(Problem::at(path, "a name does not begin with a digit")
                .help("write a number as {\"country\": \"SE\", \"number\": \"…\"}"))
        }
        Value::String(name) => {
            person_named(commons, &name).map_err(|problem| Problem::at(path, problem.message).maybe(problem.help))
        }
        Value::Object(_) => {
            let bearer: Bearer = serde_json::from_value(given).map_err(|error| {
                let (message, help) = super::json::in_words(&error.to_string());
                Problem::at(path, message).maybe(help)
            })?;
            let country = country_of(bearer.country.as_deref(), "$.person.country")?;
            let number = number_of(commons, country, &bearer.number, Checks::Strict, "$.person.number")?;
            if !number.is_synthetic_or_official_test() {
                return Err(Problem::at("$.person.number", "this number may be a real person's")
                    .help("take an official test number, or one from POST /_motpart/v1/persons/fresh"));
            }
            named(commons.bearer(&number), bearer.given_name, bearer.surname)
        }
        Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) => Err(Problem::new(
            Code::Invalid,
            format!("{path}: a person is a name such as \"anna\", or an object with `country` and `number`"),
        )),
    }
}

/// The bearer of a number under another name: somebody who shares the name of one person and is another.
fn named(bearer: Arc<Person>, given: Option<String>, surname: Option<String>) -> Result<Arc<Person>, Problem> {
    let (given, family) = match (given, surname) {
        (None, None) => return Ok(bearer),
        (Some(given), Some(family)) => (given, family),
        (Some(_), None) | (None, Some(_)) => {
            return Err(Problem::at("$.person", "a name is given with `given_name` and `surname`, and one is missing")
                .help("give both, or neither for the bearer's own name"));
        }
    };
    for (text, path) in [(&given, "$.person.given_name"), (&family, "$.person.surname")] {
        if text.trim().is_empty()
            || text.len() > LONGEST_NAME
            || text.chars().any(|c| c.is_control() || c.is_ascii_digit())
        {
            return Err(
                Problem::at(path, "this is no name").help(format!("write 1 to {LONGEST_NAME} bytes without digits"))
            );
        }
    }
    let Person { number, born, address, person_id, email, phone, .. } = Person::clone(&bearer);
    let (trait_word, trait_sv, script) = (None, None, None);
    let name = bearer.name.clone();
    Ok(Arc::new(Person {
        name,
        given,
        family,
        number,
        born,
        trait_word,
        trait_sv,
        script,
        email,
        phone,
        address,
        person_id,
    }))
}

pub(super) fn word<W: Word>(text: &str, path: &str) -> Result<W, Problem> {
    W::from_word(text).map_err(|UnknownWord { kind, actual, expected }| {
        Problem::at(path, format!("unknown {kind} `{actual}`")).help(meant(&actual, expected))
    })
}

const LONGEST_NAME: usize = 100;
