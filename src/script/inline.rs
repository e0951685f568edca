//! Scripts given as JSON, in the same form as a file: `{ "step": [{ "after": "2s", "state": "finished" }] }`.
//!
//! The value is written as TOML and read like a file, so that there is one form and one set of checks; the places remembered while
//! writing turn a mistake's place back into a JSON path.

use std::fmt::Write;
use std::ops::Range;

use serde_json::Value;

use super::Script;
use super::convert::from_text;
use super::error::{Problem, ScriptError};
use super::show::Quoted;

impl Script {
    /// Reads a script given as JSON. A key that is `null` counts as left out.
    ///
    /// # Errors
    /// [`ScriptError::Json`] for the first mistake, with its JSON path.
    pub fn from_json(value: &Value, name: &str) -> Result<Self, ScriptError> {
        let Value::Object(keys) = value else {
            let problem = Problem::new(0..0, "a script is an object", "write `{}` for one without steps");
            return Err(problem.in_json("$"));
        };
        let mut text = Text::default();
        for (key, value) in keys.iter().filter(|(_, value)| !value.is_null()) {
            text.key(key, value, "$");
            text.toml.push('\n');
        }
        from_text(&text.toml, name).map_err(|problem| {
            let path = text.path_of(&problem.at).to_owned();
            problem.in_json(&path)
        })
    }
}

#[derive(Default)]
struct Text {
    toml: String,
    /// What stands where, inner values before the outer ones that hold them.
    places: Vec<(Range<usize>, String)>,
}

impl Text {
    fn key(&mut self, key: &str, value: &Value, parent: &str) {
        let start = self.toml.len();
        let is_plain = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        // RFC 9535, sections 2.3.1 and 2.5.1: names that are not plain stand quoted in brackets.
        let path = if is_plain { format!("{parent}.{key}") } else { format!("{parent}[{}]", Quoted(key)) };
        self.push(&Quoted(key));
        self.toml.push_str(" = ");
        self.value(value, &path);
        self.places.push((start..self.toml.len(), path));
    }

    fn value(&mut self, value: &Value, path: &str) {
        match value {
            // A null inside an array: TOML has none, and the form has no place for one, so that reading it names the mistake.
            Value::Null => self.toml.push_str("\"null\""),
            Value::Bool(_) | Value::Number(_) => self.push(value),
            Value::String(text) => self.push(&Quoted(text)),
            Value::Array(values) => {
                self.toml.push('[');
                for (n, value) in values.iter().enumerate() {
                    let start = self.toml.len();
                    let path = format!("{path}[{n}]");
                    self.value(value, &path);
                    self.places.push((start..self.toml.len(), path));
                    self.toml.push_str(", ");
                }
                self.toml.push(']');
            }
            Value::Object(keys) => {
                self.toml.push('{');
                for (n, (key, value)) in keys.iter().filter(|(_, value)| !value.is_null()).enumerate() {
                    self.toml.push_str(if n == 0 { " " } else { ", " });
                    self.key(key, value, path);
                }
                self.toml.push_str(" }");
            }
        }
    }

    fn push(&mut self, shown: &impl std::fmt::Display) {
        write!(self.toml, "{shown}").expect("a String takes every text");
    }

    /// The innermost value that holds the bytes `at`.
    fn path_of(&self, at: &Range<usize>) -> &str {
        let holds =
            |place: &&(Range<usize>, String)| place.0.start <= at.start && at.end <= place.0.end && !at.is_empty();
        self.places.iter().find(holds).map_or("$", |(_, path)| path)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn complaint(value: &Value) -> String {
        Script::from_json(value, "inline").unwrap_err().to_string()
    }

    #[test]
    fn json_and_toml_have_the_same_form() {
        let json = json!({
            "title": "Ett \"citat\" \u{7f}\n".trim(), "lifetime": { "order": "5s", "link": null },
            "step": [{ "polls": 2, "state": "pending" }, { "on": "confirmed", "state": "finished", "person": "someone-else" }],
            "fault": [{ "on": "collect", "occurrence": "2..", "reply": { "truncate": true } }],
        });
        let toml = "title = \"Ett \\\"citat\\\" \\u007F\"\n[lifetime]\norder = \"5s\"\n[[step]]\npolls = 2\nstate = \"pending\"\n\
            [[step]]\non = \"confirmed\"\nstate = \"finished\"\nperson = \"someone-else\"\n\
            [[fault]]\non = \"collect\"\noccurrence = \"2..\"\nreply = { truncate = true }\n";
        assert_eq!(Script::from_json(&json, "inline").unwrap(), Script::parse(toml, "inline.toml").unwrap());
        assert_eq!(Script::from_json(&json!({}), "inline").unwrap(), Script::parse("", "inline.toml").unwrap());
    }

    #[test]
    fn mistakes_are_named_by_their_path() {
        let wrong = [
            json!([]),
            json!({ "setp": [] }),
            json!({ "step": [{ "polls": 1, "state": "pending" }, { "after": "soon", "state": "finished" }] }),
            json!({ "step": [{ "state": "finished" }] }),
            json!({ "step": [null] }),
            json!({ "step": [{ "polls": 1.5, "state": "pending" }] }),
            json!({ "step": [{ "polls": u64::MAX, "state": "pending" }] }),
            json!({ "fault": [{ "on": "collect", "reply": { "status": 99 } }] }),
            json!({ "fault": [{ "on": "collect", "occurrence": 0, "reply": { "status": 500 } }] }),
            json!({ "step": [{ "on": "confirmed", "state": "finished", "person": "191212121212" }] }),
            json!({ "a\nb = 1": { "191212121212": 1 } }),
            json!({ "step": (0..120).fold(json!([]), |inner, _| json!([inner])) }),
        ];
        let complaints: Vec<String> = wrong.iter().map(complaint).collect();
        assert!(!complaints.concat().contains("1912"));
        insta::assert_snapshot!(complaints.join("\n"));
    }
}
