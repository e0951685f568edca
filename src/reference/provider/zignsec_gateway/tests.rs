//! Tokens that are believed, tokens that are not and why, and what each flaw takes for one. The person, names and numbers are made up.

mod wire;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::crypto::keys::{Pool, SigningKey};
use crate::crypto::{jws, mac};
use crate::dial::{DialOptions, Dialer};

const SESSION: &str = "2fb18009-5af5-44c7-90eb-eb1647465104";
const AUTH_REF: &str = "tzsRgNnyj27CidM2f22T7I1JXG12rNldQrywr6DY4N_ysjgt3vYhQ6oleCiI0Yb4";
const SECRET: &str = "webhook-secret";

/// A gateway that offers these certificates, and a client of it.
async fn world(keys: &[&'static SigningKey], flaws: &[Flaw]) -> (MockServer, ZignsecGateway) {
    let server = MockServer::start().await;
    offer(&server, keys).await;
    let options = ClientOptions {
        base: server.uri().parse().unwrap(),
        token: "subscription-key".into(),
        timeout: Duration::from_secs(5),
        dialer: Dialer::new(&DialOptions::default()).unwrap(),
        flaws: flaws.iter().copied().collect(),
    };
    let pins = format!("{}/certificates", server.uri()).parse().unwrap();
    (server, ZignsecGateway::new(options, SECRET.into(), pins))
}

async fn offer(server: &MockServer, keys: &[&'static SigningKey]) {
    server.reset().await;
    let pem: String = keys.iter().map(|key| key.certificate().pem()).collect();
    let answer = ResponseTemplate::new(200).set_body_string(pem);
    Mock::given(method("GET")).and(path("/certificates")).respond_with(answer).mount(server).await;
}

fn session() -> Session {
    let kept =
        Kept { auth_ref: AUTH_REF.into(), level: Level::Extended, country: Country::Se, method: EidMethod::FrejaSsn };
    Session { id: SESSION.into(), memory: serde_json::to_string(&kept).unwrap() }
}

/// What Freja would sign. `"absent"` takes a member away; a name that begins with a dot is one of the attributes.
#[expect(clippy::needless_pass_by_value, reason = "it is called with json!")]
fn payload(changes: Value) -> Value {
    let mut payload = json!({
        "status": "APPROVED",
        "userInfoType": "SSN",
        "userInfo": r#"{"ssn":"198501012382","country":"SE"}"#,
        "timestamp": Timestamp::now().as_millisecond(),
        "minRegistrationLevel": "EXTENDED",
        "requestedAttributes": {
            "basicUserInfo": {"name": "Anna", "surname": "Testsson"},
            "ssn": {"country": "SE", "ssn": "198501012382"},
            "registrationLevel": "EXTENDED",
        },
        "authRef": AUTH_REF,
    });
    for (name, value) in changes.as_object().cloned().unwrap_or_default() {
        let (object, name) = match name.strip_prefix('.') {
            Some(inner) => (&mut payload["requestedAttributes"], inner.to_owned()),
            None => (&mut payload, name),
        };
        let object = object.as_object_mut().unwrap();
        if value == "absent" { drop(object.remove(&name)) } else { drop(object.insert(name, value)) }
    }
    payload
}

fn sealed(key: &SigningKey, payload: &Value) -> String {
    let thumbprint = key.certificate().x5t();
    jws::sign(key, &[("x5t", &thumbprint), ("alg", "RS256")], payload.to_string().as_bytes())
}

fn body(token: &str) -> Value {
    let outer = json!({"ssn": {"country": "SE", "ssn": "199001012384"}, "registrationLevel": "PLUS"});
    json!({"data": {"authRef": AUTH_REF, "requestedAttributes": outer, "signedIdentity": token}})
}

/// What a body proves, in a word or two.
async fn word(client: &ZignsecGateway, body: &Value) -> String {
    match client.judge(&session(), body.to_string().as_bytes()).await {
        Ok(Evidence::Finished(identity)) => format!("{} {}", identity.country, identity.number.expose()),
        Ok(Evidence::Contradictory(why)) => why.to_owned(),
        Ok(Evidence::Failed(kind, codes)) => format!("{kind:?} {}", codes.join(" ")),
        Ok(Evidence::NoNumber(_)) => "no number".to_owned(),
        Ok(Evidence::Pending) => "pending".to_owned(),
        Err(error) => format!("{error:?}").chars().take(11).collect(),
    }
}

const ANNA: &str = "SE 198501012382";

#[tokio::test]
async fn the_verified_payload_alone_tells_who_it_is_in_every_documented_shape() {
    let key = Pool::at(0);
    let (_server, client) = world(&[key], &[]).await;
    let token = sealed(key, &payload(json!({})));
    let flat = body(&token);
    let mut posted = flat.clone();
    posted["data"]["status"] = "APPROVED".into();
    let nested = json!({"data": {"id": SESSION, "status": "Finished", "result": flat["data"]}});
    let general = json!({"event": "session_updated", "id": SESSION, "result": posted["data"], "more": 1});
    for shape in [&flat, &posted, &nested, &general] {
        assert_eq!(word(&client, shape).await, ANNA, "{shape}");
    }
    let (_server, outward) = world(&[key], &[Flaw::TrustsTheUnsignedNeighbours]).await;
    assert_eq!(word(&outward, &flat).await, "SE 199001012384");
    let phone = payload(json!({"userInfoType": "PHONE", "userInfo": "+46700000000"}));
    assert_eq!(word(&client, &body(&sealed(key, &phone))).await, ANNA);
}

#[tokio::test]
async fn states_are_what_freja_says() {
    let key = Pool::at(0);
    let (_server, client) = world(&[key], &[]).await;
    let token = sealed(key, &payload(json!({})));
    for (data, expected) in [
        (json!({"id": SESSION, "result": {"authRef": AUTH_REF}}), "pending"),
        (json!({"status": "STARTED"}), "pending"),
        (json!({"status": "DELIVERED_TO_MOBILE", "signedIdentity": token}), "pending"),
        (json!({"status": "CANCELED"}), "Cancelled CANCELED"),
        (json!({"status": "EXPIRED"}), "Expired EXPIRED"),
        (json!({"status": "REJECTED"}), "Rejected REJECTED"),
        (json!({"status": "RP_CANCELED"}), "ProviderError RP_CANCELED"),
        (json!({"status": "REJECTED", "signedIdentity": token}), "there is an identity beside an ending without one"),
        (json!({"status": "HALF", "signedIdentity": token}), "the state is unknown"),
        (json!({"status": "APPROVED"}), "it is approved without an identity"),
        (json!({"errors": [{"code": "2000"}]}), "ProviderError OTHER"),
        (json!({"errors": [{"code": "ODD"}], "signedIdentity": token}), "there are errors beside an identity"),
        (json!({"id": "7f751451-07dc-4543-ae69-79bc81d14bca"}), "the result is another session's"),
        (json!({"authRef": "other", "signedIdentity": token}), "the result names another transaction"),
        (json!({"status": "APPROVED", "result": {"status": "EXPIRED"}}), "a member stands in two places, and differs"),
        (json!({"signedIdentity": {"token": 1}}), "a member that should be a text is none"),
    ] {
        assert_eq!(word(&client, &json!({"data": data})).await, expected, "{data}");
    }
    assert_eq!(word(&client, &json!([])).await, "Malformed(\"");
    let twice = format!(r#"{{"data":{{"signedIdentity":"{token}","signedIdentity":"{token}"}}}}"#);
    let judged = client.judge(&session(), twice.as_bytes()).await;
    assert_eq!(judged, Ok(Evidence::Contradictory("a member stands twice")));
    for (data, flaw, expected) in [
        (json!({"status": "REJECTED"}), Flaw::TakesAnyEndingForApproval, "no number"),
        (json!({"status": "APPROVED"}), Flaw::UnfinishedPasses, "no number"),
        (json!({"status": "STARTED", "signedIdentity": token}), Flaw::ReadsPendingIdentity, ANNA),
        (json!({"status": "HALF", "signedIdentity": token}), Flaw::UnknownStatePasses, ANNA),
        (json!({"errors": [{"code": "ODD"}], "signedIdentity": token}), Flaw::IgnoresErrors, ANNA),
    ] {
        let (_server, wrong) = world(&[key], &[flaw]).await;
        assert_eq!(word(&wrong, &json!({"data": data})).await, expected, "{flaw}");
    }
}

#[tokio::test]
async fn what_a_signed_payload_must_say() {
    let key = Pool::at(1);
    let now = Timestamp::now().as_millisecond();
    let other = "the signed identity is another transaction's";
    let low = "the registration level is too low";
    let no_status = "the signed identity has no status";
    for (changes, expected, flaw, believed) in [
        (json!({"authRef": "other"}), other, Flaw::IgnoresTheAuthRef, ANNA),
        (json!({"authRef": "absent"}), other, Flaw::IgnoresTheAuthRef, ANNA),
        (json!({"status": "absent"}), no_status, Flaw::IgnoresTheSignedStatus, ANNA),
        (
            json!({"status": "REJECTED"}),
            "the signed identity says something else than approved",
            Flaw::IgnoresTheSignedStatus,
            ANNA,
        ),
        (
            json!({"timestamp": now + 3_600_000}),
            "the signed identity lies in the future",
            Flaw::TakesIdentitiesFromTheFuture,
            ANNA,
        ),
        (json!({".registrationLevel": "BASIC"}), low, Flaw::TakesAnyRegistrationLevel, ANNA),
        (json!({"minRegistrationLevel": "BASIC"}), low, Flaw::TakesAnyRegistrationLevel, ANNA),
        (json!({".ssn": "absent"}), "no number", Flaw::ReadsTheHintInTheSignedIdentity, ANNA),
        (
            json!({".ssn": "absent", "userInfoType": "EMAIL", "userInfo": "198501012382@example.org"}),
            "no number",
            Flaw::TakesAnyUserInfoForANumber,
            ANNA,
        ),
        (
            json!({".ssn": "absent", ".customIdentifier": "198501012382"}),
            "no number",
            Flaw::TakesPersonIdForNumber,
            ANNA,
        ),
        (
            json!({".ssn": {"country": "DK", "ssn": "198501012382"}}),
            "the number is none of its country",
            Flaw::IgnoresCountry,
            ANNA,
        ),
    ] {
        let token = body(&sealed(key, &payload(changes.clone())));
        let (_server, right) = world(&[key], &[]).await;
        assert_eq!(word(&right, &token).await, expected, "{changes}");
        let (_server, wrong) = world(&[key], &[flaw]).await;
        assert_eq!(word(&wrong, &token).await, believed, "{flaw}");
        assert_eq!(word(&wrong, &body(&sealed(key, &payload(json!({}))))).await, ANNA, "{flaw}: the happy path");
    }
    let (_server, client) = world(&[key], &[]).await;
    for (changes, expected) in [
        (json!({".ssn": {"country": "SE", "ssn": " "}}), "no number"),
        (json!({".ssn": {"country": "SE", "ssn": "000000000000"}}), "no number"),
        (json!({".ssn": {"ssn": "198501012382"}}), "the number has no country"),
        (json!({".ssn": "198501012382"}), "the number is no object"),
        (json!({".ssn": {"country": "XX", "ssn": "198501012382"}}), "the number's country is unknown"),
        (json!({".ssn": {"country": "FI", "ssn": "010190-999P"}}), "FI 010190-999P"),
        (json!({"timestamp": "absent"}), "the signed identity has no moment"),
        (json!({"timestamp": now.to_string()}), "the signed identity has no moment"),
        (json!({"minRegistrationLevel": "absent", ".registrationLevel": "absent"}), low),
        (json!({"minRegistrationLevel": "HIGHEST"}), "the registration level is none that is known"),
        (json!({"minRegistrationLevel": "PLUS", ".registrationLevel": "PLUS"}), ANNA),
        (json!({".registrationLevel": "absent"}), ANNA),
        (json!({"requestedAttributes": "absent"}), "no number"),
        (json!({"AuthRef": "other"}), "a member of the signed identity stands twice"),
    ] {
        assert_eq!(word(&client, &body(&sealed(key, &payload(changes.clone())))).await, expected, "{changes}");
    }
    // Seconds are a moment in 1970, which is too old for every attempt.
    let seconds = body(&sealed(key, &payload(json!({"timestamp": now / 1000}))));
    let judged = client.judge(&session(), seconds.to_string().as_bytes()).await.unwrap();
    assert!(matches!(judged, Evidence::Finished(identity) if identity.date.unwrap().as_second() < 10_000_000));
}

#[tokio::test]
async fn every_way_a_signature_can_be_wrong_is_refused() {
    let (own, foreign) = (Pool::at(2), Pool::at(3));
    let (server, client) = world(&[own], &[]).await;
    let told = payload(json!({}));
    let honest = sealed(own, &told);
    let (input, signature) = honest.rsplit_once('.').unwrap();
    let (header, claims) = input.split_once('.').unwrap();
    let x5t = own.certificate().x5t();
    let with = |key: &SigningKey, header: &str| {
        let input = format!("{}.{claims}", URL_SAFE_NO_PAD.encode(header));
        signed_input(key, &input)
    };
    let named = |alg: &str, more: &str| format!(r#"{{"x5t":"{x5t}","alg":"{alg}"{more}}}"#);
    let jwk = |key: &SigningKey| format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, key.public().e, key.public().n);
    let hs256 = |key: &[u8]| {
        let input = format!("{}.{claims}", URL_SAFE_NO_PAD.encode(named("HS256", "")));
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(mac::hmac_sha256(key, input.as_bytes())))
    };
    let unsigned = |alg: &str| format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(named(alg, "")));
    let embedded = format!(r#","jwk":{}"#, jwk(foreign));
    let chain = format!(r#","x5c":["{}"]"#, STANDARD.encode(foreign.certificate().der()));
    let set = format!(r#","jku":"{}/keys""#, server.uri());
    let twice = format!(r#"{{"alg":"none","x5t":"{x5t}","alg":"RS256"}}"#);
    let altered = URL_SAFE_NO_PAD.encode(payload(json!({"minRegistrationLevel": "PLUS"})).to_string());
    let crit = r#","crit":["urn:x"],"urn:x":true"#;
    let cases: Vec<(&str, String, Option<Flaw>)> = vec![
        ("altered", format!("{header}.{altered}.{signature}"), Some(Flaw::DecodesTheIdentityWithoutVerifying)),
        ("signature missing", format!("{input}."), Some(Flaw::DecodesTheIdentityWithoutVerifying)),
        ("truncated", honest[..honest.len() - 40].to_owned(), Some(Flaw::DecodesTheIdentityWithoutVerifying)),
        ("foreign key", with(foreign, &named("RS256", "")), Some(Flaw::DecodesTheIdentityWithoutVerifying)),
        ("none", unsigned("none"), Some(Flaw::AcceptsAlgorithmNone)),
        ("nOnE", unsigned("nOnE"), Some(Flaw::AcceptsAlgorithmNone)),
        ("no algorithm", with(own, &format!(r#"{{"x5t":"{x5t}"}}"#)), None),
        ("PEM", hs256(own.certificate().pem().as_bytes()), Some(Flaw::TakesThePublicKeyForASecret)),
        ("JWK", hs256(jwk(own).as_bytes()), Some(Flaw::TakesThePublicKeyForASecret)),
        ("jwk", with(foreign, &named("RS256", &embedded)), Some(Flaw::TrustsTheKeyInTheHeader)),
        ("x5c", with(foreign, &named("RS256", &chain)), Some(Flaw::TrustsTheKeyInTheHeader)),
        ("jku", with(foreign, &named("RS256", &set)), Some(Flaw::TrustsTheKeyInTheHeader)),
        ("unknown", sealed(foreign, &told), Some(Flaw::TakesUnknownCertificates)),
        ("alg twice", with(own, &twice), Some(Flaw::TakesTheLastOfTwins)),
        ("crit", with(own, &named("RS256", crit)), Some(Flaw::IgnoresCriticalExtensions)),
        ("four parts", format!("{honest}.e30"), Some(Flaw::TakesTokensInAnyShape)),
        ("two parts", input.to_owned(), None),
        ("padded", signed_input(own, &format!("{header}=.{claims}=")) + "=", Some(Flaw::TakesTokensInAnyShape)),
        ("bad letter", signed_input(own, &format!("{header}.!{claims}")), Some(Flaw::TakesTokensInAnyShape)),
        ("huge", sealed(own, &payload(json!({"more": "x".repeat(70_000)}))), Some(Flaw::TakesTokensInAnyShape)),
        ("no JSON", jws::sign(own, &[("x5t", &x5t), ("alg", "RS256")], b"[]"), None),
        ("empty", String::from("."), None),
    ];
    assert_eq!(word(&client, &body(&honest)).await, ANNA);
    for (name, token, flaw) in cases {
        let refused = word(&client, &body(&token)).await;
        assert!(refused.starts_with("the signed") || refused.starts_with("a member of the"), "{name}: {refused}");
        if let Some(flaw) = flaw {
            let (server, wrong) = world(&[own], &[flaw]).await;
            let keys = ResponseTemplate::new(200).set_body_string(format!(r#"{{"keys":[{}]}}"#, jwk(foreign)));
            Mock::given(path("/keys")).respond_with(keys).mount(&server).await;
            let token = token.replace(&URL_SAFE_NO_PAD.encode(named("RS256", &set)), "");
            let token = if token.starts_with('.') {
                let set = format!(r#","jku":"{}/keys""#, server.uri());
                with(foreign, &named("RS256", &set))
            } else {
                token
            };
            assert_eq!(word(&wrong, &body(&token)).await, ANNA, "{name}: {flaw}");
            assert_eq!(word(&wrong, &body(&honest)).await, ANNA, "{flaw}: the happy path");
        }
    }
}

fn signed_input(key: &SigningKey, input: &str) -> String {
    let signature = jws::signature(key, input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[tokio::test]
async fn certificates_overlap_expire_and_are_taken_out() {
    let (old, new) = (Pool::at(4), Pool::at(5));
    let tokens = [old, new].map(|key| body(&sealed(key, &payload(json!({})))));
    let untrusted = "the signed identity names a certificate that is not trusted";
    for (flaws, after) in [(&[][..], untrusted), (&[Flaw::KeepsARotatedCertificateForEver][..], ANNA)] {
        let (server, client) = world(&[old], flaws).await;
        assert_eq!(word(&client, &tokens[0]).await, ANNA);
        tokio::time::sleep(Duration::from_millis(60)).await;
        offer(&server, &[new, old]).await;
        assert_eq!((word(&client, &tokens[0]).await, word(&client, &tokens[1]).await), (ANNA.into(), ANNA.into()));
        tokio::time::sleep(Duration::from_millis(60)).await;
        offer(&server, &[new]).await;
        assert_eq!((word(&client, &tokens[0]).await.as_str(), word(&client, &tokens[1]).await.as_str()), (after, ANNA));
        // Without the store, what is known is still good; what is not, nobody can tell.
        server.reset().await;
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert_eq!(word(&client, &tokens[1]).await, ANNA);
        let unknown = body(&sealed(Pool::at(6), &payload(json!({}))));
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert_eq!(word(&client, &unknown).await, "Unavailable");
    }
    let (server, client) = world(&[old], &[]).await;
    for key in 0..100 {
        let token = jws::sign(old, &[("x5t", &format!("{key:027}")), ("alg", "RS256")], b"{}");
        assert_eq!(word(&client, &body(&token)).await, untrusted);
    }
    assert!(server.received_requests().await.unwrap().len() < 60);
    let (server, lax) = world(&[], &[Flaw::TrustsWhenCertificatesAreUnavailable]).await;
    server.reset().await;
    assert_eq!(word(&lax, &tokens[0]).await, ANNA);
}

#[tokio::test]
async fn whoever_comes_while_the_certificates_cannot_be_read_hears_the_same() {
    let (own, foreign) = (Pool::at(0), Pool::at(1));
    let (server, client) = world(&[own], &[]).await;
    let [honest, unknown] = [own, foreign].map(|key| body(&sealed(key, &payload(json!({})))));
    assert_eq!(word(&client, &honest).await, ANNA);
    server.reset().await;
    let down = ResponseTemplate::new(503).set_delay(Duration::from_millis(20));
    Mock::given(path("/certificates")).respond_with(down).expect(1).mount(&server).await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    let all = futures::future::join_all((0..3).map(|_| word(&client, &unknown))).await;
    assert_eq!(all, ["Unavailable"; 3], "a certificate is not unknown because somebody else asks for it at the moment");
}
