//! What will be played: scenarios with their background, example rows filled in, one for each provider.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cucumber::tag::Ext as _;

use super::reports::Wrong;
use super::steps::{Definition, habits};
use super::values::{Args, Value};
use super::{Language, Stop, Thoroughness};
use crate::identity::{Country, NationalNumber};

/// One scenario on one provider.
#[derive(Clone, Debug)]
pub struct Item {
    /// A stable id: the feature's and the scenario's slug, the row and the provider.
    pub id: String,
    /// The feature's name.
    pub feature: String,
    /// The scenario's name, with the row's values filled in.
    pub name: String,
    /// The file.
    pub file: String,
    /// The line of the scenario, from 1.
    pub line: usize,
    /// The line of the example row.
    pub row: Option<usize>,
    /// The provider, in snake_case.
    pub provider: String,
    /// The feature's language.
    pub language: Language,
    /// The tags of feature, rule, scenario and examples, without `@`.
    pub tags: Vec<String>,
    /// The requirements it checks, or its slug where it names none.
    pub requirements: Vec<String>,
    /// The persons of its table.
    pub roles: Vec<Role>,
    /// Its steps, those of the backgrounds first.
    pub steps: Vec<PlannedStep>,
    /// Why it is not played on this target.
    pub left_out: Option<Stop>,
    /// How often it is played, each time with other people: races show themselves only now and then.
    pub plays: usize,
}

/// A person in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// What the steps call the person.
    pub name: String,
    /// The country, where the table says one.
    pub country: Option<Country>,
    /// The number, where the table says one; otherwise a fresh person is cast.
    pub number: Option<NationalNumber>,
    /// The person's full name, where the table says one.
    pub full_name: Option<String>,
}

/// A step, understood.
#[derive(Clone, Debug)]
pub struct PlannedStep {
    /// The keyword and the text, as written.
    pub text: String,
    /// The line, from 1.
    pub line: usize,
    /// What plays it.
    pub definition: &'static Definition,
    /// What it is called with.
    pub args: Args,
}

/// What decides which scenarios are played where.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The providers, in snake_case; scenarios without `@each-provider` run on the first.
    pub providers: Vec<String>,
    /// What the target declares that it can, such as `storage`; `@needs:storage` asks for it.
    pub features: Vec<String>,
    /// The values of the policy's switches; `@when:sign=separate-call` asks for one.
    pub switches: BTreeMap<String, Vec<String>>,
    /// The countries whose people have a method at a provider; everybody where none is named.
    pub countries: BTreeMap<String, BTreeSet<Country>>,
    /// Only scenarios whose tags satisfy it.
    pub tags: Option<gherkin::tagexpr::TagOperation>,
    /// Only scenarios whose id or name fits.
    pub name: Option<regex::Regex>,
    /// Only scenarios of these requirements; all when empty.
    pub requirements: Vec<String>,
    /// How often what is repeated is played.
    pub thoroughness: Thoroughness,
}

impl Item {
    /// Whether it has the tag, written without `@`.
    #[must_use]
    pub fn has(&self, tag: &str) -> bool {
        self.tags.iter().any(|own| own == tag)
    }

    /// Whether nothing else may run beside it.
    #[must_use]
    pub fn is_exclusive(&self) -> bool {
        // What is armed before a session exists would be played by the first that begins.
        let at_start =
            |value: &Value| matches!(value, Value::Report(report) if matches!(report.wrong, Wrong::AtStart(_)));
        let changes = |step: &PlannedStep| [habits::HABIT, habits::NEW_KEY].contains(&step.definition.id);
        self.has("exclusive")
            || self.steps.iter().any(changes)
            || self.steps.iter().any(|step| step.args.values.iter().any(at_start))
    }

    /// Whether the service's patience with a provider that does not answer decides how long it takes.
    #[must_use]
    pub fn waits_for_patience(&self) -> bool {
        let holds = |value: &Value| matches!(value, Value::Report(report) if report.wrong.holds());
        self.steps.iter().any(|step| step.args.values.iter().any(holds))
    }

    /// Whether a person has to look at it.
    #[must_use]
    pub fn is_manual(&self) -> bool {
        self.has("manual") || self.has("manuell")
    }
}

