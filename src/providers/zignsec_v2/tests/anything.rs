//! Whatever is sent, the answer is documented JSON.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_sent_the_answer_is_documented_json(
        verb in prop::sample::select(vec!["GET", "POST", "DELETE", "PUT"]),
        path in prop::sample::select(vec!["/v2/eid/", "/v2/myaccount/settings/", "//v2/eid//nbid_oidc", "/v2/eid/sbid-sign", "/v2/myaccount/settings/Return_URL"]),
        tail in "[a-zA-Z0-9%._~-]{1,20}",
        kind in prop::sample::select(vec![JSON, FORM, "text/plain", ""]),
        fields in prop::collection::vec((prop::sample::select(vec!["personalnumber", "login_hint", "Scope", "target", "userVisibleData", "requirement", "PEP_Check", "configid", "value", "x"]), "\\PC{0,30}"), 0..6),
        odd in prop::collection::vec(prop_oneof![32_u8..127, 128_u8..=255], 0..30),
        raw in prop::collection::vec(any::<u8>(), 0..200),
        form in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let world = World::new();
            let json: serde_json::Map<String, Value> = fields.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
            let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields.iter()).finish();
            let bodies = [raw.clone(), Value::from(json).to_string().into_bytes(), encoded.into_bytes()];
            let path = if path.ends_with('/') { format!("{path}{tail}") } else { path.to_owned() };
            let headers = [("authorization", DOCUMENTED_TOKEN), ("content-type", kind)];
            let odd = [("authorization", &*odd), ("content-type", &odd), ("host", &odd)];
            let (_, _, refused) = world.send(verb, &path, &odd, &raw).await;
            let refused: Value = serde_json::from_slice(&refused).unwrap();
            assert!(refused["errors"][0]["code"].is_string(), "{refused}");
            for body in bodies.iter().skip(usize::from(form)) {
                let (_, headers, body) = world.send(verb, &path, &headers, body).await;
                assert_eq!(headers["content-type"], "application/json; charset=utf-8");
                let body: Value = serde_json::from_slice(&body).unwrap();
                for error in body["errors"].as_array().unwrap() {
                    assert!(error["code"].is_string() && error["description"].is_string(), "{body}");
                }
            }
        });
    }
}
