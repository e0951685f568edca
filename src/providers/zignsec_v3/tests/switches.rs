//! Every switch changes what it says.

use super::*;

#[tokio::test]
async fn every_switch_changes_what_it_says() {
    let world = World::new();
    let finished = async || {
        let id = world.smart_id().await;
        world.confirm(id, None);
        world.result(id).await
    };
    for (switch, path, value) in [
        (json!({ "finished_shape": "bare" }), "/id", Value::Null),
        (json!({ "finished_shape": "with-result" }), "/result/identity/state", json!("FINISHED")),
        (json!({ "identity_names": "camel" }), "/identity/personalNumber", json!(JAAN)),
        (json!({ "number_form": "etsi" }), "/identity/PersonalNumber", json!("PNOEE-38709149810")),
        (json!({ "unset": "empty" }), "/identity/IdProviderPersonId", json!("")),
        (json!({ "identification_date": "seconds" }), "/identity/IdentificationDate", json!("2026-11-22T02:00:00Z")),
    ] {
        world.switch_back();
        let get = |told: &Value| told.pointer(path).cloned().unwrap_or(Value::Null);
        assert_ne!(get(&finished().await), value, "{switch}: the default is the other");
        world.switch(&switch);
        assert_eq!(get(&finished().await), value, "{switch}");
    }
    world.switch_back();
    world.switch(&json!({ "set_up_status": "201", "token_error_status": "200", "validation_error_status": "400",
        "unknown_session_status": "200", "disabled_methods": ["SWISSID"], "account_webhook": HOOK }));
    assert_eq!(world.json("POST", "/v3/eid/smartid/auth", &jaan().to_string()).await.0, StatusCode::CREATED);
    assert_eq!(world.json("POST", "/v3/eid/smartid/auth", "").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(world.json("GET", "/v3/eid/x", "").await.0, StatusCode::OK);
    assert_eq!(world.codes("swissid", json!({})).await, ["MISSING_CONFIG"]);
    let (status, _, _) = world.send("GET", "/v3/eid/x", &[("authorization", "")], b"").await;
    assert_eq!(status, StatusCode::OK);
    let mut without = jaan();
    without["webhook"] = Value::Null;
    let id = world.start("smartid/auth", without).await;
    world.confirm(id, None);
    assert_eq!(world.commons.outbox.deliveries(id).len(), 1);
}
