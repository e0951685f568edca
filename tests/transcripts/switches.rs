//! Every switch with every other value than the default, beside the default: the conversation that shows the difference.

use std::collections::BTreeSet;

use motpart::providers::zignsec_v2::Settings;
use motpart::script::Reason;
use serde_json::{Value, json};

use super::talk::Talk;
use super::values;

/// A conversation that goes another way when a switch is thrown.
#[derive(Clone, Copy)]
enum Shows {
    AccountWebhook,
    CprName,
    ErrorAfterCancel,
    ErrorWithTarget,
    Expiry,
    FinishedDate,
    Framed,
    InFrame,
    Language,
    LinkExpired,
    NorwegianForwarded,
    NorwegianNumber,
    NumberSpelled,
    PageEnds,
    PlainFinish,
    Refused,
    RetriedTwice,
    SetUp,
    SignsNothing,
    TwoOrders,
    UnknownSession,
    Unset,
    Webhook,
    WebhookRefused,
    WrongToken,
}

/// Which conversation shows which switch.
const TABLE: &[(&str, Shows)] = &[
    ("token_error_status", Shows::WrongToken),
    ("validation_error_status", Shows::Refused),
    ("unknown_session_status", Shows::UnknownSession),
    ("token_error_id", Shows::WrongToken),
    ("number_format", Shows::NumberSpelled),
    ("signing_error", Shows::SignsNothing),
    ("caller_address", Shows::SetUp),
    ("redirect_url", Shows::SetUp),
    ("finished_shape", Shows::PlainFinish),
    ("states", Shows::ErrorAfterCancel),
    ("error_code", Shows::ErrorAfterCancel),
    ("unset", Shows::Unset),
    ("number_in_result", Shows::NorwegianNumber),
    ("nemid_name", Shows::CprName),
    ("forwarded_method", Shows::NorwegianForwarded),
    ("identification_date", Shows::FinishedDate),
    ("webhook_retries", Shows::WebhookRefused),
    ("webhook_body", Shows::Webhook),
    ("link_expiry_webhook", Shows::LinkExpired),
    ("retry_outcome", Shows::RetriedTwice),
    ("webhook_order", Shows::PageEnds),
    ("target_error_query", Shows::ErrorWithTarget),
    ("post_message", Shows::InFrame),
    ("framing", Shows::Framed),
    ("person_slot", Shows::TwoOrders),
    ("account_webhook", Shows::AccountWebhook),
    ("return_url", Shows::PageEnds),
    ("default_language", Shows::Language),
    ("redirect_url_expiration_minutes", Shows::Expiry),
    ("disabled_methods", Shows::SetUp),
];

const HOOK: &str = "http://rp.example/webhook";
const TARGET: &str = "http://rp.example/done";

