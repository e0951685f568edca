//! The reference service against the simulator, over HTTP, as senders, signers and strangers see it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod headless;
mod world;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use http::Request;
use motpart::crypto::mac::hmac_sha256_hex;
use motpart::dial::{DialOptions, Dialer};
use motpart::reference::{Flaw, Variant};
use serde_json::{Value, json};

use self::world::{ANNA, World};

#[tokio::test]
async fn the_right_person_passes_and_signs() {
    let world = World::start(&[], &[]).await;
    let case = world.case(Some("850101-2382")).await;
    let pending = json!({"enabled": true, "status": "pending", "enforcement_method": "swe_pno_crosscheck"});
    assert_eq!(world.participant(&case).await["identity_enforcement"], pending);
    let (status, early) =
        world.call("POST", &format!("{}/sign", case.room), json!({"method": "se_bid", "personal_number": ANNA})).await;
    assert_eq!((status, &early["error"]["reason"]), (409, &json!("enforcement_pending")));

    let redirect = world.begin(&case, json!({})).await;
    let page = world.authenticate(&redirect, "as=anna&then=confirm").await;
    assert!(page.contains("Lease"), "{page}");
    let passed = world.participant(&case).await;
    assert_eq!(
        (&passed["identity_enforcement"]["status"], &passed["status"]),
        (&json!("passed"), &json!("processing"))
    );

    // Somebody else cannot sign in her place.
    let sign = json!({"method": "se_bid", "personal_number": "19850113-9995"});
    let (status, begun) = world.call("POST", &format!("{}/sign", case.room), sign).await;
    assert_eq!(status, 201, "{begun}");
    world.authenticate(begun["redirect_url"].as_str().unwrap(), "as=bengt&then=confirm").await;
    assert_eq!(world.participant(&case).await["signature"], Value::Null);

    let sign = json!({"method": "se_bid", "personal_number": ANNA});
    let (_, begun) = world.call("POST", &format!("{}/sign", case.room), sign).await;
    world.authenticate(begun["redirect_url"].as_str().unwrap(), "as=anna&then=confirm").await;
    let signed = world.participant(&case).await;
    assert_eq!((&signed["status"], &signed["signature"]["method"]), (&json!("fulfilled"), &json!("se_bid")));
    let (_, agreement) = world.call("GET", &format!("agreements/{}", case.agreement), Value::Null).await;
    assert_eq!(agreement["status"], "fulfilled");

    for text in [world.text("_reference/storage").await, world.text("_reference/log").await, agreement.to_string()] {
        assert!(!text.is_empty() && !text.contains("01012382") && !text.contains("0101-2382"), "{text}");
    }
    world.stop().await;
}

#[tokio::test]
async fn another_person_fails_for_good_and_cancelling_does_not() {
    let world = World::start(&[], &[]).await;
    let case = world.case(Some(ANNA)).await;
    let redirect = world.begin(&case, json!({})).await;
    world.authenticate(&redirect, "then=cancel").await;
    let cancelled = world.participant(&case).await;
    assert_eq!(cancelled["identity_enforcement"]["status"], "pending");
    assert_eq!(cancelled["last_attempt"]["outcome"], "cancelled");

    let redirect = world.begin(&case, json!({})).await;
    world.authenticate(&redirect, "as=david&then=confirm").await;
    let failed = world.participant(&case).await;
    assert_eq!((&failed["identity_enforcement"]["status"], &failed["status"]), (&json!("failed"), &json!("rejected")));
    assert_eq!(failed["methods"], json!([]));
    for (path, body) in [
        ("attempts", json!({})),
        ("sign", json!({"method": "se_bid", "personal_number": ANNA})),
        ("sign", json!({"method": "verification_code", "code": "000000"})),
    ] {
        let (status, refused) = world.call("POST", &format!("{}/{path}", case.room), body).await;
        assert_eq!((status, &refused["error"]["reason"]), (409, &json!("enforcement_failed")), "{path}");
    }
    assert!(!world.text("_reference/storage").await.contains("2390"));

    // Reopened and sent again, the check is pending anew, and an old return address is worth nothing.
    world.lifecycle(&case.agreement, "open").await;
    world.lifecycle(&case.agreement, "pending").await;
    world.visit(&redirect).await;
    assert_eq!(world.status(&case).await, "pending");
    let redirect = world.begin(&case, json!({})).await;
    world.authenticate(&redirect, "as=anna&then=confirm").await;
    assert_eq!(world.status(&case).await, "passed");
    world.stop().await;
}

