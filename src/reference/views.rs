//! What the API shows. Never a number, nor what is kept of it.

use serde_json::{Map, Value, json};

use super::Flaw;
use super::model::{Agreement, AgreementStatus, Event, Participant};
use super::service::Service;
use crate::identity::Country;

/// An agreement with its participants.
pub(super) fn agreement(service: &Service, agreement: &Agreement) -> Value {
    let participants: Vec<_> = agreement.participants.iter().map(|p| participant(service, agreement, p)).collect();
    json!({
        "id": agreement.id,
        "title": agreement.title,
        "status": agreement.status.word(),
        "trust_level": agreement.trust_level,
        "round": agreement.round,
        "success_url": agreement.success_url,
        "participants": participants,
        "created_at": agreement.created_at,
        "updated_at": agreement.updated_at,
    })
}

/// A participant, for the owner.
pub(super) fn participant(service: &Service, agreement: &Agreement, participant: &Participant) -> Value {
    let in_room = matches!(agreement.status, AgreementStatus::Pending | AgreementStatus::Fulfilled);
    let methods = participant.methods(&service.rules, agreement.trust_level);
    let mut view = json!({
        "id": participant.id,
        "agreement": agreement.id,
        "role": participant.role,
        "name": participant.name,
        "email": participant.email,
        "status": participant.status(agreement.status),
        "signing_room_url": in_room.then(|| room_url(service, participant)),
        "methods": methods,
        "signature": participant.signature,
        "identity_enforcement": enforcement(participant),
        "last_attempt": participant.attempts.last().map(|attempt| json!({
            "outcome": attempt.outcome,
            "at": attempt.closed_at.unwrap_or(attempt.started_at),
        })),
    });
    if service.rules.has(Flaw::ShowsNumberToOwner) {
        view["personal_number"] = in_clear(service, participant);
    }
    view
}

/// The three keys, always.
pub(super) fn enforcement(participant: &Participant) -> Value {
    match &participant.binding {
        None => json!({"enabled": false, "status": null, "enforcement_method": null}),
        Some(binding) => json!({
            "enabled": true,
            "status": participant.standing.word(),
            "enforcement_method": match binding.country {
                Country::Dk => "dnk_cpr_crosscheck",
                Country::Fi => "fin_hetu_crosscheck",
                Country::No => "nor_pno_crosscheck",
                Country::Ee => "est_ik_crosscheck",
                Country::Lt => "ltu_ak_crosscheck",
                Country::Lv => "lva_pk_crosscheck",
                Country::Se => "swe_pno_crosscheck",
            },
        }),
    }
}

/// A participant in a webhook, as it was when the event happened.
pub(super) fn notice(service: &Service, agreement: &Agreement, participant: &Participant, status: &str) -> Value {
    let mut view = json!({
        "id": participant.id,
        "name": participant.name,
        "email": participant.email,
        "status": status,
        "agreement": agreement.id,
        "identity_enforcement": enforcement(participant),
    });
    if service.rules.has(Flaw::WebhookShowsNumber) {
        view["personal_number"] = in_clear(service, participant);
    }
    view
}

/// An event of the audit trail.
pub(super) fn event(agreement: &Agreement, event: &Event) -> Value {
    json!({
        "id": event.id,
        "event": event.event,
        "at": event.at,
        "actor": event.actor,
        "agreement": agreement.id,
        "participant": event.participant,
        "data": event.data,
    })
}

/// What the signing room shows to programs.
pub(super) fn room(service: &Service, agreement: &Agreement, participant: &Participant) -> Value {
    json!({
        "agreement": {"title": agreement.title, "status": agreement.status.word()},
        "participant": {
            "name": participant.name,
            "status": participant.status(agreement.status),
            "signed": participant.signature.is_some(),
        },
        "identity_enforcement": enforcement(participant),
        "methods": participant.methods(&service.rules, agreement.trust_level),
        "message": participant.attempts.last().map(|attempt| attempt.outcome.word()),
    })
}

/// Around whatever succeeded.
pub(super) fn envelope(resource_type: &str, data: Value) -> Value {
    let result_type = if data.is_array() { "list" } else { "single" };
    let mut envelope = Map::new();
    envelope.insert("version".to_owned(), "1.0".into());
    envelope.insert("result_type".to_owned(), result_type.into());
    envelope.insert("resource_type".to_owned(), resource_type.into());
    envelope.insert("data".to_owned(), data);
    Value::Object(envelope)
}

/// Where the participant signs.
pub(super) fn room_url(service: &Service, participant: &Participant) -> String {
    format!("{}room/{}", service.public_url, participant.token)
}

fn in_clear(service: &Service, participant: &Participant) -> Value {
    let number = participant.binding.as_ref().and_then(|binding| service.keyring.unseal(binding));
    number.map_or(Value::Null, |number| number.expose().into())
}
