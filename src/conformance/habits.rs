//! What providers do in one way or in another: their switches, in the words of steps. A closed list; each says which provider has the switch.

use hyper::http::Method;
use serde_json::{Value, json};

use super::attempts::gone;
use super::simulator::SimulatorError;
use super::stop::Stop;
use super::world::World;

/// A habit of one provider.
struct Habit {
    word: &'static str,
    /// In snake_case.
    provider: &'static str,
    /// The switches, in the form of the control API.
    settings: &'static str,
}

/// The key that a provider uses for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// For what, in the simulator's words.
    purpose: String,
    /// Its thumbprint.
    current: String,
}

impl World {
    /// The provider takes to a habit for the rest of the scenario, which has to be alone with it.
    ///
    /// # Errors
    /// When the provider has no such habit, or the simulator refuses.
    pub(super) async fn take_to(&mut self, word: &str) -> Result<(), Stop> {
        let provider = self.item.provider.clone();
        let habit = HABITS.iter().find(|habit| habit.word == word && habit.provider == provider);
        let habit = habit.ok_or_else(|| Stop::NotApplicable("the provider has only one habit there".to_owned()))?;
        let change: Value = serde_json::from_str(habit.settings).unwrap_or_default();
        let simulator = self.shared.simulator.clone();
        if !self.habits.contains_key(&provider) {
            let before = simulator.settings(&provider).await.map_err(gone)?;
            self.habits.insert(provider.clone(), before);
        }
        simulator.change_settings(&provider, change).await.map_err(gone)
    }

    /// The provider takes another key into use, from one moment to the next; the former one is withdrawn.
    ///
    /// # Errors
    /// When the provider signs nothing, or the simulator does not answer.
    pub(super) async fn new_key(&mut self) -> Result<(), Stop> {
        let keys = self.keys().await.map_err(gone)?;
        let first = keys.first().ok_or_else(|| Stop::NotApplicable("the provider signs nothing".to_owned()))?;
        self.rotate(&first.purpose).await.map_err(gone)?;
        if self.former_keys.is_empty() {
            self.former_keys = keys;
        }
        Ok(())
    }

    /// What the provider signs with, then what else it has keys for: no key is for two things, so that one change can make another.
    async fn keys(&self) -> Result<Vec<Key>, SimulatorError> {
        let simulator = &self.shared.simulator;
        let found = simulator.call(Method::GET, &format!("spaces/{}/keys", simulator.space()), None).await?;
        let prefix = format!("{} ", self.item.provider);
        let key = |ring: &Value| {
            let purpose = ring["purpose"].as_str().filter(|purpose| purpose.starts_with(&prefix))?;
            let keys = ring["keys"].as_array()?;
            let current = keys.iter().find(|key| key["state"] == "signing")?["x5t"].as_str()?;
            Some(Key { purpose: purpose.to_owned(), current: current.to_owned() })
        };
        Ok(found["rings"].as_array().into_iter().flatten().filter_map(key).collect())
    }

    async fn rotate(&self, purpose: &str) -> Result<(), SimulatorError> {
        let simulator = &self.shared.simulator;
        let path = format!("spaces/{}/keys/rotate", simulator.space());
        simulator.call(Method::POST, &path, Some(json!({ "purpose": purpose }))).await.map(|_| ())
    }

    /// The keys of before are in use again: those that follow each other are a round.
    async fn take_back_keys(&mut self) {
        for former in std::mem::take(&mut self.former_keys) {
            for _ in 0..MOST_KEYS {
                let is_other = |now: &Key| now.purpose == former.purpose && now.current != former.current;
                let goes_on = self.keys().await.is_ok_and(|keys| keys.iter().any(is_other));
                // A simulator that is gone has no keys either.
                if !goes_on || self.rotate(&former.purpose).await.is_err() {
                    break;
                }
            }
        }
    }

    /// Every provider is as it was before the scenario.
    pub(super) async fn drop_habits(&mut self) {
        self.take_back_keys().await;
        for (provider, before) in std::mem::take(&mut self.habits) {
            // A simulator that is gone has none either.
            let _ = self.shared.simulator.change_settings(&provider, before).await;
        }
    }
}

/// What they are called stands in the list of words.
const HABITS: &[Habit] = &[
    gateway("past-certificates", r#"{"certificates": "past-too"}"#),
    gateway("present-certificates", r#"{"certificates": "offered"}"#),
    gateway("no-certificates", r#"{"certificates": "unavailable"}"#),
    gateway("status-inside", r#"{"outer_status": "never"}"#),
    gateway("status-outside", r#"{"outer_status": "always"}"#),
    gateway("nested", r#"{"result_nesting": "nested"}"#),
    gateway("other-order", r#"{"payload_order": "auth-ref-first"}"#),
    gateway("next-secret", r#"{"webhook_signatures": "own-first"}"#),
    gateway("former-secret", r#"{"webhook_signatures": "own-last"}"#),
    signicat("cookie-each-poll", r#"{"cookie_rotation": "each-poll"}"#),
    signicat("four-redirects", r#"{"complete_redirects": 4}"#),
    signicat("at-hash", r#"{"at_hash": "present"}"#),
    signicat("list-of-methods", r#"{"amr": "array"}"#),
    signicat("names-itself", r#"{"callback_issuer": "present"}"#),
    signicat(
        "encrypts",
        concat!("{\"response_key\":", include_str!("../../fixtures/keys/relying-party.jwk.json"), "}"),
    ),
];

/// Longer than any round of keys.
const MOST_KEYS: usize = 16;

const fn gateway(word: &'static str, settings: &'static str) -> Habit {
    Habit { word, provider: "zignsec_gateway", settings }
}

const fn signicat(word: &'static str, settings: &'static str) -> Habit {
    Habit { word, provider: "signicat", settings }
}

#[cfg(test)]
mod tests {
    use super::super::closed;
    use super::super::expression::Kind;
    use super::*;

    #[test]
    fn every_habit_has_words_and_every_word_a_habit() {
        for habit in HABITS {
            assert!(closed::list(Kind::Habit).iter().any(|(word, _, _)| *word == habit.word), "{}", habit.word);
            assert!(serde_json::from_str::<Value>(habit.settings).is_ok_and(|settings| settings.is_object()));
        }
        for (word, _, _) in closed::list(Kind::Habit) {
            assert!(HABITS.iter().any(|habit| habit.word == *word), "{word}");
        }
    }
}
