//! The gateway: the documents' own examples, and every switch with every other value than the default.

use std::collections::BTreeSet;

use motpart::providers::zignsec::WebhookBody;
use motpart::providers::zignsec_gateway::Settings;
use motpart::providers::zignsec_gateway::order::Level;
use motpart::providers::zignsec_gateway::switches::{
    Certificates, CustomIdentifier, ErrorShape, LevelRules, NumberFormat, OuterStatus, PayloadOrder, PersonSlot, Qr,
    ResultNesting, Retries, StartedStatus, SupersededStatus, TokenErrorStatus, UnknownUser, ValidationStatus,
    WebhookEvents, WebhookSignatures,
};
use serde_json::{Value, json};

use super::talk::Talk;

const PROVIDER: &str = "zignsec_gateway";
const HOOK: &str = "http://rp.example/webhook";

/// A conversation that goes another way when a switch is thrown.
#[derive(Clone, Copy)]
enum Shows {
    Approved,
    Basic,
    Certificates,
    Custom,
    Mistake,
    Scanned,
    Spelt,
    Start,
    Stranger,
    TwoOrders,
    Webhook,
    WebhookRefused,
    WrongToken,
}

/// Which conversation shows which switch, and all its values.
fn table() -> Vec<(&'static str, Shows, Vec<Value>)> {
    macro_rules! all {
        ($name:ident: $($variant:ident),+) => {{
            let _exhaustive = |value: $name| match value { $($name::$variant)|+ => () };
            vec![$(json!($name::$variant)),+]
        }};
    }
    vec![
        ("token_error_status", Shows::WrongToken, all!(TokenErrorStatus: Forbidden, Unauthorized)),
        ("validation_error_status", Shows::Mistake, all!(ValidationStatus: BadRequest, Unprocessable)),
        ("started_status", Shows::Start, all!(StartedStatus: Created, Ok)),
        ("error_shape", Shows::Mistake, all!(ErrorShape: Errors, Type)),
        ("number_format", Shows::Spelt, all!(NumberFormat: Lenient, Strict)),
        ("unknown_user", Shows::Stranger, all!(UnknownUser: Accepted, Refused)),
        ("level_rules", Shows::Basic, all!(LevelRules: Documented, Ignored)),
        ("registration_level", Shows::Basic, all!(Level: Basic, Extended, Plus)),
        ("custom_identifier", Shows::Custom, all!(CustomIdentifier: Set, Unset)),
        ("result_nesting", Shows::Approved, all!(ResultNesting: Flat, Nested)),
        ("outer_status", Shows::Approved, all!(OuterStatus: Always, Documented, Never)),
        ("payload_order", Shows::Approved, all!(PayloadOrder: AuthRefFirst, StatusFirst)),
        ("qr", Shows::Scanned, all!(Qr: Dynamic, Static)),
        ("person_slot", Shows::TwoOrders, all!(PersonSlot: Off, On)),
        ("superseded_status", Shows::TwoOrders, all!(SupersededStatus: Rejected, RpCanceled)),
        ("webhook_events", Shows::Webhook, all!(WebhookEvents: All, Final)),
        ("webhook_signatures", Shows::Webhook, all!(WebhookSignatures: One, OwnFirst, OwnLast)),
        ("webhook_retries", Shows::WebhookRefused, all!(Retries: Once, ThreeTimes)),
        ("webhook_body", Shows::Webhook, all!(WebhookBody: Compact, Escaped, Pretty)),
        ("certificates", Shows::Certificates, all!(Certificates: Offered, PastToo, Unavailable)),
        ("disabled_methods", Shows::Start, vec![json!([]), json!(["freja_id_ssn"])]),
    ]
}

