//! What people do on the page, and what comes of it.

use std::time::Duration;

use super::*;
use crate::identity::Persons;
use crate::providers::zignsec_v2::order::{LoginHint, Scope};
use crate::providers::zignsec_v2::switches::WebhookOrder;
use crate::providers::zignsec_v2::{Channel, Cpr};
use crate::script::{Millis, Reason, SignalName};
use crate::simulation::Said;

#[tokio::test]
async fn choosing_confirms_and_sends_the_browser_back() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    let page = world.get(id, "").await;
    assert_eq!(page.status, StatusCode::OK);
    let done = world.post(id, "do=confirm&person=bengt&framed=&elsewhere=").await;
    assert_eq!(done.status, StatusCode::FOUND);
    assert_eq!(done.location(), format!("http://app.example/klar?a=1&relaystate={id}&service=eIDBasic"));
    assert_eq!(world.finished_as(id), "bengt");
    let returned = world.sessions.look(id, |session, _| session.tally.returned).unwrap();
    assert_eq!(returned, Some(world.commons.clock.now()));
}

#[tokio::test]
async fn cancel_and_failure_go_to_the_target_for_errors() {
    let world = World::new();
    for (form, reason) in [
        ("do=cancel", Reason::Cancelled),
        ("do=fail&reason=certificate-error", Reason::CertificateError),
        ("do=fail&reason=order-expired", Reason::OrderExpired),
    ] {
        let bad = Some("http://app.example/fel#x".to_owned());
        let relaystate = Some("case 7".to_owned());
        let id = world.start(Order { target_error: bad, relaystate, ..order(Method::Sbid) });
        let ended = world.post(id, form).await;
        assert_eq!(ended.location(), "http://app.example/fel?relaystate=case+7&service=eIDBasic#x");
        assert_eq!(world.phase(id), Phase::Failed(reason));
    }
    let id = world.start(order(Method::Sbid));
    assert!(world.post(id, "do=cancel").await.location().starts_with("http://app.example/klar?a=1&"));
}

#[tokio::test]
async fn a_code_joins_the_target_for_errors_only_where_the_switch_says_so() {
    let world = World::new();
    world.set(|settings| {
        settings.target_error_query = crate::providers::zignsec_v2::switches::ErrorQuery::WithCode;
    });
    let id = world.start(order(Method::Sbid));
    assert!(world.post(id, "do=cancel").await.location().ends_with("&service=eIDBasic&error=USER_CANCEL"));
    let id = world.start(order(Method::Sbid));
    assert!(world.get(id, "?then=confirm").await.location().ends_with("&service=eIDBasic"));
}

#[tokio::test]
async fn nobody_but_the_requested_person_completes_an_order_with_a_number() {
    let world = World::new();
    let id = world.start(Order { number: annas(), ..order(Method::Sbid) });
    assert!(world.get(id, "").await.has("only-one"));
    world.post(id, "do=confirm&person=bengt").await;
    assert_eq!(world.phase(id), Phase::Failed(Reason::WrongPerson));
    // Nor does one whose script would finish.
    let id = world.start(Order { number: annas(), ..order(Method::Sbid) });
    world.post(id, "do=confirm&person=maja").await;
    assert_eq!(world.phase(id), Phase::Failed(Reason::WrongPerson));
    let id = world.start(Order { number: annas(), ..order(Method::Sbid) });
    world.post(id, "do=confirm&person=anna").await;
    assert_eq!(world.finished_as(id), "anna");
}

#[tokio::test]
async fn in_denmark_anyone_can_log_in() {
    let world = World::new();
    let [asked, other] = two_of(Country::Dk);
    let id = world.start(Order { number: Some(Held(asked.number.clone())), ..order(Method::Nemid) });
    world.post(id, &format!("do=confirm&person={}", other.name)).await;
    assert_eq!(world.finished_as(id), other.name);
}

