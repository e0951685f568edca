//! Texts with placeholders: `/agreements/{{agreement}}`, `{{args.country?}}`, `{{cookie.XSRF-TOKEN|urldecode}}`.
//!
//! A placeholder that stands alone keeps the type of its value; with `?` what it stands in is left out when there is no value. There is one
//! filter, and there are no expressions.

use std::fmt::{self, Write as _};
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;
use toml::Spanned;

/// A text with placeholders, read once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Template {
    /// Where it stands in the file, in bytes.
    pub(crate) at: Range<usize>,
    pub(crate) parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Slot(Slot),
    Text(String),
}

/// A placeholder.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slot {
    /// Its words, such as `args` and `email`.
    pub(crate) path: Vec<String>,
    is_optional: bool,
    is_urldecoded: bool,
}

/// A placeholder without a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no value for `{{{{{0}}}}}`: capture it in an earlier step, or write `{{{{{0}?}}}}` to leave it out")]
pub(crate) struct NoValue(pub(crate) String);

impl Template {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, from)) = rest.split_once("{{") {
            let (inside, after) = from.split_once("}}").ok_or("the placeholder has no end: expected `{{name}}`")?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Slot(Slot::parse(inside.trim())?));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { at: 0..0, parts })
    }

    /// The value: of its own type for a lone placeholder, else text. None when it is to be left out.
    pub(crate) fn value(&self, values: &Value) -> Result<Option<Value>, NoValue> {
        match self.parts.as_slice() {
            [Part::Slot(slot)] => slot.value(values),
            _ => Ok(Some(Value::from(self.joined(values, |text| text.to_owned())?))),
        }
    }

    /// The value as text. None when it is a lone placeholder that is to be left out.
    pub(crate) fn text(&self, values: &Value) -> Result<Option<String>, NoValue> {
        Ok(self.value(values)?.map(|value| plain(&value)))
    }

    /// The value as an address: what a placeholder at the beginning stands for is taken as it is, every other is percent-encoded.
    pub(crate) fn address(&self, values: &Value) -> Result<String, NoValue> {
        let (first, rest) = match self.parts.split_first() {
            Some((Part::Slot(slot), rest)) => (slot.text(values)?, rest),
            Some((Part::Text(_), _)) | None => (String::new(), self.parts.as_slice()),
        };
        let rest = Self { at: 0..0, parts: rest.to_vec() }.joined(values, encoded)?;
        Ok(first + &rest)
    }

    fn joined(&self, values: &Value, write: impl Fn(&str) -> String) -> Result<String, NoValue> {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Slot(slot) => out.push_str(&write(&slot.text(values)?)),
                Part::Text(text) => out.push_str(text),
            }
        }
        Ok(out)
    }

    /// The placeholders in it.
    pub(crate) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.parts.iter().filter_map(|part| match part {
            Part::Slot(slot) => Some(slot),
            Part::Text(_) => None,
        })
    }
}

impl Slot {
    fn parse(inside: &str) -> Result<Self, String> {
        let (name, filter) =
            inside.split_once('|').map_or((inside, None), |(name, filter)| (name, Some(filter.trim())));
        let is_urldecoded = match filter {
            None => false,
            Some("urldecode") => true,
            Some(other) => return Err(format!("unknown filter `{other}`: there is only `urldecode`")),
        };
        let name = name.trim();
        let (name, is_optional) = name.strip_suffix('?').map_or((name, false), |name| (name, true));
        let path: Vec<String> = name.split('.').map(str::to_owned).collect();
        let is_word = |word: &String| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        };
        if !path.iter().all(is_word) {
            return Err(format!("`{name}` is no name: expected words with dots between them, such as `args.email`"));
        }
        Ok(Self { path, is_optional, is_urldecoded })
    }

    pub(crate) fn name(&self) -> String {
        self.path.join(".")
    }

    fn value(&self, values: &Value) -> Result<Option<Value>, NoValue> {
        match look(values, &self.path) {
            None | Some(Value::Null) if self.is_optional => Ok(None),
            None | Some(Value::Null) => Err(NoValue(self.name())),
            Some(found) if self.is_urldecoded => Ok(Some(Value::from(decoded(&plain(found))))),
            Some(found) => Ok(Some(found.clone())),
        }
    }

    fn text(&self, values: &Value) -> Result<String, NoValue> {
        Ok(self.value(values)?.map(|value| plain(&value)).unwrap_or_default())
    }
}

/// As it is written.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Slot(slot) => write!(f, "{{{{{}}}}}", slot.name()),
            Part::Text(text) => f.write_str(text),
        })
    }
}

/// What is at the end of these words.
pub(crate) fn look<'v>(values: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(values, |inside, word| match inside {
        Value::Array(items) => items.get(word.parse::<usize>().ok()?),
        Value::Object(members) => members.get(word),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    })
}

/// A value as it stands in a text: strings without quotes.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Percent-encoded, so that it stays one segment of a path or one value of a query.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Percent-decoded; a plus stays one, as cookies have it.
fn decoded(text: &str) -> String {
    form_urlencoded::parse(text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D").as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect()
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Spanned::<String>::deserialize(deserializer)?;
        let template = Self::parse(text.get_ref()).map_err(D::Error::custom)?;
        Ok(Self { at: text.span(), ..template })
    }
}

impl JsonSchema for Template {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Template".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "A text with placeholders, such as `{{args.email}}`." })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn values() -> Value {
        json!({ "args": { "n": 12, "who": "å/b c", "none": null, "list": [{ "x": 1 }] }, "url": "http://h/r", "cookie": { "X-T": "a%3D%2b+" } })
    }

    fn value(text: &str) -> Option<Value> {
        Template::parse(text).unwrap().value(&values()).unwrap()
    }

    #[test]
    fn a_lone_placeholder_keeps_its_type() {
        assert_eq!(value("{{args.n}}"), Some(json!(12)));
        assert_eq!(value("n={{ args.n }}"), Some(json!("n=12")));
        assert_eq!(value("{{args.list.0.x}}"), Some(json!(1)));
        assert_eq!(value("plain"), Some(json!("plain")));
        assert_eq!(value("{{cookie.X-T|urldecode}}"), Some(json!("a=++")));
    }

    #[test]
    fn what_is_absent_is_left_out_only_when_the_file_says_so() {
        assert_eq!(value("{{args.none?}}"), None);
        assert_eq!(value("{{nothing?}}"), None);
        assert_eq!(value("a{{nothing?}}"), Some(json!("a")));
        let missing = Template::parse("{{args.none}}").unwrap().value(&values()).unwrap_err();
        assert_eq!(
            missing.to_string(),
            "there is no value for `{{args.none}}`: capture it in an earlier step, or write `{{args.none?}}` to leave it out"
        );
    }

    #[test]
    fn addresses_are_encoded_behind_their_beginning() {
        let address = |text: &str| Template::parse(text).unwrap().address(&values()).unwrap();
        assert_eq!(address("{{url}}/x"), "http://h/r/x");
        assert_eq!(address("/p/{{args.who}}?u={{url}}"), "/p/%C3%A5%2Fb%20c?u=http%3A%2F%2Fh%2Fr");
    }

    #[test]
    fn mistakes_are_named() {
        for (text, problem) in [
            ("{{a", "has no end"),
            ("{{}}", "`` is no name"),
            ("{{a b}}", "`a b` is no name"),
            ("{{a|upper}}", "unknown filter `upper`"),
        ] {
            assert!(Template::parse(text).unwrap_err().contains(problem), "{text}");
        }
    }
}
