//! Who comes in.

use axum::body::Body;
use http::Request;

use super::super::Door;
use super::Bench;

/// The status that a GET with these headers gets.
async fn asked(bench: &Bench, path: &str, headers: &[(&str, &str)]) -> u16 {
    let mut request = Request::builder().uri(format!("/_motpart/v1/{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    bench.send(request.body(Body::empty()).unwrap()).await.0.as_u16()
}

#[tokio::test]
async fn the_token_opens_everything_and_health_needs_none() {
    let bench = Bench::behind(Door { token: Some("s3cret".into()), hosts: Vec::new() });
    let host = ("host", "localhost:8480");
    assert_eq!(asked(&bench, "health", &[host]).await, 200);
    assert_eq!(asked(&bench, "spaces", &[host]).await, 401);
    assert_eq!(asked(&bench, "no-such-route", &[host]).await, 401, "what exists is nobody's business");
    for (shown, status) in [("Bearer s3cret", 200), ("bearer s3cret", 200), ("Bearer s3cre", 401), ("s3cret", 401)] {
        assert_eq!(asked(&bench, "spaces", &[host, ("authorization", shown)]).await, status, "{shown}");
    }
    let metrics = Request::get("/metrics").header("host", "localhost").body(Body::empty()).unwrap();
    assert_eq!(bench.send(metrics).await.0, 401);
    assert!(!format!("{:?}", Door { token: Some("s3cret".into()), hosts: Vec::new() }).contains("s3cret"));
}

#[tokio::test]
async fn only_known_names_are_answered() {
    let bench = Bench::behind(Door { token: None, hosts: vec!["motpart".into()] });
    for (host, status) in [
        ("localhost:8480", 200),
        ("LOCALHOST.", 200),
        ("app.localhost:1", 200),
        ("127.0.0.1:8480", 200),
        ("[::1]:8480", 200),
        ("10.0.0.7", 200),
        ("motpart:8480", 200),
        ("motpart.example:8480", 200),
        ("evil.example:8480", 421),
        ("localhost.evil.example", 421),
        ("motpart.evil.example", 421),
        ("", 421),
    ] {
        assert_eq!(asked(&bench, "spaces", &[("host", host)]).await, status, "{host}");
    }
    assert_eq!(asked(&bench, "spaces", &[]).await, 421, "no name at all");
}

#[tokio::test]
async fn pages_of_other_origins_stay_outside() {
    let bench = Bench::new();
    let host = ("host", "localhost:8480");
    for (origin, status) in [
        ("http://localhost:8480", 200),
        ("http://motpart.example:8480", 200),
        ("http://localhost:3000", 403),
        ("https://evil.example", 403),
        ("null", 403),
    ] {
        assert_eq!(asked(&bench, "spaces", &[host, ("origin", origin)]).await, status, "{origin}");
    }
}

#[tokio::test]
async fn bodies_say_that_they_are_json() {
    let bench = Bench::new();
    for (content_type, status) in [
        (Some("application/json"), 201),
        (Some("application/json; charset=utf-8"), 201),
        (Some("text/plain"), 415),
        (Some("application/x-www-form-urlencoded"), 415),
        (None, 415),
    ] {
        let mut request =
            Request::post("/_motpart/v1/spaces").header("host", "localhost").header("content-length", "2");
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let (actual, _, body) = bench.send(request.body(Body::from("{}")).unwrap()).await;
        assert_eq!(actual, status, "{content_type:?}: {body}");
    }
}
