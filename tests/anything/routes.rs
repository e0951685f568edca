//! Every route there is.

use std::sync::OnceLock;

use http::Method;
use motpart::control;
use serde_json::Value;

/// What relying parties, browsers and people call. `no_route_is_left_out` holds the list against the routers' sources.
const PROVIDER_ROUTES: [(&str, &str); 47] = [
    ("GET", "/v2/eid/{name}"),
    ("POST", "/v2/eid/{name}"),
    ("POST", "/v2/eid/{product}/{name}"),
    ("GET", "/v2/myaccount/settings/{setting}"),
    ("POST", "/v2/myaccount/settings/{setting}"),
    ("DELETE", "/v2/myaccount/settings/{setting}"),
    ("GET", "/v2/{hosted}/{id}/{selector}/{part}"),
    ("POST", "/v2/{hosted}/{id}/{selector}"),
    ("GET", "/v2/callback/oidcfi"),
    ("GET", "/scripts/zignsecautostart.js"),
    ("GET", "/v3/eid/{name}"),
    ("POST", "/v3/eid/{name}"),
    ("POST", "/v3/eid/{product}/{name}"),
    ("GET", "/v3/{hosted}/{id}/swissid/{part}"),
    ("POST", "/v3/{hosted}/{id}/swissid"),
    ("POST", "/core/api/sessions/identity_verification/{name}"),
    ("GET", "/core/api/sessions/identity_verification/{name}"),
    ("GET", "/core/api/sessions/{id}"),
    ("POST", "/core/api/sessions/{id}/"),
    ("GET", "/core/hosted/{id}"),
    ("POST", "/core/hosted/{id}/"),
    ("GET", "/core/hosted/{id}/{part}"),
    ("GET", "/core/foreign/{id}/{what}"),
    ("GET", "/s/{space}/freja/jws-certificates.pem"),
    ("GET", "/oidc/.well-known/openid-configuration"),
    ("GET", "/oidc/jwks.json"),
    ("GET", "/oidc/authorize"),
    ("POST", "/oidc/authorize"),
    ("GET", "/oidc/authorize/resume"),
    ("POST", "/oidc/token"),
    ("GET", "/oidc/userinfo"),
    ("POST", "/oidc/userinfo"),
    ("GET", "/oidc/signature"),
    ("GET", "/std/method/motpart/collect"),
    ("POST", "/std/method/motpart/collect"),
    ("GET", "/std/method/motpart/complete"),
    ("GET", "/std/method/motpart/nbid/status/{handle}"),
    ("GET", "/std/method/motpart/nbid/complete/{handle}"),
    ("GET", "/std/method/motpart/page/{id}/"),
    ("POST", "/std/method/motpart/page/{id}/"),
    ("GET", "/std/method/motpart/page/{id}/{part}"),
    ("GET", "/s/{space}/oidc/authorize"),
    ("GET", "/"),
    ("GET", "/phone"),
    ("POST", "/phone"),
    ("POST", "/phone/{space}"),
    ("GET", "/phone/{space}/state"),
];

fn control_routes() -> Vec<(Method, String)> {
    let document = serde_json::to_value(control::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let operations = |(path, item): (String, Value)| {
        let methods: Vec<String> = item.as_object().unwrap().keys().map(|verb| verb.to_uppercase()).collect();
        methods.into_iter().filter_map(move |verb| Some((verb.parse().ok()?, path.clone())))
    };
    paths.into_iter().flat_map(operations).collect()
}

/// Those of the providers and those of the control API, with their placeholders.
pub(super) fn routes() -> &'static [(Method, String)] {
    static ROUTES: OnceLock<Vec<(Method, String)>> = OnceLock::new();
    ROUTES.get_or_init(|| {
        let providers = PROVIDER_ROUTES.iter().map(|(verb, path)| (verb.parse().unwrap(), (*path).to_owned()));
        providers.chain(control_routes()).collect()
    })
}

#[test]
fn no_route_is_left_out() {
    assert!(control_routes().len() > 25, "{}", control_routes().len());
    let sources = [
        include_str!("../../src/providers/zignsec_v2/api.rs"),
        include_str!("../../src/providers/zignsec_v2/account.rs"),
        include_str!("../../src/providers/zignsec_v2/page/mod.rs"),
        include_str!("../../src/providers/zignsec_v3/api.rs"),
        include_str!("../../src/providers/zignsec_v3/page.rs"),
        include_str!("../../src/providers/zignsec_gateway/api.rs"),
        include_str!("../../src/providers/zignsec_gateway/page.rs"),
        include_str!("../../src/providers/zignsec_gateway/pinning.rs"),
        include_str!("../../src/providers/signicat/mod.rs"),
        include_str!("../../src/control/pages/mod.rs"),
    ];
    let routed: usize = sources.iter().map(|source| source.matches(".route(").count()).sum();
    assert_eq!(routed, 31, "a route was added: enter it in PROVIDER_ROUTES, and count it here");
}
