//! What the engine promises every provider, shown with a toy.

mod toy;

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use http::Request;
use motpart::script::{Millis, SignalName};
use motpart::simulation::{Bounds, Clock, Control, Said, Timestamp};
use tower::ServiceExt;
use toy::{Order, World};
use wiremock::matchers::{header, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

const FINISHES: &str = "[[step]]\nafter = \"2s\"\nstate = \"finished\"\n";

fn confirmed() -> Said {
    Said::plain(SignalName::Confirmed)
}

async fn receiver(answer: u16) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(answer)).mount(&server).await;
    server
}

fn to(receiver: &MockServer) -> Order {
    Order { webhook: Some(receiver.uri()), ..Order::default() }
}

#[tokio::test]
async fn after_advance_everything_has_happened() {
    let world = World::standing_still();
    world.play(FINISHES);
    let receiver = receiver(200).await;
    let id = world.start(to(&receiver));
    let happened = world.simulation.advance(id, Millis(2_000)).await.expect("a session");
    assert_eq!(world.collect(id), "finished anna");
    assert_eq!(receiver.received_requests().await.expect("it records").len(), 1);
    assert_eq!((happened.entered.len(), happened.attempts.len()), (1, 1));
    assert!(world.journal().iter().any(|line| line.starts_with("delivered: ")), "{:#?}", world.journal());
}

#[tokio::test]
async fn nothing_is_ever_dated_in_the_future() {
    let world = World::standing_still();
    world.play(FINISHES);
    let id = world.start(Order::default());
    world.simulation.advance(id, Millis(86_400_000)).await.expect("a session");
    let session = world.sessions.snapshot(id).expect("a session");
    let now = world.commons().clock.now();
    assert_eq!(session.moment(session.progress.entered()), Timestamp(now.0 - 86_400_000 + 2_000));
}

#[tokio::test]
async fn a_webhook_that_fails_is_tried_again_each_time_it_is_due() {
    let world = World::standing_still();
    let receiver = receiver(500).await;
    let id = world.start(to(&receiver));
    world.sessions.signal(id, &confirmed()).expect("a session");
    world.simulation.settle().await;
    assert_eq!(world.simulation.advance(id, Millis(9_999)).await.expect("a session").attempts.len(), 0);
    assert_eq!(world.simulation.advance(id, Millis(60_001)).await.expect("a session").attempts.len(), 2);
    assert_eq!(world.simulation.advance(id, Millis(86_400_000)).await.expect("a session").attempts.len(), 0);
    let deliveries = world.commons().outbox.deliveries(id);
    assert_eq!((deliveries.len(), deliveries[0].state, deliveries[0].attempts.len()), (1, "failed", 3));
    let findings = world.sessions.findings(id).expect("a session");
    assert!(findings.iter().any(|note| note.text.contains("500")), "{findings:?}");
}

#[tokio::test]
async fn a_webhook_is_sealed_over_the_bytes_that_are_sent() {
    let world = World::standing_still();
    let key = world.commons().spaces.default_space().credential("toy", "token").expect("a token").to_owned();
    let server = MockServer::start().await;
    let seal = motpart::crypto::mac::hmac_sha256_hex(key.as_bytes(), b"finished anna");
    Mock::given(header("x-toy", seal.as_str())).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let id = world.start(to(&server));
    world.sessions.signal(id, &confirmed()).expect("a session");
    world.simulation.settle().await;
    assert_eq!(world.commons().outbox.deliveries(id)[0].state, "delivered");
}

#[tokio::test]
async fn deliveries_come_twice_late_or_never_as_the_script_wants() {
    for (delivery, at_once, in_the_end) in
        [("copies = 2", 2, 2), ("after = \"30s\"", 0, 1), ("lost = true", 0, 0), ("occurrence = 2\nlost = true", 1, 1)]
    {
        let world = World::standing_still();
        world.play(&format!("[[delivery]]\n{delivery}\n"));
        let receiver = receiver(200).await;
        let id = world.start(to(&receiver));
        world.sessions.signal(id, &confirmed()).expect("a session");
        world.simulation.settle().await;
        assert_eq!(receiver.received_requests().await.expect("it records").len(), at_once, "{delivery}");
        world.simulation.advance(id, Millis(30_000)).await.expect("a session");
        assert_eq!(receiver.received_requests().await.expect("it records").len(), in_the_end, "{delivery}");
    }
}

