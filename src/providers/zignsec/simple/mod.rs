//! A hosted page with one step: who it is. Addresses, shortcuts and test ids are those of version 2's page (see `PAGE.md` there).
//!
//! ```text
//!   provider: address ──▶ Visitor ──opens, posts──▶ Deed ──▶ signal
//!                            └──────go, state─────▶ Hosted, Standing, or the end
//! ```
//!
//! A provider reads its own addresses, and says in [`SimplePage`] what of the page is its own.

mod deed;
mod view;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{Method as Verb, StatusCode};

use self::deed::Deed;
use self::view::{Hosted, standing};
use super::answer::{html, quiet, see, traced};
use super::ending::Ending;
use super::fields::{Fields, Manner};
use super::language::Language;
use super::switches::PostMessage;
use super::texts::Texts;
use super::visit;
use crate::identity::Person;
use crate::script::Operation;
use crate::simulation::{Provider, Refusal, Session, SessionId, Sessions, Trace};

/// What of such a page is a provider's own.
pub(in crate::providers) trait SimplePage: Provider {
    /// What the page's foot calls it.
    const PRODUCT: &'static str;

    /// In what language an order's page speaks.
    fn language(order: &Self::Order) -> Language;

    /// Where the browser goes in the end: an address that [`is_safe`](super::address::is_safe).
    fn back(session: &Session<Self>, settings: &Self::Settings) -> Option<String>;

    /// Whether somebody of the register stands on the page, besides the script's own people.
    fn shows(_person: &Person) -> bool {
        true
    }

    /// What the person agrees to share.
    fn shares(_order: &Self::Order, _t: &'static Texts) -> Vec<&'static str> {
        Vec::new()
    }

    /// The word of this page for an action that has other names as well.
    fn action(word: &str) -> &str {
        word
    }

    /// Whether a failed order begins anew when its link is opened again.
    fn allows_retries(_order: &Self::Order) -> bool {
        false
    }

    /// The form of the message to the parent of an iframe.
    fn message(_settings: &Self::Settings) -> PostMessage {
        PostMessage::default()
    }
}

/// A request for a page.
#[derive(Debug)]
pub(in crate::providers) struct Visitor<P: SimplePage> {
    pub(in crate::providers) sessions: Arc<Sessions<P>>,
    pub(in crate::providers) id: SessionId,
    /// Where the page is, relative to the address that was asked for.
    pub(in crate::providers) base: &'static str,
    pub(in crate::providers) fields: Fields,
    pub(in crate::providers) manner: Manner,
}

impl<P: SimplePage> Visitor<P> {
    /// The answer to a request for the page, or for a part of it.
    pub(in crate::providers) async fn answer(&self, verb: &Verb, part: Option<&str>) -> Result<Response, Refusal> {
        match (verb == Verb::POST, part) {
            (true, None) => self.posts().await,
            // What scans links in mails asks for the head alone: that opens nothing.
            (false, None) if verb == Verb::HEAD => self.goes_on().await,
            (false, None) => self.opens().await,
            (false, Some("go")) => self.goes_on().await,
            (false, Some("state")) => self.asks_state(),
            (true | false, Some(_)) => Ok((StatusCode::NOT_FOUND, "the page has no such part\n").into_response()),
        }
    }

    /// The link is opened, perhaps with a shortcut.
    async fn opens(&self) -> Result<Response, Refusal> {
        let person = self.fields.named("as").or(Some("requested"));
        let deed = self.fields.named("then").map(|action| self.judged(action, person)).transpose()?.transpose();
        let deed = match deed {
            Ok(deed) => deed,
            Err(problem) => return self.refuses(problem),
        };
        let visited = self.sessions.visit(self.id, Operation::Page, |session, visited| {
            if P::allows_retries(&session.order) {
                visit::again(session, visited.context.now);
            }
        })?;
        visit::open(&self.sessions, self.id)?;
        match deed {
            Some(deed) => self.does(deed, visited.trace).await,
            None => self.shows(visited.trace).await,
        }
    }

    /// A form is sent.
    async fn posts(&self) -> Result<Response, Refusal> {
        let pending = self.sessions.look(self.id, |session, _| session.phase().is_pending())?;
        // What comes after the end changes nothing, whatever it says.
        if !pending {
            let trace = visit::counted(&self.sessions, self.id)?;
            return self.shows(trace).await;
        }
        match self.judged(self.fields.named("do").unwrap_or_default(), self.fields.named("person"))? {
            Ok(deed) => {
                visit::open(&self.sessions, self.id)?;
                let trace = visit::counted(&self.sessions, self.id)?;
                self.does(deed, trace).await
            }
            Err(problem) => self.refuses(problem),
        }
    }

    /// The page looks where it stands now. While that is still the page, nobody need hear of it.
    async fn goes_on(&self) -> Result<Response, Refusal> {
        let (pending, trace) = visit::looked(&self.sessions, self.id, |session, _| session.phase().is_pending())?;
        if pending {
            return self.shows(trace).await.map(quiet);
        }
        let trace = visit::counted(&self.sessions, self.id)?;
        self.shows(trace).await
    }

    /// The page's script asks where it stands.
    fn asks_state(&self) -> Result<Response, Refusal> {
        let (standing, trace) = visit::looked(&self.sessions, self.id, |session, context| standing(session, context))?;
        Ok(standing.answer(trace))
    }

    fn judged(&self, action: &str, person: Option<&str>) -> Result<Result<Deed, String>, Refusal> {
        let persons = self.sessions.commons.persons();
        self.sessions.look(self.id, |session, _| Deed::read(action, person, &self.fields, session, &persons))
    }

    /// Does the deed, and answers with what came of it: the end, or a redirect to the page, so that reloading repeats nothing.
    async fn does(&self, deed: Deed, trace: Trace) -> Result<Response, Refusal> {
        self.sessions.signal(self.id, &deed.said())?;
        let answer = self.end().await?;
        Ok(traced(answer.unwrap_or_else(|| see(&format!("{}go{}", self.base, self.manner.query()))), trace))
    }

    /// The page as it is, or the end.
    async fn shows(&self, trace: Trace) -> Result<Response, Refusal> {
        let answer = match self.end().await? {
            Some(end) => end,
            None => self.rendered(StatusCode::OK, None)?,
        };
        Ok(traced(answer, trace))
    }

    /// The page again, with what is wrong. Nothing has changed.
    fn refuses(&self, problem: String) -> Result<Response, Refusal> {
        let trace = visit::counted(&self.sessions, self.id)?;
        self.rendered(StatusCode::BAD_REQUEST, Some(problem)).map(|answer| traced(answer, trace))
    }

    fn rendered(&self, status: StatusCode, problem: Option<String>) -> Result<Response, Refusal> {
        let persons = self.sessions.commons.persons();
        self.sessions.look(self.id, |session, context| {
            html(status, &Hosted::of(session, context, self, problem, &persons), false)
        })
    }

    /// Answers the browser of an order that has ended. `None` while it is pending.
    async fn end(&self) -> Result<Option<Response>, Refusal> {
        if self.sessions.look(self.id, |session, _| session.phase().is_pending())? {
            return Ok(None);
        }
        visit::sent(&self.sessions, self.id, visit::PATIENCE_FOR_WEBHOOK).await;
        self.sessions.look(self.id, |session, context| {
            let back = P::back(session, context.settings);
            let ending = Ending {
                language: P::language(&session.order),
                back: back.as_deref(),
                manner: self.manner,
                message: P::message(context.settings),
                denied: false,
            };
            Some(ending.answer(session, context.now))
        })
    }
}
