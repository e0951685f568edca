//! The hosted page of Swedish BankID: where a person authenticates, or a test does in the person's place. Freja's people have none.

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use http::{Method as Verb, StatusCode};
use serde::{Deserialize, Serialize};

use super::zignsec::Language;
use super::zignsec::address;
use super::zignsec::answer::{found, html, see, typed};
use super::zignsec::ending::{Ending, unknown};
use super::zignsec::fields::{Fields, Manner};
use super::zignsec::simple::{self, Asked, Deed, Hosted};
use super::zignsec::texts::Texts;
use super::{GatewaySessions, ZignsecGateway};
use crate::identity::Country;
use crate::script::{Operation, SignalName};
use crate::simulation::witness::Unremarkable;
use crate::simulation::{Context, Refusal, Said, Session, SessionId, Trace};

/// The page's routes. Its address is ours: the documents show none.
pub(super) fn routes(sessions: &GatewaySessions) -> Router {
    ["", "/", "/{part}"]
        .into_iter()
        .fold(Router::new(), |router, end| router.route(&format!("/core/hosted/{{id}}{end}"), get(page).post(page)))
        .with_state(sessions.clone())
}

/// The segments of a page's address.
#[derive(Debug, Deserialize)]
struct Address {
    id: String,
    part: Option<String>,
}

/// A request for a page.
#[derive(Debug)]
struct Visitor {
    sessions: GatewaySessions,
    id: SessionId,
    fields: Fields,
    manner: Manner,
}

async fn page(State(sessions): State<GatewaySessions>, Path(address): Path<Address>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let posted = head.method == Verb::POST;
    let sent = if posted {
        // The witness has the whole body already, and has refused one that is too large.
        axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default()
    } else {
        Bytes::copy_from_slice(head.uri.query().unwrap_or_default().as_bytes())
    };
    let has_page =
        |id: &SessionId| sessions.look(*id, |session, _| !session.order.method.is_freja()).unwrap_or_default();
    let Some(id) = address.id.parse().ok().filter(has_page) else { return unknown(Language::default()) };
    if address.part.is_none() && !head.uri.path().ends_with('/') {
        // What is relative needs the slash.
        let query = head.uri.query().map_or_else(String::new, |query| format!("?{query}"));
        return found(&format!("{id}/{query}")).unwrap_or_else(|| unknown(Language::default()));
    }
    let fields = Fields::read(&sent);
    let manner = Manner::of(&fields, &head.headers);
    let visitor = Visitor { sessions, id, fields, manner };
    let only_looks = head.method == Verb::HEAD;
    let answer = match (posted, address.part.as_deref().filter(|part| !part.is_empty())) {
        (true, None) => visitor.posts().await,
        // What scans links in mails asks for the head alone: that opens nothing.
        (false, None) if !only_looks => visitor.opens().await,
        (false, None | Some("go")) => visitor.goes_on().await,
        (false, Some("state")) => visitor.asks_state(),
        (true | false, Some(_)) => return (StatusCode::NOT_FOUND, "the page has no such part\n").into_response(),
    };
    answer.unwrap_or_else(|Refusal::Unknown(_)| unknown(Language::default()))
}

impl Visitor {
    /// The link is opened, perhaps with a shortcut.
    async fn opens(&self) -> Result<Response, Refusal> {
        let person = self.fields.named("as").or(Some("requested"));
        let deed = self.fields.named("then").map(|action| self.judged(action, person)).transpose()?.transpose();
        match deed {
            Err(problem) => self.refuses(problem),
            Ok(deed) => {
                let trace = self.counted()?;
                self.open()?;
                self.does(deed, trace).await
            }
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
                self.does(Some(deed), trace).await
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
            let left_ms = simple::left_ms(session, context);
            StateAnswer {
                phase: session.phase().word(),
                stage: simple::STAGE,
                status: simple::status(session, Texts::of(session.order.language)),
                left: simple::left(left_ms),
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
        self.sessions.look(self.id, |session, _| {
            let texts = (Texts::of(session.order.language), &*persons);
            Deed::read(action, person, &self.fields, session, texts)
        })
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
    async fn does(&self, deed: Option<Deed>, trace: Trace) -> Result<Response, Refusal> {
        let Some(deed) = deed else { return self.shows(trace).await };
        self.sessions.signal(self.id, &deed.said())?;
        let answer = self.end().await?;
        Ok(traced(answer.unwrap_or_else(|| see(&format!("./go{}", self.manner.query()))), trace))
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
            let asked = Asked {
                product: "bankid_se",
                language: session.order.language,
                base: "./",
                manner: self.manner,
                fields: &self.fields,
                problem,
                persons: &persons,
                may: |person| person.number.country() == Country::Se,
            };
            html(status, &Hosted::of(session, context, asked), false)
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
            let (order, failure) = (&session.order, session.failure());
            let own = if failure.is_some() { &order.redirect_failure } else { &order.redirect_success };
            let ended = Ending {
                language: order.language,
                failure,
                session: &session.id.to_string(),
                // The documents append nothing to these addresses.
                back: own.as_deref().filter(|address| address::is_safe(address)),
                manner: self.manner,
                message_as_text: false,
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
        looker: impl FnOnce(&mut Session<ZignsecGateway>, &Context<'_, ZignsecGateway>) -> T,
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

fn traced(mut answer: Response, trace: Trace) -> Response {
    answer.extensions_mut().insert(trace);
    answer
}

/// How long the browser waits for the webhook.
const PATIENCE: Duration = Duration::from_secs(2);
