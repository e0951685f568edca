//! Findings: what a careful witness noticed, for everybody's own tests.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::arm::fared;
use super::json::Json;
use super::path::{TheSession, TheSpace};
use super::problem::Problem;
use super::sessions::numbered;
use crate::simulation::programme::Armed;
use crate::simulation::{NextBy, Note, NoteKind, SessionView, Simulation, Space};

/// Findings about a session or a space. None of them is an error of the simulator; each deserves a look.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FindingList {
    /// Of sessions from the oldest to the newest, then of the space.
    findings: Vec<Finding>,
}

/// One thing noticed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Finding {
    /// The session, where it belongs to one.
    session: Option<String>,
    /// What was noticed.
    kind: NoteKind,
    /// In words: where, and what to do.
    text: String,
}

/// What was noticed about a session: `[]` is what a test wants to see.
#[utoipa::path(get, path = "/sessions/{id}/findings", tag = "findings", params(("id" = String, Path, description = "The session's GUID")),
    responses((status = OK, body = FindingList)))]
pub(super) async fn session_findings(
    State(simulation): State<Arc<Simulation>>,
    TheSession { id, place, .. }: TheSession,
) -> Result<Json<FindingList>, Problem> {
    Ok(Json(FindingList { findings: of_session(&simulation, place, id)? }))
}

/// What was noticed about a space: its sessions, requests that belong to none, what was armed and never played, and who waits for a person.
#[utoipa::path(get, path = "/spaces/{space}/findings", tag = "findings", params(("space" = String, Path, description = "Its name")),
    responses((status = OK, body = FindingList)))]
pub(super) async fn space_findings(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
) -> Json<FindingList> {
    let sessions = numbered(&simulation, &space.name, 0).into_iter();
    // A session can be forgotten meanwhile.
    let of_sessions = sessions.filter_map(|(_, place, id)| of_session(&simulation, place, id).ok()).flatten();
    let unused = space.programme.armed().into_iter().filter(|armed| armed.played == 0).map(|armed| unused(&armed));
    let of_space = space.notes().into_iter().chain(unused).map(|note| Finding::new(None, note));
    Json(FindingList { findings: of_sessions.chain(of_space).collect() })
}

impl Finding {
    fn new(session: Option<&str>, note: Note) -> Self {
        Self { session: session.map(str::to_owned), kind: note.kind, text: note.text }
    }
}

fn of_session(
    simulation: &Simulation,
    place: usize,
    id: crate::simulation::SessionId,
) -> Result<Vec<Finding>, Problem> {
    let control = simulation.providers.get(place).ok_or(crate::simulation::Refusal::Unknown(id))?;
    let view = control.view(id)?;
    let mut notes = control.findings(id)?;
    let noticed = notes.iter().any(|note| note.kind == NoteKind::WaitsForPerson);
    let space = simulation.commons.spaces.named(&view.space);
    notes.extend(space.and_then(|space| waits(simulation, &space, &view)).filter(|_| !noticed));
    Ok(notes.into_iter().map(|note| Finding::new(Some(&view.id), note)).collect())
}

/// A session that nobody looks at: pending, never opened or delivered, and only a person or its deadline can end it.
fn waits(simulation: &Simulation, space: &Space, view: &SessionView) -> Option<Note> {
    let nothing_else = view.next.as_ref().is_none_or(|next| match next.by {
        NextBy::LinkExpiry | NextBy::OrderExpiry | NextBy::Signal => true,
        NextBy::Poll | NextBy::Time => false,
    });
    let untouched = view.phase.state == "pending" && view.phase.detail == "outstanding";
    if !untouched || !nothing_else || view.age_ms < UNTOUCHED_MS {
        return None;
    }
    let public = space.public_url().unwrap_or_else(|| simulation.commons.public_url());
    let page = view.page.as_deref().unwrap_or("/phone");
    let page = format!("{}/{}", public.as_str().trim_end_matches('/'), page.trim_start_matches('/'));
    let waited = view.age_ms / 1_000;
    let text = format!(
        "for {waited}s nobody has opened it: open {page}, or signal it with POST …/sessions/{}/signal",
        view.id
    );
    Some(Note::new(NoteKind::WaitsForPerson, text))
}

fn unused(armed: &Armed) -> Note {
    let what = armed.script.as_ref().map_or("what was armed", |script| script.name.as_str());
    let why = match &armed.missed {
        None => "no session has started since".to_owned(),
        Some(missed) if missed.iter().all(|criterion| criterion.matched) => {
            "the provider of the session that matched cannot play it".to_owned()
        }
        Some(missed) => missed.iter().map(fared).collect::<Vec<_>>().join(", "),
    };
    Note::new(NoteKind::ArmedUnused, format!("armed {} (`{what}`) has never played: {why}", armed.number))
}

/// After this long without anybody, somebody is told.
const UNTOUCHED_MS: u64 = 20_000;
