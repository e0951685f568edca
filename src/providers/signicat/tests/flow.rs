//! The documented steps, for both countries and in a browser.

use serde_json::json;

use super::party::{BACK, Party, claims};
use crate::crypto::jws;
use crate::script::SignalName;
use crate::simulation::Said;

#[tokio::test]
async fn swedish_bankid_signs_a_consent() {
    let mut party = Party::new();
    let request = party.sbid_request();
    let started = party.authorize(&request).await;
    assert_eq!(started.status, 200, "{started:?}");
    assert!(party.jar.contains_key("SIGSESS"));
    let started = started.json();
    assert!(!started["collectUrl"].as_str().unwrap().contains('?'), "{started}");
    assert_eq!(party.collect(&started).await.json()["progressStatus"], "OUTSTANDING_TRANSACTION");
    party.signal(&Said::plain(SignalName::Confirmed));
    let told = party.collect(&started).await.json();
    assert_eq!(told["progressStatus"], "COMPLETE");
    let (hops, back) = party.follow(told["completeUrl"].as_str().unwrap()).await;
    assert_eq!(hops, 2);
    assert!(back.location().starts_with(BACK));
    let query = back.query();
    assert_eq!(query["state"], "s1");
    let tokens = party.exchange(&query["code"], &[]).await.json();
    assert_eq!(tokens["scope"], "openid profile signicat.sign signicat.national_id", "{tokens}");
    let id_token = tokens["id_token"].as_str().unwrap();
    let keys = party.keys().await;
    let verifies = |jwk: &&crate::crypto::keys::Jwk| jws::verify(&jwk.key, id_token).is_ok();
    assert_eq!(keys.iter().filter(verifies).count(), 1);
    let id = claims(id_token);
    assert_eq!(
        (&id["iss"], &id["aud"], &id["nonce"]),
        (&json!("http://sim.test/oidc"), &json!(party.client_id), &json!("n1"))
    );
    assert_eq!(id["acr"], "urn:signicat:oidc:method:sbid-inapp-sign");
    let access = tokens["access_token"].as_str().unwrap();
    let told = party.fetch("userinfo", access).await.json();
    assert_eq!((&told["sub"], &told["signicat.national_id"]), (&id["sub"], &json!("198501012382")));
    let sdo = party.fetch("signature", access).await;
    assert_eq!(sdo.status, 200, "{sdo:?}");
    assert!(String::from_utf8_lossy(&sdo.body).contains("<SignerNationalId>198501012382</SignerNationalId>"));
    assert_eq!(party.fetch("signature", access).await.body, sdo.body);
    party.pass(600_000);
    let late = party.fetch("signature", access).await;
    assert_eq!(late.status, 401);
    assert!(late.head["www-authenticate"].to_str().unwrap().contains("invalid_token"));
}

#[tokio::test]
async fn norwegian_bankid_signs_a_consent_in_its_own_words() {
    let mut party = Party::new().moved_to("oslo");
    let request = party.nbid_request();
    let started = party.authorize(&request).await.json();
    let status = started["statusUri"].as_str().unwrap().to_owned();
    assert!(status.starts_with("http://sim.test/s/oslo/"), "{status}");
    assert_eq!(party.get(&status, &[]).await.json(), json!({ "status": "pending" }));
    party.signal(&Said::plain(SignalName::Confirmed));
    let told = party.get(&status, &[]).await.json();
    assert_eq!(told["status"], "finished");
    let (_, back) = party.follow(told["completeUri"].as_str().unwrap()).await;
    let tokens = party.exchange(&back.query()["code"], &[]).await.json();
    assert_eq!(claims(tokens["id_token"].as_str().unwrap())["iss"], "http://sim.test/s/oslo/oidc");
}
