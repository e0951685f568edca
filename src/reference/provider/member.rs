//! Members of an answer: what may stand there, and what of it may be told.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// A body that is no result, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable(pub(super) &'static str);

/// The codes in `errors`. "If no errors occur, then this object is empty."
///
/// What is no word of letters is told as `OTHER`: descriptions, and what stands in place of a code, can hold a number.
pub(super) fn codes(errors: Option<&Value>) -> Result<Vec<String>, Contradiction> {
    let entries = match errors {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Object(object)) if object.is_empty() => return Ok(Vec::new()),
        Some(Value::Array(entries)) => entries,
        Some(_) => return Err(Contradiction("errors is no list")),
    };
    let is_word = |code: &&str| code.len() <= 40 && code.bytes().all(|b| b.is_ascii_alphabetic() || b"_ ".contains(&b));
    let word = |entry: &Value| entry.get("code").and_then(Value::as_str).filter(is_word).unwrap_or("OTHER").to_owned();
    let mut codes: Vec<_> = entries.iter().take(MOST_CODES).map(word).collect();
    codes.dedup();
    Ok(codes)
}

/// Something that no document allows, in words without values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Contradiction(pub(super) &'static str);

/// A member that is a text; absent, `null` and blank are one. The words of the error are about it without naming it.
pub(super) fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Contradiction> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
        Some(_) => Err(Contradiction("a member that should be a text is none")),
    }
}

/// Names of methods and providers are kept and shown: only what looks like one.
pub(super) fn name_of(text: Option<&str>) -> String {
    let is_name = |text: &&str| {
        text.len() <= 40
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-/ .".contains(&b))
            && text.bytes().filter(u8::is_ascii_digit).count() < 6
    };
    // What is no name is no known one, which is all that is asked of it.
    text.map_or_else(String::new, |text| Some(text).filter(is_name).unwrap_or("unreadable").to_owned())
}

/// `----`, `000000000000`, `N/A`, `********`: something stands there, but no number.
pub(super) fn is_placeholder(number: &str) -> bool {
    !number.bytes().any(|b| matches!(b, b'1'..=b'9'))
}

/// Whether two names differ in case alone.
pub(super) fn has_variants(object: &Map<String, Value>) -> bool {
    let mut seen = HashSet::with_capacity(object.len());
    !object.keys().all(|name| seen.insert(name.to_ascii_lowercase()))
}

const MOST_CODES: usize = 16;
