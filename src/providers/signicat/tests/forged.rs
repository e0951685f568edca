//! Artefacts that are wrong on purpose: each differs from the honest one where it should.

use serde_json::{Value, json};

use super::party::{Party, claims};
use crate::crypto::jwe::{self, Content, JweError};
use crate::crypto::jws;
use crate::crypto::keys::Pool;
use crate::script::{JweTampering, Tampering, Word as _};

fn script(of: &str, how: &str) -> String {
    format!("title = \"t\"\n\n[[forgery]]\nof = \"{of}\"\nhow = \"{how}\"\n")
}

async fn id_claims(how: &str) -> (Party, String, Value) {
    let mut party = Party::new();
    if !how.is_empty() {
        party.play_text(&script("id-token", how));
    }
    let request = party.sbid_request();
    let tokens = party.tokens(&request).await;
    let token = tokens["id_token"].as_str().unwrap_or_default().to_owned();
    let told = if token.is_empty() { Value::Null } else { claims(&token) };
    (party, token, told)
}

#[tokio::test]
async fn claims_are_wrong_in_one_thing_under_a_right_signature() {
    let (_, _, honest) = id_claims("").await;
    let members: [(&str, &[&str]); 16] = [
        ("acr-swapped", &["acr"]),
        ("at-hash-wrong", &["at_hash"]),
        ("audience-wrong", &["aud"]),
        ("azp-wrong", &["aud", "azp"]),
        ("expired", &["nbf", "exp", "iat"]),
        ("expiry-as-text", &["exp"]),
        ("expiry-missing", &["exp"]),
        ("issued-in-future", &["exp", "iat"]),
        ("issuer-missing", &["iss"]),
        ("issuer-slash", &["iss"]),
        ("issuer-wrong", &["iss"]),
        ("nonce-missing", &["nonce"]),
        ("nonce-wrong", &["nonce"]),
        ("not-yet-valid", &["nbf", "exp"]),
        ("other-client", &["sub", "aud", "nonce", "azp"]),
        ("subject-swapped", &["sub"]),
    ];
    for (how, wrong) in members {
        let (mut party, token, told) = id_claims(how).await;
        let keys = party.keys().await;
        assert!(keys.iter().any(|jwk| jws::verify(&jwk.key, &token).is_ok()), "{how}");
        let differs = |name: &&str| honest.get(*name) != told.get(*name);
        let all = ["acr", "sub", "aud", "nbf", "auth_time", "amr", "iss", "exp", "iat", "nonce", "at_hash", "azp"];
        let mut differing: Vec<&str> = all.iter().filter(|name| differs(name)).copied().collect();
        let mut wrong = wrong.to_vec();
        differing.sort_unstable();
        wrong.sort_unstable();
        assert_eq!(differing, wrong, "{how}");
    }
}

#[tokio::test]
async fn what_is_almost_right_is_as_near_as_it_can_be() {
    let (_, _, honest) = id_claims("").await;
    let (_, _, text) = id_claims("expiry-as-text").await;
    assert_eq!(text["exp"], honest["exp"].to_string());
    let (_, _, slash) = id_claims("issuer-slash").await;
    assert_eq!(slash["iss"], format!("{}/", honest["iss"].as_str().unwrap()));
    for (how, claim) in [("expiry-missing", "exp"), ("issuer-missing", "iss")] {
        assert_eq!(id_claims(how).await.2.get(claim), None, "{how}");
    }
}

