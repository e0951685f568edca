//! Live sessions: waiting for them, signalling them, ageing them, reading what happened.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt;
use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{Bench, Order};
use crate::script::Millis;

#[tokio::test(start_paused = true)]
async fn the_next_session_is_waited_for() {
    let bench = Bench::new();
    let begun = tokio::time::Instant::now();
    assert_eq!(bench.get("spaces/default/sessions/next?timeout=7s").await, json!({ "session": null }));
    assert_eq!(begun.elapsed().as_secs(), 7);
    let waiting = bench.get("spaces/default/sessions/next?after=0");
    let later = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        (bench.start("default", Order::default()), bench.start("default", Order::default()))
    };
    let (answer, (first, second)) = tokio::join!(waiting, later);
    assert_eq!(answer["session"]["id"], first);
    // The oldest that is new, so that none is missed.
    assert_eq!(bench.get("spaces/default/sessions/next?after=0").await["session"]["id"], first);
    assert_eq!(bench.get("spaces/default/sessions/next?after=1").await["session"]["id"], second);
    assert_eq!(bench.refused("GET", "spaces/default/sessions/next?timeout=61s", json!({})).await.0, 400);
    assert_eq!(bench.refused("GET", "spaces/default/sessions/next?after=x", json!({})).await.0, 400);
}

#[tokio::test]
async fn sessions_are_listed_from_the_oldest_to_the_newest() {
    let bench = Bench::new();
    bench.post("spaces", json!({ "name": "other" })).await;
    for space in ["default", "other", "default", "default"] {
        bench.start(space, Order::default());
    }
    let numbers = |list: Value| -> Vec<u64> {
        list["sessions"].as_array().unwrap().iter().map(|s| s["number"].as_u64().unwrap()).collect()
    };
    assert_eq!(numbers(bench.get("spaces/default/sessions").await), [1, 3, 4]);
    assert_eq!(numbers(bench.get("spaces/default/sessions?limit=2").await), [3, 4]);
    assert_eq!(numbers(bench.get("spaces/default/sessions?after=1&limit=1").await), [3]);
    assert_eq!(numbers(bench.get("spaces/other/sessions").await), [2]);
    assert_eq!(bench.get("spaces/default").await["newest_session"], 4);
}

#[tokio::test]
async fn a_session_is_signalled_by_name_and_stays_as_it_ended() {
    let bench = Bench::new();
    let id = bench.start("default", Order::default());
    let signal = format!("sessions/{id}/signal");
    let opened = bench.post(&signal, json!({ "signal": "opened" })).await;
    assert_eq!(opened["session"]["phase"]["state"], "pending");
    let confirmed = bench.post(&signal, json!({ "signal": "confirmed", "person": "bengt" })).await;
    assert_eq!(confirmed["entered"][0]["cause"], "signal");
    assert_eq!(confirmed["session"]["phase"]["detail"], "bengt");
    let late = bench.post(&signal, json!({ "signal": "failed", "reason": "cancelled" })).await;
    assert_eq!((&late["entered"], &late["session"]["phase"]["detail"]), (&json!([]), &json!("bengt")));
    let other = bench.start("default", Order::default());
    let failed = json!({ "signal": "failed", "reason": "certificate-error" });
    let failed = bench.post(&format!("sessions/{other}/signal"), failed).await;
    assert_eq!(failed["session"]["phase"]["detail"], "certificate-error");
}

