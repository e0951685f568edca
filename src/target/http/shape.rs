use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use toml::Spanned;

use super::template::{NoValue, Template, look};

/// JSON with placeholders.
///
/// The member `"..."` merges the members of its value into the object, those that are there already too; an object of `each` and `item`
/// becomes a list, with `{{item.…}}` for each element of the list that `each` names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Each { list: Template, item: Box<Self> },
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
    Plain(Value),
    Text(Template),
}

impl Shape {
    /// The JSON. None when it is to be left out.
    pub(crate) fn fill(&self, values: &Value) -> Result<Option<Value>, NoValue> {
        Ok(Some(match self {
            Self::Each { list, item } => {
                let name = list.text(&Value::Null)?.unwrap_or_default();
                let path: Vec<String> = name.split('.').map(str::to_owned).collect();
                let list = look(values, &path).and_then(Value::as_array).ok_or(NoValue(name))?;
                let filled = list.iter().map(|element| item.fill(&with(values, "item", element.clone())));
                Value::Array(filled.filter_map(Result::transpose).collect::<Result<_, _>>()?)
            }
            Self::List(items) => {
                let filled = items.iter().map(|item| item.fill(values));
                Value::Array(filled.filter_map(Result::transpose).collect::<Result<_, _>>()?)
            }
            Self::Object(members) => {
                let mut object = Map::new();
                let mut further = Map::new();
                for (name, shape) in members {
                    match (name.as_str(), shape.fill(values)?) {
                        (_, None) => {}
                        ("...", Some(Value::Object(more))) => further.extend(more),
                        ("...", Some(other)) => further.extend(pairs(&other)),
                        (name, Some(value)) => {
                            object.insert(name.to_owned(), value);
                        }
                    }
                }
                // Whatever order the file has: what a hostile sender adds shall replace what is there.
                object.extend(further);
                Value::Object(object)
            }
            Self::Plain(value) => value.clone(),
            Self::Text(template) => return template.value(values),
        }))
    }

    /// The placeholders in it, with their places.
    pub(crate) fn templates<'s>(&'s self, found: &mut Vec<&'s Template>) {
        match self {
            Self::Each { item, .. } => item.templates(found),
            Self::List(items) => items.iter().for_each(|item| item.templates(found)),
            Self::Object(members) => members.iter().for_each(|(_, shape)| shape.templates(found)),
            Self::Plain(_) => {}
            Self::Text(template) => found.push(template),
        }
    }

    fn placed(mut self, at: std::ops::Range<usize>) -> Self {
        if let Self::Text(template) = &mut self {
            template.at = at;
        }
        self
    }
}

/// The values with one more.
pub(crate) fn with(values: &Value, name: &str, value: Value) -> Value {
    let mut all = values.as_object().cloned().unwrap_or_default();
    all.insert(name.to_owned(), value);
    Value::Object(all)
}

/// A list of names and values, as headers are handed over.
fn pairs(list: &Value) -> impl Iterator<Item = (String, Value)> {
    list.as_array().into_iter().flatten().filter_map(|pair| match pair.as_array().map(Vec::as_slice) {
        Some([Value::String(name), value]) => Some((name.clone(), value.clone())),
        Some(_) | None => None,
    })
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = Shape;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON: a text, a number, true or false, a list or a table")
            }
            fn visit_bool<E: Error>(self, yes: bool) -> Result<Shape, E> {
                Ok(Shape::Plain(Value::from(yes)))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Shape, E> {
                Ok(Shape::Plain(Value::from(number)))
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Shape, E> {
                Ok(Shape::Plain(Value::from(number)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Shape, E> {
                Template::parse(text).map(Shape::Text).map_err(E::custom)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Shape, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element::<Spanned<Shape>>()? {
                    let at = item.span();
                    items.push(item.into_inner().placed(at));
                }
                Ok(Shape::List(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Shape, A::Error> {
                let mut members = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    let value = map.next_value::<Spanned<Shape>>()?;
                    let at = value.span();
                    members.push((name, value.into_inner().placed(at)));
                }
                each(members).map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_any(Form)
    }
}

/// The table as a list, where it is one.
fn each(mut members: Vec<(String, Shape)>) -> Result<Shape, &'static str> {
    let Some(at) = members.iter().position(|(name, _)| name == "each") else { return Ok(Shape::Object(members)) };
    let (_, list) = members.remove(at);
    match (list, members.pop(), members.is_empty()) {
        (Shape::Text(list), Some((name, item)), true) if name == "item" && list.slots().next().is_none() => {
            Ok(Shape::Each { list, item: Box::new(item) })
        }
        _ => {
            Err("a list is made by `each`, the name of a list such as \"args.participants\", and `item`, nothing else")
        }
    }
}

impl JsonSchema for Shape {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Json".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "JSON; its texts may hold placeholders. The member `...` merges an object; `{ each, item }` makes a list." })
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    fn filled(text: &str) -> Value {
        let shape = Shape::deserialize(toml::de::ValueDeserializer::parse(text).unwrap()).unwrap();
        let values = json!({ "args": { "list": [{ "a": 1 }, {}], "more": { "b": 2, "c": 3 }, "pairs": [["H", "v"]] } });
        shape.fill(&values).unwrap().unwrap()
    }

    #[test]
    fn optional_members_go_and_lists_are_made_of_lists() {
        assert_eq!(filled("{ x = '{{nothing?}}', y = [1, '{{nothing?}}', true] }"), json!({ "y": [1, true] }));
        assert_eq!(filled("{ each = 'args.list', item = { a = '{{item.a?}}' } }"), json!([{ "a": 1 }, {}]));
    }

    #[test]
    fn further_members_are_merged_and_win() {
        assert_eq!(filled("{ b = 1, '...' = '{{args.more}}' }"), json!({ "b": 2, "c": 3 }));
        assert_eq!(filled("{ '...' = '{{args.pairs}}' }"), json!({ "H": "v" }));
        assert_eq!(filled("{ b = 1, '...' = '{{args.nothing?}}' }"), json!({ "b": 1 }));
    }
}
