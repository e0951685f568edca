//! What a request for a hosted page does with its session, whatever the page shows.

use std::time::Duration;

use crate::script::{Operation, Reason, SignalName};
use crate::simulation::{Context, Provider, Refusal, Said, Session, SessionId, Sessions, Timestamp, Trace};

/// Counts a request as a visit to the page.
pub(in crate::providers) fn counted<P: Provider>(sessions: &Sessions<P>, id: SessionId) -> Result<Trace, Refusal> {
    sessions.visit(id, Operation::Page, |_, _| ()).map(|visited| visited.trace)
}

/// Looks without being counted: a page that refreshes itself suffers no fault and uses none up.
pub(in crate::providers) fn looked<P: Provider, T>(
    sessions: &Sessions<P>,
    id: SessionId,
    looker: impl FnOnce(&mut Session<P>, &Context<'_, P>) -> T,
) -> Result<(T, Trace), Refusal> {
    let (value, space) = sessions.look(id, |session, context| {
        let space = session.space.clone();
        (looker(session, context), space)
    })?;
    let space = sessions.commons.spaces.named(&space).ok_or(Refusal::Unknown(id))?;
    Ok((value, Trace { space, session: Some(id), operation: Operation::Page, damage: None }))
}

/// Begins a new attempt, where the present one failed and the link is still good. Says whether it did.
pub(in crate::providers) fn again<P: Provider>(session: &mut Session<P>, now: Timestamp) -> bool {
    let link_is_good = session.age(now).0 < session.limits.link.0;
    let failed = session.failure().is_some_and(|reason| reason != Reason::LinkExpired);
    failed && link_is_good && session.retry(now)
}

/// Opens the page: the person's time starts.
pub(in crate::providers) fn open<P: Provider>(sessions: &Sessions<P>, id: SessionId) -> Result<(), Refusal> {
    let closed = sessions.look(id, |session, _| session.phase().is_pending() && session.progress.opened().is_none())?;
    if closed {
        sessions.signal(id, &Said::plain(SignalName::Opened))?;
    }
    Ok(())
}

/// Waits until what is to be sent at once has been tried, for so long at most.
pub(in crate::providers) async fn sent<P: Provider>(sessions: &Sessions<P>, id: SessionId, patience: Duration) {
    let commons = &sessions.commons;
    // Whoever does not answer in time is not waited for.
    let _ = tokio::time::timeout(patience, commons.outbox.tried(id, commons.clock.now())).await;
}

/// How long a browser that is sent back waits for the webhook. Documents leave it open; two seconds are ours.
pub(in crate::providers) const PATIENCE_FOR_WEBHOOK: Duration = Duration::from_secs(2);
