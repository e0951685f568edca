//! Every field of a set-up, and every mistake.

use super::*;

#[tokio::test]
async fn all_mistakes_are_told_at_once_and_nothing_is_repeated() {
    let world = World::new();
    let body = world
        .set_up("smartid/sign", json!({ "countryCode": "EE", "identifierType": "PersonalNumber", "identifier": "38713149810", "webhook": "x", "userVisibleData": "é" }))
        .await;
    let codes: Vec<&str> = body["errors"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["INVALID_PERSONALNUMBER", "INVALID_WEBHOOK", "INVALID_REQUEST"]);
    assert!(!body.to_string().contains("3871"), "{body}");
    for (product, fields, wanted) in [
        ("smartid/auth", json!({}), vec!["INVALID_REQUEST"; 3]),
        (
            "smartid/auth",
            json!({ "countryCode": "SE" }),
            vec!["INVALID_COUNTRYCODE", "INVALID_REQUEST", "INVALID_REQUEST"],
        ),
        (
            "swissid",
            json!({ "target": "javascript:1", "targetError": "x" }),
            vec!["INVALID_TARGET", "INVALID_TARGETERROR"],
        ),
        ("sbid", json!({}), vec!["MISSING_CONFIG"]),
        ("ee", json!({}), vec!["MISSING_CONFIG"]),
        ("smartid", json!({}), vec!["INVALID_REQUEST"]),
        ("swissid", json!([1]), vec!["INVALID_REQUEST"]),
    ] {
        assert_eq!(world.codes(product, fields.clone()).await, wanted, "{product} {fields}");
    }
    let form = [("authorization", DOCUMENTED_TOKEN), ("content-type", "application/x-www-form-urlencoded")];
    let (_, _, refused) = world.send("POST", "/v3/eid/smartid/auth", &form, b"countryCode=EE").await;
    assert!(refused.starts_with(b"{\"errors\":[{\"code\":\"INVALID_REQUEST\""), "a form is no JSON");
    let (_, _, taken) = world.send("POST", "/v3/eid/smartid/auth", &form, jaan().to_string().as_bytes()).await;
    let id = serde_json::from_slice::<Value>(&taken).unwrap()["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(world.noted(id), [NoteKind::BodyFormat]);
}

#[tokio::test]
async fn every_identifier_type_calls_somebody() {
    let world = World::new();
    for (country, identifier, name) in [
        ("ee", JAAN, "jaan"),
        ("LT", "38102279937", "tomas"),
        ("LV", "02010029990", "janis"),
        ("LV", "020100-29990", "janis"),
    ] {
        let fields = json!({ "countryCode": country, "identifierType": "personalnumber", "identifier": identifier });
        let id = world.start("smartid/auth", fields).await;
        assert_eq!(world.sessions.snapshot(id).unwrap().cast.requested.name, name);
    }
    for kind in ["PassportNumber", "NationalIdentityCardNumber"] {
        let fields = json!({ "countryCode": "LV", "identifierType": kind, "identifier": "LV1234567" });
        let id = world.start("smartid/auth", fields).await;
        let session = world.sessions.snapshot(id).unwrap();
        assert_eq!(session.order.number(), None);
        assert_eq!(session.cast.requested.number.country().code(), "LV");
        assert!(!serde_json::to_string(&session.order).unwrap().contains("LV1234567"), "it is not kept");
    }
}

#[tokio::test]
async fn the_text_to_sign_is_read_in_both_spellings() {
    let world = World::new();
    for (field, value) in [("userVisibleData", "SmFn"), ("displayText", "Jag")] {
        let mut fields = jaan();
        fields[field] = json!(value);
        let id = world.start("smartid/sign", fields.clone()).await;
        assert_eq!(world.sessions.snapshot(id).unwrap().order.text.as_deref(), Some("Jag"));
        let id = world.start("smartid/auth", fields).await;
        assert_eq!(world.sessions.snapshot(id).unwrap().order.text, None);
        assert_eq!(world.noted(id), [NoteKind::FieldWithoutEffect]);
    }
    let id = world.start("smartid/sign", jaan()).await;
    assert_eq!(world.noted(id), [NoteKind::FieldWithoutEffect], "nothing to sign is noted");
    let mut long = jaan();
    long["displayText"] = json!("x".repeat(201));
    assert_eq!(world.codes("smartid/sign", long).await, ["INVALID_REQUEST"]);
    let mut unknown = jaan();
    unknown["personalNumber"] = json!("38709149810");
    let id = world.start("smartid/auth", unknown).await;
    let notes = world.sessions.snapshot(id).unwrap().notes;
    assert!(notes[0].text.contains("did you mean `identifier`?"), "{notes:?}");
}
