//! The people made up while the simulation runs: whoever meets their number later, must meet the same person.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::identity::{NationalNumber, Person};

/// The newest people made up. The oldest are forgotten past [`MadeUp::MOST`]; their numbers then belong to strangers.
#[derive(Debug, Default)]
pub(super) struct MadeUp {
    made: u64,
    ages: VecDeque<Arc<Person>>,
    by_name: HashMap<String, Arc<Person>>,
    by_number: HashMap<NationalNumber, Arc<Person>>,
}

impl MadeUp {
    /// How many are remembered.
    const MOST: usize = 20_000;

    /// The place of the next person in the series.
    pub(super) const fn next(&mut self) -> u64 {
        let next = self.made;
        self.made += 1;
        next
    }

    pub(super) fn keep(&mut self, person: Arc<Person>) {
        self.by_name.insert(person.name.clone(), person.clone());
        self.by_number.insert(person.number.clone(), person.clone());
        self.ages.push_back(person);
        if self.ages.len() > Self::MOST
            && let Some(oldest) = self.ages.pop_front()
        {
            self.by_name.remove(&oldest.name);
            self.by_number.remove(&oldest.number);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Person>> {
        self.ages.iter()
    }

    pub(super) fn by_name(&self, name: &str) -> Option<Arc<Person>> {
        self.by_name.get(name).cloned()
    }

    pub(super) fn by_number(&self, number: &NationalNumber) -> Option<Arc<Person>> {
        self.by_number.get(number).cloned()
    }
}
