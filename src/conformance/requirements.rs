//! The catalogue: what a correct enforcement of identity does (`fixtures/requirements.toml`), and which of it a target's declarations touch.
//!
//! ```text
//! bundled ─┐
//!          ├▶ Catalogue ──with Declared──▶ applicable | not applicable, because … | not observable, because …
//! krav.toml┘
//! ```

mod choice;
mod coverage;
mod declared;
mod group;
mod own;
mod provider;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

pub use self::choice::Choice;
pub use self::coverage::{Coverage, Covered, UnreadableFeature, tagged};
pub use self::declared::{Applicability, Declared};
pub use self::group::Group;
pub use self::own::OwnError;
pub use self::provider::ProviderName;
use super::result::{Level, Part};
use crate::diagnostic::{Diagnostic, did_you_mean};
pub use crate::target::Feature;

/// The requirements, in the order of their file; a team's own come last. Never changes; cheap to clone.
#[derive(Clone, Debug)]
pub struct Catalogue {
    all: Arc<[Requirement]>,
    by_id: Arc<BTreeMap<String, usize>>,
}

/// One requirement: what holds, for whom, and how we know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// A group and a number that stays, such as `XCK-002`; a team's own may look otherwise.
    pub id: String,
    /// How binding it is.
    pub level: Level,
    /// Whether it is one of those that decide the headline, by its `never`.
    #[serde(default)]
    pub core: bool,
    /// Whether a service that breaks it can let the wrong person sign, open a safe state, or show a number.
    #[serde(default)]
    pub safety: bool,
    /// What holds, in a sentence.
    pub text: String,
    /// The same in Swedish.
    pub text_sv: Option<String>,
    /// What must never happen, whatever a service declares.
    pub never: Option<String>,
    /// The same in Swedish.
    pub never_sv: Option<String>,
    /// What is expected, as far as it depends on what a service declares.
    pub equals: Option<String>,
    /// The same in Swedish.
    pub equals_sv: Option<String>,
    /// How binding `equals` is, where less than the rest.
    pub equals_level: Option<Level>,
    /// Why it matters, for people who do not program.
    pub why: String,
    /// The same in Swedish.
    pub why_sv: Option<String>,
    /// How we know.
    pub kind: SourceKind,
    /// Where it comes from, readable.
    pub source: String,
    /// The providers with which it shows.
    #[serde(default = "ProviderName::all")]
    pub applies_to: Vec<ProviderName>,
    /// Declared values that change what is expected.
    #[serde(default)]
    pub changed_by: Vec<Choice>,
    /// Declared values that take it out.
    #[serde(default)]
    pub removed_by: Vec<Choice>,
    /// Features of the service without which there is nothing to see.
    #[serde(default)]
    pub needs: Vec<Feature>,
    /// Why no test from outside can show it.
    pub excluded: Option<String>,
    /// Who asks for it, where it is a team's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
}

/// How we know that a requirement holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// It follows from a document, or from what is seen.
    Derived,
    /// Somebody wrote it down.
    Documented,
    /// We think so.
    Judgement,
}

/// No requirement has this id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no requirement `{id}`{}", meant.as_ref().map_or_else(String::new, |meant| format!("; did you mean `{meant}`?")))]
pub struct UnknownRequirement {
    /// What was asked for.
    pub id: String,
    /// What was probably meant.
    pub meant: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    requirement: Vec<Requirement>,
}

impl Catalogue {
    /// The requirements that come with Motpart.
    #[must_use]
    pub fn bundled() -> Self {
        static BUNDLED: LazyLock<Catalogue> = LazyLock::new(|| {
            let file: File = toml::from_str(TEXT).expect("the bundled catalogue is tested");
            Catalogue::of(file.requirement).expect("the bundled catalogue is tested")
        });
        BUNDLED.clone()
    }

    /// These, and a team's own behind them.
    ///
    /// # Errors
    /// With the first mistake in the text, or an id that is taken.
    pub fn with_own(&self, toml_text: &str, file_name: &str) -> Result<Self, OwnError> {
        let own = own::read(toml_text, file_name)?;
        Self::of(self.all.iter().cloned().chain(own).collect()).map_err(|id| OwnError::Taken { id })
    }

