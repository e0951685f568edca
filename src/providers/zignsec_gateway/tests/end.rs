//! How a session ends, and what is told then.

use super::*;
use crate::session::Phase;

#[tokio::test]
async fn a_login_by_number_from_start_to_signed_identity() {
    let world = World::new();
    let id = world.by_number().await;
    assert_eq!(members(&world.result(id).await["data"]), ["authRef", "status"]);
    world.sessions.signal(id, &Said::plain(SignalName::Delivered)).unwrap();
    assert_eq!(world.result(id).await["data"]["status"], "DELIVERED_TO_MOBILE");
    world.confirm(id, None);
    let told = world.result(id).await;
    let data = &told["data"];
    assert_eq!(members(data), ["authRef", "requestedAttributes", "signedIdentity"], "as the documents' sample");
    let (_, payload) = world.verified(data["signedIdentity"].as_str().unwrap());
    let order =
        ["status", "userInfoType", "userInfo", "timestamp", "minRegistrationLevel", "requestedAttributes", "authRef"];
    assert_eq!(members(&payload), order);
    assert_eq!(payload["status"], "APPROVED");
    assert_eq!(payload["userInfo"], format!(r#"{{"ssn":"{ANNA}","country":"SE"}}"#));
    assert_eq!(payload["timestamp"], NOW);
    assert_eq!(payload["authRef"], data["authRef"]);
    assert_eq!(payload["requestedAttributes"], data["requestedAttributes"]);
    assert_eq!(payload["requestedAttributes"]["ssn"], json!({ "country": "SE", "ssn": ANNA }));
    assert_eq!(payload["requestedAttributes"]["basicUserInfo"], json!({ "name": "Anna", "surname": "Åkerström" }));
    assert_eq!(payload["minRegistrationLevel"], "EXTENDED");
    assert_eq!(world.result(id).await, told, "a result stays");
}

#[tokio::test]
async fn all_thirteen_attributes_have_their_shapes() {
    let world = World::new();
    let all: Vec<&str> = super::super::Attribute::ALL.iter().map(|attribute| attribute.word()).collect();
    let body = json!({ "metadata": { "attributes_to_return": all } });
    let id = world.start("freja_id_qr", &body).await;
    world.confirm(id, None);
    let data = &world.result(id).await["data"];
    let outer = &data["requestedAttributes"];
    let names = [
        "basicUserInfo",
        "emailAddress",
        "allEmailAddresses",
        "allPhoneNumbers",
        "dateOfBirth",
        "age",
        "photo",
        "addresses",
        "ssn",
        "registrationLevel",
        "relyingPartyUserId",
        "integratorSpecificUserId",
        "customIdentifier",
    ];
    assert_eq!(members(outer), names);
    let (_, payload) = world.verified(data["signedIdentity"].as_str().unwrap());
    let signed = &payload["requestedAttributes"];
    assert_eq!((&payload["userInfoType"], &payload["userInfo"]), (&json!("INFERRED"), &json!("N/A")));
    assert!(signed.get("photo").is_none() && outer.get("photoFileInfo").is_none());
    assert_eq!(signed["photoFileInfo"]["fileHash"].as_str().unwrap().len(), 64);
    assert_eq!(outer["allPhoneNumbers"][0]["phoneNumber"], json!(world.person("anna").phone));
    assert_eq!(outer["allEmailAddresses"][0]["emailAddress"], outer["emailAddress"]);
    assert_eq!((&outer["dateOfBirth"], &outer["age"]), (&json!("1985-01-01"), &json!(41)));
    assert_eq!(
        members(&outer["addresses"][0]),
        ["country", "city", "postCode", "address1", "address2", "address3", "validFrom", "type", "sourceType"]
    );
    for id in ["relyingPartyUserId", "integratorSpecificUserId"] {
        let id = outer[id].as_str().unwrap();
        assert!(
            id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte)),
            "{id}"
        );
    }
}

#[tokio::test]
async fn every_end_has_its_status() {
    for (reason, status) in [
        (Reason::AlreadyInProgress, "REJECTED"),
        (Reason::Cancelled, "CANCELED"),
        (Reason::CertificateError, "REJECTED"),
        (Reason::Exception, "REJECTED"),
        (Reason::OrderExpired, "EXPIRED"),
        (Reason::StartFailed, "EXPIRED"),
        (Reason::WrongPerson, "REJECTED"),
    ] {
        let world = World::new();
        let id = world.by_number().await;
        world.fail(id, reason);
        let data = &world.result(id).await["data"];
        assert_eq!(data["status"], status, "{reason}");
        assert_eq!(data.get("errors").is_some(), reason == Reason::Exception, "{data}");
        assert!(data.get("signedIdentity").is_none() && data.get("requestedAttributes").is_none(), "{data}");
    }
    let world = World::with(&json!({ "superseded_status": "rp-canceled" }));
    let id = world.by_number().await;
    world.set_up("freja_id_ssn", &by_number()).await;
    assert_eq!(world.result(id).await["data"]["status"], "RP_CANCELED");
}

