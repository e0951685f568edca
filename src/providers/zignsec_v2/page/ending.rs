//! How it ends for the browser: sent back, or told.

use std::time::Duration;

use axum::response::Response;

use super::act;
use super::zignsec::address;
use super::zignsec::ending::Ending;
use super::zignsec::fields::Manner;
use crate::providers::zignsec_v2::ZignsecV2;
use crate::providers::zignsec_v2::say;
use crate::providers::zignsec_v2::settings::Settings;
use crate::providers::zignsec_v2::switches::{ErrorQuery, Framing, PostMessage, WebhookOrder};
use crate::script::Reason;
use crate::simulation::{Refusal, Session, SessionId, Sessions};

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
        let (settings, failure) = (context.settings, session.failure());
        if session.phase().is_pending() {
            return None;
        }
        let ended = Ending {
            language: session.order.language,
            failure,
            session: &session.id.to_string(),
            back: back(session, settings, failure).as_deref(),
            manner,
            message_as_text: settings.post_message == PostMessage::Text,
            denied: settings.framing == Framing::Denied,
        }
        .answer();
        if ended.leads_on {
            session.tally.returned.get_or_insert(context.now);
        }
        Some(ended.response)
    })
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

/// Documents leave open what the browser waits for; two seconds are ours.
const PATIENCE_FOR_WEBHOOK: Duration = Duration::from_secs(2);
