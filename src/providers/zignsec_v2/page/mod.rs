//! The hosted page: where a person authenticates, or a test does in the person's place.
//!
//! ```text
//!   GET  …/            opens the page; with ?then=… a shortcut
//!   POST …/            a form: Deed ──act──▶ signals, choices
//!   GET  …/go          where it stands now: the page again, or the end
//!   GET  …/state       the same for the page's script, each second
//!   GET  …/qr.svg      the animated code
//! ```
//!
//! The session's id in the address is the only handle: no credential, no cookie, any host. Everything works without script. What people's
//! own tests may rely on is in `PAGE.md` beside the provider's `README.md`.

mod act;
mod deed;
mod ending;
mod qr;
mod step;
mod view;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, Method as Verb, StatusCode, Uri};
use serde::Deserialize;

use self::deed::{Deed, People};
use self::qr::AppStart;
use self::view::{Asked, Hosted};
use super::order::Language;
use super::switches::Framing;
use super::zignsec::answer::{self, html, quiet, see, traced, typed};
use super::zignsec::ending::unknown;
use super::zignsec::fields::{Fields, Manner};
use super::zignsec::texts::Texts;
use super::zignsec::visit;
use super::{V2Sessions, ZignsecV2, zignsec};
use crate::script::Operation;
use crate::simulation::{Refusal, Session, SessionId, Trace};

/// The page's routes.
pub(super) fn routes(sessions: &V2Sessions) -> Router {
    let mut router = Router::new();
    for end in ["", "/", "/{*part}"] {
        router = router.route(&format!("/v2/{{hosted}}/{{id}}/{{selector}}{end}"), get(page).post(page));
    }
    router = router.route("/v2/callback/oidcfi", get(returned));
    router.route("/scripts/zignsecautostart.js", get(autostart)).with_state(sessions.clone())
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
    sessions: V2Sessions,
    id: SessionId,
    /// Where the page is, relative to the address that was asked for.
    base: String,
    head: HeaderMap,
    fields: Fields,
    manner: Manner,
}

async fn page(State(sessions): State<V2Sessions>, Path(address): Path<Address>, request: Request) -> Response {
    if !address.hosted.eq_ignore_ascii_case("hosted") {
        return super::super::stray(request).await.into_response();
    }
    let (head, fields) = Fields::of(request).await;
    let (posted, only_looks) = (head.method == Verb::POST, head.method == Verb::HEAD);
    let manner = Manner::of(&fields, &head.headers);
    let Ok(id) = address.id.parse() else { return unknown(Language::preferred(&head.headers)) };
    let Ok(selector) = sessions.look(id, |session, _| session.order.method.selector()) else {
        return unknown(Language::preferred(&head.headers));
    };
    let base = base(&head.uri, &address, selector);
    let visitor = Visitor { sessions, id, base, head: head.headers, fields, manner };
    let answer = match (posted, address.part.as_deref()) {
        (true, None) => visitor.posts().await,
        // What scans links in mails asks for the head alone: that opens nothing.
        (false, None) if only_looks => visitor.goes_on().await,
        (false, None) => visitor.opens().await,
        (false, Some("go")) => visitor.goes_on().await,
        (false, Some("state")) => visitor.asks_state(),
        (false, Some("qr.svg")) => visitor.asks_code(),
        (true | false, Some(_)) => return (StatusCode::NOT_FOUND, "the page has no such part\n").into_response(),
    };
    answer.unwrap_or_else(|Refusal::Unknown(_)| unknown(Language::preferred(&visitor.head)))
}

impl Visitor {
    /// The link is opened, perhaps with a shortcut.
    async fn opens(&self) -> Result<Response, Refusal> {
        let shortcut = self.judged(|session, people| Deed::of_shortcut(&self.fields, session, people))?;
        let deed = match shortcut {
            Ok(deed) => deed,
            Err(problem) => return self.refuses(&problem),
        };
        let visited = self.sessions.visit(self.id, Operation::Page, |session, visited| {
            super::retry(session, visited.context.now);
        })?;
        visit::open(&self.sessions, self.id)?;
        match deed {
            Some(deed) => self.does(deed, Some(visited.trace)).await,
            None => {
                act::settle(&self.sessions, self.id)?;
                self.shows(visited.trace).await
            }
        }
    }

    /// A form is sent.
    async fn posts(&self) -> Result<Response, Refusal> {
        let deed = self.judged(|session, people| {
            // What comes after the end changes nothing, whatever it says.
            if session.phase().is_pending() { Deed::of_form(&self.fields, session, people).map(Some) } else { Ok(None) }
        })?;
        match deed {
            Ok(Some(deed)) => {
                visit::open(&self.sessions, self.id)?;
                self.does(deed, None).await
            }
            Ok(None) => {
                let trace = visit::counted(&self.sessions, self.id)?;
                self.shows(trace).await
            }
            Err(problem) => self.refuses(&problem),
        }
    }

