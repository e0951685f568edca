//! Whatever is sent, the answer is JSON in the documented form.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_sent_the_answer_is_documented_json(
        verb in prop::sample::select(vec!["GET", "POST", "DELETE", "PUT"]),
        path in prop::sample::select(vec!["/v3/eid/", "/v3/eid/smartid/", "//v3/eid//swissid", "/v3/eid/smartid/auth", "/v3/eid/smartid/sign"]),
        tail in "[a-zA-Z0-9%._~-]{1,20}",
        kind in prop::sample::select(vec![JSON, "application/x-www-form-urlencoded", "text/plain", ""]),
        fields in prop::collection::vec((prop::sample::select(vec!["countryCode", "identifierType", "identifier", "webhook", "target", "relayState", "userVisibleData", "displayText", "scopes", "allowRetries", "x"]), "\\PC{0,30}"), 0..6),
        odd in prop::collection::vec(prop_oneof![32_u8..127, 128_u8..=255], 0..30),
        raw in prop::collection::vec(any::<u8>(), 0..200),
        near in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let world = World::new();
            let json: serde_json::Map<String, Value> = fields.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
            let near = if near { jaan().as_object().unwrap().clone() } else { serde_json::Map::new() };
            let json: serde_json::Map<String, Value> = json.into_iter().chain(near).collect();
            let bodies = [raw.clone(), Value::from(json).to_string().into_bytes()];
            let path = if path.ends_with('/') { format!("{path}{tail}") } else { path.to_owned() };
            let headers = [("authorization", DOCUMENTED_TOKEN), ("content-type", kind)];
            for body in &bodies {
                let (status, _, answer) = world.send(verb, &path, &headers, body).await;
                let told: Value = serde_json::from_slice(&answer).unwrap_or_else(|e| panic!("{e}: {status} {answer:?}"));
                assert!(told["errors"].is_array(), "{told}");
            }
            let strange = [("authorization", odd.as_slice())];
            let (status, _, _) = world.send("GET", &path, &strange, b"").await;
            assert_eq!(status, StatusCode::UNAUTHORIZED);
        });
    }
}
