//! Whether a requirement can be asked of a target, by what the target declares.

use std::fmt;

use super::{ProviderName, Requirement};
use crate::target::{Policy, Setup, Sign};

/// What a target declares about itself.
#[derive(Clone, Copy)]
pub struct Declared<'a> {
    /// Its policy.
    pub policy: &'a Policy,
    /// How a signature comes about.
    pub sign: Sign,
    /// How agreements are made.
    pub setup: Setup,
    /// Whether it has a feature, by the feature's name.
    pub has: &'a dyn Fn(&str) -> bool,
}

/// Whether a requirement can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// It can.
    Applicable,
    /// The provider or a declaration takes it out, for this reason.
    NotApplicable(String),
    /// It holds, but there is no way to see it, for this reason.
    NotObservable(String),
}

impl Declared<'_> {
    /// Whether a requirement can be asked with this provider.
    #[must_use]
    pub fn applicable(&self, requirement: &Requirement, provider: ProviderName) -> Applicability {
        if !requirement.applies_to.contains(&provider) {
            return Applicability::NotApplicable(format!("it does not concern {provider}"));
        }
        let takes_out = |choice: &&super::Choice| choice.concerns(provider) && choice.holds(self);
        if let Some(choice) = requirement.removed_by.iter().find(takes_out) {
            return Applicability::NotApplicable(format!("the target declares `{}`", choice.line()));
        }
        if let Some(because) = &requirement.excluded {
            return Applicability::NotObservable(because.trim_end_matches('.').to_owned());
        }
        let lacking = || requirement.needs.iter().copied().filter(|feature| !(self.has)(feature.name()));
        // What the service does not have counts for more than where nobody can look.
        match lacking().find(|feature| !feature.is_channel()).or_else(|| lacking().next()) {
            None => Applicability::Applicable,
            Some(feature) if feature.is_channel() => {
                Applicability::NotObservable(format!("the target declares no `{feature}`"))
            }
            Some(feature) => Applicability::NotApplicable(format!("the target declares no `{feature}`")),
        }
    }
}

impl fmt::Debug for Declared<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Declared")
            .field("policy", &self.policy)
            .field("sign", &self.sign)
            .field("setup", &self.setup)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Catalogue;
    use super::*;
    use crate::target::{EvidenceKind, IdTokenSignature};

    fn of(id: &str, provider: ProviderName, policy: &Policy, sign: Sign, has: &dyn Fn(&str) -> bool) -> Applicability {
        let declared = Declared { policy, sign, setup: Setup::Stepwise, has };
        declared.applicable(Catalogue::bundled().by_id(id).unwrap(), provider)
    }

    fn because(applicability: Applicability) -> String {
        match applicability {
            Applicability::Applicable => "applicable".to_owned(),
            Applicability::NotApplicable(because) => format!("not applicable: {because}"),
            Applicability::NotObservable(because) => format!("not observable: {because}"),
        }
    }

    #[test]
    fn what_takes_a_requirement_out_is_named() {
        let policy = Policy::default();
        let plain = |id, provider| because(of(id, provider, &policy, Sign::SeparateCall, &|_| true));
        assert_eq!(plain("XCK-002", ProviderName::ZignsecV2), "applicable");
        assert_eq!(plain("TOK-001", ProviderName::ZignsecV2), "not applicable: it does not concern zignsec-v2");
        assert_eq!(
            plain("BLK-012", ProviderName::ZignsecV2),
            "not applicable: the target declares `sign = \"separate-call\"`"
        );
        assert_eq!(
            plain("PRI-011", ProviderName::Signicat),
            "not observable: Where a key is kept cannot be told from outside"
        );
        let webhook_only = Policy { evidence: vec![EvidenceKind::SignedWebhook], ..Policy::default() };
        assert_eq!(
            because(of("WHK-009", ProviderName::ZignsecV2, &webhook_only, Sign::None, &|_| true)),
            "not applicable: the target declares `policy.evidence = [\"signed-webhook\"]`"
        );
    }

    #[test]
    fn a_missing_channel_hides_and_a_missing_feature_takes_out() {
        let policy = Policy::default();
        let nothing = |id| because(of(id, ProviderName::ZignsecV2, &policy, Sign::SeparateCall, &|_| false));
        assert_eq!(nothing("PRI-006"), "not observable: the target declares no `log`");
        assert_eq!(nothing("WHK-001"), "not applicable: the target declares no `webhook-in`");
        assert_eq!(nothing("PRI-013"), "not applicable: the target declares no `delete`");
        assert_eq!(nothing("CFG-017"), "not applicable: the target declares no `update-participant`");
    }

    #[test]
    fn a_token_believed_for_its_way_says_nothing_about_other_providers() {
        let policy = Policy { id_token_signature: IdTokenSignature::TlsDirect, ..Policy::default() };
        let of = |provider| of("TOK-002", provider, &policy, Sign::SeparateCall, &|_| true);
        assert_eq!(of(ProviderName::ZignsecGateway), Applicability::Applicable);
        assert!(matches!(of(ProviderName::Signicat), Applicability::NotApplicable(_)));
    }
}
