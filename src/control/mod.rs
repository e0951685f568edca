//! THE SIDE DOOR: `/_motpart/v1`, JSON for tests, the judge and people's shells; and the pages that belong to no provider, for people.
//!
//! ```text
//!  test ──▶ door (host, origin, token, JSON) ──▶ routes ──▶ Simulation ──▶ dyn Control, one per provider
//! ```
//!
//! It knows what a simulation and a script are, and nothing of any provider. Every route is described in `openapi.json`, which is made
//! from the routes themselves.
//!
//! The recipe for tests that run side by side: *start, read the session id from the redirect address, signal it.* Arming is for what must
//! be there before the start, and then `match` keeps parallel tests apart.

mod about;
mod advance;
mod arm;
mod deliveries;
mod door;
mod findings;
mod journal;
mod json;
mod keys;
mod notice;
mod openapi;
mod overlay;
mod pages;
mod path;
mod persons;
mod problem;
mod scripts;
mod sessions;
mod settings;
mod signal;
mod spaces;
#[cfg(test)]
mod tests;

pub use door::Door;
pub use pages::pages;

use std::sync::Arc;

use axum::{Extension, Router, middleware};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::simulation::Simulation;

/// The routes of the control API, and `/metrics`, behind their door.
pub fn router(simulation: Arc<Simulation>, door: Door) -> Router {
    let (routes, document) = described();
    let known = openapi::Routes::of(&document);
    let elsewhere = Router::new()
        .route("/_motpart", axum::routing::any(openapi::unknown_route))
        .route("/_motpart/{*rest}", axum::routing::any(openapi::unknown_route));
    routes
        .method_not_allowed_fallback(openapi::unknown_method)
        .merge(elsewhere)
        .layer(Extension(Arc::new(known)))
        .layer(Extension(Arc::new(document)))
        .layer(middleware::from_fn_with_state((simulation.clone(), Arc::new(door)), door::guard))
        .with_state(simulation)
}

/// The OpenAPI document of the control API.
#[must_use]
pub fn document() -> OpenApi {
    described().1
}

fn described() -> (Router<Arc<Simulation>>, OpenApi) {
    let v1 = OpenApiRouter::new()
        .routes(routes!(about::health))
        .routes(routes!(openapi::openapi_json))
        .routes(routes!(spaces::list_spaces, spaces::create_space))
        .routes(routes!(spaces::show_space, spaces::delete_space))
        .routes(routes!(settings::show_settings, settings::change_settings))
        .routes(routes!(settings::show_provider_settings))
        .routes(routes!(settings::change_public_url))
        .routes(routes!(arm::arm_space))
        .routes(routes!(arm::arm_session))
        .routes(routes!(arm::list_armed))
        .routes(routes!(arm::disarm))
        .routes(routes!(sessions::list_sessions))
        .routes(routes!(sessions::next_session))
        .routes(routes!(sessions::show_session))
        .routes(routes!(signal::signal_session))
        .routes(routes!(advance::advance_session))
        .routes(routes!(advance::advance_space))
        .routes(routes!(deliveries::release_answers))
        .routes(routes!(deliveries::list_deliveries))
        .routes(routes!(deliveries::redeliver))
        .routes(routes!(notice::write_notice))
        .routes(routes!(findings::session_findings))
        .routes(routes!(findings::space_findings))
        .routes(routes!(keys::list_keys))
        .routes(routes!(keys::rotate_keys))
        .routes(routes!(keys::expire_keys))
        .routes(routes!(journal::session_journal))
        .routes(routes!(journal::space_journal))
        .routes(routes!(scripts::list_scripts))
        .routes(routes!(scripts::show_script))
        .routes(routes!(persons::list_persons))
        .routes(routes!(persons::show_person))
        .routes(routes!(persons::make_persons));
    let (routes, document) = OpenApiRouter::with_openapi(openapi::Description::openapi())
        .nest("/_motpart/v1", v1)
        .routes(routes!(about::metrics))
        .split_for_parts();
    (routes, openapi::finished(document))
}
