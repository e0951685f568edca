//! Webhooks that are handed over instead of being sent: for tests of receivers, which deliver them as they like.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::json::Json;
use super::openapi::name_or_bearer;
use super::path::TheSession;
use super::problem::{Code, Problem};
use super::signal::{said, word};
use crate::simulation::{Notice, Simulation, Written};

/// What a webhook is to say. Empty, it tells of a session in which nothing has happened yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNotice {
    /// What is to have happened: `confirmed`, `cancelled`, `failed` …; nothing when left out.
    #[serde(default)]
    signal: Option<String>,
    /// Who authenticated, only with `confirmed`; as in a signal.
    #[serde(default)]
    #[schema(schema_with = name_or_bearer)]
    person: Option<Value>,
    /// Why, only with `failed`.
    #[serde(default)]
    reason: Option<String>,
    /// What is wrong with it, as `how` of a webhook's forgery: `signature-missing`, `other-session` …; nothing when left out.
    #[serde(default)]
    how: Option<String>,
    /// Another body, which is sealed in place of the provider's own.
    #[serde(default)]
    body: Option<String>,
    /// So many blanks follow the body: at most 64 MiB. They are sealed and not handed over; who delivers adds them.
    #[serde(default)]
    blanks: usize,
}

/// A webhook as it would be on the wire, with the number of who authenticated, and the answer beside it.
#[derive(Serialize, ToSchema)]
pub(super) struct NoticeWritten {
    /// Where the webhooks of the session go; `null` where nobody wants any.
    url: Option<String>,
    /// The headers that make it what it is: content type and signature.
    headers: BTreeMap<String, String>,
    /// The body, exactly; `null` where the provider has no webhooks.
    body: Option<String>,
    /// What the relying party would fetch if the session stood so.
    answer: String,
}

/// Writes the webhook that the provider would send if the session stood as given. Nothing is sent, and the session stays as it is.
#[utoipa::path(post, path = "/sessions/{id}/notice", tag = "deliveries", request_body = NewNotice,
    params(("id" = String, Path, description = "The session's GUID")), responses((status = OK, body = NoticeWritten)))]
pub(super) async fn write_notice(
    State(simulation): State<Arc<Simulation>>,
    TheSession { id, control, .. }: TheSession,
    Json(new): Json<NewNotice>,
) -> Result<Json<NoticeWritten>, Problem> {
    let said = match (new.signal, &new.person, &new.reason) {
        (Some(signal), _, _) => Some(said(&simulation.commons, &signal, new.person, new.reason.as_deref())?),
        (None, None, None) => None,
        (None, _, _) => {
            return Err(Problem::at("$", "person and reason belong to a signal").help("add `signal`: `confirmed`"));
        }
    };
    if new.blanks > MOST_BLANKS {
        return Err(Problem::at("$.blanks", format!("expected at most {MOST_BLANKS}")));
    }
    let how = new.how.map(|how| word(&how, "$.how")).transpose()?;
    let notice = Notice { said, how, body: new.body.map(Bytes::from), blanks: new.blanks };
    if let Some(unsayable) = control.refuses(&notice.script()) {
        return Err(Problem::new(Code::Unsayable, unsayable.to_string()));
    }
    let Written { webhook, answer } = control.notice(id, &notice)?;
    let Some(webhook) = webhook else {
        if notice.body.is_some() || notice.blanks > 0 {
            let name = control.name().replace('_', "-");
            return Err(Problem::new(Code::Unsayable, format!("{name} has no webhooks")));
        }
        return Ok(Json(NoticeWritten { url: None, headers: BTreeMap::new(), body: None, answer }));
    };
    Ok(Json(NoticeWritten {
        url: webhook.url,
        headers: webhook.headers.into_iter().collect(),
        body: Some(String::from_utf8_lossy(&webhook.body).into_owned()),
        answer,
    }))
}

const MOST_BLANKS: usize = 64 << 20;
