//! The small words of a target file: paths into JSON, sets of HTTP statuses, periods, patterns.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde_json::Value;
use serde_json_path::JsonPath;

/// A JSONPath (RFC 9535).
#[derive(Clone, Debug)]
pub(crate) struct Path {
    text: String,
    path: JsonPath,
}

/// A set of HTTP statuses: `202`, `[401, 419]`, `"4xx"`, `"400-499"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statuses(Vec<RangeInclusive<u16>>);

/// A period such as `250ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period(pub(crate) Duration);

/// A regular expression; what its first group matches is meant, else what it matches.
#[derive(Clone, Debug)]
pub(crate) struct Pattern(Regex);

/// A CSS selector.
#[derive(Clone, Debug)]
pub(crate) struct Selector(pub(crate) scraper::Selector);

impl Path {
    /// What it leads to, in the order of the document.
    pub(crate) fn all<'v>(&self, body: &'v Value) -> Vec<&'v Value> {
        self.path.query(body).all()
    }

    /// The one value it leads to; null is none.
    pub(crate) fn one<'v>(&self, body: &'v Value) -> Result<Option<&'v Value>, String> {
        match self.all(body).as_slice() {
            [] | [Value::Null] => Ok(None),
            [one] => Ok(Some(one)),
            several => Err(format!("`{}` leads to {} values: expected one", self.text, several.len())),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Statuses {
    pub(crate) fn contains(&self, status: u16) -> bool {
        self.0.iter().any(|range| range.contains(&status))
    }

    pub(crate) fn success() -> Self {
        Self(vec![200..=299])
    }

    fn of_number(number: i64) -> Result<RangeInclusive<u16>, String> {
        let status = u16::try_from(number).ok().filter(|status| (100..=599).contains(status));
        status.map(|status| status..=status).ok_or_else(|| format!("`{number}` is no HTTP status: expected 100 to 599"))
    }

    fn of_text(text: &str) -> Result<RangeInclusive<u16>, String> {
        let wrong = || format!("`{text}` is no set of HTTP statuses: expected one such as 404, \"4xx\" or \"400-499\"");
        if let Some(class) = text.strip_suffix("xx") {
            let class: u16 = class.parse().ok().filter(|class| (1..=5).contains(class)).ok_or_else(wrong)?;
            return Ok(class * 100..=class * 100 + 99);
        }
        let (low, high) = text.split_once('-').unwrap_or((text, text));
        let one = |text: &str| text.trim().parse().map_err(|_| wrong()).and_then(Self::of_number);
        Ok(*one(low)?.start()..=*one(high)?.end())
    }
}

impl fmt::Display for Statuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, range) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            if range.start() == range.end() {
                write!(f, "{comma}{}", range.start())?;
            } else {
                write!(f, "{comma}{} to {}", range.start(), range.end())?;
            }
        }
        Ok(())
    }
}

impl Pattern {
    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<&'t str> {
        let found = self.0.captures(text)?;
        found.get(1).or_else(|| found.get(0)).map(|part| part.as_str())
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match JsonPath::parse(&text) {
            Ok(path) => Ok(Self { text, path }),
            Err(error) => Err(D::Error::custom(format!("not a JSONPath: {error}; expected one such as `$.data.id`"))),
        }
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        humantime::parse_duration(&text).map(Self).map_err(|error| {
            D::Error::custom(format!("not a period: {error}; expected one such as \"250ms\" or \"5s\""))
        })
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let last = |error: regex::Error| error.to_string().lines().last().unwrap_or_default().to_owned();
        Regex::new(&text)
            .map(Self)
            .map_err(|error| D::Error::custom(format!("not a regular expression: {}", last(error))))
    }
}

impl<'de> Deserialize<'de> for Selector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        scraper::Selector::parse(&text)
            .map(Self)
            .map_err(|_| D::Error::custom("not a CSS selector: expected one such as `input[name=_token]`"))
    }
}

impl<'de> Deserialize<'de> for Statuses {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = Statuses;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("HTTP statuses such as 202, [401, 419], \"4xx\" or \"400-499\"")
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Statuses, E> {
                Statuses::of_number(number).map(|range| Statuses(vec![range])).map_err(E::custom)
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Statuses, E> {
                Statuses::of_text(text).map(|range| Statuses(vec![range])).map_err(E::custom)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Statuses, A::Error> {
                let mut all = Vec::new();
                while let Some(one) = seq.next_element::<Statuses>()? {
                    all.extend(one.0);
                }
                Ok(Statuses(all))
            }
        }
        deserializer.deserialize_any(Form)
    }
}

/// Texts in the schema, with an example of each.
macro_rules! text_schema {
    ($($type:ident: $example:literal),*) => {$(
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "examples": [$example] })
            }
        }
    )*};
}

text_schema!(Path: "$.data.id", Period: "250ms", Pattern: "/room/([A-Za-z0-9_-]+)", Selector: "input[name=_token]");

impl JsonSchema for Statuses {
    fn schema_name() -> Cow<'static, str> {
        "Statuses".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let one = serde_json::json!([{ "type": "integer", "minimum": 100, "maximum": 599 }, { "type": "string" }]);
        json_schema!({ "anyOf": [one[0], one[1], { "type": "array", "items": { "anyOf": one } }], "examples": [202, "4xx", [401, 419]] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, String> {
        T::deserialize(toml::de::ValueDeserializer::parse(text).unwrap()).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn statuses_are_numbers_classes_and_ranges() {
        let statuses: Statuses = read("[202, '4xx', '500-502']").unwrap();
        assert_eq!([202, 203, 404, 502, 503].map(|status| statuses.contains(status)), [true, false, true, true, false]);
        assert_eq!(statuses.to_string(), "202, 400 to 499, 500 to 502");
        assert!(read::<Statuses>("99").unwrap_err().contains("no HTTP status"));
        assert!(read::<Statuses>("'6xx'").unwrap_err().contains("no set of HTTP statuses"));
    }

    #[test]
    fn a_path_leads_to_one_value_or_to_a_mistake() {
        let path: Path = read("'$.a[*]'").unwrap();
        assert_eq!(path.one(&serde_json::json!({ "a": [1] })), Ok(Some(&Value::from(1))));
        assert_eq!(path.one(&serde_json::json!({ "a": [null] })), Ok(None));
        assert!(path.one(&serde_json::json!({ "a": [1, 2] })).unwrap_err().contains("leads to 2 values"));
        assert!(read::<Path>("'a.b'").unwrap_err().contains("not a JSONPath"));
    }

    #[test]
    fn patterns_and_periods_name_their_mistakes() {
        assert_eq!(read::<Pattern>("'/r/([a-z]+)'").unwrap().find("http://x/r/abc?1"), Some("abc"));
        assert!(read::<Pattern>("'('").unwrap_err().contains("not a regular expression"));
        assert!(read::<Period>("'fast'").unwrap_err().contains("not a period"));
        assert!(read::<Selector>("'['").unwrap_err().contains("not a CSS selector"));
    }
}
