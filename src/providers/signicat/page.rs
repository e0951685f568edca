//! The waiting page of the browser flow: where a person finishes as somebody, cancels, or lets it expire.
//!
//! ```text
//!   GET  …/page/{id}/        the page; with ?then=…&as=… a shortcut
//!   POST …/page/{id}/        a form: do, person, reason
//!   GET  …/page/{id}/go      where it stands now: the page again, or the way back
//! ```
//!
//! The session's id in the address is the only key; fields and words are those of the other providers' pages. It works without script.

use std::sync::Arc;

use askama::Template;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method as Verb, StatusCode, header};

use super::Signicat;
use super::answer::{traced, unkept};
use super::complete::leave;
use super::op::{Here, Op};
use super::parameters::Parameters;
use super::problem::Problem;
use super::texts::Texts;
use crate::identity::{Person, mask};
use crate::script::{Operation, Reason, SignalName, Word as _};
use crate::simulation::witness::Unremarkable;
use crate::simulation::{Refusal, Said, Session, SessionId};

/// The page, its forms and `go`.
pub(super) async fn page(
    State(op): State<Arc<Op>>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let Some(here) = op.here(request.uri()) else { return super::super::stray(request).await.into_response() };
    let (head, body) = request.into_parts();
    let named = |wanted: &str| path.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let Some(id) = named("id").and_then(|id| id.parse().ok()) else { return gone() };
    let only_looks = named("part") == Some("go") || head.method == Verb::HEAD;
    let sent = if head.method == Verb::POST {
        to_bytes(body, usize::MAX).await.unwrap_or_default()
    } else {
        bytes::Bytes::copy_from_slice(head.uri.query().unwrap_or_default().as_bytes())
    };
    let fields = Parameters::of_form(&sent).unwrap_or_default();
    let (action, person) = if head.method == Verb::POST {
        (fields.text("do"), fields.text("person"))
    } else {
        (fields.text("then").filter(|_| !only_looks), fields.text("as"))
    };
    let visit = Visit { op: &op, here: &here, id };
    let answer = visit.opened(only_looks).and_then(|()| match action {
        None => visit.shown(only_looks, None),
        Some(action) => visit.done(action, person, fields.text("reason")),
    });
    answer.unwrap_or_else(|Refusal::Unknown(_)| gone())
}

/// An error for somebody who cannot be sent back.
pub(super) fn refusal(problem: &Problem) -> Response {
    let title = "This request cannot be answered";
    notice(StatusCode::BAD_REQUEST, title, &format!("{}: {}", problem.code.word(), problem.description))
}

struct Visit<'a> {
    op: &'a Op,
    here: &'a Here,
    id: SessionId,
}

