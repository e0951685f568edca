//! Signicat: both vocabularies, every way an artefact can be wrong, and every switch with every other value beside the default.

use std::collections::BTreeSet;

use motpart::crypto::jwe::{Content, encrypt};
use motpart::crypto::keys::{Jwk, Pool};
use motpart::providers::signicat::Settings;
use motpart::script::Tampering;
use serde_json::{Value, json};

use super::talk::Talk;

const PROVIDER: &str = "signicat";
const METHOD: &str = "urn%3Asignicat%3Aoidc%3Amethod%3A";
const BACK: &str = "http%3A%2F%2Flocalhost%3A3000%2Fcb";

/// A conversation that goes another way when a switch is thrown.
#[derive(Clone, Copy)]
enum Shows {
    Browser,
    Cancelled,
    Claims,
    CompleteAgain,
    CompleteInJson,
    Discovery,
    Elsewhere,
    Expiry,
    LateCode,
    LateToken,
    NoCookie,
    NoType,
    OtherClient,
    Plain,
    PollTwice,
    Replay,
    Sign,
    Start,
    StrictHeader,
    Subject,
    TwoOrders,
    WrongSecret,
}

/// Every switch, its other values, and the conversation that shows them.
fn table() -> Vec<(&'static str, Vec<Value>, Shows)> {
    let key = json!({ "kty": "RSA", "n": Pool::at(0).public().n, "e": "AQAB" });
    let client = json!({ "client_id": "another", "client_secret": "s", "redirect_uris": ["http://localhost:3000/cb"] });
    vec![
        ("redirect_uris", vec![json!(["https://rp.example/cb"])], Shows::Elsewhere),
        ("response_key", vec![key.clone()], Shows::Claims),
        ("signature_keys", vec![json!([key])], Shows::Discovery),
        ("clients", vec![json!([client])], Shows::OtherClient),
        ("discovery", vec![json!("recorded")], Shows::Discovery),
        ("message_encryption", vec![json!("strict"), json!("lenient")], Shows::StrictHeader),
        ("outer_parameters", vec![json!("required")], Shows::Start),
        ("response_type_missing", vec![json!("assumed")], Shows::NoType),
        ("request_object", vec![json!("always")], Shows::Plain),
        ("request_object_replay", vec![json!("once"), json!("allowed")], Shows::Replay),
        ("without_accept", vec![json!("refused")], Shows::Browser),
        ("headless_error_status", vec![json!("200")], Shows::NoType),
        ("session_cookie", vec![json!("ignored")], Shows::NoCookie),
        ("cookie_rotation", vec![json!("each-poll")], Shows::PollTwice),
        ("callback_issuer", vec![json!("present")], Shows::Claims),
        ("complete_again", vec![json!("redirect")], Shows::CompleteAgain),
        ("complete_with_accept", vec![json!("redirect")], Shows::CompleteInJson),
        ("sbid_error", vec![json!("flat")], Shows::Cancelled),
        ("national_id_scope", vec![json!("dropped"), json!("refused")], Shows::Claims),
        ("amr", vec![json!("array")], Shows::Claims),
        ("at_hash", vec![json!("present")], Shows::Claims),
        ("subject_check", vec![json!("digits")], Shows::Subject),
        ("sdo_content_type", vec![json!("application/x-ltv-sdo")], Shows::Sign),
        ("invalid_client_status", vec![json!("400")], Shows::WrongSecret),
        ("person_slot", vec![json!("on")], Shows::TwoOrders),
        ("poll_interval_ms", vec![json!(5_000)], Shows::PollTwice),
        ("complete_redirects", vec![json!(1), json!(4)], Shows::Claims),
        ("order_seconds", vec![json!(600)], Shows::Expiry),
        ("code_seconds", vec![json!(600)], Shows::LateCode),
        ("access_token_seconds", vec![json!(1_800)], Shows::LateToken),
        ("id_token_seconds", vec![json!(300)], Shows::Claims),
        ("sign_text_most", vec![json!(5)], Shows::Start),
    ]
}

/// The documented request, encrypted.
async fn start(talk: &mut Talk) {
    talk.ask("the service asks for a signature", "GET /oidc/authorize?request={{request}}\nAccept: application/json")
        .await;
}

