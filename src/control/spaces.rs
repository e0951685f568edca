//! Spaces: one for each relying party, or for each test run that wants its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::arm::script_of;
use super::json::Json;
use super::openapi::name_or_object;
use super::path::TheSpace;
use super::problem::{Code, Problem, meant};
use super::settings::{apply_settings, public_url_of};
use crate::simulation::{Credentials, DEFAULT, Simulation, Space, SpaceError};

/// A space to make. Everything may be left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSpace {
    /// Its name in kebab-case; one is made up when left out.
    name: Option<String>,
    /// Credentials by provider and name: `{"zignsec_v2": {"token": "…"}}`. What is missing is minted.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, BTreeMap<String, String>>)]
    credentials: Credentials,
    /// What browsers call us in this space, where it differs from the simulation's address.
    public_url: Option<String>,
    /// The script that plays when nothing else does: a name, or a script in the form of a script file.
    #[schema(schema_with = name_or_object)]
    script: Option<Value>,
    /// The providers' switches: `{"zignsec_v2": {…}}`.
    #[schema(value_type = BTreeMap<String, Object>)]
    #[serde(default)]
    settings: BTreeMap<String, Value>,
}

/// A space.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SpaceView {
    /// Its name.
    name: String,
    /// Its credentials by provider and name. They open nothing but this simulation.
    credentials: BTreeMap<&'static str, BTreeMap<&'static str, String>>,
    /// What browsers call us in it.
    public_url: String,
    /// Where the relying party calls each provider, under the public address. A relying party that knows us by another host name keeps
    /// the path.
    base_urls: BTreeMap<&'static str, String>,
    /// What else a relying party has to know of each provider, such as where a certificate to be pinned is.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    connections: BTreeMap<&'static str, BTreeMap<&'static str, String>>,
    /// The script that plays when nothing else does.
    script: Option<String>,
    /// The number of its newest session; 0 for none.
    newest_session: u64,
}

/// All spaces.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SpaceList {
    /// By name.
    spaces: Vec<SpaceView>,
}

/// All spaces.
#[utoipa::path(get, path = "/spaces", tag = "spaces", responses((status = OK, body = SpaceList)))]
pub(super) async fn list_spaces(State(simulation): State<Arc<Simulation>>) -> Json<SpaceList> {
    let spaces = simulation.commons.spaces.all();
    Json(SpaceList { spaces: spaces.iter().map(|space| view(&simulation, space)).collect() })
}

/// Makes a space. Its credentials are what the relying party sends, and what keeps its sessions apart from others'.
#[utoipa::path(post, path = "/spaces", tag = "spaces", request_body = NewSpace, responses((status = CREATED, body = SpaceView)))]
pub(super) async fn create_space(
    State(simulation): State<Arc<Simulation>>,
    Json(new): Json<NewSpace>,
) -> Result<(StatusCode, Json<SpaceView>), Problem> {
    let commons = &simulation.commons;
    if new.name.as_deref().is_some_and(|name| !is_name(name)) {
        return Err(Problem::at("$.name", "a space is named by 1 to 63 lower-case letters, digits and single hyphens")
            .help("write it as `checkout-tests`"));
    }
    let script = new.script.map(|script| script_of(commons, &script, "$.script")).transpose()?;
    let public_url = new.public_url.map(|url| public_url_of(&url, "$.public_url")).transpose()?;
    for (provider, names) in &new.credentials {
        for (credential, value) in names {
            // What can stand in a header line and in a query without being changed on the way.
            if value.is_empty() || value.len() > 512 || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
                let path = format!("$.credentials.{provider}.{credential}");
                return Err(Problem::at(&path, "a credential has 1 to 512 visible ASCII characters"));
            }
        }
    }
    let added = match &new.name {
        Some(name) => simulation.add_space(name, &new.credentials),
        None => add_unnamed(&simulation, &new.credentials),
    };
    let space = added.map_err(refused)?;
    space.set_public_url(public_url);
    space.programme.set_default(script);
    if let Err(problem) = apply_settings(&simulation, &space, &new.settings, "$.settings") {
        simulation.remove_space(&space.name);
        return Err(problem);
    }
    Ok((StatusCode::CREATED, Json(view(&simulation, &space))))
}

/// A space.
#[utoipa::path(get, path = "/spaces/{space}", tag = "spaces", params(("space" = String, Path, description = "Its name")),
    responses((status = OK, body = SpaceView)))]
pub(super) async fn show_space(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
) -> Json<SpaceView> {
    Json(view(&simulation, &space))
}

/// Removes a space and forgets its sessions, journal and switches. The space `default` cannot be removed.
#[utoipa::path(delete, path = "/spaces/{space}", tag = "spaces", params(("space" = String, Path, description = "Its name")),
    responses((status = NO_CONTENT, description = "It is gone")))]
pub(super) async fn delete_space(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
) -> Result<StatusCode, Problem> {
    if &*space.name == DEFAULT {
        return Err(Problem::new(Code::Conflict, format!("the space `{DEFAULT}` cannot be removed"))
            .help("make a space of your own with POST /_motpart/v1/spaces and remove that"));
    }
    simulation.remove_space(&space.name);
    Ok(StatusCode::NO_CONTENT)
}

fn view(simulation: &Simulation, space: &Space) -> SpaceView {
    let public_url = simulation.commons.public_url_of(space);
    let base = public_url.trim_end_matches('/').to_owned();
    let mut credentials: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for ((provider, name), value) in &space.credentials {
        credentials.entry(*provider).or_default().insert(*name, value.clone());
    }
    let mut connections: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
    for provider in &simulation.providers {
        for (name, fact) in provider.connection(space) {
            connections.entry(provider.name()).or_default().insert(name, fact.told(&public_url, &public_url));
        }
    }
    let newest_session = *space.newest.borrow();
    SpaceView {
        name: space.name.to_string(),
        credentials,
        base_urls: simulation.providers.iter().map(|p| (p.name(), format!("{base}{}", p.base(space)))).collect(),
        connections,
        public_url: base,
        script: space.programme.default_script().map(|script| script.name.clone()),
        newest_session,
    }
}

fn refused(error: SpaceError) -> Problem {
    match error {
        SpaceError::CredentialUnknown { name, known } => {
            Problem::at("$.credentials", format!("no provider has a credential `{name}`"))
                .help(meant(&name, known.iter().map(String::as_str)))
        }
        SpaceError::CredentialTaken { .. } | SpaceError::NameTaken(_) => {
            Problem::new(Code::Conflict, error.to_string())
        }
        SpaceError::TooMany(_) => Problem::new(Code::TooMany, error.to_string()),
    }
}

/// Names stand in addresses (`/s/<space>/oidc`) and in host-like places; 63 is the length of a DNS label (RFC 1035, 2.3.4).
fn is_name(text: &str) -> bool {
    text.len() <= 63
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// Adds a space under the first free name. One that somebody else took since it was seen free is passed over.
fn add_unnamed(simulation: &Simulation, credentials: &Credentials) -> Result<Arc<Space>, SpaceError> {
    let mut number = 0_u64;
    loop {
        number += 1;
        let name = format!("space-{number}");
        // Ends: the spaces are bounded, and one too many is another error.
        if simulation.commons.spaces.named(&name).is_none() {
            let added = simulation.add_space(&name, credentials);
            if !matches!(added, Err(SpaceError::NameTaken(_))) {
                return added;
            }
        }
    }
}
