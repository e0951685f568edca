//! What the page of a pending order shows.

use askama::Template;

use super::super::ZignsecV3;
use super::super::zignsec::ending::VERSION;
use super::super::zignsec::fields::Manner;
use super::super::zignsec::texts::Texts;
use super::Visitor;
use super::deed::called;
use crate::identity::{Person, Persons};
use crate::script::{Hint, Reason, Word as _};
use crate::session::Phase;
use crate::simulation::{Context, Session};

/// The page of a pending order.
#[derive(Debug, Template)]
#[template(path = "swissid.html")]
pub(super) struct Hosted {
    t: &'static Texts,
    version: u32,
    title: &'static str,
    base: &'static str,
    manner: Manner,
    problem: Option<String>,
    status: &'static str,
    left: String,
    stage: &'static str,
    shares: Vec<&'static str>,
    people: Vec<Card>,
    reasons: Vec<(&'static str, &'static str)>,
    session: String,
}

/// Somebody whom one can be.
#[derive(Debug)]
struct Card {
    name: String,
    full_name: String,
    word: String,
    relation: Option<&'static str>,
    class: &'static str,
    search: String,
    chosen: bool,
}

impl Hosted {
    /// The page as it is now.
    pub(super) fn of(
        session: &Session<ZignsecV3>,
        context: &Context<'_, ZignsecV3>,
        visitor: &Visitor,
        problem: Option<String>,
        persons: &Persons,
    ) -> Self {
        let t = Texts::of(session.order.language);
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
        let others = persons.iter().filter(|person| first.iter().all(|(one, _)| one.name != person.name));
        people.extend(others.map(|person| card(person, None)));
        let scopes = session.order.scopes;
        let shares = [(scopes.phone, t.scope_phone), (scopes.email, t.scope_email)];
        Self {
            t,
            version: VERSION,
            title: t.identify_title,
            base: visitor.base,
            manner: visitor.manner,
            problem,
            status: status(session, t),
            left: left(left_ms(session, context)),
            stage: STAGE,
            shares: shares.into_iter().filter_map(|(wanted, label)| wanted.then_some(label)).collect(),
            people,
            reasons: FAILURES.map(|reason| (reason.word(), t.reason(reason))).to_vec(),
            session: session.id.to_string(),
        }
    }
}

/// How far it is.
pub(super) const fn status(session: &Session<ZignsecV3>, t: &'static Texts) -> &'static str {
    let hint = match session.phase() {
        Phase::Pending(hint) => *hint,
        Phase::Failed(_) | Phase::Finished(_) => Hint::Outstanding,
    };
    t.hint(hint, false)
}

/// What is left of the person's time, in milliseconds.
pub(super) fn left_ms(session: &Session<ZignsecV3>, context: &Context<'_, ZignsecV3>) -> u64 {
    let end = session.progress.opened().map(|opened| opened.plus(session.limits.order).0);
    end.map_or(session.limits.order.0, |end| end.saturating_sub(session.age(context.now).0))
}

/// `2:59`, rounded up, so that 0:00 means that it is over.
pub(super) fn left(left_ms: u64) -> String {
    let seconds = left_ms.div_ceil(1000);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The page has one step.
pub(super) const STAGE: &str = "who";

/// How one can let it fail. Pressing cancel has its own button; a link expires by not being opened.
const FAILURES: [Reason; 6] = [
    Reason::CertificateError,
    Reason::StartFailed,
    Reason::OrderExpired,
    Reason::Exception,
    Reason::AlreadyInProgress,
    Reason::Superseded,
];
