//! What is armed, for whom, and what became of it.

use serde_json::json;

use super::{Bench, Order};
use crate::script::Operation;
use crate::simulation::programme::Programme;

fn with_reference(reference: &str) -> Order {
    Order { reference: Some(reference.into()), ..Order::default() }
}

#[tokio::test]
async fn what_is_armed_plays_for_the_session_that_matches() {
    let bench = Bench::new();
    let body = json!({ "provider": "toy_one", "relaystate": "case-7", "target": "http://*/done", "method": "TOY" });
    let armed = bench.post("spaces/default/arm", json!({ "script": "mismatch", "match": body })).await;
    assert_eq!((&armed["number"], &armed["times"], &armed["played"]), (&json!(1), &json!(1), &json!(0)));

    let other = bench.start("default", with_reference("case-8"));
    assert_eq!(bench.get(&format!("sessions/{other}")).await["session"]["script"], "manual");
    let listed = bench.get("spaces/default/armed").await;
    let missed = listed["armed"][0]["missed"].to_string();
    assert!(missed.contains("✓ method") && missed.contains("✗ relaystate: wanted `case-7`, was `case-8`"), "{missed}");
    let findings = bench.get("spaces/default/findings").await.to_string();
    assert!(findings.contains("armed-unused") && findings.contains("✗ relaystate"), "{findings}");

    let target = Some("http://app.test/done".into());
    let meant = bench.start("default", Order { target, ..with_reference("case-7") });
    assert_eq!(bench.get(&format!("sessions/{meant}")).await["session"]["script"], "mismatch");
    assert_eq!(bench.get("spaces/default/armed").await["armed"][0]["played"], 1);
    assert!(!bench.get("spaces/default/findings").await.to_string().contains("armed-unused"));
}

#[tokio::test]
async fn numbers_match_in_any_spelling_and_are_never_repeated() {
    let bench = Bench::new();
    let wanted = json!({ "personal_number": "850101-2382" });
    let armed = bench.post("spaces/default/arm", json!({ "script": "cancelled", "match": wanted })).await;
    assert_eq!(armed["criteria"], json!(["personal_number 1985****"]));
    let anna = bench.simulation.commons.person_named("anna").unwrap();
    let id = bench.start("default", Order { number: Some(anna.number.clone()), ..Order::default() });
    assert_eq!(bench.get(&format!("sessions/{id}")).await["session"]["script"], "cancelled");
}

#[tokio::test]
async fn faults_are_armed_in_the_words_of_script_files() {
    let bench = Bench::new();
    let fault = json!({ "on": "collect", "occurrence": "2..", "reply": { "status": 503 } });
    let armed = bench.post("spaces/default/arm", json!({ "fault": fault, "times": 2 })).await;
    assert_eq!((&armed["script"], &armed["faults"], &armed["times"]), (&json!(null), &json!(1), &json!(2)));
    let list = json!({ "faults": [fault, fault], "delivery": { "copies": 2 } });
    let armed = bench.post("spaces/default/arm", list).await;
    assert_eq!((&armed["faults"], &armed["deliveries"]), (&json!(2), &json!(1)));
}

#[tokio::test]
async fn a_live_session_recovers_when_what_is_wrong_is_cleared() {
    let bench = Bench::new();
    let id = bench.start("default", Order::default());
    let path = format!("sessions/{id}/arm");
    let wrong = || {
        let script = bench.sessions.snapshot(id.parse().unwrap()).unwrap().script;
        (script.faults.len(), script.forgeries.len(), script.deliveries.len())
    };
    let fault = json!({ "on": "collect", "reply": { "status": 503, "headers": { "Retry-After": "2" } } });
    bench.post(&path, json!({ "fault": fault, "delivery": { "lost": true } })).await;
    bench.post(&path, json!({ "forgery": { "of": "webhook", "how": "empty-key" } })).await;
    assert_eq!(wrong(), (1, 1, 1));
    bench.post(&path, json!({ "clear": true, "fault": { "on": "page", "reply": { "byte_order_mark": true } } })).await;
    assert_eq!(wrong(), (1, 0, 0));
    bench.post(&path, json!({ "clear": true })).await;
    assert_eq!(wrong(), (0, 0, 0));
    let framing = json!({ "on": "collect", "reply": { "status": 200, "headers": { "Content-Length": "7" } } });
    let (status, _, text) = bench.refused("POST", &path, json!({ "fault": framing })).await;
    assert!(status == 400 && text.contains("`Content-Length` cannot be given"), "{text}");
}

#[tokio::test]
async fn occurrences_can_count_from_now() {
    let bench = Bench::new();
    let id = bench.start("default", Order::default());
    let session = id.parse().unwrap();
    bench.sessions.visit(session, Operation::Collect, |_, _| ()).unwrap();
    let fault = json!({ "on": "collect", "occurrence": "1..2", "reply": { "status": 503 } });
    bench.post(&format!("sessions/{id}/arm"), json!({ "from_now": true, "fault": fault })).await;
    let occurrence = bench.sessions.snapshot(session).unwrap().script.faults[0].occurrence;
    assert_eq!((occurrence.first, occurrence.last), (2, Some(3)));
}

#[tokio::test]
async fn an_inline_script_plays_on_a_live_session() {
    let bench = Bench::new();
    let id = bench.start("default", Order::default());
    let script = json!({ "step": [{ "after": "1m", "state": "finished", "person": "bengt" }] });
    let view = bench.post(&format!("sessions/{id}/arm"), json!({ "script": script })).await;
    assert_eq!((&view["script"], &view["next"]["in_ms"]), (&json!("inline"), &json!(60_000)));
    let view = bench.post(&format!("sessions/{id}/advance"), json!({ "by": "61s" })).await;
    assert_eq!(view["entered"][0]["phase"], json!({ "state": "finished", "detail": "bengt", "at_ms": 60_000 }));
}

#[tokio::test]
async fn what_nobody_can_say_is_refused_with_the_reason() {
    let bench = Bench::new();
    let id = bench.start("default", Order::default());
    let forgery = json!({ "forgery": { "of": "identity", "how": "number-missing" } });
    for path in ["spaces/default/arm".to_owned(), format!("sessions/{id}/arm")] {
        for body in [forgery.clone(), json!({ "script": "identity-number-missing" })] {
            let (status, code, text) = bench.refused("POST", &path, body).await;
            assert_eq!((status, code.as_str()), (422, "unsayable"));
            assert!(text.contains("a toy has no identities"), "{text}");
        }
    }
    assert_eq!(bench.get("spaces/default/armed").await["armed"], json!([]));
}

#[tokio::test]
async fn a_thousand_entries_wait_and_no_more_until_one_is_taken_back() {
    let bench = Bench::new();
    for _ in 0..Programme::MOST_ARMED {
        bench.post("spaces/default/arm", json!({ "script": "mismatch" })).await;
    }
    let (status, code, text) = bench.refused("POST", "spaces/default/arm", json!({ "script": "mismatch" })).await;
    assert_eq!((status, code.as_str()), (429, "too-many"));
    assert!(text.contains("DELETE"), "{text}");
    assert_eq!(bench.call("DELETE", "spaces/default/armed/1", None).await.0, 204);
    assert_eq!(bench.refused("DELETE", "spaces/default/armed/1", json!({})).await.0, 404);
    bench.post("spaces/default/arm", json!({ "script": "mismatch" })).await;
}
