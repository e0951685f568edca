//! Reading the target's own outbound webhooks: names, ids, and whether the signature holds.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::EventSeen;
use super::http::{Pick, Picked, Seen, Template};
use crate::crypto::mac::{equal, hmac_sha256, hmac_sha256_hex};

/// How the target tells others what happened.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Events {
    /// Where the target sends them, where that is not told by `hello`; may hold `{{run}}`.
    pub(super) sink: Option<Template>,
    /// How they are signed.
    pub(super) signature: Option<Signature>,
    /// What happened, with `map` to `passed`, `failed`, `fulfilled`; other words stay.
    name: Pick,
    /// The target's id of the participant.
    participant: Option<Pick>,
    /// The target's id of the agreement.
    agreement: Option<Pick>,
    /// The event's id.
    id: Option<Pick>,
    /// When.
    at: Option<Pick>,
    /// Who did it.
    actor: Option<Pick>,
}

/// How webhooks are signed.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Signature {
    /// The scheme.
    scheme: Scheme,
    /// The header; without it, the scheme's usual one.
    header: Option<String>,
    /// The key; `whsec_…` of standard webhooks is base64.
    #[serde(default)]
    pub(super) secret: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Scheme {
    /// They are not signed.
    None,
    /// Standard Webhooks: `v1,<base64>` over `id.timestamp.body`.
    StandardWebhooks,
    /// `t=<unix>,v1=<hex>` over `t.body`.
    Zigned,
}

/// An event as it came in.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRead {
    /// What it says.
    pub event: EventSeen,
    /// Whether its signature holds.
    pub signature: SignatureCheck,
}

/// Whether a webhook's signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// It does not.
    Invalid {
        /// What is wrong.
        problem: &'static str,
    },
    /// There is none.
    Missing {
        /// The header that was expected.
        header: String,
    },
    /// The target file says that there are no signatures, or nothing about them.
    NotSigned,
    /// It does.
    Valid,
}

/// A webhook that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// The body is no JSON.
    #[error("the webhook's body is no JSON: expected an object")]
    NotJson,
    /// A value that the target file names is not there.
    #[error("the webhook's {what}: {problem}")]
    Unreadable {
        /// Such as `name`.
        what: &'static str,
        /// What is wrong.
        problem: String,
    },
}

impl Events {
    /// Reads one webhook.
    ///
    /// # Errors
    /// When the body is no JSON, or what the target file names is not in it. A signature that does not hold is no error but part of what
    /// was read.
    pub fn read_event(&self, headers: &[(String, String)], body: &[u8]) -> Result<EventRead, EventError> {
        let json: Value = serde_json::from_slice(body).map_err(|_| EventError::NotJson)?;
        let seen = Seen {
            headers: headers.to_vec(),
            text: String::from_utf8_lossy(body).into_owned(),
            json: Some(json.clone()),
            ..Seen::default()
        };
        let text = |what, picked: Result<Picked, String>| match picked {
            Ok(Picked::Value(value)) => Ok(Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))),
            Ok(Picked::Absent | Picked::Ends(_)) => Ok(None),
            Err(problem) => Err(EventError::Unreadable { what, problem: crate::identity::mask(&problem).into_owned() }),
        };
        let part = |what, pick: &Option<Pick>| match pick {
            Some(pick) => text(what, pick.of(&seen, &Value::Null)),
            None => Ok(None),
        };
        let event = EventSeen {
            id: part("id", &self.id)?,
            name: text("name", self.name.of_open_map(&seen, &Value::Null))?.unwrap_or_default(),
            participant_id: part("participant", &self.participant)?,
            agreement_id: part("agreement", &self.agreement)?,
            at: part("at", &self.at)?,
            actor: part("actor", &self.actor)?,
            body: json,
        };
        let signature = self.signature.as_ref().map_or(SignatureCheck::NotSigned, |scheme| scheme.check(&seen, body));
        Ok(EventRead { event, signature })
    }

    /// Where the target sends its events in this run, where the file says so itself; else `hello` tells the target.
    #[must_use]
    pub fn sink(&self, run: &str) -> Option<String> {
        self.sink.as_ref()?.address(&serde_json::json!({ "run": run })).ok()
    }

    pub(super) fn secret(&self) -> Option<&str> {
        self.signature.as_ref().map(|signature| signature.secret.as_str()).filter(|secret| !secret.is_empty())
    }
}

