//! Codes, tokens, and what they open.

use serde_json::{Value, json};

use super::party::{BACK, Party, claims};
use crate::crypto::jwe::Content;
use crate::crypto::keys::{Jwk, Pool};
use crate::crypto::private_key::PrivateKey;
use crate::crypto::{jwe, jws};
use crate::providers::signicat::Signicat;
use crate::simulation::Provider;

async fn error(party: &mut Party, code: &str, more: &[(&str, &str)]) -> Value {
    let answer = party.exchange(code, more).await;
    assert_ne!(answer.status, 200, "{answer:?}");
    answer.json()["error"].clone()
}

#[tokio::test]
async fn a_code_is_good_once_and_for_a_minute() {
    let mut party = Party::new();
    let request = party.sbid_request();
    let code = party.code(&request).await;
    let tokens = party.exchange(&code, &[]).await.json();
    let access = tokens["access_token"].as_str().unwrap().to_owned();
    assert_eq!(party.fetch("userinfo", &access).await.status, 200);
    assert_eq!(error(&mut party, &code, &[]).await, "invalid_grant");
    assert_eq!(party.fetch("userinfo", &access).await.status, 401, "what it gave is void");

    let late = party.code(&request).await;
    party.pass(60_000);
    assert_eq!(error(&mut party, &late, &[]).await, "invalid_grant");
    for no_code in ["", "x", &"A".repeat(32)] {
        let expected = if no_code.is_empty() { "invalid_request" } else { "invalid_grant" };
        assert_eq!(error(&mut party, no_code, &[]).await, expected);
    }
}

#[tokio::test]
async fn pkce_is_optional_and_binding() {
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    // The example of RFC 7636, appendix B.
    for (method, challenge) in [("S256", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("plain", verifier)] {
        let mut party = Party::new();
        let mut request = party.sbid_request();
        request["code_challenge_method"] = json!(method);
        request["code_challenge"] = json!(challenge);
        let code = party.code(&request).await;
        assert_eq!(error(&mut party, &code, &[]).await, "invalid_grant");
        assert_eq!(error(&mut party, &code, &[("code_verifier", &"a".repeat(43))]).await, "invalid_grant");
        assert_eq!(party.exchange(&code, &[("code_verifier", verifier)]).await.status, 200);
    }
    let mut party = Party::new();
    let request = party.sbid_request();
    let code = party.code(&request).await;
    assert_eq!(error(&mut party, &code, &[("code_verifier", verifier)]).await, "invalid_grant");
}

#[tokio::test]
async fn the_client_shows_who_it_is_in_three_ways() {
    use base64::Engine as _;
    let rp = Pool::at(2);
    let mut party = Party::with(&json!({
        "signature_keys": [{ "kty": "RSA", "n": rp.public().n, "e": rp.public().e }],
        "clients": [{ "client_id": "odd one", "client_secret": "a:b+c%/", "redirect_uris": [BACK] }],
    }));
    let id = party.client_id.clone();
    let request = party.sbid_request();

    let code = party.code(&request).await;
    let secret = party.client_secret.clone();
    let grant = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", BACK), ("client_id", &id)];
    let by = |more: &[(&'static str, String)]| {
        let mut fields: Vec<(String, String)> = grant.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        fields.extend(more.iter().map(|(n, v)| ((*n).to_owned(), v.clone())));
        fields
    };
    let post = async |party: &mut Party, fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        party.post("/oidc/token", &fields, &[]).await
    };
    let answer = post(&mut party, &by(&[])).await;
    assert_eq!((answer.status.as_u16(), answer.json()["error"].as_str()), (401, Some("invalid_client")));
    let now = super::party::NOON.0 / 1_000;
    let assertion = |aud: &str, jti: &str| {
        let claims = json!({ "iss": id, "sub": id, "aud": aud, "exp": now + 60, "jti": jti });
        jws::sign(rp, &[("alg", "RS256")], claims.to_string().as_bytes())
    };
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned();
    let with = |token: String| by(&[("client_assertion", token), ("client_assertion_type", kind.clone())]);
    assert_eq!(post(&mut party, &with(assertion("https://other.test", "1"))).await.status, 401);
    assert_eq!(post(&mut party, &with(assertion("http://sim.test/oidc", "2"))).await.status, 200);
    assert_eq!(post(&mut party, &with(assertion("http://sim.test/oidc", "2"))).await.status, 401, "once");
    let answer = post(&mut party, &by(&[("client_secret", secret)])).await;
    assert_eq!(answer.json()["error"], "invalid_grant", "the client is known, the code is used");

    for written in ["odd one:a:b+c%/", "odd+one:a%3Ab%2Bc%25%2F"] {
        let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(written));
        let fields = [("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", BACK)];
        let answer = party.post("/oidc/token", &fields, &[("authorization", &basic)]).await;
        assert_eq!(answer.json()["error"], "invalid_grant", "{written}");
    }
}

