//! Spaces, settings, persons and scripts.

use serde_json::json;

use super::{Bench, Order};
use crate::identity::{Checks, Country, NationalNumber};

#[tokio::test]
async fn a_space_lives_from_its_creation_to_its_deletion() {
    let bench = Bench::new();
    let body = json!({
        "name": "checkout", "credentials": { "toy_one": { "token": "my-token" } }, "script": "mismatch",
        "public_url": "https://motpart.test/", "settings": { "toy_one": { "language": "SV" } },
    });
    let made = bench.post("spaces", body).await;
    assert_eq!(made["credentials"]["toy_one"]["token"], "my-token");
    assert!(made["credentials"]["toy_one"]["secret"].as_str().unwrap().starts_with("secret-"), "{made}");
    assert_eq!(made["base_urls"]["toy_one"], "https://motpart.test/toy");
    let connection = &made["connections"]["toy_one"];
    assert_eq!(connection["ISSUER"], "https://motpart.test/toy/issuer");
    assert_eq!([&connection["KEY_URL"], &connection["CA"]], ["https://motpart.test/toy/key", "MIIB"]);
    assert_eq!(made["script"], "mismatch");
    assert_eq!(bench.get("spaces/checkout").await, made);
    assert_eq!(bench.get("spaces/checkout/settings/toy-one").await["language"], "SV");

    assert_eq!(bench.refused("POST", "spaces", json!({ "name": "checkout" })).await.0, 409);
    let taken = json!({ "name": "other", "credentials": { "toy_one": { "token": "my-token" } } });
    assert_eq!(bench.refused("POST", "spaces", taken).await.0, 409);

    let id = bench.start("checkout", Order::default());
    assert_eq!(bench.get(&format!("sessions/{id}")).await["session"]["script"], "mismatch");
    assert_eq!(bench.call("DELETE", "spaces/checkout", None).await.0, 204);
    assert_eq!(bench.call("GET", &format!("sessions/{id}"), None).await.0, 404);
    assert_eq!(bench.call("GET", "spaces/checkout", None).await.0, 404);
    assert_eq!(bench.sessions.len(), 0);
    assert_eq!(bench.refused("DELETE", "spaces/default", json!({})).await.1, "conflict");
}