    /// The page looks where it stands now. While that is still the page, nobody need hear of it.
    async fn goes_on(&self) -> Result<Response, Refusal> {
        act::settle(&self.sessions, self.id)?;
        let (pending, trace) = visit::looked(&self.sessions, self.id, |session, _| session.phase().is_pending())?;
        if pending {
            return self.shows(trace).await.map(quiet);
        }
        let trace = visit::counted(&self.sessions, self.id)?;
        self.shows(trace).await
    }

    /// The page's script asks where it stands.
    fn asks_state(&self) -> Result<Response, Refusal> {
        act::settle(&self.sessions, self.id)?;
        let (standing, trace) =
            visit::looked(&self.sessions, self.id, |session, context| view::standing(session, context))?;
        Ok(standing.answer(trace))
    }

    /// The code of this second.
    fn asks_code(&self) -> Result<Response, Refusal> {
        let (code, trace) = visit::looked(&self.sessions, self.id, |session, context| {
            let opened = session.progress.opened().filter(|_| step::starts_app(session) == Some(true))?;
            let seconds = session.age(context.now).0.saturating_sub(opened.0) / 1000;
            AppStart::derived(context.secret, session.id, session.retries).qr_svg(seconds)
        })?;
        let answer = match code {
            Some(svg) => typed(StatusCode::OK, "image/svg+xml", svg),
            None => (StatusCode::NOT_FOUND, "this order shows no code\n").into_response(),
        };
        Ok(quiet(traced(answer, trace)))
    }

    /// Does the deed, and answers with what came of it: the end, or a redirect to the page, so that reloading repeats nothing.
    async fn does(&self, deed: Deed, counted: Option<Trace>) -> Result<Response, Refusal> {
        let raised = act::act(&self.sessions, self.id, deed).await?;
        let trace = match counted.or(raised) {
            Some(trace) => trace,
            None => visit::counted(&self.sessions, self.id)?,
        };
        let answer = ending::end(&self.sessions, self.id, self.manner).await?;
        let answer = answer.unwrap_or_else(|| see(&format!("{}go{}", self.base, self.manner.query())));
        Ok(traced(answer, trace))
    }

    /// The page as it is, or the end.
    async fn shows(&self, trace: Trace) -> Result<Response, Refusal> {
        let answer = match ending::end(&self.sessions, self.id, self.manner).await? {
            Some(end) => end,
            None => self.rendered(StatusCode::OK, None)?,
        };
        Ok(traced(answer, trace))
    }

    /// The page again, with what is wrong. Nothing has changed.
    fn refuses(&self, problem: &deed::Problem) -> Result<Response, Refusal> {
        let trace = visit::counted(&self.sessions, self.id)?;
        self.rendered(StatusCode::BAD_REQUEST, Some(problem)).map(|answer| traced(answer, trace))
    }

    fn rendered(&self, status: StatusCode, problem: Option<&deed::Problem>) -> Result<Response, Refusal> {
        let (persons, scripts) = (self.sessions.commons.persons(), self.sessions.commons.scripts());
        self.sessions.look(self.id, |session, context| {
            let problem = problem.map(|problem| problem.in_words(Texts::of(session.order.language)));
            let asked = Asked { base: &self.base, manner: self.manner, fields: &self.fields, problem };
            let people = People { persons: &persons, scripts: &scripts };
            html(status, &Hosted::of(session, context, asked, people), context.settings.framing == Framing::Denied)
        })
    }

    fn judged<T>(&self, judge: impl FnOnce(&Session<ZignsecV2>, People<'_>) -> T) -> Result<T, Refusal> {
        let (persons, scripts) = (self.sessions.commons.persons(), self.sessions.commons.scripts());
        self.sessions.look(self.id, |session, _| judge(session, People { persons: &persons, scripts: &scripts }))
    }
}

/// `GET /v2/callback/oidcfi?state=<session>`: where Finnish and other providers send the browser back. Seen in client code.
async fn returned(State(sessions): State<V2Sessions>, uri: Uri, head: HeaderMap) -> Response {
    let fields = Fields::read(uri.query().unwrap_or_default().as_bytes());
    let session = fields.named("state").and_then(|state| state.parse::<SessionId>().ok());
    let found = session.and_then(|id| sessions.visit(id, Operation::Page, |session, _| session.order.method).ok());
    match (session, found) {
        (Some(id), Some(visited)) => {
            let page = format!("../Hosted/{id}/{}/go", visited.value.selector());
            traced(answer::found(&page).unwrap_or_else(|| see("go")), visited.trace)
        }
        (Some(_) | None, _) => unknown(Language::preferred(&head)),
    }
}

/// Does nothing. Pages that embed the real one load such a script from ZignSec's CDN; it can be loaded from here instead.
async fn autostart() -> Response {
    let script = "// Motpart: the page starts no app by itself, so there is nothing to do here.\n";
    quiet(typed(StatusCode::OK, "text/javascript", script.to_owned()))
}

/// Where the page is, seen from the address that was asked for: relative, so that any host and any path before it will do.
/// With the order's own selector: any is answered, and what stands in an address is not repeated.
fn base(uri: &Uri, address: &Address, selector: &str) -> String {
    if address.part.is_some() || uri.path().ends_with('/') { "./".to_owned() } else { format!("{selector}/") }
}
