//! What is sent to the relying party: the webhook, and the question whether the CPR number is wanted.

use bytes::Bytes;
use serde::Deserialize;

use super::order::Method;
use super::read::PID_PLACE;
use super::say::{Standing, Telling, standing};
use super::state::Cpr;
use super::switches::{LinkExpiryWebhook, WebhookBody};
use super::zignsec::seal::Scheme;
use super::zignsec::webhook::{Webhook, WrongBody};
use super::zignsec::{json, wrong};
use super::{ZignsecV2, forge};
use crate::dial::Answer;
use crate::identity::Person;
use crate::script::{Reason, Tampering};
use crate::session::{Entered, Phase};
use crate::simulation::{Context, Errand, ErrandKind, Provider, Session};

/// The question of `AskForCprCallback` about who has logged in; `None` when the order has no callback.
#[must_use]
pub fn question(session: &Session<ZignsecV2>, person: &Person) -> Option<Errand> {
    let callback = session.order.ask_for_cpr_callback.as_ref()?;
    Some(Errand {
        kind: ErrandKind::Question,
        url: callback.replace(PID_PLACE, &person.person_id),
        body: Bytes::new(),
        content_type: "",
        seal: None,
        retries: &[],
    })
}

/// What has to be sent because a phase was entered.
pub(super) fn entered(
    session: &mut Session<ZignsecV2>,
    entered: &Entered,
    context: &Context<'_, ZignsecV2>,
) -> Vec<Errand> {
    match &entered.phase {
        Phase::Pending(_) => Vec::new(),
        Phase::Failed(Reason::LinkExpired) if context.settings.link_expiry_webhook == LinkExpiryWebhook::Off => {
            Vec::new()
        }
        Phase::Failed(reason) => Vec::from_iter(webhook(session, Standing::Failed(*reason), context)),
        Phase::Finished(person) => {
            let is_nemid = session.state.method(&session.order) == Method::Nemid;
            match (is_nemid, session.state.cpr) {
                // Nobody is at a page: the relying party is asked all the same, and the result waits for its answer.
                (true, Cpr::NotNeeded) => {
                    if let Some(question) = question(session, person) {
                        session.state.login = Some(person.clone());
                        session.state.cpr = Cpr::Asking;
                        return vec![question];
                    }
                    if session.order.ask_for_cpr {
                        session.state.cpr = Cpr::Matched;
                    }
                }
                // Already asked by the page; the answer goes on from here.
                (true, Cpr::Asking) => return Vec::new(),
                // Who confirms while the form is open has typed their own number.
                (true, Cpr::Wanted) => session.state.cpr = Cpr::Matched,
                (true, Cpr::Matched | Cpr::Skipped) | (false, _) => {}
            }
            Vec::from_iter(webhook(session, Standing::Finished(person), context))
        }
    }
}

/// Takes the answer to the question. Where the log-in has ended already, the webhook follows.
pub(super) fn answered(
    session: &mut Session<ZignsecV2>,
    answer: Option<&Answer>,
    context: &Context<'_, ZignsecV2>,
) -> Vec<Errand> {
    if session.state.cpr != Cpr::Asking {
        return Vec::new();
    }
    let wanted = answer.is_some_and(|answer| (200..=299).contains(&answer.status) && asks(&answer.body));
    let person = match session.phase() {
        Phase::Finished(person) => Some(person.clone()),
        Phase::Failed(_) | Phase::Pending(_) => None,
    };
    session.state.cpr = match (wanted, &person) {
        (false, _) => Cpr::Skipped,
        // Without a page the person types the right number.
        (true, Some(_)) => Cpr::Matched,
        (true, None) => Cpr::Wanted,
    };
    person.and_then(|person| webhook(session, Standing::Finished(&person), context)).into_iter().collect()
}

/// "All other return values or errors will result in the dialog NOT be shown."
fn asks(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wish {
        #[serde(rename = "askForCpr")]
        ask_for_cpr: bool,
    }
    // Serde would take an array for the structure too.
    body.trim_ascii().starts_with(b"{") && serde_json::from_slice::<Wish>(body).is_ok_and(|wish| wish.ask_for_cpr)
}

/// The webhook about an attempt that ended; `None` where nobody wants one.
fn webhook(session: &Session<ZignsecV2>, standing: Standing<'_>, context: &Context<'_, ZignsecV2>) -> Option<Errand> {
    let url = ZignsecV2::webhook(&session.order, context.settings)?.to_owned();
    Some(webhook_to(url, session, standing, context))
}

/// The webhook about how a session stands, for nobody in particular.
pub(super) fn notice(session: &mut Session<ZignsecV2>, context: &Context<'_, ZignsecV2>) -> Errand {
    // Whoever confirms here would have typed their own number.
    if session.state.cpr != Cpr::Skipped {
        session.state.cpr = Cpr::Matched;
    }
    webhook_to(String::new(), session, standing(session, context.settings), context)
}

fn webhook_to(
    url: String,
    session: &Session<ZignsecV2>,
    standing: Standing<'_>,
    context: &Context<'_, ZignsecV2>,
) -> Errand {
    let settings = context.settings;
    let occurrence = session.tally.webhooks + 1;
    let telling = Telling { session, settings, secret: context.secret, id: session.id, occurrence, is_webhook: true };
    let form = settings.webhook_body;
    let token = context.space.credential(ZignsecV2::NAME, ZignsecV2::CREDENTIALS[0]).unwrap_or_default();
    let webhook = Webhook {
        url,
        honest: telling.written(standing, form),
        how: session.tampering(occurrence, Tampering::webhook),
        scheme: Scheme::Body,
        key: token.as_bytes().to_vec(),
        retries: settings.webhook_retries.pauses(),
    };
    webhook.errand(|how, honest| match how {
        WrongBody::Altered => json::altered(honest, &[forge::NUMBER, "id"]),
        WrongBody::DuplicateKeys => wrong::duplicate_keys(honest, &[forge::NUMBER], session, context.secret),
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
pub(super) fn answer_now(session: &Session<ZignsecV2>, context: &Context<'_, ZignsecV2>) -> String {
    String::from_utf8_lossy(&collected(session, context)).into_owned()
}

/// The answer to a poll.
pub(super) fn collected(session: &Session<ZignsecV2>, context: &Context<'_, ZignsecV2>) -> Vec<u8> {
    let telling = Telling {
        session,
        settings: context.settings,
        secret: context.secret,
        id: session.id,
        occurrence: session.tally.collected_after_end.max(1),
        is_webhook: false,
    };
    telling.written(standing(session, context.settings), WebhookBody::Compact)
}
