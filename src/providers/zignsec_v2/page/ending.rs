//! How it ends for the browser: sent back, or told.

use std::borrow::Cow;
use std::time::Duration;

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::act;
use super::address;
use super::answer::{found, html};
use super::fields::Manner;
use super::texts::Texts;
use super::view::VERSION;
use crate::providers::zignsec_v2::say;
use crate::providers::zignsec_v2::settings::Settings;
use crate::providers::zignsec_v2::switches::{ErrorQuery, PostMessage, WebhookOrder};
use crate::providers::zignsec_v2::{Language, ZignsecV2};
use crate::script::Reason;
use crate::session::Phase;
use crate::simulation::{Refusal, Session, SessionId, Sessions};

/// A page that tells, and may lead on.
#[derive(Debug, Template)]
#[template(path = "notice.html")]
struct Notice {
    t: &'static Texts,
    version: u32,
    kind: &'static str,
    title: &'static str,
    lead: &'static str,
    reason: Option<&'static str>,
    onward: Option<Onward>,
    postback: Option<Postback>,
    session: Option<String>,
}

/// Where it leads.
#[derive(Debug)]
struct Onward {
    address: String,
    /// Whether the page goes there, or shows the address for another browser.
    by_itself: bool,
}

/// The message to the parent of an iframe. Source: "JavaScript events".
#[derive(Debug)]
struct Postback {
    token: String,
    code: &'static str,
    description: Cow<'static, str>,
    as_text: bool,
}

/// Answers the browser of an order that has ended. `None` while it is pending.
pub(super) async fn end(
    sessions: &Sessions<ZignsecV2>,
    id: SessionId,
    manner: Manner,
) -> Result<Option<Response>, Refusal> {
    let (pending, order) =
        sessions.look(id, |session, context| (session.phase().is_pending(), context.settings.webhook_order))?;
    if pending {
        return Ok(None);
    }
    match order {
        WebhookOrder::AfterRedirect => {}
        WebhookOrder::BeforeRedirect => act::sent(sessions, id, PATIENCE_FOR_WEBHOOK).await,
    }
    sessions.look(id, |session, context| {
        answer(session, context.settings, manner)
            .inspect(|answer| {
                if answer.leads_on {
                    session.tally.returned.get_or_insert(context.now);
                }
            })
            .map(|answer| answer.response)
    })
}

/// The page for an address that names no session.
pub(super) fn unknown(language: Language) -> Response {
    let t = Texts::of(language);
    let notice = Notice::of(t, "unknown", t.unknown_title, t.unknown_lead);
    html(StatusCode::NOT_FOUND, &notice, None)
}

struct Answer {
    response: Response,
    leads_on: bool,
}

fn answer(session: &Session<ZignsecV2>, settings: &Settings, manner: Manner) -> Option<Answer> {
    let failure = match session.phase() {
        Phase::Pending(_) => return None,
        Phase::Failed(reason) => Some(*reason),
        Phase::Finished(_) => None,
    };
    let t = Texts::of(session.order.language);
    let framing = Some(settings.framing);
    let mut notice = match failure {
        Some(Reason::LinkExpired) => {
            let notice = Notice {
                session: Some(session.id.to_string()),
                ..Notice::of(t, "expired", t.expired_title, t.expired_lead)
            };
            return Some(Answer { response: html(StatusCode::GONE, &notice, framing), leads_on: false });
        }
        Some(reason) => {
            Notice { reason: Some(t.reason(reason)), ..Notice::of(t, "failed", t.failed_title, t.failed_lead) }
        }
        None => Notice::of(t, "done", t.done_title, t.done_lead),
    };
    notice.session = Some(session.id.to_string());
    if manner.framed {
        let problem = failure.map(say::problem);
        let (code, description) = problem.map_or(("", Cow::Borrowed("")), |told| (told.code, told.description));
        let as_text = settings.post_message == PostMessage::Text;
        notice.postback = Some(Postback { token: session.id.to_string(), code, description, as_text });
    }
    let back = back(session, settings, failure);
    let response = match &back {
        Some(address) if manner.elsewhere => {
            notice = Notice { kind: "elsewhere", title: t.elsewhere_title, lead: t.elsewhere_lead, ..notice };
            notice.onward = Some(Onward { address: address.clone(), by_itself: false });
            html(StatusCode::OK, &notice, framing)
        }
        Some(address) if manner.framed => {
            notice =
                Notice { kind: "returning", title: t.returning_title, lead: t.returning_lead, reason: None, ..notice };
            notice.onward = Some(Onward { address: address.clone(), by_itself: true });
            html(StatusCode::OK, &notice, framing)
        }
        // An address that cannot stand in a head is answered like none.
        Some(address) => found(address).unwrap_or_else(|| html(StatusCode::OK, &notice, framing)),
        None => html(StatusCode::OK, &notice, framing),
    };
    Some(Answer { response, leads_on: back.is_some() })
}

/// Where the browser goes: the order's target, and for failures its target for errors before that; else the account's return address.
fn back(session: &Session<ZignsecV2>, settings: &Settings, failure: Option<Reason>) -> Option<String> {
    let order = &session.order;
    let own = match failure {
        Some(_) => order.target_error.as_deref().or(order.target.as_deref()),
        None => order.target.as_deref(),
    };
    let address = own.or(settings.return_url.as_deref()).filter(|address| address::is_safe(address))?;
    let relaystate = order.relaystate.clone().unwrap_or_else(|| session.id.to_string());
    let code =
        failure.filter(|_| settings.target_error_query == ErrorQuery::WithCode).map(|reason| say::problem(reason).code);
    Some(address::with_answer(address, &relaystate, code))
}

impl Notice {
    const fn of(t: &'static Texts, kind: &'static str, title: &'static str, lead: &'static str) -> Self {
        Self { t, version: VERSION, kind, title, lead, reason: None, onward: None, postback: None, session: None }
    }
}

/// Documents leave open what the browser waits for; two seconds are ours.
const PATIENCE_FOR_WEBHOOK: Duration = Duration::from_secs(2);
