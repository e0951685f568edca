//! The keys that a space signs with: shown for pinning, rotated, expired.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::advance::span_of;
use super::json::Json;
use super::path::TheSpace;
use super::problem::{Problem, meant};
use crate::simulation::keys::{Key, KeyState, Rotation};
use crate::simulation::{Simulation, Space};

/// The keys of a space.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeyRings {
    /// One for each purpose of each provider.
    rings: Vec<KeyRing>,
}

/// The keys of one purpose.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeyRing {
    /// The provider and what is signed: `zignsec_gateway signed-identity`.
    purpose: &'static str,
    /// The newest first. What signs and what is offered now stands in `state`.
    keys: Vec<KeyView>,
}

/// One key. Everything in it is public.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeyView {
    /// What it is now.
    state: KeyState,
    /// The SHA-1 thumbprint of its certificate in base64url (RFC 7515 section 4.1.7).
    x5t: String,
    /// Its certificate, PEM.
    certificate: String,
    /// From when on it signs, RFC 3339; 1970 for what was there from the beginning.
    signs_from: String,
    /// Until when it signs, RFC 3339.
    signs_until: Option<String>,
    /// Until when relying parties are offered it, RFC 3339.
    offered_until: Option<String>,
}

/// How another key follows.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct NewKey {
    /// Which ring; all of the space when left out.
    purpose: Option<String>,
    /// How long the new key is offered before it signs: `7d`. At once when left out.
    ahead: Option<String>,
    /// How long the old one is offered after it has signed last: `90d`. Not at all when left out.
    overlap: Option<String>,
}

/// Whose certificate expires.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Expiry {
    /// Which ring; all of the space when left out.
    purpose: Option<String>,
}

/// The keys of a space, with their certificates. Besides the one that signs there are one that was taken out of service and one whose
/// certificate has expired, from the beginning.
#[utoipa::path(get, path = "/spaces/{space}/keys", tag = "keys", params(("space" = String, Path, description = "Its name")),
    responses((status = OK, body = KeyRings)))]
pub(super) async fn list_keys(State(simulation): State<Arc<Simulation>>, TheSpace(space): TheSpace) -> Json<KeyRings> {
    Json(view(&simulation, &space))
}

/// Lets another key follow. What was signed stays as it is; making the space older lets announced keys sign and old ones go.
#[utoipa::path(post, path = "/spaces/{space}/keys/rotate", tag = "keys", request_body = NewKey,
    params(("space" = String, Path, description = "Its name")), responses((status = OK, body = KeyRings)))]
pub(super) async fn rotate_keys(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
    Json(NewKey { purpose, ahead, overlap }): Json<NewKey>,
) -> Result<Json<KeyRings>, Problem> {
    let span = |text: Option<String>, path| text.map_or_else(|| Ok(Default::default()), |text| span_of(&text, path));
    let rotation = Rotation { ahead: span(ahead, "$.ahead")?, overlap: span(overlap, "$.overlap")? };
    let now = simulation.commons.clock.now();
    let (keys, secret) = (&space.keys, simulation.commons.secret());
    change(&simulation, &space, purpose.as_deref(), |purpose| keys.rotate(secret, &space.name, purpose, now, rotation))
}

/// Lets the certificate of the signing key expire: from now on it signs under one whose time is over.
#[utoipa::path(post, path = "/spaces/{space}/keys/expire", tag = "keys", request_body = Expiry,
    params(("space" = String, Path, description = "Its name")), responses((status = OK, body = KeyRings)))]
pub(super) async fn expire_keys(
    State(simulation): State<Arc<Simulation>>,
    TheSpace(space): TheSpace,
    Json(Expiry { purpose }): Json<Expiry>,
) -> Result<Json<KeyRings>, Problem> {
    let now = simulation.commons.clock.now();
    let (keys, secret) = (&space.keys, simulation.commons.secret());
    change(&simulation, &space, purpose.as_deref(), |purpose| {
        keys.change(secret, &space.name, purpose, |ring| ring.expire(now));
    })
}

fn change(
    simulation: &Simulation,
    space: &Space,
    wanted: Option<&str>,
    change: impl Fn(&'static str),
) -> Result<Json<KeyRings>, Problem> {
    let all = || purposes(simulation);
    if let Some(wanted) = wanted.filter(|wanted| !all().any(|purpose| purpose == *wanted)) {
        return Err(Problem::at("$.purpose", format!("nothing is signed for `{wanted}`")).help(meant(wanted, all())));
    }
    all().filter(|purpose| wanted.is_none_or(|wanted| wanted == *purpose)).for_each(change);
    Ok(Json(view(simulation, space)))
}

fn purposes(simulation: &Simulation) -> impl Iterator<Item = &'static str> + Clone {
    simulation.providers.iter().flat_map(|provider| provider.keys().iter().copied())
}

fn view(simulation: &Simulation, space: &Space) -> KeyRings {
    let now = simulation.commons.clock.now();
    let ring = |purpose| {
        let ring = space.keys.ring(simulation.commons.secret(), &space.name, purpose);
        let keys = ring.all(now).into_iter().map(|(key, state)| KeyView::new(key, state)).collect();
        KeyRing { purpose, keys }
    };
    KeyRings { rings: purposes(simulation).map(ring).collect() }
}

impl KeyView {
    fn new(key: &Key, state: KeyState) -> Self {
        Self {
            state,
            x5t: key.signer.certificate.x5t(),
            certificate: key.signer.certificate.pem().to_owned(),
            signs_from: key.signs_from.to_string(),
            signs_until: key.signs_until.map(|at| at.to_string()),
            offered_until: key.offered_until.map(|at| at.to_string()),
        }
    }
}
