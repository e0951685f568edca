//! JSON in which every name stands once. RFC 8259, section 4, leaves open what two of the same name mean, so they mean nothing.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Error};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// What was read.
#[derive(Debug)]
pub(super) struct Read {
    /// The value; of names that stand twice, the last.
    pub(super) value: Value,
    /// Whether a name stands twice in one object, anywhere.
    pub(super) has_twins: bool,
}

/// Reads one JSON value and nothing after it.
pub(super) fn parse(bytes: &[u8]) -> Result<Read, serde_json::Error> {
    let twins = Cell::new(false);
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Watch(&twins).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(Read { value, has_twins: twins.get() })
}

#[derive(Clone, Copy)]
struct Watch<'a>(&'a Cell<bool>);

impl<'de> DeserializeSeed<'de> for Watch<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Watch<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            let value = object.next_value_seed(self)?;
            if members.insert(name, value).is_some() {
                self.0.set(true);
            }
        }
        Ok(members.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_are_found_at_any_depth_and_everything_else_reads_as_usual() {
        for (text, has_twins) in [
            (r#"{"a":1,"b":[null,true,-2,1.5,"x\u00f6"],"c":{"a":{}}}"#, false),
            (r#"{"a":1,"a":1}"#, true),
            (r#"{"a":[{"b":1,"c":2,"b":3}]}"#, true),
            (r#"{"a":1,"\u0061":2}"#, true),
            (r#"{"a":1,"A":2}"#, false),
        ] {
            let read = parse(text.as_bytes()).unwrap();
            assert_eq!(read.has_twins, has_twins, "{text}");
            assert_eq!(read.value, serde_json::from_str::<Value>(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        let deep = "[".repeat(100_000);
        for text in
            ["", " ", "<html>", "{\"a\":1", "{}{}", "{} x", "\u{feff}{}", "{'a':1}", "NaN", "\"\\ud800\"", &deep]
        {
            assert!(parse(text.as_bytes()).is_err(), "{}", &text[..text.len().min(20)]);
        }
        assert!(parse(b"\"\xff\"").is_err());
    }
}