#[tokio::test]
async fn the_driver_does_what_is_due_by_itself() {
    let world = World::new(Clock::System, Bounds::default());
    world.play("[[step]]\nafter = \"50ms\"\nstate = \"finished\"\n");
    let receiver = receiver(200).await;
    let driver = tokio::spawn(Arc::clone(&world.simulation).drive());
    let id = world.start(to(&receiver));
    let mut seen = world.commons().spaces.default_space().journal.watch();
    let delivered = async {
        while !world.journal().iter().any(|line| line.starts_with("delivered: ")) {
            seen.changed().await.expect("the journal lives");
        }
    };
    soon(delivered).await;
    assert_eq!(world.collect(id), "finished anna");
    driver.abort();
}

#[tokio::test]
async fn a_delayed_answer_waits_on_the_sessions_age() {
    let world = World::standing_still();
    world.play("[[fault]]\non = \"collect\"\noccurrence = 1\nreply = { delay = \"30s\" }\n");
    let id = world.start(Order::default());
    let asking = tokio::spawn(ask(world.routes.clone(), format!("/toy/{id}")));
    wait_for(&world, "delayed on purpose").await;
    world.simulation.advance(id, Millis(29_999)).await.expect("a session");
    world.simulation.settle().await;
    assert!(!asking.is_finished());
    world.simulation.advance(id, Millis(1)).await.expect("a session");
    world.simulation.settle().await;
    assert_eq!(soon(asking).await.expect("an answer"), (200, "pending".to_owned()));
}

#[tokio::test]
async fn a_held_answer_waits_for_its_release() {
    let world = World::standing_still();
    world.play("[[fault]]\non = \"collect\"\nreply = { hold = true }\n");
    let id = world.start(Order::default());
    let asking = tokio::spawn(ask(world.routes.clone(), format!("/toy/{id}")));
    wait_for(&world, "held until released").await;
    // The exchange is written down just before its request begins to wait.
    let commons = world.commons();
    while commons.waits.release(&commons.agenda, id) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(soon(asking).await.expect("an answer"), (200, "pending".to_owned()));
}

#[tokio::test]
async fn a_fault_changes_the_answer_and_never_the_life() {
    let world = World::standing_still();
    world.play(concat!(
        "[[step]]\npolls = 2\nstate = \"finished\"\n",
        "[[fault]]\non = \"collect\"\noccurrence = 2\nreply = { status = 503 }\n"
    ));
    let id = world.start(Order::default());
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(ask(world.routes.clone(), format!("/toy/{id}")).await);
    }
    let [first, second, third] = statuses.try_into().expect("three answers");
    assert_eq!(first, (200, "pending".to_owned()));
    assert_eq!(second.0, 503);
    assert_eq!(third, (200, "finished anna".to_owned()));
}

#[tokio::test]
async fn a_restored_session_goes_on_where_it_was() {
    let world = World::standing_still();
    world.play(
        "[[step]]\npolls = 1\nstate = \"pending\"\nhint = \"delivered\"\n[[step]]\npolls = 1\nstate = \"finished\"\n",
    );
    let id = world.start(Order::default());
    assert_eq!(world.collect(id), "pending");
    let dumped = world.sessions.dump(id).expect("a session");
    let other = World::standing_still();
    Control::restore(&*other.sessions, dumped).expect("it is a session");
    for world in [&world, &other] {
        let answers = [(); 3].map(|()| world.collect(id));
        assert_eq!(answers, ["pending delivered", "pending delivered", "finished anna"]);
    }
}

#[test]
fn too_many_sessions_push_the_oldest_out_and_the_journal_says_so() {
    let bounds = Bounds { sessions: 3, order_bytes: 100, ..Bounds::default() };
    let world = World::new(Clock::System, bounds);
    let first = world.start(Order::default());
    let others: Vec<_> = (0..3).map(|_| world.start(Order::default())).collect();
    assert!(world.sessions.snapshot(first).is_err());
    let heavy = world.start(Order { weight: 99, ..Order::default() });
    let heavier = world.start(Order { weight: 2, ..Order::default() });
    assert!(world.sessions.snapshot(heavy).is_err() && world.sessions.snapshot(others[2]).is_err());
    assert_eq!(world.sessions.ids(), [heavier]);
    assert_eq!(world.commons().agenda.len(), 1);
    assert_eq!(world.journal().iter().filter(|line| line.contains("forgotten to make room")).count(), 5);
}

#[test]
fn a_person_with_one_order_at_a_time_ends_both_by_a_second() {
    let world = World::standing_still();
    let space = world.commons().spaces.default_space();
    world.sessions.change_settings(&space, &serde_json::json!({"one_order_per_person": true})).expect("a switch");
    let anna = || Order {
        number: Some(world.commons().persons().by_name("anna").expect("anna").number.expose().into()),
        ..Order::default()
    };
    let first = world.start(anna());
    assert_eq!(world.collect(first), "pending");
    let second = world.start(anna());
    assert_eq!(world.collect(first), "failed superseded");
    assert_eq!(world.collect(second), "failed already-in-progress");
    let third = world.start(anna());
    assert_eq!(world.collect(third), "pending");
}

