//! The words around requirements, in English and in Swedish.

use motpart::conformance::Language;
use motpart::conformance::requirements::{Requirement, SourceKind};
use motpart::conformance::result::Level;

pub(super) struct Words {
    language: Language,
    pub(super) caught: &'static str,
    pub(super) changed_by: &'static str,
    pub(super) coverage: &'static str,
    pub(super) excluded: &'static str,
    pub(super) expected: &'static str,
    pub(super) id: &'static str,
    pub(super) level: &'static str,
    pub(super) needs: &'static str,
    pub(super) never: &'static str,
    pub(super) no_scenario: &'static str,
    pub(super) one_scenario: &'static str,
    pub(super) providers: &'static str,
    pub(super) removed_by: &'static str,
    pub(super) requirement: &'static str,
    pub(super) scenarios: &'static str,
    pub(super) source: &'static str,
    pub(super) tag: &'static str,
    pub(super) who: &'static str,
    pub(super) why: &'static str,
}

impl Words {
    /// Those of a language; what has no Swedish text is shown in English.
    pub(super) const fn of_language(language: Language) -> &'static Self {
        match language {
            Language::En => &ENGLISH,
            Language::Sv => &SWEDISH,
        }
    }

    pub(super) const fn pick(&self, (english, swedish): (&'static str, &'static str)) -> &'static str {
        match self.language {
            Language::En => english,
            Language::Sv => swedish,
        }
    }

    pub(super) fn text<'a>(&self, requirement: &'a Requirement) -> &'a str {
        self.of(&requirement.text, requirement.text_sv.as_ref())
    }

    pub(super) fn never_of<'a>(&self, requirement: &'a Requirement) -> Option<&'a str> {
        requirement.never.as_ref().map(|never| self.of(never, requirement.never_sv.as_ref()))
    }

    pub(super) fn equals_of<'a>(&self, requirement: &'a Requirement) -> Option<&'a str> {
        requirement.equals.as_ref().map(|equals| self.of(equals, requirement.equals_sv.as_ref()))
    }

    pub(super) fn why_of<'a>(&self, requirement: &'a Requirement) -> &'a str {
        self.of(&requirement.why, requirement.why_sv.as_ref())
    }

    /// How binding, and whether it decides the headline.
    pub(super) fn standing(&self, requirement: &Requirement) -> String {
        let level = match requirement.level {
            Level::May => ("may", "får"),
            Level::Should => ("should", "bör"),
            Level::Must => ("must", "ska"),
        };
        let mut standing = self.pick(level).to_owned();
        if requirement.core {
            standing.push_str(self.pick((", core", ", kärnkrav")));
        } else if requirement.safety {
            standing.push_str(self.pick((", safety", ", säkerhet")));
        }
        standing
    }

    /// Where it comes from, and how we know.
    pub(super) fn source_of(&self, requirement: &Requirement) -> String {
        let ours = self.pick(OUR_JUDGEMENT);
        let source = requirement.source.replace(OUR_JUDGEMENT.0, ours);
        match requirement.kind {
            SourceKind::Derived => format!("{source} ({})", self.pick(("derived", "härlett"))),
            SourceKind::Documented => format!("{source} ({})", self.pick(("documented", "dokumenterat"))),
            SourceKind::Judgement => source,
        }
    }

    pub(super) fn sum(&self, rows: usize, covered: usize, caught: usize) -> String {
        match self.language {
            Language::En => {
                format!("{rows} requirements; {covered} with a scenario, {caught} with a flaw that breaks them\n")
            }
            Language::Sv => {
                format!("{rows} krav; {covered} med ett scenario, {caught} med ett inbyggt fel som bryter dem\n")
            }
        }
    }

    fn of<'a>(&self, english: &'a str, swedish: Option<&'a String>) -> &'a str {
        match (self.language, swedish) {
            (Language::Sv, Some(swedish)) => swedish,
            (Language::Sv, None) | (Language::En, _) => english,
        }
    }
}

/// As the catalogue says it.
const OUR_JUDGEMENT: (&str, &str) = ("our judgement", "vår bedömning");

static ENGLISH: Words = Words {
    language: Language::En,
    caught: "broken by",
    changed_by: "changed by",
    coverage: "coverage",
    excluded: "cannot be tested",
    expected: "expected",
    id: "id",
    level: "level",
    needs: "needs",
    never: "never",
    no_scenario: "no scenario names it",
    one_scenario: "1 scenario",
    providers: "providers",
    removed_by: "taken out by",
    requirement: "requirement",
    scenarios: "scenarios",
    source: "source",
    tag: "a tag names nothing",
    who: "asked for by",
    why: "why",
};

static SWEDISH: Words = Words {
    language: Language::Sv,
    caught: "bryts av",
    changed_by: "ändras av",
    coverage: "täckning",
    excluded: "kan inte provas",
    expected: "väntat",
    id: "id",
    level: "nivå",
    needs: "kräver",
    never: "aldrig",
    no_scenario: "inget scenario nämner det",
    one_scenario: "1 scenario",
    providers: "leverantörer",
    removed_by: "utgår vid",
    requirement: "krav",
    scenarios: "scenarier",
    source: "källa",
    tag: "en tagg pekar på inget",
    who: "krävs av",
    why: "varför",
};
