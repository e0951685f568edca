//! The index and the phone.

use std::collections::BTreeSet;

use url::Url;

use super::*;
use crate::script::Millis;

const TABLE: &str = include_str!("../PHONE.md");

async fn ask(
    bench: &Bench,
    method: &str,
    path: &str,
    head: &[(&str, &str)],
    body: &str,
) -> (u16, http::HeaderMap, String) {
    let control = Url::parse("http://127.0.0.1:8481/").unwrap();
    let router = crate::control::pages(bench.simulation.clone(), control);
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in head {
        request = request.header(*name, *value);
    }
    let answer = router.oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    (parts.status.as_u16(), parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn phone(bench: &Bench) -> String {
    ask(bench, "GET", "/phone", &[], "").await.2
}

async fn act(bench: &Bench, session: &str, fields: &str) -> (u16, String) {
    let form = format!("session={session}&{fields}");
    let (status, head, body) = ask(bench, "POST", "/phone/default", &[], &form).await;
    (status, head.get("location").map_or(body, |location| location.to_str().unwrap().to_owned()))
}

fn phase(bench: &Bench, session: &str) -> (&'static str, String) {
    let view = bench.simulation.providers[0].view(session.parse().unwrap()).unwrap();
    (view.phase.state, view.phase.detail)
}

#[tokio::test]
async fn the_index_says_what_is_here_and_no_credential() {
    let bench = Bench::new();
    let (status, head, page) = ask(&bench, "GET", "/", &[], "").await;
    assert_eq!(status, 200);
    assert!(head["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    for part in
        ["toy", "http://motpart.example:8480", "href=\"/phone\"", "http://127.0.0.1:8481/_motpart/v1/openapi.json"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    for value in bench.simulation.commons.spaces.default_space().credentials.values() {
        assert!(!page.contains(value.as_str()), "a credential");
    }
    let (_, _, swedish) = ask(&bench, "GET", "/", &[("accept-language", "fi;q=0.5, sv-SE")], "").await;
    assert!(swedish.contains("<html lang=\"sv\">"));
}

#[tokio::test]
async fn a_person_approves_declines_lets_it_arrive_and_expire() {
    let bench = Bench::new();
    assert!(phone(&bench).await.contains("data-testid=\"empty\""));
    for (fields, done, ends) in [
        ("do=approve&person=anna", "approved", ("finished", "anna")),
        ("do=approve&person=bengt", "approved", ("finished", "bengt")),
        ("do=decline", "declined", ("failed", "cancelled")),
        ("do=receive", "received", ("pending", "delivered")),
        ("do=expire", "expired", ("failed", "order-expired")),
    ] {
        let id = bench.start(DEFAULT, Order { phone: true, ..Order::default() });
        assert!(phone(&bench).await.contains(&format!("id=\"order-{id}\"")));
        assert_eq!(act(&bench, &id, fields).await, (303, format!("/phone/default?done={done}")));
        assert_eq!(phase(&bench, &id), (ends.0, ends.1.to_owned()), "{fields}");
        let told = ask(&bench, "GET", &format!("/phone/default?done={done}"), &[], "").await.2;
        assert!(told.contains("data-testid=\"said\""), "{done}");
        bench.simulation.commons.clock.tick(Millis(600_000));
    }
}

#[tokio::test]
async fn the_newest_order_stands_first_and_looking_changes_nothing() {
    let bench = Bench::new();
    let first = bench.start(DEFAULT, Order { phone: true, ..Order::default() });
    let with_page = bench.start(DEFAULT, Order::default());
    let second = bench.start(DEFAULT, Order { phone: true, ..Order::default() });
    let before = bench.simulation.providers[0].dump(first.parse().unwrap()).unwrap();
    let page = phone(&bench).await;
    assert!(page.find(&second).unwrap() < page.find(&first).unwrap());
    assert!(!page.contains(&with_page), "who has a page is not on the phone");
    let (_, _, state) = ask(&bench, "GET", "/phone/default/state", &[], "").await;
    let state: Value = serde_json::from_str(&state).unwrap();
    assert_eq!((&state[0]["id"], &state[1]["id"]), (&Value::from(second), &Value::from(first.clone())));
    assert_eq!(bench.simulation.providers[0].dump(first.parse().unwrap()).unwrap(), before);
}

#[tokio::test]
async fn mistakes_and_strangers_change_nothing() {
    let bench = Bench::new();
    let id = bench.start(DEFAULT, Order { phone: true, ..Order::default() });
    let with_page = bench.start(DEFAULT, Order::default());
    for fields in ["do=approve", "do=approve&person=nobody", "do=x", ""] {
        let (status, page) = act(&bench, &id, fields).await;
        assert!(status == 400 && page.contains("role=\"alert\""), "{fields}: {status}");
    }
    for other in [with_page.as_str(), "x", "0b2c1a9e-1111-4222-8333-444455556666"] {
        assert_eq!(act(&bench, other, "do=decline").await, (303, "/phone/default?done=late".to_owned()));
    }
    let form = format!("session={id}&do=decline");
    for site in ["cross-site", "same-site"] {
        let (status, ..) = ask(&bench, "POST", "/phone", &[("sec-fetch-site", site)], &form).await;
        assert_eq!(status, 403);
    }
    assert_eq!(ask(&bench, "POST", "/phone/nowhere", &[], &form).await.0, 404);
    assert_eq!(ask(&bench, "GET", "/phone/nowhere", &[], "").await.0, 404);
    bench.simulation.add_space("mine", &std::collections::BTreeMap::new()).unwrap();
    assert_eq!(ask(&bench, "POST", "/phone/mine", &[], &form).await.1["location"], "/phone/mine?done=late");
    assert_eq!(phase(&bench, &id), ("pending", "outstanding".to_owned()));
    assert_eq!(phase(&bench, &with_page), ("pending", "outstanding".to_owned()));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_sent_is_answered(
        method in proptest::sample::select(vec!["GET", "POST", "PUT"]),
        path in proptest::sample::select(vec!["/phone", "/phone/default", "/phone/default/state", "/phone/x%ff", "/"]),
        action in proptest::sample::select(vec!["approve", "decline", "expire", "receive", "x"]),
        person in "[a-z%&=]{0,12}",
        raw in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let bench = Bench::new();
            let id = bench.start(DEFAULT, Order { phone: true, ..Order::default() });
            let raw = String::from_utf8_lossy(&raw);
            for body in [format!("session={id}&do={action}&person={person}"), raw.into_owned()] {
                let (status, _, page) = ask(&bench, method, path, &[], &body).await;
                assert!((200..500).contains(&status), "{status}: {page}");
            }
        });
    }
}

#[tokio::test]
async fn the_table_is_the_page() {
    let bench = Bench::new();
    let empty = phone(&bench).await;
    let id = bench.start(DEFAULT, Order { phone: true, reference: Some("case-1".into()), ..Order::default() });
    let full = ask(&bench, "GET", "/phone?done=approved", &[], "").await.2;
    let wrong = act(&bench, &id, "do=x").await.1;
    let ids = |page: &str| -> BTreeSet<String> {
        page.split("data-testid=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let shown: BTreeSet<String> = [&empty, &full, &wrong].into_iter().flat_map(|page| ids(page)).collect();
    let rows = TABLE.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|line| line.split('|').nth(1));
    let listed: BTreeSet<String> =
        cells.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned)).collect();
    assert_eq!(shown, listed);
    assert!(TABLE.contains("data-page-version=\"1\"") && full.contains("data-page-version=\"1\""));
}
