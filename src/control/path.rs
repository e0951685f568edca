//! What a path names: a space, a session, a number.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use super::problem::{Problem, meant};
use crate::simulation::{Control, SessionId, Simulation, Space};

/// The space that the path names.
#[derive(Debug)]
pub(super) struct TheSpace(pub(super) Arc<Space>);

/// The session that the path names, and its provider.
#[derive(Debug)]
pub(super) struct TheSession {
    pub(super) id: SessionId,
    /// Its provider's place in the simulation.
    pub(super) place: usize,
    pub(super) control: Arc<dyn Control>,
}

/// A number in the path: `{n}`.
#[derive(Debug)]
pub(super) struct Number(pub(super) u64);

/// A name in the path: `{name}`.
#[derive(Debug)]
pub(super) struct Named(pub(super) String);

impl FromRequestParts<Arc<Simulation>> for TheSpace {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, simulation: &Arc<Simulation>) -> Result<Self, Problem> {
        let name = segment(parts, simulation, "space").await?;
        simulation.commons.spaces.named(&name).map(Self).ok_or_else(|| {
            let all = simulation.commons.spaces.all();
            Problem::not_found(format!("there is no space `{name}`")).help(meant(&name, all.iter().map(|s| &*s.name)))
        })
    }
}

impl FromRequestParts<Arc<Simulation>> for TheSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, simulation: &Arc<Simulation>) -> Result<Self, Problem> {
        let text = segment(parts, simulation, "id").await?;
        let Ok(id) = text.parse::<SessionId>() else {
            return Err(Problem::not_found(format!("`{text}` is no session id"))
                .help("it is the GUID in the redirect address, or `id` in the list of a space's sessions"));
        };
        let found = simulation.providers.iter().enumerate().find(|(_, provider)| provider.has(id));
        found.map(|(place, control)| Self { id, place, control: control.clone() }).ok_or_else(|| {
            let since = simulation.commons.clock.now().since(simulation.commons.begun).0 / 1_000;
            Problem::not_found(format!("there is no session {id}")).help(format!(
                "this simulation began {since}s ago and forgets its sessions when it ends; was it from before?"
            ))
        })
    }
}

impl FromRequestParts<Arc<Simulation>> for Number {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, simulation: &Arc<Simulation>) -> Result<Self, Problem> {
        let text = segment(parts, simulation, "n").await?;
        text.parse().map(Self).map_err(|_| Problem::not_found(format!("`{text}` is no number; they count from 1")))
    }
}

impl FromRequestParts<Arc<Simulation>> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, simulation: &Arc<Simulation>) -> Result<Self, Problem> {
        segment(parts, simulation, "name").await.map(Self)
    }
}

async fn segment(parts: &mut Parts, simulation: &Arc<Simulation>, name: &str) -> Result<String, Problem> {
    let params = RawPathParams::from_request_parts(parts, simulation).await;
    let params = params.map_err(|_| Problem::not_found("the path holds bytes that are no text"))?;
    let found = params.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
    found.ok_or_else(|| Problem::not_found("the path names nothing"))
}
