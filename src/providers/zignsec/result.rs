//! How a session stands in the results and webhooks of versions 2 and 3.

use super::wrong::somebody_else;
use crate::identity::Person;
use crate::script::Reason;
use crate::simulation::{Provider, Session};

/// How a session stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing<'a> {
    /// `ERROR`.
    Failed(Reason),
    /// There is an identity.
    Finished(&'a Person),
    /// `PENDING`.
    Pending,
}

impl<'a> Standing<'a> {
    /// The same of somebody else, where there is an identity.
    pub(in crate::providers) fn swapped<P: Provider>(self, session: &'a Session<P>) -> Self {
        match self {
            Self::Finished(person) => Self::Finished(somebody_else(session, person)),
            Self::Failed(_) | Self::Pending => self,
        }
    }
}
