//! Participants, and who has to authenticate.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::agreements::own;
use super::{Answer, id, needed, object, text, told};
use crate::identity::Country;
use crate::reference::Flaw;
use crate::reference::model::{Agreement, AgreementStatus, Binding, Participant, Role, Standing};
use crate::reference::refusal::Refusal;
use crate::reference::service::Service;
use crate::reference::views;

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/agreements/{agreement}/participants", get(list).post(add))
        .route("/agreements/{agreement}/participants/batch", post(add_batch))
        .route("/agreements/{agreement}/participants/{participant}", get(show).put(update).delete(remove))
}

/// What a body asks of enforcement.
enum Ask {
    Bind(String),
    Disable,
    Nothing,
}

async fn add(
    State(service): State<Arc<Service>>,
    Path(agreement): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Answer {
    let agreement = own(&service, &headers, &agreement)?;
    let body = object(request).await?;
    let view = service
        .change(agreement, |agreement, now| {
            let id = join(&service, agreement, &body, false, now)?;
            view(&service, agreement, id)
        })
        .await?;
    Ok(told(StatusCode::CREATED, "participant", view))
}

/// All or nothing: a participant without the enforcement that was asked for would be worse than none.
async fn add_batch(
    State(service): State<Arc<Service>>,
    Path(agreement): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Answer {
    let agreement = own(&service, &headers, &agreement)?;
    let body = object(request).await?;
    let Some(Value::Array(entries)) = body.get("participants") else {
        return Err(Refusal::malformed("`participants` has to be a list"));
    };
    if entries.is_empty() || entries.len() > MOST {
        return Err(Refusal::malformed("`participants` has to hold 1 to 100 of them"));
    }
    let views = service
        .change(agreement, |agreement, now| {
            let mut views = Vec::new();
            for entry in entries {
                let Value::Object(entry) = entry else {
                    return Err(Refusal::malformed("each of `participants` has to be an object"));
                };
                let id = join(&service, agreement, entry, true, now)?;
                views.push(view(&service, agreement, id)?);
            }
            Ok(views)
        })
        .await?;
    Ok(told(StatusCode::CREATED, "participant", Value::Array(views)))
}

async fn list(State(service): State<Arc<Service>>, Path(agreement): Path<String>, headers: HeaderMap) -> Answer {
    let id = own(&service, &headers, &agreement)?;
    let all = service
        .read(|inner| {
            let agreement = inner.agreements.get(&id)?;
            let views = agreement.participants.iter().map(|p| views::participant(&service, agreement, p));
            Some(views.collect::<Vec<_>>())
        })
        .await?;
    Ok(told(StatusCode::OK, "participant", Value::Array(all.ok_or(Refusal::UnknownAgreement)?)))
}

async fn show(
    State(service): State<Arc<Service>>,
    Path((agreement, participant)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let agreement = own(&service, &headers, &agreement)?;
    let participant = id(&participant, Refusal::UnknownParticipant)?;
    let found = service
        .read(|inner| {
            let agreement = inner.agreements.get(&agreement).ok_or(Refusal::UnknownAgreement)?;
            view(&service, agreement, participant)
        })
        .await??;
    Ok(told(StatusCode::OK, "participant", found))
}

async fn update(
    State(service): State<Arc<Service>>,
    Path((agreement, participant)): Path<(String, String)>,
    headers: HeaderMap,
    request: Request,
) -> Answer {
    let agreement = own(&service, &headers, &agreement)?;
    let id = id(&participant, Refusal::UnknownParticipant)?;
    let body = object(request).await?;
    let view = service
        .change(agreement, |agreement, now| {
            change(&service, agreement, id, &body, now)?;
            view(&service, agreement, id)
        })
        .await?;
    Ok(told(StatusCode::OK, "participant", view))
}

async fn remove(
    State(service): State<Arc<Service>>,
    Path((agreement, participant)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let agreement = own(&service, &headers, &agreement)?;
    let id = id(&participant, Refusal::UnknownParticipant)?;
    service
        .change(agreement, |agreement, now| {
            agreement.participant(id).ok_or(Refusal::UnknownParticipant)?;
            if !agreement.is_changeable() {
                return Err(Refusal::NotDraft);
            }
            agreement.participants.retain(|participant| participant.id != id);
            agreement.note(now, "owner", Some(id), "participant.lifecycle.deleted", &[]);
            Ok(())
        })
        .await?;
    Ok(told(StatusCode::OK, "participant", json!({"id": id, "deleted": true})))
}

/// Adds one participant.
fn join(
    service: &Service,
    agreement: &mut Agreement,
    body: &Map<String, Value>,
    in_batch: bool,
    now: Timestamp,
) -> Result<Uuid, Refusal> {
    if !agreement.is_changeable() {
        return Err(Refusal::NotDraft);
    }
    if agreement.participants.len() >= MOST {
        return Err(Refusal::malformed("an agreement has at most 100 participants"));
    }
    let role = match text(body, "role")?.as_deref() {
        Some("signer") => Role::Signer,
        Some("approver") => Role::Approver,
        Some(_) | None => return Err(Refusal::malformed("`role` is signer or approver")),
    };
    let email = needed(body, "email")?;
    if !email.contains('@') {
        return Err(Refusal::malformed("`email` is no e-mail address"));
    }
    let binding = match ask(service, body, country(service, body, None)?)? {
        Ask::Bind(_) if role == Role::Approver && service.rules.has(Flaw::DropsApproversNumber) => None,
        Ask::Bind(_) if role == Role::Approver => return Err(Refusal::NotASigner),
        Ask::Bind(typed) => match service.keyring.bind(country(service, body, None)?, &typed, 1) {
            Err(_) if in_batch && service.rules.has(Flaw::BatchDropsBadNumbers) => None,
            bound => Some(bound?),
        },
        Ask::Disable | Ask::Nothing => None,
    };
    let participant = Participant {
        id: service.mint_id(),
        role,
        name: needed(body, "name")?,
        email,
        token: hex::encode(service.mint("room")),
        bindings: u32::from(binding.is_some()),
        standing: Standing::Pending,
        mismatches: 0,
        attempts: Vec::new(),
        signature: None,
        code: None,
        binding,
    };
    let (id, enforced) = (participant.id, participant.binding.is_some());
    agreement.participants.push(participant);
    agreement.note(now, "owner", Some(id), "participant.lifecycle.created", &[]);
    if enforced {
        agreement.note(now, "owner", Some(id), "participant.identity_enforcement.set", &[]);
    }
    obey_status(service, agreement, id, body);
    Ok(id)
}

/// Changes what the body names of a participant.
fn change(
    service: &Service,
    agreement: &mut Agreement,
    id: Uuid,
    body: &Map<String, Value>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let participant = agreement.participant(id).ok_or(Refusal::UnknownParticipant)?;
    let country = country(service, body, participant.binding.as_ref().map(|binding| binding.country))?;
    let ask = ask(service, body, country)?;
    let sent = agreement.status == AgreementStatus::Pending;
    let by_flaw = sent
        && match &ask {
            Ask::Bind(_) => service.rules.has(Flaw::ChangesAfterActivation),
            Ask::Disable => service.rules.has(Flaw::DisablesAfterFailure) && participant.standing == Standing::Failed,
            Ask::Nothing => false,
        };
    if !agreement.is_changeable() && !by_flaw {
        return Err(Refusal::NotDraft);
    }
    let (role, version) = (participant.role, participant.bindings + 1);
    let name = text(body, "name")?.filter(|name| !name.trim().is_empty());
    let email = text(body, "email")?.filter(|email| email.contains('@'));
    let renamed = name.as_ref().is_some_and(|name| *name != participant.name);
    let binding: Option<Option<Binding>> = match ask {
        Ask::Bind(_) if role == Role::Approver => return Err(Refusal::NotASigner),
        Ask::Bind(typed) => Some(Some(service.keyring.bind(country, &typed, version)?)),
        Ask::Disable => Some(None),
        Ask::Nothing => (renamed && service.rules.has(Flaw::RenamingDropsBinding)).then_some(None),
    };
    if let Some(participant) = agreement.participants.iter_mut().find(|p| p.id == id) {
        participant.name = name.unwrap_or_else(|| participant.name.clone());
        participant.email = email.unwrap_or_else(|| participant.email.clone());
    }
    if let Some(binding) = binding {
        agreement.rebind(&service.rules, id, binding, now);
    }
    obey_status(service, agreement, id, body);
    Ok(())
}

/// What the body asks of enforcement, wherever it says so; two different numbers are none.
fn ask(service: &Service, body: &Map<String, Value>, country: Country) -> Result<Ask, Refusal> {
    let top = number(body.get("personal_number"))?;
    let (nested, disable) = match body.get("identity_enforcement") {
        None | Some(Value::Null) => (None, false),
        Some(Value::Object(nested)) => {
            let disable = match nested.get("disable") {
                None => false,
                Some(Value::Bool(disable)) => *disable,
                Some(_) => return Err(Refusal::malformed("`disable` is true or false")),
            };
            let number = number(nested.get("personal_number"))?;
            let obeys = service.rules.has(Flaw::AcceptsStatusFromClient);
            if number.is_none() && !disable && !obeys {
                return Err(Refusal::malformed("`identity_enforcement` takes personal_number or disable"));
            }
            (number, disable)
        }
        Some(_) => return Err(Refusal::malformed("`identity_enforcement` has to be an object")),
    };
    match (top, nested) {
        (None, None) if disable => Ok(Ask::Disable),
        (None, None) => Ok(Ask::Nothing),
        (Some(_), _) | (_, Some(_)) if disable => Err(Refusal::ConflictingNumbers),
        (Some(one), Some(other)) => {
            let same = one == other || service.keyring.read(country, &one)? == service.keyring.read(country, &other)?;
            if same { Ok(Ask::Bind(one)) } else { Err(Refusal::ConflictingNumbers) }
        }
        (Some(only), None) | (None, Some(only)) => Ok(Ask::Bind(only)),
    }
}

/// Numbers are text: a JSON number has lost its leading zeros already, and null was meant to be something.
fn number(value: Option<&Value>) -> Result<Option<String>, Refusal> {
    match value {
        None => Ok(None),
        Some(Value::String(typed)) => Ok(Some(typed.clone())),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Err(Refusal::InvalidNumber("expected a text".to_owned()))
        }
    }
}

/// `country`, or the present one, or Sweden. Nobody can be bound whom no connected eID could tell.
fn country(service: &Service, body: &Map<String, Value>, present: Option<Country>) -> Result<Country, Refusal> {
    let Some(text) = text(body, "country")? else { return Ok(present.unwrap_or(Country::Se)) };
    let offers = &service.rules.offers;
    let is_covered = |country: &Country| offers.iter().any(|method| method.covers(*country));
    text.parse().ok().filter(is_covered).ok_or_else(|| {
        let mut known: Vec<&str> = Vec::new();
        for country in offers.iter().flat_map(|method| method.countries()).map(|country| country.code()) {
            if !known.contains(&country) {
                known.push(country);
            }
        }
        let last = known.pop().unwrap_or("none");
        let or = if known.is_empty() { "" } else { " or " };
        Refusal::malformed(format!("`country` is {}{or}{last}", known.join(", ")))
    })
}

/// Nobody can write the outcome, except by a flaw.
fn obey_status(service: &Service, agreement: &mut Agreement, id: Uuid, body: &Map<String, Value>) {
    let status = body.get("identity_enforcement").and_then(|nested| nested.get("status")).and_then(Value::as_str);
    if service.rules.has(Flaw::AcceptsStatusFromClient)
        && status == Some("passed")
        && let Some(participant) = agreement.participants.iter_mut().find(|p| p.id == id)
    {
        participant.standing = Standing::Passed;
    }
}

fn view(service: &Service, agreement: &Agreement, id: Uuid) -> Result<Value, Refusal> {
    let participant = agreement.participant(id).ok_or(Refusal::UnknownParticipant)?;
    Ok(views::participant(service, agreement, participant))
}

const MOST: usize = 100;
