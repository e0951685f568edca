//! Which requirements a scenario checks: `@req:XCK-002`, `@krav:KYC-12`, `@XCK-002`.

use super::requirements;
use super::result::Level;

/// Where requirements are looked up.
pub trait Catalogue: std::fmt::Debug + Send + Sync {
    /// What is known of a requirement; none for a team's own.
    fn find(&self, id: &str) -> Option<Known>;
    /// All ids.
    fn ids(&self) -> Vec<String>;
}

/// What is known of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// How binding it is.
    pub level: Level,
    /// Whether it is one of those that decide the headline.
    pub core: bool,
}

/// The requirement that a tag, without `@`, names.
#[must_use]
pub(super) fn requirement_in(tag: &str) -> Option<&str> {
    let prefixed = tag.strip_prefix("req:").or_else(|| tag.strip_prefix("krav:"));
    prefixed.or_else(|| is_bundled_form(tag).then_some(tag))
}

/// The requirements in tags, each once; the scenario's slug where there are none.
pub(super) fn requirements_of(tags: &[String], slug: &str) -> Vec<String> {
    let mut requirements: Vec<String> = Vec::new();
    for id in tags.iter().filter_map(|tag| requirement_in(tag)) {
        if !requirements.iter().any(|known| known == id) {
            requirements.push(id.to_owned());
        }
    }
    if requirements.is_empty() {
        requirements.push(slug.to_owned());
    }
    requirements
}

/// `XCK-002`: three capitals, a hyphen, three digits.
pub(super) fn is_bundled_form(id: &str) -> bool {
    let bytes = id.as_bytes();
    bytes.len() == 7
        && bytes[..3].iter().all(u8::is_ascii_uppercase)
        && bytes[3] == b'-'
        && bytes[4..].iter().all(u8::is_ascii_digit)
}

impl Catalogue for requirements::Catalogue {
    fn find(&self, id: &str) -> Option<Known> {
        self.by_id(id).ok().map(|requirement| Known { level: requirement.level, core: requirement.core })
    }

    fn ids(&self) -> Vec<String> {
        self.iter().map(|requirement| requirement.id.clone()).collect()
    }
}
