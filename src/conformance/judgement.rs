//! From how scenarios ended to checks, and from checks to the headline, the declarations and the exit code.
//!
//! ```text
//! Played ──checks──▶ Check, Check … ─▶ Known::apply ─▶ conclude: headline, declarations, what the run cannot show ─▶ exit_code
//! ```

mod declarations;
mod ending;
mod headline;
mod undeclared;

use std::collections::BTreeSet;

pub use self::ending::exit_code;
pub use self::undeclared::{Observed, Undeclared};
use super::requirements::{Applicability, Catalogue, Declared, ProviderName, Requirement, UnknownRequirement};
use super::result::{Check, Level, Part, Run, Verdict};
use crate::target::Deviation;

/// What a judgement rests on.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    /// The requirements, a team's own among them.
    pub catalogue: &'a Catalogue,
    /// What the target declares.
    pub declared: Declared<'a>,
    /// What it declares to be weaker.
    pub deviations: &'a [Deviation],
    /// What succeeded in this run, where it should: the operation, the actor and the way, in words.
    pub controls: &'a BTreeSet<String>,
}

/// A scenario that was played with one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// The scenario's slug: the name of its check where it names no requirement.
    pub slug: String,
    /// The provider.
    pub provider: ProviderName,
    /// The country of its people, such as `SE`.
    pub country: String,
    /// The requirements that it is tagged with, from feature, rule, scenario and examples.
    pub requirements: Vec<String>,
    /// The controls of the refusals that it believed.
    pub relies_on: Vec<String>,
    /// How it ended.
    pub outcome: Ended,
}

/// How a scenario ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// What it says does not hold.
    Broken {
        /// Which part spoke.
        part: Part,
        /// Whether what was expected hangs on something that no provider's document says.
        inferred: bool,
        /// What there was instead, in a sentence.
        because: String,
    },
    /// The target could not be driven.
    CouldNot(String),
    /// Everything it says holds.
    Held,
    /// A person has to look.
    Manual(String),
    /// The target's declarations take it out.
    NotApplicable(String),
    /// The target offers no channel on which it would show.
    NotObservable(String),
    /// Motpart itself failed.
    Panicked(String),
}

/// A declared deviation that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviationError {
    /// It has no other part than the one that holds for everybody.
    #[error(
        "`{0}` decides whether a service enforces identity, and what it forbids holds for everybody: no deviation is possible"
    )]
    CoreNever(String),
    /// No requirement has this id.
    #[error("a deviation from nothing: {0}")]
    Unknown(#[from] UnknownRequirement),
}

type Found = (Verdict, Option<Part>, Option<String>);

