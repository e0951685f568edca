//! The browser flow: a page where somebody decides.

use super::party::{BACK, Party};

async fn opened(party: &mut Party) -> String {
    let id = party.client_id.clone();
    let fields = [
        ("client_id", &*id),
        ("redirect_uri", BACK),
        ("scope", "openid profile"),
        ("response_type", "code"),
        ("state", "s1"),
        ("ui_locales", "sv"),
        ("acr_values", "urn:signicat:oidc:method:sbid-inapp"),
        ("display", "page"),
    ];
    let answer = party.authorize_plainly(&fields, "text/html,application/xhtml+xml,*/*;q=0.8").await;
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.location().strip_prefix("http://sim.test").unwrap().to_owned()
}

#[tokio::test]
async fn a_person_finishes_as_somebody_and_the_service_gets_a_code() {
    let mut party = Party::new();
    let page = opened(&mut party).await;
    let shown = party.get(&page, &[]).await;
    assert_eq!(shown.status, 200);
    let text = String::from_utf8_lossy(&shown.body).into_owned();
    assert!(text.contains("lang=\"sv\"") && text.contains("Legitimera") && text.contains("value=\"bengt\""), "{text}");
    let answer = party.post(&page, &[("do", "confirm"), ("person", "bengt")], &[]).await;
    let (hops, back) = party.follow(&answer.location()).await;
    assert_eq!(hops, 1);
    let tokens = party.exchange(&back.query()["code"], &[]).await.json();
    let told = party.fetch("userinfo", tokens["access_token"].as_str().unwrap()).await.json();
    assert_eq!(told["given_name"], "Bengt");
    assert!(told.get("signicat.national_id").is_none(), "only with its scope");
}

#[tokio::test]
async fn cancelling_expiring_and_failing_go_back_with_an_error() {
    for (query, urn) in [("?then=cancel", "usercancel"), ("?then=fail&reason=exception", "internal")] {
        let mut party = Party::new();
        let page = opened(&mut party).await;
        let answer = party.get(&format!("{page}{query}"), &[]).await;
        assert_eq!(answer.status, 302, "{query}: {answer:?}");
        let said = answer.query();
        assert_eq!((&*said["error"], &*said["state"]), ("access_denied", "s1"));
        assert!(said["error_description"].contains(urn), "{said:?}");
    }
    let mut party = Party::new();
    let page = opened(&mut party).await;
    party.pass(180_000);
    let answer = party.get(&format!("{page}go"), &[]).await;
    assert!(answer.query()["error_description"].contains("expired"), "{answer:?}");
}

#[tokio::test]
async fn what_nobody_can_do_is_said_on_the_page() {
    let mut party = Party::new();
    let page = opened(&mut party).await;
    for fields in [
        [("do", "confirm"), ("person", "nobody")],
        [("do", "dance"), ("person", "anna")],
        [("do", "fail"), ("reason", "x")],
    ] {
        let answer = party.post(&page, &fields, &[]).await;
        assert_eq!(answer.status, 400, "{fields:?}");
        assert!(String::from_utf8_lossy(&answer.body).contains("data-testid=\"problem\""));
    }
    assert_eq!(party.get("/std/method/motpart/page/x/", &[]).await.status, 404);
}
