//! What is sent to the relying party: the webhook, and the question whether the CPR number is wanted.

use bytes::Bytes;
use serde::Deserialize;

use super::ZignsecV2;
use super::order::Method;
use super::read::PID_PLACE;
use super::say::{Standing, Telling, standing};
use super::state::Cpr;
use super::switches::{LinkExpiryWebhook, Retries, WebhookBody};
use super::wire::Collected;
use crate::crypto::mac;
use crate::dial::Answer;
use crate::identity::Person;
use crate::script::{Millis, Reason, Tampering, WebhookTampering};
use crate::session::{Entered, Phase};
use crate::simulation::{Context, Errand, ErrandKind, Provider, Seal, SealFlaw, Session, SessionId, Timestamp};

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
fn webhook(
    session: &mut Session<ZignsecV2>,
    standing: Standing<'_>,
    context: &Context<'_, ZignsecV2>,
) -> Option<Errand> {
    let settings = context.settings;
    let url = session.order.webhook.as_ref().or(settings.account_webhook.as_ref()).cloned()?;
    let occurrence = session.tally.webhooks + 1;
    let how = session.tampering(occurrence, |how| match how {
        Tampering::Identity(_) => None,
        Tampering::Webhook(how) => Some(how),
    });
    let telling = Telling { session, settings, secret: context.secret, id: session.id, occurrence, is_webhook: true };
    let honest = written(&telling.tell(standing), settings.webhook_body);
    let (body, over, flaw) = match how {
        None => (honest, None, None),
        Some(WebhookTampering::OtherSession) => {
            let other = Telling { id: other_session(session.id, context.secret), ..telling };
            (written(&other.tell(standing), settings.webhook_body), None, None)
        }
        Some(WebhookTampering::PersonSwapped) => {
            let swapped = match standing {
                Standing::Finished(person) => Standing::Finished(somebody_else(session, person)),
                Standing::Failed(_) | Standing::Pending => standing,
            };
            (written(&telling.tell(swapped), settings.webhook_body), Some(honest), None)
        }
        Some(WebhookTampering::Reserialised) => {
            (reserialised(&telling.tell(standing), settings.webhook_body), Some(honest), None)
        }
        Some(WebhookTampering::SignatureForeignKey) => (honest, None, Some(SealFlaw::ForeignKey)),
        Some(WebhookTampering::SignatureMissing) => (honest, None, Some(SealFlaw::Missing)),
        Some(WebhookTampering::SignatureTruncated) => (honest, None, Some(SealFlaw::Truncated)),
    };
    let token = context.space.credential(ZignsecV2::NAME, ZignsecV2::CREDENTIALS[0]).unwrap_or_default();
    Some(Errand {
        kind: ErrandKind::Webhook,
        url,
        body: body.into(),
        content_type: "application/json; charset=utf-8",
        seal: Some(Seal {
            header: "X-ZignSec-Hmac-SHA256",
            sign,
            key: token.as_bytes().into(),
            over: over.map(Bytes::from),
            flaw,
        }),
        retries: match settings.webhook_retries {
            Retries::Current => &[Millis(10_000), Millis(60_000)],
            Retries::Legacy => &[Millis(9_094_000); 19],
        },
    })
}

/// Lower-case hexadecimal, as a client in production compares it.
fn sign(key: &[u8], signed: &[u8], _now: Timestamp) -> String {
    mac::hmac_sha256_hex(key, signed)
}

/// An id that looks like a session's and is nobody's, so that scenarios that run beside each other never meet.
fn other_session(id: SessionId, secret: &[u8; 32]) -> SessionId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&mac::derive(secret, "another session", &[id.as_bytes()])[..16]);
    SessionId::from_random(bytes)
}

fn somebody_else<'a>(session: &'a Session<ZignsecV2>, person: &Person) -> &'a Person {
    let cast = &session.cast;
    if cast.someone_else.number == person.number { &cast.requested } else { &cast.someone_else }
}

fn written(body: &Collected<'_>, form: WebhookBody) -> Vec<u8> {
    // A structure of texts and numbers always has a JSON form.
    match form {
        WebhookBody::Compact => serde_json::to_vec(body).unwrap_or_default(),
        WebhookBody::Escaped => escaped(&serde_json::to_string(body).unwrap_or_default()).into_bytes(),
        WebhookBody::Pretty => pretty(body).into_bytes(),
    }
}

/// The same JSON in bytes that differ from those of [`written`].
fn reserialised(body: &Collected<'_>, form: WebhookBody) -> Vec<u8> {
    match form {
        WebhookBody::Compact | WebhookBody::Escaped => escaped(&pretty(body)).into_bytes(),
        WebhookBody::Pretty => escaped(&serde_json::to_string(body).unwrap_or_default()).into_bytes(),
    }
}

fn pretty(body: &Collected<'_>) -> String {
    serde_json::to_string_pretty(body).unwrap_or_default().replace('\n', "\r\n")
}

/// Beyond ASCII as `\u`: such characters stand only inside JSON texts.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 32);
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// What the provider would answer a poll now, without counting one.
pub(super) fn answer_now(session: &Session<ZignsecV2>, context: &Context<'_, ZignsecV2>) -> String {
    let telling = Telling {
        session,
        settings: context.settings,
        secret: context.secret,
        id: session.id,
        occurrence: session.tally.collected_after_end.max(1),
        is_webhook: false,
    };
    serde_json::to_string(&telling.tell(standing(session, context.settings))).unwrap_or_default()
}
