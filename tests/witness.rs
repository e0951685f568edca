//! What everybody sees over real connections: whoever asks, whoever is called, and the journal.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use motpart::dial::{DialOptions, Dialer};
use motpart::{Motpart, Options, SpaceOptions};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const TOKEN: &str = "00000000-e2a2-4968-b651-5352305c9fb0";
const OTHER: &str = "22222222-e2a2-4968-b651-5352305c9fb0";

/// A simulation with open doors, and a client.
struct World {
    motpart: Motpart,
    dialer: Dialer,
}

impl World {
    async fn start() -> Self {
        let credentials = BTreeMap::from([("zignsec_v2".into(), BTreeMap::from([("token".into(), OTHER.to_owned())]))]);
        let other = SpaceOptions { name: "other".into(), credentials, ..SpaceOptions::default() };
        let options = Options { seed: Some("witness".into()), spaces: vec![other], ..Options::default() };
        let motpart = Motpart::start(options).await.unwrap();
        Self { motpart, dialer: Dialer::new(&DialOptions::default()).unwrap() }
    }

    async fn send(&self, verb: &str, path: &str, token: &str, body: &Value) -> (u16, Value) {
        let url = self.motpart.base_url().join(path).unwrap();
        let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let request = Request::builder().method(verb).uri(url.as_str()).header("content-type", "application/json");
        let request = request.header("authorization", token).body(body).unwrap();
        let answer = self.dialer.send(request, Duration::from_secs(10), 1 << 20).await.unwrap();
        let text = String::from_utf8(answer.body.to_vec()).unwrap();
        (answer.status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    async fn control(&self, verb: &str, path: &str, body: &Value) -> Value {
        let (status, body) = self.send(verb, &format!("_motpart/v1/{path}"), "", body).await;
        assert!((200..300).contains(&status), "{verb} {path}: {status} {body}");
        body
    }

    /// The next session of the space `default` plays this.
    async fn arm(&self, what: Value) {
        self.control("POST", "spaces/default/arm", &what).await;
    }

    async fn set_up(&self, token: &str, fields: Value) -> String {
        let (_, body) = self.send("POST", "v2/eid/sbid", token, &fields).await;
        body["id"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
    }

    async fn result(&self, id: &str) -> (u16, Value) {
        self.send("GET", &format!("v2/eid/{id}"), TOKEN, &Value::Null).await
    }

    async fn journal(&self, of: &str) -> Vec<String> {
        let part = self.control("GET", &format!("{of}/journal?limit=1000"), &Value::Null).await;
        let line = |entry: &Value| format!("{}: {}", entry["what"], entry["text"]).replace('"', "");
        part["entries"].as_array().unwrap().iter().map(line).collect()
    }

    /// A client that knows no HTTP: everything it got, and how the connection ended.
    async fn raw(&self, id: &str) -> (String, Option<ErrorKind>) {
        let mut stream = self.connect(&format!("GET /v2/eid/{id} HTTP/1.1")).await;
        let mut got = Vec::new();
        let mut chunk = [0; 1024];
        loop {
            match stream.read(&mut chunk).await {
                Ok(0) => return (String::from_utf8(got).unwrap(), None),
                Ok(n) => got.extend_from_slice(&chunk[..n]),
                Err(error) => return (String::from_utf8(got).unwrap(), Some(error.kind())),
            }
        }
    }

    async fn connect(&self, line: &str) -> TcpStream {
        let url = self.motpart.base_url();
        let mut stream = TcpStream::connect((url.host_str().unwrap(), url.port().unwrap())).await.unwrap();
        let head = format!("{line}\r\nHost: localhost\r\nAuthorization: {TOKEN}\r\n");
        let rest =
            if line.contains("journal") { "Accept: text/event-stream\r\n\r\n" } else { "Connection: close\r\n\r\n" };
        stream.write_all(format!("{head}{rest}").as_bytes()).await.unwrap();
        stream
    }
}

async fn receiver() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).and(path("/hook")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    server
}

/// A bound for what would otherwise hang when it is broken.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(10), future).await.expect("it happens soon")
}

#[tokio::test]
async fn when_advance_has_answered_everybody_has_seen_it() {
    let world = World::start().await;
    let receiver = receiver().await;
    for n in 1..=10 {
        world.arm(json!({ "script": "finished" })).await;
        let id = world.set_up(TOKEN, json!({ "webhook": format!("{}/hook", receiver.uri()) })).await;
        assert_eq!(world.result(&id).await.1["result"]["identity"]["state"], "PENDING");
        let advanced = world.control("POST", &format!("sessions/{id}/advance"), &json!({ "by": "2s" })).await;
        assert_eq!(advanced["attempts"][0]["accepted"], true, "{advanced}");
        let received = receiver.received_requests().await.unwrap();
        assert_eq!(received.len(), n);
        let told: Value = serde_json::from_slice(&received[n - 1].body).unwrap();
        let seal = motpart::crypto::mac::hmac_sha256_hex(TOKEN.as_bytes(), &received[n - 1].body);
        assert_eq!(received[n - 1].headers["x-zignsec-hmac-sha256"].to_str().unwrap(), seal);
        assert_eq!((&told["id"], &told["method"]), (&json!(id), &json!("sbid")));
        let journal = world.journal(&format!("sessions/{id}")).await;
        for what in ["finished as anna", "/hook"] {
            assert!(journal.iter().any(|line| line.contains(what)), "{what}: {journal:#?}");
        }
        let (status, result) = world.result(&id).await;
        assert_eq!((status, &result["identity"]), (200, &told["identity"]));
    }
    world.motpart.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_pollers_agree_on_the_order_of_events() {
    let world = Arc::new(World::start().await);
    let steps = json!([
        { "polls": 100, "state": "pending", "hint": "delivered" },
        { "polls": 100, "state": "pending", "hint": "confirming" },
        { "polls": 100, "state": "finished" },
    ]);
    world.arm(json!({ "script": { "step": steps } })).await;
    let id = world.set_up(TOKEN, json!({})).await;
    let pollers = (0..64).map(|_| {
        let (world, id) = (world.clone(), id.clone());
        tokio::spawn(async move {
            let mut answers = vec![];
            loop {
                let told = world.result(&id).await.1;
                let finished = told["identity"].is_object();
                answers.push(finished);
                if finished {
                    // Once finished, always finished.
                    answers.push(world.result(&id).await.1["identity"].is_object());
                    return answers;
                }
            }
        })
    });
    let mut pending = 0;
    for poller in pollers.collect::<Vec<_>>() {
        let answers = soon(poller).await.unwrap();
        assert!(answers.is_sorted(), "{answers:?}");
        pending += answers.iter().filter(|finished| !**finished).count();
    }
    // The poll that enters a step already sees it: 100 answers before the first, 101 in each of the next two.
    assert_eq!(pending, 302);
    let journal = world.journal(&format!("sessions/{id}")).await;
    let entered: Vec<&str> =
        journal.iter().filter_map(|line| line.strip_prefix("entered: ")).map(|line| line.trim()).collect();
    let orders = ["pending outstanding", "pending delivered", "pending confirming", "finished as anna"];
    assert_eq!(entered.len(), orders.len(), "{entered:#?}");
    assert!(entered.iter().zip(orders).all(|(line, order)| line.contains(order)), "{entered:#?}");
    let exchanges = journal.iter().filter(|line| line.starts_with("exchange: GET")).count();
    assert_eq!(exchanges, pending + 2 * 64, "every answer is in the journal");
}

#[tokio::test]
async fn faults_reach_the_wire() {
    let world = World::start().await;
    world.arm(json!({ "script": "provider-reset-once" })).await;
    let id = world.set_up(TOKEN, json!({})).await;
    assert_eq!(soon(world.raw(&id)).await, (String::new(), Some(ErrorKind::ConnectionReset)));
    assert_eq!(world.result(&id).await.0, 200);

    world.arm(json!({ "script": "provider-truncated-once" })).await;
    let id = world.set_up(TOKEN, json!({})).await;
    let (cut, end) = soon(world.raw(&id)).await;
    let (whole, _) = soon(world.raw(&id)).await;
    let (_, cut_body) = cut.split_once("\r\n\r\n").unwrap();
    let (_, whole_body) = whole.split_once("\r\n\r\n").unwrap();
    assert!(cut.starts_with("HTTP/1.1 200") && end.is_none(), "{cut} {end:?}");
    let length = format!("content-length: {}", whole_body.len());
    assert!(whole.contains(&length), "{whole}");
    assert!(cut.contains("chunked") || cut.contains(&length), "the client can tell that something is missing: {cut}");
    assert!(cut_body.len() < whole_body.len() && !cut_body.ends_with("0\r\n\r\n"), "{cut}");

    world.arm(json!({ "script": "provider-503-once" })).await;
    let id = world.set_up(TOKEN, json!({})).await;
    assert_eq!(world.result(&id).await.0, 503);
    assert_eq!(world.result(&id).await.0, 200);
    world.motpart.stop().await;
}

#[tokio::test]
async fn answers_wait_for_release_and_for_age() {
    let world = Arc::new(World::start().await);
    for (script, path, body) in
        [("provider-hold", "release", Value::Null), ("provider-slow", "advance", json!({ "by": "30s" }))]
    {
        world.arm(json!({ "script": script })).await;
        let id = world.set_up(TOKEN, json!({})).await;
        // Follows the journal, so that it is known without a guess that the question has come in.
        let mut stream = world.connect(&format!("GET /_motpart/v1/sessions/{id}/journal HTTP/1.1")).await;
        let asking = tokio::spawn({
            let (world, id) = (world.clone(), id.clone());
            async move { world.result(&id).await }
        });
        soon(read_until(&mut stream, "on purpose|held until released")).await;
        assert!(!asking.is_finished(), "{script}");
        // The exchange is written down just before its request begins to wait.
        while world.motpart.simulation().commons.waits.first().is_none() {
            tokio::task::yield_now().await;
        }
        world.control("POST", &format!("sessions/{id}/{path}"), &body).await;
        let (status, told) = soon(asking).await.unwrap();
        assert_eq!((status, &told["result"]["identity"]["state"]), (200, &json!("PENDING")), "{script}");
    }
}

#[tokio::test]
async fn spaces_do_not_see_each_other() {
    let world = World::start().await;
    let mine = world.set_up(TOKEN, json!({ "relaystate": "mine" })).await;
    let theirs = world.set_up(OTHER, json!({ "relaystate": "theirs" })).await;
    let (status, told) = world.send("GET", &format!("v2/eid/{theirs}"), TOKEN, &Value::Null).await;
    assert_eq!((status, &told["errors"][0]["code"]), (404, &json!("SESSION_NOT_FOUND")));
    for (space, own, foreign) in [("default", &mine, &theirs), ("other", &theirs, &mine)] {
        let sessions = world.control("GET", &format!("spaces/{space}/sessions"), &Value::Null).await;
        assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1);
        assert_eq!(sessions["sessions"][0]["id"], json!(own));
        let lines = world.journal(&format!("spaces/{space}")).await.join("\n");
        // Whoever asked for another's session is seen asking; the session's own events stay with it.
        assert!(!lines.contains(&format!("POST /v2/eid/sbid → {foreign}")), "{lines}");
        assert_eq!(lines.matches("POST /v2/eid/sbid").count(), 1, "{lines}");
    }
    // What is armed in one space plays there only, and switches of one space change that space only.
    world.control("POST", "spaces/other/arm", &json!({ "script": "cancelled", "times": 5 })).await;
    let mine = world.set_up(TOKEN, json!({})).await;
    world.control("POST", &format!("sessions/{mine}/advance"), &json!({ "by": "10s" })).await;
    assert_eq!(world.result(&mine).await.1["result"]["identity"]["state"], "PENDING");
    let theirs = world.set_up(OTHER, json!({})).await;
    world.control("POST", "spaces/other/advance", &json!({ "by": "10s" })).await;
    let (_, told) = world.send("GET", &format!("v2/eid/{theirs}"), OTHER, &Value::Null).await;
    assert_eq!(told["errors"][0]["code"], "USER_CANCEL");
    assert_eq!(world.result(&mine).await.1["result"]["identity"]["state"], "PENDING");
    world.motpart.stop().await;
}

#[tokio::test]
async fn the_journal_is_followed_live_and_taken_up_again() {
    let world = World::start().await;
    let line = "GET /_motpart/v1/spaces/default/journal HTTP/1.1";
    let mut live = world.connect(line).await;
    soon(read_until(&mut live, "text/event-stream")).await;
    let first = world.set_up(TOKEN, json!({})).await;
    let seen = soon(read_until(&mut live, "event: exchange")).await;
    assert!(seen.contains(&first), "{seen}");
    let last = seen.lines().filter_map(|line| line.trim().strip_prefix("id: ")).next_back().unwrap().to_owned();
    drop(live);
    // Nobody listens while the second one is set up.
    let second = world.set_up(TOKEN, json!({})).await;
    let mut again = world.connect(&format!("{line}\r\nLast-Event-ID: {last}")).await;
    let seen = soon(read_until(&mut again, "event: exchange")).await;
    assert!(seen.contains(&second) && !seen.contains(&first), "{seen}");
    let ids: Vec<u64> = seen.lines().filter_map(|line| line.trim().strip_prefix("id: ")?.parse().ok()).collect();
    let next: u64 = last.parse::<u64>().unwrap() + 1;
    assert_eq!(ids, (next..next + ids.len() as u64).collect::<Vec<_>>(), "nothing is missing and nothing comes twice");
    world.motpart.stop().await;
}

/// Reads until one of the words, and the event that holds it, have come.
async fn read_until(stream: &mut TcpStream, words: &str) -> String {
    let mut seen = String::new();
    let mut chunk = [0; 4096];
    loop {
        let n = stream.read(&mut chunk).await.unwrap();
        assert!(n > 0, "the stream ended: {seen}");
        seen.push_str(&String::from_utf8_lossy(&chunk[..n]));
        let found = words.split('|').filter_map(|word| seen.find(word)).min();
        if found.is_some_and(|at| seen[at..].contains("\n\n") || seen[at..].contains("\r\n\r\n")) {
            return seen;
        }
    }
}