impl Shows {
    async fn play(self, talk: &mut Talk) {
        let anna = json!({ "country": "SE", "ssn": "198501012382" });
        match self {
            Self::Approved => {
                let metadata = json!({ "attributes_to_return": ["BASIC_USER_INFO", "SSN"], "user_info": anna });
                start(talk, "freja_id_ssn", &json!({ "metadata": metadata, "webhook": HOOK })).await;
                talk.confirm(None);
                collect(talk).await;
            }
            Self::Basic => {
                let attributes = ["BASIC_USER_INFO", "REGISTRATION_LEVEL"];
                start(
                    talk,
                    "freja_id_ssn",
                    &json!({ "metadata": { "attributes_to_return": attributes, "user_info": anna } }),
                )
                .await;
                if talk.told()["data"].is_object() {
                    talk.confirm(None);
                    collect(talk).await;
                }
            }
            Self::Certificates => {
                let text = "GET /s/default/freja/jws-certificates.pem";
                talk.ask("the service reads the certificates that it pins", text).await;
            }
            Self::Custom => {
                start(talk, "freja_id_qr", &json!({ "metadata": { "attributes_to_return": ["CUSTOM_IDENTIFIER"] } }))
                    .await;
            }
            Self::Mistake => start(talk, "freja_id_phone", &json!({ "metadata": { "user_info": "112" } })).await,
            Self::Scanned => {
                start(talk, "freja_id_qr", &json!({ "metadata": {} })).await;
                talk.pass("7s");
                collect(talk).await;
            }
            Self::Spelt => {
                let spelt = json!({ "country": "SE", "ssn": "850101-2382" });
                start(talk, "freja_id_ssn", &json!({ "metadata": { "user_info": spelt } })).await;
            }
            Self::Start => start(talk, "freja_id_ssn", &json!({ "metadata": { "user_info": anna } })).await,
            Self::Stranger => {
                start(talk, "freja_id_email", &json!({ "metadata": { "user_info": "nobody@example.org" } })).await;
            }
            Self::TwoOrders => {
                let body = json!({ "metadata": { "user_info": anna }, "webhook": HOOK });
                start(talk, "freja_id_ssn", &body).await;
                start(talk, "freja_id_ssn", &body).await;
            }
            Self::Webhook | Self::WebhookRefused => {
                if matches!(self, Self::WebhookRefused) {
                    talk.receive(500);
                }
                let metadata = json!({ "attributes_to_return": ["BASIC_USER_INFO"], "user_info": anna });
                start(talk, "freja_id_ssn", &json!({ "metadata": metadata, "webhook": HOOK })).await;
                talk.confirm(None);
                talk.pass("2m");
            }
            Self::WrongToken => {
                talk.ask("a key that nobody has", "GET /core/api/sessions/x\nAuthorization: nobody's").await;
            }
        }
    }
}

async fn start(talk: &mut Talk, method: &str, body: &Value) {
    let head = format!("POST /core/api/sessions/identity_verification/{method}\nAuthorization: {{{{token}}}}");
    talk.ask("the service asks for a session", &format!("{head}\nContent-Type: application/json\n\n{body}")).await;
}

async fn collect(talk: &mut Talk) {
    let text = "GET /core/api/sessions/{{session}}\nAuthorization: {{token}}";
    talk.ask("the service asks for the result", text).await;
}

#[tokio::test]
async fn every_value_of_every_switch_is_shown() {
    let defaults = serde_json::to_value(Settings::default()).unwrap();
    let members: BTreeSet<&str> = defaults.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, table().iter().map(|(name, ..)| *name).collect(), "every switch has a conversation");
    for (switch, shows, values) in table() {
        let default = &defaults[switch];
        assert!(values.contains(default), "{switch}: the default is one of the values");
        let others: Vec<Value> = values.iter().filter(|value| *value != default).cloned().collect();
        // A transcript shows no payload: it may hold a number. The provider's own tests read it.
        let is_unseen = switch == "payload_order";
        let play = async |talk: &mut Talk| shows.play(talk).await;
        let shown = Talk::compared(PROVIDER, (switch, default), &others, is_unseen, play).await;
        insta::assert_snapshot!(format!("gateway__switch__{switch}"), shown);
    }
}

/// The page's examples with only the host changed, and what they lead to.
#[tokio::test]
async fn the_examples_of_the_documents_work_as_they_stand() {
    let mut talk = Talk::at(PROVIDER);
    let example = |user: Value, attributes: &[&str], level: &str| {
        json!({
            "locale": "En",
            "metadata": { "attributes_to_return": attributes, "min_registration_level": level, "user_info": user },
            "redirect_failure": "https://my_failure_url.com",
            "redirect_success": "https://my_success_url.com",
            "relay_state": "my-unique-customer-id",
            "webhook": "https://my_webhook_url.com",
        })
    };
    let usual = ["BASIC_USER_INFO", "EMAIL_ADDRESS"];
    let ssn = json!({ "country": "SE", "ssn": "195210131234" });
    let examples = [
        ("freja_id_ssn", example(ssn.clone(), &usual, "BASIC")),
        ("freja_id_qr", example(ssn, &usual, "EXTENDED")),
        (
            "freja_id_phone",
            example(json!("+46123456789"), &["BASIC_USER_INFO", "EMAIL_ADDRESS", "ALL_PHONE_NUMBERS"], "EXTENDED"),
        ),
        ("freja_id_email", example(json!("anna.akerstrom@example.org"), &usual, "EXTENDED")),
    ];
    for (method, body) in examples {
        start(&mut talk, method, &body).await;
        collect(&mut talk).await;
        talk.confirm(None);
        collect(&mut talk).await;
    }
    insta::assert_snapshot!("gateway__documents", talk.text());
}
