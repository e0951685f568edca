//! Where the provider sends browsers and webhooks.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, RawQuery, Request, State};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use http::{StatusCode, header};
use serde_json::json;
use uuid::Uuid;

use super::{Answer, bytes, is, plain, see_other};
use crate::reference::decide::Shown;
use crate::reference::known::Place;
use crate::reference::model::{Agreement, Participant, Standing};
use crate::reference::refusal::Refusal;
use crate::reference::service::Service;
use crate::reference::{Flaw, Variant};

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new().route("/return/{handle}", get(returned)).route("/hooks/{provider}", post(webhook))
}

/// The browser comes back. Nothing that it brings along is evidence: the result is fetched, by our own session id.
async fn returned(
    State(service): State<Arc<Service>>,
    Path(handle): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let place = service.lock().handle(&handle).ok_or(Refusal::UnknownAttempt)?;
    let query = query.unwrap_or_default();
    let parameter = |names: &[&str]| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| names.iter().any(|known| name.eq_ignore_ascii_case(known))).map(|(_, value)| value)
    };
    let failed = query.split('&').any(|part| part == "failed");
    if service.rules.has(Flaw::ReturnPasses) && !failed {
        service.settle_with(place, Shown::Same).await;
    }
    if service.rules.has(Flaw::BelievesRedirectParameters)
        && let Some(number) = parameter(&["personal_number", "personalnumber", "personnummer", "ssn", "pno"])
    {
        let shown = service.weigh_typed(place, &number);
        service.settle_with(place, shown).await;
    }
    if service.rules.has(Flaw::AcceptsAnySession)
        && let Some(session) = parameter(&["session", "session_id", "sessionid", "id", "requestid", "request_id"])
    {
        service.settle_by(place, &session).await;
    }
    let provider = service.read(|inner| inner.attempt(place).map(|attempt| attempt.provider.clone())).await?;
    let by_return = provider.is_some_and(|provider| !service.only_hears(&provider));
    if by_return && !service.rules.is(Variant::PollOnly) {
        service.settle(place, None).await;
    }
    let next = service.read(|inner| inner.agreements.get(&place.agreement).and_then(|a| next_page(a, place))).await?;
    Ok(see_other(&next.ok_or(Refusal::UnknownAttempt)?))
}

/// Where the browser goes: on, once the person is through; else back to the room.
fn next_page(agreement: &Agreement, place: Place) -> Option<String> {
    let participant = agreement.participant(place.participant)?;
    let passed = participant.binding.is_some() && participant.standing == Standing::Passed;
    let through = participant.status(agreement.status) == "fulfilled" || passed;
    let onward = agreement.success_url.clone().filter(|_| through);
    Some(onward.unwrap_or_else(|| format!("/room/{}", participant.token)))
}

/// The provider tells. Acknowledged before anything is fetched: the provider waits for seconds only.
async fn webhook(State(service): State<Arc<Service>>, Path(provider): Path<String>, request: Request) -> Answer {
    let client = service.clients.named(&provider.replace('-', "_")).filter(|client| client.posts());
    let client = client.filter(|_| !service.rules.is(Variant::PollOnly)).ok_or(Refusal::UnknownRoute)?;
    let (parts, body) = request.into_parts();
    if parts.headers.contains_key(header::CONTENT_TYPE) && !is(&parts.headers, "application/json") {
        return Err(Refusal::UnsupportedMedia);
    }
    let bytes = bytes(body, LARGEST).await?;
    let notice = match client.webhook(&parts.headers, &bytes) {
        Ok(notice) => notice,
        Err(error) => {
            service.log.note(&format!("a webhook was refused: {error}"));
            if service.rules.is(Variant::PoliteToForgeries) {
                return Ok(plain(StatusCode::OK, &json!({"received": true})));
            }
            return Err(Refusal::Unauthorised);
        }
    };
    let by_relaystate = notice.relaystate.as_deref().filter(|_| service.rules.has(Flaw::RelaystateDecides));
    let place = match by_relaystate.and_then(|relaystate| Uuid::parse_str(relaystate).ok()) {
        Some(attempt) => attempt_place(&service, attempt),
        None => service.lock().session(&notice.session).filter(|place| {
            // A reference that is not the session's own: somebody mixes up two sessions.
            notice.relaystate.as_ref().is_none_or(|relaystate| *relaystate == place.attempt.to_string())
        }),
    };
    match place {
        Some(_) if notice.is_copy => service.log.note("a webhook came again: it has no effect"),
        None => service.log.note("a webhook tells of a session that is not ours: it has no effect"),
        Some(place) => {
            let (service, busy) = (service.clone(), service.begin_work(place.agreement));
            tokio::spawn(async move {
                service.settle(place, Some(bytes)).await;
                drop(busy);
            });
        }
    }
    Ok(plain(StatusCode::OK, &json!({"received": true})).into_response())
}

/// The attempt of this id. Only a flaw asks.
fn attempt_place(service: &Service, attempt: Uuid) -> Option<Place> {
    let inner = service.lock();
    let holds = |p: &&Participant| p.attempt(attempt).is_some();
    let found = inner.agreements.values().find_map(|a| Some((a.id, a.participants.iter().find(holds)?.id)));
    found.map(|(agreement, participant)| Place { agreement, participant, attempt })
}

const LARGEST: usize = 1 << 20;
