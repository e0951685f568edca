//! What is sent to the relying party: a webhook for each event of a session.

use super::say::{self, Telling};
use super::switches::{ResultNesting, Retries, WebhookEvents, WebhookSignatures};
use super::zignsec::seal::Scheme;
use super::zignsec::webhook::{Webhook, WrongBody};
use super::zignsec::{WebhookBody, json, wrong};
use super::{CREDENTIAL_SECRET, ZignsecGateway, forge, wire};
use crate::crypto::mac;
use crate::script::{IdentityTampering, Millis, Tampering, WebhookTampering};
use crate::session::{Cause, Entered, Phase};
use crate::simulation::{Context, Errand, Provider, Session};

/// What has to be sent because a phase was entered. With an end, the token is issued.
pub(super) fn entered(
    session: &mut Session<ZignsecGateway>,
    entered: &Entered,
    context: &Context<'_, ZignsecGateway>,
) -> Vec<Errand> {
    let is_end = !entered.phase.is_pending();
    if is_end {
        session.state.ends_told += 1;
        say::issue(session, context, session.state.ends_told);
    }
    let wanted = is_end || context.settings.webhook_events == WebhookEvents::All;
    let event = if entered.cause == Cause::Begun { CREATED } else { UPDATED };
    match ZignsecGateway::webhook(&session.order, context.settings) {
        Some(url) if wanted => vec![webhook(url.to_owned(), event, session, context)],
        Some(_) | None => Vec::new(),
    }
}

/// The webhook about how a session stands, for nobody in particular.
pub(super) fn notice(session: &mut Session<ZignsecGateway>, context: &Context<'_, ZignsecGateway>) -> Errand {
    // The session is a copy that ended anew: what was issued before is not its own.
    session.state.issued.clear();
    session.state.ends_told = 1;
    webhook(String::new(), UPDATED, session, context)
}

fn webhook(
    url: String,
    event: &'static str,
    session: &Session<ZignsecGateway>,
    context: &Context<'_, ZignsecGateway>,
) -> Errand {
    let settings = context.settings;
    let how = session.tampering(session.tally.webhooks + 1, Tampering::webhook);
    let telling = Telling { session, context, occurrence: session.state.ends_told.max(1), is_webhook: true };
    let form = settings.webhook_body;
    let told = body(event, &telling);
    let other = || wrong::other_session(session.id, context.secret);
    let webhook = Webhook {
        url,
        honest: telling.as_bytes(json::written(&told, form)),
        how,
        scheme: Scheme::BodyWithMoment,
        key: keys(how, context),
        retries: match settings.webhook_retries {
            Retries::Once => &[],
            Retries::ThreeTimes => &[Millis(10_000), Millis(60_000)],
        },
    };
    webhook.errand(|how, honest| match how {
        WrongBody::Altered => json::altered(honest, &["ssn", "personalNumber", "id"]),
        WrongBody::DuplicateKeys => wrong::duplicate_keys(honest, &forge::NUMBER_KEYS, session, context.secret),
        WrongBody::OtherSession => {
            let named = wire::Webhook { id: other().into(), ..told };
            telling.as_bytes(json::written(&named, form))
        }
        WrongBody::PersonSwapped => swapped(told, &telling, form),
        WrongBody::RelaystateSwapped => {
            let named = wire::Webhook { relay_state: Some(other().to_string().into()), ..told };
            telling.as_bytes(json::written(&named, form))
        }
        WrongBody::Reserialised => json::reserialised(&told, form),
    })
}

fn body<'a>(event: &'static str, telling: &Telling<'a>) -> wire::Webhook<'a> {
    let outcome = telling.outcome();
    let (data, result) = match telling.nesting() {
        ResultNesting::Flat => (Some(outcome), None),
        ResultNesting::Nested => (None, Some(outcome)),
    };
    let order = &telling.session.order;
    let is_other = telling.wrong() == Some(forge::Wrong::Identity(IdentityTampering::MethodSwapped));
    wire::Webhook {
        data,
        event: event.into(),
        id: telling.id().into(),
        integration_id: match order.method.is_freja() == is_other {
            true => "bankid_se".into(),
            false => "freja_eid".into(),
        },
        relay_state: order.relay_state.as_deref().map(Into::into),
        result,
    }
}

/// The unsigned members are somebody else's; the token, which only its signer can change, stays.
fn swapped<'a>(mut told: wire::Webhook<'a>, telling: &Telling<'a>, form: WebhookBody) -> Vec<u8> {
    if let Phase::Finished(person) = telling.session.phase() {
        let other = wrong::somebody_else(telling.session, person);
        for outcome in [&mut told.data, &mut told.result].into_iter().flatten() {
            if outcome.requested_attributes.is_some() {
                outcome.requested_attributes = Some(telling.teller().attributes(other, false));
            }
            if let Some(identity) = &mut outcome.identity {
                identity.full_name = other.full_name().to_uppercase().into();
                identity.personal_number = Some(other.number.expose().into());
            }
        }
    }
    json::written(&told, form)
}

/// The space's secret, and while it is rotated another one beside it.
fn keys(how: Option<WebhookTampering>, context: &Context<'_, ZignsecGateway>) -> Vec<u8> {
    let own = context.space.credential(ZignsecGateway::NAME, CREDENTIAL_SECRET).unwrap_or_default().to_owned();
    let other = || hex::encode(&mac::derive(context.secret, "gateway webhook secret", &[own.as_bytes()])[..16]);
    // The older scheme knows one signature.
    let signatures = if how == Some(WebhookTampering::OtherScheme) {
        WebhookSignatures::One
    } else {
        context.settings.webhook_signatures
    };
    match signatures {
        WebhookSignatures::One => own,
        WebhookSignatures::OwnFirst => format!("{own}\n{}", other()),
        WebhookSignatures::OwnLast => format!("{}\n{own}", other()),
    }
    .into_bytes()
}

const CREATED: &str = "session_created";
const UPDATED: &str = "session_updated";
