//! What a session says on its way and at its end.

use super::*;

#[tokio::test]
async fn norway_tells_a_key_and_the_number_only_with_nnin() {
    let world = World::new();
    for (selector, fields, number, phone, method) in [
        ("nbid_oidc", json!({"Scope": "nnin_altsub"}), false, false, "nbid_oidc"),
        ("nbid_oidc", json!({"Scope": "nnin address phone"}), true, true, "nbid_oidc"),
        ("nbid_mobile", json!({}), false, true, "nbid_oidc"),
        ("nbid", json!({"personalnumber": "01129955131"}), false, false, "nbid_oidc"),
        ("nbid_oidc", json!({"login_hint": "BIM:07025312345"}), false, true, "nbid_oidc"),
        ("nbid_pep", json!({"PEP_Check": {"Environment": "Test", "DataSource": "X"}}), false, false, "nbid_pep"),
        ("no", json!({}), false, false, "nbid_oidc"),
    ] {
        let id = world.start(selector, fields.clone()).await;
        world.confirm(id, None);
        let told = world.result(id).await;
        let identity = &told["identity"];
        assert_eq!(identity.get("PersonalNumber").is_some(), number, "{selector} {fields}: {told}");
        assert_eq!(identity.get("PhoneNumber").is_some(), phone, "{selector} {fields}: {told}");
        let person = world.sessions.snapshot(id).unwrap().cast.requested.person_id.clone();
        assert_eq!(identity["IdProviderPersonId"], person);
        assert_eq!((&told["method"], &identity["Gender"]), (&json!(method), &json!("")));
        assert_eq!(told.get("PEP_Check").is_some(), selector == "nbid_pep");
        let tokens = told["BANKIdNO_OIDC"].as_str().unwrap();
        assert!(tokens.starts_with("{\r\n  \"access_token\": \""));
        let tokens: super::super::wire::OidcTokens<'_> = serde_json::from_str(tokens).unwrap();
        let key = crate::crypto::keys::Pool::pick(world.commons.secret(), "zignsec_v2 id_token");
        let verified = crate::crypto::jws::verify(key.public(), &tokens.id_token).unwrap();
        let claims: Value = serde_json::from_slice(&verified.payload).unwrap();
        assert_eq!(claims.get("nnin").is_some(), number, "what is withheld in one place is in the other too");
    }
    let hinted = world.start("nbid_oidc", json!({"login_hint": ":07025312345"})).await;
    let order = world.sessions.snapshot(hinted).unwrap().order;
    assert_eq!((order.number().unwrap().expose(), order.login_hint.skips_first_page), ("07025312345", false));
}

#[tokio::test]
async fn finland_and_the_register_are_told() {
    let world = World::new();
    let id = world.start("fbid", json!({"personalnumber": "150650003H"})).await;
    world.confirm(id, None);
    assert_eq!(world.result(id).await["identity"]["PersonalNumber"], "150650-003H");
    let id = world.start("sbid", json!({"lookupPersonAddress": true})).await;
    world.confirm(id, None);
    let told = world.result(id).await;
    let lookup = &told["LookupPersonAddress"];
    assert_eq!((&lookup["DateOfBirth"], &lookup["CountryCode"]), (&json!("19850101"), &json!("se")));
    assert_eq!((&lookup["PostalCode"], &lookup["_DataSource"]), (&json!("11122"), &json!("DP05")));
    assert_eq!((&lookup["PersonalNumber"], &lookup["Address2"]), (&json!("198501012382"), &Value::Null));
}

#[tokio::test]
async fn every_reason_has_its_code() {
    let world = World::new();
    for (reason, code) in [
        (Reason::AlreadyInProgress, "ALREADY_IN_PROGRESS"),
        (Reason::Cancelled, "USER_CANCEL"),
        (Reason::CertificateError, "CERTIFICATE_ERR"),
        (Reason::Exception, "Internal Exception"),
        (Reason::LinkExpired, "EXPIRED_TRANSACTION"),
        (Reason::OrderExpired, "EXPIRED_TRANSACTION"),
        (Reason::StartFailed, "START_FAILED"),
        (Reason::Superseded, "CANCELLED"),
        (Reason::WrongPerson, "INVALID_PERSONALNUMBER"),
    ] {
        let id = world.start("sbid", json!({"personalnumber": "198501012382"})).await;
        world.fail(id, reason);
        let told = world.result(id).await;
        assert_eq!(told["errors"][0]["code"], code);
        assert_eq!(told["result"]["identity"]["state"], "ERROR");
        assert!(told.get("identity").is_none() && !told["errors"].to_string().contains("1985"), "{told}");
    }
}

