//! Agreements, their life, their events; the tenant's webhook.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::routing::{get, post, put};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::{Answer, id, needed, object, owner, plain, text, told};
use crate::reference::Flaw;
use crate::reference::model::{Agreement, AgreementStatus, TrustLevel};
use crate::reference::refusal::Refusal;
use crate::reference::service::Service;
use crate::reference::views;

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/agreements", get(list).post(create))
        .route("/agreements/{agreement}", get(show))
        .route("/agreements/{agreement}/lifecycle", post(lifecycle))
        .route("/agreements/{agreement}/events", get(events))
        .route("/webhook", put(set_webhook).delete(remove_webhook))
        .route("/mailbox/{email}", get(mailbox))
}

/// The id of an agreement that the tenant owns. Another's is as unknown as none.
pub(super) fn own(service: &Service, headers: &HeaderMap, agreement: &str) -> Result<Uuid, Refusal> {
    let owner = owner(service, headers)?;
    let id = id(agreement, Refusal::UnknownAgreement)?;
    let inner = service.lock();
    let is_own = |agreement: &&Agreement| agreement.owner == owner || service.rules.has(Flaw::AnyOwner);
    inner.agreements.get(&id).filter(is_own).map(|agreement| agreement.id).ok_or(Refusal::UnknownAgreement)
}

async fn create(State(service): State<Arc<Service>>, headers: HeaderMap, request: Request) -> Answer {
    let owner = owner(&service, &headers)?;
    let body = object(request).await?;
    let trust_level = match text(&body, "trust_level")?.as_deref() {
        None | Some("SES") => TrustLevel::Ses,
        Some("AES") => TrustLevel::Aes,
        Some("QES") => TrustLevel::Qes,
        Some(_) => return Err(Refusal::malformed("`trust_level` is SES, AES or QES")),
    };
    let success_url = text(&body, "success_url")?.map(|url| address(&url)).transpose()?;
    let now = Timestamp::now();
    let mut agreement = Agreement {
        id: service.mint_id(),
        owner,
        title: needed(&body, "title")?,
        trust_level,
        success_url: success_url.map(String::from),
        status: AgreementStatus::Draft,
        round: 0,
        participants: Vec::new(),
        events: Vec::new(),
        created_at: now,
        updated_at: now,
    };
    agreement.note(now, "owner", None, "agreement.lifecycle.draft", &[]);
    let view = views::agreement(&service, &agreement);
    service.add(agreement).await?;
    Ok(told(StatusCode::CREATED, "agreement", view))
}

async fn list(State(service): State<Arc<Service>>, headers: HeaderMap) -> Answer {
    let owner = owner(&service, &headers)?;
    let all = service
        .read(|inner| {
            let own = inner.agreements.values().filter(|agreement| agreement.owner == owner);
            own.map(|agreement| views::agreement(&service, agreement)).collect::<Vec<_>>()
        })
        .await?;
    Ok(told(StatusCode::OK, "agreement", Value::Array(all)))
}

async fn show(State(service): State<Arc<Service>>, Path(agreement): Path<String>, headers: HeaderMap) -> Answer {
    let id = own(&service, &headers, &agreement)?;
    let view = service.read(|inner| inner.agreements.get(&id).map(|a| views::agreement(&service, a))).await?;
    Ok(told(StatusCode::OK, "agreement", view.ok_or(Refusal::UnknownAgreement)?))
}

async fn lifecycle(
    State(service): State<Arc<Service>>,
    Path(agreement): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Answer {
    let id = own(&service, &headers, &agreement)?;
    let body = object(request).await?;
    let wanted = body.get("lifecycle_state").and_then(|state| state.get("status")).and_then(Value::as_str);
    let wanted = wanted.map(str::to_owned);
    let view = service
        .change(id, |agreement, now| {
            match wanted.as_deref() {
                Some("pending") => agreement.activate(&service.rules, now)?,
                Some("open") => agreement.open(&service.rules, now)?,
                Some("cancelled") => agreement.cancel(&service.rules, now),
                Some(_) | None => {
                    return Err(Refusal::malformed("`lifecycle_state.status` is pending, open or cancelled"));
                }
            }
            Ok(views::agreement(&service, agreement))
        })
        .await?;
    Ok(told(StatusCode::OK, "agreement", view))
}

async fn events(State(service): State<Arc<Service>>, Path(agreement): Path<String>, headers: HeaderMap) -> Answer {
    let id = own(&service, &headers, &agreement)?;
    let events = service
        .read(|inner| {
            let agreement = inner.agreements.get(&id)?;
            Some(agreement.events.iter().map(|event| views::event(agreement, event)).collect::<Vec<_>>())
        })
        .await?;
    Ok(told(StatusCode::OK, "event", Value::Array(events.ok_or(Refusal::UnknownAgreement)?)))
}

async fn set_webhook(State(service): State<Arc<Service>>, headers: HeaderMap, request: Request) -> Answer {
    let owner = owner(&service, &headers)?;
    let body = object(request).await?;
    let url = address(&needed(&body, "url")?)?;
    let secret = needed(&body, "secret")?;
    service.set_webhook(&owner, Some(url.clone()), secret).await?;
    Ok(told(StatusCode::OK, "webhook", json!({"url": url.as_str()})))
}

async fn remove_webhook(State(service): State<Arc<Service>>, headers: HeaderMap) -> Answer {
    let owner = owner(&service, &headers)?;
    service.set_webhook(&owner, None, String::new()).await?;
    Ok(told(StatusCode::OK, "webhook", json!({"url": null})))
}

async fn mailbox(State(service): State<Arc<Service>>, Path(email): Path<String>) -> Answer {
    let mails = serde_json::to_value(service.mailbox.list(&email)).map_err(|_| Refusal::Store)?;
    Ok(plain(StatusCode::OK, &mails))
}

/// An absolute http address: anything else could lead a browser or a webhook elsewhere.
fn address(text: &str) -> Result<Url, Refusal> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        Ok(_) | Err(_) => Err(Refusal::malformed("expected an absolute http or https address")),
    }
}