#[tokio::test]
async fn magic_people_play_their_own_script_from_there() {
    let world = World::new();
    for (name, reason) in [("nils", Reason::Cancelled), ("petra", Reason::CertificateError)] {
        for method in [Method::SbidAnother, Method::NbidMobile, Method::Nemid] {
            let id = world.start(order(method));
            let answer = world.post(id, &format!("do=confirm&person={name}")).await;
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "./go"));
            world.sessions.older(id, Millis(2_000)).unwrap();
            assert_eq!(world.phase(id), Phase::Failed(reason));
            assert_eq!(world.get(id, "go").await.status, StatusCode::FOUND);
        }
    }
    // A Swede cannot log in at NemID: the usual Dane does, as the magic one would have.
    let id = world.start(order(Method::Nemid));
    world.post(id, "do=confirm&person=maja").await;
    world.sessions.older(id, Millis(2_000)).unwrap();
    assert_eq!(world.finished_as(id), Persons::bundled().default_for(Country::Dk).name);
}

#[tokio::test]
async fn opening_starts_the_three_minutes() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    world.sessions.older(id, Millis(600_000)).unwrap();
    assert!(world.phase(id).is_pending());
    world.get(id, "").await;
    world.sessions.older(id, Millis(30_000)).unwrap();
    let state: serde_json::Value = serde_json::from_str(&world.get(id, "state").await.body).unwrap();
    assert_eq!((&state["phase"], &state["stage"], &state["left"]), (&"pending".into(), &"who".into(), &"2:30".into()));
    world.sessions.older(id, Millis(150_000)).unwrap();
    assert_eq!(world.phase(id), Phase::Failed(Reason::OrderExpired));
}

#[tokio::test]
async fn a_chooser_and_the_first_page_of_norway_come_before_the_person() {
    let world = World::new();
    let id = world.start(order(Method::Chooser(Country::No)));
    assert!(world.get(id, "").await.has("method-nbid_oidc"));
    assert_eq!(world.post(id, "do=method&method=nbid_oidc").await.location(), "./go");
    assert!(world.get(id, "go").await.has("device-mobile"));
    world.post(id, "do=device&device=mobile").await;
    let channel = world.sessions.look(id, |session, _| session.state.channel(&session.order)).unwrap();
    assert_eq!(channel, Some(Channel::Mobile));
    assert!(world.get(id, "go").await.has("confirm"));
    // The button's word comes after the form's own.
    let id = world.start(order(Method::Chooser(Country::No)));
    world.post(id, "do=method&do=cancel").await;
    assert_eq!(world.phase(id), Phase::Failed(Reason::Cancelled));
    let hinted = LoginHint { channel: Some(Channel::Web), skips_first_page: true };
    let id = world.start(Order { login_hint: hinted, ..order(Method::NbidOidc) });
    assert!(world.get(id, "").await.has("confirm"));
}

#[tokio::test]
async fn norwegian_scopes_ask_for_consent() {
    let world = World::new();
    let scope = Scope { nnin: true, phone: true, ..Scope::default() };
    let norwegian = &two_of(Country::No)[0].name;
    let start = || world.start(Order { scope, ..order(Method::NbidMobile) });
    let id = start();
    world.post(id, &format!("do=confirm&person={norwegian}")).await;
    let page = world.get(id, "go").await;
    assert!(page.has("agree") && page.body.contains("National identity number") && !page.body.contains("E-mail"));
    assert!(world.phase(id).is_pending());
    world.post(id, &format!("do=agree&person={norwegian}")).await;
    assert_eq!(&world.finished_as(id), norwegian);
    let id = start();
    world.post(id, &format!("do=confirm&person={norwegian}")).await;
    world.post(id, "do=decline").await;
    assert_eq!(world.phase(id), Phase::Failed(Reason::Cancelled));
    let id = start();
    world.get(id, &format!("?as={norwegian}&then=agree")).await;
    assert_eq!(&world.finished_as(id), norwegian);
    let id = world.start(Order { scope: Scope { nnin_altsub: true, ..Scope::default() }, ..order(Method::NbidMobile) });
    world.post(id, &format!("do=confirm&person={norwegian}")).await;
    assert_eq!(&world.finished_as(id), norwegian);
}

