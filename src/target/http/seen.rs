use serde_json::Value;

use crate::dial::Answer;

/// An answer, as captures, conditions and results look at it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// The HTTP status; 0 for a part of an answer.
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
    /// None when the body is no JSON.
    pub(crate) json: Option<Value>,
    /// The cookies that the jar then holds for the address.
    pub(crate) cookies: Vec<(String, String)>,
}

impl Seen {
    pub(crate) fn of_answer(answer: &Answer, cookies: Vec<(String, String)>) -> Self {
        Self {
            status: answer.status,
            headers: headers(&answer.headers),
            text: String::from_utf8_lossy(&answer.body).into_owned(),
            json: serde_json::from_slice(&answer.body).ok(),
            cookies,
        }
    }

    /// A part of an answer's JSON.
    pub(crate) fn part(json: Value) -> Self {
        Self { text: json.to_string(), json: Some(json), ..Self::default() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Headers as text.
pub(crate) fn headers(map: &http::HeaderMap) -> Vec<(String, String)> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    map.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}
