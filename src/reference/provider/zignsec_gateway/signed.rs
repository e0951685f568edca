//! Freja's signed identity: a compact JWS that is believed only under a pinned certificate, and nothing in it before that.
//!
//! ```text
//! three parts ─▶ header: RS256 and x5t, no keys ─▶ pinned and valid ─▶ signature ─▶ payload, each name once
//! ```

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::misled;
use super::pins::{Found, Pins};
use crate::crypto::jws;
use crate::reference::Flaw;
use crate::reference::provider::member::{Contradiction, has_variants};
use crate::reference::provider::{ClientOptions, once};

/// Why a token is not believed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It is not what it says it is.
    Forged(Contradiction),
    /// Nobody can tell now.
    Unavailable(String),
}

/// The parts of a token, decoded.
pub(super) struct Parts<'a> {
    pub(super) token: &'a str,
    pub(super) header: Map<String, Value>,
    payload: Vec<u8>,
}

/// The payload of a token that Freja has signed.
pub(super) async fn payload(token: &str, pins: &Pins, options: &ClientOptions) -> Result<Map<String, Value>, Doubt> {
    let parts = Parts::of(token, options)?;
    if !options.flaws.has(Flaw::DecodesTheIdentityWithoutVerifying) && !misled::is_taken(&parts, pins, options).await {
        verify(&parts, pins, options).await?;
    }
    object(&parts.payload, options)
}

async fn verify(parts: &Parts<'_>, pins: &Pins, options: &ClientOptions) -> Result<(), Doubt> {
    let is_text = |name: &str, expected: &str| parts.header.get(name).and_then(Value::as_str) == Some(expected);
    if !is_text("alg", "RS256") {
        return Err(forged("the signed identity's algorithm is not RS256"));
    }
    // "Header exactly x5t and alg". What leads to a key, or changes what the rest means, was not made by Freja.
    let strange = |name: &&str| parts.header.contains_key(*name);
    let passes_over = |name: &&str| options.flaws.has(Flaw::IgnoresCriticalExtensions) && EXTENSIONS.contains(name);
    let mut names = KEYS.iter().chain(EXTENSIONS);
    if names.any(|name| strange(name) && !passes_over(name)) {
        return Err(forged("the signed identity's header brings along what it should not"));
    }
    let thumbprint = parts.header.get("x5t").and_then(Value::as_str);
    let thumbprint = thumbprint.ok_or(forged("the signed identity names no certificate"))?;
    let pin = match pins.find(thumbprint, options).await {
        Found::Trusted(pin) => pin,
        Found::Unknown if options.flaws.has(Flaw::TakesUnknownCertificates) => return Ok(()),
        Found::Unknown => return Err(forged("the signed identity names a certificate that is not trusted")),
        Found::Unavailable(_) if options.flaws.has(Flaw::TrustsWhenCertificatesAreUnavailable) => return Ok(()),
        Found::Unavailable(problem) => return Err(Doubt::Unavailable(problem)),
    };
    if !pin.is_valid_at(Timestamp::now().as_second()) && !options.flaws.has(Flaw::TakesExpiredCertificates) {
        return Err(forged("the signed identity's certificate is not valid now"));
    }
    let fits = if options.flaws.any(&[Flaw::TakesTokensInAnyShape, Flaw::TakesTheLastOfTwins]) {
        misled::fits_somehow(&pin.key, parts.token)
    } else {
        jws::verify(&pin.key, parts.token).is_ok()
    };
    if fits { Ok(()) } else { Err(forged("the signed identity's signature does not fit")) }
}

impl<'a> Parts<'a> {
    fn of(token: &'a str, options: &ClientOptions) -> Result<Self, Doubt> {
        let is_lax = options.flaws.any(&[Flaw::TakesTokensInAnyShape, Flaw::DecodesTheIdentityWithoutVerifying]);
        if token.len() > LONGEST && !is_lax {
            return Err(forged("the signed identity is too long"));
        }
        let parts: Vec<&str> = token.split('.').collect();
        if parts.len() != 3 && !is_lax {
            return Err(forged("the signed identity has not three parts"));
        }
        let decoded = |at: usize| {
            let part = parts.get(at).copied().unwrap_or_default();
            if is_lax { misled::loosely(part) } else { URL_SAFE_NO_PAD.decode(part).ok() }
        };
        let decoded = |at| decoded(at).ok_or(forged("the signed identity is no base64url"));
        let (header, payload) = (decoded(0)?, decoded(1)?);
        Ok(Self { token, header: object(&header, options)?, payload })
    }
}

/// JSON in which every name stands once: what stands twice means nothing.
fn object(bytes: &[u8], options: &ClientOptions) -> Result<Map<String, Value>, Doubt> {
    let read = once::parse(bytes).map_err(|_| forged("the signed identity is no JSON"))?;
    let Value::Object(object) = read.value else { return Err(forged("the signed identity is no object")) };
    if (read.has_twins || has_variants(&object)) && !options.flaws.has(Flaw::TakesTheLastOfTwins) {
        return Err(forged("a member of the signed identity stands twice"));
    }
    Ok(object)
}

pub(super) const fn forged(why: &'static str) -> Doubt {
    Doubt::Forged(Contradiction(why))
}

/// Where a header can bring a key along, or lead to one (RFC 7515 sections 4.1.2 to 4.1.6).
const KEYS: &[&str] = &["jku", "jwk", "x5u", "x5c"];
/// What changes the meaning of the rest (RFC 7515 section 4.1.11, RFC 7797).
const EXTENSIONS: &[&str] = &["crit", "b64"];
/// Characters; a photo is replaced by its hash, so that a genuine one has about a thousand.
const LONGEST: usize = 64 * 1024;
