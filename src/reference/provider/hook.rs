//! Whether a webhook comes from ZignSec: the two schemes of its signature, told apart by the address that it is posted to.

use std::borrow::Cow;

use http::HeaderMap;
use jiff::Timestamp;

use super::WebhookError;
use crate::crypto::mac;
use crate::reference::{Flaw, Flaws};

/// Versions 2 and 3: the HMAC of the body, in hexadecimal.
pub(super) fn plain(flaws: &Flaws, secret: &str, headers: &HeaderMap, body: &[u8]) -> Result<(), WebhookError> {
    let Some(signature) = given(flaws, secret, headers)? else { return Ok(()) };
    // Lower-case hexadecimal, says a client; the documents do not tell the case.
    let signature = hex::decode(signature).map_err(|_| WebhookError::WrongSignature)?;
    let fits = |key: &[u8]| mac::equal(&signature, &mac::hmac_sha256(key, &signed(flaws, body)));
    if keys(flaws, secret).any(fits) { Ok(()) } else { Err(WebhookError::WrongSignature) }
}

/// The gateway: `t=…,v1=…` over the moment, a full stop and the body. "More schemes and signatures may follow"; while the secret is
/// replaced there are several. Gives what has been verified, for telling a copy from an original.
pub(super) fn stamped(
    flaws: &Flaws,
    secret: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: Timestamp,
) -> Result<String, WebhookError> {
    let Some(header) = given(flaws, secret, headers)? else { return Ok(String::new()) };
    if flaws.has(Flaw::TakesWebhooksInAnyScheme) && plain(flaws, secret, headers, body).is_ok() {
        return Ok(header.to_owned());
    }
    let pairs = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let mut moments = pairs().filter(|(name, _)| *name == "t").map(|(_, value)| value);
    let moment = match (moments.next(), moments.next()) {
        (Some(only), None) if !only.is_empty() && only.bytes().all(|byte| byte.is_ascii_digit()) => only,
        (Some(_) | None, _) => return Err(WebhookError::WrongSignature),
    };
    let mut bytes = moment.as_bytes().to_vec();
    bytes.push(b'.');
    bytes.extend_from_slice(&signed(flaws, body));
    let most = if flaws.has(Flaw::ReadsOneWebhookSignature) { 1 } else { MOST_SIGNATURES };
    let candidates: Vec<Vec<u8>> =
        pairs().filter(|(name, _)| *name == "v1").take(most).filter_map(|(_, value)| hex::decode(value).ok()).collect();
    let fits = |key: &[u8]| {
        let own = mac::hmac_sha256(key, &bytes);
        // All of them are compared, each in constant time.
        candidates.iter().fold(false, |found, candidate| mac::equal(candidate, &own) | found)
    };
    if !keys(flaws, secret).any(fits) {
        return Err(WebhookError::WrongSignature);
    }
    let seconds: i64 = moment.parse().map_err(|_| WebhookError::WrongMoment)?;
    if now.as_second().abs_diff(seconds) > TOLERANCE && !flaws.has(Flaw::TakesWebhooksOfAnyAge) {
        return Err(WebhookError::WrongMoment);
    }
    Ok(format!("{moment}.{}", mac::hmac_sha256_hex(secret.as_bytes(), &bytes)))
}

/// The only signature that came along; none where a flaw needs none.
fn given<'a>(flaws: &Flaws, secret: &str, headers: &'a HeaderMap) -> Result<Option<&'a str>, WebhookError> {
    if flaws.has(Flaw::IgnoresWebhookSignature) {
        return Ok(None);
    }
    let is_lax = flaws.has(Flaw::EmptyKeyOpensWebhooks);
    if secret.is_empty() && !is_lax {
        return Err(WebhookError::NoSecret);
    }
    let mut given = headers.get_all(SIGNATURE).iter();
    let signature = match (given.next(), given.next()) {
        (Some(only), None) => only.to_str().unwrap_or_default().trim(),
        (Some(_), Some(_)) | (None, _) => "",
    };
    match signature {
        "" if is_lax => Ok(None),
        "" => Err(WebhookError::Unsigned),
        signature => Ok(Some(signature)),
    }
}

fn keys<'a>(flaws: &Flaws, secret: &'a str) -> impl Iterator<Item = &'a [u8]> {
    let empty = flaws.has(Flaw::EmptyKeyOpensWebhooks).then_some(&b""[..]);
    std::iter::once(secret.as_bytes()).chain(empty)
}

