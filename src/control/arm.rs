//! Arming: what plays for the next sessions that match, or from here on for one that is live.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::json::Json;
use super::openapi::{name_or_object, one_or_several};
use super::overlay::{of_script, overlay_of};
use super::path::{Number, TheSession, TheSpace};
use super::persons::{country_of, number_of};
use super::problem::{Code, Problem, meant};
use crate::identity::Checks;
use crate::script::Script;
use crate::simulation::programme::{Armed, Criteria, Criterion, Overlay, Programme, manual};
use crate::simulation::{Commons, Control, SessionView, Simulation};

/// Something to arm for sessions to come. It needs at least one of `script`, `fault`, `forgery` and `delivery`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewArmed {
    /// A script's name, or a script in the form of a script file. Left out, what is laid over applies to whatever plays.
    #[schema(schema_with = name_or_object)]
    script: Option<Value>,
    /// One answer to damage or several, as `[[fault]]` in script files: `{"on": "collect", "reply": {"status": 503}}`.
    #[schema(schema_with = one_or_several)]
    #[serde(alias = "faults")]
    fault: Option<Value>,
    /// One artefact to forge or several, as `[[forgery]]`: `{"of": "webhook", "how": "signature-missing"}`.
    #[schema(schema_with = one_or_several)]
    #[serde(alias = "forgeries")]
    forgery: Option<Value>,
    /// One webhook to disturb or several, as `[[delivery]]`: `{"occurrence": 1, "copies": 2}`.
    #[schema(schema_with = one_or_several)]
    #[serde(alias = "deliveries")]
    delivery: Option<Value>,
    /// Which sessions it is meant for; any when left out.
    #[serde(rename = "match")]
    criteria: Option<Match>,
    /// For how many sessions; 1 when left out.
    times: Option<u32>,
}

/// Which sessions something armed is meant for. Everything given must match.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Match {
    /// The provider, such as `zignsec_v2`.
    provider: Option<String>,
    /// The provider's word for the method, such as `sbid-another`.
    method: Option<String>,
    /// The number asked for, in any usual spelling.
    personal_number: Option<String>,
    /// The number's country; `SE` when left out.
    country: Option<String>,
    /// The relying party's own reference, exactly.
    relaystate: Option<String>,
    /// The target address; `*` stands for anything.
    target: Option<String>,
}

/// What to lay over a live session, or to play in it from here on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionArm {
    /// Whether everything wrong on purpose is forgotten first, whoever armed it: the provider recovers.
    #[serde(default)]
    clear: bool,
    /// Whether `occurrence` of faults and deliveries counts from now on, not from the session's beginning.
    #[serde(default)]
    from_now: bool,
    /// A script's name, or a script in the form of a script file, to play from its first step.
    #[schema(schema_with = name_or_object)]
    script: Option<Value>,
    /// One answer to damage or several, as `[[fault]]` in script files. Occurrences count from the session's beginning.
    #[schema(schema_with = one_or_several)]
    #[serde(alias = "faults")]
    fault: Option<Value>,
    /// One artefact to forge or several, as `[[forgery]]`.
    #[schema(schema_with = one_or_several)]
    #[serde(alias = "forgeries")]
    forgery: Option<Value>,
    /// One webhook to disturb or several, as `[[delivery]]`.
    #[schema(schema_with = one_or_several)]
    #[serde(alias = "deliveries")]
    delivery: Option<Value>,
}

/// Something armed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ArmedView {
    /// Its number, to take it back.
    number: u64,
    /// The script; `null` when something is only laid over what plays anyhow.
    script: Option<String>,
    /// How many faults are laid over it.
    faults: usize,
    /// How many forgeries.
    forgeries: usize,
    /// How many deliveries.
    deliveries: usize,
    /// Which sessions it is meant for, in words without numbers; empty for any.
    criteria: Vec<String>,
    /// For how many sessions it still plays.
    times: u32,
    /// For how many it has played.
    played: u32,
    /// How the last session that it did not match fared, a criterion each.
    missed: Vec<String>,
    /// The providers for whose sessions it never plays, with the reason.
    cannot: Vec<String>,
}

/// What is armed in a space.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ArmedList {
    /// Oldest first; what has played out stays for a while.
    armed: Vec<ArmedView>,
}

