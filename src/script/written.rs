//! The form in which people write scripts: everything optional, every place remembered, nothing unknown accepted.
//!
//! The doc comments here are the descriptions in the JSON Schema that editors show; `convert` makes a [`super::Script`] of the form.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use toml::Spanned;

use super::schema::{OccurrenceText, OneOf, TruncateText};
use super::words::State;
use super::{Hint, Operation, Reason, SignalName};

/// A script: what happens to one authentication session. Without any step, nothing happens until a signal comes.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(title = "Motpart script", rename = "Script")]
pub(super) struct WrittenScript {
    /// What happens, in one line.
    #[schemars(with = "String")]
    pub(super) title: Option<Spanned<String>>,
    /// Deadlines shorter than the provider's own.
    #[schemars(with = "WrittenLifetime")]
    pub(super) lifetime: Option<WrittenLifetime>,
    /// What happens, in order. Only the last step may end the attempt.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenStep>")]
    pub(super) step: Vec<Spanned<WrittenStep>>,
    /// Answers damaged on their way out.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenFault>")]
    pub(super) fault: Vec<Spanned<WrittenFault>>,
    /// Artefacts that claim something else, or are sealed wrongly.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenForgery>")]
    pub(super) forgery: Vec<Spanned<WrittenForgery>>,
    /// Webhooks that come twice, late or never.
    #[serde(default)]
    #[schemars(with = "Vec<WrittenDelivery>")]
    pub(super) delivery: Vec<Spanned<WrittenDelivery>>,
}

/// Deadlines shorter than the provider's own.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Lifetime")]
pub(super) struct WrittenLifetime {
    /// How long the link may wait to be opened, such as "30s".
    #[schemars(with = "String")]
    pub(super) link: Option<Spanned<String>>,
    /// How long the person may take once the order has begun, such as "30s".
    #[schemars(with = "String")]
    pub(super) order: Option<Spanned<String>>,
}

/// When something happens (exactly one of `after`, `on` and `polls`), and what the session then is.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Step")]
#[schemars(extend("oneOf" = [
    { "required": ["state", "after"] }, { "required": ["state", "on"] }, { "required": ["state", "polls"] },
]))]
pub(super) struct WrittenStep {
    /// This long after the previous step was entered, such as "2s".
    #[schemars(with = "String")]
    pub(super) after: Option<Spanned<String>>,
    /// When this signal comes.
    #[schemars(with = "OneOf<SignalName>")]
    pub(super) on: Option<Spanned<String>>,
    /// After this many pending answers to the relying party: 2 answers pending twice and moves on with the third poll.
    #[schemars(with = "u32")]
    pub(super) polls: Option<Spanned<i64>>,
    /// What the session then is.
    #[schemars(with = "OneOf<State>")]
    pub(super) state: Option<Spanned<String>>,
    /// Who has authenticated, only with "finished": "requested" (also when left out), "someone-else", or a person of the register by name.
    #[schemars(with = "String")]
    pub(super) person: Option<Spanned<String>>,
    /// Why the attempt failed, only with "failed".
    #[schemars(with = "OneOf<Reason>")]
    pub(super) reason: Option<Spanned<String>>,
    /// How far the attempt has come, only with "pending": "outstanding" when left out.
    #[schemars(with = "OneOf<Hint>")]
    pub(super) hint: Option<Spanned<String>>,
}

/// An answer damaged on its way out. The request counts as answered; only the answer differs.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Fault", extend("allOf" = [{ "required": ["on", "reply"] }]))]
pub(super) struct WrittenFault {
    /// The operation whose answer is damaged.
    #[schemars(with = "OneOf<Operation>")]
    pub(super) on: Option<Spanned<String>>,
    /// Which of them, counted from 1: 2, "2.." or "2..4". Every one when left out.
    #[schemars(with = "OccurrenceText")]
    pub(super) occurrence: Option<Spanned<WrittenOccurrence>>,
    /// What is sent instead.
    #[schemars(with = "WrittenReply")]
    pub(super) reply: Option<Spanned<WrittenReply>>,
}

