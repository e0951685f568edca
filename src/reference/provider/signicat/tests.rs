//! The client against an issuer that says whatever a test wants it to say.

mod connections;
mod issuer;

use serde_json::{Map, Value, json};
use wiremock::matchers::{body_string_contains, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::crypto::cert::Authority;
use crate::crypto::jwe::{self, Content};
use crate::crypto::jws;
use crate::crypto::keys::{Jwk, Pool, SigningKey};
use crate::crypto::signatory::Signatory;
use crate::crypto::xmldsig::{enveloped, seal};
use crate::dial::{DialOptions, Dialer};
use crate::reference::provider::{FailureKind, Level, Purpose};

const ANNA: &str = "198501012382";
const TEXT: &str = "I sign the agreement: Lease";
const NESTED: &str = include_str!("../../../../fixtures/keys/rsa-5.pem");

/// What the issuer says; the default is the truth.
struct Says {
    /// Changes of the id_token's claims.
    claims: Value,
    header: Vec<(&'static str, &'static str)>,
    key: &'static SigningKey,
    wrap: Wrap,
    /// Instead of the one that was sent.
    state: Option<&'static str>,
    /// Instead of a code.
    error: Option<&'static str>,
    /// Instead of the issuer's.
    complete: Option<&'static str>,
    token: u16,
    subject: &'static str,
    sdo: (u16, &'static str, &'static str),
}

#[derive(Clone, Copy, PartialEq)]
enum Wrap {
    None,
    Nested,
    Plain,
}

impl Default for Says {
    fn default() -> Self {
        Self {
            claims: json!({}),
            header: vec![("kid", "s1"), ("alg", "RS256")],
            key: Pool::at(0),
            wrap: Wrap::None,
            state: None,
            error: None,
            complete: None,
            token: 200,
            subject: "sub-1",
            sdo: (200, TEXT, ANNA),
        }
    }
}

async fn issuer() -> MockServer {
    let server = MockServer::start().await;
    let at = |name: &str| format!("{}/oidc/{name}", server.uri());
    let discovery = json!({
        "issuer": format!("{}/oidc", server.uri()), "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
        "userinfo_endpoint": at("userinfo"), "jwks_uri": at("jwks.json"),
    });
    let keys = [Jwk::signature("s1", Pool::at(0).public()), Jwk::encryption("e1", Pool::at(1).public())];
    let start = json!({"orderRef": "order-1", "autoStartToken": "a-1", "collectUrl": format!("{}/collect", server.uri()), "error": null});
    let complete =
        json!({"progressStatus": "COMPLETE", "completeUrl": format!("{}/complete", server.uri()), "error": null});
    let answers = [
        (
            Mock::given(path("/oidc/.well-known/openid-configuration")),
            ResponseTemplate::new(200).set_body_json(discovery),
        ),
        (Mock::given(path("/oidc/jwks.json")), ResponseTemplate::new(200).set_body_json(json!({ "keys": keys }))),
        (
            Mock::given(method("POST")).and(path("/oidc/authorize")).and(header("accept", "application/json")),
            ResponseTemplate::new(200).insert_header("set-cookie", "s=1; Path=/; HttpOnly").set_body_json(start),
        ),
        (
            Mock::given(path("/collect")).and(query_param("orderRef", "order-1")).and(header("cookie", "s=1")),
            ResponseTemplate::new(200).insert_header("set-cookie", "s=2; Path=/; HttpOnly").set_body_json(complete),
        ),
    ];
    for (given, answer) in answers {
        given.respond_with(answer).with_priority(10).mount(&server).await;
    }
    server
}

fn client(server: &MockServer, flaws: &[Flaw], more: &[(&str, &str)]) -> Arc<dyn Client> {
    let mut connections = Connections::new();
    let issuer = format!("{}/oidc", server.uri());
    let given = [
        ("SIGNICAT_ISSUER", &*issuer),
        ("SIGNICAT_CLIENT_ID", "rp"),
        ("SIGNICAT_CLIENT_SECRET", "s:e c"),
        ("SIGNICAT_CA", Authority::load().pem()),
    ];
    for (name, value) in given.iter().chain(more) {
        connections.insert((*name).to_owned(), (*value).to_owned());
    }
    let manner = Manner {
        timeout: Duration::from_secs(5),
        dialer: Dialer::new(&DialOptions::default()).unwrap(),
        flaws: flaws.iter().copied().collect(),
        variants: std::iter::once(Variant::TlsDirect).collect(),
    };
    connect(&connections, &manner).unwrap().unwrap()
}

fn order(method: EidMethod, number: &str, phone: Option<&str>, purpose: Purpose) -> StartOrder {
    StartOrder {
        method,
        country: method.countries()[0],
        purpose,
        level: Level::default(),
        email: None,
        phone: phone.map(str::to_owned),
        personal_number: Some(number.to_owned()),
        target: "http://127.0.0.1:9/return/h".parse().unwrap(),
        target_error: "http://127.0.0.1:9/return/h?failed".parse().unwrap(),
        webhook: None,
        relaystate: "attempt-1".into(),
        language: "sv",
    }
}

fn signing() -> StartOrder {
    order(EidMethod::SeBid, ANNA, None, Purpose::Sign { text: TEXT.to_owned() })
}

/// The request objects that the issuer got.
async fn asked(server: &MockServer) -> Vec<Map<String, Value>> {
    let requests = server.received_requests().await.unwrap();
    let objects = requests.iter().filter(|request| request.url.path() == "/oidc/authorize").map(|request| {
        let (_, token) = form_urlencoded::parse(&request.body).find(|(name, _)| name == "request").unwrap();
        let header = jwe::header(&token).unwrap();
        assert_eq!(
            (&*header.enc, header.typ.as_deref(), header.kid.as_deref()),
            ("A256CBC-HS512", Some("JWE"), Some("e1"))
        );
        serde_json::from_slice(&jwe::decrypt(Pool::at(1), &token, &[Content::A256CbcHs512]).unwrap()).unwrap()
    });
    objects.collect()
}

/// Has the issuer go on as the test wants it to.
async fn continues(server: &MockServer, says: &Says) {
    let object = asked(server).await.pop().unwrap();
    let text = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
    let now = Timestamp::now().as_second();
    let mut claims = json!({
        "iss": format!("{}/oidc", server.uri()), "aud": "rp", "sub": "sub-1", "acr": text("acr_values"), "nonce": text("nonce"),
        "amr": "urn:ksi:names:SAML:2.0:ac:BankID-SE", "iat": now, "nbf": now, "exp": now + 3600, "auth_time": now - 1,
    });
    says.claims.as_object().unwrap().iter().for_each(|(name, value)| claims[name] = value.clone());
    let claims = claims.to_string();
    let signed = jws::sign(says.key, &says.header, claims.as_bytes());
    let to_us = |plain: &[u8]| jwe::encrypt(Pool::at(5).public(), Content::A256CbcHs512, &[], plain).unwrap();
    let id_token = match says.wrap {
        Wrap::None => signed,
        Wrap::Nested => to_us(signed.as_bytes()),
        Wrap::Plain => to_us(claims.as_bytes()),
    };
    let mut back = Url::parse(&text("redirect_uri")).unwrap();
    let state = says.state.map_or_else(|| text("state"), str::to_owned);
    let (name, value) = says.error.map_or(("code", "code-1"), |error| ("error", error));
    back.query_pairs_mut().append_pair(name, value).append_pair("state", &state);
    let (status, signed_text, signer) = says.sdo;
    let original = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, signed_text);
    let sdo = format!(
        "<LtvSdo><OriginalDocument>{original}</OriginalDocument><SignerNationalId>{signer}</SignerNationalId><SignerNationality>SE</SignerNationality></LtvSdo>"
    );
    let userinfo = json!({"sub": says.subject, "name": "Anna Test", "locale": "SE", "signicat.national_id": ANNA});
    let hop = says.complete.map_or_else(|| format!("{}/oidc/resume", server.uri()), str::to_owned);
    let tokens = if says.token == 200 {
        json!({"access_token": "access-1", "token_type": "Bearer", "id_token": id_token})
    } else {
        json!({"error": "invalid_grant"})
    };
    let is_nested = says.wrap != Wrap::None;
    let claims = jws::sign(Pool::at(0), &[("kid", "s1"), ("alg", "RS256")], userinfo.to_string().as_bytes());
    let answers = [
        (
            Mock::given(path("/complete")).and(header("cookie", "s=2")),
            ResponseTemplate::new(302).insert_header("location", &*hop),
        ),
        (
            Mock::given(path("/oidc/resume")).and(header("cookie", "s=2")),
            ResponseTemplate::new(302).insert_header("location", back.as_str()),
        ),
        (
            // The secret is form-encoded before it is base64.
            Mock::given(path("/oidc/token"))
                .and(header("authorization", "Basic cnA6cyUzQWUrYw=="))
                .and(body_string_contains("code=code-1")),
            ResponseTemplate::new(says.token).set_body_json(tokens),
        ),
        (
            Mock::given(path("/oidc/userinfo")).and(header("authorization", "Bearer access-1")),
            if is_nested {
                ResponseTemplate::new(200).set_body_string(to_us(claims.as_bytes()))
            } else {
                ResponseTemplate::new(200).set_body_json(userinfo)
            },
        ),
        (
            Mock::given(path("/oidc/signature")).and(header("authorization", "Bearer access-1")),
            ResponseTemplate::new(status).set_body_string(seal(&sdo, &enveloped(&sdo, Signatory::service()))),
        ),
    ];
    for (given, answer) in answers {
        given.respond_with(answer).mount(server).await;
    }
}

