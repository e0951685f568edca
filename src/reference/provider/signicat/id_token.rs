//! What has to be in an id_token before anything that it claims is believed (OpenID Connect Core 3.1.3.7).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::Method;
use crate::crypto::mac;
use crate::reference::provider::member::Contradiction;
use crate::reference::{Flaw, Flaws};

/// What the claims have to fit to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: Option<&'a str>,
    pub(super) method: Method,
    pub(super) access_token: &'a str,
    pub(super) started_at: Timestamp,
    pub(super) now: Timestamp,
}

/// Claims that fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) subject: String,
    /// When the person authenticated.
    pub(super) authenticated_at: Option<Timestamp>,
}

/// Judges claims whose origin is proven.
///
/// # Errors
/// With the first thing that does not fit.
pub(super) fn check(
    claims: &Map<String, Value>,
    expected: &Expected<'_>,
    flaws: &Flaws,
) -> Result<Claims, Contradiction> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.issuer) && !flaws.has(Flaw::IgnoresIssuer) {
        return Err(Contradiction("the token is another issuer's"));
    }
    if !flaws.has(Flaw::SkipsAudience) {
        audience(claims, expected.client_id)?;
    }
    times(claims, expected, flaws)?;
    if let Some(nonce) = expected.nonce.filter(|_| !flaws.has(Flaw::IgnoresNonce)) {
        let given = text("nonce").unwrap_or_default();
        if !mac::equal(given.as_bytes(), nonce.as_bytes()) {
            return Err(Contradiction("the token's nonce is not the one that was sent"));
        }
    }
    if !flaws.has(Flaw::IgnoresMethod) {
        if text("acr") != Some(&*expected.method.acr()) {
            return Err(Contradiction("another method was used than the one that was asked for"));
        }
        methods(claims.get("amr"), expected.method)?;
    }
    match claims.get("at_hash") {
        None | Some(Value::Null) => {}
        Some(_) if flaws.has(Flaw::IgnoresAtHash) => {}
        Some(hash) => {
            let half = &Sha256::digest(expected.access_token)[..16];
            if hash.as_str() != Some(&*URL_SAFE_NO_PAD.encode(half)) {
                return Err(Contradiction("the token belongs to another access token"));
            }
        }
    }
    let subject = text("sub").filter(|sub| !sub.is_empty()).ok_or(Contradiction("the token is about nobody"))?;
    Ok(Claims { subject: subject.to_owned(), authenticated_at: moment(claims, "auth_time")? })
}

/// We are among those whom it is for, and it was issued to us.
fn audience(claims: &Map<String, Value>, client_id: &str) -> Result<(), Contradiction> {
    let (is_for_us, others) = match claims.get("aud") {
        Some(Value::String(one)) => (one == client_id, false),
        Some(Value::Array(several)) => {
            let own = |one: &&Value| one.as_str() == Some(client_id);
            (several.iter().any(|one| own(&one)), several.iter().any(|one| !own(&one)))
        }
        Some(Value::Bool(_) | Value::Null | Value::Number(_) | Value::Object(_)) | None => (false, false),
    };
    if !is_for_us {
        return Err(Contradiction("the token is for somebody else"));
    }
    match claims.get("azp") {
        Some(party) if party.as_str() != Some(client_id) => Err(Contradiction("the token was issued to somebody else")),
        None if others => Err(Contradiction("the token is also for others, and does not say to whom it was issued")),
        Some(_) | None => Ok(()),
    }
}

fn times(claims: &Map<String, Value>, expected: &Expected<'_>, flaws: &Flaws) -> Result<(), Contradiction> {
    let expires = moment(claims, "exp")?;
    if !flaws.has(Flaw::SkipsExpiry) {
        let expires = expires.ok_or(Contradiction("the token does not say when it ends"))?;
        if expires <= expected.now - SKEW {
            return Err(Contradiction("the token has expired"));
        }
        if moment(claims, "nbf")?.is_some_and(|from| from > expected.now + SKEW) {
            return Err(Contradiction("the token is not valid yet"));
        }
        let issued = moment(claims, "iat")?.ok_or(Contradiction("the token does not say when it was issued"))?;
        if issued > expected.now + SKEW {
            return Err(Contradiction("the token was issued in the future"));
        }
        if issued < expected.started_at - SKEW {
            return Err(Contradiction("the token is older than the attempt"));
        }
    }
    Ok(())
}

/// `amr` is a text at Signicat, and a list by OpenID Connect. What it names must not be another country's eID; other names say nothing.
fn methods(amr: Option<&Value>, expected: Method) -> Result<(), Contradiction> {
    let names: Vec<&str> = match amr {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => {
            let names: Option<Vec<_>> = several.iter().map(Value::as_str).collect();
            names.ok_or(Contradiction("amr is no list of texts"))?
        }
        Some(Value::Bool(_) | Value::Number(_) | Value::Object(_)) => return Err(Contradiction("amr is no text")),
    };
    let (own, other) = if expected.is_swedish() { ("BankID-SE", "BankID-NO") } else { ("BankID-NO", "BankID-SE") };
    let is = |mark: &str| names.iter().any(|name| name.contains(mark));
    if is(other) && !is(own) { Err(Contradiction("the person used another country's eID")) } else { Ok(()) }
}