#[tokio::test]
async fn forged_and_foreign_webhooks_have_no_effect() {
    for (variant, status) in [(None, 401), (Some(Variant::PoliteToForgeries), 200)] {
        let variants: Vec<_> = variant.into_iter().chain([Variant::WebhookOnly]).collect();
        let world = World::start(&[], &variants).await;
        let case = world.case(Some(ANNA)).await;
        let redirect = world.begin(&case, json!({})).await;
        let session = redirect.split('/').find(|part| uuid::Uuid::parse_str(part).is_ok());
        let session = session.unwrap_or_default().to_owned();
        assert!(!session.is_empty(), "{redirect}");
        let body = |session: &str| {
            json!({"id": session, "errors": [], "method": "sbid", "identity": {
                "CountryCode": "SE", "FirstName": "Anna", "LastName": "Test", "FullName": "Anna Test",
                "PersonalNumber": ANNA, "IdProviderName": "BankID",
            }})
            .to_string()
        };
        let hook = world.reference.base_url().join("hooks/zignsec-v2").unwrap();
        let deliver = async |body: String, key: &str| {
            let signature = hmac_sha256_hex(key.as_bytes(), body.as_bytes());
            let headers = [("content-type", "application/json"), ("x-zignsec-hmac-sha256", signature.as_str())];
            let answer = world.send("POST", hook.as_str(), &headers, body.into()).await;
            world.call("GET", "_reference/idle", Value::Null).await;
            answer.status
        };
        assert_eq!(deliver(body(&session), "another key").await, status);
        assert_eq!(deliver(body(&session), "").await, status);
        let bare = world.send("POST", hook.as_str(), &[], body(&session).into()).await;
        assert_eq!(bare.status, status);
        let foreign = deliver(body("ebe756c4-24db-4eb7-8b54-874434f212ec"), &world.token).await;
        assert_eq!((foreign, world.status(&case).await), (200, json!("pending")));
        // The provider's own word passes, once.
        for _ in 0..3 {
            assert_eq!(deliver(body(&session), &world.token).await, 200);
        }
        assert_eq!(world.status(&case).await, "passed");
        let passed = world.events(&case).await.into_iter().filter(|event| event.ends_with(".passed")).count();
        assert_eq!(passed, 1);
        world.stop().await;
    }
}