/// A consent, from the start to the end.
async fn consent(says: Says, flaws: &[Flaw]) -> Result<Evidence, FetchError> {
    let server = issuer().await;
    let more: &[_] = if says.wrap == Wrap::None { &[] } else { &[("SIGNICAT_RESPONSE_KEY", NESTED)] };
    let client = client(&server, flaws, more);
    let started = client.start(&signing()).await.unwrap();
    continues(&server, &says).await;
    client.fetch(&started.session).await
}

fn is_anna(evidence: &Result<Evidence, FetchError>) -> bool {
    matches!(evidence, Ok(Evidence::Finished(proven)) if proven.number.to_string().len() > 4 && proven.is_signature())
}

#[tokio::test]
async fn a_consent_is_signed_and_what_was_asked_is_as_documented() {
    let server = issuer().await;
    let twin = client(&server, &[], &[]);
    let client = client(&server, &[], &[]);
    let started = twin.start(&signing()).await.unwrap();
    assert_eq!(started.onward, Onward::Open("bankid:///?autostarttoken=a-1&redirect=null".into()));
    assert!(!format!("{:?}", started.session).contains(ANNA));
    let other = client.start(&signing()).await.unwrap();
    let [first, second] = &asked(&server).await[..] else { panic!() };
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(first[name], second[name], "{name}");
    }
    assert!(first["state"].as_str().unwrap().starts_with("attempt-1."));
    let mut rest = first.clone();
    for name in ["state", "nonce", "code_challenge"] {
        rest.remove(name);
    }
    let expected = json!({
        "client_id": "rp", "redirect_uri": "http://127.0.0.1:9/return/signicat", "response_type": "code",
        "scope": "openid profile signicat.national_id signicat.sign", "acr_values": "urn:signicat:oidc:method:sbid-inapp-sign",
        "login_hint": [format!("subject-{ANNA}")], "ui_locales": "sv", "signicat_signtext": TEXT, "code_challenge_method": "S256",
    });
    assert_eq!(Value::from(rest), expected);

    continues(&server, &Says::default()).await;
    let evidence = client.fetch(&other.session).await;
    assert!(is_anna(&evidence), "{evidence:?}");
    // It is over: nothing is asked twice.
    let before = server.received_requests().await.unwrap().len();
    assert_eq!(client.fetch(&other.session).await, evidence);
    assert_eq!(server.received_requests().await.unwrap().len(), before);
    // The newer cookie is to be remembered.
    assert!(client.memory("order-1").unwrap().contains(r#""s":"2""#));
    for request in server.received_requests().await.unwrap() {
        let accept = request.headers.get("accept").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let completes = matches!(request.url.path(), "/complete" | "/oidc/resume");
        assert!(!completes || !accept.contains("application/json"), "{}", request.url);
        let is_poll = request.url.path() == "/collect";
        assert_eq!(request.headers.contains_key("cookie"), completes || is_poll, "{}", request.url);
    }
}

#[tokio::test]
async fn a_norwegian_is_asked_for_by_birth_date_and_telephone() {
    let server = issuer().await;
    let start = json!({"statusUri": format!("{}/status/n-1", server.uri())});
    let given = Mock::given(path("/oidc/authorize"));
    given.respond_with(ResponseTemplate::new(200).set_body_json(start)).with_priority(1).mount(&server).await;
    let client = client(&server, &[], &[]);
    let number = "01129955131";
    let started =
        client.start(&order(EidMethod::NoBid, number, Some("+47 912 34 567"), Purpose::Identify)).await.unwrap();
    assert_eq!((&*started.session.id, &started.onward), ("n-1", &Onward::App));
    let object = asked(&server).await.pop().unwrap();
    assert_eq!(object["login_hint"], json!(["birthdate-011299", "phone-91234567"]));
    assert_eq!(object["scope"], "openid profile signicat.national_id");
    assert!(!Value::from(object).to_string().contains(number));
    let no_phone = client.start(&order(EidMethod::NoBid, number, Some("12"), Purpose::Identify)).await;
    assert_eq!(no_phone, Err(StartError::Refused { codes: vec!["INVALID_PHONE".into()] }));
}

#[tokio::test]
async fn whatever_does_not_fit_proves_nothing_but_for_its_flaw() {
    let foreign = || Says { key: Pool::at(3), ..Says::default() };
    let none = || Says { header: vec![("kid", "s1"), ("alg", "none")], ..Says::default() };
    type Make = Box<dyn Fn() -> Says>;
    let cases: Vec<(Make, Option<Flaw>)> = vec![
        (Box::new(foreign), Some(Flaw::DecodesTheIdentityWithoutVerifying)),
        (Box::new(none), Some(Flaw::AcceptsAlgorithmNone)),
        (Box::new(|| Says { header: vec![("alg", "RS256")], ..Says::default() }), None),
        (
            Box::new(|| Says { header: vec![("kid", "s1"), ("alg", "RS256"), ("crit", "x")], ..Says::default() }),
            Some(Flaw::IgnoresCriticalExtensions),
        ),
        (Box::new(|| Says { header: vec![("kid", "s9"), ("alg", "RS256")], ..Says::default() }), None),
        (
            Box::new(|| Says { header: vec![("kid", "e1"), ("alg", "RS256")], key: Pool::at(1), ..Says::default() }),
            None,
        ),
        (Box::new(|| Says { claims: json!({"aud": "other"}), ..Says::default() }), Some(Flaw::SkipsAudience)),
        (Box::new(|| Says { claims: json!({"nonce": "other"}), ..Says::default() }), Some(Flaw::IgnoresNonce)),
        (Box::new(|| Says { state: Some("other"), ..Says::default() }), Some(Flaw::IgnoresState)),
        (Box::new(|| Says { subject: "sub-2", ..Says::default() }), Some(Flaw::TakesAnybodysUserinfo)),
        (Box::new(|| Says { wrap: Wrap::Plain, ..Says::default() }), Some(Flaw::AcceptsPlainClaimsInAJwe)),
        (Box::new(|| Says { wrap: Wrap::Nested, key: Pool::at(3), ..Says::default() }), None),
        (Box::new(|| Says { sdo: (200, "Another text", ANNA), ..Says::default() }), Some(Flaw::IgnoresTheSignedText)),
        (Box::new(|| Says { sdo: (200, TEXT, "198501192382"), ..Says::default() }), Some(Flaw::IgnoresTheSigner)),
        (Box::new(|| Says { sdo: (401, "", ""), ..Says::default() }), Some(Flaw::SkipsTheSignedDocument)),
        (Box::new(|| Says { token: 400, ..Says::default() }), Some(Flaw::TreatsCompleteAsProof)),
        (
            Box::new(|| Says { complete: Some("https://elsewhere.example/"), ..Says::default() }),
            Some(Flaw::TreatsCompleteAsProof),
        ),
    ];
    assert!(is_anna(&consent(Says::default(), &[]).await));
    assert!(is_anna(&consent(Says { wrap: Wrap::Nested, ..Says::default() }, &[]).await));
    for (index, (says, flaw)) in cases.iter().enumerate() {
        let evidence = consent(says(), &[]).await;
        assert!(matches!(evidence, Ok(Evidence::Contradictory(_) | Evidence::Failed(..))), "{index}: {evidence:?}");
        if let Some(flaw) = flaw {
            let evidence = consent(says(), &[*flaw]).await;
            assert!(matches!(evidence, Ok(Evidence::Finished(_))), "{index} {flaw}: {evidence:?}");
        }
    }
}

#[tokio::test]
async fn an_error_of_somebody_else_leaves_the_attempt_as_it_is() {
    let says = || Says { error: Some("access_denied"), state: Some("other"), ..Says::default() };
    assert_eq!(consent(says(), &[]).await, Ok(Evidence::Pending));
    let closed = consent(says(), &[Flaw::ClosesOnForeignErrors]).await;
    assert!(matches!(closed, Ok(Evidence::Failed(FailureKind::ProviderError, _))), "{closed:?}");
    let own = consent(Says { error: Some("access_denied"), ..Says::default() }, &[]).await;
    assert_eq!(own, Ok(Evidence::Failed(FailureKind::ProviderError, vec!["access_denied".into()])));
}

#[tokio::test]
async fn keys_are_asked_for_once_more_and_without_them_nobody_passes() {
    let rotated = || Says { header: vec![("kid", "s2"), ("alg", "RS256")], key: Pool::at(2), ..Says::default() };
    for (keys, flaw, passes) in [
        (
            ResponseTemplate::new(200).set_body_json(json!({"keys": [Jwk::signature("s2", Pool::at(2).public())]})),
            None,
            true,
        ),
        (
            ResponseTemplate::new(200).set_body_json(json!({"keys": [Jwk::signature("s2", Pool::at(2).public())]})),
            Some(Flaw::CachesKeysForEver),
            false,
        ),
        (ResponseTemplate::new(500), None, false),
        (ResponseTemplate::new(200).set_body_string("{\"keys\":{}}"), None, false),
        (ResponseTemplate::new(500), Some(Flaw::KeysOutageSkipsTheSignature), true),
    ] {
        let server = issuer().await;
        let flaws: Vec<_> = flaw.into_iter().collect();
        let client = client(&server, &flaws, &[]);
        let started = client.start(&signing()).await.unwrap();
        Mock::given(path("/oidc/jwks.json")).respond_with(keys).with_priority(1).mount(&server).await;
        continues(&server, &rotated()).await;
        let evidence = client.fetch(&started.session).await;
        assert_eq!(is_anna(&evidence), passes, "{flaw:?}: {evidence:?}");
        for _ in 0..30 {
            let _ = client.fetch(&started.session).await;
        }
        let requests = server.received_requests().await.unwrap();
        let asked = requests.iter().filter(|request| request.url.path() == "/oidc/jwks.json").count();
        assert!(asked <= 11, "{asked}");
        // The code is shown once, whatever is asked again.
        assert_eq!(requests.iter().filter(|request| request.url.path() == "/oidc/token").count(), 1);
    }
}