#[tokio::test]
async fn a_stranger_comes_with_a_number_and_under_any_name() {
    let bench = Bench::new();
    let made = bench.post("persons/fresh", json!({ "country": "SE", "count": 1 })).await["persons"][0].clone();
    // A test number that nobody of the register has.
    let unknown = json!({ "country": "SE", "number": "189001019802" });
    for (given, full) in [
        (unknown, None),
        (json!({ "number": made["number"], "given_name": "Anna", "surname": "Åkerström" }), Some("Anna Åkerström")),
    ] {
        let id = bench.start("default", Order::default());
        let signal = json!({ "signal": "confirmed", "person": given });
        bench.post(&format!("sessions/{id}/signal"), signal).await;
        let session = bench.sessions.snapshot(id.parse().unwrap()).unwrap();
        let crate::session::Phase::Finished(person) = session.phase() else { panic!("not finished") };
        assert_eq!(person.number.expose(), given["number"], "the number as given");
        assert!(!person.given.is_empty() && full.is_none_or(|full| person.full_name() == full), "{person:?}");
        assert_eq!(person.born, person.number.birth_date().unwrap());
    }
    let id = bench.start("default", Order::default());
    for wrong in [json!({ "given_name": "Anna" }), json!({ "given_name": "Anna", "surname": "19850101" })] {
        let mut person = wrong;
        person["number"] = made["number"].clone();
        let signal = json!({ "signal": "confirmed", "person": person });
        let (status, code, text) = bench.refused("POST", &format!("sessions/{id}/signal"), signal).await;
        assert_eq!((status, code.as_str(), text.contains("19850101")), (400, "invalid", false), "{text}");
    }
}

#[tokio::test]
async fn a_session_tells_where_its_webhooks_go() {
    let bench = Bench::new();
    let url = "http://rp.example/hook/198501012382";
    let id = bench.start("default", Order { webhook: Some(url.into()), ..Order::default() });
    let told = bench.get(&format!("sessions/{id}")).await["session"]["webhook"].as_str().unwrap().to_owned();
    assert!(told.starts_with("http://rp.example/hook/") && !told.contains("198501012382"), "{told}");
    let without = bench.start("default", Order::default());
    assert_eq!(bench.get(&format!("sessions/{without}")).await["session"]["webhook"], json!(null));
}

#[tokio::test]
async fn a_webhook_is_written_without_being_sent_and_the_session_stays_as_it_is() {
    let bench = Bench::new();
    let url = "http://rp.example/hook/198501012382";
    let id = bench.start("default", Order { webhook: Some(url.into()), ..Order::default() });
    let path = format!("sessions/{id}/notice");
    let before = bench.get(&format!("sessions/{id}")).await;
    for (wish, body, seal) in [
        (json!({}), "pending", "key/pending"),
        (json!({ "signal": "confirmed", "person": "bengt" }), "finished", "key/finished"),
        (json!({ "signal": "failed", "reason": "exception" }), "failed", "key/failed"),
        (json!({ "signal": "cancelled", "how": "empty-key" }), "failed", "/failed"),
        (json!({ "body": "mine" }), "mine", "key/mine"),
        (json!({ "body": "mine", "blanks": 2 }), "mine", "key/mine  "),
    ] {
        let written = bench.post(&path, wish.clone()).await;
        assert_eq!((&written["url"], &written["body"]), (&json!(url), &json!(body)), "{wish}");
        assert_eq!(written["headers"], json!({ "content-type": "text/plain", "X-Seal": seal }), "{wish}");
    }
    assert_eq!(bench.get(&format!("sessions/{id}")).await, before);
    assert_eq!(bench.get(&format!("sessions/{id}/deliveries")).await["deliveries"], json!([]));
    // What has ended is told otherwise too.
    bench.post(&format!("sessions/{id}/signal"), json!({ "signal": "confirmed" })).await;
    assert_eq!(bench.post(&path, json!({})).await["body"], "pending");
    for wrong in [json!({ "person": "bengt" }), json!({ "how": "sideways" }), json!({ "blanks": 1 << 30 })] {
        assert_eq!(bench.refused("POST", &path, wrong.clone()).await.0, 400, "{wrong}");
    }
    let without = bench.start("default", Order { reference: Some("without webhooks".into()), ..Order::default() });
    let path = format!("sessions/{without}/notice");
    let written = bench.post(&path, json!({})).await;
    assert_eq!((&written["body"], &written["answer"]), (&json!(null), &json!("pending")));
    let (status, code, _) = bench.refused("POST", &path, json!({ "body": "mine" })).await;
    assert_eq!((status, code.as_str()), (422, "unsayable"));
}

