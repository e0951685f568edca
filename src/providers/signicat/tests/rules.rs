//! What a request may say, and what is answered when it says something else.

use serde_json::{Value, json};

use super::party::{BACK, Party};
use crate::crypto::jwe::{self, Content};
use crate::crypto::jws;
use crate::crypto::keys::Pool;
use crate::simulation::journal::{Kind, Wanted};

/// The error of a request with these members changed; `null` takes one away.
async fn refused(party: &mut Party, changes: &Value) -> Value {
    let mut request = party.sbid_request();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            request.as_object_mut().unwrap().remove(name);
        } else {
            request[name] = value.clone();
        }
    }
    let answer = party.authorize(&request).await;
    assert_eq!(answer.status, 400, "{changes}: {answer:?}");
    answer.json()["error"].clone()
}

#[tokio::test]
async fn each_rule_has_its_error() {
    let mut party = Party::new();
    for (changes, error) in [
        (json!({ "client_id": "nobody" }), "invalid_client"),
        (json!({ "client_id": null }), "invalid_request"),
        (json!({ "redirect_uri": "https://rp.se/cb" }), "invalid_request"),
        (json!({ "response_type": null }), "invalid_request"),
        (json!({ "response_type": "token" }), "unsupported_response_type"),
        (json!({ "response_mode": "fragment" }), "invalid_request"),
        (json!({ "scope": "openid profile" }), "invalid_scope"),
        (json!({ "scope": "signicat.sign" }), "invalid_scope"),
        (json!({ "acr_values": "urn:signicat:oidc:method:other" }), "invalid_request"),
        (json!({ "signicat_signtext": " " }), "invalid_request"),
        (json!({ "signicat_signtext": null }), "invalid_request"),
        (json!({ "login_hint": "subject-198501012382" }), "invalid_request"),
        (json!({ "login_hint": ["subject-8501012382"] }), "invalid_request"),
        (json!({ "login_hint": ["birthdate-010185"] }), "invalid_request"),
        (json!({ "login_hint": [1] }), "invalid_request"),
        (json!({ "login_hint": null }), "invalid_request"),
        (json!({ "prompt": "none" }), "login_required"),
        (json!({ "code_challenge": "short" }), "invalid_request"),
        (json!({ "code_challenge_method": "S512", "code_challenge": "a".repeat(43) }), "invalid_request"),
        (json!({ "request": "x" }), "invalid_request_object"),
    ] {
        assert_eq!(refused(&mut party, &changes).await, error, "{changes}");
    }
    let plainly = [("client_id", "x"), ("request_uri", "https://rp.test/r")];
    let answer = party.authorize_plainly(&plainly, "application/json").await;
    assert_eq!(answer.json()["error"], "request_uri_not_supported");
}

