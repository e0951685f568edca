//! The plainest conversation with a provider: for storyboards, and for lines that people can try.

use std::fmt::Write as _;

use bytes::Bytes;
use http::{Method, Request};
use url::Url;

/// Requests as text: the method and the path, headers, an empty line, the body.
///
/// `{{token}}` stands for the credential `token` of the space, `{{session}}` for the session's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Sets a session up with as little as possible.
    pub least: &'static str,
    /// Sets a session up with everything a storyboard can show: a webhook, where the provider has one.
    pub set_up: &'static str,
    /// Asks for the result.
    pub collect: &'static str,
}

/// One request of a sample, filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleRequest {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body; empty without one.
    pub body: String,
}

/// A sample that is no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sample is no request: {problem}")]
pub struct SampleError {
    /// What is wrong with it.
    pub problem: String,
}

impl SampleRequest {
    /// Reads a request of a sample, with these values in place of the names in double braces.
    ///
    /// # Errors
    /// When the text is no request.
    pub fn new(text: &str, values: &[(&str, &str)]) -> Result<Self, SampleError> {
        let problem = |problem: &str| SampleError { problem: problem.to_owned() };
        let mut text = text.to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{{{name}}}}}"), value);
        }
        let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let mut first = lines.next().unwrap_or_default().split_whitespace();
        let method = first.next().and_then(|m| m.parse().ok()).ok_or_else(|| problem("its method is missing"))?;
        let path = first.next().map(without_origin).filter(|p| p.starts_with('/'));
        let path = path.ok_or_else(|| problem("its path is missing"))?;
        let headers = lines
            .map(|line| line.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())))
            .collect::<Option<_>>()
            .ok_or_else(|| problem("a header has no colon"))?;
        Ok(Self { method, path: path.to_owned(), headers, body: body.trim_end().to_owned() })
    }

    /// The request for an HTTP library.
    ///
    /// # Errors
    /// When the path or a header cannot stand in a request.
    pub fn to_http(&self) -> Result<Request<Bytes>, SampleError> {
        let mut request = Request::builder().method(&self.method).uri(&self.path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Bytes::from(self.body.clone())).map_err(|e| SampleError { problem: e.to_string() })
    }

    /// The request as a line for a shell.
    #[must_use]
    pub fn to_curl(&self, base: &Url) -> String {
        let mut line = String::from("curl -s");
        let is_form = |name: &str, value: &str| {
            name.eq_ignore_ascii_case("content-type") && value == "application/x-www-form-urlencoded"
        };
        for (name, value) in self.headers.iter().filter(|(name, value)| !is_form(name, value)) {
            // Writing to a String cannot fail.
            let _ = write!(line, " -H {}", quoted(&format!("{name}: {value}")));
        }
        if !self.body.is_empty() {
            let _ = write!(line, " -d {}", quoted(&self.body));
        }
        let _ = write!(line, " {}{}", base.as_str().trim_end_matches('/'), self.path);
        line
    }
}

/// What an answer told is a whole address.
fn without_origin(address: &str) -> &str {
    match address.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => address,
    }
}

/// In single quotes for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POST: &str =
        "POST /v2/eid/sbid\nAuthorization: {{token}}\nContent-Type: application/x-www-form-urlencoded\n\ntarget=a'b\n";

    #[test]
    fn a_sample_becomes_a_request_and_a_line_for_the_shell() {
        let request = SampleRequest::new(POST, &[("token", "t0")]).unwrap();
        assert_eq!(
            request.to_curl(&Url::parse("http://h:1/").unwrap()),
            r"curl -s -H 'Authorization: t0' -d 'target=a'\''b' http://h:1/v2/eid/sbid"
        );
        let http = request.to_http().unwrap();
        assert_eq!((http.method(), http.headers()["authorization"].as_bytes()), (&Method::POST, &b"t0"[..]));
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for text in ["", "POST", "POST v2", "GET /a\nno colon"] {
            assert!(SampleRequest::new(text, &[]).is_err(), "{text:?}");
        }
    }
}