    /// The requirement of an id, in any case, with or without the leading `ENF-`.
    ///
    /// # Errors
    /// With the id that was probably meant.
    pub fn by_id(&self, id: &str) -> Result<&Requirement, UnknownRequirement> {
        let plain = id.to_uppercase();
        let plain = plain.strip_prefix("ENF-").unwrap_or(&plain);
        self.by_id
            .get(plain)
            .and_then(|at| self.all.get(*at))
            .ok_or_else(|| UnknownRequirement { id: id.to_owned(), meant: self.meant(plain) })
    }

    fn meant(&self, id: &str) -> Option<String> {
        let (letters, number) = id.split_once('-').unwrap_or((id, ""));
        // Ids of a group look all alike, so within it only another way to write the number is believed.
        if Group::ALL.iter().any(|group| group.letters() == letters) {
            let meant = number.parse::<u32>().ok().map(|number| format!("{letters}-{number:03}"));
            return meant.filter(|meant| self.by_id.contains_key(meant));
        }
        did_you_mean(id, self.by_id.keys().map(String::as_str)).map(str::to_owned)
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Requirement> {
        self.all.iter()
    }

    /// Those that decide the headline.
    pub fn core(&self) -> impl Iterator<Item = &Requirement> {
        self.iter().filter(|requirement| requirement.core)
    }

    /// Errs with an id that occurs twice.
    fn of(all: Vec<Requirement>) -> Result<Self, String> {
        let mut by_id = BTreeMap::new();
        for (at, requirement) in all.iter().enumerate() {
            if by_id.insert(requirement.id.to_uppercase(), at).is_some() {
                return Err(requirement.id.clone());
            }
        }
        Ok(Self { all: all.into(), by_id: Arc::new(by_id) })
    }
}

impl Requirement {
    /// The group that its id begins with.
    #[must_use]
    pub fn group(&self) -> Group {
        Group::of(self)
    }

    /// How binding one of its parts is.
    #[must_use]
    pub fn level_of(&self, part: Part) -> Level {
        match part {
            Part::Equals => self.equals_level.unwrap_or(self.level),
            Part::Never => self.level,
        }
    }
}

const TEXT: &str = include_str!("../../fixtures/requirements.toml");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Decided: these alone decide whether a service enforces identity.
    const CORE: &str = "CFG-005 CFG-008 CFG-009 CFG-010 CFG-015 XCK-001 XCK-002 XCK-003 XCK-004 XCK-006 XCK-007 XCK-008 XCK-009 \
        XCK-010 XCK-011 OUT-002 OUT-003 OUT-004 OUT-006 OUT-007 BLK-001 BLK-002 BLK-004 BLK-005 BLK-006 BLK-008 BLK-012 PRV-004 \
        PRV-010 PRV-019 PRV-023 WHK-001 WHK-006 SES-001 SES-002 SES-003 SES-005 SES-009 TOK-001 TOK-003 TOK-007 TOK-008 TOK-014 \
        CON-006";

    #[test]
    fn the_catalogue_holds_209_requirements_of_which_44_are_core_and_112_safety() {
        let file: File = toml::from_str(TEXT).map_err(|e| e.to_string()).unwrap();
        let catalogue = Catalogue::of(file.requirement).unwrap();
        assert_eq!(catalogue.iter().count(), 209);
        let core: BTreeSet<_> = catalogue.core().map(|requirement| requirement.id.as_str()).collect();
        assert_eq!(core, CORE.split_whitespace().collect());
        assert_eq!(core.len(), 44);
        assert_eq!(catalogue.iter().filter(|requirement| requirement.safety).count(), 112);
    }