#[tokio::test]
async fn the_cpr_number_is_matched_and_three_wrong_ones_end_it() {
    let world = World::new();
    let [dane, other] = two_of(Country::Dk);
    let start = || world.start(Order { ask_for_cpr: true, ..order(Method::Nemid) });
    let id = start();
    world.post(id, &format!("do=confirm&person={}", dane.name)).await;
    assert!(world.get(id, "go").await.has("cpr"));
    let malformed = world.post(id, "do=cpr&cpr=12").await;
    assert_eq!(malformed.status, StatusCode::BAD_REQUEST);
    world.post(id, &format!("do=cpr&cpr={}", other.number.expose())).await;
    let page = world.get(id, "go").await;
    assert!(page.has("cpr-wrong") && page.body.contains("Attempts left: 2"));
    assert!(!page.body.contains(other.number.expose()));
    assert!(!world.journal().iter().any(|line| line.contains(other.number.expose())));
    world.post(id, &format!("do=cpr&cpr={}", dane.number.expose())).await;
    assert_eq!(world.finished_as(id), dane.name);
    assert_eq!(world.sessions.look(id, |session, _| session.state.cpr).unwrap(), Cpr::Matched);
    let id = start();
    for _ in 0..3 {
        world.get(id, &format!("?as={}&then=wrong-cpr", dane.name)).await;
    }
    assert_eq!(world.phase(id), Phase::Failed(Reason::WrongPerson));
    let id = start();
    world.get(id, &format!("?as={}&then=cpr", dane.name)).await;
    assert_eq!(world.finished_as(id), dane.name);
}

#[tokio::test]
async fn a_text_to_sign_is_shown_as_it_is() {
    let world = World::new();
    let text = Some("Jag köper <b>allt</b>\r\noch\rlite\ntill".to_owned());
    let id = world.start(Order { number: annas(), text, ..order(Method::SbidSign) });
    let page = world.get(id, "").await;
    assert!(page.body.contains("Jag köper &#60;b&#62;allt&#60;/b&#62;\noch\nlite\ntill"), "{}", page.body);
}

#[tokio::test]
async fn the_code_changes_each_second_and_is_shown_where_it_is_documented() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    let page = world.get(id, "").await;
    assert!(page.has("qr") && page.has("start-app") && page.body.contains("bankid:///?autostarttoken="));
    let first = world.get(id, "qr.svg").await;
    assert_eq!(first.head[header::CONTENT_TYPE], "image/svg+xml");
    world.sessions.older(id, Millis(1_000)).unwrap();
    assert_ne!(world.get(id, "qr.svg").await.body, first.body);
    let id = world.start(order(Method::Sbid));
    let page = world.get(id, "").await;
    assert!(!page.has("qr") && page.has("start-app"));
    assert_eq!(world.get(id, "qr.svg").await.status, StatusCode::NOT_FOUND);
    let id = world.start(Order { auto_start_required: true, ..order(Method::Sbid) });
    assert!(world.get(id, "").await.has("qr"));
    world.post(id, "do=start").await;
    assert!(world.get(id, "go").await.body.contains("The app has the order."));
}

#[tokio::test]
async fn a_link_that_ended_well_leads_back_again_and_again() {
    let world = World::new();
    let id = world.start(Order { allow_retries: true, ..order(Method::SbidAnother) });
    let first = world.get(id, "?as=anna&then=confirm").await;
    for part in ["", "go", "?as=bengt&then=confirm", "?then=cancel"] {
        let again = world.get(id, part).await;
        assert_eq!((again.status, again.location()), (StatusCode::FOUND, first.location()));
    }
    assert_eq!(world.finished_as(id), "anna");
}

