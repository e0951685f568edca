//! From a step to a request.

use bytes::Bytes;
use serde_json::{Map, Value};
use url::Url;

use super::plan::{Content, Step};
use super::shape::Shape;
use super::template::{NoValue, Template, plain};

/// What a step sends, without the cookies.
#[derive(Clone, Debug)]
pub(super) struct Filled {
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
    kind: Option<&'static str>,
}

/// Why a step cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfilled {
    /// The path and `base_url` make no address.
    #[error("`{0}` is no address: expected a path behind `base_url`, or http://… or https://…")]
    Address(String),
    #[error(transparent)]
    NoValue(#[from] NoValue),
}

/// The address of a step.
pub(super) fn address(base: &Template, url: &Template, values: &Value) -> Result<Url, Unfilled> {
    let address = url.address(values)?;
    let is_whole = address.starts_with("http://") || address.starts_with("https://");
    let whole = if is_whole { address } else { base.address(values)?.trim_end_matches('/').to_owned() + &address };
    Url::parse(&whole).ok().filter(|url| url.has_host()).ok_or(Unfilled::Address(whole))
}

/// Everything else of a step. `headers` are those of the actor.
pub(super) fn fill(step: &Step, headers: Option<&Shape>, values: &Value) -> Result<Filled, Unfilled> {
    let (kind, body) = match &step.content {
        Content::Form(shape) => {
            let fields = shape.fill(values)?.unwrap_or_default();
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, value) in fields.as_object().into_iter().flatten() {
                form.append_pair(name, &plain(value));
            }
            (Some(FORM), Bytes::from(form.finish()))
        }
        Content::Json(shape) => (Some(JSON), Bytes::from(shape.fill(values)?.unwrap_or_default().to_string())),
        Content::Nothing => (None, Bytes::new()),
        Content::Text(template) => (None, Bytes::from(template.text(values)?.unwrap_or_default())),
    };
    let mut all: Vec<(String, String)> = Vec::new();
    if let Some(kind) = kind {
        all.push(("content-type".to_owned(), kind.to_owned()));
    }
    for shape in [headers, step.headers.as_ref()].into_iter().flatten() {
        let more = shape.fill(values)?.unwrap_or_default();
        for (name, value) in more.as_object().into_iter().flatten() {
            // The length and the host follow from what is sent; a copied head would contradict it.
            if ["content-length", "host", "connection", "transfer-encoding"]
                .contains(&name.to_ascii_lowercase().as_str())
            {
                continue;
            }
            all.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            all.push((name.clone(), plain(value)));
        }
    }
    Ok(Filled { headers: all, body, kind })
}

/// Adds members to the query, and to a body of JSON or of a form. Members that are there already are replaced in JSON, and sent twice
/// elsewhere: nobody can say which of two a service reads.
pub(super) fn add(url: &mut Url, filled: &mut Filled, further: &Map<String, Value>) {
    let pairs = || further.iter().map(|(name, value)| (name, plain(value)));
    url.query_pairs_mut().extend_pairs(pairs());
    match (filled.kind, serde_json::from_slice(&filled.body)) {
        (Some(JSON), Ok(Value::Object(mut members))) => {
            members.extend(further.clone());
            filled.body = Bytes::from(Value::Object(members).to_string());
        }
        (Some(FORM), _) => {
            let form = String::from_utf8_lossy(&filled.body).into_owned();
            filled.body = Bytes::from(form_urlencoded::Serializer::new(form).extend_pairs(pairs()).finish());
        }
        (Some(_) | None, _) => {}
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn added(kind: Option<&'static str>, body: &str) -> (String, String) {
        let mut url = Url::parse("http://h/room?a=1").unwrap();
        let mut filled = Filled { headers: Vec::new(), body: Bytes::from(body.to_owned()), kind };
        add(&mut url, &mut filled, json!({ "mock": "true", "n": 1 }).as_object().unwrap());
        (url.to_string(), String::from_utf8(filled.body.to_vec()).unwrap())
    }

    #[test]
    fn what_is_added_is_in_the_query_and_in_the_body() {
        let url = "http://h/room?a=1&mock=true&n=1".to_owned();
        assert_eq!(
            added(Some(JSON), r#"{"mock":"no","x":2}"#),
            (url.clone(), r#"{"mock":"true","x":2,"n":1}"#.to_owned())
        );
        assert_eq!(added(Some(FORM), "x=2"), (url.clone(), "x=2&mock=true&n=1".to_owned()));
        assert_eq!(added(None, ""), (url, String::new()));
    }
}
