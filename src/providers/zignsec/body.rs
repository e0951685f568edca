//! A request body as names and values: form or JSON, whichever it is, not whichever it says.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::problem::Problem;
use crate::identity::mask;
use crate::simulation::{Note, NoteKind};

/// A value as it was sent. Nothing is merged: a name that stands twice is there twice.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::providers) enum Given<'a> {
    /// `true` or `false` in JSON.
    Flag(bool),
    /// `[…]`; no field takes one.
    List,
    /// `null`.
    Null,
    /// A JSON number, as text.
    Number(String),
    /// `{…}`.
    Object(Pairs<'a>),
    /// A text; all that a form can hold.
    Text(Cow<'a, str>),
}

/// Names and values in the order sent.
pub(in crate::providers) type Pairs<'a> = Vec<(Cow<'a, str>, Given<'a>)>;

/// Reads a body, and says whether its format was another than announced.
///
/// # Errors
/// When it is no object in JSON. Anything is a form.
pub(in crate::providers) fn read<'a>(
    content_type: Option<&str>,
    body: &'a [u8],
) -> Result<(Pairs<'a>, Option<Note>), Problem> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    let says_json = content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("json"));
    let is_json = body.starts_with(b"{");
    if body.is_empty() {
        return Ok((Vec::new(), None));
    }
    if !says_json && !is_json {
        let pairs = form_urlencoded::parse(body).map(|(name, value)| (name, Given::Text(value))).collect();
        return Ok((pairs, None));
    }
    let note = (!says_json).then(|| {
        let text = "the body is JSON and was read as such; its Content-Type does not say application/json";
        Note::new(NoteKind::BodyFormat, text)
    });
    let pairs = object(body).map_err(|problem| {
        let description =
            format!("{}; a form needs Content-Type application/x-www-form-urlencoded", problem.description);
        if problem.description.starts_with(NOT_JSON) {
            Problem { description: description.into(), ..problem }
        } else {
            problem
        }
    })?;
    Ok((pairs, note))
}

/// The members of a JSON object.
///
/// # Errors
/// When it is none.
pub(in crate::providers) fn object(json: &[u8]) -> Result<Pairs<'_>, Problem> {
    match serde_json::from_slice(json) {
        Ok(Given::Object(pairs)) => Ok(pairs),
        Ok(Given::Flag(_) | Given::List | Given::Null | Given::Number(_) | Given::Text(_)) => {
            Err(Problem::request("the body is not a JSON object: expected {\"name\": value, …}"))
        }
        // The parser's own words may repeat what was sent; place and kind do not.
        Err(error) => {
            Err(Problem::request(format!("{NOT_JSON}: mistake at line {}, column {}", error.line(), error.column())))
        }
    }
}

/// A name as it may be repeated: short, and without anything that looks like a number.
pub(in crate::providers) fn shown(name: &str) -> String {
    mask(&name.chars().take(LONGEST_NAME).collect::<String>()).into_owned()
}

/// Characters. Longer names are not compared with the known ones either: the measure is quadratic.
pub(in crate::providers) const LONGEST_NAME: usize = 60;

impl Given<'_> {
    /// Whether it amounts to nothing: `null`, an empty text, `false`.
    pub(in crate::providers) fn is_nothing(&self) -> bool {
        match self {
            Self::Flag(flag) => !flag,
            Self::Null => true,
            Self::Text(text) => text.is_empty() || text.eq_ignore_ascii_case("false"),
            Self::List | Self::Number(_) | Self::Object(_) => false,
        }
    }
}

impl<'de> Deserialize<'de> for Given<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Given<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Given::Flag(flag))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Given::Null)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Given::Number(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Given::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Given::Number(number.to_string()))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Given::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Given::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Given::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some((name, value)) = map.next_entry::<Name<'de>, Given<'de>>()? {
            pairs.push((name.0, value));
        }
        Ok(Given::Object(pairs))
    }
}

const NOT_JSON: &str = "the body is not JSON";

/// `Cow` borrows only where an attribute says so.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Given<'_> {
        Given::Text(text.into())
    }

    #[test]
    fn a_form_and_json_hold_the_same() {
        let (form, note) = read(Some("application/x-www-form-urlencoded"), b"a=1&b=%C3%A5+x").unwrap();
        assert_eq!(form, [("a".into(), text("1")), ("b".into(), text("å x"))]);
        assert_eq!(note, None);
        let (json, note) =
            read(Some("Application/JSON; charset=utf-8"), "{\"a\":\"1\",\"b\":\"å x\"}".as_bytes()).unwrap();
        assert_eq!(json, form);
        assert_eq!(note, None);
    }

    #[test]
    fn json_under_a_form_type_is_json_and_noted() {
        let (pairs, note) =
            read(Some("application/x-www-form-urlencoded"), b" {\"a\":true,\"a\":{\"b\":null}}").unwrap();
        let inner = Given::Object(vec![("b".into(), Given::Null)]);
        assert_eq!(pairs, [("a".into(), Given::Flag(true)), ("a".into(), inner)]);
        assert_eq!(note.map(|note| note.kind), Some(NoteKind::BodyFormat));
    }

    #[test]
    fn a_name_is_repeated_without_numbers() {
        assert_eq!(shown("198501012382"), "************");
        assert_eq!(shown("38709149810"), "***********");
        assert_eq!(shown(&"x".repeat(100)).len(), LONGEST_NAME);
    }

    #[test]
    fn what_is_no_json_is_refused_without_repeating_it() {
        for body in ["{\"personalnumber\":198501012382", "[1]", "\"198501012382\"", "{198501012382}"] {
            let problem = read(Some("application/json"), body.as_bytes()).unwrap_err();
            assert!(!problem.description.contains("1985"), "{problem:?}");
        }
        assert_eq!(read(Some("application/json"), b" ").unwrap().0, []);
    }
}