#[tokio::test]
async fn a_failed_link_begins_anew_only_where_retries_are_allowed() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    world.post(id, "do=cancel").await;
    assert_eq!(world.get(id, "").await.status, StatusCode::FOUND);
    let id = world.start(Order { allow_retries: true, ..order(Method::SbidAnother) });
    world.post(id, "do=cancel").await;
    // The page that refreshes itself leads back; opening the link begins anew.
    assert_eq!(world.get(id, "go").await.status, StatusCode::FOUND);
    assert_eq!(world.get(id, "").await.status, StatusCode::OK);
    assert!(world.phase(id).is_pending());
    world.post(id, "do=confirm&person=anna").await;
    assert_eq!(world.finished_as(id), "anna");
}

#[tokio::test]
async fn a_link_that_nobody_opened_in_time_is_gone_in_its_own_language() {
    let world = World::new();
    let language = crate::providers::zignsec_v2::Language::Fi;
    let id = world.start(Order { language, allow_retries: true, ..order(Method::SbidAnother) });
    world.sessions.older(id, Millis(8 * 24 * 3_600_000)).unwrap();
    let gone = world.get(id, "").await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.body.contains("Linkki on vanhentunut") && gone.body.contains("lang=\"fi\""));
    assert_eq!(world.phase(id), Phase::Failed(Reason::LinkExpired));
}

#[tokio::test]
async fn without_a_target_the_account_decides_and_then_the_page() {
    let world = World::new();
    let id = world.start(Order { target: None, ..order(Method::SbidAnother) });
    let done = world.get(id, "?then=confirm").await;
    assert!(done.status == StatusCode::OK && done.body.contains("data-notice=\"done\""));
    let id = world.start(Order { target: None, ..order(Method::SbidAnother) });
    assert!(world.get(id, "?then=cancel").await.has("reason-shown"));
    world.set(|settings| settings.return_url = Some("http://app.example/".into()));
    let id = world.start(Order { target: None, ..order(Method::SbidAnother) });
    assert!(world.get(id, "?then=confirm").await.location().starts_with("http://app.example/?relaystate="));
}

#[tokio::test]
async fn another_browser_is_given_the_address_instead_of_being_sent() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    assert!(world.get(id, "?elsewhere=1").await.has("elsewhere-on"));
    let shown = world.post(id, "do=confirm&person=anna&elsewhere=1").await;
    assert!(shown.status == StatusCode::OK && shown.has("return-address"));
    let address = format!("http://app.example/klar?a=1&#38;relaystate={id}&#38;service=eIDBasic");
    assert!(shown.body.contains(&format!("href=\"{address}\" target=\"_blank\" rel=\"noopener noreferrer\"")));
}

#[tokio::test]
async fn a_parent_is_told_by_message_before_the_frame_goes_on() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    let told = world.post(id, "do=cancel&framed=1").await;
    assert!(told.status == StatusCode::OK && told.has("onward"));
    assert!(
        told.body
            .contains(&format!("data-token=\"{id}\" data-errorcode=\"USER_CANCEL\" data-error=\"Action cancelled\""))
    );
    assert!(!told.body.contains("data-as-text"));
    world.set(|settings| settings.post_message = crate::providers::zignsec_v2::switches::PostMessage::Text);
    let id = world.start(order(Method::SbidAnother));
    let request = Request::get(format!("/v2/Hosted/{id}/x/?then=confirm")).header("Sec-Fetch-Dest", "iframe");
    let told = world.ask(request.body(Body::empty()).unwrap()).await;
    assert!(
        told.body.contains("data-errorcode=\"\" data-error=\"\" data-as-text=\"1\" data-onward=\"http://app.example/")
    );
}

