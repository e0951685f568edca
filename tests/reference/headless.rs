//! Providers whose person has no page: Freja at the gateway, by every way to be found, and Smart-ID.

use std::time::Duration;

use motpart::identity::Country;
use motpart::reference::{Flaw, Variant};
use motpart::script::SignalName;
use motpart::simulation::Said;
use motpart::simulation::programme::{Criteria, Overlay};
use serde_json::{Value, json};

use super::world::{ANNA, Case, World};

impl World {
    /// Starts an attempt that leads to no page. Gives what the room was told.
    async fn call_person(&self, case: &Case, provider: &str, mut wish: Value) -> Value {
        wish["provider"] = provider.into();
        let (status, begun) = self.call("POST", &format!("{}/attempts", case.room), wish).await;
        assert_eq!(status, 201, "{begun}");
        assert!(begun["redirect_url"].is_null() && begun["app"].is_object(), "{begun}");
        begun
    }

    /// Somebody does something in their app.
    fn in_app(&self, provider: &str, begun: &Value, signal: SignalName, who: Option<&str>) {
        let simulation = self.motpart.simulation();
        let person = who.map(|name| simulation.commons.persons().by_name(name).unwrap().clone());
        let id = begun["provider_session"].as_str().unwrap().parse().unwrap();
        let said = Said { person, ..Said::plain(signal) };
        simulation.provider(provider).unwrap().signal(id, &said).unwrap();
    }

