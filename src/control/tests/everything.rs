//! What holds for every route.

use std::sync::OnceLock;

use axum::body::Body;
use http::{Method, Request};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{document, openapi::Routes};
use super::{Bench, Order};

fn routes() -> &'static [(String, Vec<Method>)] {
    static ROUTES: OnceLock<Routes> = OnceLock::new();
    &ROUTES.get_or_init(|| Routes::of(&document())).0
}

#[tokio::test]
async fn the_document_names_every_route_and_no_other() {
    let bench = Bench::new();
    let id = bench.start("default", Order::default());
    let served = bench.get("openapi.json").await;
    assert_eq!(served, serde_json::to_value(document()).unwrap());
    let mut described = 0;
    for (path, methods) in routes() {
        described += methods.len();
        let filled =
            path.replace("{space}", "default").replace("{id}", &id).replace("{n}", "7").replace("{name}", "anna");
        for method in methods {
            let filled = if path.ends_with("/next") { format!("{filled}?timeout=0s") } else { filled.clone() };
            // Nothing in the document leads nowhere; that the right thing happens, other tests say.
            let (status, body) = bench.call(method.as_str(), &filled, Some(json!({}))).await;
            assert_ne!(body["error"]["code"], "unknown-route", "{method} {path}");
            assert_ne!(status, 405, "{method} {path}");
        }
        let (status, headers, _) = bench
            .send(
                Request::builder()
                    .method("OPTIONS")
                    .uri(&filled)
                    .header("host", "localhost")
                    .body(Body::empty())
                    .unwrap(),
            )
            .await;
        assert_eq!(status, 405, "{path}");
        let mut allowed: Vec<_> = headers["allow"].to_str().unwrap().split(", ").collect();
        let mut expected: Vec<_> = methods.iter().map(Method::as_str).collect();
        allowed.sort_unstable();
        expected.sort_unstable();
        assert_eq!(allowed, expected, "{path}");
    }
    // Every handler that is described in the source is mounted, and nothing is mounted without a description.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/control");
    let sources = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let source: String =
        sources.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert_eq!(source.matches("\n#[utoipa::path(").count(), described);
    assert_eq!(source.matches(".route(").count(), 2, "the two that say where else to go");
}

#[test]
fn every_operation_is_named_once_and_says_how_it_refuses() {
    let document = serde_json::to_value(document()).unwrap();
    let mut ids = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            ids.push(operation["operationId"].as_str().unwrap().to_owned());
            assert!(operation["responses"]["default"].is_object(), "{method} {path}");
            assert!(operation["summary"].is_string() || operation["description"].is_string(), "{method} {path}");
            assert!(operation["tags"].is_array(), "{method} {path}");
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    // A generated client can say both: a script's name, and a script.
    let armed = &document["components"]["schemas"]["NewArmed"];
    assert_eq!(armed["properties"]["script"]["oneOf"].as_array().unwrap().len(), 2, "{armed}");
    let schemas = &document["components"]["schemas"];
    let person = &schemas["NewSignal"]["properties"]["person"]["oneOf"];
    assert_eq!(person[1]["$ref"], "#/components/schemas/Bearer", "{person}");
    assert!(schemas["Bearer"]["properties"]["surname"].is_object(), "{schemas}");
    assert_eq!(armed["required"], Value::Null, "{armed}");
    // Whatever is referred to is there.
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document["components"]["schemas"][reference].is_object(), "{reference} is missing");
    }
}

#[tokio::test]
async fn what_is_nowhere_is_told_where_to_go() {
    let bench = Bench::new();
    let (status, code, text) = bench.refused("GET", "session/4f/findngs", json!({})).await;
    assert_eq!((status, code.as_str()), (404, "unknown-route"));
    assert!(text.contains("/_motpart/v1/sessions/{id}/findings"), "{text}");
    let (status, code, text) = bench.refused("POST", "/_motpart/v1/health", json!({})).await;
    assert_eq!((status, code.as_str()), (405, "method-not-allowed"));
    assert!(text.contains("it has GET"), "{text}");
    assert_eq!(bench.refused("GET", "/_motpart", json!({})).await.0, 404);
    assert_eq!(bench.refused("GET", "/_motpart/v2/health", json!({})).await.0, 404);
    let (_, _, text) = bench.refused("GET", "spaces/defalt", json!({})).await;
    assert!(text.contains("did you mean `default`?"), "{text}");
    assert_eq!(bench.refused("GET", "sessions/4f", json!({})).await.0, 404);
    assert_eq!(bench.refused("GET", "sessions/00000000-0000-4000-8000-000000000000", json!({})).await.0, 404);
}

