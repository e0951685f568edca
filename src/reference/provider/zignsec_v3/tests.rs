//! The client against the simulator, and against bodies of both spellings.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::crypto::mac;
use crate::dial::{DialOptions, Dialer};
use crate::identity::Country;
use crate::reference::provider::{FailureKind, Level, Onward, Purpose};
use crate::script::SignalName;
use crate::simulation::Said;
use crate::{Motpart, Options};

const SESSION: &str = "bc539499-4953-4b54-8743-b1adb8d4de78";

fn client(base: &str, token: &str, flaws: &[Flaw]) -> ZignsecV3 {
    ZignsecV3::new(ClientOptions {
        base: base.parse().unwrap(),
        token: token.into(),
        timeout: Duration::from_secs(5),
        dialer: Dialer::new(&DialOptions::default()).unwrap(),
        flaws: flaws.iter().copied().collect(),
    })
}

fn order(country: Country, number: &str, purpose: Purpose) -> StartOrder {
    StartOrder {
        method: EidMethod::SmartId,
        country,
        purpose,
        level: Level::default(),
        personal_number: Some(number.into()),
        email: None,
        phone: None,
        target: "http://127.0.0.1:9/return/h".parse().unwrap(),
        target_error: "http://127.0.0.1:9/return/h?failed".parse().unwrap(),
        webhook: None,
        relaystate: "h".into(),
        language: "en",
    }
}

#[tokio::test]
async fn smart_id_calls_whoever_has_the_typed_number() {
    let motpart = Motpart::start(Options::default()).await.unwrap();
    let client = client(motpart.base_url().as_str(), &motpart.connection()["ZIGNSEC_V3_TOKEN"], &[]);
    let commons = &motpart.simulation().commons;
    let provider = motpart.simulation().provider("zignsec-v3").unwrap();
    for country in [Country::Ee, Country::Lv, Country::Lt] {
        let person = commons.persons().default_for(country);
        for purpose in [Purpose::Identify, Purpose::Sign { text: "Hyresavtal för Örjan".into() }] {
            let signs = purpose != Purpose::Identify;
            let started = client.begin(&order(country, person.number.expose(), purpose)).await.unwrap();
            assert_eq!((started.onward, started.session.memory.as_str()), (Onward::App, "smartid"));
            assert_eq!(client.ask(&started.session).await, Ok(Evidence::Pending), "{country}");
            let id = started.session.id.parse().unwrap();
            provider.signal(id, &Said::plain(SignalName::Confirmed)).unwrap();
            let evidence = client.ask(&started.session).await.unwrap();
            let Evidence::Finished(identity) = evidence else { panic!("{country}: {evidence:?}") };
            assert_eq!(identity.number, person.number);
            assert!(identity.came_by(EidMethod::SmartId) && !identity.came_by(EidMethod::SeBid));
            assert_eq!(identity.is_signature(), signs);
        }
    }
    let person = commons.persons().default_for(Country::Ee);
    let started = client.begin(&order(Country::Ee, person.number.expose(), Purpose::Identify)).await.unwrap();
    provider.signal(started.session.id.parse().unwrap(), &Said::plain(SignalName::Cancelled)).unwrap();
    let ended = client.ask(&started.session).await.unwrap();
    assert!(matches!(ended, Evidence::Failed(FailureKind::Cancelled, _)), "{ended:?}");
    let refused = client.begin(&order(Country::Ee, "1", Purpose::Identify)).await;
    assert!(matches!(refused, Err(StartError::Refused { .. })), "{refused:?}");
    motpart.stop().await;
}

#[test]
fn both_spellings_of_an_identity_are_read_and_a_mixture_is_not() {
    let client = client("http://127.0.0.1:9/", "token", &[]);
    let post = |identity: Value| {
        let body =
            json!({"id": SESSION, "errors": [], "identity": identity, "method": "smartid/auth", "relayState": "r"});
        let body = body.to_string();
        let mut headers = HeaderMap::new();
        let signature = mac::hmac_sha256_hex(b"token", body.as_bytes());
        headers.insert("x-zignsec-hmac-sha256", signature.parse().unwrap());
        let notice = Client::webhook(&client, &headers, body.as_bytes()).unwrap();
        assert_eq!((notice.session.as_str(), notice.relaystate.as_deref()), (SESSION, Some("r")));
        client.read_notice(body.as_bytes()).unwrap().1
    };
    for identity in [
        json!({"countryCode": "EE", "personalNumber": "30303039914", "fullName": "Test", "idProviderName": "SmartID"}),
        json!({"CountryCode": "EE", "PersonalNumber": "30303039914", "FullName": "Test", "IdProviderName": "SmartID"}),
    ] {
        let Evidence::Finished(proven) = post(identity) else { panic!("finished") };
        assert_eq!((proven.country, proven.number.expose()), (Country::Ee, "30303039914"));
    }
    let double = json!({"countryCode": "EE", "personalNumber": "30303039914", "PersonalNumber": "30303039903"});
    assert!(matches!(post(double), Evidence::Contradictory(_)));
    let swiss =
        json!({"countryCode": "CH", "fullName": "Test", "idProviderPersonId": "x", "idProviderName": "SwissID"});
    assert!(matches!(post(swiss), Evidence::NoNumber(summary) if summary.country.is_none()));
}