#[tokio::test]
async fn many_redeliveries_at_once_are_one_each() {
    let receiver = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&receiver).await;
    let bench = Bench::new();
    let id = bench.start("default", Order { webhook: Some(receiver.uri()), ..Order::default() });
    bench.post(&format!("sessions/{id}/signal"), json!({ "signal": "confirmed" })).await;
    bench.post(&format!("sessions/{id}/advance"), json!({ "by": "0s" })).await;
    let first = bench.get(&format!("sessions/{id}/deliveries")).await["deliveries"][0]["number"].as_u64().unwrap();
    let path = format!("sessions/{id}/deliveries/{first}/redeliver");
    let answers = futures::future::join_all((0..20).map(|_| bench.post(&path, json!({})))).await;
    let mut numbers: Vec<u64> = answers.iter().map(|answer| answer["number"].as_u64().unwrap()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!((numbers.len(), receiver.received_requests().await.unwrap().len()), (20, 21));
}

#[tokio::test]
async fn after_an_advance_everybody_has_seen_everything() {
    let receiver = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&receiver).await;
    let bench = Bench::new();
    bench.post("spaces/default/arm", json!({ "script": { "step": [{ "after": "2m", "state": "finished" }] } })).await;
    let id = bench.start("default", Order { webhook: Some(receiver.uri()), ..Order::default() });
    let other = bench.start("default", Order::default());

    let answer = bench.post("spaces/default/advance", json!({ "by": "2m 1s" })).await;
    assert_eq!(answer["sessions"].as_array().unwrap().len(), 2);
    let first = &answer["sessions"][0];
    assert_eq!((&first["session"]["id"], &first["entered"][0]["phase"]["state"]), (&json!(id), &json!("finished")));
    assert_eq!(first["attempts"][0]["accepted"], true, "{answer}");
    assert_eq!(answer["sessions"][1]["session"]["age_ms"], 121_000);

    assert_eq!(receiver.received_requests().await.unwrap().len(), 1);
    let deliveries = bench.get(&format!("sessions/{id}/deliveries")).await;
    assert_eq!(deliveries["deliveries"][0]["state"], "delivered");
    assert!(!deliveries.to_string().contains("198501012382"));
    let journal = bench.get(&format!("sessions/{id}/journal")).await.to_string();
    assert!(journal.contains("finished as") && journal.contains("\"delivered\""), "{journal}");
    let others = bench.get(&format!("sessions/{other}/journal")).await.to_string();
    assert!(!others.contains("finished as"), "{others}");

    let number = deliveries["deliveries"][0]["number"].as_u64().unwrap();
    let again = bench.post(&format!("sessions/{id}/deliveries/{number}/redeliver"), json!({})).await;
    assert_eq!((&again["attempts"][0]["accepted"], again["number"] == number), (&json!(true), false));
    assert_eq!(receiver.received_requests().await.unwrap().len(), 2);
    assert_eq!(bench.refused("POST", &format!("sessions/{id}/deliveries/99/redeliver"), json!({})).await.0, 404);
}

#[tokio::test]
async fn findings_tell_of_what_was_never_fetched_and_of_who_waits() {
    let bench = Bench::new();
    let ended = bench.start("default", Order::default());
    bench.post(&format!("sessions/{ended}/signal"), json!({ "signal": "confirmed" })).await;
    let findings = bench.get(&format!("sessions/{ended}/findings")).await;
    assert_eq!(findings["findings"][0]["kind"], "result-never-fetched");
    assert_eq!(bench.get(&format!("sessions/{ended}")).await["findings"], 1);

    let waits = bench.start("default", Order::default());
    assert_eq!(bench.get(&format!("sessions/{waits}/findings")).await["findings"], json!([]));
    bench.simulation.commons.clock.tick(Millis(25_000));
    let findings = bench.get("spaces/default/findings").await;
    let waiting = &findings["findings"][1];
    assert_eq!((&waiting["kind"], &waiting["session"]), (&json!("waits-for-person"), &json!(waits)));
    assert!(waiting["text"].as_str().unwrap().contains("http://motpart.example:8480/toy/"), "{waiting}");
}

