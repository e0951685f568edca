//! Which scenarios and which flaws speak of which requirement: from the tags of feature files.

use std::collections::BTreeMap;

use gherkin::{Feature as Gherkin, GherkinEnv, Scenario};

use super::Group;

/// What speaks of one requirement.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Covered {
    /// File, line and name of each scenario that is tagged with it.
    pub scenarios: Vec<String>,
    /// The flaws of the reference that break it.
    pub flaws: Vec<String>,
}

/// What speaks of which requirement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    by_id: BTreeMap<String, Covered>,
}

/// A feature file that the parser refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: cannot be read as a feature: {problem}")]
pub struct UnreadableFeature {
    /// The file.
    pub file: String,
    /// What the parser says.
    pub problem: String,
}

impl Coverage {
    /// Of feature files, each with its name and text, and of flaws, each with the requirements that must notice it.
    ///
    /// # Errors
    /// For the first file that is no feature.
    pub fn of(features: &[(String, String)], flaws: &[(&str, &[&str])]) -> Result<Self, UnreadableFeature> {
        let mut coverage = Self::default();
        for (file, text) in features {
            let text = text.trim_start_matches('\u{feff}');
            let feature = Gherkin::parse(text, GherkinEnv::default())
                .map_err(|error| UnreadableFeature { file: file.clone(), problem: error.to_string() })?;
            let plain = feature.scenarios.iter().map(|scenario| (scenario, [].as_slice()));
            let ruled =
                feature.rules.iter().flat_map(|rule| rule.scenarios.iter().map(|one| (one, rule.tags.as_slice())));
            for (scenario, of_the_rule) in plain.chain(ruled) {
                let tags = feature.tags.iter().chain(of_the_rule).chain(&scenario.tags);
                let of_examples = scenario.examples.iter().flat_map(|examples| &examples.tags);
                for id in tags.chain(of_examples).filter_map(|tag| tagged(tag)) {
                    coverage.add(id, file, scenario);
                }
            }
        }
        for (flaw, requirements) in flaws {
            for id in *requirements {
                coverage.by_id.entry(id.to_uppercase()).or_default().flaws.push((*flaw).to_owned());
            }
        }
        Ok(coverage)
    }

    /// What speaks of a requirement.
    #[must_use]
    pub fn by(&self, id: &str) -> Option<&Covered> {
        self.by_id.get(&id.to_uppercase())
    }

    /// The ids that features and flaws name.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.by_id.keys().map(String::as_str)
    }

    fn add(&mut self, id: &str, file: &str, scenario: &Scenario) {
        let scenarios = &mut self.by_id.entry(id.to_uppercase()).or_default().scenarios;
        let place = format!("{file}:{} {}", scenario.position.line, scenario.name);
        // Feature, scenario and examples may carry the same tag.
        if !scenarios.contains(&place) {
            scenarios.push(place);
        }
    }
}

/// The requirement that a tag names: one of ours (`@XCK-002`, `@ENF-XCK-002`), or a team's own (`@krav:KYC-12`, `@req:KYC-12`).
#[must_use]
pub fn tagged(tag: &str) -> Option<&str> {
    let tag = tag.trim_start_matches('@');
    if let Some((_, own)) = tag.split_once(':').filter(|(kind, _)| matches!(*kind, "krav" | "req")) {
        return Some(own).filter(|own| !own.is_empty());
    }
    let id = tag.strip_prefix("ENF-").unwrap_or(tag);
    let (letters, digits) = id.split_once('-')?;
    // A mistyped number is still meant as a requirement; other tags that look alike (`@ISO-8601`) are not.
    let is_ours = Group::ALL.iter().any(|group| group.letters() == letters) && !letters.is_empty();
    (is_ours && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEATURE: &str = "# language: sv\n@OUT-003\nEgenskap: Jämförelse\n\n  @XCK-002 @krav:KYC-12 @OUT-003\n  Scenario: Fel person\n    Givet något\n\n  Regel: En\n\n    @slow\n    Scenario: Rätt person\n      Givet något\n";

    #[test]
    fn tags_are_inherited_and_counted_once() {
        let features = [("jämförelse.feature".to_owned(), FEATURE.to_owned())];
        let coverage = Coverage::of(&features, &[("compares-nothing", &["XCK-002", "OUT-003"])]).unwrap();
        assert_eq!(coverage.by("xck-002").unwrap().scenarios, ["jämförelse.feature:6 Fel person"]);
        assert_eq!(coverage.by("OUT-003").unwrap().scenarios.len(), 2);
        assert_eq!(coverage.by("OUT-003").unwrap().flaws, ["compares-nothing"]);
        assert_eq!(coverage.ids().collect::<Vec<_>>(), ["KYC-12", "OUT-003", "XCK-002"]);
    }

    #[test]
    fn only_what_names_a_requirement_is_one() {
        let of =
            ["@XCK-002", "ENF-XCK-002", "@req:A1", "@krav:", "@slow", "@v2", "@ISO-8601", "@note:x", "@XCK-02", "@-1"]
                .map(tagged);
        assert_eq!(
            of,
            [Some("XCK-002"), Some("XCK-002"), Some("A1"), None, None, None, None, None, Some("XCK-02"), None]
        );
    }

    #[test]
    fn what_is_no_feature_is_named() {
        let error = Coverage::of(&[("a.feature".to_owned(), "Hello".to_owned())], &[]).unwrap_err();
        assert!(error.to_string().starts_with("a.feature: cannot be read"), "{error}");
    }
}
