//! What a form or a shortcut asks for, read and judged before anything changes.

use std::sync::Arc;

use super::super::fields::Fields;
use super::super::texts::{Texts, filled};
use super::SimplePage;
use crate::identity::{Person, Persons, mask};
use crate::script::{Reason, SignalName, Word as _};
use crate::simulation::{Provider, Said, Session};

/// What the person does.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// Presses cancel.
    Cancel,
    /// Authenticates, and agrees to share.
    Confirm(Arc<Person>),
    /// Lets it fail.
    Fail(Reason),
}

impl Deed {
    /// Reads an action, with `person` and `reason`. A problem is told in words; what was sent is repeated masked.
    pub(super) fn read<P: SimplePage>(
        action: &str,
        person: Option<&str>,
        fields: &Fields,
        session: &Session<P>,
        persons: &Persons,
    ) -> Result<Self, String> {
        let t = Texts::of(P::language(&session.order));
        let repeated = |text: &'static str, value: &str| filled(text, "{value}", &mask(value));
        match P::action(action) {
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
    pub(super) fn said(self) -> Said {
        match self {
            Self::Cancel => Said::plain(SignalName::Cancelled),
            Self::Confirm(person) => Said { person: Some(person), ..Said::plain(SignalName::Confirmed) },
            Self::Fail(reason) => Said { reason: Some(reason), ..Said::plain(SignalName::Failed) },
        }
    }
}

/// The person of a register name, or of a script's word for people.
pub(super) fn called<P: Provider>(name: &str, session: &Session<P>, persons: &Persons) -> Option<Arc<Person>> {
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
