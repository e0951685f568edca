//! Scripts: which can be armed, and how they are written.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::json::Json;
use super::path::Named;
use super::problem::{Problem, meant};
use crate::script::Entry;
use crate::simulation::Simulation;

/// A script in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScriptLine {
    /// Its name.
    name: String,
    /// What happens, in one line.
    title: String,
    /// `bundled`, or the user's file.
    source: String,
    /// The providers that cannot play it, with the reason.
    cannot: BTreeMap<&'static str, String>,
}

/// The scripts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScriptList {
    /// By name.
    scripts: Vec<ScriptLine>,
}

/// A script with its text.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScriptView {
    /// Its name.
    name: String,
    /// What happens, in one line.
    title: String,
    /// `bundled`, or the user's file.
    source: String,
    /// The providers that cannot play it, with the reason.
    cannot: BTreeMap<&'static str, String>,
    /// The file, with its comments: TOML.
    text: String,
}

/// The scripts that can be armed by name.
#[utoipa::path(get, path = "/scripts", tag = "scripts", responses((status = OK, body = ScriptList)))]
pub(super) async fn list_scripts(State(simulation): State<Arc<Simulation>>) -> Json<ScriptList> {
    let scripts = simulation.commons.scripts();
    let line = |entry: &Entry| ScriptLine {
        name: entry.script.name.clone(),
        title: entry.script.title.clone(),
        source: entry.source.to_string(),
        cannot: cannot(&simulation, entry),
    };
    Json(ScriptList { scripts: scripts.iter().map(line).collect() })
}

/// A script as its file says it.
#[utoipa::path(get, path = "/scripts/{name}", tag = "scripts", params(("name" = String, Path, description = "Such as `mismatch`")),
    responses((status = OK, body = ScriptView)))]
pub(super) async fn show_script(
    State(simulation): State<Arc<Simulation>>,
    Named(name): Named,
) -> Result<Json<ScriptView>, Problem> {
    let scripts = simulation.commons.scripts();
    let entry = scripts.entry(&name).map_err(|_| {
        let names: Vec<&str> = scripts.iter().map(|entry| entry.script.name.as_str()).collect();
        Problem::not_found(format!("no script is called `{name}`")).help(meant(&name, names))
    })?;
    Ok(Json(ScriptView {
        name: entry.script.name.clone(),
        title: entry.script.title.clone(),
        source: entry.source.to_string(),
        cannot: cannot(&simulation, entry),
        text: entry.text.to_string(),
    }))
}

fn cannot(simulation: &Simulation, entry: &Entry) -> BTreeMap<&'static str, String> {
    let refused = |provider: &Arc<dyn crate::simulation::Control>| {
        provider
            .refuses(&entry.script)
            .map(|unsayable| (provider.name(), format!("{}: {}", unsayable.what, unsayable.why)))
    };
    simulation.providers.iter().filter_map(refused).collect()
}