/// What is sent instead of the honest answer: exactly one of `status`, `byte_order_mark`, `delay`, `hold`, `reset` and `truncate`.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Reply", extend("oneOf" = [
    { "required": ["status"] }, { "required": ["byte_order_mark"] }, { "required": ["delay"] }, { "required": ["hold"] },
    { "required": ["reset"] }, { "required": ["truncate"] },
]))]
pub(super) struct WrittenReply {
    /// Another answer with this HTTP status, 200 to 599.
    #[schemars(with = "u16", range(min = 200, max = 599))]
    pub(super) status: Option<Spanned<i64>>,
    /// The body, only with `status`: a short plain text when left out.
    #[schemars(with = "String")]
    pub(super) body: Option<Spanned<String>>,
    /// The `Content-Type`, only with `status`: "text/plain; charset=utf-8" when left out.
    #[schemars(with = "String")]
    pub(super) content_type: Option<Spanned<String>>,
    /// Further headers by name, only with `status`, such as `{ Retry-After = "2" }`.
    #[schemars(with = "BTreeMap<String, String>")]
    pub(super) headers: Option<Spanned<BTreeMap<String, String>>>,
    /// `true`: the honest answer with a byte order mark before its body.
    #[schemars(with = "bool")]
    pub(super) byte_order_mark: Option<Spanned<bool>>,
    /// The honest answer, this much later, such as "5s".
    #[schemars(with = "String")]
    pub(super) delay: Option<Spanned<String>>,
    /// `true`: the honest answer, once somebody releases it.
    #[schemars(with = "bool")]
    pub(super) hold: Option<Spanned<bool>>,
    /// `true`: the connection is reset without an answer.
    #[schemars(with = "bool")]
    pub(super) reset: Option<Spanned<bool>>,
    /// The answer's head and this many bytes of its body, then the connection closes; `true` sends half of the body.
    #[schemars(with = "TruncateText")]
    pub(super) truncate: Option<Spanned<WrittenTruncate>>,
}

/// An artefact that claims something else, or is sealed wrongly.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Forgery", extend("anyOf" = super::schema::forgeries()))]
pub(super) struct WrittenForgery {
    /// The artefact.
    #[schemars(with = "String")]
    pub(super) of: Option<Spanned<String>>,
    /// What is wrong with it.
    #[schemars(with = "String")]
    pub(super) how: Option<Spanned<String>>,
    /// Which of the session's artefacts of that kind, counted from 1: 2, "2.." or "2..4". Every one when left out.
    #[schemars(with = "OccurrenceText")]
    pub(super) occurrence: Option<Spanned<WrittenOccurrence>>,
}

/// How webhooks reach their receiver: at least one of `copies`, `after` and `lost`.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "Delivery", extend("anyOf" = [
    { "required": ["copies"] }, { "required": ["after"] }, { "required": ["lost"] },
]))]
pub(super) struct WrittenDelivery {
    /// Which of the session's webhooks, counted from 1 in the order they arise: 2, "2.." or "2..4". Every one when left out.
    #[schemars(with = "OccurrenceText")]
    pub(super) occurrence: Option<Spanned<WrittenOccurrence>>,
    /// How often it is sent, 1 to 100; 2 is a duplicate.
    #[schemars(with = "u32", range(min = 1, max = 100))]
    pub(super) copies: Option<Spanned<i64>>,
    /// How late it is sent, such as "1m".
    #[schemars(with = "String")]
    pub(super) after: Option<Spanned<String>>,
    /// Whether it is never sent. Excludes `copies` and `after`.
    #[schemars(with = "bool")]
    pub(super) lost: Option<Spanned<bool>>,
}

/// `2`, `"2.."` or `"2..4"`.
#[derive(Debug)]
pub(super) enum WrittenOccurrence {
    Only(i64),
    Range(String),
}

/// `20` or `true`.
#[derive(Debug)]
pub(super) enum WrittenTruncate {
    Bytes(i64),
    Half(bool),
}

impl<'de> Deserialize<'de> for WrittenOccurrence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl Visitor<'_> for Form {
            type Value = WrittenOccurrence;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number such as 2, or a range such as \"2..\" or \"2..4\"")
            }
            fn visit_i64<E: Error>(self, only: i64) -> Result<Self::Value, E> {
                Ok(WrittenOccurrence::Only(only))
            }
            fn visit_str<E: Error>(self, range: &str) -> Result<Self::Value, E> {
                Ok(WrittenOccurrence::Range(range.to_owned()))
            }
        }
        deserializer.deserialize_any(Form)
    }
}

impl<'de> Deserialize<'de> for WrittenTruncate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl Visitor<'_> for Form {
            type Value = WrittenTruncate;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of bytes such as 20, or true for half of the body")
            }
            fn visit_i64<E: Error>(self, bytes: i64) -> Result<Self::Value, E> {
                Ok(WrittenTruncate::Bytes(bytes))
            }
            fn visit_bool<E: Error>(self, half: bool) -> Result<Self::Value, E> {
                Ok(WrittenTruncate::Half(half))
            }
        }
        deserializer.deserialize_any(Form)
    }
}