    #[test]
    fn every_requirement_says_what_why_and_whence() {
        for requirement in Catalogue::bundled().iter() {
            let id = &requirement.id;
            let sentences = [
                Some(&requirement.text),
                requirement.text_sv.as_ref(),
                requirement.never.as_ref(),
                requirement.never_sv.as_ref(),
                requirement.equals.as_ref(),
                requirement.equals_sv.as_ref(),
                Some(&requirement.why),
                requirement.why_sv.as_ref(),
                requirement.excluded.as_ref(),
            ];
            for sentence in sentences.into_iter().flatten() {
                assert!(sentence.ends_with('.') && sentence.len() > 12 && !sentence.contains("  "), "{id}: {sentence}");
                assert!(sentence.chars().next().is_some_and(char::is_uppercase), "{id}: {sentence}");
            }
            assert!(!requirement.source.is_empty() && !requirement.applies_to.is_empty(), "{id}");
            assert!(id.len() == 7 && requirement.group() != Group::Own, "{id}");
            // What says nothing testable has to say why.
            let says_something =
                requirement.never.is_some() || requirement.equals.is_some() || requirement.excluded.is_some();
            assert!(says_something, "{id}");
            assert!(requirement.never.is_some() || requirement.never_sv.is_none(), "{id}");
            assert!(requirement.equals.is_some() || requirement.equals_sv.is_none(), "{id}");
            // All of it can be read in Swedish.
            let in_both = |english: bool, swedish: &Option<String>| english == swedish.is_some();
            let is_complete = in_both(true, &requirement.text_sv)
                && in_both(requirement.never.is_some(), &requirement.never_sv)
                && in_both(requirement.equals.is_some(), &requirement.equals_sv)
                && in_both(true, &requirement.why_sv);
            assert!(is_complete, "{id}");
        }
    }

    #[test]
    fn what_decides_the_headline_is_a_must_with_a_never_in_both_languages() {
        for requirement in Catalogue::bundled().core() {
            assert_eq!((requirement.level, requirement.safety), (Level::Must, true), "{}", requirement.id);
            let said = [&requirement.never, &requirement.never_sv, &requirement.text_sv, &requirement.why_sv];
            assert!(said.into_iter().all(Option::is_some), "{}", requirement.id);
            assert_eq!(requirement.excluded, None, "{}", requirement.id);
        }
    }

    #[test]
    fn no_switch_both_takes_out_and_changes_and_every_one_is_used() {
        let catalogue = Catalogue::bundled();
        for requirement in catalogue.iter() {
            assert!(
                requirement.changed_by.iter().all(|choice| !requirement.removed_by.contains(choice)),
                "{}",
                requirement.id
            );
        }
        for choice in Choice::all() {
            let named = |r: &Requirement| r.changed_by.contains(&choice) || r.removed_by.contains(&choice);
            assert!(catalogue.iter().any(named), "{choice:?}");
        }
        // The judge uses these, no requirement speaks of them; the last one says at which moment a scenario may be played.
        let tools = [Feature::AdvanceTime, Feature::Idle, Feature::PreparePerson, Feature::ResponseIssuer];
        for feature in Feature::ALL.into_iter().filter(|feature| !tools.contains(feature)) {
            assert!(catalogue.iter().any(|requirement| requirement.needs.contains(&feature)), "{feature}");
        }
    }

    #[test]
    fn at_most_ten_safety_requirements_cannot_be_shown() {
        assert!(Catalogue::bundled().iter().filter(|r| r.safety && r.excluded.is_some()).count() <= 10);
    }

    #[test]
    fn an_id_is_found_as_people_write_it_and_a_mistyped_one_is_answered() {
        let catalogue = Catalogue::bundled();
        for written in ["CFG-005", "cfg-005", "ENF-CFG-005"] {
            assert_eq!(catalogue.by_id(written).unwrap().id, "CFG-005");
        }
        let unknown = catalogue.by_id("XCK-0002").unwrap_err();
        assert_eq!(unknown.to_string(), "there is no requirement `XCK-0002`; did you mean `XCK-002`?");
        let meant = |id: &str| catalogue.by_id(id).unwrap_err().meant;
        assert_eq!((meant("xck-4").as_deref(), meant("WKH-001").as_deref()), (Some("XCK-004"), Some("WHK-001")));
        assert_eq!((meant(""), meant("XCK-999"), meant("nothing like it")), (None, None, None));
    }
}
