//! The client against the simulator, and against servers that misbehave.

use http::Request;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::reference::provider::{Level, Purpose};
use crate::simulation::programme::{Criteria, Overlay};
use crate::{Motpart, Options};

fn order(method: EidMethod, personal_number: Option<&str>) -> StartOrder {
    StartOrder {
        method,
        country: method.countries()[0],
        purpose: Purpose::Identify,
        level: Level::default(),
        email: None,
        phone: None,
        personal_number: personal_number.map(str::to_owned),
        target: "http://127.0.0.1:9/return/h".parse().unwrap(),
        target_error: "http://127.0.0.1:9/return/h?failed".parse().unwrap(),
        webhook: None,
        relaystate: "h".into(),
        language: "sv",
    }
}

fn of(motpart: &Motpart, flaws: &[Flaw]) -> ZignsecV2 {
    client(motpart.base_url().as_str(), &motpart.connection()["ZIGNSEC_V2_TOKEN"], flaws)
}

/// What a person does on the provider's page, by its documented shortcuts.
async fn visit(started: &Started, query: &str) {
    let url = format!("{}?{query}", started.redirect_url().unwrap());
    let request = Request::get(url).body(Bytes::new()).unwrap();
    let dialer = Dialer::new(&DialOptions::default()).unwrap();
    let answer = dialer.send(request, Duration::from_secs(5), LARGEST).await.unwrap();
    assert!(matches!(answer.status, 200 | 302 | 303), "{query}: {}", answer.status);
}

#[tokio::test]
async fn people_of_four_countries_are_identified() {
    let motpart = Motpart::start(Options::default()).await.unwrap();
    let client = of(&motpart, &[]);
    let persons = motpart.simulation().commons.persons();
    for (method, then) in [
        (EidMethod::SeBid, "confirm"),
        (EidMethod::NoBid, "agree"),
        (EidMethod::DkMitid, "cpr"),
        (EidMethod::FiBank, "confirm"),
    ] {
        let person = persons.default_for(method.countries()[0]);
        let started = client.start(&order(method, None)).await.unwrap();
        assert_eq!(client.fetch(&started.session.id).await, Ok(Evidence::Pending), "{method:?}");
        visit(&started, &format!("as={}&then={then}", person.name)).await;
        let evidence = client.fetch(&started.session.id).await.unwrap();
        let Evidence::Finished(identity) = evidence else { panic!("{method:?}: {evidence:?}") };
        assert_eq!(identity.number, person.number);
        assert!(identity.came_by(method) && identity.date.is_some());
    }
    motpart.stop().await;
}

#[tokio::test]
async fn a_typed_number_is_verified_by_the_provider_and_only_its_answer_counts() {
    let motpart = Motpart::start(Options::default()).await.unwrap();
    let client = of(&motpart, &[]);
    let persons = motpart.simulation().commons.persons();
    let dane = persons.default_for(Country::Dk);
    let typed = dane.number.expose();
    let typed = format!("{}-{}", &typed[..6], &typed[6..]);
    // The number was typed by the person who logs in: MatchPidCpr tells it.
    let started = client.start(&order(EidMethod::DkMitid, Some(&typed))).await.unwrap();
    visit(&started, &format!("as={}&then=confirm", dane.name)).await;
    let told = client.fetch(&started.session.id).await.unwrap();
    assert!(matches!(&told, Evidence::Finished(identity) if identity.number == dane.number), "{told:?}");
    // It was typed by somebody else.
    let started = client.start(&order(EidMethod::DkMitid, Some(&typed))).await.unwrap();
    visit(&started, "as=someone-else&then=confirm").await;
    let untold = client.fetch(&started.session.id).await.unwrap();
    assert!(matches!(&untold, Evidence::NoNumber(summary) if summary.country == Some(Country::Dk)), "{untold:?}");
    // Who compares what was sent, is fooled by that.
    let fooled = of(&motpart, &[Flaw::ComparesWhatItSent]);
    let started = fooled.start(&order(EidMethod::DkMitid, Some(&typed))).await.unwrap();
    visit(&started, "as=someone-else&then=confirm").await;
    let echo = fooled.fetch(&started.session.id).await.unwrap();
    assert!(matches!(&echo, Evidence::Finished(identity) if identity.number == dane.number), "{echo:?}");
    motpart.stop().await;
}

#[tokio::test]
async fn a_swede_signs_a_text_with_the_number_as_they_typed_it() {
    let motpart = Motpart::start(Options::default()).await.unwrap();
    let client = of(&motpart, &[]);
    let purpose = Purpose::Sign { text: "Hyresavtal för Örjan".into() };
    let signing = |typed| StartOrder { purpose: purpose.clone(), ..order(EidMethod::SeBid, typed) };
    let started = client.start(&signing(Some("850101-2382"))).await.unwrap();
    let view = motpart.simulation().provider("zignsec-v2").unwrap().view(started.session.id.parse().unwrap()).unwrap();
    assert_eq!(view.text.as_deref(), Some("Hyresavtal för Örjan"));
    visit(&started, "as=anna&then=confirm").await;
    let signed = client.fetch(&started.session.id).await.unwrap();
    assert!(matches!(&signed, Evidence::Finished(identity) if identity.is_signature()), "{signed:?}");
    for typed in [None, Some("850101")] {
        let refused = client.start(&signing(typed)).await;
        assert_eq!(refused, Err(StartError::Refused { codes: vec!["INVALID_PERSONALNUMBER".into()] }));
    }
    let norwegian = client.start(&StartOrder { purpose, ..order(EidMethod::NoBid, None) }).await;
    assert!(matches!(norwegian, Err(StartError::Refused { .. })));
    motpart.stop().await;
}