#[tokio::test]
async fn a_session_can_grow_older_than_the_world() {
    let bench = Bench::new();
    let id = bench.start("default", Order::default());
    for by in ["36500d", "500000000y", "500000000y"] {
        let aged = bench.post(&format!("sessions/{id}/advance"), json!({ "by": by })).await;
        assert_eq!(aged["session"]["phase"]["detail"], "link-expired");
    }
    assert_eq!(bench.refused("POST", &format!("sessions/{id}/advance"), json!({ "by": "-4m" })).await.0, 400);
}

#[tokio::test]
async fn held_answers_are_let_go() {
    let bench = Bench::new();
    let id = bench.start("default", Order::default());
    let released = format!("sessions/{id}/release");
    assert_eq!(bench.post(&released, json!({})).await, json!({ "released": 0 }));
    let commons = bench.simulation.commons.clone();
    let session = id.parse().unwrap();
    let held = tokio::spawn(async move { commons.waits.wait(&commons.agenda, session, None).await });
    tokio::task::yield_now().await;
    assert_eq!(bench.post(&released, json!({})).await, json!({ "released": 1 }));
    held.await.unwrap();
}

#[tokio::test]
async fn the_journal_is_read_in_parts() {
    let bench = Bench::new();
    bench.start("default", Order::default());
    let whole = bench.get("spaces/default/journal").await;
    let count = whole["entries"].as_array().unwrap().len();
    assert!(count >= 2 && whole["next_after"] == count, "{whole}");
    let part = bench.get("spaces/default/journal?limit=1").await;
    assert_eq!((part["entries"].as_array().unwrap().len(), &part["next_after"]), (1, &json!(1)));
    let rest = bench.get("spaces/default/journal?after=1").await;
    assert_eq!(rest["entries"].as_array().unwrap()[..], whole["entries"].as_array().unwrap()[1..]);
    let entered = bench.get("spaces/default/journal?what=entered").await;
    let kinds: Vec<&Value> = entered["entries"].as_array().unwrap().iter().map(|entry| &entry["what"]).collect();
    assert!(!kinds.is_empty() && kinds.len() < count && kinds.iter().all(|kind| **kind == "entered"), "{entered}");
    assert_eq!(entered["next_after"], count);
}

#[tokio::test]
async fn the_journal_streams_what_comes_and_resumes_where_it_broke() {
    let bench = Bench::new();
    bench.start("default", Order::default());
    let written = bench.get("spaces/default/journal").await["next_after"].as_u64().unwrap();
    let stream = |last: Option<u64>| {
        let mut request = Request::get("/_motpart/v1/spaces/default/journal?after=0")
            .header("host", "localhost")
            .header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let router = bench.router.clone();
        async move {
            let answer = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.headers()["content-type"], "text/event-stream");
            answer.into_body().into_data_stream()
        }
    };
    let text =
        |chunk: Option<Result<bytes::Bytes, axum::Error>>| String::from_utf8(chunk.unwrap().unwrap().to_vec()).unwrap();
    let mut events = stream(None).await;
    for n in 1..=written {
        let event = text(events.next().await);
        assert!(
            event.contains(&format!("id: {n}\n")) && event.contains("event: ") && event.contains("data: {"),
            "{event}"
        );
    }
    let coming = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        bench.start("default", Order::default());
    };
    let (event, ()) = tokio::join!(events.next(), coming);
    assert!(text(event).contains(&format!("id: {}\n", written + 1)));
    let mut resumed = stream(Some(written)).await;
    assert!(text(resumed.next().await).contains(&format!("id: {}\n", written + 1)));
}