impl Selection {
    /// The scenarios that are meant, one for each provider.
    #[must_use]
    pub fn of(&self, scenarios: Vec<Item>) -> Vec<Arc<Item>> {
        let mut items = Vec::new();
        for scenario in scenarios {
            let only: Vec<&str> = scenario.tags.iter().filter_map(|tag| tag.strip_prefix("provider:")).collect();
            let fits =
                |provider: &&String| only.is_empty() || only.iter().any(|name| name.replace('-', "_") == **provider);
            let mut providers: Vec<&String> = self.providers.iter().filter(fits).collect();
            if !scenario.has("each-provider") {
                // The first that has a method for everybody in it; with none of them the first says so.
                let at = providers.iter().position(|provider| self.without_method(&scenario, provider).is_none());
                providers = providers.into_iter().skip(at.unwrap_or_default()).take(1).collect();
            }
            for provider in providers {
                let item = Item {
                    id: format!("{}@{provider}", scenario.id),
                    provider: provider.clone(),
                    left_out: self.left_out(&scenario.tags).or_else(|| self.without_method(&scenario, provider)),
                    plays: repeats(&scenario.tags).saturating_mul(self.thoroughness.times()),
                    ..scenario.clone()
                };
                if self.means(&item) {
                    items.push(Arc::new(item));
                }
            }
        }
        items
    }

    /// What the target's declarations take out.
    fn left_out(&self, tags: &[String]) -> Option<Stop> {
        tags.iter().find_map(|tag| {
            if let Some(need) = tag.strip_prefix("needs:") {
                let because = format!("the target does not declare `{need}`");
                let only_observed = matches!(need, "events" | "log" | "outbound-webhooks" | "storage");
                let stop = if only_observed { Stop::NotObservable(because) } else { Stop::NotApplicable(because) };
                return (!self.features.iter().any(|has| has == need)).then_some(stop);
            }
            let (switch, value) = tag.strip_prefix("when:")?.split_once('=')?;
            let declared = self.switches.get(switch).cloned().unwrap_or_default();
            let because = format!("the target declares {switch} = {}", declared.join(", "));
            (!declared.iter().any(|own| own == value)).then_some(Stop::NotApplicable(because))
        })
    }

    /// People of a country for which the target declares no method at the provider.
    fn without_method(&self, scenario: &Item, provider: &str) -> Option<Stop> {
        let country = |role: &Role| role.country.or_else(|| role.number.as_ref().map(NationalNumber::country));
        let there = self.countries.get(provider).filter(|countries| !countries.is_empty());
        let lacks = |country: &Country| there.is_some_and(|there| !there.contains(country));
        let country = scenario.roles.iter().filter_map(country).find(lacks)?;
        let provider = provider.replace('_', "-");
        Some(Stop::NotApplicable(format!(
            "the target declares no method for people of {country} at {provider} (`methods`)"
        )))
    }

    fn means(&self, item: &Item) -> bool {
        self.tags.as_ref().is_none_or(|tags| tags.eval(item.tags.iter()))
            && self.name.as_ref().is_none_or(|name| name.is_match(&item.name) || name.is_match(&item.id))
            && (self.requirements.is_empty() || item.requirements.iter().any(|own| self.requirements.contains(own)))
    }
}

/// What `@repeat:5` says; 1 without it.
fn repeats(tags: &[String]) -> usize {
    let said = tags.iter().rev().find_map(|tag| tag.strip_prefix("repeat:")?.parse().ok());
    said.unwrap_or(1).clamp(1, MOST_PLAYS)
}

/// More than anybody waits for.
const MOST_PLAYS: usize = 1000;

/// Ids of equal scenarios get numbers, so that every id is one scenario's.
pub(super) fn number_equal_ids(items: &mut [Item]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for item in items {
        let count = seen.entry(item.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            item.id = format!("{}~{count}", item.id);
        }
    }
}

/// A name in lower-case letters, digits and hyphens.
#[must_use]
pub fn slug(name: &str) -> String {
    let plain = |c: char| match c {
        'å' | 'ä' | 'Å' | 'Ä' | 'á' | 'à' => 'a',
        'ö' | 'Ö' | 'ø' | 'Ø' | 'ó' => 'o',
        'é' | 'É' | 'è' => 'e',
        'ü' | 'Ü' => 'u',
        c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
        _ => '-',
    };
    let words: String = name.chars().map(plain).collect();
    words.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_tag_says_how_often() {
        let tags = |all: &[&str]| all.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        for (written, expected) in
            [(&["must"][..], 1), (&["repeat:2", "repeat:5"], 5), (&["repeat:0"], 1), (&["repeat:x"], 1)]
        {
            assert_eq!(repeats(&tags(written)), expected, "{written:?}");
        }
    }

    #[test]
    fn slugs_are_plain() {
        assert_eq!(slug("Fel person – på Åsas länk (2)"), "fel-person-pa-asas-lank-2");
    }
}