#[tokio::test]
async fn mistakes_in_bodies_are_named_by_their_place() {
    let bench = Bench::new();
    let id = bench.start("default", Order::default());
    let signal = format!("sessions/{id}/signal");
    let mut shown = Vec::new();
    for (path, body) in [
        ("spaces/default/arm", json!({ "scrip": "mismatch" })),
        ("spaces/default/arm", json!({ "script": "mismach" })),
        ("spaces/default/arm", json!({ "script": "mismatch", "times": -1 })),
        ("spaces/default/arm", json!({ "script": "mismatch", "times": 0 })),
        ("spaces/default/arm", json!({ "script": "mismatch", "match": { "relaystat": "x" } })),
        ("spaces/default/arm", json!({ "script": "mismatch", "match": { "provider": "toi-one" } })),
        ("spaces/default/arm", json!({ "script": "mismatch", "match": { "personal_number": "198501012389x" } })),
        ("spaces/default/arm", json!({ "script": "mismatch", "match": { "provider": "198501012382" } })),
        ("spaces/default/arm", json!({ "script": { "step": [{ "after": "soon", "state": "finished" }] } })),
        ("spaces/default/arm", json!({ "fault": { "on": "colect", "reply": { "status": 503 } } })),
        ("spaces/default/arm", json!({ "script": { "step": [{ "polls": 1, "state": "finished", "person": "ana" }] } })),
        ("spaces/default/arm", json!({})),
        ("spaces/default/arm", json!([1])),
        (&signal, json!({ "signal": "confirm" })),
        (&signal, json!({ "signal": "confirmed", "person": "198501012382" })),
        (&signal, json!({ "signal": "confirmed", "person": { "nummer": "1" } })),
        (&signal, json!({ "signal": "confirmed", "person": { "number": "198501012383" } })),
        (&signal, json!({ "signal": "confirmed", "person": { "number": "191212121212" } })),
        (&signal, json!({ "signal": "cancelled", "person": "anna" })),
        (&signal, json!({})),
        ("spaces", json!({ "name": "Not Kebab" })),
        ("spaces", json!({ "credentials": { "toy_one": { "tokn": "x" } } })),
        ("spaces", json!({ "credentials": { "toy_one": { "token": 5 } } })),
        ("spaces", json!({ "settings": { "toy_one": { "langage": "SV" } } })),
        ("spaces", json!({ "public_url": "ftp://x/" })),
        ("persons/fresh", json!({ "country": "XX" })),
        ("persons/fresh", json!({ "count": 1001 })),
        ("spaces/default/advance", json!({ "by": "soon" })),
    ] {
        let (status, code, text) = bench.refused("POST", path, body).await;
        let path = path.replace(&id, "…");
        shown.push(format!("{status} {code} {path}: {text}"));
    }
    let shown = shown.join("\n");
    assert!(!shown.contains("1985") && !shown.contains("1912"), "{shown}");
    insta::assert_snapshot!(shown);
    assert_eq!(bench.get("spaces").await["spaces"].as_array().unwrap().len(), 1, "a refused space is not made");
}

/// Values that come near to what the routes expect.
fn near() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("script"),
        Just("match"),
        Just("fault"),
        Just("times"),
        Just("signal"),
        Just("person"),
        Just("by"),
        Just("settings"),
        Just("toy_one"),
        Just("credentials"),
        Just("name"),
        Just("count"),
        Just("public_url"),
        Just("confirmed"),
        Just("4m"),
        Just("anna"),
        Just("mismatch"),
        Just("step"),
        Just("http://[::1]:99999/"),
    ]
    .prop_map(str::to_owned);
    let word = prop_oneof![3 => word, 1 => any::<String>()];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![prop::collection::vec(any::<u8>(), 0..60), near().prop_map(|value| value.to_string().into_bytes()),]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_request_is_too_strange(
        route in any::<prop::sample::Index>(),
        method in prop::option::of(any::<prop::sample::Index>()),
        segments in prop::collection::vec("[ -~åß\u{0}]{0,12}", 3),
        valid: bool,
        query in prop::option::of("(after|limit|timeout|country|x)=[0-9a-z%&=-]{0,12}"),
        body in body(),
    ) {
        // Long polls wait in time that passes at once.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let bench = Bench::new();
            let id = bench.start("default", Order::default());
            let (path, methods) = route.get(routes());
            let method = method.map_or(&Method::TRACE, |index| index.get(methods));
            let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let [space, id, name] = if valid {
                ["default".into(), id, "anna".into()]
            } else {
                [0, 1, 2].map(|n| encode(&segments[n]))
            };
            let path = path.replace("{space}", &space).replace("{id}", &id).replace("{n}", &name).replace("{name}", &name);
            let path = query.as_ref().map_or_else(|| path.clone(), |query| format!("{path}?{query}"));
            let Ok(request) = Request::builder()
                .method(method)
                .uri(path)
                .header("host", "localhost")
                .header("content-type", "application/json")
                .body(Body::from(body.clone()))
            else {
                return;
            };
            let (status, _, answer) = bench.send(request).await;
            if !status.is_success() {
                assert!(status.is_client_error(), "{status} {answer}");
                let error = &answer["error"];
                assert!(error["code"].is_string() && error["message"].is_string(), "{status} {answer}");
            }
        });
    }
}
