//! What a form or a shortcut asks for, read and judged before anything changes.

use std::sync::Arc;

use super::super::ZignsecV3;
use super::super::zignsec::fields::Fields;
use super::super::zignsec::texts::{Texts, filled};
use crate::identity::{Person, Persons, mask};
use crate::script::{Reason, SignalName, Word as _};
use crate::simulation::{Said, Session};

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
    pub(super) fn read(
        action: &str,
        person: Option<&str>,
        fields: &Fields,
        session: &Session<ZignsecV3>,
        persons: &Persons,
    ) -> Result<Self, String> {
        let t = Texts::of(session.order.language);
        let repeated = |text: &'static str, value: &str| filled(text, "{value}", &mask(value));
        match action {
            "cancel" | "decline" => Ok(Self::Cancel),
            "agree" | "confirm" => match person {
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

/// The person of a register name, or of a script's word for people. Who is Swiss, the register does not know: everybody may.
pub(super) fn called(name: &str, session: &Session<ZignsecV3>, persons: &Persons) -> Option<Arc<Person>> {
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