/// Arms a script, or things wrong on purpose, for the next sessions of the space that match.
#[utoipa::path(post, path = "/spaces/{space}/arm", tag = "arming", request_body = NewArmed,
    params(("space" = String, Path, description = "Its name")), responses((status = CREATED, body = ArmedView)))]
pub(super) async fn arm_space(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
    Json(new): Json<NewArmed>,
) -> Result<(StatusCode, Json<ArmedView>), Problem> {
    let (script, overlay) = what(&simulation.commons, new.script, [new.fault, new.forgery, new.delivery], false)?;
    let criteria = new.criteria.map(|given| criteria(&simulation, given)).transpose()?.unwrap_or_default();
    let times = new.times.unwrap_or(1);
    if times == 0 {
        return Err(Problem::at("$.times", "0 times is never").help("leave it out for once"));
    }
    sayable(&simulation, script.as_ref(), &overlay, criteria.provider.as_deref())?;
    let Some(number) = space.programme.arm(script, overlay, criteria, times) else {
        let problem = format!("{} entries wait already in the space `{}`", Programme::MOST_ARMED, space.name);
        return Err(Problem::new(Code::TooMany, problem).help(
            "take back what is not needed with DELETE …/armed/{n}; sessions that never come leave their entries",
        ));
    };
    let armed = space.programme.armed().into_iter().find(|armed| armed.number == number);
    // Gone already: a session of another test has played it, and the list was full.
    let armed = armed.ok_or_else(|| Problem::new(Code::Conflict, "it was armed and has played at once"))?;
    Ok((StatusCode::CREATED, Json(view(&simulation, &armed))))
}

/// Lays things wrong on purpose over a live session, or gives it another script from here on.
#[utoipa::path(post, path = "/sessions/{id}/arm", tag = "arming", request_body = SessionArm,
    params(("id" = String, Path, description = "The session's GUID")), responses((status = OK, body = SessionView)))]
pub(super) async fn arm_session(
    State(simulation): State<Arc<Simulation>>,
    TheSession { id, control, .. }: TheSession,
    Json(new): Json<SessionArm>,
) -> Result<Json<SessionView>, Problem> {
    let (script, overlay) = what(&simulation.commons, new.script, [new.fault, new.forgery, new.delivery], new.clear)?;
    let overlay = Overlay { from_now: new.from_now, ..overlay };
    sayable(&simulation, script.as_ref(), &overlay, Some(control.name()))?;
    control.arm(id, script, &overlay)?;
    Ok(Json(control.view(id)?))
}

/// What is armed in a space, played or not.
#[utoipa::path(get, path = "/spaces/{space}/armed", tag = "arming", params(("space" = String, Path, description = "Its name")),
    responses((status = OK, body = ArmedList)))]
pub(super) async fn list_armed(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
) -> Json<ArmedList> {
    Json(ArmedList { armed: space.programme.armed().iter().map(|armed| view(&simulation, armed)).collect() })
}

/// Takes something armed back.
#[utoipa::path(delete, path = "/spaces/{space}/armed/{n}", tag = "arming",
    params(("space" = String, Path, description = "Its name"), ("n" = u64, Path, description = "The entry's number")),
    responses((status = NO_CONTENT, description = "It is gone")))]
pub(super) async fn disarm(TheSpace(space): TheSpace, Number(n): Number) -> Result<StatusCode, Problem> {
    if space.programme.disarm(n) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        let problem = format!("nothing armed in the space `{}` has the number {n}", space.name);
        Err(Problem::not_found(problem).help("GET …/armed lists what is armed"))
    }
}

/// A script by its name, or given as a value; its persons exist.
pub(super) fn script_of(commons: &Commons, given: &Value, path: &str) -> Result<Arc<Script>, Problem> {
    let script = match given {
        Value::String(name) => {
            let scripts = commons.scripts();
            scripts.find(name).cloned().map_err(|_| {
                let names: Vec<&str> = scripts.iter().map(|entry| entry.script.name.as_str()).collect();
                Problem::at(path, format!("no script is called `{name}`")).help(meant(name, names))
            })?
        }
        Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) | Value::Object(_) => {
            Arc::new(Script::from_json(given, "inline").map_err(|error| of_script(error, path))?)
        }
    };
    let persons = commons.persons();
    match script.unknown_persons(|name| persons.by_name(name).is_some()).first() {
        None => Ok(script),
        Some(name) => Err(Problem::at(path, format!("the script names `{name}`, whom the register does not know"))
            .help(meant(name, persons.iter().map(|person| person.name.as_str()).collect::<Vec<_>>()))),
    }
}

