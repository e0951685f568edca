//! The switches and the account's settings.

use super::*;

#[tokio::test]
async fn the_account_keeps_settings() {
    let world = World::new();
    let path = "/v2/myaccount/settings/eid_webhook_test/";
    for (kind, body) in [
        (JSON, "{\"value\":\"http://rp.example/a\"}"),
        (FORM, "value=http%3A%2F%2Frp.example%2Fa"),
        (JSON, "\"http://rp.example/a\""),
        ("text/plain", "http://rp.example/a"),
    ] {
        let set = json!({"name": "EID_Webhook_TEST", "value": "http://rp.example/a", "errors": []});
        assert_eq!(world.call("POST", path, kind, body).await.1, set);
        assert_eq!(world.call("GET", path, JSON, "").await.1, set);
        assert_eq!(world.call("DELETE", path, JSON, "").await.1["value"], Value::Null);
    }
    for (name, value, code) in [
        ("EID_Webhook_PROD", "nowhere", "INVALID_WEBHOOK"),
        ("DefaultLanguage", "xx", "INVALID_REQUEST"),
        ("RedirectUrl_ExpirationInMinutes_TEST", "0", "INVALID_REQUEST"),
        ("Return_URL", "x", "INVALID_TARGET"),
        ("Unknown", "x", "INVALID_REQUEST"),
    ] {
        let path = format!("/v2/myaccount/settings/{name}");
        assert_eq!(world.call("POST", &path, "text/plain", value).await.1["errors"][0]["code"], code, "{name}");
    }
    world.call("POST", "/v2/myaccount/settings/DefaultLanguage", "text/plain", "sv").await;
    world.call("POST", "/v2/myaccount/settings/RedirectUrl_ExpirationInMinutes_TEST", JSON, "{\"value\":5}").await;
    let id = world.start("sbid", json!({})).await;
    let session = world.sessions.snapshot(id).unwrap();
    assert_eq!((session.order.language.code(), session.limits.link), ("sv", Millis(300_000)));
    let (status, _, _) = world.send("GET", path, NOBODY, b"").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn every_switch_changes_what_it_says() {
    let world = World::new();
    let get = |value: &Value, path: &str| value.pointer(path).cloned().unwrap_or(Value::Null);
    let finished = async |world: &World, selector: &str| {
        let id = world.start(selector, json!({"Scope": ""})).await;
        world.confirm(id, None);
        world.result(id).await
    };
    for (switch, selector, path, value) in [
        (json!({"finished_shape": "bare"}), "sbid", "/id", Value::Null),
        (json!({"finished_shape": "with-result"}), "sbid", "/result/identity/state", json!("FINISHED")),
        (json!({"unset": "absent"}), "sbid", "/identity/CustomerPersonId", Value::Null),
        (json!({"unset": "empty"}), "nbid", "/identity/PersonalNumber", json!("")),
        (json!({"number_in_result": "certificate"}), "nbid", "/identity/PersonalNumber", json!("01819030037")),
        (json!({"nemid_name": "NemID"}), "nemid", "/identity/IdProviderName", json!("NemID")),
        (json!({"forwarded_method": "alias"}), "nbid", "/method", json!("nbid")),
        (
            json!({"identification_date": "seconds"}),
            "sbid",
            "/identity/IdentificationDate",
            json!("2026-11-22T02:00:00Z"),
        ),
    ] {
        world.switch_back();
        assert_ne!(get(&finished(&world, selector).await, path), value, "{switch}: the default is the other");
        world.switch(&switch);
        assert_eq!(get(&finished(&world, selector).await, path), value, "{switch}");
    }
    world.switch_back();
    for (switch, selector, fields, code) in [
        (json!({"number_format": "strip"}), "sbid", json!({"personalnumber": "850101-2382"}), Value::Null),
        (
            json!({"signing_error": "invalid-parameters"}),
            "sbid-sign",
            json!({"personalnumber": "198501012382"}),
            json!("INVALID_PARAMETERS"),
        ),
        (json!({"disabled_methods": ["sbid_another"]}), "SBID-another", json!({}), json!("MISSING_CONFIG")),
        (json!({"caller_address": "refused"}), "sbid", json!({}), json!("INVALID_IP")),
        (json!({"error_code": "number"}), "sbid", json!({}), json!(0)),
    ] {
        assert_ne!(world.code(selector, fields.clone()).await, code, "{switch}: the default is the other");
        world.switch(&switch);
        assert_eq!(world.code(selector, fields).await, code, "{switch}");
    }
    world.switch_back();
    world.switch(&json!({"token_error_status": "403", "token_error_id": "present", "validation_error_status": "400",
        "unknown_session_status": "200", "redirect_url": "padded", "states": "legacy", "person_slot": "on",
        "webhook_body": "escaped", "webhook_retries": "legacy", "link_expiry_webhook": "on"}));
    let (status, _, body) = world.send("GET", "/v2/eid/x", NOBODY, b"").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.starts_with(b"{\"id\":\"00000000-0000-0000-0000-000000000000\""));
    assert_eq!(world.call("POST", "/v2/eid/zz", JSON, "").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(world.call("GET", "/v2/eid/x", JSON, "").await.0, StatusCode::OK);
    let fields = json!({"personalnumber": "198501012382", "webhook": HOOK});
    let padded = world.set_up("sbid", fields.clone()).await;
    assert!(padded["redirect_url"].as_str().unwrap().ends_with("/\r\n"));
    let second = world.start("sbid", fields).await;
    let told = world.result(second).await;
    assert_eq!(
        (&told["errors"][0]["code"], &told["result"]["identity"]["state"]),
        (&json!("ALREADY_IN_PROGRESS"), &json!("FINISHED"))
    );
    let id = world.start("sbid", json!({"webhook": HOOK})).await;
    world.confirm(id, None);
    let (body, seal) = world.webhook(id);
    assert!(body.is_ascii() && seal.unwrap() == signed(&body));
    let id = world.start("sbid", json!({"webhook": HOOK})).await;
    world.sessions.older(id, Millis(8 * 24 * 3_600_000)).unwrap();
    assert_eq!(world.commons.outbox.deliveries(id).len(), 1);
}