#[tokio::test]
async fn another_clients_code_and_refresh_token_are_none() {
    let other = json!({ "client_id": "other", "client_secret": "s", "redirect_uris": [BACK] });
    let mut party = Party::with(&json!({ "clients": [other] }));
    let request = party.sbid_request();
    let code = party.code(&request).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", BACK),
        ("client_id", "other"),
        ("client_secret", "s"),
        ("code", &*code),
    ];
    assert_eq!(party.post("/oidc/token", &fields, &[]).await.json()["error"], "invalid_grant");
    let tokens = party.exchange(&code, &[]).await.json();
    let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
    assert_eq!(refresh.len(), 32);
    let fields =
        [("grant_type", "refresh_token"), ("client_id", "other"), ("client_secret", "s"), ("refresh_token", &*refresh)];
    assert_eq!(party.post("/oidc/token", &fields, &[]).await.json()["error"], "invalid_grant");
    let basic = party.basic();
    let own = [("grant_type", "refresh_token"), ("refresh_token", &*refresh)];
    let again = party.post("/oidc/token", &own, &[("authorization", &basic)]).await;
    assert_eq!(again.status, 200, "{again:?}");
    let again = party.post("/oidc/token", &own, &[("authorization", &basic)]).await;
    assert_eq!(again.json()["error"], "invalid_grant", "rotated");
}

#[tokio::test]
async fn responses_are_nested_where_the_client_has_a_key_for_them() {
    let rp = Pool::at(5);
    let mut party =
        Party::with(&json!({ "response_key": { "kty": "RSA", "kid": "rp", "n": rp.public().n, "e": rp.public().e } }));
    let request = party.sbid_request();
    let tokens = party.tokens(&request).await;
    let open =
        |token: &str| String::from_utf8(jwe::decrypt(rp, token, &[jwe::Content::A256CbcHs512]).unwrap()).unwrap();
    let id_token = open(tokens["id_token"].as_str().unwrap());
    assert_eq!(claims(&id_token)["nonce"], "n1");
    let userinfo = party.fetch("userinfo", tokens["access_token"].as_str().unwrap()).await;
    assert_eq!(userinfo.head["content-type"], "application/jwt");
    let inner = open(std::str::from_utf8(&userinfo.body).unwrap());
    assert_eq!(claims(&inner)["sub"], claims(&id_token)["sub"]);
    let keys = party.keys().await;
    assert!(keys.iter().any(|jwk| jws::verify(&jwk.key, &inner).is_ok()));
}

#[tokio::test]
async fn userinfo_is_asked_in_three_ways_and_refused_in_two() {
    let mut party = Party::new();
    let request = party.sbid_request();
    let tokens = party.tokens(&request).await;
    let access = tokens["access_token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {access}");
    for answer in [
        party.get("/oidc/userinfo", &[("authorization", &bearer)]).await,
        party.post("/oidc/userinfo", &[], &[("authorization", &bearer)]).await,
        party.post("/oidc/userinfo", &[("access_token", &access)], &[]).await,
    ] {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(party.get("/oidc/userinfo", &[]).await.status, 401);
    let (input, _) = access.rsplit_once('.').unwrap();
    let unsigned = format!("{input}.");
    assert_eq!(party.fetch("userinfo", &unsigned).await.status, 401);
}

#[tokio::test]
async fn another_spaces_handles_open_nothing() {
    let mut party = Party::new();
    let request = party.sbid_request();
    let code = party.code(&request).await;
    let tokens = party.exchange(&code, &[]).await.json();
    let access = tokens["access_token"].as_str().unwrap().to_owned();
    let mut party = party.moved_to("elsewhere");
    assert_eq!(error(&mut party, &code, &[]).await, "invalid_grant");
    assert_eq!(party.fetch("userinfo", &access).await.status, 401);
}

#[test]
fn what_is_encrypted_to_the_public_key_that_is_told_of_opens_with_the_one_that_is_handed_out() {
    let public: Jwk = serde_json::from_str(include_str!("../../../../fixtures/keys/relying-party.jwk.json")).unwrap();
    let party = Party::new();
    let connection = Signicat::connection(&party.space());
    let (_, private) = connection.iter().find(|(name, _)| *name == "RESPONSE_KEY").unwrap();
    let private = private.told("", "");
    let sealed = jwe::encrypt(&public.key, Content::A256CbcHs512, &[], b"{}").unwrap();
    let own = PrivateKey::read(&private).unwrap();
    assert_eq!(jwe::decrypt(&own, &sealed, &[Content::A256CbcHs512]).unwrap(), b"{}");
}