    /// What the check comes to: the result arrives by webhook or by polling, a moment later.
    async fn outcome(&self, case: &Case) -> (Value, Value) {
        for _ in 0..200 {
            let seen = self.participant(case).await;
            let last = seen["last_attempt"]["outcome"].clone();
            if last != "open" {
                return (seen["identity_enforcement"]["status"].clone(), last);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        (self.status(case).await, json!("open"))
    }

    fn arm(&self, script: &str) {
        let commons = &self.motpart.simulation().commons;
        let script = commons.scripts().find(script).unwrap().clone();
        let space = commons.spaces.default_space();
        space.programme.arm(Some(script), Overlay::default(), Criteria::default(), 1).unwrap();
    }

    /// Freja by a code that Anna scans; the script that is armed says what comes of it.
    async fn scanned(&self) -> (Value, Value) {
        let case = self.case(Some(ANNA)).await;
        let begun = self.call_person(&case, "zignsec_gateway", json!({"method": "freja_qr"})).await;
        let id = begun["provider_session"].as_str().unwrap().parse().unwrap();
        let provider = self.motpart.simulation().provider("zignsec-gateway").unwrap();
        provider.older(id, motpart::script::Millis(2_000)).unwrap();
        self.outcome(&case).await
    }
}

#[tokio::test]
async fn freja_finds_people_in_four_ways_and_only_the_bound_one_passes() {
    for variant in [None, Some(Variant::WebhookOnly), Some(Variant::PollOnly)] {
        let world = World::start(&[], variant.as_slice()).await;
        let anna = world.motpart.simulation().commons.persons().by_name("anna").unwrap().clone();
        for wish in [
            json!({"method": "freja_qr"}),
            json!({"method": "freja_ssn", "personal_number": "850101-2382"}),
            json!({"method": "freja_phone", "phone": anna.phone}),
            json!({"method": "freja_email", "email": anna.email}),
        ] {
            let case = world.case(Some(ANNA)).await;
            let begun = world.call_person(&case, "zignsec_gateway", wish.clone()).await;
            assert_eq!(begun["app"]["qr"].is_string(), wish["method"] == "freja_qr");
            world.in_app("zignsec-gateway", &begun, SignalName::Confirmed, Some("anna"));
            let outcome = world.outcome(&case).await;
            assert_eq!(outcome, (json!("passed"), json!("matched")), "{variant:?} {wish}");
        }
        let case = world.case(Some(ANNA)).await;
        let begun = world.call_person(&case, "zignsec_gateway", json!({"method": "freja_qr"})).await;
        world.in_app("zignsec-gateway", &begun, SignalName::Confirmed, Some("bengt"));
        assert_eq!(world.outcome(&case).await, (json!("failed"), json!("mismatched")), "{variant:?}");
        let case = world.case(Some(ANNA)).await;
        let begun = world.call_person(&case, "zignsec_gateway", json!({})).await;
        world.in_app("zignsec-gateway", &begun, SignalName::Cancelled, None);
        assert_eq!(world.outcome(&case).await, (json!("pending"), json!("cancelled")), "{variant:?}");
        world.stop().await;
    }
}

#[tokio::test]
async fn what_a_method_asks_for_has_to_be_typed() {
    let world = World::start(&[], &[]).await;
    for (method, reason) in
        [("freja_ssn", "invalid_number"), ("freja_phone", "malformed"), ("swiss_id", "method_not_allowed")]
    {
        let case = world.case(Some(ANNA)).await;
        let (_, refused) = world.call("POST", &format!("{}/attempts", case.room), json!({"method": method})).await;
        assert_eq!(refused["error"]["reason"], reason, "{method}");
    }
    let case = world.case(Some(ANNA)).await;
    let elsewhere = json!({"provider": "zignsec_v2", "method": "freja_qr"});
    let (_, refused) = world.call("POST", &format!("{}/attempts", case.room), elsewhere).await;
    assert_eq!(refused["error"]["reason"], "method_not_allowed");
    world.stop().await;
}

#[tokio::test]
async fn a_forged_identity_passes_only_where_a_flaw_believes_it() {
    let right = World::start(&[], &[]).await;
    for (script, flaw) in [
        ("signed-identity-algorithm-none", Flaw::AcceptsAlgorithmNone),
        ("signed-identity-algorithm-hs256-pem", Flaw::TakesThePublicKeyForASecret),
        ("signed-identity-algorithm-hs256-jwk", Flaw::TakesThePublicKeyForASecret),
        ("signed-identity-embedded-jwk", Flaw::TrustsTheKeyInTheHeader),
        ("signed-identity-embedded-jku", Flaw::TrustsTheKeyInTheHeader),
        ("signed-identity-foreign-key", Flaw::DecodesTheIdentityWithoutVerifying),
        ("signed-identity-key-unknown", Flaw::TakesUnknownCertificates),
        ("signed-identity-crit-unknown", Flaw::IgnoresCriticalExtensions),
        ("signed-identity-segments-four", Flaw::TakesTokensInAnyShape),
        ("signed-identity-padded", Flaw::TakesTokensInAnyShape),
        ("signed-identity-header-duplicate-keys", Flaw::TakesTheLastOfTwins),
        ("signed-identity-other-session", Flaw::IgnoresTheAuthRef),
        ("signed-identity-status-rejected", Flaw::IgnoresTheSignedStatus),
        ("signed-identity-person-swapped", Flaw::TrustsTheUnsignedNeighbours),
        ("signed-identity-number-as-user-info", Flaw::TakesAnyUserInfoForANumber),
        ("signed-identity-from-the-future", Flaw::TakesIdentitiesFromTheFuture),
        ("signed-identity-timestamp-in-seconds", Flaw::TakesSecondsForMilliseconds),
        ("signed-identity-stale", Flaw::AcceptsStaleIdentity),
        ("signed-identity-level-too-low", Flaw::TakesAnyRegistrationLevel),
        ("signed-identity-absent", Flaw::UnfinishedPasses),
    ] {
        right.arm(script);
        let (status, _) = right.scanned().await;
        assert_ne!(status, "passed", "{script}");
        let wrong = World::start(&[flaw], &[]).await;
        wrong.arm(script);
        assert_eq!(wrong.scanned().await.0, "passed", "{script}: {flaw}");
        wrong.arm("finished");
        assert_eq!(wrong.scanned().await.0, "passed", "{flaw}: the happy path");
        wrong.stop().await;
    }
    right.stop().await;
}

#[tokio::test]
async fn baltic_people_are_bound_and_pass_with_smart_id() {
    let world = World::start(&[], &[]).await;
    for country in [Country::Ee, Country::Lv, Country::Lt] {
        let person = world.motpart.simulation().commons.persons().default_for(country);
        let number = person.number.expose().to_owned();
        for (who, expected) in [(&*person.name, "passed"), ("anna", "failed")] {
            let case = world.case_of(country.code(), Some(&number)).await;
            let wish = json!({"method": "smart_id", "personal_number": number});
            let begun = world.call_person(&case, "zignsec_v3", wish).await;
            world.in_app("zignsec-v3", &begun, SignalName::Confirmed, Some(who));
            let (status, outcome) = world.outcome(&case).await;
            if who == "anna" {
                // Whoever is no person of the country is no mismatch, and no pass either.
                assert_ne!(status, "passed", "{country} {outcome}");
            } else {
                assert_eq!(status, expected, "{country} {outcome}");
            }
        }
    }
    world.stop().await;
}
