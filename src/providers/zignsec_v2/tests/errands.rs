//! What is sent to the relying party.

use super::*;

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status,
        body: Bytes::copy_from_slice(body.as_bytes()),
        took: std::time::Duration::ZERO,
        headers: HeaderMap::new(),
    }
}

#[tokio::test]
async fn the_webhook_is_the_result_signed_with_the_token() {
    let world = World::new();
    let id = world.start("sbid", json!({"webhook": HOOK})).await;
    world.confirm(id, None);
    let (body, seal) = world.webhook(id);
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), world.result(id).await);
    assert_eq!(seal.unwrap(), signed(&body));
    let without = world.start("sbid", json!({})).await;
    world.confirm(without, None);
    assert!(world.notes(without).is_empty(), "to poll is a design, not a finding");
    world.switch(&json!({"account_webhook": HOOK}));
    let account = world.start("sbid", json!({})).await;
    world.fail(account, Reason::Cancelled);
    assert_eq!(world.commons.outbox.deliveries(account)[0].url, HOOK);
}

#[tokio::test]
async fn forged_webhooks_are_wrong_in_one_way_each() {
    let world = World::new();
    let right = |body: &[u8], seal: &Option<String>| seal.as_deref() == Some(&*signed(body));
    let mut honest = Value::Null;
    for (how, is_right, same_id, same_person) in [
        (None, true, true, true),
        (Some(WebhookTampering::OtherSession), true, false, true),
        (Some(WebhookTampering::PersonSwapped), false, true, false),
        (Some(WebhookTampering::Reserialised), false, true, true),
        (Some(WebhookTampering::SignatureForeignKey), false, true, true),
        (Some(WebhookTampering::SignatureMissing), false, true, true),
        (Some(WebhookTampering::SignatureTruncated), false, true, true),
    ] {
        if let Some(how) = how {
            world.forge(Tampering::Webhook(how), Occurrence::ALL);
        }
        let id = world.start("sbid", json!({"webhook": HOOK})).await;
        world.confirm(id, None);
        let (body, seal) = world.webhook(id);
        let told: Value = serde_json::from_slice(&body).unwrap();
        if how.is_none() {
            honest = told.clone();
        }
        assert_eq!(right(&body, &seal), is_right, "{how:?}");
        assert_eq!(told["id"] == id.to_string(), same_id, "{how:?}");
        let same = told["identity"]["PersonalNumber"] == honest["identity"]["PersonalNumber"];
        assert_eq!(same, same_person, "{how:?}");
        assert_eq!(seal.is_none(), how == Some(WebhookTampering::SignatureMissing));
        assert_eq!(body.windows(2).any(|pair| pair == b"\r\n"), how == Some(WebhookTampering::Reserialised));
        assert_eq!(world.result(id).await["identity"]["PersonalNumber"], "198501012382", "the result stays honest");
    }
}

#[tokio::test]
async fn the_relying_party_is_asked_and_the_result_waits_for_its_answer() {
    let world = World::new();
    let fields = json!({"AskForCprCallback": "http://rp.example/ask?pid=@IdProviderPersonId@", "webhook": HOOK});
    for (given, told) in [
        (Some(answer(200, "{\"askForCpr\":true}")), true),
        (Some(answer(200, " { \"askForCpr\" : true } ")), true),
        (Some(answer(200, "{\"askForCpr\":\"true\"}")), false),
        (Some(answer(200, "{\"askForCpr\":true,\"x\":1}")), false),
        (Some(answer(200, "[true]")), false),
        (Some(answer(200, "{\"askForCpr\":false}")), false),
        (Some(answer(500, "{\"askForCpr\":true}")), false),
        (None, false),
    ] {
        let id = world.start("nemid", fields.clone()).await;
        world.confirm(id, None);
        let now = world.commons.clock.now();
        let taken = world.commons.outbox.take_due(&world.commons.agenda, id, now).unwrap();
        let pid = world.commons.persons().default_for(Country::Dk).person_id.clone();
        assert_eq!(taken.errand().url, format!("http://rp.example/ask?pid={pid}"));
        assert_eq!(taken.request(now).unwrap().method(), "GET");
        assert_eq!(world.result(id).await["result"]["identity"]["state"], "PENDING");
        assert_eq!(world.sessions.snapshot(id).unwrap().tally.webhooks, 0);
        world.sessions.answered(id, taken.errand(), given.as_ref()).unwrap();
        assert_eq!(world.result(id).await["identity"].get("PersonalNumber").is_some(), told, "{given:?}");
        let (body, _) = world.webhook(id);
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), world.result(id).await);
    }
}

#[tokio::test]
async fn the_question_is_really_asked_and_the_webhook_follows_it() {
    use wiremock::matchers::{method, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    let world = World::new();
    let party = MockServer::start().await;
    let wish = ResponseTemplate::new(200).set_body_string("{\"askForCpr\":true}");
    Mock::given(method("GET")).and(path("/ask")).respond_with(wish).mount(&party).await;
    Mock::given(method("POST")).and(path("/hook")).respond_with(ResponseTemplate::new(204)).mount(&party).await;
    let url = party.uri();
    let fields =
        json!({"AskForCprCallback": format!("{url}/ask?pid=@IdProviderPersonId@"), "webhook": format!("{url}/hook")});
    let id = world.start("nemid", fields).await;
    world.confirm(id, None);
    let simulation =
        crate::simulation::Simulation { commons: world.commons.clone(), providers: vec![world.sessions.clone()] };
    simulation.settle().await;
    let received = party.received_requests().await.unwrap();
    let ditte = world.commons.persons().default_for(Country::Dk);
    assert_eq!(received[0].url.query(), Some(&*format!("pid={}", ditte.person_id)));
    assert_eq!(received[1].headers["x-zignsec-hmac-sha256"], *signed(&received[1].body));
    assert_eq!(received[1].headers["content-type"], "application/json; charset=utf-8");
    let told: Value = serde_json::from_slice(&received[1].body).unwrap();
    assert_eq!(told["identity"]["PersonalNumber"], ditte.number.expose());
    assert_eq!(received.len(), 2);
}

#[tokio::test]
async fn a_notice_is_the_webhook_that_would_have_been_sent() {
    use crate::simulation::Notice;

    let world = World::new();
    let id = world.start("sbid-another", json!({ "webhook": "http://rp.example/hook" })).await;
    let said = Said { signal: SignalName::Confirmed, person: Some(world.person("bengt")), reason: None };
    let notice = Notice { said: Some(said), ..Notice::default() };
    let written = world.sessions.notice(id, &notice).unwrap().webhook.unwrap();
    let body: Value = serde_json::from_slice(&written.body).unwrap();
    assert_eq!(body["id"], id.to_string());
    assert_eq!(body["identity"]["PersonalNumber"], world.person("bengt").number.expose());
    let seal = crate::crypto::mac::hmac_sha256_hex(DOCUMENTED_TOKEN.as_bytes(), &written.body);
    assert!(written.headers.contains(&("X-ZignSec-Hmac-SHA256".to_owned(), seal)), "{:?}", written.headers);
    // The session goes on as it was.
    assert_eq!(world.result(id).await["result"]["identity"]["state"], "PENDING");
    let other = Notice { how: Some(WebhookTampering::OtherSession), ..notice };
    let other = world.sessions.notice(id, &other).unwrap().webhook.unwrap();
    assert_ne!(serde_json::from_slice::<Value>(&other.body).unwrap()["id"], id.to_string());
}
