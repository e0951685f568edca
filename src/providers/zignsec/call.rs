//! The calls of relying parties: who calls, and how they are answered.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::json::{WebhookBody, written};
use super::problem::{INVALID_APPID, Problem};
use crate::script::Operation;
use crate::simulation::{Commons, Note, NoteKind, Provider, Sessions, Space, Trace};

/// Somebody who is not let in.
#[derive(Debug)]
pub(in crate::providers) struct Stranger<P: Provider> {
    /// The space that it would be, but for the form of its header.
    pub(in crate::providers) space: Option<Arc<Space>>,
    /// The settings of that space, or of the default one.
    pub(in crate::providers) settings: Arc<P::Settings>,
}

/// The space of the credential in `Authorization`: it stands there alone, without a scheme. `note` is for one that has a scheme.
///
/// # Errors
/// When it is nobody's, or has a scheme.
pub(in crate::providers) fn caller<P: Provider>(
    sessions: &Sessions<P>,
    headers: &HeaderMap,
    note: &'static str,
) -> Result<Arc<Space>, Stranger<P>> {
    let spaces = &sessions.commons.spaces;
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    if let Some(space) = spaces.holding(P::NAME, given) {
        return Ok(space);
    }
    let bare = given.split_once(' ').map_or("", |(_, token)| token.trim());
    let space = spaces.holding(P::NAME, bare);
    if let Some(space) = &space {
        space.note(Note::new(NoteKind::CredentialForm, note));
    }
    let named = space.clone().unwrap_or_else(|| spaces.default_space());
    Err(Stranger { space, settings: sessions.settings(&named.name) })
}

impl<P: Provider> Stranger<P> {
    /// What versions 2 and 3 say to it.
    pub(in crate::providers) fn problem(&self) -> Problem {
        let description = match self.space {
            Some(_) => "Invalid AppId: the token stands alone in Authorization, without a scheme",
            None => "Invalid AppId",
        };
        Problem::new(INVALID_APPID, description)
    }

    /// Where its call belongs, if anywhere.
    pub(in crate::providers) fn trace(self, operation: Operation) -> Option<Trace> {
        self.space.map(|space| Trace { space, session: None, operation, damage: None })
    }
}

/// An answer in JSON, compact.
pub(in crate::providers) fn answer(status: StatusCode, body: &impl Serialize, trace: Option<Trace>) -> Response {
    answer_bytes(status, written(body, WebhookBody::Compact), trace)
}

/// An answer in JSON that is written already.
pub(in crate::providers) fn answer_bytes(status: StatusCode, body: Vec<u8>, trace: Option<Trace>) -> Response {
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    let mut response = (status, [(header::CONTENT_TYPE, json)], body).into_response();
    if let Some(trace) = trace {
        response.extensions_mut().insert(trace);
    }
    response
}

/// That there is no such session, and why that may be.
pub(in crate::providers) fn no_session(commons: &Commons) -> String {
    let up = commons.clock.now().since(commons.begun).0 / 1_000;
    format!("there is no such session; this simulator started {up} s ago and keeps none from before")
}
