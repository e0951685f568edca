//! The hosted page of SwissID: where a person authenticates, or a test does in the person's place.
//!
//! Addresses, shortcuts, test ids and the end are those of version 2's page, of which this one has a part: see `PAGE.md` there, and the
//! `README.md` of this folder for what is missing.

mod deed;
mod view;

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{HeaderMap, Method as Verb, StatusCode};
use serde::{Deserialize, Serialize};

use self::deed::Deed;
use self::view::Hosted;
use super::switches::PostMessage;
use super::zignsec::Language;
use super::zignsec::address;
use super::zignsec::answer::{html, see, typed};
use super::zignsec::ending::{Ending, unknown};
use super::zignsec::fields::{Fields, Manner};
use super::zignsec::texts::Texts;
use super::{V3Sessions, ZignsecV3};
use crate::script::{Operation, Reason, SignalName};
use crate::simulation::witness::Unremarkable;
use crate::simulation::{Context, Refusal, Said, Session, SessionId, Trace};

/// The page's routes.
pub(super) fn routes(sessions: &V3Sessions) -> Router {
    ["", "/", "/{part}"]
        .into_iter()
        .fold(Router::new(), |router, end| {
            router.route(&format!("/v3/{{hosted}}/{{id}}/{{product}}{end}"), get(page).post(page))
        })
        .with_state(sessions.clone())
}

/// The segments of a page's address.
#[derive(Debug, Deserialize)]
struct Address {
    /// `Hosted`, in any case.
    hosted: String,
    id: String,
    part: Option<String>,
}

/// A request for a page.
#[derive(Debug)]
struct Visitor {
    sessions: V3Sessions,
    id: SessionId,
    /// Where the page is, relative to the address that was asked for.
    base: &'static str,
    fields: Fields,
    manner: Manner,
}

async fn page(State(sessions): State<V3Sessions>, Path(address): Path<Address>, request: Request) -> Response {
    if !address.hosted.eq_ignore_ascii_case("hosted") {
        return super::super::stray(request).await.into_response();
    }
    let (head, body) = request.into_parts();
    let posted = head.method == Verb::POST;
    let sent = if posted {
        // The witness has the whole body already, and has refused one that is too large.
        axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default()
    } else {
        Bytes::copy_from_slice(head.uri.query().unwrap_or_default().as_bytes())
    };
    let id = address
        .id
        .parse()
        .ok()
        .filter(|id| sessions.look(*id, |session, _| session.order.method.in_browser()).unwrap_or_default());
    let Some(id) = id else { return unknown(preferred(&head.headers)) };
    let fields = Fields::read(&sent);
    let manner = Manner::of(&fields, &head.headers);
    let base = if address.part.is_some() || head.uri.path().ends_with('/') { "./" } else { "swissid/" };
    let visitor = Visitor { sessions, id, base, fields, manner };
    let answer = match (posted, address.part.as_deref()) {
        (true, None) => visitor.posts().await,
        // What scans links in mails asks for the head alone: that opens nothing.
        (false, None) if head.method == Verb::HEAD => visitor.goes_on().await,
        (false, None) => visitor.opens().await,
        (false, Some("go")) => visitor.goes_on().await,
        (false, Some("state")) => visitor.asks_state(),
        (true | false, Some(_)) => return (StatusCode::NOT_FOUND, "the page has no such part\n").into_response(),
    };
    answer.unwrap_or_else(|Refusal::Unknown(_)| unknown(preferred(&head.headers)))
}

impl Visitor {
    /// The link is opened, perhaps with a shortcut.
    async fn opens(&self) -> Result<Response, Refusal> {
        let action = self.fields.named("then").map(str::to_owned);
        let person = self.fields.named("as").map(str::to_owned);
        let deed = action.map(|action| self.judged(&action, person.as_deref().or(Some("requested")))).transpose()?;
        if let Some(Err(problem)) = deed {
            return self.refuses(problem);
        }
        let visited = self.sessions.visit(self.id, Operation::Page, |session, visit| {
            let link_is_good = session.age(visit.context.now).0 < session.limits.link.0;
            let failed = session.failure().is_some_and(|reason| reason != Reason::LinkExpired);
            if session.order.allow_retries && failed && link_is_good {
                session.retry(visit.context.now);
            }
        })?;
        self.open()?;
        match deed {
            Some(Ok(deed)) => self.does(deed, visited.trace).await,
            Some(Err(_)) | None => self.shows(visited.trace).await,
        }
    }

    /// A form is sent.
    async fn posts(&self) -> Result<Response, Refusal> {
        let pending = self.sessions.look(self.id, |session, _| session.phase().is_pending())?;
        // What comes after the end changes nothing, whatever it says.
        if !pending {
            let trace = self.counted()?;
            return self.shows(trace).await;
        }
        match self.judged(self.fields.named("do").unwrap_or_default(), self.fields.named("person"))? {
            Ok(deed) => {
                self.open()?;
                let trace = self.counted()?;
                self.does(deed, trace).await
            }
            Err(problem) => self.refuses(problem),
        }
    }