#[tokio::test]
async fn link_and_order_have_deadlines_of_their_own() {
    let world = World::new();
    let id = world.start("sbid", json!({"webhook": HOOK})).await;
    world.sessions.older(id, Millis(7 * 24 * 3_600_000 - 1)).unwrap();
    assert_eq!(world.result(id).await["result"]["identity"]["state"], "PENDING");
    world.sessions.older(id, Millis(1)).unwrap();
    assert_eq!(world.result(id).await["errors"][0]["code"], "EXPIRED_TRANSACTION");
    assert!(world.commons.outbox.deliveries(id).is_empty(), "no webhook for a link");
    let id = world.start("sbid", json!({"webhook": HOOK})).await;
    world.sessions.signal(id, &Said::plain(SignalName::Opened)).unwrap();
    world.sessions.older(id, Millis(180_000)).unwrap();
    assert_eq!(world.result(id).await["errors"][0]["code"], "EXPIRED_TRANSACTION");
    let (body, _) = world.webhook(id);
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&body["method"], body.get("result")), (&json!("sbid"), None), "as a client's sample has it");
}

#[tokio::test]
async fn forged_results_lack_the_number_or_tell_somebody_elses() {
    let world = World::new();
    for (how, number, register) in [
        (IdentityTampering::NumberEmpty, Some(json!("")), "198501012382"),
        (IdentityTampering::NumberMissing, None, "198501012382"),
        (IdentityTampering::RegisterOfSomeoneElse, Some(json!("198501012382")), "198501139995"),
    ] {
        world.forge(Tampering::Identity(how), Occurrence::ALL);
        let id = world.start("sbid", json!({"lookupPersonAddress": true})).await;
        world.confirm(id, None);
        let told = world.result(id).await;
        assert_eq!(told["identity"].get("PersonalNumber"), number.as_ref());
        assert_eq!(told["LookupPersonAddress"]["PersonalNumber"], register);
    }
}

#[tokio::test]
async fn a_retry_is_a_new_attempt_where_the_order_allows_it() {
    let world = World::new();
    for (allowed, switch, last) in [(true, "last", true), (true, "first", false), (false, "last", false)] {
        world.switch(&json!({"retry_outcome": switch}));
        let id = world.start("sbid", json!({"allowRetries": allowed})).await;
        world.fail(id, Reason::Cancelled);
        let visited = world.sessions.visit(id, crate::script::Operation::Page, |session, visit| {
            super::super::retry(session, visit.context.now)
        });
        assert_eq!(visited.unwrap().value, allowed);
        world.confirm(id, None);
        assert_eq!(world.result(id).await.get("identity").is_some(), last, "{allowed} {switch}");
    }
}

#[tokio::test]
async fn a_danish_number_is_told_only_when_it_was_matched() {
    let world = World::new();
    let ditte = world.commons.persons().default_for(Country::Dk);
    let other = world.commons.persons().someone_else(&ditte);
    let own = json!({"personalnumber": ditte.number.expose()});
    for (fields, person, told) in [
        (json!({}), &ditte, false),
        (own.clone(), &ditte, true),
        (own, &other, false),
        (json!({"AskForCpr": "true"}), &ditte, true),
    ] {
        let id = world.start("nemid", fields.clone()).await;
        world.confirm(id, Some(person.clone()));
        let identity = world.result(id).await["identity"].clone();
        assert_eq!(identity.get("PersonalNumber").is_some(), told, "{fields}");
        assert_eq!(
            (&identity["IdProviderName"], &identity["IdProviderPersonId"]),
            (&json!("NemId"), &json!(person.person_id))
        );
    }
}

#[tokio::test]
async fn a_session_survives_being_dumped_and_restored() {
    let world = World::new();
    let id = world.start("nemid", json!({"personalnumber": "6903880048", "AskForCpr": true})).await;
    world.confirm(id, None);
    let told = world.result(id).await;
    let dump = Control::dump(&*world.sessions, id).unwrap();
    let other = World::new();
    Control::restore(&*other.sessions, dump).unwrap();
    assert_eq!(other.result(id).await, told);
}

#[tokio::test]
async fn a_script_plays_without_a_page() {
    let world = World::new();
    let step = Step { trigger: Trigger::Polls(1), becomes: Becomes::Finished(Who::SomeoneElse) };
    let script = Script { name: "s".into(), steps: vec![step], ..Script::default() };
    let space = world.commons.spaces.default_space();
    space.programme.arm(Some(Arc::new(script)), Overlay::default(), Criteria::default(), 1);
    let id = world.start("sbid", json!({"personalnumber": "198501012382"})).await;
    assert_eq!(world.result(id).await["result"]["identity"]["state"], "PENDING");
    let told = world.result(id).await;
    assert_eq!(told["identity"]["PersonalNumber"], world.person("bengt").number.expose());
    let view = Control::view(&*world.sessions, id).unwrap();
    assert!(!view.answer.contains("198501139995") && view.answer.contains("\"method\":\"sbid\""));
    assert_eq!(view.page.unwrap(), hosted(&world.sessions.snapshot(id).unwrap()));
}
