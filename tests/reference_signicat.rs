//! The reference service against Signicat's simulator: consent signatures without a browser, over sockets, as senders and signers see it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::Request;
use motpart::Motpart;
use motpart::crypto::keys::Pool;
use motpart::dial::{DialOptions, Dialer};
use motpart::identity::Person;
use motpart::reference::{Flaw, Options, Reference, Variant};
use motpart::script::{JweTampering, Millis, Script, SignalName, Word as _};
use motpart::simulation::{Said, SessionId};
use serde_json::{Value, json};
use uuid::Uuid;

/// A simulator, a reference with one-step consent, and somebody who calls them.
struct World {
    motpart: Motpart,
    reference: Reference,
    dialer: Dialer,
}

/// A participant in a pending agreement, and its signing room.
struct Case {
    path: String,
    room: String,
}

impl World {
    async fn start(flaws: &[Flaw], variants: &[Variant]) -> Self {
        Self::at(motpart::Options::default(), flaws, variants, &[]).await
    }

    async fn at(options: motpart::Options, flaws: &[Flaw], variants: &[Variant], more: &[(&str, &str)]) -> Self {
        let motpart = Motpart::start(options).await.unwrap();
        let mut connections = motpart.connection();
        connections.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let options = Options {
            connections,
            flaws: flaws.iter().copied().collect(),
            variants: variants.iter().copied().chain([Variant::OneStep]).collect(),
            poll: Duration::from_millis(20),
            ..Options::default()
        };
        let reference = Reference::start(options).await.unwrap();
        Self { motpart, reference, dialer: Dialer::new(&DialOptions::default()).unwrap() }
    }

    async fn call(&self, verb: &str, path: &str, body: &Value) -> (u16, Value) {
        let url = self.reference.base_url().join(path).unwrap();
        let request = Request::builder().method(verb).uri(url.as_str()).header("authorization", "Bearer sender-token");
        let request = request.header("content-type", "application/json").header("accept", "application/json");
        let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let answer = self.dialer.send(request.body(body).unwrap(), Duration::from_secs(10), 1 << 20).await.unwrap();
        let value: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        (answer.status, value.get("data").cloned().unwrap_or(value))
    }

    fn person(&self, name: &str) -> Arc<Person> {
        self.motpart.simulation().commons.persons().by_name(name).unwrap().clone()
    }

    /// An agreement with one person in it, sent.
    async fn case(&self, person: &Person) -> Case {
        let (_, agreement) = self.call("POST", "agreements", &json!({"title": "Lease"})).await;
        let agreement = format!("agreements/{}", agreement["id"].as_str().unwrap());
        let number = person.number.expose();
        let mut body =
            json!({"role": "signer", "name": "Somebody", "email": "a@example.org", "personal_number": number});
        if person.number.country().code() != "SE" {
            body["country"] = person.number.country().code().into();
        }
        let (status, added) = self.call("POST", &format!("{agreement}/participants"), &body).await;
        assert_eq!(status, 201, "{added}");
        let path = format!("{agreement}/participants/{}", added["id"].as_str().unwrap());
        let pending = json!({"lifecycle_state": {"status": "pending"}});
        assert_eq!(self.call("POST", &format!("{agreement}/lifecycle"), &pending).await.0, 200);
        let room = self.call("GET", &path, &Value::Null).await.1["signing_room_url"].as_str().unwrap().to_owned();
        Case { path, room: room.replace(self.reference.base_url().as_str(), "") }
    }

    /// Somebody starts to sign, with what they type. Gives the provider's session.
    async fn begin(&self, case: &Case, typist: &Person) -> SessionId {
        let number = typist.number.expose();
        let method = if typist.number.country().code() == "SE" { "se_bid" } else { "no_bid" };
        let wish = json!({"provider": "signicat", "method": method, "personal_number": number, "phone": typist.phone});
        let (status, begun) = self.call("POST", &format!("{}/attempts", case.room), &wish).await;
        assert_eq!(status, 201, "{begun}");
        assert!(begun["redirect_url"].is_null() && begun["app"].is_object(), "{begun}");
        let session = begun["provider_session"].as_str().unwrap();
        // The Norwegian name of an order begins with the session's bytes.
        session.parse().unwrap_or_else(|_| {
            let bytes = URL_SAFE_NO_PAD.decode(session).unwrap();
            Uuid::from_slice(&bytes[..16]).unwrap().to_string().parse().unwrap()
        })
    }

    fn does(&self, session: SessionId, signal: SignalName, who: &Arc<Person>) {
        let said = Said { person: Some(who.clone()), ..Said::plain(signal) };
        self.motpart.simulation().provider("signicat").unwrap().signal(session, &said).unwrap();
    }