    /// The page looks where it stands now. While that is still the page, nobody need hear of it.
    async fn goes_on(&self) -> Result<Response, Refusal> {
        let (pending, trace) = self.looked(|session, _| session.phase().is_pending())?;
        if !pending {
            let trace = self.counted()?;
            return self.shows(trace).await;
        }
        let mut answer = self.shows(trace).await?;
        answer.extensions_mut().insert(Unremarkable);
        Ok(answer)
    }

    /// The page's script asks where it stands.
    fn asks_state(&self) -> Result<Response, Refusal> {
        let (state, trace) = self.looked(|session, context| {
            let left_ms = view::left_ms(session, context);
            StateAnswer {
                phase: session.phase().word(),
                stage: view::STAGE,
                status: view::status(session, Texts::of(session.order.language)),
                left: view::left(left_ms),
                left_ms,
            }
        })?;
        let body = serde_json::to_string(&state).unwrap_or_default();
        let mut answer = traced(typed(StatusCode::OK, "application/json", body), trace);
        answer.extensions_mut().insert(Unremarkable);
        Ok(answer)
    }

    fn judged(&self, action: &str, person: Option<&str>) -> Result<Result<Deed, String>, Refusal> {
        let persons = self.sessions.commons.persons();
        self.sessions.look(self.id, |session, _| Deed::read(action, person, &self.fields, session, &persons))
    }

    /// The person's time starts.
    fn open(&self) -> Result<(), Refusal> {
        let closed = self
            .sessions
            .look(self.id, |session, _| session.phase().is_pending() && session.progress.opened().is_none())?;
        if closed {
            self.sessions.signal(self.id, &Said::plain(SignalName::Opened))?;
        }
        Ok(())
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
        let trace = self.counted()?;
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
        let commons = &self.sessions.commons;
        // Whoever does not answer the webhook in time is not waited for.
        let _ = tokio::time::timeout(PATIENCE, commons.outbox.tried(self.id, commons.clock.now())).await;
        self.sessions.look(self.id, |session, context| {
            let failure = session.failure();
            let ended = Ending {
                language: session.order.language,
                failure,
                session: &session.id.to_string(),
                back: back(session, context.settings.return_url.as_deref(), failure).as_deref(),
                manner: self.manner,
                message_as_text: context.settings.post_message == PostMessage::Text,
                denied: false,
            }
            .answer();
            if ended.leads_on {
                session.tally.returned.get_or_insert(context.now);
            }
            Some(ended.response)
        })
    }

    /// Counts this request as a visit to the page.
    fn counted(&self) -> Result<Trace, Refusal> {
        self.sessions.visit(self.id, Operation::Page, |_, _| ()).map(|visited| visited.trace)
    }

    /// Looks without being counted: a page that refreshes itself suffers no fault and uses none up.
    fn looked<T>(
        &self,
        looker: impl FnOnce(&mut Session<ZignsecV3>, &Context<'_, ZignsecV3>) -> T,
    ) -> Result<(T, Trace), Refusal> {
        let (value, space) = self.sessions.look(self.id, |session, context| {
            let space = session.space.clone();
            (looker(session, context), space)
        })?;
        let space = self.sessions.commons.spaces.named(&space).ok_or(Refusal::Unknown(self.id))?;
        Ok((value, Trace { space, session: Some(self.id), operation: Operation::Page, damage: None }))
    }
}

/// What the page's script is told.
#[derive(Debug, Serialize)]
struct StateAnswer {
    phase: &'static str,
    stage: &'static str,
    status: &'static str,
    left: String,
    left_ms: u64,
}

/// Where the browser goes: the order's target, and for failures its target for errors before that; else the account's return address.
fn back(session: &Session<ZignsecV3>, return_url: Option<&str>, failure: Option<Reason>) -> Option<String> {
    let order = &session.order;
    let own = match failure {
        Some(_) => order.target_error.as_deref().or(order.target.as_deref()),
        None => order.target.as_deref(),
    };
    let address = own.or(return_url).filter(|address| address::is_safe(address))?;
    let relay_state = order.relay_state.clone().unwrap_or_else(|| session.id.to_string());
    Some(address::with_answer(address, &relay_state, None))
}

fn traced(mut answer: Response, trace: Trace) -> Response {
    answer.extensions_mut().insert(trace);
    answer
}

/// The language a browser prefers, for pages that belong to no session.
fn preferred(head: &HeaderMap) -> Language {
    let accepted = head.get(http::header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let codes = accepted.split(',').map(|range| range.split([';', '-']).next().unwrap_or_default().trim());
    codes.filter_map(Language::from_code).next().unwrap_or_default()
}

/// How long the browser waits for the webhook.
const PATIENCE: Duration = Duration::from_secs(2);
