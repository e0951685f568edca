//! Whatever is sent, the answer is documented JSON.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_sent_the_answer_is_documented_json(
        verb in prop::sample::select(vec!["GET", "POST", "DELETE", "PUT"]),
        path in prop::sample::select(vec!["/core/api/sessions/", "/core/api/sessions/identity_verification/", "//core/api//sessions/identity_verification/freja_id_ssn", "/core/api/sessions/identity_verification/freja_id_email"]),
        tail in "[a-zA-Z0-9%._~-]{1,20}",
        names in prop::collection::vec((prop::sample::select(vec!["user_info", "attributes_to_return", "min_registration_level", "locale", "x"]), "\\PC{0,30}"), 0..6),
        outer in prop::collection::vec((prop::sample::select(vec!["webhook", "redirect_success", "relay_state", "locale", "metadata"]), "\\PC{0,30}"), 0..4),
        odd in prop::collection::vec(prop_oneof![32_u8..127, 128_u8..=255], 0..30),
        raw in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let world = World::new();
            let map = |pairs: &[(&str, String)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect::<serde_json::Map<_, _>>();
            let mut body = map(&outer);
            body.entry("metadata").or_insert_with(|| map(&names).into());
            let path = if path.ends_with('/') { format!("{path}{tail}") } else { path.to_owned() };
            let odd = [("authorization", &*odd), ("content-type", &odd), ("host", &odd)];
            let headers = [("authorization", DEFAULT_TOKEN), ("content-type", "application/json")];
            let (_, _, refused) = world.send(verb, &path, &odd, &raw).await;
            let mut answers = vec![refused];
            for body in [Value::from(body).to_string().into_bytes(), raw] {
                let (_, headers, body) = world.send(verb, &path, &headers, &body).await;
                assert_eq!(headers["content-type"], "application/json; charset=utf-8");
                answers.push(body);
            }
            for body in answers {
                let body: Value = serde_json::from_slice(&body).unwrap();
                assert!(body["data"]["id"].is_string() || (body["type"].is_string() && body["message"].is_string()), "{body}");
            }
        });
    }
}
