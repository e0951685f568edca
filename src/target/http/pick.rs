use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

use super::condition::OutcomeWord;
use super::seen::Seen;
use super::template::{Template, plain};
use super::words::{Path, Pattern, Selector};

/// Where a value comes from: a JSONPath into the answer, a text with placeholders, or a table that says more.
#[derive(Clone, Debug)]
pub(crate) struct Pick {
    pub(crate) from: From,
    is_optional: bool,
    missing: Option<Value>,
    absent: Option<OutcomeWord>,
    regex: Option<Pattern>,
    pub(crate) map: BTreeMap<String, String>,
    test: Option<Test>,
}

/// The place of a value.
#[derive(Clone, Debug)]
pub(crate) enum From {
    Body,
    Cookie(String),
    Header(String),
    Html { css: Selector, attr: Option<String> },
    Json(Path),
    Text(Template),
}

/// What is asked of a value, instead of the value itself.
#[derive(Clone, Debug)]
enum Test {
    Exists(bool),
    In(Vec<Value>),
}

/// A value, or what there is instead.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Picked {
    /// There is none, and there need not be.
    Absent,
    /// There is none, and that means something.
    Ends(OutcomeWord),
    /// The value.
    Value(Value),
}

/// Where a value comes from, in a table: exactly one of `path`, `value`, `cookie`, `header`, `css` and `regex`; `regex` goes with the others.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a JSONPath, a text with placeholders, or a table")]
#[schemars(rename = "Pick")]
struct WrittenPick {
    /// Into the JSON of the answer.
    path: Option<Path>,
    /// A text with placeholders.
    value: Option<Template>,
    /// A cookie that the answer set, or that is in the jar.
    cookie: Option<String>,
    /// A header of the answer.
    header: Option<String>,
    /// The first element that matches, in an answer of HTML.
    css: Option<Selector>,
    /// The attribute of that element; its text without one.
    attr: Option<String>,
    /// What the first group matches, in what was found or else in the whole body.
    regex: Option<Pattern>,
    /// The words of the target, and what they mean here. Any other word is an error.
    #[serde(default)]
    map: BTreeMap<String, String>,
    /// The value when there is none.
    #[schemars(with = "Option<serde_json::Value>")]
    missing: Option<Value>,
    /// There need not be a value.
    #[serde(default)]
    optional: bool,
    /// What it means when there is no value.
    absent: Option<OutcomeWord>,
    /// The value is whether there is one (or, with false, whether there is none).
    exists: Option<bool>,
    /// The value is whether it is one of these.
    #[serde(rename = "in")]
    #[schemars(with = "Option<Vec<serde_json::Value>>")]
    is_in: Option<Vec<Value>>,
}

impl Pick {
    /// The value in the answer.
    ///
    /// # Errors
    /// When there is none or more than one, or a word that the file does not know: a lower-case fragment.
    pub(crate) fn of(&self, seen: &Seen, values: &Value) -> Result<Picked, String> {
        let found = self.found(seen, values)?;
        match &self.test {
            Some(Test::Exists(wanted)) => return Ok(Picked::Value(Value::from(found.is_some() == *wanted))),
            Some(Test::In(list)) => {
                return Ok(Picked::Value(Value::from(found.is_some_and(|value| list.contains(&value)))));
            }
            None => {}
        }
        let Some(found) = found else {
            return match (&self.missing, self.absent, self.is_optional) {
                (Some(missing), _, _) => Ok(Picked::Value(missing.clone())),
                (None, Some(word), _) => Ok(Picked::Ends(word)),
                (None, None, true) => Ok(Picked::Absent),
                (None, None, false) => Err(format!(
                    "{} is not there: expected a value; where there may be none, say so with `optional = true` or `missing = …`",
                    self.from
                )),
            };
        };
        if self.map.is_empty() {
            return Ok(Picked::Value(found));
        }
        let word = plain(&found);
        match self.map.get(&word) {
            Some(meaning) => Ok(Picked::Value(Value::from(meaning.as_str()))),
            None => {
                let known: Vec<&str> = self.map.keys().map(String::as_str).collect();
                Err(format!(
                    "{} says `{word}`: expected one of {}; if it is a word of the target's, add it to `map`",
                    self.from,
                    known.join(", ")
                ))
            }
        }
    }

    /// The same without the words of `map`: what the target says itself where the map does not know it.
    pub(crate) fn of_open_map(&self, seen: &Seen, values: &Value) -> Result<Picked, String> {
        let picked = Self { map: BTreeMap::new(), ..self.clone() }.of(seen, values)?;
        Ok(match picked {
            Picked::Value(value) => {
                let meaning = self.map.get(&plain(&value)).map(|meaning| Value::from(meaning.as_str()));
                Picked::Value(meaning.unwrap_or(value))
            }
            Picked::Absent | Picked::Ends(_) => picked,
        })
    }

