//! Health, and what tests need to see.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::json;

use super::{Answer, owner, plain, private};
use crate::reference::refusal::Refusal;
use crate::reference::service::Service;

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/health", get(|| async { plain(StatusCode::OK, &json!({"status": "ok"})) }))
        .route("/_reference/idle", get(idle))
        .route("/_reference/storage", get(storage))
        .route("/_reference/log", get(log))
        .route("/_reference/restart", post(restart))
}

/// Of whom it is asked whether anything is under way.
#[derive(Debug, Deserialize)]
struct Whose {
    agreement: Option<String>,
}

/// Answers when nothing is under way, in an agreement or at all; after half a minute, that it is not so.
async fn idle(State(service): State<Arc<Service>>, headers: HeaderMap, Query(whose): Query<Whose>) -> Answer {
    owner(&service, &headers)?;
    let waiting = service.idle(whose.agreement.as_deref());
    let idle = tokio::time::timeout(Duration::from_secs(30), waiting).await.is_ok();
    let status = if idle { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok(plain(status, &json!({"idle": idle})))
}

async fn storage(State(service): State<Arc<Service>>, headers: HeaderMap) -> Answer {
    owner(&service, &headers)?;
    let dump = service.dump().await?;
    Ok(private(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], dump).into_response()))
}

async fn log(State(service): State<Arc<Service>>, headers: HeaderMap) -> Answer {
    owner(&service, &headers)?;
    Ok(private(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], service.log.text()).into_response()))
}

async fn restart(State(service): State<Arc<Service>>, headers: HeaderMap) -> Answer {
    owner(&service, &headers)?;
    service.restart().await.map_err(|error| {
        service.log.note(&error.to_string());
        Refusal::Store
    })?;
    Ok(plain(StatusCode::OK, &json!({"restarted": true})))
}
