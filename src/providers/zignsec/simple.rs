//! A hosted page with one step: who it is. Addresses, shortcuts and test ids are those of version 2's page (see `PAGE.md` there).

use std::sync::Arc;

use askama::Template;

use super::ending::VERSION;
use super::fields::{Fields, Manner};
use super::language::Language;
use super::texts::{Texts, filled};
use crate::identity::{Person, Persons, mask};
use crate::script::{Hint, Reason, SignalName, Word as _};
use crate::session::Phase;
use crate::simulation::{Context, Provider, Said, Session};

/// The page of a pending order.
#[derive(Debug, Template)]
#[template(path = "simple.html")]
pub(in crate::providers) struct Hosted {
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
    product: &'static str,
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

/// What a page is made from besides the session.
#[derive(Debug)]
pub(in crate::providers) struct Asked<'a> {
    /// What is called.
    pub(in crate::providers) product: &'static str,
    pub(in crate::providers) language: Language,
    /// Where the page is, relative to the address that was asked for.
    pub(in crate::providers) base: &'static str,
    pub(in crate::providers) manner: Manner,
    pub(in crate::providers) fields: &'a Fields,
    pub(in crate::providers) problem: Option<String>,
    pub(in crate::providers) persons: &'a Persons,
    /// Who may stand on the page.
    pub(in crate::providers) may: fn(&Person) -> bool,
}

impl Hosted {
    /// The page as it is now.
    pub(in crate::providers) fn of<P: Provider>(
        session: &Session<P>,
        context: &Context<'_, P>,
        asked: Asked<'_>,
    ) -> Self {
        let t = Texts::of(asked.language);
        let cast = &session.cast;
        let preselected = asked.fields.named("as").or_else(|| asked.fields.named("person"));
        let chosen = preselected.and_then(|name| called(name, session, asked.persons));
        let chosen = chosen.unwrap_or_else(|| cast.requested.clone());
        let card = |person: &Person, relation| {
            let (word, full_name) = (t.trait_of(person), person.full_name());
            let search = format!("{} {full_name} {word}", person.name).to_lowercase();
            let chosen = person.name == chosen.name;
            Card { name: person.name.clone(), full_name, word, relation, class: "usual", search, chosen }
        };
        let first = [(&cast.requested, t.usual_person), (&cast.someone_else, t.somebody_else)];
        let mut people: Vec<Card> = first.iter().map(|(person, relation)| card(person, Some(*relation))).collect();
        let is_other = |person: &&Arc<Person>| first.iter().all(|(one, _)| one.name != person.name);
        let others = asked.persons.iter().filter(is_other).filter(|person| (asked.may)(person));
        people.extend(others.map(|person| card(person, None)));
        Self {
            t,
            version: VERSION,
            title: t.identify_title,
            base: asked.base,
            manner: asked.manner,
            problem: asked.problem,
            status: status(session, t),
            left: left(left_ms(session, context)),
            stage: STAGE,
            shares: Vec::new(),
            people,
            reasons: FAILURES.map(|reason| (reason.word(), t.reason(reason))).to_vec(),
            product: asked.product,
            session: session.id.to_string(),
        }
    }
}

/// What the person does: read and judged before anything changes.
#[derive(Clone, Debug)]
pub(in crate::providers) enum Deed {
    /// Presses cancel.
    Cancel,
    /// Authenticates.
    Confirm(Arc<Person>),
    /// Lets it fail.
    Fail(Reason),
}

impl Deed {
    /// Reads an action, with `person` and `reason`. A problem is told in words; what was sent is repeated masked.
    pub(in crate::providers) fn read<P: Provider>(
        action: &str,
        person: Option<&str>,
        fields: &Fields,
        session: &Session<P>,
        (t, persons): (&'static Texts, &Persons),
    ) -> Result<Self, String> {
        let repeated = |text: &'static str, value: &str| filled(text, "{value}", &mask(value));
        match action {
            "cancel" => Ok(Self::Cancel),
            "confirm" => match person {
                None => Err(t.problem_person_missing.to_owned()),
                Some(name) => {
                    called(name, session, persons).map(Self::Confirm).ok_or_else(|| repeated(t.problem_person, name))
                }
            },
            "fail" => match fields.named("reason") {
                None => Err(t.problem_reason_missing.to_owned()),
                Some(word) => Reason::from_word(word).map(Self::Fail).map_err(|_| repeated(t.problem_reason, word)),
            },
            other => Err(repeated(t.problem_action, other)),
        }
    }

    /// The signal that it is.
    pub(in crate::providers) fn said(self) -> Said {
        match self {
            Self::Cancel => Said::plain(SignalName::Cancelled),
            Self::Confirm(person) => Said { person: Some(person), ..Said::plain(SignalName::Confirmed) },
            Self::Fail(reason) => Said { reason: Some(reason), ..Said::plain(SignalName::Failed) },
        }
    }
}

/// How far it is.
pub(in crate::providers) const fn status<P: Provider>(session: &Session<P>, t: &'static Texts) -> &'static str {
    let hint = match session.phase() {
        Phase::Pending(hint) => *hint,
        Phase::Failed(_) | Phase::Finished(_) => Hint::Outstanding,
    };
    t.hint(hint, false)
}

/// What is left of the person's time, in milliseconds.
pub(in crate::providers) fn left_ms<P: Provider>(session: &Session<P>, context: &Context<'_, P>) -> u64 {
    let end = session.progress.opened().map(|opened| opened.plus(session.limits.order).0);
    end.map_or(session.limits.order.0, |end| end.saturating_sub(session.age(context.now).0))
}

/// `2:59`, rounded up, so that 0:00 means that it is over.
pub(in crate::providers) fn left(left_ms: u64) -> String {
    let seconds = left_ms.div_ceil(1000);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The person of a register name, or of a script's word for people.
fn called<P: Provider>(name: &str, session: &Session<P>, persons: &Persons) -> Option<Arc<Person>> {
    let cast = &session.cast;
    match name {
        "requested" => Some(cast.requested.clone()),
        "someone-else" => Some(cast.someone_else.clone()),
        name => {
            let own = [&cast.requested, &cast.someone_else].into_iter().find(|person| person.name == name);
            own.or_else(|| persons.by_name(name)).cloned()
        }
    }
}

/// The page has one step.
pub(in crate::providers) const STAGE: &str = "who";

/// How one can let it fail. Pressing cancel has its own button; a link expires by not being opened.
const FAILURES: [Reason; 6] = [
    Reason::CertificateError,
    Reason::StartFailed,
    Reason::OrderExpired,
    Reason::Exception,
    Reason::AlreadyInProgress,
    Reason::Superseded,
];