/// A request object of one's own.
async fn sealed(talk: &mut Talk, content: Content, members: &[(&str, &str)], more: &Value) -> String {
    talk.ask("the service reads the keys", "GET /oidc/jwks.json").await;
    let keys: Vec<Jwk> = serde_json::from_value(talk.told()["keys"].clone()).unwrap();
    let key = keys.iter().find(|key| key.usage.as_deref() == Some("enc")).unwrap();
    let mut request = json!({
        "client_id": "motpart-inapp-sign", "response_type": "code", "scope": "openid", "state": "s1",
        "redirect_uri": "http://localhost:3000/cb", "acr_values": "urn:signicat:oidc:method:sbid-inapp",
    });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let members: Vec<_> = members.iter().copied().chain([("kid", key.kid.as_deref().unwrap())]).collect();
    encrypt(&key.key, content, &members, request.to_string().as_bytes()).unwrap()
}

/// Swedish BankID in plain parameters, with more of them.
async fn plainly(talk: &mut Talk, method: &str, more: &str, accept: &str) {
    let text = format!(
        "GET /oidc/authorize?client_id=motpart-inapp-sign&scope=openid%20profile%20signicat.national_id&redirect_uri={BACK}\
         &acr_values={METHOD}{method}&state=s1&nonce=n1{more}\nAccept: {accept}"
    );
    talk.ask("the service asks for an authentication", &text).await;
}

async fn poll(talk: &mut Talk) {
    let text = "GET /std/method/motpart/collect?orderRef={{session}}\nAccept: application/json\nCookie: {{cookie}}";
    talk.ask("the service asks how it stands", text).await;
}

/// Completion, until the relying party is reached.
async fn complete(talk: &mut Talk) {
    talk.ask("the service completes", "GET {{completeUrl}}\nCookie: {{cookie}}").await;
    for _ in 0..4 {
        if talk.value("location").is_some_and(|location| location.contains("/resume")) {
            talk.ask("the service follows the redirect", "GET {{location}}\nCookie: {{cookie}}").await;
        }
    }
}

async fn exchange(talk: &mut Talk) {
    let text = format!(
        "POST /oidc/token\nAuthorization: Basic {{{{basic}}}}\nContent-Type: application/x-www-form-urlencoded\n\n\
         grant_type=authorization_code&code={{{{code}}}}&redirect_uri={BACK}"
    );
    talk.ask("the service exchanges the code", &text).await;
}

async fn fetch(talk: &mut Talk, what: &str) {
    let text = format!("GET /oidc/{what}\nAuthorization: Bearer {{{{access_token}}}}");
    talk.ask("the service shows its token", &text).await;
}

/// From the start to tokens, and everything they open.
async fn whole(talk: &mut Talk) {
    start(talk).await;
    if talk.value("orderRef").is_none() {
        return;
    }
    talk.confirm(None);
    poll(talk).await;
    complete(talk).await;
    exchange(talk).await;
    talk.ask("the service reads the keys", "GET /oidc/jwks.json").await;
    fetch(talk, "userinfo").await;
    fetch(talk, "signature").await;
}

