//! What happens to the clients: the rows of the matrix.

use serde_json::{Value, json};

/// A row.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// The space's switches.
    pub(crate) settings: Value,
    /// What is armed for the session.
    pub(crate) armed: Value,
    /// Variables of the client's program beside the usual ones.
    pub(crate) variables: &'static [(&'static str, &'static str)],
}

/// What is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The client has to complete.
    Honest,
    /// The provider fails or lies: completing is the client's weakness, and shown.
    Wrong,
    /// The client errs: completing would be the provider's weakness.
    Mistaken,
}

/// All rows, from the honest to the mistaken.
pub(crate) fn scenarios() -> Vec<Scenario> {
    // Some clients want what OpenID Connect says.
    let array = json!({ "amr": "array" });
    let honest =
        |name, settings, variables| Scenario { name, kind: Kind::Honest, settings, armed: finished(), variables };
    let wrong = |name, armed| Scenario { name, kind: Kind::Wrong, settings: array.clone(), armed, variables: &[] };
    let forged = |name: &'static str| {
        let (of, how) = name.split_once('/').unwrap();
        wrong(name, with(finished(), "forgery", json!({ "of": of, "how": how })))
    };
    let mistaken = |name, variables| Scenario {
        name,
        kind: Kind::Mistaken,
        settings: array.clone(),
        armed: finished(),
        variables,
    };
    let faulty = |name, on| wrong(name, with(finished(), "fault", json!({ "on": on, "reply": { "status": 503 } })));
    let mut rows = vec![
        honest("Swedish", array.clone(), &[]),
        honest("Norwegian", array.clone(), NORWEGIAN),
        honest("responses encrypted", json!({ "amr": "array", "response_key": "RESPONSE_JWK" }), &[]),
        honest("request signed, then encrypted", array.clone(), &[]),
        wrong(
            "somebody else authenticates",
            script(&json!({ "polls": 1, "state": "finished", "person": "someone-else" })),
        ),
        wrong("the person cancels", script(&json!({ "polls": 1, "state": "failed", "reason": "cancelled" }))),
    ];
    rows.push(Scenario { settings: json!({ "amr": "string" }), ..wrong("amr is a text, as recorded", finished()) });
    rows.push(faulty("key set answers 503", "jwks"));
    rows.extend(
        [("token answers 503", "token"), ("userinfo answers 503", "userinfo"), ("signature answers 503", "sdo")]
            .map(|(name, on)| faulty(name, on)),
    );
    rows.extend(FORGERIES.iter().map(|name| forged(name)));
    let encrypted = json!({ "amr": "array", "response_key": "RESPONSE_JWK" });
    rows.extend(BROKEN.iter().map(|name| Scenario { settings: encrypted.clone(), ..forged(name) }));
    rows.extend(MISTAKES.iter().map(|(name, variables)| mistaken(*name, *variables)));
    rows
}

fn with(mut armed: Value, member: &str, value: Value) -> Value {
    armed[member] = value;
    armed
}

fn finished() -> Value {
    script(&json!({ "polls": 1, "state": "finished", "person": "requested" }))
}

fn script(step: &Value) -> Value {
    json!({ "script": { "title": "A client's flow", "step": [step] } })
}

const NORWEGIAN: &[(&str, &str)] =
    &[("ACR", "urn:signicat:oidc:method:nbid-inapp-sign"), ("LOGIN_HINT", "birthdate-010190,phone-40000000")];

const FORGERIES: &[&str] = &[
    "callback/state-foreign",
    "callback/state-missing",
    "callback/error-with-foreign-state",
    "callback/issuer-foreign",
    "id-token/missing",
    "id-token/issuer-wrong",
    "id-token/issuer-slash",
    "id-token/issuer-missing",
    "id-token/audience-wrong",
    "id-token/azp-wrong",
    "id-token/nonce-wrong",
    "id-token/nonce-missing",
    "id-token/expired",
    "id-token/expiry-missing",
    "id-token/expiry-as-text",
    "id-token/not-yet-valid",
    "id-token/acr-swapped",
    "id-token/at-hash-wrong",
    "id-token/other-client",
    "id-token/plain-claims",
    "id-token/algorithm-none",
    "id-token/algorithm-hs256-pem",
    "id-token/foreign-key",
    "id-token/key-unknown",
    "id-token/signature-replaced",
    "userinfo/subject-swapped",
    "key-set/empty",
    "key-set/malformed",
    "key-set/foreign-key",
    "key-set/rotated",
];

/// What is wrong around a token that is encrypted to the client.
const BROKEN: &[&str] = &[
    "id-token/encrypted-key-altered",
    "id-token/iv-altered",
    "id-token/ciphertext-altered",
    "id-token/tag-altered",
    "id-token/protected-header-altered",
    "id-token/encrypted-to-another",
    "id-token/encryption-crit-unknown",
    "id-token/algorithm-rsa1-5",
];

const MISTAKES: &[(&str, &[(&str, &str)])] = &[
    ("client secret wrong", &[("MISTAKE", "secret-wrong")]),
    ("code verifier wrong", &[("MISTAKE", "verifier-wrong")]),
    ("code used twice", &[("MISTAKE", "code-twice")]),
    ("cookie lost", &[("MISTAKE", "cookie-lost")]),
    ("login_hint is a text", &[("HINT", "text")]),
    ("signicat.sign not in scope", &[("SCOPE", "openid profile")]),
    ("nothing to sign", &[("SIGN_TEXT", "")]),
    ("request encrypted with A128GCM", &[("MISTAKE", "enc-wrong")]),
    ("request encrypted to an unknown kid", &[("MISTAKE", "kid-unknown")]),
    ("request encrypted to the signature key", &[("MISTAKE", "encrypted-to-signature-key")]),
    ("request signed by a stranger", &[("MISTAKE", "signed-by-stranger")]),
    ("request's tag broken", &[("MISTAKE", "tag-broken")]),
];
