//! What a form or a shortcut asks for, read and judged before anything changes.

use std::sync::Arc;

use super::step::{self, Step};
use super::zignsec::fields::Fields;
use super::zignsec::texts::{Texts, filled};
use crate::identity::{Checks, Country, NationalNumber, Person, Persons, mask};
use crate::providers::zignsec_v2::{Channel, Method, ZignsecV2};
use crate::script::{Becomes, Library, Reason, Who, Word as _};
use crate::simulation::Session;

/// What the person does.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// Agrees to share; logs in first where that has not happened.
    Agree(Arc<Person>),
    /// Presses cancel, or declines to share.
    Cancel,
    /// Chooses a method.
    Choose(Method),
    /// Authenticates; with a CPR number, types it where it is wanted.
    Confirm(Arc<Person>, Option<NationalNumber>),
    /// Types a CPR number.
    Cpr(NationalNumber),
    /// Lets it fail.
    Fail(Reason),
    /// Starts the app.
    Start,
    /// Chooses a way of Norwegian BankID.
    Use(Channel),
}

/// Why it cannot be done. Never repeats a number: what was typed into the CPR field is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// No such action.
    Action(String),
    /// Not among what can be chosen.
    Choice(String),
    /// Not a CPR number.
    Cpr,
    /// The field `person` is missing.
    PersonMissing,
    /// Nobody of that name.
    Person(String),
    /// The field `reason` is missing.
    ReasonMissing,
    /// No such reason.
    Reason(String),
    /// The order is not at that step.
    Step,
}

impl Problem {
    /// The problem in words. What was sent is repeated masked: a number typed into the wrong field is still a number.
    pub(super) fn in_words(&self, texts: &Texts) -> String {
        let repeated = |text: &'static str, value: &str| filled(text, "{value}", &mask(value));
        match self {
            Self::Action(value) => repeated(texts.problem_action, value),
            Self::Choice(value) => repeated(texts.problem_choice, value),
            Self::Cpr => texts.problem_cpr.to_owned(),
            Self::PersonMissing => texts.problem_person_missing.to_owned(),
            Self::Person(value) => repeated(texts.problem_person, value),
            Self::ReasonMissing => texts.problem_reason_missing.to_owned(),
            Self::Reason(value) => repeated(texts.problem_reason, value),
            Self::Step => texts.problem_order.to_owned(),
        }
    }
}

/// Whom one can be.
#[derive(Clone, Copy, Debug)]
pub(super) struct People<'a> {
    /// The register.
    pub persons: &'a Persons,
    /// For what becomes of magic people.
    pub scripts: &'a Library,
}

impl Deed {
    /// A form: `do`, with `person`, `reason`, `method`, `device` or `cpr`.
    pub(super) fn of_form(fields: &Fields, session: &Session<ZignsecV2>, people: People<'_>) -> Result<Self, Problem> {
        let action = fields.named("do").ok_or_else(|| Problem::Action(String::new()))?;
        Self::read(action, fields, fields.named("person"), session, people)
    }

    /// A shortcut: `then`, with `as` and the fields of a form. Without `then` there is none.
    pub(super) fn of_shortcut(
        fields: &Fields,
        session: &Session<ZignsecV2>,
        people: People<'_>,
    ) -> Result<Option<Self>, Problem> {
        let Some(action) = fields.named("then") else { return Ok(None) };
        let person = fields.named("as").unwrap_or(&session.cast.requested.name);
        match action {
            // The numbers are the register's, so that none stands in an address.
            "cpr" => people
                .called(Some(person), session)
                .map(|person| (person.number.clone(), person))
                .map(|(number, person)| Self::Confirm(person, Some(number))),
            "wrong-cpr" => people
                .called(Some(person), session)
                .map(|person| (people.persons.someone_else(&person).number.clone(), person))
                .map(|(number, person)| Self::Confirm(person, Some(number))),
            action => Self::read(action, fields, Some(person), session, people),
        }
        .map(Some)
    }

    fn read(
        action: &str,
        fields: &Fields,
        person: Option<&str>,
        session: &Session<ZignsecV2>,
        people: People<'_>,
    ) -> Result<Self, Problem> {
        match action {
            "agree" => people.called(person, session).map(Self::Agree),
            "cancel" | "decline" => Ok(Self::Cancel),
            "confirm" => people.called(person, session).map(|person| Self::Confirm(person, None)),
            "cpr" => {
                if !matches!(Step::of(session), Step::Cpr(_)) {
                    return Err(Problem::Step);
                }
                let typed = fields.named("cpr").ok_or(Problem::Cpr)?;
                NationalNumber::parse(Country::Dk, typed, Checks::Lenient).map(Self::Cpr).map_err(|_| Problem::Cpr)
            }
            "device" => {
                let word = fields.named("device").unwrap_or_default();
                step::channel(word).map(Self::Use).ok_or_else(|| Problem::Choice(word.to_owned()))
            }
            "fail" => {
                let word = fields.named("reason").ok_or(Problem::ReasonMissing)?;
                Reason::from_word(word).map(Self::Fail).map_err(|_| Problem::Reason(word.to_owned()))
            }
            "method" => {
                let word = fields.named("method").unwrap_or_default();
                let offered = Method::of_country(session.order.method.country());
                let chosen = Method::from_selector(word).filter(|method| offered.contains(method));
                match (session.order.method, chosen) {
                    (Method::Chooser(_), Some(method)) => Ok(Self::Choose(method)),
                    (_, None | Some(_)) => Err(Problem::Choice(word.to_owned())),
                }
            }
            "start" => Ok(Self::Start),
            other => Err(Problem::Action(other.to_owned())),
        }
    }
}

impl People<'_> {
    /// The person of a register name, or of a script's word for people.
    pub(super) fn called(&self, name: Option<&str>, session: &Session<ZignsecV2>) -> Result<Arc<Person>, Problem> {
        let name = name.ok_or(Problem::PersonMissing)?;
        let cast = &session.cast;
        let person = [&cast.requested, &cast.someone_else].into_iter().find(|person| person.name == name);
        let person = match (person, name) {
            (Some(person), _) => Some(person.clone()),
            (None, "requested") => Some(cast.requested.clone()),
            (None, "someone-else") => Some(cast.someone_else.clone()),
            (None, name) => self.persons.by_name(name).cloned(),
        };
        let person = person.ok_or_else(|| Problem::Person(name.to_owned()))?;
        if Self::fits(&person, session) { Ok(person) } else { Err(Problem::Choice(name.to_owned())) }
    }

    /// Whether the method of the session can authenticate the person. Magic people can be met everywhere: they stand for what happens.
    pub(super) fn fits(person: &Person, session: &Session<ZignsecV2>) -> bool {
        person.is_magic() || Self::is_at_home(person, session)
    }

    /// Whether the method is of the person's country.
    pub(super) fn is_at_home(person: &Person, session: &Session<ZignsecV2>) -> bool {
        person.number.country() == session.state.method(&session.order).country()
    }

    /// Whether a magic person's script lets nobody authenticate.
    pub(super) fn never_finishes(&self, person: &Person) -> bool {
        let script = person.script.as_deref().and_then(|name| self.scripts.find(name).ok());
        script.is_some_and(|script| {
            script.steps.iter().all(|step| match &step.becomes {
                Becomes::Failed(_) | Becomes::Pending(_) => true,
                Becomes::Finished(Who::Named(_) | Who::Requested | Who::SomeoneElse) => false,
            })
        })
    }
}
