//! The switches that no other test throws.

use super::*;

#[tokio::test]
async fn every_switch_changes_what_it_says() {
    let get = |value: &Value, path: &str| value.pointer(path).cloned().unwrap_or(Value::Null);
    for (switch, path, value) in [
        (json!({ "result_nesting": "nested" }), "/data/result/requestedAttributes/ssn/ssn", json!(ANNA)),
        (json!({ "outer_status": "always" }), "/data/status", json!("APPROVED")),
        (json!({ "registration_level": "EXTENDED" }), "/data/requestedAttributes/registrationLevel", json!("EXTENDED")),
    ] {
        for (world, fits) in [(World::new(), false), (World::with(&switch), true)] {
            let id = world.by_number().await;
            world.confirm(id, None);
            assert_eq!(get(&world.result(id).await, path) == value, fits, "{switch}");
        }
    }
    let world = World::with(&json!({ "payload_order": "auth-ref-first" }));
    let id = world.by_number().await;
    world.confirm(id, None);
    let (_, payload) = world.verified(world.result(id).await["data"]["signedIdentity"].as_str().unwrap());
    let order =
        ["authRef", "status", "userInfoType", "userInfo", "minRegistrationLevel", "timestamp", "requestedAttributes"];
    assert_eq!(members(&payload), order);
}

#[tokio::test]
async fn every_rule_refuses_when_it_is_on() {
    let custom = json!({ "metadata": { "attributes_to_return": ["CUSTOM_IDENTIFIER"] } });
    let basic =
        json!({ "metadata": { "attributes_to_return": ["BASIC_USER_INFO"], "min_registration_level": "BASIC" } });
    let stranger = json!({ "metadata": { "user_info": "nobody@example.org" } });
    let spelt = json!({ "metadata": { "user_info": { "country": "SE", "ssn": "850101-2382" } } });
    let plain = json!({ "metadata": {} });
    for (switch, method, body, code) in [
        (json!({ "custom_identifier": "unset" }), "freja_id_qr", &custom, json!(2003)),
        (json!({ "level_rules": "documented" }), "freja_id_qr", &basic, json!(2002)),
        (json!({ "unknown_user": "refused" }), "freja_id_email", &stranger, json!(1012)),
        (json!({ "disabled_methods": ["freja_id_qr"] }), "freja_id_qr", &plain, json!(1004)),
    ] {
        assert_eq!(World::new().set_up(method, body).await.0, StatusCode::OK, "{switch}: the default is the other");
        let (status, told) = World::with(&switch).set_up(method, body).await;
        assert_eq!((status, &told["code"]), (StatusCode::BAD_REQUEST, &code), "{switch}");
    }
    assert_eq!(
        World::with(&json!({ "number_format": "lenient" })).set_up("freja_id_ssn", &spelt).await.0,
        StatusCode::OK
    );
    let known = World::with(&json!({ "unknown_user": "refused", "person_slot": "off" }));
    known.by_number().await;
    known.by_number().await;
    let world = World::with(
        &json!({ "error_shape": "errors", "validation_error_status": "422", "started_status": "201", "token_error_status": "403" }),
    );
    let (status, told) = world.set_up("freja_id_ssn", &spelt).await;
    assert_eq!((status, &told["data"]["errors"][0]["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(1002)));
    assert_eq!(world.set_up("freja_id_qr", &plain).await.0, StatusCode::CREATED);
    let (status, ..) = world.send("GET", "/core/api/sessions/x", NOBODY, b"").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(serde_json::to_value(Settings::default()).unwrap().as_object().unwrap().len(), 21);
}

#[tokio::test]
async fn certificates_that_are_out_of_use_lie_beside_the_others_or_none_do() {
    for (switch, status, count) in [
        (json!({}), StatusCode::OK, 1),
        (json!({ "certificates": "past-too" }), StatusCode::OK, 3),
        (json!({ "certificates": "unavailable" }), StatusCode::SERVICE_UNAVAILABLE, 0),
    ] {
        let world = World::with(&switch);
        let (answered, _, body) = world.send("GET", "/s/default/freja/jws-certificates.pem", NOBODY, b"").await;
        let pem = String::from_utf8(body.to_vec()).unwrap();
        assert_eq!((answered, pem.matches("BEGIN CERTIFICATE").count()), (status, count), "{switch}");
    }
}
