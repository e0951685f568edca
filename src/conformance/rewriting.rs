//! The same content in other bytes: what notifications look like when somebody has had them in hands. Works on any JSON object, and leaves
//! what is none as it is.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use url::Url;

/// Every member of both objects, the second's last.
pub(super) fn merged(first: &str, second: &str) -> String {
    match (first.trim().strip_suffix('}'), second.trim().strip_prefix('{')) {
        (Some(first), Some(second)) => format!("{first},{second}"),
        (Some(_) | None, Some(_) | None) => second.to_owned(),
    }
}

/// The object with these members at its end.
pub(super) fn with_members(object: &str, members: &[(&str, &str)]) -> String {
    let members: Map<String, Value> =
        members.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    merged(object, &Value::Object(members).to_string())
}

/// Other white space and escapes: every reader of JSON finds the same in it, in the same order.
pub(super) fn respelt(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut chars = json.chars();
    let mut inside = false;
    while let Some(c) = chars.next() {
        match (inside, c) {
            (true, '\\') => {
                // An escape stays whole: four digits follow the `u`.
                let escape = chars.next().unwrap_or('\\');
                out.extend(['\\', escape]);
                out.extend(chars.by_ref().take(if escape == 'u' { 4 } else { 0 }));
            }
            (_, '"') => {
                inside = !inside;
                out.push(c);
            }
            (true, c) if !c.is_ascii() || c == '1' => {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| _ = write!(out, "\\u{unit:04X}"));
            }
            (true, c) => out.push(c),
            (false, '{' | '[' | ',') => out.extend([c, '\r', '\n', '\t']),
            (false, ':') => out.extend([' ', c, ' ']),
            (false, c) => out.push(c),
        }
    }
    out
}

/// The members in another order, and some that nobody knows among them.
pub(super) fn rearranged(object: &str) -> String {
    let Ok(Value::Object(members)) = serde_json::from_str(object) else { return object.to_owned() };
    let mut other = Map::new();
    other.insert("$schema".to_owned(), Value::Null);
    other.extend(members.into_iter().rev());
    other.insert("extension".to_owned(), serde_json::json!({ "nested": [1, { "länge": "ä" }], "none": null }));
    Value::Object(other).to_string()
}

/// The members of an object as texts; nested ones as JSON.
pub(super) fn members(object: &str) -> Vec<(String, String)> {
    let Ok(Value::Object(members)) = serde_json::from_str(object) else { return Vec::new() };
    members.into_iter().map(|(name, value)| (name, plain(&value))).collect()
}

/// The address with these pairs added to its query.
pub(super) fn with_query(url: &str, pairs: &[(String, String)]) -> String {
    let Ok(mut url) = Url::parse(url) else { return url.to_owned() };
    url.query_pairs_mut().extend_pairs(pairs);
    url.into()
}

/// The same content as XML.
pub(super) fn xml(object: &str) -> String {
    let value: Value = serde_json::from_str(object).unwrap_or_default();
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned();
    element("notification", &value, &mut out);
    out
}

fn element(name: &str, value: &Value, out: &mut String) {
    // Names of members are letters, digits and low lines; anything else would be no name of an element.
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    _ = write!(out, "<{name}>");
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| element(name, value, out)),
        Value::Array(items) => items.iter().for_each(|item| element("item", item, out)),
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {
            out.push_str(&plain(value).replace('&', "&amp;").replace('<', "&lt;"));
        }
    }
    _ = write!(out, "</{name}>");
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"id":"4f1","errors":[],"identity":{"name":"Åsa \"1\" \u00411","age":41}}"#;

    fn read(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn other_bytes_are_the_same_content_in_the_same_order() {
        let other = respelt(BODY);
        assert_ne!(other, BODY);
        assert!(other.contains("\\u00C5sa \\\"\\u0031\\\" \\u0041\\u0031") && other.contains(" : "), "{other}");
        assert_eq!(read(&other).to_string(), read(BODY).to_string());
    }

    #[test]
    fn what_is_rearranged_holds_the_same_and_more() {
        let other = rearranged(BODY);
        assert!(other.find("identity") < other.find("errors"), "{other}");
        for (name, value) in read(BODY).as_object().unwrap() {
            assert_eq!(&read(&other)[name], value);
        }
    }

    #[test]
    fn of_two_members_the_last_one_is_the_seconds() {
        assert_eq!(merged(r#"{"a":1}"#, r#"{"a":2,"b":3}"#), r#"{"a":1,"a":2,"b":3}"#);
        assert_eq!(with_members(r#"{"a":1}"#, &[("b", "c")]), r#"{"a":1,"b":"c"}"#);
    }

    #[test]
    fn the_content_goes_into_queries_and_xml() {
        assert_eq!(
            with_query("http://h/p?x=1", &members(r#"{"a":"b c","d":{"e":1}}"#)),
            "http://h/p?x=1&a=b+c&d=%7B%22e%22%3A1%7D"
        );
        assert!(xml(BODY).ends_with("<identity><name>Åsa \"1\" A1</name><age>41</age></identity></notification>"));
    }
}
