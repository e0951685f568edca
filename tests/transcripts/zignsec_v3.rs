//! ZignSec v3: the documents' examples, and every switch with every other value than the default beside the default.

use std::collections::BTreeSet;

use motpart::providers::zignsec_v3::Settings;
use serde_json::{Value, json};

use super::talk::Talk;

const PROVIDER: &str = "zignsec_v3";
const HOOK: &str = "http://rp.example/webhook";
const TARGET: &str = "http://rp.example/done";

/// A conversation that goes another way when a switch is thrown.
#[derive(Clone, Copy)]
enum Shows {
    Expiry,
    Finish,
    InFrame,
    PageEnds,
    Refused,
    SetUp,
    UnknownSession,
    Webhook,
    WebhookRefused,
    WebhookUnnamed,
    WrongToken,
}

/// Every switch, its other values, and the conversation that shows them.
fn table() -> Vec<(&'static str, Vec<Value>, Shows)> {
    vec![
        ("set_up_status", vec![json!("201")], Shows::SetUp),
        ("token_error_status", vec![json!("200")], Shows::WrongToken),
        ("validation_error_status", vec![json!("400")], Shows::Refused),
        ("unknown_session_status", vec![json!("200")], Shows::UnknownSession),
        ("finished_shape", vec![json!("bare"), json!("with-result")], Shows::Finish),
        ("identity_names", vec![json!("camel")], Shows::Finish),
        ("number_form", vec![json!("etsi")], Shows::Finish),
        ("unset", vec![json!("empty")], Shows::Finish),
        ("identification_date", vec![json!("seconds"), json!("utc")], Shows::Finish),
        ("webhook_retries", vec![json!("legacy")], Shows::WebhookRefused),
        ("webhook_body", vec![json!("escaped"), json!("pretty")], Shows::Webhook),
        ("post_message", vec![json!("text")], Shows::InFrame),
        ("account_webhook", vec![json!("http://rp.example/account-webhook")], Shows::WebhookUnnamed),
        ("return_url", vec![json!("http://rp.example/back")], Shows::PageEnds),
        ("redirect_url_expiration_minutes", vec![json!(5)], Shows::Expiry),
        ("disabled_methods", vec![json!(["SmartID/auth"])], Shows::SetUp),
    ]
}

fn jaan(more: &Value) -> Value {
    let mut fields = json!({ "countryCode": "EE", "identifierType": "PersonalNumber", "identifier": "38709149810" });
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    fields
}

impl Shows {
    async fn play(self, talk: &mut Talk) {
        match self {
            Self::Expiry => {
                talk.start("swissid", &json!({})).await;
                talk.pass("5m");
                talk.result().await;
            }
            Self::Finish => {
                talk.start("smartid/auth", &jaan(&json!({}))).await;
                talk.confirm(None);
                talk.result().await;
            }
            Self::InFrame => {
                talk.start("swissid", &json!({ "target": TARGET })).await;
                talk.page("the person cancels in an iframe", "?then=cancel&framed=1").await;
            }
            Self::PageEnds => {
                talk.start("swissid", &json!({ "webhook": HOOK, "relayState": "case-1" })).await;
                talk.page("the person authenticates at the page", "?then=confirm").await;
                talk.result().await;
            }
            Self::Refused => {
                talk.start("smartid/auth", &jaan(&json!({ "countryCode": "SE" }))).await;
            }
            Self::SetUp => {
                talk.start("smartid/auth", &jaan(&json!({}))).await;
            }
            Self::UnknownSession => {
                let text = "GET /v3/eid/smartid/bc539499-4953-4b54-8743-b1adb8d4de78\nAuthorization: {{token}}";
                talk.ask("the service asks for a result that nobody knows", text).await;
            }
            Self::Webhook => {
                talk.start("smartid/auth", &jaan(&json!({ "webhook": HOOK }))).await;
                talk.confirm(None);
            }
            Self::WebhookRefused => {
                talk.receive(500);
                talk.start("smartid/auth", &jaan(&json!({ "webhook": HOOK }))).await;
                talk.cancel();
                talk.pass("2d");
            }
            Self::WebhookUnnamed => {
                talk.start("smartid/auth", &jaan(&json!({}))).await;
                talk.confirm(None);
            }
            Self::WrongToken => {
                let text = "POST /v3/eid/smartid/auth\nAuthorization: 11111111-e2a2-4968-b651-5352305c9fb0";
                talk.ask("a service whose token nobody knows sets a session up", text).await;
            }
        }
    }
}

#[tokio::test]
async fn every_value_of_every_switch_is_shown() {
    let defaults = serde_json::to_value(Settings::default()).unwrap();
    let members: BTreeSet<&str> = defaults.as_object().unwrap().keys().map(String::as_str).collect();
    let listed: BTreeSet<&str> = table().iter().map(|(name, ..)| *name).collect();
    assert_eq!(members, listed, "every member of the settings has a conversation");
    for (switch, values, shows) in table() {
        let play = async |talk: &mut Talk| shows.play(talk).await;
        let shown = Talk::compared(PROVIDER, (switch, &defaults[switch]), &values, false, play).await;
        insta::assert_snapshot!(format!("switch__{switch}"), shown);
    }
}

/// The examples as they stand, with only the host changed; the person is made up, since the documents' may be somebody.
#[tokio::test]
async fn the_examples_of_the_documents_work_as_they_stand() {
    let mut talk = Talk::at(PROVIDER);
    talk.start("smartid/auth", &jaan(&json!({ "webhook": HOOK }))).await;
    talk.confirm(None);
    let result = "GET /v3/eid/smartid/{{session}}\nAuthorization: {{token}}";
    talk.ask("the service asks for the result", result).await;
    talk.start(
        "smartid/sign",
        &jaan(&json!({ "countryCode": "LT", "identifier": "38102279937", "displayText": "Avtal 7" })),
    )
    .await;
    talk.confirm(Some("rasa"));
    talk.result().await;
    let swissid = json!({
        "scopes": "openid profile email phone", "webhook": "", "target": TARGET, "targetError": "", "relayState": "my-session-id",
        "environment": "Test", "language": "en", "acrValues": "qoa1",
    });
    talk.start("swissid", &swissid).await;
    talk.page("the person authenticates at the page", "?then=confirm").await;
    talk.result().await;
    talk.start("smartid/auth", &json!({})).await;
    talk.start("sbid", &json!({})).await;
    insta::assert_snapshot!("documents", talk.text());
}
