//! Results and tokens that are wrong on purpose, each in one way.

use super::*;

async fn forged(how: Tampering) -> (World, SessionId, Value) {
    let world = World::with(&json!({ "outer_status": "always" }));
    world.forge(how, Occurrence::ALL);
    let id = world.by_number().await;
    world.confirm(id, None);
    let told = world.result(id).await;
    (world, id, told)
}

#[tokio::test]
async fn a_forged_seal_carries_the_honest_claims() {
    for how in Tampering::all() {
        let Tampering::Jws(JwsArtefact::SignedIdentity, how) = how else { continue };
        let (world, id, told) = forged(Tampering::Jws(JwsArtefact::SignedIdentity, how)).await;
        let data = &told["data"];
        assert_eq!(data["requestedAttributes"]["ssn"]["ssn"], ANNA, "{how}");
        let token = data["signedIdentity"].as_str().unwrap();
        let ring = world.space().keys.ring(world.commons.secret(), DEFAULT, KEYS[0]);
        let verdict = jws::verify(ring.signing(Timestamp(NOW)).signer.key.public(), token);
        // Right signatures that only a reader of the header or a limit refuses.
        let is_right = matches!(how, JwsTampering::CritUnknown | JwsTampering::Huge | JwsTampering::PayloadUnencoded);
        assert_eq!(verdict.is_ok(), is_right, "{how}: {verdict:?}");
        if matches!(how, JwsTampering::EmbeddedJku | JwsTampering::EmbeddedX5u) {
            let header: Value =
                serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap();
            let address = header["jku"].as_str().or_else(|| header["x5u"].as_str()).unwrap();
            assert!(address.contains(&id.to_string()));
            let (status, _, body) = world.send("GET", &address["http://localhost:8480".len()..], NOBODY, b"").await;
            assert!(status == StatusCode::OK && body.len() > 300, "{address}");
        }
    }
}