fn what(
    commons: &Commons,
    script: Option<Value>,
    [fault, forgery, delivery]: [Option<Value>; 3],
    clear: bool,
) -> Result<(Option<Arc<Script>>, Overlay), Problem> {
    let script = script.map(|script| script_of(commons, &script, "$.script")).transpose()?;
    let overlay = Overlay { clear, ..overlay_of(fault, forgery, delivery)? };
    if script.is_none() && overlay.is_empty() {
        return Err(Problem::at("$", "nothing to arm").help(
            "give at least one of `script`, `fault`, `forgery` and `delivery`, such as {\"script\": \"mismatch\"}",
        ));
    }
    Ok((script, overlay))
}

fn criteria(simulation: &Simulation, given: Match) -> Result<Criteria, Problem> {
    let provider = given.provider.map(|name| name.replace('-', "_"));
    let providers = &simulation.providers;
    if let Some(name) = provider.as_deref().filter(|name| providers.iter().all(|p| p.name() != *name)) {
        return Err(Problem::at("$.match.provider", format!("there is no provider `{name}`"))
            .help(meant(name, providers.iter().map(|p| p.name()))));
    }
    let country = country_of(given.country.as_deref(), "$.match.country")?;
    let number = given
        .personal_number
        .map(|text| number_of(&simulation.commons, country, &text, Checks::Lenient, "$.match.personal_number"));
    Ok(Criteria {
        provider,
        method: given.method,
        personal_number: number.transpose()?,
        relaystate: given.relaystate,
        target: given.target,
    })
}

/// Refuses what none of the providers it is meant for can play.
fn sayable(
    simulation: &Simulation,
    script: Option<&Arc<Script>>,
    overlay: &Overlay,
    provider: Option<&str>,
) -> Result<(), Problem> {
    let meant_for: Vec<_> =
        simulation.providers.iter().filter(|p| provider.is_none_or(|name| p.name() == name)).collect();
    let reasons = reasons(&meant_for, script, overlay);
    if meant_for.is_empty() || reasons.len() < meant_for.len() {
        return Ok(());
    }
    Err(Problem::new(Code::Unsayable, reasons.join("; "))
        .help("GET /_motpart/v1/scripts tells which provider can play which script"))
}

fn reasons(providers: &[&Arc<dyn Control>], script: Option<&Arc<Script>>, overlay: &Overlay) -> Vec<String> {
    let whole = overlay.over(&script.cloned().unwrap_or_else(manual));
    providers.iter().filter_map(|p| p.refuses(&whole)).map(|unsayable| unsayable.to_string()).collect()
}

fn view(simulation: &Simulation, armed: &Armed) -> ArmedView {
    let wanted = &armed.criteria;
    let named = |name: &str, value: Option<String>| value.map(|value| format!("{name} {value}"));
    let criteria = [
        named("provider", wanted.provider.clone()),
        named("method", wanted.method.clone()),
        named("personal_number", wanted.personal_number.as_ref().map(ToString::to_string)),
        named("relaystate", wanted.relaystate.clone()),
        named("target", wanted.target.clone()),
    ];
    let meant_for: Vec<_> = simulation
        .providers
        .iter()
        .filter(|p| wanted.provider.as_deref().is_none_or(|name| p.name() == name))
        .collect();
    ArmedView {
        number: armed.number,
        script: armed.script.as_ref().map(|script| script.name.clone()),
        faults: armed.overlay.faults.len(),
        forgeries: armed.overlay.forgeries.len(),
        deliveries: armed.overlay.deliveries.len(),
        criteria: criteria.into_iter().flatten().map(|text| crate::identity::mask(&text).into_owned()).collect(),
        times: armed.times,
        played: armed.played,
        missed: armed.missed.iter().flatten().map(fared).collect(),
        cannot: reasons(&meant_for, armed.script.as_ref(), &armed.overlay),
    }
}

/// `✗ relaystate: wanted `b`, was `a``.
pub(super) fn fared(criterion: &Criterion) -> String {
    let mark = if criterion.matched { '✓' } else { '✗' };
    crate::identity::mask(&format!("{mark} {}: {}", criterion.name, criterion.detail)).into_owned()
}
