//! What is sent to the relying party: the webhook.

use super::ZignsecV3;
use super::say::{Standing, Telling, standing};
use super::switches::WebhookBody;
use super::zignsec::seal::Scheme;
use super::zignsec::webhook::{Webhook, WrongBody};
use super::zignsec::{json, wrong};
use crate::script::{Reason, Tampering};
use crate::session::{Entered, Phase};
use crate::simulation::{Context, Errand, Provider, Session};

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
    let telling = Telling { session, settings, secret: context.secret, id: session.id, occurrence, is_webhook: true };
    let form = settings.webhook_body;
    let number_key = settings.identity_names.number_key();
    let token = context.space.credential(ZignsecV3::NAME, ZignsecV3::CREDENTIALS[0]).unwrap_or_default();
    let webhook = Webhook {
        url,
        honest: telling.written(standing, form),
        how: session.tampering(occurrence, Tampering::webhook),
        scheme: Scheme::Body,
        key: token.as_bytes().to_vec(),
        retries: settings.webhook_retries.pauses(),
    };
    webhook.errand(|how, honest| match how {
        WrongBody::Altered => json::altered(honest, &[number_key, "id"]),
        WrongBody::DuplicateKeys => wrong::duplicate_keys(honest, &[number_key], session, context.secret),
        WrongBody::OtherSession => {
            let other = Telling { id: wrong::other_session(session.id, context.secret), ..telling };
            other.written(standing, form)
        }
        WrongBody::PersonSwapped => telling.written(standing.swapped(session), form),
        // The reference is no part of the body: a script that wants it wrong was refused.
        WrongBody::RelaystateSwapped => honest.to_vec(),
        WrongBody::Reserialised => json::reserialised(&telling.tell(standing), form),
    })
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
