//! How the toy reads what Freja signs; in each wrong way it leaves one look out.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::crypto::jws;
use crate::crypto::keys::Pool;
use crate::identity::{Checks, Country, NationalNumber};

/// Whose number a result proves, for a session with this reference. `pinned` is the text of the certificates that are trusted;
/// `unseen` is the look that is left out.
pub(super) fn proven(answer: &Value, reference: &str, pinned: &str, unseen: &str) -> Option<NationalNumber> {
    let result = if answer["data"]["result"].is_object() { &answer["data"]["result"] } else { &answer["data"] };
    if unseen == "token" {
        return number(&result["requestedAttributes"]["ssn"]);
    }
    let token = result["signedIdentity"].as_str()?;
    let payload = if unseen == "signature" { decoded(token)? } else { verified(token, pinned)? };
    let signed: Value = serde_json::from_slice(&payload).ok()?;
    let is_approved = signed["status"] == "APPROVED" && result.get("status").is_none_or(|status| status == "APPROVED");
    let now = u64::try_from(jiff::Timestamp::now().as_millisecond()).ok()?;
    let is_fresh = signed["timestamp"].as_u64().is_some_and(|at| at.abs_diff(now) < 300_000);
    let looks = [
        ("status", is_approved),
        ("reference", signed["authRef"] == reference),
        ("time", is_fresh),
        ("level", signed["requestedAttributes"]["registrationLevel"] != "BASIC"),
    ];
    if looks.iter().any(|(look, good)| !good && *look != unseen) {
        return None;
    }
    let attribute = number(&signed["requestedAttributes"]["ssn"]);
    if unseen == "kind" && attribute.is_none() {
        let digits = signed["userInfo"].as_str()?;
        return NationalNumber::parse(Country::Se, digits, Checks::Strict).ok();
    }
    attribute
}

fn number(ssn: &Value) -> Option<NationalNumber> {
    let country = ssn["country"].as_str()?.parse().ok()?;
    NationalNumber::parse(country, ssn["ssn"].as_str()?, Checks::Strict).ok()
}

fn decoded(token: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()
}

/// The header is exactly as documented, and the key is one of those that are pinned.
fn verified(token: &str, pinned: &str) -> Option<Vec<u8>> {
    if token.len() > 100_000 {
        return None;
    }
    (0..Pool::SIZE).map(Pool::at).filter(|key| pinned.contains(key.certificate().pem())).find_map(|key| {
        let verified = jws::verify(key.public(), token).ok()?;
        let header = format!(r#"{{"x5t":"{}","alg":"RS256"}}"#, key.certificate().x5t());
        (verified.header == header.as_bytes()).then_some(verified.payload)
    })
}