#[tokio::test]
async fn forged_claims_are_rightly_signed() {
    for how in Tampering::all() {
        let Tampering::SignedIdentity(how) = how else { continue };
        let (world, id, told) = forged(Tampering::SignedIdentity(how)).await;
        let data = &told["data"];
        let Some(token) = data.get("signedIdentity") else {
            assert_eq!((how, &data["status"]), (SignedIdentityTampering::Absent, &json!("APPROVED")));
            continue;
        };
        let (_, payload) = world.verified(token.as_str().unwrap());
        let ssn = payload["requestedAttributes"].get("ssn").cloned().unwrap_or_default();
        let outer = &data["requestedAttributes"]["ssn"]["ssn"];
        let swaps_outer = how == SignedIdentityTampering::OuterPersonSwapped;
        assert_eq!(outer == ANNA, !swaps_outer, "{how}");
        let (changed, wanted) = match how {
            SignedIdentityTampering::Absent => unreachable!("has no token"),
            SignedIdentityTampering::CountrySwapped => (ssn, json!({ "country": "DK", "ssn": ANNA })),
            SignedIdentityTampering::DuplicateKeys => {
                let bytes = URL_SAFE_NO_PAD.decode(token.as_str().unwrap().split('.').nth(1).unwrap()).unwrap();
                let twice = format!(r#""ssn":"{BENGT}","ssn":"{ANNA}""#);
                (json!(String::from_utf8(bytes).unwrap().contains(&twice)), json!(true))
            }
            SignedIdentityTampering::FromTheFuture => (payload["timestamp"].clone(), json!(NOW + 3_600_000)),
            SignedIdentityTampering::LevelTooLow => {
                (payload["requestedAttributes"]["registrationLevel"].clone(), json!("BASIC"))
            }
            SignedIdentityTampering::NumberAsUserInfo => {
                (json!([payload["userInfoType"], payload["userInfo"], ssn]), json!(["EMAIL", ANNA, null]))
            }
            SignedIdentityTampering::NumberEmpty => (ssn["ssn"].clone(), json!("")),
            SignedIdentityTampering::NumberFromRequest => (json!([payload["userInfoType"], ssn]), json!(["SSN", null])),
            SignedIdentityTampering::NumberInPersonId => {
                (json!([payload["requestedAttributes"]["customIdentifier"], ssn]), json!([ANNA, null]))
            }
            SignedIdentityTampering::NumberMissing => (ssn, Value::Null),
            SignedIdentityTampering::OtherSession => (json!(payload["authRef"] != data["authRef"]), json!(true)),
            SignedIdentityTampering::OuterPersonSwapped => (json!([ssn["ssn"], outer]), json!([ANNA, BENGT])),
            SignedIdentityTampering::OuterStatusRejected => {
                (json!([payload["status"], data["status"]]), json!(["APPROVED", "REJECTED"]))
            }
            SignedIdentityTampering::PersonSwapped => (ssn["ssn"].clone(), json!(BENGT)),
            SignedIdentityTampering::Stale => (payload["timestamp"].clone(), json!(NOW - 86_400_000)),
            SignedIdentityTampering::StatusMissing => (json!(payload.get("status")), Value::Null),
            SignedIdentityTampering::StatusRejected => {
                (json!([payload["status"], data["status"]]), json!(["REJECTED", "APPROVED"]))
            }
            SignedIdentityTampering::TimestampInSeconds => (payload["timestamp"].clone(), json!(NOW / 1_000)),
        };
        assert_eq!(changed, wanted, "{how}");
        assert_eq!(world.result(id).await, told, "{how}: issued once");
    }
}

#[tokio::test]
async fn a_forged_identity_is_wrong_in_the_token_and_beside_it() {
    for how in Tampering::all() {
        let Tampering::Identity(how) = how else { continue };
        let (world, id, told) = forged(Tampering::Identity(how)).await;
        let data = &told["data"];
        if how == IdentityTampering::FinishedWithoutIdentity {
            assert_eq!(members(data), ["authRef", "status"]);
            continue;
        }
        let token = data["signedIdentity"].as_str().unwrap();
        let (_, payload) = world.verified(token);
        let (outer, signed) = (&data["requestedAttributes"], &payload["requestedAttributes"]);
        if how != IdentityTampering::RegisterOfSomeoneElse {
            assert_eq!(outer, signed, "{how}");
        }
        let honest =
            [json!("APPROVED"), json!({ "country": "SE", "ssn": ANNA }), json!("Anna"), json!(NOW), json!(null)];
        let is = [
            data["status"].clone(),
            signed["ssn"].clone(),
            signed["basicUserInfo"]["name"].clone(),
            payload["timestamp"].clone(),
            data.get("errors").cloned().unwrap_or_default(),
        ];
        let unchanged = matches!(
            how,
            IdentityTampering::NumberDuplicated
                | IdentityTampering::MethodSwapped
                | IdentityTampering::NameOfRequested
                | IdentityTampering::OtherId
                | IdentityTampering::RegisterOfSomeoneElse
        );
        assert_eq!(is == honest, unchanged, "{how}: {is:?}");
        assert_eq!(world.result(id).await, told, "{how}");
    }
}

#[tokio::test]
async fn occurrences_count_what_is_fetched_and_what_is_told_each_for_itself() {
    let world = World::new();
    world.forge(
        Tampering::SignedIdentity(SignedIdentityTampering::PersonSwapped),
        Occurrence { first: 1, last: Some(1) },
    );
    let id = world.by_number().await;
    world.confirm(id, None);
    let number = |token: &Value| decoded(token.as_str().unwrap())["requestedAttributes"]["ssn"]["ssn"].clone();
    let told: Value = serde_json::from_slice(&world.webhooks(id).pop().unwrap().0).unwrap();
    assert_eq!(number(&told["data"]["signedIdentity"]), BENGT);
    for wanted in [BENGT, ANNA, ANNA] {
        assert_eq!(number(&world.result(id).await["data"]["signedIdentity"]), wanted);
    }
}
