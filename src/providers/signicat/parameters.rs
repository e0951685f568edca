//! The parameters of a request, each at most once.

use std::collections::BTreeMap;

use serde_json::Value;
use url::form_urlencoded;

use super::problem::Problem;

/// Parameters by name. Texts, but for what a request object holds as something else.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Parameters(BTreeMap<String, Value>);

impl Parameters {
    /// Reads `a=b&c=d`. `login_hint` may come more than once: that is how a form writes the list that the provider wants.
    ///
    /// # Errors
    /// When another parameter comes twice (RFC 6749 section 3.1).
    pub(super) fn of_form(encoded: &[u8]) -> Result<Self, Problem> {
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(encoded) {
            let value = Value::from(value.into_owned());
            match parameters.get_mut(&*name) {
                None => {
                    let value = if name == LIST { Value::Array(vec![value]) } else { value };
                    parameters.insert(name.into_owned(), value);
                }
                Some(Value::Array(all)) if name == LIST && all.len() < MOST_HINTS => all.push(value),
                Some(_) => return Err(Problem::request("A parameter is there more than once")),
            }
        }
        Ok(Self(parameters))
    }

    /// The members of a request object.
    pub(super) fn of_object(members: serde_json::Map<String, Value>) -> Self {
        Self(members.into_iter().collect())
    }

    /// A text; absent when it is empty or something else.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Whatever it is.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Whether it is there, empty or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The first name whose value here differs from the one there.
    pub(super) fn contradicts<'a>(&'a self, inner: &Self) -> Option<&'a str> {
        let differs = |(name, value): &(&'a String, &Value)| inner.0.get(*name).is_some_and(|other| other != *value);
        self.0.iter().filter(|(name, _)| *name != LIST).find(differs).map(|(name, _)| name.as_str())
    }

    /// These, and those of `outer` that are not among them (OpenID Connect Core section 6.1).
    pub(super) fn over(mut self, outer: Self) -> Self {
        for (name, value) in outer.0 {
            self.0.entry(name).or_insert(value);
        }
        self
    }
}

const LIST: &str = "login_hint";
const MOST_HINTS: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_comes_once_and_hints_are_a_list() {
        let read = Parameters::of_form(b"a=1&login_hint=x&login_hint=y&b=").unwrap();
        assert_eq!((read.text("a"), read.text("b"), read.has("b")), (Some("1"), None, true));
        assert_eq!(read.value("login_hint"), Some(&serde_json::json!(["x", "y"])));
        assert!(Parameters::of_form(b"a=1&a=1").is_err());
    }

    #[test]
    fn the_object_wins_and_contradictions_are_seen() {
        let outer = Parameters::of_form(b"client_id=c&scope=openid").unwrap();
        let inner = Parameters::of_object(serde_json::from_str(r#"{"client_id":"c","scope":"other"}"#).unwrap());
        assert_eq!(outer.contradicts(&inner), Some("scope"));
        assert_eq!(inner.over(outer).text("scope"), Some("other"));
    }
}
