//! What a request to no provider's address gets: an answer that helps.

use axum::Json;
use axum::extract::Request;
use axum::response::IntoResponse;
use http::StatusCode;
use serde_json::json;

/// Addresses that exist, to name the nearest ones. Each provider's README documents its own.
const KNOWN: &[&str] = &[
    "POST /v2/eid/sbid",
    "POST /v2/eid/sbid-another",
    "POST /v2/eid/sbid-sign",
    "POST /v2/eid/nbid_oidc",
    "POST /v2/eid/nemid",
    "POST /v2/eid/fbid",
    "GET /v2/eid/{id}",
    "GET /v2/Hosted/{id}/{selector}/",
    "POST /core/api/sessions/identity_verification/freja_id_ssn",
    "POST /core/api/sessions/identity_verification/freja_id_qr",
    "POST /core/api/sessions/identity_verification/freja_id_phone",
    "POST /core/api/sessions/identity_verification/freja_id_email",
    "POST /core/api/sessions/identity_verification/bankid_se",
    "GET /core/api/sessions/{id}",
    "GET /v2/myaccount/settings/{name}",
    "POST /v3/eid/smartid/auth",
    "POST /v3/eid/smartid/sign",
    "POST /v3/eid/swissid",
    "GET /v3/eid/smartid/{id}",
    "GET /v3/eid/{id}",
    "GET /v3/Hosted/{id}/swissid/",
    "GET /oidc/.well-known/openid-configuration",
    "GET /oidc/jwks.json",
    "GET /oidc/authorize",
    "POST /oidc/authorize",
    "POST /oidc/token",
    "GET /oidc/userinfo",
    "GET /oidc/signature",
    "GET /s/{space}/oidc/.well-known/openid-configuration",
    "GET /std/method/motpart/collect?orderRef={id}",
];

/// Answers 404 with the nearest known addresses.
pub async fn stray(request: Request) -> impl IntoResponse {
    let asked = format!("{} {}", request.method(), request.uri().path());
    let mut known: Vec<(f64, &str)> = KNOWN.iter().map(|route| (strsim::jaro_winkler(&asked, route), *route)).collect();
    known.sort_by(|a, b| b.0.total_cmp(&a.0));
    let nearest: Vec<&str> = known.iter().take(3).map(|(_, route)| *route).collect();
    let body = json!({
        "error": {
            "code": "no-such-address",
            "message": format!("no simulated provider answers {}", crate::identity::mask(&asked)),
            "nearest": nearest,
        }
    });
    (StatusCode::NOT_FOUND, Json(body))
}
