//! `/phone`: what a person without a page has in hand. Test ids, labels and fields are documented in `PHONE.md` of this module.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use url::form_urlencoded;

use super::texts::Texts;
use super::{Pages, html, preferred};
use crate::identity::Person;
use crate::script::{Reason, SignalName};
use crate::simulation::journal::Event;
use crate::simulation::{Control, DEFAULT, Said, Space, Waiting};

#[derive(Debug, Template)]
#[template(path = "phone.html")]
struct Phone {
    t: &'static Texts,
    version: u32,
    space: String,
    said: Option<&'static str>,
    problem: Option<&'static str>,
    orders: Vec<Order>,
}

#[derive(Debug, Template)]
#[template(path = "no-space.html")]
struct NoSpace {
    t: &'static Texts,
}

#[derive(Debug)]
struct Order {
    id: String,
    provider: String,
    method: String,
    hint: &'static str,
    left: String,
    text: Option<String>,
    reference: Option<String>,
    groups: Vec<(&'static str, Vec<Choice>)>,
}

#[derive(Debug)]
struct Choice {
    name: String,
    label: String,
    chosen: bool,
}

/// What the page's script is told: enough to see whether the page is still right.
#[derive(Debug, Serialize)]
pub(super) struct Standing {
    id: String,
    hint: &'static str,
    left: String,
}

/// What a form asked for, judged before anything changes.
struct Deed {
    said: Said,
    /// The word that the page is told afterwards.
    done: &'static str,
}

pub(super) async fn show_default(state: State<Pages>, query: RawQuery, head: HeaderMap) -> Response {
    show(state, Path(DEFAULT.to_owned()), query, head).await
}

pub(super) async fn act_default(state: State<Pages>, head: HeaderMap, body: Bytes) -> Response {
    act(state, Path(DEFAULT.to_owned()), head, body).await
}

pub(super) async fn show(
    State(pages): State<Pages>,
    Path(space): Path<String>,
    RawQuery(query): RawQuery,
    head: HeaderMap,
) -> Response {
    let t = preferred(&head);
    let Some(space) = pages.simulation.commons.spaces.named(&space) else { return no_space(t) };
    let said = field(query.unwrap_or_default().as_bytes(), "done").and_then(|done| said(&done, t));
    pages.phone(&space, t, StatusCode::OK, said, None)
}

/// For the page's script, each second.
pub(super) async fn state(State(pages): State<Pages>, Path(space): Path<String>, head: HeaderMap) -> Response {
    let t = preferred(&head);
    let standing =
        |(_, waiting): (_, Waiting)| Standing { hint: hint(&waiting, t), left: left(&waiting), id: waiting.view.id };
    Json(pages.waiting(&space).into_iter().map(standing).collect::<Vec<_>>()).into_response()
}

pub(super) async fn act(
    State(pages): State<Pages>,
    Path(space): Path<String>,
    head: HeaderMap,
    body: Bytes,
) -> Response {
    let t = preferred(&head);
    // A page elsewhere that a developer happens to look at approves nothing.
    if head.get("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site") {
        return (StatusCode::FORBIDDEN, "only the phone page itself may send this form\n").into_response();
    }
    let Some(space) = pages.simulation.commons.spaces.named(&space) else { return no_space(t) };
    let session = field(&body, "session").unwrap_or_default();
    let order = pages.waiting(&space.name).into_iter().find(|(_, waiting)| waiting.view.id == session);
    let Some((control, waiting)) = order else { return see(&space, "late") };
    let deed = match pages.judged(&body, &waiting, t) {
        Ok(deed) => deed,
        Err(problem) => return pages.phone(&space, t, StatusCode::BAD_REQUEST, None, Some(problem)),
    };
    let Ok(id) = waiting.view.id.parse() else { return see(&space, "late") };
    if let Some(person) = &deed.said.person {
        let now = pages.simulation.commons.clock.now();
        space.journal.record(now, Some(id), Event::Remark(format!("chosen on the phone: {}", person.name)));
    }
    // What is gone in the meantime was not waiting any more.
    let done = control.signal(id, &deed.said).map_or("late", |_| deed.done);
    see(&space, done)
}

impl Pages {
    /// All providers' waiting orders, from the newest to the oldest.
    fn waiting(&self, space: &str) -> Vec<(Arc<dyn Control>, Waiting)> {
        let of = |control: &Arc<dyn Control>| {
            control.waiting(space, MOST).into_iter().map(|waiting| (control.clone(), waiting)).collect::<Vec<_>>()
        };
        let mut all: Vec<_> = self.simulation.providers.iter().flat_map(of).collect();
        all.sort_by_key(|(_, waiting)| std::cmp::Reverse(waiting.view.number));
        all.truncate(MOST);
        all
    }