/// The bytes as they came: what is parsed and written again can differ in white space, escapes and order.
fn signed<'a>(flaws: &Flaws, body: &'a [u8]) -> Cow<'a, [u8]> {
    if flaws.has(Flaw::SignsWhatItParsed)
        && let Ok(parsed) = serde_json::from_slice::<serde_json::Value>(body)
    {
        return parsed.to_string().into_bytes().into();
    }
    body.into()
}

const SIGNATURE: &str = "x-zignsec-hmac-sha256";

/// Seconds that the provider's clock may differ from ours, both ways. Common practice; no document tells one.
const TOLERANCE: u64 = 300;
const MOST_SIGNATURES: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"event":"session_updated","id":"44b8bd08-91ae-4abf-ab0a-56ca503c258d"}"#;
    const RIGHT: &str = "60fc7534fcb6ac4a4d1ff43939ef50698fda4d0f4f2d63c93f5da0b11eaf6723";

    fn check(header: &str, body: &[u8], at: i64, flaws: &[Flaw]) -> Result<String, WebhookError> {
        let mut headers = HeaderMap::new();
        headers.insert(SIGNATURE, header.parse().unwrap());
        let flaws: Flaws = flaws.iter().copied().collect();
        stamped(&flaws, "test-webhook-key", &headers, body, Timestamp::from_second(at).unwrap())
    }

    #[test]
    fn the_published_signature_fits_within_the_tolerance_also_beside_others() {
        let now = 1_700_000_000;
        let other = "00".repeat(32);
        for header in [
            format!("t={now},v1={RIGHT}"),
            format!("t={now}, v1={RIGHT}"),
            format!("v1={},t={now}", RIGHT.to_uppercase()),
            format!("t={now},v1={other},v1={RIGHT}"),
            format!("t={now},v0=x,v1={RIGHT},v2=more"),
        ] {
            for at in [now, now - 300, now + 300] {
                assert!(check(&header, BODY, at, &[]).is_ok(), "{header} {at}");
            }
            for at in [now - 301, now + 301, 0] {
                assert_eq!(check(&header, BODY, at, &[]), Err(WebhookError::WrongMoment), "{header} {at}");
                assert!(check(&header, BODY, at, &[Flaw::TakesWebhooksOfAnyAge]).is_ok());
            }
        }
        let first = check(&format!("t={now},v1={other},v1={RIGHT}"), BODY, now, &[Flaw::ReadsOneWebhookSignature]);
        assert_eq!(first, Err(WebhookError::WrongSignature));
    }

    #[test]
    fn whatever_else_is_signed_is_refused() {
        let now = 1_700_000_000;
        let plain = mac::hmac_sha256_hex(b"test-webhook-key", BODY);
        for header in [
            format!("v1={RIGHT}"),
            format!("t=,v1={RIGHT}"),
            format!("t={now},t={now},v1={RIGHT}"),
            format!("t=+{now},v1={RIGHT}"),
            format!("t={now}1,v1={RIGHT}"),
            format!("t={now},v1={}", &RIGHT[1..]),
            format!("t={now},v1="),
            format!("t={now}"),
            format!("t={now},v0={RIGHT}"),
            format!("t={now},v1={plain}"),
            RIGHT.to_owned(),
            plain.clone(),
        ] {
            assert_eq!(check(&header, BODY, now, &[]), Err(WebhookError::WrongSignature), "{header}");
        }
        assert!(check(&plain, BODY, now, &[Flaw::TakesWebhooksInAnyScheme]).is_ok());
        let good = format!("t={now},v1={RIGHT}");
        assert_eq!(check(" ", BODY, now, &[]), Err(WebhookError::Unsigned));
        let spaced = String::from_utf8_lossy(BODY).replace(',', ", ");
        assert_eq!(check(&good, spaced.as_bytes(), now, &[]), Err(WebhookError::WrongSignature));
        assert!(check(&good, spaced.as_bytes(), now, &[Flaw::SignsWhatItParsed]).is_ok());
        let more = format!(
            "t=99999999999999999999,v1={}",
            mac::hmac_sha256_hex(b"test-webhook-key", b"99999999999999999999.{}")
        );
        assert_eq!(check(&more, b"{}", now, &[]), Err(WebhookError::WrongMoment));
    }
}
