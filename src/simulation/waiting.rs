//! Orders that wait for a person who has no page: the provider calls the person's phone.

use std::sync::Arc;

use super::provider::{Context, Provider};
use super::session::Session;
use super::sessions::Sessions;
use super::view::{NextBy, SessionView};
use crate::identity::{Country, Person};

/// An order on its way to a phone.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The session.
    pub view: SessionView,
    /// The country whose people the method authenticates.
    pub country: Country,
    /// Who was asked for, or the usual person when nobody was.
    pub requested: Arc<Person>,
    /// Somebody else of the same country.
    pub someone_else: Arc<Person>,
    /// Whether a person was asked for.
    pub names_somebody: bool,
    /// What is left of the person's time, in milliseconds, where nothing comes before its end.
    pub left_ms: Option<u64>,
}

impl Waiting {
    fn new<P: Provider>(session: &Session<P>, context: &Context<'_, P>) -> Self {
        let view = SessionView::new(session, context);
        let asked = P::asked(&session.order);
        let left_ms = view.next.as_ref().filter(|next| next.by == NextBy::OrderExpiry).and_then(|next| next.in_ms);
        Self {
            country: asked.country,
            requested: session.cast.requested.clone(),
            someone_else: session.cast.someone_else.clone(),
            names_somebody: asked.number.is_some(),
            left_ms,
            view,
        }
    }
}

impl<P: Provider> Sessions<P> {
    /// The orders of a space that wait for a person without a page, from the newest to the oldest. Looking changes nothing.
    pub(super) fn waiting(&self, space: &str, most: usize) -> Vec<Waiting> {
        let waits = |session: &Session<P>| {
            &*session.space == space && session.phase().is_pending() && P::page(session).is_none()
        };
        self.ids()
            .into_iter()
            .filter_map(|id| {
                self.look(id, |session, context| waits(session).then(|| Waiting::new(session, context))).ok().flatten()
            })
            .take(most)
            .collect()
    }
}
