//! How it ends for the browser: sent back, or told.

use std::borrow::Cow;

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::answer::{found, html};
use super::fields::Manner;
use super::language::Language;
use super::problem::problem;
use super::switches::PostMessage;
use super::texts::Texts;
use crate::script::Reason;
use crate::simulation::{Provider, Session, Timestamp};

/// The version of the pages' interface: see `PAGE.md` of ZignSec v2.
pub(in crate::providers) const VERSION: u32 = 1;

/// How an order has ended, and how its browser wants to hear of it.
#[derive(Debug)]
pub(in crate::providers) struct Ending<'a> {
    pub(in crate::providers) language: Language,
    /// Where the browser goes.
    pub(in crate::providers) back: Option<&'a str>,
    pub(in crate::providers) manner: Manner,
    /// The form of the message to the parent of an iframe.
    pub(in crate::providers) message: PostMessage,
    /// Whether the page may not stand in an iframe.
    pub(in crate::providers) denied: bool,
}

/// A page that tells, and may lead on.
#[derive(Debug, Template)]
#[template(path = "notice.html")]
struct Notice {
    t: &'static Texts,
    version: u32,
    kind: &'static str,
    title: &'static str,
    lead: &'static str,
    reason: Option<&'static str>,
    onward: Option<Onward>,
    postback: Option<Postback>,
    session: Option<String>,
}

/// Where it leads.
#[derive(Debug)]
struct Onward {
    address: String,
    /// Whether the page goes there, or shows the address for another browser.
    by_itself: bool,
}

/// The message to the parent of an iframe. Source: "JavaScript events".
#[derive(Debug)]
struct Postback {
    token: String,
    code: &'static str,
    description: Cow<'static, str>,
    as_text: bool,
}

/// The page for an address that names no session.
pub(in crate::providers) fn unknown(language: Language) -> Response {
    let t = Texts::of(language);
    let notice = Notice::of(t, "unknown", t.unknown_title, t.unknown_lead);
    html(StatusCode::NOT_FOUND, &notice, false)
}

impl Ending<'_> {
    /// Sends the browser back, or tells it how it ended. The session remembers when it was first sent back.
    pub(in crate::providers) fn answer<P: Provider>(self, session: &mut Session<P>, now: Timestamp) -> Response {
        let Self { language, back, manner, message, denied } = self;
        let (t, id, failure) = (Texts::of(language), session.id.to_string(), session.failure());
        let mut notice = match failure {
            Some(Reason::LinkExpired) => {
                let notice = Notice { session: Some(id), ..Notice::of(t, "expired", t.expired_title, t.expired_lead) };
                return html(StatusCode::GONE, &notice, denied);
            }
            Some(reason) => {
                Notice { reason: Some(t.reason(reason)), ..Notice::of(t, "failed", t.failed_title, t.failed_lead) }
            }
            None => Notice::of(t, "done", t.done_title, t.done_lead),
        };
        notice.session = Some(id.clone());
        if manner.framed {
            let told = failure.map(problem);
            let (code, description) = told.map_or(("", Cow::Borrowed("")), |told| (told.code, told.description));
            notice.postback = Some(Postback { token: id, code, description, as_text: message == PostMessage::Text });
        }
        if back.is_some() {
            session.tally.returned.get_or_insert(now);
        }
        match back {
            Some(address) if manner.elsewhere => {
                notice = Notice { kind: "elsewhere", title: t.elsewhere_title, lead: t.elsewhere_lead, ..notice };
                notice.onward = Some(Onward { address: address.to_owned(), by_itself: false });
                html(StatusCode::OK, &notice, denied)
            }
            Some(address) if manner.framed => {
                notice = Notice {
                    kind: "returning",
                    title: t.returning_title,
                    lead: t.returning_lead,
                    reason: None,
                    ..notice
                };
                notice.onward = Some(Onward { address: address.to_owned(), by_itself: true });
                html(StatusCode::OK, &notice, denied)
            }
            // An address that cannot stand in a head is answered like none.
            Some(address) => found(address).unwrap_or_else(|| html(StatusCode::OK, &notice, denied)),
            None => html(StatusCode::OK, &notice, denied),
        }
    }
}

impl Notice {
    const fn of(t: &'static Texts, kind: &'static str, title: &'static str, lead: &'static str) -> Self {
        Self { t, version: VERSION, kind, title, lead, reason: None, onward: None, postback: None, session: None }
    }
}
