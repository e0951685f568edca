//! A team's own requirements: `krav.toml`.
//!
//! ```toml
//! [[requirement]]
//! id = "KYC-12"
//! text = "Nobody under eighteen signs."
//! who = "Compliance"
//! ```

use serde::Deserialize;

use super::{Diagnostic, Level, ProviderName, Requirement, SourceKind};

/// Why a team's own requirements cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnError {
    /// A mistake in the file.
    #[error(transparent)]
    Mistake(Box<Diagnostic>),
    /// The catalogue has this id already.
    #[error("the id `{id}` is taken; choose another, such as `OUR-{id}`")]
    Taken {
        /// The id.
        id: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    requirement: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: toml::Spanned<String>,
    text: String,
    who: String,
    #[serde(default = "must")]
    level: Level,
    #[serde(default)]
    why: String,
}

pub(super) fn read(toml_text: &str, file_name: &str) -> Result<Vec<Requirement>, OwnError> {
    let mistake = |diagnostic| OwnError::Mistake(Box::new(diagnostic));
    let file: File =
        toml::from_str(toml_text).map_err(|error| mistake(Diagnostic::from_toml(file_name, toml_text, &error)))?;
    let one = |written: Written| {
        let id = written.id.get_ref();
        if id.is_empty() || id.chars().any(|c| c.is_whitespace() || c == '@') {
            let help = Some("it is written as a tag, `@krav:KYC-12`, so it holds no space".to_owned());
            return Err(mistake(Diagnostic::new(
                file_name,
                toml_text,
                written.id.span(),
                "this cannot be an id",
                help,
            )));
        }
        Ok(Requirement {
            id: written.id.into_inner(),
            level: written.level,
            core: false,
            safety: false,
            text: written.text,
            text_sv: None,
            never: None,
            never_sv: None,
            equals: None,
            equals_sv: None,
            equals_level: None,
            why: written.why,
            why_sv: None,
            kind: SourceKind::Documented,
            source: written.who.clone(),
            applies_to: ProviderName::all(),
            changed_by: Vec::new(),
            removed_by: Vec::new(),
            needs: Vec::new(),
            excluded: None,
            who: Some(written.who),
        })
    };
    file.requirement.into_iter().map(one).collect()
}

fn must() -> Level {
    Level::Must
}

#[cfg(test)]
mod tests {
    use super::super::{Catalogue, Group};
    use super::*;

    #[test]
    fn a_teams_own_requirements_stand_beside_ours() {
        let own = "[[requirement]]\nid = \"KYC-12\"\ntext = \"Nobody under eighteen signs.\"\nwho = \"Compliance\"\n";
        let catalogue = Catalogue::bundled().with_own(own, "krav.toml").unwrap();
        let requirement = catalogue.by_id("kyc-12").unwrap();
        assert_eq!((requirement.group(), requirement.level, requirement.core), (Group::Own, Level::Must, false));
        assert_eq!(catalogue.iter().count(), 210);
    }

    #[test]
    fn a_mistake_in_them_is_shown_in_its_place() {
        let read = |text: &str| Catalogue::bundled().with_own(text, "krav.toml").unwrap_err().to_string();
        let misspelt = read("[[requirement]]\nid = \"A\"\ntxt = \"x\"\nwho = \"us\"\n");
        assert!(misspelt.contains("krav.toml:3:1") && misspelt.contains("did you mean `text`?"), "{misspelt}");
        let spaced = read("[[requirement]]\nid = \"A B\"\ntext = \"x\"\nwho = \"us\"\n");
        assert!(spaced.contains("krav.toml:2:6"), "{spaced}");
        let taken = read("[[requirement]]\nid = \"XCK-002\"\ntext = \"x\"\nwho = \"us\"\n");
        assert_eq!(taken, "the id `XCK-002` is taken; choose another, such as `OUR-XCK-002`");
    }
}