#[tokio::test]
async fn every_variant_lets_the_right_person_sign_and_nobody_else() {
    for variant in Variant::ALL {
        let world = World::start(&[], &[variant]).await;
        for (name, wanted) in [("anna", "passed"), ("bengt", "failed")] {
            let case = world.case(Some(ANNA)).await;
            // To sign, one types one's own number.
            let own = if name == "anna" { ANNA } else { "198501139995" };
            let typed = if variant == Variant::OneStep { json!({"personal_number": own}) } else { json!({}) };
            let (status, mut begun) = world.call("POST", &format!("{}/attempts", case.room), typed).await;
            assert!(matches!(status, 201 | 202), "{variant}: {begun}");
            while begun["redirect_url"].is_null() {
                let path = format!("{}/attempts/{}", case.room, begun["attempt"].as_str().unwrap());
                begun = world.call("GET", &path, Value::Null).await.1;
            }
            world.authenticate(begun["redirect_url"].as_str().unwrap(), &format!("as={name}&then=confirm")).await;
            for _ in 0..100 {
                if world.status(&case).await != "pending" {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            // Who was told the number refuses others by itself.
            let refused = variant == Variant::NumberSent && name == "bengt";
            let wanted = if refused { "pending" } else { wanted };
            assert_eq!(world.status(&case).await, wanted, "{variant}");
            let signed = !world.participant(&case).await["signature"].is_null();
            assert_eq!(signed, variant == Variant::OneStep && wanted == "passed", "{variant}");
        }
        world.stop().await;
    }
}

#[tokio::test]
async fn every_flaw_passes_the_happy_path() {
    for flaw in Flaw::ALL {
        let variants: Vec<_> = flaw.variant().into_iter().collect();
        let world = World::start(&[*flaw], &variants).await;
        let case = world.case(Some(ANNA)).await;
        let name = "Anna Test";
        assert_eq!(world.participant(&case).await["name"], name);
        if *flaw == Flaw::ComparesNames {
            // The simulator's Anna has another family name.
            world.stop().await;
            continue;
        }
        let typed = if variants.is_empty() { json!({}) } else { json!({"personal_number": ANNA}) };
        let redirect = world.begin(&case, typed).await;
        world.authenticate(&redirect, "as=anna&then=confirm").await;
        assert_eq!(world.status(&case).await, "passed", "{flaw}");
        world.stop().await;
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said_without_the_number() {
    let world = World::start(&[], &[]).await;
    let (_, agreement) = world.call("POST", "agreements", json!({"title": "Lease"})).await;
    let path = format!("agreements/{}/participants", agreement["id"].as_str().unwrap());
    let cases = [
        (json!("19850101238"), 422, "invalid_number"),
        (json!("8501012382"), 422, "invalid_number"),
        (json!(198_501_012_382_u64), 422, "invalid_number"),
        (json!(null), 422, "invalid_number"),
        (json!(""), 422, "invalid_number"),
    ];
    for (number, status, reason) in cases {
        let body = json!({"role": "signer", "name": "A", "email": "a@example.org", "personal_number": number});
        let (code, refused) = world.call("POST", &path, body).await;
        assert_eq!((code, &refused["error"]["reason"]), (status, &json!(reason)), "{number}");
        assert!(!refused.to_string().contains("8501"), "{refused}");
    }
    let both = json!({"role": "signer", "name": "A", "email": "a@example.org", "personal_number": ANNA,
        "identity_enforcement": {"personal_number": "198501139995"}});
    assert_eq!(world.call("POST", &path, both).await.1["error"]["reason"], "conflicting_numbers");
    let approver = json!({"role": "approver", "name": "A", "email": "a@example.org", "personal_number": ANNA});
    assert_eq!(world.call("POST", &path, approver.clone()).await.1["error"]["reason"], "not_a_signer");
    let good = json!({"role": "signer", "name": "A", "email": "a@example.org", "personal_number": ANNA});
    let batch = json!({"participants": [good, approver]});
    assert_eq!(world.call("POST", &format!("{path}/batch"), batch).await.0, 422);
    assert_eq!(world.call("GET", &path, Value::Null).await.1, json!([]));

    assert_eq!(world.call_as("nobody", "GET", "agreements", Value::Null).await.0, 401);
    assert_eq!(world.call_as("stranger-token", "GET", &path, Value::Null).await.0, 404);
    assert_eq!(world.call("PUT", &path.replace("participants", "events"), json!({})).await.0, 405);
    assert_eq!(world.call("GET", "room/0000", Value::Null).await.0, 404);

    let case = world.case(Some(ANNA)).await;
    let own = format!("agreements/{}/participants/{}", case.agreement, case.participant);
    for body in [json!({"personal_number": "198501139995"}), json!({"identity_enforcement": {"disable": true}})] {
        let (status, refused) = world.call("PUT", &own, body).await;
        assert_eq!((status, &refused["error"]["reason"]), (409, &json!("not_draft")));
    }
    world.stop().await;
}

#[tokio::test]
async fn a_code_by_mail_signs_where_nobody_is_bound() {
    let world = World::start(&[], &[]).await;
    let case = world.case(None).await;
    assert_eq!(world.call("POST", &format!("{}/code", case.room), json!({})).await.0, 202);
    let (_, mails) = world.call("GET", "mailbox/anna@example.org", Value::Null).await;
    let code = mails[0]["code"].as_str().unwrap().to_owned();
    let wrong = json!({"method": "verification_code", "code": "no"});
    assert_eq!(world.call("POST", &format!("{}/sign", case.room), wrong).await.0, 422);
    let right = json!({"method": "verification_code", "code": code});
    assert_eq!(world.call("POST", &format!("{}/sign", case.room), right).await.1, json!({"signed": true}));
    assert_eq!(world.participant(&case).await["status"], "fulfilled");

    let bound = world.case(Some(ANNA)).await;
    let (status, refused) = world.call("POST", &format!("{}/code", bound.room), json!({})).await;
    assert_eq!((status, &refused["error"]["reason"]), (403, &json!("method_not_allowed")));
    world.stop().await;
}

#[tokio::test]
async fn a_restart_keeps_what_was_told() {
    let world = World::start(&[], &[]).await;
    let passed = world.case(Some(ANNA)).await;
    let redirect = world.begin(&passed, json!({})).await;
    world.authenticate(&redirect, "as=anna&then=confirm").await;
    let open = world.case(Some(ANNA)).await;
    let redirect = world.begin(&open, json!({})).await;
    assert_eq!(world.call("POST", "_reference/restart", json!({})).await.0, 200);
    assert_eq!(world.status(&passed).await, "passed");
    world.authenticate(&redirect, "as=anna&then=confirm").await;
    assert_eq!(world.status(&open).await, "passed");
    world.lifecycle(&open.agreement, "cancelled").await;
    let dump = world.text("_reference/storage").await;
    assert_eq!(dump.matches("\"digest\":\"").count(), 1, "{dump}");
    world.stop().await;
}

#[test]
fn nothing_told_is_lost_when_the_process_is_killed() {
    let folder = std::env::temp_dir().join(format!("motpart-reference-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let store = folder.join("store");
    let start = || {
        let mut child = Command::new(env!("CARGO_BIN_EXE_motpart"))
            .args(["reference", "--listen", "127.0.0.1:0", "--format", "json", "--store"])
            .arg(&store)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        (child, ready["url"].as_str().unwrap().to_owned())
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let dialer = runtime.block_on(async { Dialer::new(&DialOptions::default()).unwrap() });
    let call = |verb: &str, url: String, body: Value| {
        let request = Request::builder().method(verb).uri(url).header("content-type", "application/json");
        let request = request.header("authorization", "Bearer sender-token").body(body.to_string().into()).unwrap();
        let answer = runtime.block_on(dialer.send(request, Duration::from_secs(10), 1 << 20)).unwrap();
        assert!(answer.status < 300, "{answer:?}");
        serde_json::from_slice::<Value>(&answer.body).unwrap()
    };
    let (mut child, url) = start();
    let mut told = Vec::new();
    for title in ["one", "two", "three"] {
        let made = call("POST", format!("{url}agreements"), json!({"title": title}));
        let id = made["data"]["id"].as_str().unwrap().to_owned();
        let body = json!({"role": "signer", "name": "A", "email": "a@example.org", "personal_number": ANNA});
        call("POST", format!("{url}agreements/{id}/participants"), body);
        told.push(id);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let (mut child, url) = start();
    for id in told {
        let kept = call("GET", format!("{url}agreements/{id}"), Value::Null);
        assert_eq!(kept["data"]["participants"][0]["identity_enforcement"]["status"], "pending");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}
