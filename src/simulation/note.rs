//! What a careful witness notices about a session or a space.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The kinds of things that are noticed. None of them is an error of the simulator; each deserves a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// Something was armed and never played.
    ArmedUnused,
    /// A body in another format than its content type says.
    BodyFormat,
    /// A credential stood in the right place in a wrong form: with a scheme before it, for one.
    CredentialForm,
    /// A field stood in the body more than once; the last one counts.
    FieldTwice,
    /// A field the provider does not know was ignored.
    FieldUnknown,
    /// A field that has no effect with this method was ignored.
    FieldWithoutEffect,
    /// A national number stood in an address.
    NumberInUrl,
    /// The attempt ended and nobody fetched the result.
    ResultNeverFetched,
    /// Nobody has opened the page, and nothing else will end the attempt.
    WaitsForPerson,
    /// The webhook did not reach its receiver.
    WebhookUndelivered,
}

/// One thing noticed: what, and in words where and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Note {
    /// What was noticed.
    pub kind: NoteKind,
    /// In words. Never contains a national number.
    pub text: String,
}

impl Note {
    /// A note of this kind.
    pub fn new(kind: NoteKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}