#[tokio::test]
async fn an_encryption_is_broken_in_one_thing_around_an_honest_token() {
    let rp = Pool::at(5);
    let own = json!({ "response_key": { "kty": "RSA", "kid": "rp", "n": rp.public().n, "e": rp.public().e } });
    for of in ["id-token", "userinfo"] {
        for how in JweTampering::ALL {
            let expected = match how {
                JweTampering::AlgorithmRsa15 => JweError::Algorithm,
                JweTampering::EncryptionCritUnknown => JweError::Extension,
                JweTampering::CiphertextAltered
                | JweTampering::EncryptedKeyAltered
                | JweTampering::EncryptedToAnother
                | JweTampering::IvAltered
                | JweTampering::ProtectedHeaderAltered
                | JweTampering::TagAltered => JweError::Undecryptable,
            };
            // Who has no key of its own is sent something broken, too.
            for settings in [own.clone(), json!({})] {
                let mut party = Party::with(&settings);
                party.play_text(&script(of, how.word()));
                let request = party.sbid_request();
                let tokens = party.tokens(&request).await;
                let id_token = tokens["id_token"].as_str().unwrap().to_owned();
                let told = party.fetch("userinfo", tokens["access_token"].as_str().unwrap()).await;
                let told = String::from_utf8(told.body.to_vec()).unwrap();
                let (broken, honest) = if of == "id-token" { (id_token, told) } else { (told, id_token) };
                let is_own = settings == own;
                let open = |token: &str| jwe::decrypt(rp, token, &[Content::A256CbcHs512]);
                assert_eq!(open(&broken), Err(expected), "{of}/{how}");
                assert_eq!(open(&honest).is_ok(), is_own, "{of}/{how}");
                let reads = jwe::decrypt_unauthenticated(rp, &broken).is_some_and(|plain| plain.starts_with(b"eyJ"));
                let by_the_tag_alone = matches!(how, JweTampering::ProtectedHeaderAltered | JweTampering::TagAltered);
                assert!(!by_the_tag_alone || reads == is_own, "{of}/{how}");
            }
        }
    }
}

#[tokio::test]
async fn somebody_else_is_somebody_else_whichever_key_of_the_pool_the_client_has() {
    for rp in (0..Pool::SIZE).map(Pool::at) {
        let mut party =
            Party::with(&json!({ "response_key": { "kty": "RSA", "n": rp.public().n, "e": rp.public().e } }));
        party.play_text(&script("id-token", "encrypted-to-another"));
        let request = party.sbid_request();
        let tokens = party.tokens(&request).await;
        let opened = jwe::decrypt(rp, tokens["id_token"].as_str().unwrap(), &[Content::A256CbcHs512]);
        assert_eq!(opened, Err(JweError::Undecryptable), "{}", rp.name());
    }
}

#[tokio::test]
async fn the_way_back_names_the_issuer_where_that_is_switched_on_and_then_discovery_says_so() {
    const ANNOUNCED: &str = "authorization_response_iss_parameter_supported";
    for (switch, own) in [("absent", None), ("present", Some("http://sim.test/oidc"))] {
        for (how, expected) in [("", own), ("issuer-foreign", Some("https://elsewhere.example/oidc"))] {
            let mut party = Party::with(&json!({ "callback_issuer": switch }));
            if !how.is_empty() {
                party.play_text(&script("callback", how));
            }
            let discovery = party.get("/oidc/.well-known/openid-configuration", &[]).await.json();
            assert_eq!(discovery.get(ANNOUNCED), own.map(|_| &Value::Bool(true)), "{switch}");
            let request = party.sbid_request();
            let started = party.authorize(&request).await.json();
            party.signal(&crate::simulation::Said::plain(crate::script::SignalName::Confirmed));
            let told = party.collect(&started).await.json();
            let (_, back) = party.follow(told["completeUrl"].as_str().unwrap()).await;
            let query = back.query();
            assert_eq!(query.get("iss").map(String::as_str), expected, "{switch} {how}");
            assert_eq!((&*query["state"], query.contains_key("code")), ("s1", true), "{switch} {how}");
        }
        // An error names it, too (RFC 9207 section 2).
        let mut party = Party::with(&json!({ "callback_issuer": switch, "complete_again": "redirect" }));
        let request = party.sbid_request();
        let started = party.authorize(&request).await.json();
        party.signal(&crate::simulation::Said::plain(crate::script::SignalName::Confirmed));
        let told = party.collect(&started).await.json();
        let address = told["completeUrl"].as_str().unwrap();
        party.follow(address).await;
        let (_, again) = party.follow(address).await;
        assert_eq!((&*again.query()["error"], again.query().get("iss").map(String::as_str)), ("access_denied", own));
    }
}

#[tokio::test]
async fn a_forged_signature_is_refused_and_its_claims_are_honest() {
    let (_, _, honest) = id_claims("").await;
    for how in [
        "algorithm-none",
        "algorithm-hs256-pem",
        "foreign-key",
        "key-unknown",
        "signature-replaced",
        "signature-missing",
    ] {
        let (mut party, token, told) = id_claims(how).await;
        assert_eq!(told, honest, "{how}");
        let keys = party.keys().await;
        let sig = keys.iter().filter(|jwk| jwk.verifies());
        assert!(sig.into_iter().all(|jwk| jws::verify(&jwk.key, &token).is_err()), "{how}");
    }
    let (_, token, _) = id_claims("missing").await;
    assert!(token.is_empty());
}