#[tokio::test]
async fn whatever_cannot_be_read_is_answered_alike_and_named_in_the_journal() {
    let mut party = Party::new();
    let request = party.sbid_request();
    let keys = party.keys().await;
    let key = keys.iter().find(|key| key.usage.as_deref() == Some("enc")).unwrap();
    let kid = key.kid.as_deref().unwrap();
    let seal = |content, members: &[(&str, &str)], text: &str| {
        jwe::encrypt(&key.key, content, members, text.as_bytes()).unwrap()
    };
    let honest = seal(Content::A256CbcHs512, &[("typ", "JWE"), ("kid", kid)], &request.to_string());
    let mut bent = honest.clone();
    let at = bent.len() - 3;
    bent.replace_range(at..=at, if &honest[at..=at] == "A" { "B" } else { "A" });
    let to_another =
        jwe::encrypt(Pool::at(0).public(), Content::A256CbcHs512, &[("kid", kid)], request.to_string().as_bytes());
    let sign_kid = keys[0].kid.clone().unwrap();
    let wrong = [
        bent,
        seal(Content::A256CbcHs512, &[("typ", "JWE")], &request.to_string()),
        seal(Content::A256CbcHs512, &[("typ", "other"), ("kid", kid)], &request.to_string()),
        seal(Content::A128CbcHs256, &[("kid", kid)], &request.to_string()),
        seal(Content::A256CbcHs512, &[("kid", &sign_kid)], &request.to_string()),
        seal(Content::A256CbcHs512, &[("kid", kid)], "no json"),
        seal(Content::A256CbcHs512, &[("kid", kid)], "{"),
        "a.b.c.d.e".to_owned(),
        "x".to_owned(),
    ];
    let mut said = Vec::new();
    for token in wrong.iter().chain(to_another.iter().filter(|_| Pool::at(0).public() != &key.key)) {
        let path = format!("/oidc/authorize?request={token}");
        let answer = party.get(&path, &[("accept", "application/json")]).await;
        assert_eq!(answer.status, 400);
        said.push(answer.body);
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    let journal = format!("{:?}", party.space().journal.after(0, 1_000, crate::simulation::journal::Wanted::default()));
    for rule in ["`kid` is missing", "`typ` is neither", "`enc` is not", "`kid` names no key", "no JSON object"] {
        assert!(journal.contains(rule), "{rule}");
    }
}

#[tokio::test]
async fn a_signed_token_may_be_inside_where_the_client_has_a_key() {
    let rp = Pool::at(3);
    let key = json!({ "kty": "RSA", "n": rp.public().n, "e": rp.public().e });
    let mut party = Party::with(&json!({ "signature_keys": [key] }));
    let request = party.sbid_request();
    let keys = party.keys().await;
    let key = keys.iter().find(|key| key.usage.as_deref() == Some("enc")).unwrap();
    let members = [("typ", "JWE"), ("cty", "JWT"), ("kid", key.kid.as_deref().unwrap())];
    for (signer, fine) in [(rp, true), (Pool::at(4), false)] {
        let nested = jws::sign(signer, &[("alg", "RS256")], request.to_string().as_bytes());
        let token = jwe::encrypt(&key.key, Content::A256CbcHs512, &members, nested.as_bytes()).unwrap();
        let answer = party.get(&format!("/oidc/authorize?request={token}"), &[("accept", "application/json")]).await;
        assert_eq!(answer.status == 200, fine, "{answer:?}");
    }
}

#[tokio::test]
async fn what_stands_beside_the_object_has_to_agree() {
    let mut party = Party::new();
    let request = party.sbid_request();
    let token = party.encrypted(&request).await;
    for (beside, fine) in
        [("response_type=code&scope=openid", false), ("response_type=code&foo=bar", true), ("state=s2", false)]
    {
        let path = format!("/oidc/authorize?{beside}&request={token}");
        let answer = party.get(&path, &[("accept", "application/json")]).await;
        assert_eq!(answer.status == 200, fine, "{beside}: {answer:?}");
    }
    let client_id = party.client_id.clone();
    let answer = party
        .post("/oidc/authorize", &[("request", &token), ("client_id", &client_id)], &[("accept", "application/json")])
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn a_browser_is_sent_back_with_errors_once_it_is_known_where() {
    let mut party = Party::new();
    let id = party.client_id.clone();
    let fields = [("client_id", &*id), ("redirect_uri", BACK), ("scope", "openid"), ("state", "s1")];
    let answer = party.authorize_plainly(&fields, "text/html").await;
    assert_eq!(answer.status, 302);
    assert_eq!((&*answer.query()["error"], &*answer.query()["state"]), ("invalid_request", "s1"));
    let nowhere =
        [("client_id", &*id), ("redirect_uri", "https://rp.se/cb"), ("response_type", "code"), ("scope", "openid")];
    let answer = party.authorize_plainly(&nowhere, "text/html").await;
    assert_eq!(answer.status, 400);
    assert!(!answer.head.contains_key("location"));
}

#[tokio::test]
async fn a_poll_needs_the_cookie_of_its_session_and_jars_are_shared() {
    let mut party = Party::new();
    let request = party.sbid_request();
    let first = party.authorize(&request).await.json();
    let second = party.authorize(&request).await.json();
    for started in [&first, &second] {
        assert_eq!(party.collect(started).await.status, 200);
    }
    party.jar.clear();
    assert_eq!(party.collect(&first).await.status, 403);
    party.authorize(&request).await;
    assert_eq!(party.collect(&first).await.status, 403, "another jar");
}

#[tokio::test]
async fn the_journal_shows_what_came_encrypted_without_the_number() {
    let mut party = Party::new();
    let request = party.sbid_request();
    for _ in 0..2 {
        assert_eq!(party.authorize(&request).await.status, 200);
    }
    let of = |session| Wanted { session, kind: Some(Kind::Unsealed) };
    let space = party.space();
    let journal = &space.journal;
    let entries = [journal.after(0, 100, of(None)), journal.after(0, 100, of(Some(party.newest())))].concat();
    let unsealed: Vec<Value> = entries.iter().map(|entry| serde_json::from_str(&entry.text).unwrap()).collect();
    let [first, second, own] = &unsealed[..] else { panic!("{unsealed:?}") };
    assert_eq!(second, own);
    assert!(first["key"] != second["key"] && first["vector"] != second["vector"], "{unsealed:?}");
    assert_eq!(first["header"]["enc"], "A256CBC-HS512");
    assert_eq!(first["request"]["login_hint"], json!(["subject-************"]));
    assert_eq!(first["request"]["signicat_signtext"], request["signicat_signtext"]);
}
