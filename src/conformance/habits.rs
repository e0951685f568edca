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

/// What a provider signs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    purpose: String,
    /// The thumbprint of the signing one.
    signing: String,
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
        let keys = keys.ok_or_else(|| Stop::NotApplicable("the provider signs nothing".to_owned()))?;
        self.former_key.get_or_insert_with(|| keys.clone());
        self.rotate(&keys.purpose).await.map_err(gone)
    }

    /// What the provider signs with.
    async fn keys(&self) -> Result<Option<Keys>, SimulatorError> {
        let simulator = &self.shared.simulator;
        let found = simulator.call(Method::GET, &format!("spaces/{}/keys", simulator.space()), None).await?;
        let prefix = format!("{} ", self.item.provider);
        let rings = found["rings"].as_array().into_iter().flatten();
        let mut own = rings.filter(|ring| ring["purpose"].as_str().is_some_and(|purpose| purpose.starts_with(&prefix)));
        Ok(own.next().and_then(|ring| {
            let keys = ring["keys"].as_array().into_iter().flatten();
            let signing = keys.into_iter().find(|key| key["state"] == "signing")?;
            Some(Keys { purpose: ring["purpose"].as_str()?.to_owned(), signing: signing["x5t"].as_str()?.to_owned() })
        }))
    }

    async fn rotate(&self, purpose: &str) -> Result<(), SimulatorError> {
        let simulator = &self.shared.simulator;
        let path = format!("spaces/{}/keys/rotate", simulator.space());
        simulator.call(Method::POST, &path, Some(json!({ "purpose": purpose }))).await.map(|_| ())
    }

    /// The key of before signs again: those that follow each other are a round.
    async fn take_back_key(&mut self) {
        let Some(former) = self.former_key.take() else { return };
        for _ in 0..MOST_KEYS {
            match self.keys().await {
                Ok(Some(now)) if now.signing != former.signing => {
                    if self.rotate(&former.purpose).await.is_err() {
                        return;
                    }
                }
                Ok(Some(_) | None) | Err(_) => return,
            }
        }
    }

    /// Every provider is as it was before the scenario.
    pub(super) async fn drop_habits(&mut self) {
        self.take_back_key().await;
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