impl Shows {
    async fn play(self, talk: &mut Talk) {
        let nothing = json!({});
        match self {
            Self::AccountWebhook => {
                talk.start("sbid", &nothing).await;
                talk.confirm(None);
            }
            Self::CprName => {
                talk.start("nemid", &nothing).await;
                talk.confirm(None);
                talk.result().await;
            }
            Self::ErrorAfterCancel => {
                talk.start("sbid", &json!({ "webhook": HOOK })).await;
                talk.cancel();
                talk.result().await;
            }
            Self::ErrorWithTarget => {
                let fields =
                    json!({ "target": TARGET, "targetError": "http://rp.example/error?at=1", "relaystate": "case-1" });
                talk.start("sbid", &fields).await;
                talk.page("the person cancels at the page", "?then=cancel").await;
            }
            Self::Expiry => {
                talk.start("sbid", &nothing).await;
                talk.pass("5m");
                talk.result().await;
                talk.page("the person opens the link", "").await;
            }
            Self::FinishedDate | Self::PlainFinish => {
                talk.start("sbid", &nothing).await;
                talk.confirm(None);
                talk.result().await;
            }
            Self::Framed => {
                talk.start("sbid", &nothing).await;
                talk.page("a browser loads the page in an iframe", "?framed=1").await;
            }
            Self::InFrame => {
                talk.start("sbid", &nothing).await;
                talk.page("the person cancels in an iframe", "?then=cancel&framed=1").await;
            }
            Self::Language => {
                talk.start("nbid_oidc", &nothing).await;
                talk.page("the person opens the link", "").await;
            }
            Self::LinkExpired => {
                talk.start("sbid", &json!({ "webhook": HOOK })).await;
                talk.pass("7d");
                talk.result().await;
            }
            Self::NorwegianForwarded => {
                for selector in ["nbid", "nbid_mobile"] {
                    talk.start(selector, &nothing).await;
                    talk.confirm(None);
                    talk.result().await;
                }
            }
            Self::NorwegianNumber => {
                talk.start("nbid_oidc", &json!({ "Additional_identity_info": true })).await;
                talk.confirm(None);
                talk.result().await;
            }
            Self::NumberSpelled => {
                // An official test number, in the spelling that people use.
                talk.start("sbid", &json!({ "personalnumber": "850101-2382" })).await;
            }
            Self::PageEnds => {
                talk.start("sbid", &json!({ "webhook": HOOK })).await;
                talk.page("the person authenticates at the page", "?then=confirm").await;
            }
            Self::Refused => {
                talk.start("sbid", &json!({ "target": "nowhere" })).await;
            }
            Self::RetriedTwice => {
                talk.start("sbid", &json!({ "allowRetries": true, "webhook": HOOK })).await;
                talk.fail(Reason::StartFailed);
                talk.result().await;
                talk.page("the person opens the link again and cancels", "?then=cancel").await;
                talk.result().await;
                talk.page("the person opens the link again and authenticates", "?then=confirm").await;
                talk.result().await;
            }
            Self::SetUp => {
                talk.start("sbid", &nothing).await;
            }
            Self::SignsNothing => {
                talk.start("sbid-sign", &json!({ "personalnumber": "198501012382" })).await;
            }
            Self::TwoOrders => {
                let fields = json!({ "personalnumber": "198501012382", "webhook": HOOK });
                talk.start("sbid", &fields).await;
                talk.start("sbid", &fields).await;
                talk.result().await;
            }
            Self::UnknownSession => {
                let text = "GET /v2/eid/bc539499-4953-4b54-8743-b1adb8d4de78\nAuthorization: {{token}}";
                talk.ask("the service asks for a result that nobody knows", text).await;
            }
            Self::Unset => {
                for selector in ["sbid", "nbid_oidc", "nemid", "fbid"] {
                    talk.start(selector, &nothing).await;
                    talk.confirm(None);
                    talk.result().await;
                }
            }
            Self::Webhook => {
                talk.start("sbid", &json!({ "webhook": HOOK })).await;
                talk.confirm(None);
            }
            Self::WebhookRefused => {
                talk.receive(500);
                talk.start("sbid", &json!({ "webhook": HOOK })).await;
                talk.cancel();
                talk.pass("2d");
            }
            Self::WrongToken => {
                let text = "POST /v2/eid/sbid\nAuthorization: 11111111-e2a2-4968-b651-5352305c9fb0";
                talk.ask("a service whose token nobody knows sets a session up", text).await;
            }
        }
    }
}

/// All switches with their values; those of the default come out of the default.
fn switches() -> Vec<(&'static str, Vec<Value>)> {
    let mut all = values::of_enums();
    all.extend(values::others());
    all
}

#[tokio::test]
async fn every_value_of_every_switch_is_shown() {
    let defaults = serde_json::to_value(Settings::default()).unwrap();
    for (switch, values) in switches() {
        let default = &defaults[switch];
        let (_, shows) = TABLE.iter().find(|(name, _)| *name == switch).unwrap_or_else(|| panic!("{switch}"));
        let others: Vec<Value> = values.iter().filter(|value| *value != default).cloned().collect();
        assert!(!others.is_empty(), "{switch} has no other value");
        let play = async |talk: &mut Talk| shows.play(talk).await;
        let shown = Talk::compared("zignsec_v2", (switch, default), &others, false, play).await;
        insta::assert_snapshot!(format!("switch__{switch}"), shown);
    }
}

#[test]
fn no_switch_is_without_a_transcript() {
    let settings = serde_json::to_value(Settings::default()).unwrap();
    let members: BTreeSet<&str> = settings.as_object().unwrap().keys().map(String::as_str).collect();
    let listed: BTreeSet<&str> = switches().iter().map(|(name, _)| *name).collect();
    let shown: BTreeSet<&str> = TABLE.iter().map(|(name, _)| *name).collect();
    assert_eq!(members, listed, "every member of the settings has its values listed");
    assert_eq!(members, shown, "every member of the settings has a conversation");
    assert_eq!(TABLE.len(), shown.len(), "each once");
    for (switch, values) in values::of_enums() {
        assert!(values.contains(&settings[switch]), "{switch}: the default is one of the values");
    }
}