impl Shows {
    async fn play(self, talk: &mut Talk) {
        match self {
            Self::Browser => plainly(talk, "sbid-inapp", "&response_type=code", "text/html").await,
            Self::Cancelled => {
                start(talk).await;
                talk.cancel();
                poll(talk).await;
            }
            Self::Claims | Self::Sign => whole(talk).await,
            Self::CompleteAgain => {
                start(talk).await;
                talk.confirm(None);
                poll(talk).await;
                complete(talk).await;
                talk.ask("the service completes again", "GET {{completeUrl}}\nCookie: {{cookie}}").await;
            }
            Self::CompleteInJson => {
                start(talk).await;
                talk.confirm(None);
                poll(talk).await;
                let text = "GET {{completeUrl}}\nCookie: {{cookie}}\nAccept: application/json";
                talk.ask("the service completes, and still wants JSON", text).await;
            }
            Self::Discovery => {
                talk.ask("the service reads the metadata", "GET /oidc/.well-known/openid-configuration").await;
            }
            Self::Elsewhere => plainly(talk, "sbid-inapp", "&response_type=code", "application/json").await,
            Self::Expiry => {
                start(talk).await;
                talk.pass("4m");
                poll(talk).await;
            }
            Self::LateCode => {
                start(talk).await;
                talk.confirm(None);
                poll(talk).await;
                complete(talk).await;
                talk.pass("5m");
                exchange(talk).await;
            }
            Self::LateToken => {
                start(talk).await;
                talk.confirm(None);
                poll(talk).await;
                complete(talk).await;
                exchange(talk).await;
                talk.pass("20m");
                fetch(talk, "signature").await;
            }
            Self::NoCookie => {
                start(talk).await;
                talk.ask("the service forgets its cookie", "GET /std/method/motpart/collect?orderRef={{session}}")
                    .await;
            }
            Self::NoType => plainly(talk, "sbid-inapp", "", "application/json").await,
            Self::OtherClient => {
                let text = "POST /oidc/token\nContent-Type: application/x-www-form-urlencoded\n\n\
                            grant_type=authorization_code&code=x&client_id=another&client_secret=s";
                talk.ask("another service exchanges a code", text).await;
            }
            Self::Plain => plainly(talk, "sbid-inapp", "&response_type=code", "application/json").await,
            Self::PollTwice => {
                start(talk).await;
                poll(talk).await;
                poll(talk).await;
            }
            Self::Replay => {
                let token = sealed(talk, Content::A256CbcHs512, &[("typ", "JWE")], &json!({ "jti": "1" })).await;
                let plain = sealed(talk, Content::A256CbcHs512, &[("typ", "JWE")], &json!({})).await;
                for token in [&token, &token, &plain, &plain] {
                    let text = format!("GET /oidc/authorize?request={token}\nAccept: application/json");
                    talk.ask("the service sends a request object, the first two with a jti", &text).await;
                }
            }
            Self::Start => start(talk).await,
            Self::StrictHeader => {
                for (what, content) in
                    [("leaves typ out", Content::A256CbcHs512), ("encrypts by another method", Content::A128CbcHs256)]
                {
                    let token = sealed(talk, content, &[], &json!({})).await;
                    let text = format!("GET /oidc/authorize?request={token}\nAccept: application/json");
                    talk.ask(&format!("the service {what}"), &text).await;
                }
            }
            Self::Subject => {
                let hint = "&response_type=code&login_hint=subject-198501012389";
                plainly(talk, "sbid-inapp", hint, "application/json").await;
            }
            Self::TwoOrders => {
                start(talk).await;
                start(talk).await;
            }
            Self::WrongSecret => {
                let text = "POST /oidc/token\nContent-Type: application/x-www-form-urlencoded\n\n\
                            grant_type=authorization_code&code=x&client_id=motpart-inapp-sign&client_secret=wrong";
                talk.ask("the service shows a wrong secret", text).await;
            }
        }
    }
}

#[tokio::test]
async fn signicat_shows_every_value_of_every_switch() {
    let defaults = serde_json::to_value(Settings::default()).unwrap();
    let members: BTreeSet<&str> = defaults.as_object().unwrap().keys().map(String::as_str).collect();
    let listed: BTreeSet<&str> = table().iter().map(|(name, ..)| *name).collect();
    assert_eq!(members, listed, "every member of the settings has a conversation");
    for (switch, values, shows) in table() {
        // A key of the relying party changes nothing by itself.
        let is_unseen = switch == "signature_keys";
        let play = async |talk: &mut Talk| shows.play(talk).await;
        let shown = Talk::compared(PROVIDER, (switch, &defaults[switch]), &values, is_unseen, play).await;
        insta::assert_snapshot!(format!("switch__{switch}"), shown);
    }
}

#[tokio::test]
async fn signicat_shows_every_way_an_artefact_can_be_wrong() {
    let mut honest = Talk::at(PROVIDER);
    whole(&mut honest).await;
    insta::assert_snapshot!("whole", honest.text());
    let openid = |how: &Tampering| matches!(how.of(), "callback" | "key-set" | "sdo" | "userinfo" | "id-token");
    for how in Tampering::all().filter(openid) {
        let mut talk = Talk::at(PROVIDER);
        talk.forge(how);
        whole(&mut talk).await;
        // Where claims are not signed, their seal cannot be wrong; the signed document is too long to be shown whole.
        let hidden =
            how.of() == "sdo" || (["foreign-key", "plain-claims"].contains(&how.how()) && how.of() == "userinfo");
        assert!(hidden || talk.text() != honest.text(), "{how} makes no difference");
    }
}

#[tokio::test]
async fn signicat_speaks_norwegian_words() {
    let mut talk = Talk::at(PROVIDER);
    let hints = "&response_type=code&login_hint=birthdate-010190&login_hint=phone-40000001";
    plainly(&mut talk, "nbid-inapp", hints, "application/json").await;
    talk.ask("the service asks how it stands", "GET {{statusUri}}\nCookie: {{cookie}}").await;
    talk.confirm(None);
    talk.ask("the service asks how it stands", "GET {{statusUri}}\nCookie: {{cookie}}").await;
    talk.ask("the service completes", "GET {{completeUri}}\nCookie: {{cookie}}").await;
    talk.ask("the service follows the redirect", "GET {{location}}\nCookie: {{cookie}}").await;
    exchange(&mut talk).await;
    fetch(&mut talk, "userinfo").await;
    insta::assert_snapshot!("norwegian", talk.text());
}
