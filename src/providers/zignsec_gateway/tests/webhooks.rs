//! What is sent to the relying party.

use super::*;
use crate::crypto::mac;

fn signed(body: &[u8], moment: u64) -> String {
    let input = [format!("{moment}.").as_bytes(), body].concat();
    format!("t={moment},v1={}", mac::hmac_sha256_hex(DEFAULT_SECRET.as_bytes(), &input))
}

#[tokio::test]
async fn each_event_is_told_and_signed_with_its_moment() {
    let world = World::new();
    let id = world.by_number().await;
    world.sessions.signal(id, &Said::plain(SignalName::Delivered)).unwrap();
    world.confirm(id, None);
    let all = world.webhooks(id);
    let told: Vec<Value> = all.iter().map(|(body, _)| serde_json::from_slice(body).unwrap()).collect();
    let events: Vec<_> =
        told.iter().map(|told| (told["event"].as_str().unwrap(), told["data"]["status"].as_str().unwrap())).collect();
    assert_eq!(
        events,
        [("session_created", "STARTED"), ("session_updated", "DELIVERED_TO_MOBILE"), ("session_updated", "APPROVED")]
    );
    let last = &told[2];
    assert_eq!(members(last), ["data", "event", "id", "integration_id", "relay_state"]);
    assert_eq!(members(&last["data"]), ["authRef", "requestedAttributes", "signedIdentity", "status"]);
    assert_eq!(
        (&last["integration_id"], &last["relay_state"], &last["id"]),
        (&json!("freja_eid"), &json!("case-1"), &json!(id.to_string()))
    );
    assert_eq!(last["data"]["signedIdentity"], world.result(id).await["data"]["signedIdentity"]);
    for (body, seal) in &all {
        assert_eq!(seal.as_deref().unwrap(), signed(body, NOW / 1_000));
    }
    let quiet = World::with(&json!({ "webhook_events": "final" }));
    let id = quiet.by_number().await;
    quiet.fail(id, Reason::Cancelled);
    assert_eq!(quiet.webhooks(id).len(), 1);
}

#[tokio::test]
async fn while_a_secret_is_rotated_there_are_two_signatures() {
    for (switch, own) in [("own-first", 0), ("own-last", 1)] {
        let world = World::with(&json!({ "webhook_signatures": switch, "webhook_events": "final" }));
        let id = world.by_number().await;
        world.confirm(id, None);
        let (body, seal) = world.webhooks(id).remove(0);
        let seal = seal.unwrap();
        let digests: Vec<&str> = seal.split(",v1=").skip(1).collect();
        assert_eq!(digests.len(), 2);
        assert_eq!(format!("t={},v1={}", NOW / 1_000, digests[own]), signed(&body, NOW / 1_000));
    }
}

#[tokio::test]
async fn forged_webhooks_are_wrong_in_one_way_each() {
    let moment = NOW / 1_000;
    for how in Tampering::all() {
        let Tampering::Webhook(how) = how else { continue };
        let world = World::with(&json!({ "webhook_events": "final" }));
        world.forge(Tampering::Webhook(how), Occurrence::ALL);
        let id = world.by_number().await;
        world.confirm(id, None);
        let (body, seal) = world.webhooks(id).remove(0);
        let right = seal.as_deref() == Some(&*signed(&body, moment));
        let told: Value = serde_json::from_slice(&body).unwrap();
        let same_id = told["id"] == json!(id.to_string());
        let same_reference = told["relay_state"] == "case-1";
        let number = &told["data"]["requestedAttributes"]["ssn"]["ssn"];
        let (wants_right, wants_id, wants_reference, wants_number) = match how {
            WebhookTampering::OtherSession => (true, false, true, true),
            WebhookTampering::RelaystateSwapped => (true, true, false, true),
            WebhookTampering::Altered | WebhookTampering::PersonSwapped => (false, true, true, false),
            WebhookTampering::DuplicateKeys
            | WebhookTampering::EmptyKey
            | WebhookTampering::OtherScheme
            | WebhookTampering::Reserialised
            | WebhookTampering::SignatureEmpty
            | WebhookTampering::SignatureForeignKey
            | WebhookTampering::SignatureMissing
            | WebhookTampering::SignatureTruncated
            | WebhookTampering::TimestampFuture
            | WebhookTampering::TimestampStale => (false, true, true, true),
        };
        assert_eq!(
            (right, same_id, same_reference, number == ANNA),
            (wants_right, wants_id, wants_reference, wants_number),
            "{how}"
        );
        match how {
            WebhookTampering::TimestampFuture => assert_eq!(seal.unwrap(), signed(&body, moment + 3_600)),
            WebhookTampering::TimestampStale => assert_eq!(seal.unwrap(), signed(&body, moment - 3_600)),
            WebhookTampering::OtherScheme => {
                assert_eq!(seal.unwrap(), mac::hmac_sha256_hex(DEFAULT_SECRET.as_bytes(), &body));
            }
            WebhookTampering::DuplicateKeys => {
                assert_eq!(String::from_utf8_lossy(&body).matches("\"ssn\":\"").count(), 2);
            }
            WebhookTampering::Altered
            | WebhookTampering::EmptyKey
            | WebhookTampering::OtherSession
            | WebhookTampering::PersonSwapped
            | WebhookTampering::RelaystateSwapped
            | WebhookTampering::Reserialised
            | WebhookTampering::SignatureEmpty
            | WebhookTampering::SignatureForeignKey
            | WebhookTampering::SignatureMissing
            | WebhookTampering::SignatureTruncated => {}
        }
    }
}
