//! The flaws in checking a signature: what others have taken for one.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::pins::Pins;
use super::signed::Parts;
use crate::crypto::keys::PublicKey;
use crate::crypto::pinned::Pinned;
use crate::crypto::{jws, mac};
use crate::reference::Flaw;
use crate::reference::provider::ClientOptions;

/// Whether one of the flaws believes the token. Without a flaw none ever does.
pub(super) async fn is_taken(parts: &Parts<'_>, pins: &Pins, options: &ClientOptions) -> bool {
    let text = |name: &str| parts.header.get(name).and_then(Value::as_str).unwrap_or_default();
    let has = |flaw| options.flaws.has(flaw);
    if has(Flaw::AcceptsAlgorithmNone) && text("alg").eq_ignore_ascii_case("none") {
        return true;
    }
    if has(Flaw::TakesThePublicKeyForASecret) && text("alg") == "HS256" {
        // Reads them, if nobody has.
        let _ = pins.find(text("x5t"), options).await;
        return pins.all().await.iter().any(|pin| is_hmac(parts.token, pin));
    }
    if has(Flaw::TrustsTheKeyInTheHeader)
        && let Some(key) = brought_along(parts, options).await
    {
        return jws::verify(&key, parts.token).is_ok();
    }
    false
}

/// Whether the first three parts fit together, whatever else stands in them or follows.
pub(super) fn fits_somehow(key: &PublicKey, token: &str) -> bool {
    let mut parts = token.splitn(4, '.');
    let (Some(header), Some(payload), Some(signature)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let signature = loosely(signature).unwrap_or_default();
    jws::check(key, format!("{header}.{payload}").as_bytes(), &signature).is_ok()
}

/// Base64url, without regard to padding and to characters that it does not have.
pub(super) fn loosely(part: &str) -> Option<Vec<u8>> {
    let known: String = part.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    LOOSE.decode(known).ok()
}

const LOOSE: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

fn is_hmac(token: &str, pin: &Pinned) -> bool {
    let Some((input, signature)) = token.rsplit_once('.') else { return false };
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
    let spki = STANDARD.encode(&pin.spki);
    let lines: Vec<_> = spki.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"));
    let jwk = format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, pin.key.e, pin.key.n);
    let forms: [&[u8]; 4] = [&pin.pem, &pin.spki, pem.as_bytes(), jwk.as_bytes()];
    forms.iter().any(|key| mac::equal(&signature, &mac::hmac_sha256(key, input.as_bytes())))
}

async fn brought_along(parts: &Parts<'_>, options: &ClientOptions) -> Option<PublicKey> {
    if let Some(key) = parts.header.get("jwk") {
        return jwk(key);
    }
    if let Some(chain) = parts.header.get("x5c") {
        let der = STANDARD.decode(chain.get(0)?.as_str()?).ok()?;
        return Some(Pinned::from_der(&der).ok()?.key);
    }
    let address = ["jku", "x5u"].iter().find_map(|name| parts.header.get(*name))?.as_str()?;
    let request = Request::get(address).body(Bytes::new()).ok()?;
    let answer = options.dialer.send(request, options.timeout, 64 * 1024).await.ok()?;
    if let Ok(pins) = Pinned::read(&answer.body) {
        return Some(pins.into_iter().next()?.key);
    }
    let set: Value = serde_json::from_slice(&answer.body).ok()?;
    jwk(set.get("keys")?.get(0)?)
}

fn jwk(key: &Value) -> Option<PublicKey> {
    let text = |name: &str| Some(key.get(name)?.as_str()?.to_owned());
    Some(PublicKey { n: text("n")?, e: text("e")? })
}