#[tokio::test]
async fn the_way_back_is_wrong_as_the_script_wants_it() {
    for (how, expected) in [
        ("state-foreign", "foreign"),
        ("state-missing", "missing"),
        ("error-with-foreign-state", "foreign"),
        ("complete-elsewhere", "elsewhere"),
    ] {
        let mut party = Party::new();
        party.play_text(&script("callback", how));
        let request = party.sbid_request();
        let started = party.authorize(&request).await.json();
        party.signal(&crate::simulation::Said::plain(crate::script::SignalName::Confirmed));
        let told = party.collect(&started).await.json();
        let address = told["completeUrl"].as_str().unwrap().to_owned();
        if expected == "elsewhere" {
            assert!(address.starts_with("https://elsewhere.example/std/method/"), "{address}");
            continue;
        }
        let (_, back) = party.follow(&address).await;
        let query = back.query();
        assert_eq!(query.contains_key("error"), how.starts_with("error"), "{query:?}");
        match expected {
            "missing" => assert!(!query.contains_key("state")),
            _foreign => assert_ne!(query["state"], "s1"),
        }
    }
}

#[tokio::test]
async fn a_code_that_was_slipped_in_is_caught_by_pkce_or_nonce() {
    let mut party = Party::new();
    party.play_text(&script("callback", "code-of-another-session"));
    let request = party.sbid_request();
    let tokens = party.tokens(&request).await;
    let id = claims(tokens["id_token"].as_str().unwrap());
    assert_ne!(id["nonce"], "n1");
    let access = tokens["access_token"].as_str().unwrap().to_owned();
    let told = party.fetch("userinfo", &access).await.json();
    assert_ne!(told["signicat.national_id"], "198501012382");

    let mut request = party.sbid_request();
    request["code_challenge"] = json!("a".repeat(43));
    let code = party.code(&request).await;
    assert_eq!(party.exchange(&code, &[("code_verifier", &"a".repeat(43))]).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn the_key_set_before_a_rotation_lacks_the_key_that_signs() {
    let mut party = Party::new();
    party.play_text("title = \"t\"\n\n[[forgery]]\nof = \"key-set\"\nhow = \"rotated\"\noccurrence = 1\n");
    let request = party.sbid_request();
    let started = party.authorize(&request).await.json();
    let _ = started;
    let before = party.keys().await;
    let after = party.keys().await;
    assert_ne!(before[0].kid, after[0].kid);
    assert_eq!(before.last(), after.last(), "one can still encrypt to us");
}

#[tokio::test]
async fn claims_and_signed_data_can_be_somebody_elses() {
    for (of, how, userinfo, sdo) in [
        ("userinfo", "person-swapped", true, false),
        ("sdo", "person-swapped", false, true),
        ("identity", "person-swapped", true, true),
    ] {
        let mut party = Party::new();
        party.play_text(&script(of, how));
        let request = party.sbid_request();
        let tokens = party.tokens(&request).await;
        let access = tokens["access_token"].as_str().unwrap().to_owned();
        let told = party.fetch("userinfo", &access).await.json();
        assert_eq!(told["signicat.national_id"] != "198501012382", userinfo, "{of}");
        assert_eq!(told["sub"], claims(tokens["id_token"].as_str().unwrap())["sub"]);
        let document = party.fetch("signature", &access).await;
        let own = String::from_utf8_lossy(&document.body).contains("<SignerNationalId>198501012382<");
        assert_eq!(own, !sdo, "{of}");
    }
}

#[test]
fn what_cannot_be_said_is_refused_with_a_reason() {
    let control = Party::new();
    let control = control.simulation.provider("signicat").unwrap().clone();
    for how in Tampering::all() {
        let text = script(how.of(), how.how());
        let script = crate::script::Script::parse(&text, "t.toml").unwrap();
        let refused = control.refuses(&script).is_some();
        let expected = matches!(how.of(), "webhook" | "signed-identity")
            || (how.of() == "identity" && ["other-id", "register-of-someone-else"].contains(&how.how()));
        assert_eq!(refused, expected, "{how}");
    }
}
