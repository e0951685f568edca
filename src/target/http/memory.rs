use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::template::plain;
use crate::target::{Actor, BrowserId, Hello};

/// What operations leave for later ones.
#[derive(Debug)]
pub(super) struct Memory {
    vars: BTreeMap<String, String>,
    inside: Mutex<Inside>,
    logins: Mutex<BTreeMap<Who, Login>>,
    /// The least time between two requests, and when the next may be sent.
    pace: Option<(Duration, Mutex<Instant>)>,
}

/// What an actor's login captured, once it is logged in.
pub(super) type Login = Arc<tokio::sync::Mutex<Option<Map<String, Value>>>>;

/// Who logs in: the person in each browser anew.
pub(super) type Who = (Actor, Option<BrowserId>);

#[derive(Debug, Default)]
struct Inside {
    run: String,
    sink: Option<String>,
    sim: BTreeMap<String, String>,
    captures: BTreeMap<Place, Map<String, Value>>,
}

/// What captures belong to: a participant, an agreement, a scenario, or the run.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) namespace: Option<String>,
    pub(super) agreement: Option<String>,
    pub(super) participant: Option<String>,
}

impl Memory {
    pub(super) fn new(vars: BTreeMap<String, String>, rate: Option<f64>) -> Self {
        let pace = rate.map(|rate| (Duration::from_secs_f64(1.0 / rate), Mutex::new(Instant::now())));
        Self { vars, inside: Mutex::default(), logins: Mutex::default(), pace }
    }

    /// A run begins.
    pub(super) fn begin(&self, hello: &Hello) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.run.clone_from(&hello.run);
        inside.sink.clone_from(&hello.sink);
        inside.sim.clone_from(&hello.connections);
    }

    /// Everything that placeholders can mean at that place, without what belongs to one request.
    pub(super) fn values(&self, place: &Place) -> Map<String, Value> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let mut values = Map::new();
        for around in place.around() {
            values.extend(inside.captures.get(&around).cloned().unwrap_or_default());
        }
        values.insert("run".to_owned(), json!(inside.run));
        values.insert("sink".to_owned(), json!(inside.sink));
        values.insert("sim".to_owned(), json!(inside.sim));
        values.insert("vars".to_owned(), json!(self.vars));
        values.insert("namespace".to_owned(), json!(place.namespace));
        values
    }

    pub(super) fn keep(&self, place: &Place, captured: &Map<String, Value>) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.captures.entry(place.clone()).or_default().extend(captured.clone());
    }

    /// Forgets a scenario.
    pub(super) fn forget(&self, namespace: &str) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.captures.retain(|place, _| place.namespace.as_deref() != Some(namespace));
        let stays = |who: &Who| who.1.as_ref().is_none_or(|browser| browser.namespace != namespace);
        self.logins.lock().unwrap_or_else(PoisonError::into_inner).retain(|who, _| stays(who));
    }

    pub(super) fn login(&self, who: &Who) -> Login {
        self.logins.lock().unwrap_or_else(PoisonError::into_inner).entry(who.clone()).or_default().clone()
    }

    /// Waits for this request's turn.
    pub(super) async fn pace(&self) {
        let Some((least, next)) = &self.pace else { return };
        let turn = {
            let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = (*next).max(Instant::now());
            *next = turn + *least;
            turn
        };
        tokio::time::sleep_until(turn).await;
    }

    /// The values of the captures and variables with these names.
    pub(super) fn hidden(&self, names: &[String]) -> Vec<String> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let captured = inside.captures.values().flatten().filter(|(name, _)| names.contains(name));
        let vars = self.vars.iter().filter(|(name, _)| names.contains(name));
        captured.map(|(_, value)| plain(value)).chain(vars.map(|(_, value)| value.clone())).collect()
    }
}

impl Place {
    /// The run, the scenario, the agreement, the participant: each narrower than the one before.
    fn around(&self) -> [Self; 4] {
        [
            Self::default(),
            Self { namespace: self.namespace.clone(), ..Self::default() },
            Self { participant: None, ..self.clone() },
            self.clone(),
        ]
    }
}
