use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::memory::Place;
use super::request::address;
use super::template::plain;
use super::{HttpTarget, Statuses};
use crate::target::exchange::Outgoing;
use crate::target::jars::JarId;
use crate::target::{Command, Connections, TargetError, Wire};

impl HttpTarget {
    /// Waits until the target answers as `[ready]` says; at once without it.
    ///
    /// # Errors
    /// [`TargetError::Unavailable`] when it did not in time, [`TargetError::Internal`] when the address cannot be made.
    pub async fn wait_until_ready(&self, wire: &Wire) -> Result<(), TargetError> {
        let Some(ready) = &self.file.ready else { return Ok(()) };
        let values = Value::Object(self.memory.values(&Place::default()));
        let url = address(&self.file.base_url, &ready.path, &values)
            .map_err(|error| TargetError::Internal { message: format!("`ready`: {error}") })?;
        let statuses = ready.status.clone().unwrap_or_else(Statuses::success);
        let within = ready.within.map_or(Duration::from_secs(30), |super::Period(within)| within);
        let deadline = Instant::now() + within;
        let outgoing = Outgoing {
            jar: JarId::Nobody,
            actor: "anonymous".to_owned(),
            operation: "ready",
            method: "GET",
            url: url.clone(),
            headers: Vec::new(),
            body: Bytes::new(),
        };
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let problem = match self.line.send(&outgoing, left.min(Duration::from_secs(5)), wire).await {
                Ok(answer) if statuses.contains(answer.status) => return Ok(()),
                Ok(answer) => format!("it answers {}, expected {statuses}", answer.status),
                Err(error) => error.to_string(),
            };
            if Instant::now() + PAUSE >= deadline {
                let within = humantime::format_duration(within);
                let message = format!(
                    "{url} was not ready within {within}: {problem}; start the target, or mend `base_url` and `[ready]`"
                );
                return Err(TargetError::Unavailable { message });
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The environment variables that `[start]` or `[stop]` sets, when the simulators are reached so.
    ///
    /// # Errors
    /// [`TargetError::Internal`] when a placeholder has no value.
    pub fn environment(
        &self,
        command: &Command,
        connections: &Connections,
    ) -> Result<BTreeMap<String, String>, TargetError> {
        let mut values = self.memory.values(&Place::default());
        values.insert("sim".to_owned(), json!(connections));
        let filled = command.env.as_ref().map(|env| env.fill(&Value::Object(values))).transpose();
        let filled = filled.map_err(|error| TargetError::Internal { message: format!("`env`: {error}") })?;
        let members = filled.flatten().unwrap_or_default();
        Ok(members.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), plain(value))).collect())
    }
}

const PAUSE: Duration = Duration::from_millis(100);
