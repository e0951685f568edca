//! What providers do in one way or in another: their switches, in the words of steps. A closed list; each says which provider has the switch.

use serde_json::Value;

use super::attempts::gone;
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

    /// Every provider is as it was before the scenario.
    pub(super) async fn drop_habits(&mut self) {
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
];

const fn gateway(word: &'static str, settings: &'static str) -> Habit {
    Habit { word, provider: "zignsec_gateway", settings }
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
