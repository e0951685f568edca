//! Who the script's words for people are in one session.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::identity::{Person, Persons};
use crate::script::{Becomes, Script, Who};

/// The people of one session, fixed when it starts, so that a register reloaded later changes no running session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    /// Who was asked for, or the default person of the country when nobody was.
    pub requested: Arc<Person>,
    /// Somebody else of the same country.
    pub someone_else: Arc<Person>,
    /// People the script names.
    named: Vec<Arc<Person>>,
}

impl Cast {
    /// Casts a script. Names that the register does not know are left out: they were refused when the script was loaded or armed, and
    /// play as the requested person if the register has lost them since.
    #[must_use]
    pub fn new(script: &Script, requested: Arc<Person>, persons: &Persons) -> Self {
        let someone_else = persons.someone_else(&requested);
        let named = script
            .steps
            .iter()
            .filter_map(|step| match &step.becomes {
                Becomes::Finished(Who::Named(name)) => persons.by_name(name).cloned(),
                Becomes::Failed(_) | Becomes::Finished(Who::Requested | Who::SomeoneElse) | Becomes::Pending(_) => None,
            })
            .collect();
        Self { requested, someone_else, named }
    }

    /// The person meant by `who`.
    #[must_use]
    pub fn person(&self, who: &Who) -> &Arc<Person> {
        match who {
            Who::Named(name) => self.named.iter().find(|p| p.name == *name).unwrap_or(&self.requested),
            Who::Requested => &self.requested,
            Who::SomeoneElse => &self.someone_else,
        }
    }
}