#[tokio::test]
async fn spaces_without_a_name_get_one_and_credentials_of_their_own() {
    let bench = Bench::new();
    let [one, other] = [bench.post("spaces", json!({})).await, bench.post("spaces", json!({})).await];
    assert_eq!([&one["name"], &other["name"]], ["space-1", "space-2"]);
    assert_ne!(one["credentials"], other["credentials"]);
    assert_eq!(bench.call("POST", "spaces", None).await.0, 201, "no body is an empty one");
    assert_eq!(bench.get("spaces").await["spaces"].as_array().unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn spaces_made_at_the_same_time_get_names_of_their_own() {
    let bench = std::sync::Arc::new(Bench::new());
    let mut makers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let bench = bench.clone();
        makers.spawn(async move {
            for _ in 0..100 {
                bench.post("spaces", json!({})).await;
            }
        });
    }
    makers.join_all().await;
    assert_eq!(bench.simulation.commons.spaces.all().len(), 401);
}

#[tokio::test]
async fn settings_change_all_or_not_at_all() {
    let bench = Bench::new();
    let change = json!({ "settings": { "toy_one": { "strict": true } }, "script": "cancelled", "public_url": "http://a.test:1" });
    let (status, settings) = bench.call("PATCH", "spaces/default/settings", Some(change)).await;
    assert_eq!((status, &settings["settings"]["toy_one"]["strict"]), (200, &json!(true)));
    assert_eq!(bench.get("spaces/default/settings").await, settings);

    let half = json!({ "script": "finished", "settings": { "toy_one": { "strict": false }, "toy_two": {} } });
    assert_eq!(bench.refused("PATCH", "spaces/default/settings", half).await.0, 400);
    assert_eq!(bench.get("spaces/default/settings").await, settings);

    let back = json!({ "script": null, "public_url": null });
    let (_, settings) = bench.call("PATCH", "spaces/default/settings", Some(back)).await;
    assert_eq!(settings, json!({ "public_url": null, "script": null, "settings": settings["settings"] }));
    assert_eq!(settings["settings"]["toy_one"]["strict"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn switches_changed_at_the_same_time_are_all_changed() {
    let bench = std::sync::Arc::new(Bench::new());
    let mut changers = tokio::task::JoinSet::new();
    for (switch, values) in [("strict", [json!(true), json!(false)]), ("language", [json!("SV"), json!("EN")])] {
        let bench = bench.clone();
        changers.spawn(async move {
            for value in values.iter().cycle().take(400) {
                let change = json!({ "settings": { "toy_one": { switch: value } } });
                assert_eq!(bench.call("PATCH", "spaces/default/settings", Some(change)).await.0, 200);
                // Nobody else changes this one.
                assert_eq!(bench.get("spaces/default/settings/toy-one").await[switch], *value);
            }
        });
    }
    changers.join_all().await;
}

#[tokio::test]
async fn the_public_address_can_be_told_later() {
    let bench = Bench::new();
    let told = json!({ "public_url": "http://localhost:49153" });
    assert_eq!(bench.call("PUT", "public-url", Some(told)).await.0, 200);
    assert_eq!(bench.get("spaces/default").await["base_urls"]["toy_one"], "http://localhost:49153/toy");
    assert_eq!(bench.refused("PUT", "public-url", json!({ "public_url": "localhost:1" })).await.0, 400);
}

#[tokio::test]
async fn fresh_people_are_the_same_whoever_meets_them_later() {
    let bench = Bench::new();
    let made = bench.post("persons/fresh", json!({ "country": "SE", "count": 3 })).await;
    let person = &made["persons"][2];
    let number = person["number"].as_str().unwrap();
    assert_eq!(number.len(), 12, "numbers are shown here on purpose");
    assert_eq!(bench.get(&format!("persons/{}", person["name"].as_str().unwrap())).await, *person);

    let asked = NationalNumber::parse(Country::Se, number, Checks::Strict).unwrap();
    let id = bench.start("default", Order { number: Some(asked), ..Order::default() });
    assert_eq!(bench.get(&format!("sessions/{id}")).await["session"]["requested"], person["name"]);
    let other = bench.start("default", Order::default());
    let by_number = json!({ "signal": "confirmed", "person": { "country": "SE", "number": number } });
    let entered = bench.post(&format!("sessions/{other}/signal"), by_number).await;
    assert_eq!(entered["session"]["phase"]["detail"], person["name"]);
    assert!(!bench.get(&format!("sessions/{other}")).await.to_string().contains(number));
}

#[tokio::test]
async fn people_and_scripts_can_be_looked_up() {
    let bench = Bench::new();
    let danes = bench.get("persons?country=DK&limit=2").await;
    assert_eq!(danes["persons"].as_array().unwrap().len(), 2);
    assert!(danes["persons"].as_array().unwrap().iter().all(|p| p["country"] == "DK"));
    assert_eq!(bench.get("persons/anna").await["number"], "198501012382");
    let (_, _, text) = bench.refused("GET", "persons/ana", json!({})).await;
    assert!(text.contains("did you mean `anna`?"), "{text}");
    let (_, _, text) = bench.refused("GET", "persons?contry=DK", json!({})).await;
    assert!(text.contains("did you mean `country`?"), "{text}");

    let scripts = bench.get("scripts").await;
    let named = |name: &str| scripts["scripts"].as_array().unwrap().iter().find(|s| s["name"] == name).unwrap().clone();
    assert_eq!(named("mismatch")["cannot"], json!({}));
    assert!(
        named("identity-number-missing")["cannot"]["toy_one"].as_str().unwrap().contains("a toy has no identities")
    );
    assert!(bench.get("scripts/mismatch").await["text"].as_str().unwrap().contains("[[step]]"));
}

#[tokio::test]
async fn health_and_metrics_count_what_is_live() {
    let bench = Bench::new();
    bench.start("default", Order::default());
    let health = bench.get("health").await;
    assert_eq!(
        (&health["sessions"], &health["spaces"], &health["providers"][0]),
        (&json!(1), &json!(1), &json!("toy_one"))
    );
    let metrics = bench.get("/metrics").await;
    let metrics = metrics.as_str().unwrap();
    assert!(metrics.contains("motpart_live_sessions{provider=\"toy_one\"} 1\n"), "{metrics}");
    assert!(metrics.contains("motpart_spaces 1\n") && metrics.contains("motpart_sessions_total 1\n"), "{metrics}");
    assert!(metrics.contains("motpart_journal_bytes{space=\"default\"}"), "{metrics}");
    assert_eq!(metrics.matches("# EOF").count(), 1);
}
