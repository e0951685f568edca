//! The second witness: what can be said of a session from its own record.

use super::note::{Note, NoteKind};
use super::outbox::DeliveryView;
use super::provider::Provider;
use super::session::Session;

/// What was noticed about a session, and what its end and its deliveries tell.
pub(super) fn findings<P: Provider>(session: &Session<P>, deliveries: &[DeliveryView]) -> Vec<Note> {
    let mut findings = session.notes.clone();
    if !session.phase().is_pending() && session.tally.collected_after_end == 0 {
        let how =
            if session.tally.returned.is_some() { "the browser was sent back and" } else { "the attempt ended and" };
        findings.push(Note::new(
            NoteKind::ResultNeverFetched,
            format!("{how} the result was never fetched: by this session nothing has been verified"),
        ));
    }
    for delivery in deliveries.iter().filter(|d| d.kind == "webhook" && d.state != "delivered") {
        if let Some(attempt) = delivery.attempts.last() {
            findings.push(Note::new(
                NoteKind::WebhookUndelivered,
                format!("the webhook to {} did not arrive: {}", delivery.url, attempt.outcome),
            ));
        }
    }
    findings
}