    fn phone(
        &self,
        space: &Space,
        t: &'static Texts,
        status: StatusCode,
        said: Option<&'static str>,
        problem: Option<&'static str>,
    ) -> Response {
        let orders = self.waiting(&space.name).into_iter().map(|(_, waiting)| self.order(waiting, t)).collect();
        html(status, &Phone { t, version: VERSION, space: space.name.to_string(), said, problem, orders })
    }

    fn order(&self, waiting: Waiting, t: &'static Texts) -> Order {
        let Waiting { requested, someone_else, .. } = &waiting;
        let swedish = t.lang == "sv";
        let choice = |person: &Person, relation: Option<&str>| {
            let special = if swedish { &person.trait_sv } else { &person.trait_word };
            let word = relation.or(special.as_deref());
            let name = person.full_name();
            let label = word.map_or_else(|| name.clone(), |word| format!("{name} ({word})"));
            Choice { label, chosen: person.name == requested.name, name: person.name.clone() }
        };
        let (right, wrong) =
            if waiting.names_somebody { (t.right_person, Some(t.wrong_person)) } else { (t.usual_person, None) };
        let first = vec![choice(requested, Some(right)), choice(someone_else, wrong)];
        let persons = self.simulation.commons.persons();
        let (mut others, mut special) = (Vec::new(), Vec::new());
        for person in persons.iter().filter(|person| ![&requested.name, &someone_else.name].contains(&&person.name)) {
            if person.is_magic() {
                special.push(choice(person, None));
            } else if person.number.country() == waiting.country {
                others.push(choice(person, None));
            }
        }
        let groups = [(t.asked_for, first), (t.others, others), (t.special, special)];
        Order {
            provider: waiting.view.provider.replace('_', "-"),
            hint: hint(&waiting, t),
            left: left(&waiting),
            groups: groups.into_iter().filter(|(_, choices)| !choices.is_empty()).collect(),
            id: waiting.view.id,
            method: waiting.view.method,
            text: waiting.view.text,
            reference: waiting.view.reference,
        }
    }

    fn judged(&self, body: &[u8], waiting: &Waiting, t: &'static Texts) -> Result<Deed, &'static str> {
        match field(body, "do").as_deref() {
            Some("approve") => {
                let name = field(body, "person").ok_or(t.problem_person)?;
                let own = [&waiting.requested, &waiting.someone_else].into_iter().find(|person| person.name == name);
                let person = own.cloned().or_else(|| self.simulation.commons.person_named(&name));
                let person = person.ok_or(t.problem_person)?;
                let said = Said { person: Some(person), ..Said::plain(SignalName::Confirmed) };
                Ok(Deed { said, done: "approved" })
            }
            Some("decline") => Ok(Deed { said: Said::plain(SignalName::Cancelled), done: "declined" }),
            Some("expire") => {
                let said = Said { reason: Some(Reason::OrderExpired), ..Said::plain(SignalName::Failed) };
                Ok(Deed { said, done: "expired" })
            }
            Some("receive") => Ok(Deed { said: Said::plain(SignalName::Delivered), done: "received" }),
            Some(_) | None => Err(t.problem_action),
        }
    }
}

fn said(done: &str, t: &'static Texts) -> Option<&'static str> {
    match done {
        "approved" => Some(t.said_approved),
        "declined" => Some(t.said_declined),
        "expired" => Some(t.said_expired),
        "late" => Some(t.said_late),
        "received" => Some(t.said_received),
        _ => None,
    }
}

fn hint(waiting: &Waiting, t: &'static Texts) -> &'static str {
    match waiting.view.phase.detail.as_str() {
        "confirming" => t.confirming,
        "delivered" => t.delivered,
        _ => t.outstanding,
    }
}

/// `1:29`, rounded up; empty where a script has other plans before the end.
fn left(waiting: &Waiting) -> String {
    waiting.left_ms.map_or_else(String::new, |left_ms| {
        let seconds = left_ms.div_ceil(1_000);
        format!("{}:{:02}", seconds / 60, seconds % 60)
    })
}

fn field(encoded: &[u8], name: &str) -> Option<String> {
    let found = form_urlencoded::parse(encoded).filter(|(key, _)| key == name).last();
    found.map(|(_, value)| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Back to the page, so that reloading repeats nothing.
fn see(space: &Space, done: &str) -> Response {
    let name: String = form_urlencoded::byte_serialize(space.name.as_bytes()).collect();
    Redirect::to(&format!("/phone/{name}?done={done}")).into_response()
}

fn no_space(t: &'static Texts) -> Response {
    html(StatusCode::NOT_FOUND, &NoSpace { t })
}

/// The version of the page's interface: see `PHONE.md`.
const VERSION: u32 = 1;
/// More than so many orders are not shown: the newest ones are.
const MOST: usize = 50;
