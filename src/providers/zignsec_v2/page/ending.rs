//! How it ends for the browser: sent back, or told.

use axum::response::Response;

use super::zignsec::address;
use super::zignsec::ending::Ending;
use super::zignsec::fields::Manner;
use super::zignsec::visit;
use crate::providers::zignsec_v2::ZignsecV2;
use crate::providers::zignsec_v2::say;
use crate::providers::zignsec_v2::settings::Settings;
use crate::providers::zignsec_v2::switches::{ErrorQuery, Framing, WebhookOrder};
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
        WebhookOrder::BeforeRedirect => visit::sent(sessions, id, visit::PATIENCE_FOR_WEBHOOK).await,
    }
    sessions.look(id, |session, context| {
        if session.phase().is_pending() {
            return None;
        }
        let settings = context.settings;
        let back = back(session, settings);
        let ending = Ending {
            language: session.order.language,
            back: back.as_deref(),
            manner,
            message: settings.post_message,
            denied: settings.framing == Framing::Denied,
        };
        Some(ending.answer(session, context.now))
    })
}

/// Where the browser goes: the order's target, and for failures its target for errors before that; else the account's return address.
fn back(session: &Session<ZignsecV2>, settings: &Settings) -> Option<String> {
    let (order, failure) = (&session.order, session.failure());
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