#[tokio::test]
async fn what_is_no_result_is_told_apart() {
    let motpart = Motpart::start(Options::default()).await.unwrap();
    let client = of(&motpart, &[]);
    let started = client.start(&order(EidMethod::SeBid, None)).await.unwrap();
    visit(&started, "then=cancel").await;
    let cancelled = Evidence::Failed(FailureKind::Cancelled, vec!["USER_CANCEL".into()]);
    assert_eq!(client.fetch(&started.session.id).await, Ok(cancelled));
    for unknown in [SESSION, "nonsense", "../myaccount/settings/EID_Webhook_TEST", ""] {
        assert_eq!(client.fetch(unknown).await, Err(FetchError::Unknown), "{unknown}");
    }
    let stranger = super::client(motpart.base_url().as_str(), "another", &[]);
    assert!(matches!(stranger.fetch(&started.session.id).await, Err(FetchError::Unavailable(_))));
    let refused = stranger.start(&order(EidMethod::SeBid, None)).await;
    assert_eq!(refused, Err(StartError::Refused { codes: vec!["INVALID_APPID".into()] }));

    let commons = &motpart.simulation().commons;
    let arm = |script: &str| {
        let script = commons.scripts().find(script).unwrap().clone();
        let space = commons.spaces.default_space();
        space.programme.arm(Some(script), Overlay::default(), Criteria::default(), 1).unwrap();
    };
    arm("provider-unavailable");
    let started = client.start(&order(EidMethod::SeBid, None)).await.unwrap();
    let unavailable = client.fetch(&started.session.id).await;
    assert_eq!(unavailable, Err(FetchError::Unavailable("it answered with HTTP status 503".into())));
    arm("provider-500-on-start");
    let unavailable = client.start(&order(EidMethod::SeBid, None)).await;
    assert!(matches!(unavailable, Err(StartError::Unavailable(_))), "{unavailable:?}");
    arm("provider-html-always");
    let started = client.start(&order(EidMethod::SeBid, None)).await.unwrap();
    assert!(matches!(client.fetch(&started.session.id).await, Err(FetchError::Malformed(_))));
    motpart.stop().await;
    let gone = client.fetch(&started.session.id).await.unwrap_err().to_string();
    assert!(gone.contains("refused the connection") && !gone.contains(&started.session.id), "{gone}");
}

#[tokio::test]
async fn answers_that_lead_elsewhere_are_not_followed() {
    let server = MockServer::start().await;
    let elsewhere = ResponseTemplate::new(302).insert_header("location", format!("{}/elsewhere", server.uri()));
    Mock::given(method("GET")).respond_with(elsewhere).mount(&server).await;
    let client = client(&format!("{}/prefix", server.uri()), TOKEN, &[]);
    let unavailable = client.fetch(SESSION).await;
    assert_eq!(unavailable, Err(FetchError::Unavailable("it answered with HTTP status 302".into())));
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
    for redirect_url in [json!("javascript:alert(1)"), json!("bankid:///"), json!("/relative"), json!(null), json!("")]
    {
        server.reset().await;
        let body = json!({ "id": SESSION, "errors": [], "redirect_url": redirect_url });
        let answer = ResponseTemplate::new(200).set_body_json(body);
        let start =
            Mock::given(method("POST")).and(path("/prefix/v2/eid/sbid-another")).and(header("authorization", TOKEN));
        start.respond_with(answer).mount(&server).await;
        let unavailable = client.start(&order(EidMethod::SeBid, None)).await;
        assert!(matches!(unavailable, Err(StartError::Unavailable(_))), "{redirect_url}");
    }
    server.reset().await;
    let padded = json!({ "id": SESSION, "redirect_url": " https://test.zignsec.com/v2/Hosted/\r\n" });
    let answer = ResponseTemplate::new(200).set_body_json(padded);
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    let started = client.start(&order(EidMethod::SeBid, None)).await.unwrap();
    assert_eq!(started.redirect_url().unwrap(), "https://test.zignsec.com/v2/Hosted/");
}

#[tokio::test]
async fn another_sessions_result_and_a_huge_one_prove_nothing() {
    let server = MockServer::start().await;
    let client = client(&server.uri(), TOKEN, &[]);
    let other = body(json!({ "id": "ebe756c4-24db-4eb7-8b54-874434f212ec" }));
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(200).set_body_string(other)).mount(&server).await;
    assert!(matches!(client.fetch(SESSION).await, Ok(Evidence::Contradictory(_))));
    server.reset().await;
    let huge = body(json!({ "BankIDSE": { "signature": "A".repeat(LARGEST) } }));
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(200).set_body_string(huge)).mount(&server).await;
    assert!(matches!(client.fetch(SESSION).await, Err(FetchError::Unavailable(_))));
}