impl Signature {
    fn check(&self, seen: &Seen, body: &[u8]) -> SignatureCheck {
        let usual = match self.scheme {
            Scheme::None => return SignatureCheck::NotSigned,
            Scheme::StandardWebhooks => "webhook-signature",
            Scheme::Zigned => "x-zigned-request-signature",
        };
        let header = self.header.as_deref().unwrap_or(usual);
        let Some(signature) = seen.header(header) else { return SignatureCheck::Missing { header: header.to_owned() } };
        let is_valid = match self.scheme {
            Scheme::None => return SignatureCheck::NotSigned,
            Scheme::StandardWebhooks => self.is_standard(seen, signature, body),
            Scheme::Zigned => self.is_zigned(signature, body),
        };
        match is_valid {
            Ok(true) => SignatureCheck::Valid,
            Ok(false) => SignatureCheck::Invalid { problem: "it is not the HMAC of what was sent" },
            Err(problem) => SignatureCheck::Invalid { problem },
        }
    }

    fn is_zigned(&self, signature: &str, body: &[u8]) -> Result<bool, &'static str> {
        let part = |name: &str| signature.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
        let time = part("t").ok_or("`t=` is missing: expected `t=<unix>,v1=<hex>`")?;
        let mac = part("v1").ok_or("`v1=` is missing: expected `t=<unix>,v1=<hex>`")?;
        let expected = hmac_sha256_hex(self.secret.as_bytes(), &[time.as_bytes(), b".", body].concat());
        Ok(equal(expected.as_bytes(), mac.as_bytes()))
    }

    /// The header may hold several signatures, with spaces between them; the ids are in headers that begin with `webhook-` or `svix-`.
    fn is_standard(&self, seen: &Seen, signatures: &str, body: &[u8]) -> Result<bool, &'static str> {
        use base64::Engine as _;
        use base64::prelude::BASE64_STANDARD;

        let header =
            |name: &str| seen.header(&format!("webhook-{name}")).or_else(|| seen.header(&format!("svix-{name}")));
        let id = header("id").ok_or("the header `webhook-id` is missing")?;
        let time = header("timestamp").ok_or("the header `webhook-timestamp` is missing")?;
        let key = match self.secret.strip_prefix("whsec_") {
            Some(base64) => BASE64_STANDARD.decode(base64).map_err(|_| "the secret is no base64 behind `whsec_`")?,
            None => self.secret.as_bytes().to_vec(),
        };
        let signed = [id.as_bytes(), b".", time.as_bytes(), b".", body].concat();
        let expected = BASE64_STANDARD.encode(hmac_sha256(&key, &signed));
        Ok(signatures
            .split(' ')
            .filter_map(|one| one.strip_prefix("v1,"))
            .any(|one| equal(one.as_bytes(), expected.as_bytes())))
    }
}

/// Without the secret.
impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature({:?})", self.scheme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(signature: &str) -> Events {
        let text = format!(
            "name = {{ path = '$.event', map = {{ 'x.passed' = 'passed' }} }}\nparticipant = '$.data.id'\nsignature = {signature}"
        );
        toml::from_str(&text).unwrap()
    }

    fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    const BODY: &[u8] = br#"{"event":"x.passed","data":{"id":"p1"}}"#;

    #[test]
    fn a_signed_event_is_read_and_its_signature_checked() {
        let events = events("{ scheme = 'zigned', secret = 's' }");
        let mac = hmac_sha256_hex(b"s", &[b"17.", BODY].concat());
        let read =
            events.read_event(&headers(&[("X-Zigned-Request-Signature", &format!("t=17,v1={mac}"))]), BODY).unwrap();
        assert_eq!((read.event.name.as_str(), read.event.participant_id.as_deref()), ("passed", Some("p1")));
        assert_eq!(read.signature, SignatureCheck::Valid);
        let forged = events.read_event(&headers(&[("x-zigned-request-signature", &format!("t=18,v1={mac}"))]), BODY);
        assert!(matches!(forged.unwrap().signature, SignatureCheck::Invalid { .. }));
        let unsigned = events.read_event(&[], BODY).unwrap();
        assert!(matches!(unsigned.signature, SignatureCheck::Missing { .. }));
    }

    // The example of the Standard Webhooks specification: id, timestamp, body and secret as published there.
    #[test]
    fn standard_webhooks_are_checked_as_published() {
        let events = events("{ scheme = 'standard-webhooks', secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }");
        let body = br#"{"test": 2432232314}"#;
        let sent = headers(&[
            ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ]);
        let error = events.read_event(&sent, body).unwrap_err();
        assert!(error.to_string().contains("`$.event` is not there"), "{error}");
        let signature = events.signature.as_ref().unwrap();
        let seen = Seen { headers: sent, ..Seen::default() };
        assert_eq!(signature.check(&seen, body), SignatureCheck::Valid);
        assert!(matches!(signature.check(&seen, b"{}"), SignatureCheck::Invalid { .. }));
    }
}