    /// The text with placeholders, where it is one.
    pub(crate) fn template(&self) -> Option<&Template> {
        match &self.from {
            From::Text(template) => Some(template),
            From::Body | From::Cookie(_) | From::Header(_) | From::Html { .. } | From::Json(_) => None,
        }
    }

    fn found(&self, seen: &Seen, values: &Value) -> Result<Option<Value>, String> {
        let text = |found: Option<&str>| found.map(|text| Value::from(text.to_owned()));
        let found = match &self.from {
            From::Body => Some(Value::from(seen.text.clone())),
            From::Cookie(name) => text(seen.cookies.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())),
            From::Header(name) => text(seen.header(name)),
            From::Html { css, attr } => html(&seen.text, css, attr.as_deref()).map(Value::from),
            From::Json(path) => {
                let json = seen.json.as_ref().ok_or_else(|| format!("the body is no JSON: expected `{path}` in it"))?;
                path.one(json)?.cloned()
            }
            From::Text(template) => template.value(values).map_err(|error| error.to_string())?,
        };
        Ok(match &self.regex {
            None => found,
            Some(regex) => found.and_then(|value| regex.find(&plain(&value)).map(Value::from)),
        })
    }
}

fn html(text: &str, css: &Selector, attr: Option<&str>) -> Option<String> {
    let document = scraper::Html::parse_document(text);
    let element = document.select(&css.0).next()?;
    match attr {
        Some(name) => element.attr(name).map(str::to_owned),
        None => Some(element.text().collect::<String>().trim().to_owned()),
    }
}

impl TryFrom<WrittenPick> for Pick {
    type Error = &'static str;

    fn try_from(written: WrittenPick) -> Result<Self, &'static str> {
        const ONE: &str = "expected exactly one of `path`, `value`, `cookie`, `header`, `css` and `regex`";
        if written.attr.is_some() && written.css.is_none() {
            return Err("`attr` is of an element: expected `css` beside it");
        }
        let attr = written.attr;
        let mut places = [
            written.path.map(From::Json),
            written.value.map(From::Text),
            written.cookie.map(From::Cookie),
            written.header.map(From::Header),
            written.css.map(|css| From::Html { css, attr }),
        ]
        .into_iter()
        .flatten();
        let from = match (places.next(), places.next(), &written.regex) {
            (Some(from), None, _) => from,
            (None, None, Some(_)) => From::Body,
            (Some(_), Some(_), _) | (None, _, _) => return Err(ONE),
        };
        let test = match (written.exists, written.is_in) {
            (Some(wanted), None) => Some(Test::Exists(wanted)),
            (None, Some(list)) => Some(Test::In(list)),
            (None, None) => None,
            (Some(_), Some(_)) => return Err("`exists` and `in` exclude each other"),
        };
        Ok(Self {
            from,
            is_optional: written.optional,
            missing: written.missing,
            absent: written.absent,
            regex: written.regex,
            map: written.map,
            test,
        })
    }
}

impl<'de> Deserialize<'de> for Pick {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = WrittenPick;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSONPath, a text with placeholders, or a table")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<WrittenPick, E> {
                let one = serde::de::value::StrDeserializer::<E>::new(text);
                if text.starts_with('$') {
                    Ok(WrittenPick { path: Some(Path::deserialize(one)?), ..WrittenPick::default() })
                } else {
                    let value = Some(Template::parse(text).map_err(E::custom)?);
                    Ok(WrittenPick { value, ..WrittenPick::default() })
                }
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WrittenPick, A::Error> {
                WrittenPick::deserialize(MapAccessDeserializer::new(map))
            }
        }
        Self::try_from(deserializer.deserialize_any(Form)?).map_err(D::Error::custom)
    }
}

impl JsonSchema for Pick {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PickOrText".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<WrittenPick>();
        json_schema!({ "anyOf": [{ "type": "string", "examples": ["$.data.id", "{{id}}"] }, table] })
    }
}

impl fmt::Display for From {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body => f.write_str("what the pattern shall match"),
            Self::Cookie(name) => write!(f, "the cookie `{name}`"),
            Self::Header(name) => write!(f, "the header `{name}`"),
            Self::Html { .. } => f.write_str("the element of the CSS selector"),
            Self::Json(path) => write!(f, "`{path}`"),
            Self::Text(_) => f.write_str("the text"),
        }
    }
}