    /// What the check comes to, what the attempt came to, and whether there is a signature.
    async fn outcome(&self, case: &Case) -> (String, String, bool) {
        let mut seen = Value::Null;
        for _ in 0..250 {
            seen = self.call("GET", &case.path, &Value::Null).await.1;
            if seen["last_attempt"]["outcome"] != "open" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let status = text(&seen["identity_enforcement"]["status"]);
        (status, text(&seen["last_attempt"]["outcome"]), !seen["signature"].is_null())
    }

    /// Anna signs, and something goes as the script says.
    async fn plays(&self, script: &str) -> (String, String, bool) {
        let text =
            format!("title = \"t\"\n[[step]]\nafter = \"1s\"\nstate = \"finished\"\nperson = \"requested\"\n{script}");
        let script = Script::parse(&text, "test.toml").unwrap();
        let space = self.motpart.simulation().commons.spaces.default_space();
        space.programme.set_default(Some(Arc::new(script)));
        let anna = self.person("anna");
        let case = self.case(&anna).await;
        let session = self.begin(&case, &anna).await;
        self.motpart.simulation().provider("signicat").unwrap().older(session, Millis(1_000)).unwrap();
        self.outcome(&case).await
    }

    fn switch(&self, settings: &Value) {
        let simulation = self.motpart.simulation();
        let space = simulation.commons.spaces.default_space();
        simulation.provider("signicat").unwrap().change_settings(&space, settings).unwrap();
    }

    async fn stop(self) {
        self.reference.stop().await;
        self.motpart.stop().await;
    }
}

fn told(status: &str, outcome: &str, signed: bool) -> (String, String, bool) {
    (status.to_owned(), outcome.to_owned(), signed)
}

fn forged(of: &str, how: &str) -> String {
    format!("[[forgery]]\nof = \"{of}\"\nhow = \"{how}\"\n")
}

fn faulty(on: &str) -> String {
    format!("[[fault]]\non = \"{on}\"\nreply = {{ status = 500 }}\n")
}

#[tokio::test]
async fn the_bound_person_consents_in_both_countries_and_nobody_else_does() {
    let world = World::start(&[], &[]).await;
    let nordics = world.motpart.simulation().commons.persons().clone();
    let norwegians: Vec<_> = nordics.iter().filter(|person| person.number.country().code() == "NO").cloned().collect();
    let (anna, bengt) = (world.person("anna"), world.person("bengt"));
    world.switch(
        &json!({"cookie_rotation": "each-poll", "complete_redirects": 4, "at_hash": "present", "amr": "array"}),
    );
    for (bound, other) in [(&anna, &bengt), (&norwegians[0], &norwegians[1])] {
        let case = world.case(bound).await;
        let session = world.begin(&case, bound).await;
        world.does(session, SignalName::Confirmed, bound);
        assert_eq!(world.outcome(&case).await, told("passed", "matched", true));

        // What was typed says nothing: another one answers the telephone.
        let case = world.case(bound).await;
        let session = world.begin(&case, bound).await;
        world.does(session, SignalName::Confirmed, other);
        assert_eq!(world.outcome(&case).await, told("failed", "mismatched", false));

        let case = world.case(bound).await;
        let session = world.begin(&case, bound).await;
        world.does(session, SignalName::Cancelled, bound);
        assert_eq!(world.outcome(&case).await, told("pending", "cancelled", false));
    }
    for path in ["_reference/storage", "_reference/log"] {
        let url = world.reference.base_url().join(path).unwrap();
        let request = Request::get(url.as_str()).header("authorization", "Bearer sender-token").body(Bytes::new());
        let answer = world.dialer.send(request.unwrap(), Duration::from_secs(5), 1 << 22).await.unwrap();
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        for person in [&anna, &bengt, &norwegians[0], &norwegians[1]] {
            assert!(!text.contains(person.number.expose()), "{path}");
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn whatever_is_forged_passes_only_where_a_flaw_believes_it() {
    let cases: &[(&str, &str, Option<Flaw>)] = &[
        ("id-token", "audience-wrong", Some(Flaw::SkipsAudience)),
        ("id-token", "azp-wrong", Some(Flaw::SkipsAudience)),
        ("id-token", "issuer-wrong", Some(Flaw::IgnoresIssuer)),
        ("id-token", "issuer-missing", Some(Flaw::IgnoresIssuer)),
        ("id-token", "issuer-slash", Some(Flaw::IgnoresIssuer)),
        ("id-token", "expired", Some(Flaw::SkipsExpiry)),
        ("id-token", "expiry-as-text", None),
        ("id-token", "expiry-missing", Some(Flaw::SkipsExpiry)),
        ("id-token", "issued-in-future", Some(Flaw::SkipsExpiry)),
        ("id-token", "not-yet-valid", Some(Flaw::SkipsExpiry)),
        ("id-token", "nonce-missing", Some(Flaw::IgnoresNonce)),
        ("id-token", "nonce-wrong", Some(Flaw::IgnoresNonce)),
        ("id-token", "acr-swapped", Some(Flaw::IgnoresMethod)),
        ("id-token", "at-hash-wrong", Some(Flaw::IgnoresAtHash)),
        ("id-token", "subject-swapped", Some(Flaw::TakesAnybodysUserinfo)),
        ("id-token", "other-client", None),
        ("id-token", "missing", None),
        ("id-token", "algorithm-none", Some(Flaw::AcceptsAlgorithmNone)),
        ("id-token", "algorithm-hs256-jwk", Some(Flaw::DecodesTheIdentityWithoutVerifying)),
        ("id-token", "embedded-jwk", Some(Flaw::TrustsTheKeyInTheHeader)),
        ("id-token", "foreign-key", Some(Flaw::DecodesTheIdentityWithoutVerifying)),
        ("id-token", "crit-unknown", Some(Flaw::IgnoresCriticalExtensions)),
        ("userinfo", "subject-swapped", Some(Flaw::TakesAnybodysUserinfo)),
        ("callback", "state-foreign", Some(Flaw::IgnoresState)),
        ("callback", "state-missing", Some(Flaw::IgnoresState)),
        ("callback", "issuer-foreign", Some(Flaw::IgnoresIssuerOfTheAnswer)),
        ("callback", "complete-elsewhere", Some(Flaw::TreatsCompleteAsProof)),
        ("sdo", "text-swapped", Some(Flaw::IgnoresTheSignedText)),
        ("sdo", "person-swapped", Some(Flaw::IgnoresTheSigner)),
        ("sdo", "foreign-key", Some(Flaw::SkipsTheSealOfTheDocument)),
        ("sdo", "signature-broken", Some(Flaw::SkipsTheSealOfTheDocument)),
        ("sdo", "signature-missing", Some(Flaw::SkipsTheSignedDocument)),
        ("identity", "number-as-array", None),
        ("identity", "number-duplicated", None),
        ("identity", "country-swapped", Some(Flaw::IgnoresCountry)),
        ("identity", "stale", Some(Flaw::AcceptsStaleIdentity)),
        ("identity", "error-beside-identity", Some(Flaw::IgnoresErrors)),
    ];
    let right = World::start(&[], &[]).await;
    assert_eq!(right.plays("").await, told("passed", "matched", true));
    for (of, how, flaw) in cases {
        let (status, outcome, signed) = right.plays(&forged(of, how)).await;
        assert_eq!((&*status, signed), ("pending", false), "{of}/{how}: {outcome}");
        assert!(matches!(&*outcome, "evidence_rejected" | "provider_error"), "{of}/{how}: {outcome}");
        if let Some(flaw) = flaw {
            let wrong = World::start(&[*flaw], &[]).await;
            assert_eq!(wrong.plays("").await, told("passed", "matched", true), "{flaw}");
            let (status, outcome, _) = wrong.plays(&forged(of, how)).await;
            assert_eq!(status, "passed", "{of}/{how} {flaw}: {outcome}");
            wrong.stop().await;
        }
    }
    right.stop().await;
}

#[tokio::test]
async fn complete_alone_is_no_proof_and_what_is_briefly_down_is_asked_again() {
    let world = World::start(&[], &[]).await;
    // A code that was shown once is spent, even if the answer was lost: then the person starts anew.
    for on in ["userinfo", "sdo"] {
        let once = format!("[[fault]]\non = \"{on}\"\noccurrence = 1\nreply = {{ status = 503 }}\n");
        assert_eq!(world.plays(&once).await, told("passed", "matched", true), "{on}");
    }
    for on in ["token", "sdo"] {
        let (status, outcome, signed) = world.plays(&faulty(on)).await;
        assert_eq!((&*status, &*outcome, signed), ("pending", "open", false), "{on}");
    }
    world.stop().await;
    let wrong = World::start(&[Flaw::TreatsCompleteAsProof], &[]).await;
    assert_eq!(wrong.plays(&faulty("token")).await.0, "passed");
    wrong.stop().await;
}

#[tokio::test]
async fn answers_that_are_encrypted_to_the_service_still_need_a_signature() {
    let key = Pool::at(5);
    let own = include_str!("../fixtures/keys/rsa-5.pem");
    let encrypted = json!({"response_key": {"kty": "RSA", "kid": "rp", "n": key.public().n, "e": key.public().e}});
    for flaws in [&[][..], &[Flaw::AcceptsPlainClaimsInAJwe]] {
        let options = motpart::Options::default();
        let world = World::at(options, flaws, &[], &[("SIGNICAT_RESPONSE_KEY", own)]).await;
        world.switch(&encrypted);
        assert_eq!(world.plays("").await, told("passed", "matched", true));
        for of in ["id-token", "userinfo"] {
            let (status, ..) = world.plays(&forged(of, "plain-claims")).await;
            assert_eq!(status, if flaws.is_empty() { "pending" } else { "passed" }, "{of}");
        }
        let (status, ..) = world.plays(&forged("userinfo", "foreign-key")).await;
        assert_eq!(status, "pending");
        world.stop().await;
    }
}

#[tokio::test]
async fn whatever_is_broken_inside_an_encryption_is_refused_in_one_way() {
    let key = Pool::at(5);
    let own = include_str!("../fixtures/keys/rsa-5.pem");
    let encrypted = json!({"response_key": {"kty": "RSA", "kid": "rp", "n": key.public().n, "e": key.public().e}});
    let refused = || told("pending", "evidence_rejected", false);
    for flaw in [None, Some(Flaw::SkipsTheTagOfEncryptedTokens), Some(Flaw::TellsWhatDoesNotDecrypt)] {
        let flaws: Vec<Flaw> = flaw.into_iter().collect();
        let options = motpart::Options::default();
        let world = World::at(options, &flaws, &[], &[("SIGNICAT_RESPONSE_KEY", own)]).await;
        world.switch(&encrypted);
        assert_eq!(world.plays("").await, told("passed", "matched", true));
        for of in ["id-token", "userinfo"] {
            for how in JweTampering::ALL {
                // What decrypts under a tag that does not fit is what a flaw believes, or tells of.
                let decrypts = matches!(how, JweTampering::ProtectedHeaderAltered | JweTampering::TagAltered);
                let expected = match flaw {
                    Some(Flaw::SkipsTheTagOfEncryptedTokens) if decrypts => told("passed", "matched", true),
                    Some(Flaw::TellsWhatDoesNotDecrypt) if decrypts => told("pending", "provider_error", false),
                    // The first block is another one: the header of what was signed, or the beginning of what is no text.
                    Some(Flaw::TellsWhatDoesNotDecrypt) if *how == JweTampering::IvAltered => {
                        told("pending", "provider_error", false)
                    }
                    Some(_) | None => refused(),
                };
                assert_eq!(world.plays(&forged(of, how.word())).await, expected, "{of}/{how} {flaw:?}");
            }
        }
        world.stop().await;
    }
    // Who has no key to decrypt with is sent something broken as well.
    let plain = World::start(&[], &[]).await;
    for of in ["id-token", "userinfo"] {
        assert_eq!(plain.plays(&forged(of, "tag-altered")).await, refused(), "{of}");
    }
    plain.stop().await;
}

#[tokio::test]
async fn an_issuer_that_names_itself_is_believed_and_one_that_stops_doing_so_too() {
    let world = World::start(&[], &[]).await;
    for switch in ["present", "absent", "present"] {
        world.switch(&json!({"callback_issuer": switch}));
        assert_eq!(world.plays("").await, told("passed", "matched", true), "{switch}");
        assert_eq!(world.plays(&forged("callback", "issuer-foreign")).await.0, "pending", "{switch}");
    }
    world.stop().await;
}

#[tokio::test]
async fn over_tls_the_connection_can_be_the_proof_where_that_is_declared_and_over_http_never() {
    for (tls, variants, status) in
        [(true, &[Variant::TlsDirect][..], "passed"), (true, &[], "pending"), (false, &[Variant::TlsDirect], "pending")]
    {
        let options = motpart::Options { tls_names: tls.then(Vec::new), ..motpart::Options::default() };
        let world = World::at(options, &[], variants, &[]).await;
        assert_eq!(world.plays("").await, told("passed", "matched", true));
        assert_eq!(world.plays(&forged("id-token", "foreign-key")).await.0, status, "{tls} {variants:?}");
        // What the token claims has to fit all the same.
        assert_eq!(world.plays(&forged("id-token", "audience-wrong")).await.0, "pending");
        world.stop().await;
    }
}
