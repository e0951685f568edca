use std::time::Instant;

use serde_json::json;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::dial::DialOptions;

fn outbound() -> Outbound {
    Outbound::new(Dialer::new(&DialOptions::default()).unwrap())
}

fn endpoint(server: &MockServer) -> Option<Endpoint> {
    Some(Endpoint { url: server.uri().parse().unwrap(), secret: "s3cret".into() })
}

async fn bodies(server: &MockServer) -> Vec<Value> {
    server.received_requests().await.unwrap().iter().map(|r| serde_json::from_slice(&r.body).unwrap()).collect()
}

#[tokio::test]
async fn each_event_is_signed_over_its_time_and_bytes() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let outbound = outbound();
    outbound.configure("sender", endpoint(&server));
    outbound.send(
        "sender",
        "p1",
        &json!({ "event": "participant.identity_enforcement.passed", "data": { "name": "Örjan" } }),
    );
    outbound.send("stranger", "p1", &json!({ "event": "nobody is told" }));
    outbound.idle(None).await;
    let received = server.received_requests().await.unwrap();
    assert_eq!(received.len(), 1);
    let header = received[0].headers["x-zigned-request-signature"].to_str().unwrap();
    let (t, v1) = header.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    assert!((Timestamp::now().as_second() - t.parse::<i64>().unwrap()).abs() < 10);
    let signed = [t.as_bytes(), b".", &received[0].body].concat();
    assert_eq!(v1, mac::hmac_sha256_hex(b"s3cret", &signed));
    assert_eq!(received[0].headers["content-type"], "application/json");
}

#[tokio::test]
async fn a_lane_keeps_its_order_through_failures_and_others_go_on() {
    let server = MockServer::start().await;
    // The first two answers refuse.
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(500)).up_to_n_times(1).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(302)).up_to_n_times(1).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let outbound = outbound();
    outbound.configure("sender", endpoint(&server));
    for n in 1..=3 {
        outbound.send("sender", "p1", &json!({ "n": n }));
    }
    let begun = Instant::now();
    outbound.idle(None).await;
    assert!(begun.elapsed() < Duration::from_millis(90), "a waiting retry does not count");
    assert_eq!(bodies(&server).await, [json!({ "n": 1 })]);
    sleep(Duration::from_millis(1_000)).await;
    outbound.idle(None).await;
    let expected = [1, 1, 1, 2, 3].map(|n| json!({ "n": n }));
    assert_eq!(bodies(&server).await, expected);
    // The lane was closed, and opens again.
    outbound.send("sender", "p1", &json!({ "n": 4 }));
    outbound.send("sender", "p2", &json!({ "n": 5 }));
    outbound.idle(None).await;
    assert_eq!(bodies(&server).await.len(), 7);
}

#[tokio::test(start_paused = true)]
async fn five_attempts_and_no_more() {
    // Nothing listens at port 9 of loopback; the clock is ours.
    let outbound = outbound();
    let closed = Endpoint { url: "http://127.0.0.1:9/".parse().unwrap(), secret: "s3cret".into() };
    outbound.configure("sender", Some(closed));
    let begun = tokio::time::Instant::now();
    outbound.send("sender", "p1", &json!({}));
    while !lock(&outbound.0.queues).is_empty() {
        sleep(Duration::from_millis(50)).await;
    }
    let waited: Duration = RETRIES.iter().sum();
    let took = begun.elapsed();
    assert!(took >= waited && took < waited + Duration::from_secs(1), "{took:?}");
    outbound.idle(None).await;
}

#[tokio::test]
async fn what_is_taken_away_is_sent_nowhere() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let outbound = outbound();
    outbound.configure("sender", endpoint(&server));
    outbound.configure("sender", None);
    outbound.send("sender", "p1", &json!({}));
    outbound.idle(None).await;
    assert!(bodies(&server).await.is_empty());
    assert_eq!(outbound.endpoint("sender"), None);
    let printed = format!("{outbound:?} {:?}", endpoint(&server));
    assert!(!printed.contains("s3cret"));
}
