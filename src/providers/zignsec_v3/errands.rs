//! What is sent to the relying party: the webhook.

use bytes::Bytes;

use super::ZignsecV3;
use super::say::{Standing, Telling, standing};
use super::switches::{Retries, WebhookBody};
use super::zignsec::seal::{sign, sign_with_moment};
use super::zignsec::{json, wrong};
use crate::script::{Millis, Reason, Tampering, WebhookTampering};
use crate::session::{Entered, Phase};
use crate::simulation::{Context, Errand, ErrandKind, Provider, Seal, SealFlaw, Session};

/// What has to be sent because a phase was entered.
pub(super) fn entered(
    session: &Session<ZignsecV3>,
    entered: &Entered,
    context: &Context<'_, ZignsecV3>,
) -> Option<Errand> {
    let standing = match &entered.phase {
        // For a link that nobody opened there is none, as in version 2 (inferred).
        Phase::Failed(Reason::LinkExpired) | Phase::Pending(_) => return None,
        Phase::Failed(reason) => Standing::Failed(*reason),
        Phase::Finished(person) => Standing::Finished(person),
    };
    let url = ZignsecV3::webhook(&session.order, context.settings)?.to_owned();
    Some(webhook_to(url, session, standing, context))
}

/// The webhook about how a session stands, for nobody in particular.
pub(super) fn notice(session: &Session<ZignsecV3>, context: &Context<'_, ZignsecV3>) -> Errand {
    webhook_to(String::new(), session, standing(session), context)
}

fn webhook_to(
    url: String,
    session: &Session<ZignsecV3>,
    standing: Standing<'_>,
    context: &Context<'_, ZignsecV3>,
) -> Errand {
    let settings = context.settings;
    let occurrence = session.tally.webhooks + 1;
    let how = session.tampering(occurrence, Tampering::webhook);
    let telling = Telling { session, settings, secret: context.secret, id: session.id, occurrence, is_webhook: true };
    let form = settings.webhook_body;
    let number_key = settings.identity_names.number_key();
    let honest = telling.written(standing, form);
    let (body, over, flaw) = match how {
        // The reference is no part of the body, a moment none of the signature: a script that wants them wrong was refused.
        None
        | Some(
            WebhookTampering::OtherScheme
            | WebhookTampering::RelaystateSwapped
            | WebhookTampering::TimestampFuture
            | WebhookTampering::TimestampStale,
        ) => (honest, None, None),
        Some(WebhookTampering::Altered) => (json::altered(&honest, &[number_key, "id"]), Some(honest), None),
        Some(WebhookTampering::DuplicateKeys) => {
            (wrong::duplicate_keys(&honest, number_key, session, context.secret), Some(honest), None)
        }
        Some(WebhookTampering::EmptyKey) => (honest, None, Some(SealFlaw::EmptyKey)),
        Some(WebhookTampering::OtherSession) => {
            let other = Telling { id: wrong::other_session(session.id, context.secret), ..telling };
            (other.written(standing, form), None, None)
        }
        Some(WebhookTampering::PersonSwapped) => {
            let swapped = match standing {
                Standing::Finished(person) => Standing::Finished(wrong::somebody_else(session, person)),
                Standing::Failed(_) | Standing::Pending => standing,
            };
            (telling.written(swapped, form), Some(honest), None)
        }
        Some(WebhookTampering::Reserialised) => (json::reserialised(&telling.tell(standing), form), Some(honest), None),
        Some(WebhookTampering::SignatureEmpty) => (honest, None, Some(SealFlaw::Empty)),
        Some(WebhookTampering::SignatureForeignKey) => (honest, None, Some(SealFlaw::ForeignKey)),
        Some(WebhookTampering::SignatureMissing) => (honest, None, Some(SealFlaw::Missing)),
        Some(WebhookTampering::SignatureTruncated) => (honest, None, Some(SealFlaw::Truncated)),
    };
    let token = context.space.credential(ZignsecV3::NAME, ZignsecV3::CREDENTIALS[0]).unwrap_or_default();
    Errand {
        kind: ErrandKind::Webhook,
        url,
        body: body.into(),
        content_type: "application/json; charset=utf-8",
        seal: Some(Seal {
            header: "X-ZignSec-Hmac-SHA256",
            sign: if how == Some(WebhookTampering::OtherScheme) { sign_with_moment } else { sign },
            key: token.as_bytes().into(),
            over: over.map(Bytes::from),
            flaw,
        }),
        retries: match settings.webhook_retries {
            Retries::Current => &[Millis(10_000), Millis(60_000)],
            Retries::Legacy => &[Millis(9_094_000); 19],
        },
    }
}

/// What the provider would answer a poll now, without counting one.
pub(super) fn answer_now(session: &Session<ZignsecV3>, context: &Context<'_, ZignsecV3>) -> String {
    String::from_utf8_lossy(&collected(session, context)).into_owned()
}

/// The answer to a poll.
pub(super) fn collected(session: &Session<ZignsecV3>, context: &Context<'_, ZignsecV3>) -> Vec<u8> {
    let telling = Telling {
        session,
        settings: context.settings,
        secret: context.secret,
        id: session.id,
        occurrence: session.tally.collected_after_end.max(1),
        is_webhook: false,
    };
    telling.written(standing(session), WebhookBody::Compact)
}
