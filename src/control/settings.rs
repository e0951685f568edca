//! Settings: what browsers call us, the default script and the providers' switches.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use super::arm::script_of;
use super::json::{Json, in_words, nullable};
use super::openapi::name_or_object;
use super::path::{Named, TheSpace};
use super::problem::{Problem, meant};
use crate::simulation::{Control, Simulation, Space};

/// The settings of a space.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Settings {
    /// What browsers call us in this space; `null` for the simulation's own address.
    public_url: Option<String>,
    /// The script that plays when nothing else does; `null` for *manual*.
    script: Option<String>,
    /// The providers' switches.
    #[schema(value_type = BTreeMap<String, Object>)]
    settings: BTreeMap<&'static str, Value>,
}

/// A change of settings: what is left out stays, `null` takes back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsChange {
    /// What browsers call us in this space.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    public_url: Option<Option<String>>,
    /// The script that plays when nothing else does: a name, or a script in the form of a script file.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(schema_with = name_or_object)]
    script: Option<Option<Value>>,
    /// Switches to change, by provider.
    #[schema(value_type = BTreeMap<String, Object>)]
    #[serde(default)]
    settings: BTreeMap<String, Value>,
}

/// What browsers call us.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PublicUrl {
    /// An absolute `http` or `https` address without query.
    public_url: String,
}

/// The settings of a space.
#[utoipa::path(get, path = "/spaces/{space}/settings", tag = "settings",
    params(("space" = String, Path, description = "Its name")), responses((status = OK, body = Settings)))]
pub(super) async fn show_settings(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
) -> Json<Settings> {
    Json(view(&simulation, &space))
}

/// Changes settings of a space, all or none of them. Sessions that are under way see the switches at once.
#[utoipa::path(patch, path = "/spaces/{space}/settings", tag = "settings", request_body = SettingsChange,
    params(("space" = String, Path, description = "Its name")), responses((status = OK, body = Settings)))]
pub(super) async fn change_settings(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
    Json(change): Json<SettingsChange>,
) -> Result<Json<Settings>, Problem> {
    let url =
        change.public_url.map(|url| url.map(|url| public_url_of(&url, "$.public_url")).transpose()).transpose()?;
    let script = change.script.map(|s| s.map(|s| script_of(&simulation.commons, &s, "$.script")).transpose());
    let script = script.transpose()?;
    apply_settings(&simulation, &space, &change.settings, "$.settings")?;
    if let Some(url) = url {
        space.set_public_url(url);
    }
    if let Some(script) = script {
        space.programme.set_default(script);
    }
    Ok(Json(view(&simulation, &space)))
}

/// One provider's switches in a space.
#[utoipa::path(get, path = "/spaces/{space}/settings/{name}", tag = "settings",
    params(("space" = String, Path, description = "Its name"), ("name" = String, Path, description = "The provider, such as `zignsec_v2`")),
    responses((status = OK, body = Object)))]
pub(super) async fn show_provider_settings(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
    Named(name): Named,
) -> Result<Json<Value>, Problem> {
    provider(&simulation, &name).map(|provider| Json(provider.settings(&space.name)))
}

/// Changes what browsers call us, in the spaces that do not say otherwise: for ports that are known only after the start. Addresses that
/// were given out stay as they are.
#[utoipa::path(put, path = "/public-url", tag = "settings", request_body = PublicUrl, responses((status = OK, body = PublicUrl)))]
pub(super) async fn change_public_url(
    State(simulation): State<Arc<Simulation>>,
    Json(change): Json<PublicUrl>,
) -> Result<Json<PublicUrl>, Problem> {
    let url = public_url_of(&change.public_url, "$.public_url")?;
    simulation.commons.set_public_url(url.clone());
    Ok(Json(PublicUrl { public_url: url.into() }))
}

/// Reads an address that everything browsers see is built from.
pub(super) fn public_url_of(text: &str, path: &str) -> Result<Url, Problem> {
    let wrong = |what: &str| Problem::at(path, what).help("write it as `https://motpart.example:8480`");
    let url = Url::parse(text).map_err(|error| wrong(&format!("this is no address: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("browsers need http or https"));
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("the address has a query, a fragment or a user; paths are appended to it"));
    }
    Ok(url)
}

/// Changes the switches of several providers, all or none of them.
pub(super) fn apply_settings(
    simulation: &Simulation,
    space: &Space,
    change: &BTreeMap<String, Value>,
    path: &str,
) -> Result<(), Problem> {
    let mut before: Vec<(&Arc<dyn Control>, Value)> = Vec::new();
    for (name, switches) in change {
        let changed = provider(simulation, name)
            .map_err(|unknown| Problem::at(path, unknown.message).maybe(unknown.help))
            .and_then(|provider| {
                let own = only(&provider.settings(&space.name), switches);
                provider.change_settings(space, switches).map_err(|error| {
                    let (message, help) = in_words(&error.problem);
                    Problem::at(&format!("{path}.{name}"), message).maybe(help)
                })?;
                before.push((provider, own));
                Ok(())
            });
        if let Err(problem) = changed {
            for (provider, settings) in before {
                // What was in force can be put in force; no other switch is touched, which somebody may have changed since.
                let _ = provider.change_settings(space, &settings);
            }
            return Err(problem);
        }
    }
    Ok(())
}

/// The switches among `all` that are named in `change`.
fn only(all: &Value, change: &Value) -> Value {
    let names = change.as_object().into_iter().flat_map(serde_json::Map::keys);
    names.filter_map(|name| Some((name.clone(), all.get(name)?.clone()))).collect()
}

fn provider<'a>(simulation: &'a Simulation, name: &str) -> Result<&'a Arc<dyn Control>, Problem> {
    simulation.provider(name).map_err(|unknown| {
        Problem::not_found(format!("there is no provider `{name}`"))
            .help(meant(name, unknown.known.iter().map(String::as_str)))
    })
}

fn view(simulation: &Simulation, space: &Space) -> Settings {
    Settings {
        public_url: space.public_url().map(String::from),
        script: space.programme.default_script().map(|script| script.name.clone()),
        settings: simulation.providers.iter().map(|p| (p.name(), p.settings(&space.name))).collect(),
    }
}
