use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::seen::Seen;
use super::words::{Path, Statuses};
use crate::target::OpName;

/// A condition on an answer: everything it names has to hold.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(try_from = "WrittenCondition")]
#[schemars(with = "WrittenCondition")]
pub(crate) struct Condition {
    status: Option<Statuses>,
    header: Option<String>,
    json: Option<(Path, Test)>,
}

#[derive(Clone, Debug)]
enum Test {
    Exists(bool),
    AtLeast(f64),
    In(Vec<Value>),
}

/// What an answer means: the first rule whose condition holds counts. Without a rule nothing is a refusal.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutcomeRule {
    /// The condition.
    pub(crate) when: Condition,
    /// What it then means.
    pub(crate) is: OutcomeWord,
    /// Only for these operations.
    #[schemars(with = "Option<Vec<String>>")]
    pub(crate) op: Option<Vec<OpName>>,
    /// Where the target says why.
    pub(crate) reason: Option<Path>,
}

/// What an answer can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OutcomeWord {
    /// The signature is refused on purpose; of another operation the same as `rejected`.
    Blocked,
    /// It clashes with something under way.
    Conflict,
    /// The target could not be driven: never a refusal.
    Error,
    /// What it is about does not exist.
    NotFound,
    /// It is refused on purpose: an answer.
    Rejected,
    /// It cannot now, such as without its provider.
    Unavailable,
    /// Come back later.
    Wait,
}

/// A condition on an answer: everything it names has to hold.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Condition")]
struct WrittenCondition {
    /// The HTTP status is one of these.
    status: Option<Statuses>,
    /// There is a header of this name.
    header: Option<String>,
    /// A place in the JSON; with one of `in`, `exists` and `ge`.
    path: Option<Path>,
    /// One of the values there is one of these.
    #[serde(rename = "in")]
    #[schemars(with = "Option<Vec<serde_json::Value>>")]
    is_in: Option<Vec<Value>>,
    /// There is something there other than null, or with false there is not.
    exists: Option<bool>,
    /// There is a number at least as large.
    ge: Option<f64>,
}

impl Condition {
    pub(crate) fn holds(&self, seen: &Seen) -> bool {
        self.status.as_ref().is_none_or(|statuses| statuses.contains(seen.status))
            && self.header.as_ref().is_none_or(|name| seen.header(name).is_some())
            && self.json.as_ref().is_none_or(|(path, test)| test.holds(path, seen.json.as_ref()))
    }

    pub(crate) fn of_json(
        path: Option<Path>,
        is_in: Option<Vec<Value>>,
        exists: Option<bool>,
        ge: Option<f64>,
    ) -> Result<Self, &'static str> {
        Self::try_from(WrittenCondition { path, is_in, exists, ge, ..WrittenCondition::default() })
    }
}

impl Test {
    fn holds(&self, path: &Path, json: Option<&Value>) -> bool {
        let found = json.map(|json| path.all(json)).unwrap_or_default();
        let mut found = found.into_iter().filter(|value| !value.is_null());
        match self {
            Self::AtLeast(least) => found.any(|value| value.as_f64().is_some_and(|number| number >= *least)),
            Self::Exists(wanted) => found.next().is_some() == *wanted,
            Self::In(list) => found.any(|value| list.contains(value)),
        }
    }
}

impl TryFrom<WrittenCondition> for Condition {
    type Error = &'static str;

    fn try_from(written: WrittenCondition) -> Result<Self, &'static str> {
        let test = match (written.is_in, written.exists, written.ge) {
            (Some(list), None, None) => Some(Test::In(list)),
            (None, Some(wanted), None) => Some(Test::Exists(wanted)),
            (None, None, Some(least)) => Some(Test::AtLeast(least)),
            (None, None, None) => None,
            (Some(_), _, _) | (None, Some(_), Some(_)) => {
                return Err("expected one of `in`, `exists` and `ge`, not several");
            }
        };
        let json = match (written.path, test) {
            (Some(path), Some(test)) => Some((path, test)),
            (None, None) => None,
            (Some(_), None) => return Err("`path` needs one of `in`, `exists` and `ge`"),
            (None, Some(_)) => return Err("`in`, `exists` and `ge` need a `path`"),
        };
        if json.is_none() && written.status.is_none() && written.header.is_none() {
            return Err("a condition without anything would always hold: expected `status`, `header` or `path`");
        }
        Ok(Self { status: written.status, header: written.header, json })
    }
}
