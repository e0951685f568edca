//! The JSON Schema of script files, for editors; made from the written form, so that the two cannot differ.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::words::Word;
use super::written::WrittenScript;
use super::{Script, Tampering};

impl Script {
    /// The JSON Schema (draft 2020-12) of a script file.
    #[must_use]
    pub fn schema() -> Value {
        let mut schema = schemars::schema_for!(WrittenScript);
        RecursiveTransform(all_optional).transform(&mut schema);
        schema.to_value()
    }
}

/// One of the words of `W`.
pub(super) struct OneOf<W>(PhantomData<W>);

impl<W: Word> JsonSchema for OneOf<W> {
    fn schema_name() -> Cow<'static, str> {
        W::KIND.into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = W::ALL.iter().map(|value| value.word()).collect();
        json_schema!({ "type": "string", "enum": words })
    }
}

/// `2`, `"2.."` or `"2..4"`.
pub(super) struct OccurrenceText;

impl JsonSchema for OccurrenceText {
    fn schema_name() -> Cow<'static, str> {
        "Occurrence".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "integer", "minimum": 1 },
            { "type": "string", "pattern": r"^[1-9][0-9]*(\.\.([1-9][0-9]*)?)?$" },
        ] })
    }
}

/// `20` or `true`.
pub(super) struct TruncateText;

impl JsonSchema for TruncateText {
    fn schema_name() -> Cow<'static, str> {
        "Truncate".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "integer", "minimum": 0 }, { "const": true }] })
    }
}

/// The pairs of `of` and `how` that belong together, one alternative per artefact.
pub(super) fn forgeries() -> Value {
    Tampering::ARTEFACTS
        .iter()
        .map(|artefact| {
            let hows: Vec<&str> = Tampering::all().filter(|one| one.of() == *artefact).map(Tampering::how).collect();
            json!({ "required": ["of", "how"], "properties": { "of": { "const": artefact }, "how": { "enum": hows } } })
        })
        .collect()
}

/// Undoes what schemars makes of fields that `with` describes: no field is required by itself; what is, stands in the alternatives.
fn all_optional(schema: &mut Schema) {
    if schema.get("additionalProperties").is_some() {
        schema.remove("required");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_says_what_a_script_file_may_hold() {
        insta::assert_json_snapshot!(Script::schema());
    }
}