#[tokio::test]
async fn an_authentication_lives_two_minutes() {
    let world = World::new();
    let id = world.by_number().await;
    world.sessions.older(id, Millis(119_999)).unwrap();
    assert_eq!(world.result(id).await["data"]["status"], "STARTED");
    world.sessions.older(id, Millis(1)).unwrap();
    assert_eq!(world.result(id).await["data"]["status"], "EXPIRED");
}

#[tokio::test]
async fn what_was_issued_stays_whatever_happens_to_the_keys() {
    let world = World::new();
    let id = world.by_number().await;
    world.confirm(id, None);
    let before = world.result(id).await;
    let keys = &world.space().keys;
    keys.change(world.commons.secret(), DEFAULT, KEYS[0], |ring| {
        ring.rotate(Timestamp(NOW), Rotation { ahead: Millis(0), overlap: Millis(1_000) }, &[]);
    });
    world.sessions.older(id, Millis(60_000)).unwrap();
    assert_eq!(world.result(id).await, before, "bytes already issued stay as they are");
    let other = world.by_number().await;
    world.confirm(other, None);
    let token = world.result(other).await["data"]["signedIdentity"].clone();
    world.verified(token.as_str().unwrap());
    assert_ne!(
        token.as_str().unwrap().split('.').next(),
        before["data"]["signedIdentity"].as_str().unwrap().split('.').next()
    );
    let pem = async || {
        String::from_utf8(world.send("GET", "/s/default/freja/jws-certificates.pem", NOBODY, b"").await.2.to_vec())
            .unwrap()
    };
    assert_eq!(pem().await.matches("BEGIN CERTIFICATE").count(), 2, "the old one is still offered");
    keys.older(Millis(1_000));
    assert_eq!(pem().await.matches("BEGIN CERTIFICATE").count(), 1);
}

#[tokio::test]
async fn a_session_goes_on_after_it_was_dumped() {
    let world = World::new();
    let id = world.by_number().await;
    world.confirm(id, None);
    let before = world.result(id).await;
    let dump = Control::dump(&*world.sessions, id).unwrap();
    let other = World::new();
    Control::restore(&*other.sessions, dump).unwrap();
    assert_eq!(other.result(id).await, before);
    assert!(matches!(other.sessions.snapshot(id).unwrap().phase(), Phase::Finished(_)));
}

#[tokio::test]
async fn bankid_has_a_page_and_answers_as_its_client_reads_it() {
    let world = World::new();
    let body = json!({ "metadata": {}, "redirect_success": "http://rp.example/ok?a=1", "redirect_failure": "http://rp.example/no" });
    let (_, started) = world.set_up("bankid_se", &body).await;
    let data = &started["data"];
    let id: SessionId = data["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(
        data,
        &json!({ "id": id.to_string(), "redirect_url": format!("http://localhost:8480/core/hosted/{id}/"), "status": "created" })
    );
    let pending = json!({ "data": { "id": id.to_string(), "result": { "errors": [], "status": "Pending" } } });
    assert_eq!(world.result(id).await, pending);
    let path = format!("/core/hosted/{id}/");
    let (status, _, page) = world.send("GET", &path, NOBODY, b"").await;
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(status == StatusCode::OK && page.contains("person-anna") && !page.contains(ANNA), "{page}");
    let (status, headers, _) = world.send("POST", &path, NOBODY, b"do=confirm&person=bengt").await;
    assert_eq!((status, headers["location"].to_str().unwrap()), (StatusCode::FOUND, "http://rp.example/ok?a=1"));
    let told = world.result(id).await;
    let identity = json!({ "countryCode": "SE", "firstName": "BENGT", "lastName": "ÖBERG", "fullName": "BENGT ÖBERG",
        "personalNumber": BENGT, "dateOfBirth": "1985-01-13", "gender": "" });
    assert_eq!(told["data"]["result"], json!({ "identity": identity, "errors": [], "status": "Finished" }));
    let id = world.start("bankid_se", &body).await;
    let (_, headers, _) = world.send("GET", &format!("/core/hosted/{id}/?then=cancel"), NOBODY, b"").await;
    assert_eq!(headers["location"].to_str().unwrap(), "http://rp.example/no");
    let result = &world.result(id).await["data"]["result"];
    assert_eq!((&result["status"], &result["errors"][0]["message"]), (&json!("Failed"), &json!("USER_CANCEL")));
    for (verb, path, body) in [
        ("POST", format!("/core/hosted/{id}/"), "do=x"),
        ("GET", "/core/hosted/x/".into(), ""),
        ("GET", format!("/core/hosted/{id}"), ""),
    ] {
        let (status, ..) = world.send(verb, &path, NOBODY, body.as_bytes()).await;
        assert!(matches!(status.as_u16(), 302 | 404), "{path}: {status}");
    }
}
