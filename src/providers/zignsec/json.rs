//! JSON as bytes: the forms in which it is written, and what only bytes can say wrong.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How a webhook's JSON is written. Undocumented; a receiver that signs what it re-serialised breaks on the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WebhookBody {
    /// No white space, UTF-8.
    #[default]
    Compact,
    /// As compact, beyond ASCII as `\u`.
    Escaped,
    /// Indented, with CRLF.
    Pretty,
}

/// A body in one of the forms a webhook has; a result is compact.
pub(in crate::providers) fn written(body: &impl Serialize, form: WebhookBody) -> Vec<u8> {
    // A structure of texts and numbers always has a JSON form.
    match form {
        WebhookBody::Compact => serde_json::to_vec(body).unwrap_or_default(),
        WebhookBody::Escaped => escaped(&serde_json::to_string(body).unwrap_or_default()).into_bytes(),
        WebhookBody::Pretty => pretty(body).into_bytes(),
    }
}

/// The same JSON in bytes that differ from those of [`written`].
pub(in crate::providers) fn reserialised(body: &impl Serialize, form: WebhookBody) -> Vec<u8> {
    match form {
        WebhookBody::Compact | WebhookBody::Escaped => escaped(&pretty(body)).into_bytes(),
        WebhookBody::Pretty => escaped(&serde_json::to_string(body).unwrap_or_default()).into_bytes(),
    }
}

fn pretty(body: &impl Serialize) -> String {
    serde_json::to_string_pretty(body).unwrap_or_default().replace('\n', "\r\n")
}

/// Beyond ASCII as `\u`: such characters stand only inside JSON texts.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 32);
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// The first member of this key whose value is a text without escapes: where it stands, and where its value with the quotes does.
///
/// Inside a JSON text a quote has a backslash before it, so that the quoted key is found only where it is a key.
fn member(json: &[u8], key: &str) -> Option<(Range<usize>, Range<usize>)> {
    let quoted = format!("\"{key}\":");
    let places = json.windows(quoted.len()).enumerate().filter(|(_, window)| *window == quoted.as_bytes());
    places.map(|(start, _)| start).find_map(|start| {
        let blank = json[start + quoted.len()..].iter().take_while(|byte| **byte == b' ').count();
        let opens = start + quoted.len() + blank;
        let text = json[opens..].strip_prefix(b"\"")?;
        let closes = opens + 1 + text.iter().position(|byte| *byte == b'"')?;
        Some((start..closes + 1, opens..closes + 1))
    })
}

/// The member of the first of these keys that there is, twice: with another value first. `None` without any.
pub(in crate::providers) fn doubled(json: &[u8], keys: &[&str], other: &str) -> Option<Vec<u8>> {
    let (whole, value) = keys.iter().find_map(|key| member(json, key))?;
    let forged = format!("\"{other}\",");
    Some([&json[..value.start], forged.as_bytes(), &json[whole.start..]].concat())
}

/// The same member with a list for its value, in which the value is.
pub(in crate::providers) fn listed(json: &[u8], keys: &[&str]) -> Option<Vec<u8>> {
    let (_, value) = keys.iter().find_map(|key| member(json, key))?;
    Some([&json[..value.start], b"[", &json[value.clone()], b"]", &json[value.end..]].concat())
}

/// One digit changed: the last one in the value of the first of these keys that has one.
pub(in crate::providers) fn altered(json: &[u8], keys: &[&str]) -> Vec<u8> {
    let digit = |key: &&str| {
        let (_, value) = member(json, key)?;
        let at = json[value.clone()].iter().rposition(u8::is_ascii_digit)?;
        Some(value.start + at)
    };
    let mut altered = json.to_vec();
    if let Some(at) = keys.iter().find_map(digit) {
        altered[at] = if altered[at] == b'9' { b'0' } else { altered[at] + 1 };
    }
    altered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_member_with_a_text_is_meant_and_the_honest_value_stands_last() {
        let json = br#"{"ssn":{"country":"SE","ssn": "12"},"id":"x"}"#;
        let text = |json: Option<Vec<u8>>| json.map(|json| String::from_utf8(json).unwrap());
        let twice = r#"{"ssn":{"country":"SE","ssn": "9","ssn": "12"},"id":"x"}"#;
        assert_eq!(text(doubled(json, &["none", "ssn"], "9")).as_deref(), Some(twice));
        let list = r#"{"ssn":{"country":"SE","ssn": ["12"]},"id":"x"}"#;
        assert_eq!(text(listed(json, &["ssn"])).as_deref(), Some(list));
        let other = r#"{"ssn":{"country":"SE","ssn": "13"},"id":"x"}"#;
        assert_eq!(text(Some(altered(json, &["id", "ssn"]))).as_deref(), Some(other));
        assert_eq!(text(doubled(json, &["none"], "9")), None);
    }
}
