//! What a set-up request may hold, and what is refused.

use super::*;

#[tokio::test]
async fn what_cannot_be_set_up_is_told_by_its_code() {
    let world = World::new();
    let long = "x".repeat(2_100);
    let data = "eA==".repeat(10_001);
    for (selector, fields, code) in [
        ("swissid", json!({}), "MISSING_CONFIG"),
        ("smartid/auth", json!({}), "MISSING_CONFIG"),
        ("ee", json!({}), "MISSING_CONFIG"),
        ("zz", json!({}), "INVALID_COUNTRYCODE"),
        ("sbdi", json!({}), "INVALID_REQUEST"),
        ("sbid", json!({"personalnumber": "850101-2382"}), "INVALID_PERSONALNUMBER"),
        ("sbid", json!({"personalnumber": {}}), "INVALID_REQUEST"),
        ("nemid", json!({"personalnumber": "010101-0101"}), "INVALID_PERSONALNUMBER"),
        ("nbid", json!({"personalnumber": "0112995513"}), "INVALID_PERSONALNUMBER"),
        ("sbid", json!({"target": "/return"}), "INVALID_TARGET"),
        ("sbid", json!({"target": "javascript:alert(1)"}), "INVALID_TARGET"),
        ("sbid", json!({"targetError": "x y"}), "INVALID_TARGETERROR"),
        ("sbid", json!({"webhook": "myapp://hook"}), "INVALID_WEBHOOK"),
        ("sbid", json!({"webhook": format!("http://x/{long}")}), "INVALID_WEBHOOK"),
        ("sbid", json!({"configid": "1"}), "INVALID_REQUEST"),
        ("sbid", json!({"relaystate": long}), "INVALID_REQUEST"),
        ("sbid", json!({"allowRetries": "perhaps"}), "INVALID_REQUEST"),
        ("sbid", json!({"requirement": "AutoStart"}), "INVALID_REQUEST"),
        ("nbid_oidc", json!({"login_hint": "BAD"}), "INVALID_REQUEST"),
        ("nbid_oidc", json!({"login_hint": "BID:1"}), "INVALID_REQUEST"),
        ("nemid", json!({"AskForCprCallback": "rp"}), "INVALID_REQUEST"),
        ("sbid-sign", json!({"userVisibleData": "eA=="}), "INVALID_PERSONALNUMBER"),
        ("sbid-sign", json!({"personalnumber": "198501012382"}), "INVALID_REQUEST"),
        ("sbid-sign", json!({"personalnumber": "198501012382", "userVisibleData": "ä"}), "INVALID_REQUEST"),
        ("sbid-sign", json!({"personalnumber": "198501012382", "userVisibleData": "/w=="}), "INVALID_REQUEST"),
        ("sbid-sign", json!({"personalnumber": "198501012382", "userVisibleData": data}), "INVALID_REQUEST"),
    ] {
        let answer = world.set_up(selector, fields.clone()).await;
        assert_eq!(answer["errors"][0]["code"], code, "{selector} {fields}: {answer}");
        assert!(answer.get("redirect_url").is_none() && answer.get("id").is_none());
    }
    let both = world.set_up("sbid", json!({"target": "x", "webhook": "y", "personalnumber": "1"})).await;
    assert_eq!(both["errors"].as_array().unwrap().len(), 3, "every mistake is told: {both}");
}

#[tokio::test]
async fn fields_are_read_in_any_case_and_what_is_odd_is_noted() {
    let world = World::new();
    let body = r#"{"PERSONALNUMBER":"198501139995","personalNumber":"198501012382","IdentityNumber":"198501012382",
        "AskForCpr":true,"lookupPersonAddress":"True","language":"xx","requirement":{"AutoStartTokenRequired":"Yes"},
        "allowretries":1,"webhook":"","custom":null}"#;
    let (_, started) = world.call("POST", "/v2/eid/sbid", FORM, body).await;
    let id: SessionId = started["id"].as_str().unwrap().parse().unwrap();
    let order = world.sessions.snapshot(id).unwrap().order;
    assert_eq!(order.number().unwrap().expose(), "198501012382", "the last spelling wins");
    assert!(order.lookup_person_address && order.auto_start_required && order.allow_retries && !order.ask_for_cpr);
    assert_eq!(order.webhook, None);
    let notes = world.notes(id);
    let kinds: Vec<_> = notes.iter().map(|(kind, _)| *kind).collect();
    use NoteKind::{BodyFormat, FieldTwice, FieldUnknown, FieldWithoutEffect};
    assert_eq!(kinds, [BodyFormat, FieldTwice, FieldUnknown, FieldWithoutEffect, FieldWithoutEffect], "{notes:?}");
    assert!(notes[2].1.contains("did you mean `personalnumber`"));
    assert!(!format!("{notes:?}").contains("198501"));
    let form = "requirement=%7B%22AutoStartTokenRequired%22%3A%22yes%22%7D&scope=nnin";
    let (_, started) = world.call("POST", "/v2/eid/sbid", FORM, form).await;
    let id: SessionId = started["id"].as_str().unwrap().parse().unwrap();
    assert!(world.sessions.snapshot(id).unwrap().order.auto_start_required);
}