#[test]
fn a_magic_person_plays_their_own_script_from_where_they_are_chosen() {
    let world = World::standing_still();
    let magic = world.commons().persons().iter().find(|p| p.script.as_deref() == Some("cancelled")).cloned();
    let id = world.start(Order::default());
    let said = Said { person: magic, ..confirmed() };
    world.sessions.signal(id, &said).expect("a session");
    assert_eq!(world.collect(id), "pending");
    world.sessions.older(id, Millis(60_000)).expect("a session");
    assert_eq!(world.collect(id), "failed cancelled");
}

#[test]
fn a_new_attempt_does_not_play_what_a_magic_person_brought_along() {
    let world = World::standing_still();
    let magic = world.commons().persons().iter().find(|p| p.script.as_deref() == Some("cancelled")).cloned();
    let id = world.start(Order::default());
    world.sessions.signal(id, &Said { person: magic, ..confirmed() }).expect("a session");
    world.sessions.older(id, Millis(60_000)).expect("a session");
    assert_eq!(world.collect(id), "failed cancelled");
    world.sessions.look(id, |session, context| assert!(session.retry(context.now))).expect("a session");
    world.sessions.older(id, Millis(60_000)).expect("a session");
    assert_eq!(world.collect(id), "pending");
}

#[test]
fn a_session_never_touches_another() {
    let world = World::standing_still();
    world.play(FINISHES);
    let (one, other) = (world.start(Order::default()), world.start(Order::default()));
    world.sessions.older(one, Millis(2_000)).expect("a session");
    assert_eq!((world.collect(one).as_str(), world.collect(other).as_str()), ("finished anna", "pending"));
}

#[test]
fn what_leaves_the_journal_is_masked() {
    let world = World::standing_still();
    let anna = world.commons().persons().by_name("anna").expect("anna").clone();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let request = Request::post(format!("/toy?number={}", anna.number.expose()))
        .header("authorization", "a secret token")
        .body(Body::empty())
        .expect("a request");
    runtime.block_on(world.routes.clone().oneshot(request)).expect("an answer");
    let space = world.commons().spaces.default_space();
    let out = serde_json::to_string(&space.journal.after(0, 100, motpart::simulation::journal::Wanted::default()))
        .expect("JSON");
    assert!(!out.contains(anna.number.expose()) && !out.contains("a secret token"), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_pollers_see_each_step_once_and_in_order() {
    let world = World::new(Clock::System, Bounds::default());
    let steps: String = ["delivered", "confirming"]
        .map(|hint| format!("[[step]]\npolls = 200\nstate = \"pending\"\nhint = \"{hint}\"\n"))
        .concat();
    world.play(&format!("{steps}[[step]]\npolls = 200\nstate = \"finished\"\n"));
    let id = world.start(Order::default());
    let pollers: Vec<_> = (0..64)
        .map(|_| {
            let routes = world.routes.clone();
            tokio::spawn(async move {
                let mut answers = Vec::new();
                while answers.last().is_none_or(|last: &String| last.starts_with("pending")) {
                    answers.push(ask(routes.clone(), format!("/toy/{id}")).await.1);
                }
                answers
            })
        })
        .collect();
    let order = ["pending", "pending delivered", "pending confirming", "finished anna"];
    let rank = |answer: &String| order.iter().position(|o| o == answer).expect("one of four answers");
    let mut pending = [0; 3];
    for poller in pollers {
        let answers = poller.await.expect("a poller");
        assert!(answers.windows(2).all(|pair| rank(&pair[0]) <= rank(&pair[1])), "{answers:?}");
        for answer in answers.iter().filter(|a| rank(a) < 3) {
            pending[rank(answer)] += 1;
        }
    }
    // The poll that enters a step already sees it: 200 answers before the first, 201 in each of the next two.
    assert_eq!(pending, [200, 201, 201]);
    let entered = world.journal().iter().filter(|line| line.starts_with("entered: ")).count();
    assert_eq!(entered, 1 + 3);
}

async fn ask(routes: axum::Router, path: String) -> (u16, String) {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let answer = routes.oneshot(request).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    (status, String::from_utf8(body.to_vec()).expect("text"))
}

/// A bound for what would otherwise hang when it is broken.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(5), future).await.expect("it happens soon")
}

async fn wait_for(world: &World, words: &str) {
    let mut seen = world.commons().spaces.default_space().journal.watch();
    while !world.journal().iter().any(|line| line.contains(words)) {
        seen.changed().await.expect("the journal lives");
    }
}
