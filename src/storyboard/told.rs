//! What answers told: what later requests of a conversation are made of.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, header};
use serde_json::Value;
use url::Url;

use super::Stage;

/// Values by name, the newest of each.
#[derive(Debug, Default)]
pub(super) struct Told(Mutex<BTreeMap<String, String>>);

impl Stage {
    /// What answers told so far: the text members of their JSON, `location` with the members of its query, and `cookie`.
    #[must_use]
    pub fn told(&self) -> BTreeMap<String, String> {
        self.told.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Told {
    /// Takes note of an answer.
    pub(super) fn hear(&self, head: &HeaderMap, body: &[u8]) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let texts = |name| head.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        for line in texts(header::SET_COOKIE) {
            // One cookie is all that any provider sets.
            let pair = line.split(';').next().unwrap_or_default();
            told.insert("cookie".to_owned(), pair.to_owned());
        }
        for location in texts(header::LOCATION) {
            told.insert("location".to_owned(), location.to_owned());
            if let Ok(url) = Url::parse(location) {
                told.extend(url.query_pairs().into_owned());
            }
        }
        if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
            for (name, value) in members {
                if let Value::String(text) = value {
                    told.insert(name, text);
                }
            }
        }
    }
}
