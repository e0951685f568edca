//! A simulator that runs elsewhere: which of its spaces is the run's, and how it is left as it was found.

use std::collections::BTreeMap;

use hyper::http::Method;
use serde_json::{Value, json};

use super::simulator::{Simulator, SimulatorError};
use crate::target::Connections;

/// What a run has changed at a simulator that is not its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Changed {
    /// Spaces that it made.
    made: Vec<String>,
    /// The script that played in a space when nothing else did, before the run.
    script: Option<Value>,
}

/// Credentials by provider and name.
type Credentials = BTreeMap<String, BTreeMap<String, String>>;

impl Simulator {
    /// Takes a space for this run: the one that these credentials open, or a new one. Tells how a relying party reaches it.
    ///
    /// # Errors
    /// When the simulator does not answer or refuses, and when another run has the space.
    pub async fn attach(&mut self, run: &str, credentials: &Credentials) -> Result<Connections, SimulatorError> {
        let taken = self.take(run, credentials).await;
        if taken.is_err() {
            self.leave().await;
        }
        taken
    }

    /// Leaves the simulator as it was found. What it refuses then changes no verdict.
    pub async fn leave(&self) {
        if let Some(script) = &self.changed.script {
            let settings = format!("spaces/{}/settings", self.space());
            let _ = self.call(Method::PATCH, &settings, Some(json!({ "script": script }))).await;
        }
        for space in &self.changed.made {
            let _ = self.call(Method::DELETE, &format!("spaces/{space}"), None).await;
        }
    }

    async fn take(&mut self, run: &str, credentials: &Credentials) -> Result<Connections, SimulatorError> {
        let spaces = self.call(Method::GET, "spaces", None).await?;
        let opens = |space: &&Value| {
            credentials.iter().any(|(provider, words)| {
                words.iter().any(|(name, value)| space["credentials"][provider][name] == value.as_str())
            })
        };
        let found = spaces["spaces"].as_array().into_iter().flatten().find(opens).cloned();
        let space = match found {
            Some(space) => {
                let name = space["name"].as_str().unwrap_or_default().to_owned();
                self.reserve(&name).await?;
                let settings = self.call(Method::GET, &format!("spaces/{name}/settings"), None).await?;
                self.enter(&name);
                self.changed.script = Some(settings["script"].clone());
                self.call(Method::PATCH, &format!("spaces/{name}/settings"), Some(json!({ "script": null }))).await?;
                space
            }
            None => {
                let name = format!("check-{run}");
                // Whoever comes second with the same credentials finds the first one's space, and it is reserved.
                self.reserve(&name).await?;
                let new = json!({ "name": name, "credentials": credentials });
                let made = self.call(Method::POST, "spaces", Some(new)).await?;
                self.changed.made.push(name);
                made
            }
        };
        self.enter(space["name"].as_str().unwrap_or_default());
        Ok(connections_of(&space))
    }

    /// Says to other runs that this one has the space: by a space whose name is taken as long as the run lasts.
    async fn reserve(&mut self, space: &str) -> Result<(), SimulatorError> {
        let sign = format!("{space}-in-use");
        match self.call(Method::POST, "spaces", Some(json!({ "name": sign }))).await {
            Ok(_) => {
                self.changed.made.push(sign);
                Ok(())
            }
            Err(SimulatorError::Refused { code, .. }) if code == "conflict" => {
                let remove = format!("{}/_motpart/v1/spaces/{sign}", self.address());
                Err(SimulatorError::InUse { space: space.to_owned(), remove })
            }
            Err(other) => Err(other),
        }
    }
}

/// A space, as the control API shows it, as environment variables: those of `motpart serve`.
#[must_use]
pub fn connections_of(space: &Value) -> Connections {
    let mut connections = Connections::new();
    let told = ["credentials", "connections"].into_iter().filter_map(|told| space[told].as_object()).flatten();
    for (provider, values) in told {
        for (credential, value) in values.as_object().into_iter().flatten() {
            let name = format!("{}_{}", provider.to_uppercase(), credential.to_uppercase());
            connections.insert(name, value.as_str().unwrap_or_default().to_owned());
        }
    }
    for (provider, url) in space["base_urls"].as_object().into_iter().flatten() {
        connections.insert(format!("{}_URL", provider.to_uppercase()), url.as_str().unwrap_or_default().to_owned());
    }
    connections
}