/// A moment in seconds since 1970; a text is none.
fn moment(claims: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, Contradiction> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(seconds)) => {
            let whole = seconds.as_i64().or_else(|| seconds.as_f64().map(|seconds| seconds as i64));
            whole.and_then(|seconds| Timestamp::from_second(seconds).ok()).map(Some).ok_or(NO_MOMENT)
        }
        Some(Value::Array(_) | Value::Bool(_) | Value::Object(_) | Value::String(_)) => Err(NO_MOMENT),
    }
}

const NO_MOMENT: Contradiction = Contradiction("a moment in the token is none");

/// By how much the issuer's clock and ours may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn judged(change: impl FnOnce(&mut Map<String, Value>), flaws: &[Flaw]) -> Result<Claims, Contradiction> {
        let Value::Object(mut claims) = json!({
            "iss": "https://s.test/oidc", "aud": "rp", "sub": "s", "nonce": "n", "amr": "urn:ksi:names:SAML:2.0:ac:BankID-SE",
            "acr": "urn:signicat:oidc:method:sbid-inapp-sign", "iat": NOW, "nbf": NOW, "exp": NOW + 3600, "auth_time": NOW - 2,
        }) else {
            unreachable!()
        };
        change(&mut claims);
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        let expected = Expected {
            issuer: "https://s.test/oidc",
            client_id: "rp",
            nonce: Some("n"),
            method: Method::SbidInappSign,
            access_token: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
            started_at: at(NOW - 60),
            now: at(NOW),
        };
        check(&claims, &expected, &flaws.iter().copied().collect())
    }

    fn with(name: &'static str, value: Value) -> impl Fn(&mut Map<String, Value>) {
        move |claims| drop(claims.insert(name.to_owned(), value.clone()))
    }

    fn without(name: &'static str) -> impl Fn(&mut Map<String, Value>) {
        move |claims| drop(claims.remove(name))
    }

    #[test]
    fn honest_claims_fit_in_every_form() {
        let expected = Claims { subject: "s".into(), authenticated_at: Timestamp::from_second(NOW - 2).ok() };
        assert_eq!(judged(|_| {}, &[]).as_ref(), Ok(&expected));
        // The sample of OpenID Connect Core, A.3.
        assert!(judged(with("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ")), &[]).is_ok());
        for (name, value) in [
            ("aud", json!(["rp"])),
            ("amr", json!(["urn:ksi:names:SAML:2.0:ac:BankID-SE"])),
            ("amr", json!("simulator")),
            ("azp", json!("rp")),
            ("exp", json!(NOW - 240)),
            ("nbf", json!(NOW + 240)),
            ("iat", json!(NOW as f64 + 0.5)),
        ] {
            assert!(judged(with(name, value.clone()), &[]).is_ok(), "{name} {value}");
        }
        for name in ["amr", "nbf"] {
            assert!(judged(without(name), &[]).is_ok(), "{name}");
        }
    }

    #[test]
    fn each_claim_that_does_not_fit_is_refused_but_for_its_flaw() {
        for (name, value, flaw) in [
            ("iss", json!("https://s.test/oidc/"), Some(Flaw::IgnoresIssuer)),
            ("iss", json!("http://s.test/oidc"), Some(Flaw::IgnoresIssuer)),
            ("aud", json!("other"), Some(Flaw::SkipsAudience)),
            ("aud", json!([]), Some(Flaw::SkipsAudience)),
            ("aud", json!(["rp", "other"]), Some(Flaw::SkipsAudience)),
            ("azp", json!("other"), Some(Flaw::SkipsAudience)),
            ("exp", json!(NOW - 600), Some(Flaw::SkipsExpiry)),
            ("exp", json!((NOW + 3600).to_string()), None),
            ("nbf", json!(NOW + 600), Some(Flaw::SkipsExpiry)),
            ("iat", json!(NOW + 600), Some(Flaw::SkipsExpiry)),
            ("iat", json!(NOW - 6000), Some(Flaw::SkipsExpiry)),
            ("nonce", json!("m"), Some(Flaw::IgnoresNonce)),
            ("acr", json!("urn:signicat:oidc:method:sbid-inapp"), Some(Flaw::IgnoresMethod)),
            ("amr", json!(["urn:signicat:names:SAML:2.0:ac:BankID-NO"]), Some(Flaw::IgnoresMethod)),
            ("amr", json!({"x": 1}), Some(Flaw::IgnoresMethod)),
            ("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"), Some(Flaw::IgnoresAtHash)),
            ("sub", json!(""), None),
            ("sub", json!(7), None),
        ] {
            assert!(judged(with(name, value.clone()), &[]).is_err(), "{name} {value}");
            if let Some(flaw) = flaw {
                assert!(judged(with(name, value.clone()), &[flaw]).is_ok(), "{name} {value} {flaw}");
            }
        }
        for name in ["iss", "aud", "exp", "iat", "nonce", "acr", "sub"] {
            assert!(judged(without(name), &[]).is_err(), "{name}");
        }
    }
}