#[tokio::test]
async fn somebody_elsewhere_may_end_it_and_the_page_follows() {
    let world = World::new();
    let id = world.start(order(Method::SbidAnother));
    world.get(id, "").await;
    let said = Said { person: world.commons.persons().by_name("eva").cloned(), ..Said::plain(SignalName::Confirmed) };
    world.sessions.signal(id, &said).unwrap();
    assert!(world.get(id, "state").await.body.contains("\"finished\""));
    assert_eq!(world.get(id, "go").await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn a_log_in_that_waited_for_the_relying_party_is_completed_by_the_next_look() {
    let world = World::new();
    let [dane, _] = two_of(Country::Dk);
    let id = world.start(order(Method::Nemid));
    world.get(id, "").await;
    let asked = |cpr| {
        world.sessions.look(id, |session, _| {
            session.state.login = Some(dane.clone());
            session.state.cpr = cpr;
        })
    };
    asked(Cpr::Asking).unwrap();
    assert!(world.get(id, "go").await.has("asking"));
    asked(Cpr::Skipped).unwrap();
    assert!(world.get(id, "state").await.body.contains("\"finished\""));
    assert_eq!(world.finished_as(id), dane.name);
}

#[tokio::test]
async fn the_relying_party_is_asked_whether_the_cpr_number_is_wanted() {
    let world = World::new();
    let [dane, _] = two_of(Country::Dk);
    let server = wiremock::MockServer::start().await;
    let asked = wiremock::Mock::given(wiremock::matchers::query_param("pid", dane.person_id.as_str()));
    asked
        .respond_with(wiremock::ResponseTemplate::new(200).set_body_string(r#"{"askForCpr":true}"#))
        .mount(&server)
        .await;
    let callback = Some(format!("{}/?pid=@IdProviderPersonId@", server.uri()));
    let id = world.start(Order { ask_for_cpr_callback: callback, ..order(Method::Nemid) });
    let driving = tokio::spawn(world.simulation.clone().drive());
    let confirm = format!("do=confirm&person={}", dane.name);
    let answer = tokio::time::timeout(Duration::from_secs(5), world.post(id, &confirm)).await.unwrap();
    driving.abort();
    assert_eq!(answer.location(), "./go");
    assert!(world.get(id, "go").await.has("cpr"));
}

#[tokio::test]
async fn the_webhook_is_tried_before_the_browser_is_sent_back_and_once_only() {
    let world = World::new();
    let receiver = wiremock::MockServer::start().await;
    wiremock::Mock::given(wiremock::matchers::any())
        .respond_with(wiremock::ResponseTemplate::new(200))
        .mount(&receiver)
        .await;
    let id = world.start(Order { webhook: Some(receiver.uri()), ..order(Method::SbidAnother) });
    let driving = tokio::spawn(world.simulation.clone().drive());
    assert_eq!(world.post(id, "do=confirm&person=anna").await.status, StatusCode::FOUND);
    assert_eq!(receiver.received_requests().await.unwrap().len(), 1);
    assert_eq!(world.get(id, "").await.status, StatusCode::FOUND);
    driving.abort();
    assert_eq!(world.commons.outbox.deliveries(id).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_webhook_that_hangs_is_waited_for_two_seconds_or_not_at_all() {
    // Nobody drives this simulation: no webhook is ever sent.
    let world = World::new();
    for (order_of, seconds) in [(WebhookOrder::BeforeRedirect, 2), (WebhookOrder::AfterRedirect, 0)] {
        world.set(|settings| settings.webhook_order = order_of);
        let id = world.start(Order { webhook: Some("http://127.0.0.1:9/".into()), ..order(Method::SbidAnother) });
        let began = tokio::time::Instant::now();
        assert_eq!(world.post(id, "do=confirm&person=anna").await.status, StatusCode::FOUND);
        assert_eq!(began.elapsed().as_secs(), seconds);
    }
}

fn two_of(country: Country) -> [Arc<crate::identity::Person>; 2] {
    let persons = Persons::bundled();
    let first = persons.default_for(country);
    let second = persons.someone_else(&first);
    [first, second]
}