impl Judge<'_> {
    /// Deviations that cannot be, to be refused before anything runs.
    #[must_use]
    pub fn impossible_deviations(&self) -> Vec<DeviationError> {
        let one = |deviation: &Deviation| match self.catalogue.by_id(&deviation.requirement) {
            Err(unknown) => Some(unknown.into()),
            Ok(requirement) if requirement.core && requirement.equals.is_none() => {
                Some(DeviationError::CoreNever(requirement.id.clone()))
            }
            Ok(_) => None,
        };
        self.deviations.iter().filter_map(one).collect()
    }

    /// The checks that a scenario made: one for each requirement, or one by its own name.
    #[must_use]
    pub fn checks(&self, played: &Played) -> Vec<Check> {
        let mut ids: Vec<&String> = Vec::new();
        for id in &played.requirements {
            if !ids.iter().any(|earlier| earlier.eq_ignore_ascii_case(id)) {
                ids.push(id);
            }
        }
        if ids.is_empty() {
            ids.push(&played.slug);
        }
        ids.into_iter().map(|id| self.check(id, played)).collect()
    }

    /// Fills in what follows from all checks: the headline, what each declaration did, and what the run cannot show.
    pub fn conclude(&self, run: &mut Run) {
        let providers: Vec<ProviderName> = run.providers.iter().filter_map(|name| ProviderName::of(name)).collect();
        run.headline = self.headline(run, &providers);
        run.declarations = self.declarations(&providers);
        run.cannot_show = self.cannot_show(&providers, run.filter.as_deref());
    }

    fn check(&self, id: &str, played: &Played) -> Check {
        // Without an entry it is a team's own: as binding as they wrote it, which is a must.
        let requirement = self.catalogue.by_id(id).ok();
        let (verdict, part, because) = self.found(id, requirement, played);
        Check {
            requirement: requirement.map_or_else(|| id.to_owned(), |requirement| requirement.id.clone()),
            level: requirement.map_or(Level::Must, |requirement| requirement.level),
            core: requirement.is_some_and(|requirement| requirement.core),
            verdict,
            part,
            because,
        }
    }

    fn found(&self, id: &str, requirement: Option<&Requirement>, played: &Played) -> Found {
        if let Ended::Panicked(because) = &played.outcome {
            return (Verdict::HarnessError, None, Some(because.clone()));
        }
        match requirement.map(|requirement| self.declared.applicable(requirement, played.provider)) {
            Some(Applicability::NotApplicable(because)) => return (Verdict::NotApplicable, None, Some(because)),
            Some(Applicability::NotObservable(because)) => return (Verdict::NotObservable, None, Some(because)),
            Some(Applicability::Applicable) | None => {}
        }
        let because = |because: &String| Some(because.clone());
        match &played.outcome {
            Ended::Broken { part, inferred, because } => {
                self.broken(id, requirement, played, (*part, *inferred, because))
            }
            Ended::CouldNot(why) => (Verdict::Error, None, because(why)),
            Ended::Held => match played.relies_on.iter().find(|control| !self.controls.contains(*control)) {
                None => (Verdict::Pass, None, None),
                Some(control) => {
                    let why = format!("the refusal cannot be believed: {control} succeeded nowhere in this run");
                    (Verdict::Error, None, Some(why))
                }
            },
            Ended::Manual(why) => (Verdict::Manual, None, because(why)),
            Ended::NotApplicable(why) => (Verdict::NotApplicable, None, because(why)),
            Ended::NotObservable(why) => (Verdict::NotObservable, None, because(why)),
            Ended::Panicked(why) => (Verdict::HarnessError, None, because(why)),
        }
    }

    fn broken(
        &self,
        id: &str,
        requirement: Option<&Requirement>,
        played: &Played,
        (part, inferred, because): (Part, bool, &str),
    ) -> Found {
        let hard = requirement.is_some_and(|requirement| requirement.core) && part == Part::Never;
        let id = requirement.map_or(id, |requirement| &requirement.id);
        let deviates = |deviation: &&Deviation| {
            let from = self.catalogue.by_id(&deviation.requirement).map_or(&deviation.requirement, |known| &known.id);
            from.eq_ignore_ascii_case(id)
                && deviation.country.as_ref().is_none_or(|country| country.eq_ignore_ascii_case(&played.country))
        };
        if !hard && let Some(deviation) = self.deviations.iter().find(deviates) {
            return (Verdict::Deviation, Some(part), Some(format!("{because} (declared: {})", deviation.does)));
        }
        let level = requirement.map_or(Level::Must, |requirement| requirement.level_of(part));
        let (verdict, because) = match level {
            Level::Must if inferred && part == Part::Equals => {
                (Verdict::Warn, format!("{because} (what to expect follows from no document of the provider)"))
            }
            Level::Must => (Verdict::Fail, because.to_owned()),
            Level::Should => (Verdict::Warn, because.to_owned()),
            Level::May => (Verdict::Pass, format!("for information: {because}")),
        };
        (verdict, Some(part), Some(because))
    }
}

#[cfg(test)]
pub(super) mod sample;
#[cfg(test)]
mod tests;