impl Visit<'_> {
    /// The person's time has begun with the order; that somebody sees the page is worth a signal.
    fn opened(&self, only_looks: bool) -> Result<(), Refusal> {
        let fresh = self
            .op
            .sessions
            .look(self.id, |session, _| session.phase().is_pending() && session.progress.opened().is_none())?;
        if fresh && !only_looks {
            self.op.sessions.signal(self.id, &Said::plain(SignalName::Opened))?;
        }
        Ok(())
    }

    /// The page, or the way back.
    fn shown(&self, quietly: bool, problem: Option<&str>) -> Result<Response, Refusal> {
        let persons = self.op.sessions.commons.persons();
        let visited = self.op.sessions.visit_in(&self.here.space, self.id, Operation::Page, |session, visit| {
            leave(self.here, session, &visit.context).unwrap_or_else(|| {
                let people = persons.iter().filter(|person| is_at_home(person, session));
                let status = if problem.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
                let shown = Waiting::of(session, people, problem, session.age(visit.context.now).0);
                html(status, &shown)
            })
        })?;
        let is_page = visited.value.status() == StatusCode::OK;
        let mut answer = traced(visited.value, visited.trace);
        if quietly && is_page {
            answer.extensions_mut().insert(Unremarkable);
        }
        Ok(answer)
    }

    /// Does what a form or a shortcut says.
    fn done(&self, action: &str, person: Option<&str>, reason: Option<&str>) -> Result<Response, Refusal> {
        let pending = self.op.sessions.look(self.id, |session, _| session.phase().is_pending())?;
        let said = match action {
            "confirm" => {
                self.called(person)?.map(|person| Said { person: Some(person), ..Said::plain(SignalName::Confirmed) })
            }
            "cancel" => Ok(Said::plain(SignalName::Cancelled)),
            "fail" => Reason::from_word(reason.unwrap_or_default())
                .map(|reason| Said { reason: Some(reason), ..Said::plain(SignalName::Failed) })
                .map_err(|error| mask(&error.to_string()).into_owned()),
            _other => Err("`do` has to be confirm, cancel or fail".to_owned()),
        };
        match said {
            Err(problem) => self.shown(false, Some(&problem)),
            Ok(said) => {
                // What comes after the end changes nothing.
                if pending {
                    self.op.sessions.signal(self.id, &said)?;
                }
                self.shown(false, None)
            }
        }
    }

    /// Somebody who can authenticate here, by register name or by a script's word.
    fn called(&self, name: Option<&str>) -> Result<Result<Arc<Person>, String>, Refusal> {
        let commons = &self.op.sessions.commons;
        self.op.sessions.look(self.id, |session, _| {
            let cast = &session.cast;
            let person = match name {
                None | Some("requested") => Some(cast.requested.clone()),
                Some("someone-else") => Some(cast.someone_else.clone()),
                Some(name) if name == cast.requested.name => Some(cast.requested.clone()),
                Some(name) => commons.person_named(name),
            };
            person
                .filter(|person| is_at_home(person, session))
                .ok_or_else(|| "there is nobody of that name who has this eID".to_owned())
        })
    }
}

/// Magic people can be met everywhere: they stand for what happens.
fn is_at_home(person: &Person, session: &Session<Signicat>) -> bool {
    person.is_magic() || person.number.country() == session.order.method.country()
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "waiting.html")]
struct Waiting<'a> {
    t: &'static Texts,
    lang: &'static str,
    method: &'static str,
    text: Option<&'a str>,
    requested: &'a str,
    requested_name: String,
    people: Vec<Choice>,
    reasons: Vec<&'static str>,
    problem: Option<&'a str>,
    left: u64,
    session: String,
    phase: &'static str,
}

#[derive(Debug)]
struct Choice {
    name: String,
    full: String,
    what: Option<String>,
}

impl<'a> Waiting<'a> {
    fn of<'p>(
        session: &'a Session<Signicat>,
        people: impl Iterator<Item = &'p Arc<Person>>,
        problem: Option<&'a str>,
        age: u64,
    ) -> Self {
        let requested = &session.cast.requested;
        let choice = |person: &Arc<Person>| Choice {
            name: person.name.clone(),
            full: person.full_name(),
            what: person.trait_word.clone(),
        };
        Self {
            t: Texts::of(session.order.language),
            lang: session.order.language.code(),
            method: session.order.method.word(),
            text: session.order.text.as_deref(),
            requested: &requested.name,
            requested_name: requested.full_name(),
            people: people.filter(|person| person.name != requested.name).map(choice).collect(),
            reasons: Reason::ALL.iter().map(|reason| reason.word()).collect(),
            problem,
            left: session.limits.order.0.saturating_sub(age).div_ceil(1_000),
            session: session.id.to_string(),
            phase: session.phase().word(),
        }
    }
}

/// A page that says one thing.
#[derive(Debug, Template)]
#[template(path = "refused.html")]
struct Notice<'a> {
    title: &'a str,
    text: &'a str,
}

fn notice(status: StatusCode, title: &str, text: &str) -> Response {
    html(status, &Notice { title, text })
}

fn gone() -> Response {
    notice(
        StatusCode::NOT_FOUND,
        "There is no such page",
        "The simulation does not know it, or does not know it any more.",
    )
}

/// An HTML page that loads nothing from anywhere else.
fn html(status: StatusCode, page: &impl Template) -> Response {
    // Rendering fails only when writing to memory does.
    let body = page.render().unwrap_or_default();
    let mut answer = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
    unkept(&mut answer);
    // No `form-action`: browsers apply it to the redirect that follows a form, and that goes to the relying party.
    let policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    answer
}
