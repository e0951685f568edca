//! What the page of a pending order shows.

use std::sync::Arc;

use askama::Template;

use super::super::card::Card;
use super::super::ending::VERSION;
use super::super::fields::Manner;
use super::super::standing::{Standing, hint};
use super::super::texts::Texts;
use super::deed::called;
use super::{SimplePage, Visitor};
use crate::identity::{Person, Persons};
use crate::script::{Reason, Word as _};
use crate::simulation::{Context, Session};

/// The page of a pending order.
#[derive(Debug, Template)]
#[template(path = "simple.html")]
pub(super) struct Hosted {
    t: &'static Texts,
    version: u32,
    title: &'static str,
    base: &'static str,
    manner: Manner,
    problem: Option<String>,
    standing: Standing,
    shares: Vec<&'static str>,
    people: Vec<Card>,
    reasons: Vec<(&'static str, &'static str)>,
    product: &'static str,
    session: String,
}

impl Hosted {
    /// The page as it is now.
    pub(super) fn of<P: SimplePage>(
        session: &Session<P>,
        context: &Context<'_, P>,
        visitor: &Visitor<P>,
        problem: Option<String>,
        persons: &Persons,
    ) -> Self {
        let t = Texts::of(P::language(&session.order));
        let cast = &session.cast;
        let preselected = visitor.fields.named("as").or_else(|| visitor.fields.named("person"));
        let chosen =
            preselected.and_then(|name| called(name, session, persons)).unwrap_or_else(|| cast.requested.clone());
        let card = |person: &Person, relation| {
            let (word, full_name) = (t.trait_of(person), person.full_name());
            let search = format!("{} {full_name} {word}", person.name).to_lowercase();
            let chosen = person.name == chosen.name;
            Card { name: person.name.clone(), full_name, word, relation, class: "usual", search, chosen }
        };
        let first = [(&cast.requested, t.usual_person), (&cast.someone_else, t.somebody_else)];
        let mut people: Vec<Card> = first.iter().map(|(person, relation)| card(person, Some(*relation))).collect();
        let is_other = |person: &&Arc<Person>| first.iter().all(|(one, _)| one.name != person.name);
        let others = persons.iter().filter(is_other).filter(|person| P::shows(person));
        people.extend(others.map(|person| card(person, None)));
        Self {
            t,
            version: VERSION,
            title: t.identify_title,
            base: visitor.base,
            manner: visitor.manner,
            problem,
            standing: standing(session, context),
            shares: P::shares(&session.order, t),
            people,
            reasons: FAILURES.map(|reason| (reason.word(), t.reason(reason))).to_vec(),
            product: P::PRODUCT,
            session: session.id.to_string(),
        }
    }
}

/// How the order stands. The page has one step.
pub(super) fn standing<P: SimplePage>(session: &Session<P>, context: &Context<'_, P>) -> Standing {
    let status = Texts::of(P::language(&session.order)).hint(hint(session), false);
    Standing::of(session, context, "who", status)
}

/// How one can let it fail. Pressing cancel has its own button; a link expires by not being opened.
const FAILURES: [Reason; 6] = [
    Reason::CertificateError,
    Reason::StartFailed,
    Reason::OrderExpired,
    Reason::Exception,
    Reason::AlreadyInProgress,
    Reason::Superseded,
];
