//! A webhook on its way: what of it is wrong on purpose, how it is sealed, how often it is tried.

use bytes::Bytes;

use super::seal::Scheme;
use crate::script::{Millis, WebhookTampering};
use crate::simulation::{Errand, ErrandKind, Seal, SealFlaw};

/// A webhook that is to be sent.
#[derive(Debug)]
pub(in crate::providers) struct Webhook {
    /// Where it goes.
    pub(in crate::providers) url: String,
    /// The body as it should be.
    pub(in crate::providers) honest: Vec<u8>,
    /// What is wrong with it on purpose.
    pub(in crate::providers) how: Option<WebhookTampering>,
    /// How its interface seals.
    pub(in crate::providers) scheme: Scheme,
    /// The key of the seal.
    pub(in crate::providers) key: Vec<u8>,
    /// The pauses before it is tried again.
    pub(in crate::providers) retries: &'static [Millis],
}

/// A body that is not the honest one.
#[derive(Clone, Copy, Debug)]
pub(in crate::providers) enum WrongBody {
    /// One digit is another.
    Altered,
    /// A member stands twice.
    DuplicateKeys,
    /// It names another session.
    OtherSession,
    /// It tells of somebody else.
    PersonSwapped,
    /// It carries another reference.
    RelaystateSwapped,
    /// The same in other bytes.
    Reserialised,
}

impl Webhook {
    /// The errand. `wrong` writes a body that is not the honest one, which it is given.
    pub(in crate::providers) fn errand(self, wrong: impl FnOnce(WrongBody, &[u8]) -> Vec<u8>) -> Errand {
        let Self { url, honest, how, scheme, key, retries } = self;
        let wrong = |what| wrong(what, &honest);
        let (body, is_sealed, flaw) = match how {
            None
            | Some(
                WebhookTampering::OtherScheme | WebhookTampering::TimestampFuture | WebhookTampering::TimestampStale,
            ) => (None, true, None),
            Some(WebhookTampering::Altered) => (Some(wrong(WrongBody::Altered)), false, None),
            Some(WebhookTampering::DuplicateKeys) => (Some(wrong(WrongBody::DuplicateKeys)), false, None),
            Some(WebhookTampering::EmptyKey) => (None, true, Some(SealFlaw::EmptyKey)),
            Some(WebhookTampering::OtherSession) => (Some(wrong(WrongBody::OtherSession)), true, None),
            Some(WebhookTampering::PersonSwapped) => (Some(wrong(WrongBody::PersonSwapped)), false, None),
            Some(WebhookTampering::RelaystateSwapped) => (Some(wrong(WrongBody::RelaystateSwapped)), true, None),
            Some(WebhookTampering::Reserialised) => (Some(wrong(WrongBody::Reserialised)), false, None),
            Some(WebhookTampering::SignatureEmpty) => (None, true, Some(SealFlaw::Empty)),
            Some(WebhookTampering::SignatureForeignKey) => (None, true, Some(SealFlaw::ForeignKey)),
            Some(WebhookTampering::SignatureMissing) => (None, true, Some(SealFlaw::Missing)),
            Some(WebhookTampering::SignatureTruncated) => (None, true, Some(SealFlaw::Truncated)),
        };
        // A body that was changed on the way keeps the seal of the honest one.
        let (body, over) = match body {
            None => (honest, None),
            Some(body) if is_sealed => (body, None),
            Some(body) => (body, Some(Bytes::from(honest))),
        };
        Errand {
            kind: ErrandKind::Webhook,
            url,
            body: body.into(),
            content_type: "application/json; charset=utf-8",
            seal: Some(Seal { header: "X-ZignSec-Hmac-SHA256", sign: scheme.sign(how), key: key.into(), over, flaw }),
            retries,
        }
    }
}
