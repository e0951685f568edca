//! The page of SwissID.

use super::*;

async fn swiss(world: &World, more: Value) -> (SessionId, String) {
    let mut fields = json!({
        "scopes": "openid profile email phone", "webhook": HOOK, "target": "http://rp.example/back?a=1",
        "targetError": "http://rp.example/error", "relayState": "my-session-id", "environment": "Test",
        "language": "en", "acrValues": "qoa1"
    });
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let started = world.set_up("swissid", fields).await;
    let url = started["redirect_url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix("http://localhost:8480").unwrap().to_owned();
    (started["id"].as_str().unwrap().parse().unwrap(), path)
}

async fn get(world: &World, path: &str) -> (StatusCode, HeaderMap, String) {
    let (status, head, body) = world.send::<&str>("GET", path, &[], b"").await;
    (status, head, String::from_utf8(body.to_vec()).unwrap())
}

fn location(head: &HeaderMap) -> &str {
    head["location"].to_str().unwrap()
}

#[tokio::test]
async fn the_documents_example_leads_to_a_page_and_back() {
    let world = World::new();
    let (id, path) = swiss(&world, json!({})).await;
    assert_eq!(path, format!("/v3/Hosted/{id}/swissid/"));
    assert_eq!(world.noted(id), []);
    let (status, head, page) = get(&world, &path).await;
    assert_eq!(status, StatusCode::OK);
    assert!(head["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    for part in
        ["data-testid=\"person-anna\"", "data-testid=\"confirm\"", "data-testid=\"consent\"", "data-testid=\"cancel\""]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let (status, head, _) = world
        .send("POST", &path, &[("content-type", "application/x-www-form-urlencoded")], b"do=confirm&person=anna")
        .await;
    assert_eq!(status, StatusCode::FOUND);
    assert_eq!(location(&head), "http://rp.example/back?a=1&relaystate=my-session-id&service=eIDBasic");
    let told = world.result(id).await;
    assert_eq!(told["identity"]["CountryCode"], "CH");
    assert_eq!(told["identity"]["IdProviderName"], "SwissID");
    assert!(told["identity"]["IdProviderPersonId"].as_str().is_some_and(|key| !key.is_empty()));
    assert!(told["identity"]["Email"].is_string() && told["identity"]["PhoneNumber"].is_string());
    assert!(told["identity"].get("PersonalNumber").is_none(), "SwissID tells no number");
    assert_eq!(told["method"], "swissid");
    let (status, _, _) = get(&world, &path).await;
    assert_eq!(status, StatusCode::FOUND, "a finished link leads back again");
}

#[tokio::test]
async fn shortcuts_cancel_fail_and_begin_again() {
    let world = World::new();
    let (id, path) = swiss(&world, json!({ "allowRetries": true, "relayState": null })).await;
    let (status, _, page) = get(&world, &format!("{path}?then=confirm&as=nobody")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("role=\"alert\""));
    let (_, head, _) = get(&world, &format!("{path}?then=cancel")).await;
    assert_eq!(location(&head), format!("http://rp.example/error?relaystate={id}&service=eIDBasic"));
    assert_eq!(world.result(id).await["errors"][0]["code"], "USER_CANCEL");
    let (_, _, framed) = get(&world, &format!("{path}?then=fail&reason=start-failed&framed=1")).await;
    assert!(framed.contains("data-errorcode=\"START_FAILED\""), "{framed}");
    let (status, head, _) = get(&world, &format!("{path}?then=confirm&as=requested")).await;
    assert_eq!((status, location(&head).contains("/back?")), (StatusCode::FOUND, true));
}

#[tokio::test]
async fn the_page_knows_its_own_sessions_only() {
    let world = World::new();
    let id = world.smart_id().await;
    for path in [
        format!("/v3/Hosted/{id}/smartid/auth/"),
        format!("/v3/Hosted/{id}/swissid/"),
        "/v3/Hosted/x/swissid/".to_owned(),
    ] {
        assert_eq!(get(&world, &path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let (id, path) = swiss(&world, json!({})).await;
    let (status, _, state) = get(&world, &format!("{path}state")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(serde_json::from_str::<Value>(&state).unwrap()["phase"], "pending");
    world.sessions.older(id, "7d".parse().unwrap()).unwrap();
    assert_eq!(get(&world, &path).await.0, StatusCode::GONE);
    assert_eq!(world.commons.outbox.deliveries(id).len(), 0, "a link that nobody opened raises no webhook");
}
