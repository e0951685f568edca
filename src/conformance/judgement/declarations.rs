//! What each declaration took out or changed, against a target that declares nothing and has everything.

use super::Judge;
use crate::conformance::requirements::{Applicability, Choice, Declared, Feature, ProviderName, Requirement};
use crate::conformance::result::Declaration;
use crate::target::{Policy, Setup, Sign};

impl Judge<'_> {
    pub(super) fn declarations(&self, providers: &[ProviderName]) -> Vec<Declaration> {
        let policy = Policy::default();
        let strictest = Declared { policy: &policy, sign: Sign::default(), setup: Setup::default(), has: &|_| true };
        let by_default = |requirement: &&Requirement, concerns: &dyn Fn(ProviderName) -> bool| {
            let applies = |provider| strictest.applicable(requirement, provider) == Applicability::Applicable;
            providers.iter().copied().any(|provider| concerns(provider) && applies(provider))
        };
        let choices = Choice::all().filter(|choice| choice.holds(&self.declared) && !choice.holds(&strictest));
        let choices = choices.filter_map(|choice| {
            let concerns = |provider| choice.concerns(provider);
            let named = |list: fn(&Requirement) -> &[Choice]| -> Vec<&Requirement> {
                let touched = self.catalogue.iter().filter(|requirement| list(requirement).contains(&choice));
                touched.filter(|requirement| by_default(requirement, &concerns)).collect()
            };
            declaration(choice.line(), "takes out", &named(|r| &r.removed_by), &named(|r| &r.changed_by))
        });
        let lacking = Feature::ALL.into_iter().filter(|feature| !(self.declared.has)(feature.name()));
        let lacking = lacking.filter_map(|feature| {
            let needing = self.catalogue.iter().filter(|requirement| requirement.needs.contains(&feature));
            let removed: Vec<_> = needing.filter(|requirement| by_default(requirement, &|_| true)).collect();
            let does = if feature.is_channel() { "hides" } else { "takes out" };
            declaration(&format!("features.{feature} = false"), does, &removed, &[])
        });
        choices.chain(lacking).collect()
    }

    pub(super) fn cannot_show(&self, providers: &[ProviderName], filter: Option<&str>) -> Vec<String> {
        let concerns =
            |requirement: &&Requirement| providers.iter().any(|provider| requirement.applies_to.contains(provider));
        let excluded = self.catalogue.iter().filter(concerns).filter_map(|requirement| {
            requirement.excluded.as_ref().map(|because| format!("{}: {because}", requirement.id))
        });
        let hidden =
            Feature::ALL.into_iter().filter(|feature| feature.is_channel() && !(self.declared.has)(feature.name()));
        let hidden = hidden.filter_map(|feature| {
            let needing =
                self.catalogue.iter().filter(concerns).filter(|requirement| requirement.needs.contains(&feature));
            let ids: Vec<&str> = needing.map(|requirement| requirement.id.as_str()).collect();
            (!ids.is_empty()).then(|| format!("What only `{feature}` would show: {}.", ids.join(", ")))
        });
        let filtered = filter.map(|filter| format!("What was left out: only {filter} was played."));
        excluded.chain(hidden).chain(filtered).chain(ALWAYS.iter().map(|&text| text.to_owned())).collect()
    }
}

fn declaration(line: &str, does: &str, removed: &[&Requirement], changed: &[&Requirement]) -> Option<Declaration> {
    let mut effects = Vec::new();
    if !removed.is_empty() {
        let core = removed.iter().filter(|requirement| requirement.core).count();
        let of_the_core = if core == 0 { "none".to_owned() } else { core.to_string() };
        effects.push(format!("{does} {}, {of_the_core} of the core", count(removed.len())));
    }
    if !changed.is_empty() {
        effects.push(format!("changes what is expected in {}", count(changed.len())));
    }
    (!effects.is_empty()).then(|| Declaration {
        declared: line.to_owned(),
        effect: effects.join("; "),
        removed: removed.iter().map(|requirement| requirement.id.clone()).collect(),
    })
}

fn count(requirements: usize) -> String {
    if requirements == 1 { "1 requirement".to_owned() } else { format!("{requirements} requirements") }
}

const ALWAYS: &[&str] = &[
    "The real provider: what is played follows its documents, and where they are silent, what is inferred from them.",
    "The connection to the real provider, such as whether its certificate is verified.",
    "What the service does where no scenario looks: a run is no review of its code.",
];
