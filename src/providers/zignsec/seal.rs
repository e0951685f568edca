//! The two schemes of the header `X-ZignSec-Hmac-SHA256`.

use crate::crypto::mac;
use crate::script::WebhookTampering;
use crate::simulation::Timestamp;

/// What an interface signs.
#[derive(Clone, Copy, Debug)]
pub(in crate::providers) enum Scheme {
    /// The body: versions 2 and 3.
    Body,
    /// The moment and the body: the gateway.
    BodyWithMoment,
}

impl Scheme {
    /// What makes the header's value, where this is wrong on purpose. Without a moment in it, no moment can be wrong.
    pub(in crate::providers) const fn sign(self, how: Option<WebhookTampering>) -> Sign {
        match (self, how) {
            (Self::Body, Some(WebhookTampering::OtherScheme)) => sign_with_moment,
            (Self::BodyWithMoment, Some(WebhookTampering::OtherScheme)) | (Self::Body, Some(_) | None) => sign,
            (Self::BodyWithMoment, Some(WebhookTampering::TimestampFuture)) => ahead,
            (Self::BodyWithMoment, Some(WebhookTampering::TimestampStale)) => past,
            (Self::BodyWithMoment, Some(_) | None) => sign_with_moment,
        }
    }
}

/// Makes the header's value out of key, signed bytes and moment.
type Sign = fn(key: &[u8], signed: &[u8], now: Timestamp) -> String;

/// Versions 2 and 3: the digest of the body. Lower-case hexadecimal, as a client in production compares it.
fn sign(key: &[u8], signed: &[u8], _now: Timestamp) -> String {
    mac::hmac_sha256_hex(key, signed)
}

/// The gateway: `t=…,v1=…`, the digest being that of the moment in seconds, a dot and the body. That `t` counts seconds is inferred.
///
/// Several keys, a line each, make several `v1`.
fn sign_with_moment(keys: &[u8], signed: &[u8], now: Timestamp) -> String {
    let seconds = now.0 / 1_000;
    let signed = [format!("{seconds}.").as_bytes(), signed].concat();
    let digests = keys.split(|byte| *byte == b'\n').map(|key| format!(",v1={}", mac::hmac_sha256_hex(key, &signed)));
    format!("t={seconds}{}", digests.collect::<String>())
}

/// The same, as of an hour ahead.
fn ahead(keys: &[u8], signed: &[u8], now: Timestamp) -> String {
    sign_with_moment(keys, signed, Timestamp(now.0.saturating_add(HOUR)))
}

/// The same, as of an hour ago.
fn past(keys: &[u8], signed: &[u8], now: Timestamp) -> String {
    sign_with_moment(keys, signed, Timestamp(now.0.saturating_sub(HOUR)))
}

const HOUR: u64 = 3_600_000;

#[cfg(test)]
mod tests {
    use super::*;

    // Computed by hand from the documents: webhooks of the gateway.
    #[test]
    fn the_moment_is_signed_with_the_body() {
        let body = br#"{"event":"session_updated","id":"44b8bd08-91ae-4abf-ab0a-56ca503c258d"}"#;
        let v1 = "v1=60fc7534fcb6ac4a4d1ff43939ef50698fda4d0f4f2d63c93f5da0b11eaf6723";
        let sign = |keys: &[u8]| sign_with_moment(keys, body, Timestamp(1_700_000_000_999));
        assert_eq!(sign(b"test-webhook-key"), format!("t=1700000000,{v1}"));
        let both = sign(b"test-webhook-key\nnext");
        assert!(both.starts_with(&format!("t=1700000000,{v1},v1=")) && both.matches("v1=").count() == 2, "{both}");
        assert!(past(b"k", body, Timestamp(1_700_000_000_000)).starts_with("t=1699996400,"));
        assert!(ahead(b"k", body, Timestamp(1_700_000_000_000)).starts_with("t=1700003600,"));
    }
}
