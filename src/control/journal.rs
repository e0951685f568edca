//! The journal: what happened, as a list or as it happens.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use utoipa::{IntoParams, ToSchema};

use super::json::{Json, Query};
use super::path::{TheSession, TheSpace};
use super::problem::Problem;
use crate::simulation::journal::{Kind, Record, Wanted};
use crate::simulation::{Refusal, SessionId, Simulation, Space};

/// What happened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JournalPart {
    /// From the oldest to the newest. Where older ones are gone, a `gap` comes first.
    entries: Vec<Record>,
    /// The number to go on with as `after`.
    next_after: u64,
}

/// Which part of a journal.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only what came after the entry of this number; everything that is kept when left out.
    #[serde(default)]
    after: u64,
    /// At most this many entries, 1 to 1000; 200 when left out. Streams ignore it.
    limit: Option<usize>,
    /// Only entries of this kind; a `gap` is told all the same.
    what: Option<Kind>,
}

/// What happened in a space. With `Accept: text/event-stream` it streams: an event for each entry, its number as `id`, its kind as
/// `event`; a stream that broke goes on after `Last-Event-ID`.
#[utoipa::path(get, path = "/spaces/{space}/journal", tag = "journal",
    params(("space" = String, Path, description = "Its name"), Which),
    responses((status = OK, content((JournalPart = "application/json"), (String = "text/event-stream")))))]
pub(super) async fn space_journal(
    TheSpace(space): TheSpace,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Response {
    answer(space, None, &which, &headers)
}

/// What happened in a session. Streams like a space's journal.
#[utoipa::path(get, path = "/sessions/{id}/journal", tag = "journal",
    params(("id" = String, Path, description = "The session's GUID"), Which),
    responses((status = OK, content((JournalPart = "application/json"), (String = "text/event-stream")))))]
pub(super) async fn session_journal(
    State(simulation): State<Arc<Simulation>>,
    TheSession { id, control, .. }: TheSession,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let space = simulation.commons.spaces.named(&control.view(id)?.space).ok_or(Refusal::Unknown(id))?;
    Ok(answer(space, Some(id), &which, &headers))
}

fn answer(space: Arc<Space>, session: Option<SessionId>, which: &Which, headers: &HeaderMap) -> Response {
    let wanted = Wanted { session, kind: which.what };
    let said = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if said(header::ACCEPT).is_some_and(|accept| accept.contains("text/event-stream")) {
        // Browsers send it when they reconnect; it is newer than what stands in the address.
        let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.trim().parse().ok());
        let reader = Reader::new(space, wanted, last.unwrap_or(which.after));
        return Sse::new(reader.events()).keep_alive(KeepAlive::default()).into_response();
    }
    let most = which.limit.unwrap_or(200).clamp(1, 1_000);
    let (entries, next_after) = part(&space, wanted, which.after, most);
    Json(JournalPart { entries, next_after }).into_response()
}

/// At most `most` entries after a number, and the number after which the next ones stand.
fn part(space: &Space, wanted: Wanted, after: u64, most: usize) -> (Vec<Record>, u64) {
    // Asked before: what is written meanwhile is found the next time.
    let written = space.journal.written();
    let entries = space.journal.after(after, most, wanted);
    let last = entries.last().map_or(after, |entry| entry.seq);
    let whole = entries.iter().filter(|entry| entry.what != Kind::Gap).count() < most;
    (entries, if whole { last.max(written).max(after) } else { last })
}

/// Somebody who reads along.
struct Reader {
    space: Arc<Space>,
    wanted: Wanted,
    after: u64,
    latest: watch::Receiver<u64>,
    ready: VecDeque<Record>,
}

impl Reader {
    fn new(space: Arc<Space>, wanted: Wanted, after: u64) -> Self {
        let latest = space.journal.watch();
        Self { space, wanted, after, latest, ready: VecDeque::new() }
    }

    async fn next(&mut self) -> Option<Record> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Some(record);
            }
            // Marked as seen before looking, so that nothing is missed in between.
            self.latest.mark_unchanged();
            let before = self.after;
            let (entries, after) = part(&self.space, self.wanted, before, BATCH);
            self.ready.extend(entries);
            self.after = after;
            if self.ready.is_empty() && after == before {
                self.latest.changed().await.ok()?;
            }
        }
    }

    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut reader| async move {
            let record = reader.next().await?;
            let event = Event::default().id(record.seq.to_string()).event(record.what.as_str());
            // A record is plain text and numbers, which JSON can hold; otherwise its line must do.
            let event = match serde_json::to_string(&record) {
                Ok(json) => event.data(json),
                Err(_) => event.data("{}"),
            };
            Some((Ok(event), reader))
        })
    }
}

/// How many entries a stream takes at a time.
const BATCH: usize = 200;
