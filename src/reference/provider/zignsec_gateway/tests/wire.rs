//! Orders as they are written, their answers, and webhooks that come again.

use wiremock::matchers::body_json;

use super::*;
use crate::reference::provider::Purpose;

#[tokio::test]
async fn an_order_is_written_as_documented_and_its_answer_read() {
    let (server, client) = world(&[], &[]).await;
    let order = |method: EidMethod| StartOrder {
        method,
        country: Country::Se,
        purpose: Purpose::Identify,
        level: Level::Plus,
        personal_number: Some("850101-2382".into()),
        email: Some("anna@example.org".into()),
        phone: Some("+46700000000".into()),
        target: "https://rp.example/return/h".parse().unwrap(),
        target_error: "https://rp.example/return/h?failed".parse().unwrap(),
        webhook: Some("https://rp.example/hooks/zignsec-gateway".parse().unwrap()),
        relaystate: "r".into(),
        language: "en",
    };
    for (eid, last, user_info, onward) in [
        (EidMethod::FrejaSsn, "ssn", json!({"country": "SE", "ssn": "198501012382"}), Onward::App),
        (EidMethod::FrejaPhone, "phone", json!("+46700000000"), Onward::App),
        (EidMethod::FrejaEmail, "email", json!("anna@example.org"), Onward::App),
        (EidMethod::FrejaQr, "qr", Value::Null, Onward::Scan("iVBORw0KGgo=".into())),
    ] {
        server.reset().await;
        let attributes = ["BASIC_USER_INFO", "SSN", "REGISTRATION_LEVEL"];
        let mut expected = json!({
            "locale": "En",
            "metadata": {"attributes_to_return": attributes, "min_registration_level": "PLUS", "user_info": user_info},
            "redirect_failure": "https://rp.example/return/h?failed",
            "redirect_success": "https://rp.example/return/h",
            "relay_state": "r",
            "webhook": "https://rp.example/hooks/zignsec-gateway",
        });
        if user_info.is_null() {
            expected["metadata"].as_object_mut().unwrap().remove("user_info");
        }
        let at = format!("/core/api/sessions/identity_verification/freja_id_{last}");
        let told = json!({"data": {"id": SESSION, "result": {"authRef": AUTH_REF, "qr": "iVBORw0KGgo="}}});
        let answer = ResponseTemplate::new(200).set_body_json(told);
        Mock::given(method("POST")).and(path(at)).and(body_json(expected)).respond_with(answer).mount(&server).await;
        let started = client.begin(&order(eid)).await.unwrap();
        assert_eq!((started.session.id.as_str(), started.onward), (SESSION, onward));
        assert!(started.session.memory.contains(AUTH_REF) && !started.session.memory.contains("2382"));
    }
    for (status, answer, expected) in [
        (400, json!({"errors": [{"code": "INVALID_REQUEST"}]}), "INVALID_REQUEST"),
        (422, json!({"code": 1012, "message": "No such user: 198501012382"}), "1012"),
        (200, json!({"data": {"errors": [{"code": "198501012382"}]}}), "OTHER"),
    ] {
        server.reset().await;
        let answer = ResponseTemplate::new(status).set_body_json(answer);
        Mock::given(method("POST")).respond_with(answer).mount(&server).await;
        let refused = client.begin(&order(EidMethod::FrejaSsn)).await;
        assert_eq!(refused, Err(StartError::Refused { codes: vec![expected.into()] }));
    }
}

#[tokio::test]
async fn a_copy_of_a_webhook_is_known_by_its_signature() {
    let (_server, client) = world(&[], &[]).await;
    let body = json!({"event": "session_updated", "id": SESSION, "relay_state": "r", "data": {"status": "STARTED"}});
    let body = body.to_string();
    let post = |client: &ZignsecGateway, at: i64| {
        let mut headers = HeaderMap::new();
        let signature = mac::hmac_sha256_hex(SECRET.as_bytes(), format!("{at}.{body}").as_bytes());
        headers.insert("x-zignsec-hmac-sha256", format!("t={at},v1={signature}").parse().unwrap());
        client.webhook(&headers, body.as_bytes())
    };
    let now = Timestamp::now().as_second();
    let first = post(&client, now).unwrap();
    assert_eq!((first.session.as_str(), first.relaystate.as_deref(), first.is_copy), (SESSION, Some("r"), false));
    assert!(post(&client, now).unwrap().is_copy);
    assert!(!post(&client, now - 1).unwrap().is_copy);
    assert_eq!(post(&client, now - 3600), Err(WebhookError::WrongMoment));
    assert!(!format!("{client:?}").contains(SECRET));
}
