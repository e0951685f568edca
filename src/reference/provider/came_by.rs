//! Whether an identity came by the method that was started, judged by the names that the documents tell.

use crate::reference::provider::{EidMethod, IdentitySummary, ProvenIdentity};

impl ProvenIdentity {
    /// Whether nothing documented says that it came by another method than this one. Names that no document tells say nothing.
    #[must_use]
    pub fn came_by(&self, method: EidMethod) -> bool {
        fits(&self.method, &self.provider, method)
    }

    /// Whether it is the identity of somebody who signed a text, rather than only showed who they are.
    #[must_use]
    pub fn is_signature(&self) -> bool {
        matches!(&*self.method, "nbid-inapp-sign" | "sbid-inapp-sign" | "sbid-sign" | "smartid/sign")
    }
}

impl IdentitySummary {
    /// As [`ProvenIdentity::came_by`].
    #[must_use]
    pub fn came_by(&self, method: EidMethod) -> bool {
        fits(&self.method, &self.provider, method)
    }
}

fn fits(method: &str, provider: &str, started: EidMethod) -> bool {
    [of_method(method), of_provider(provider)].into_iter().all(|by| match by {
        By::Documented(methods) => methods.contains(&started),
        By::AnotherProduct => false,
        By::Untold => true,
    })
}

enum By {
    /// One of these methods of this service.
    Documented(&'static [EidMethod]),
    /// A documented product that this service never starts.
    AnotherProduct,
    /// No name, or one that no document tells.
    Untold,
}

pub(super) fn eid_method(method: &str) -> Option<EidMethod> {
    match of_method(method) {
        By::Documented(methods) => methods.first().copied(),
        By::AnotherProduct | By::Untold => None,
    }
}

/// `method`: "the name of the method initiated". The selectors, and the families of the products beside them.
fn of_method(word: &str) -> By {
    let word = word.to_ascii_lowercase();
    match word.as_str() {
        "bankid_se" | "sbid" | "sbid-another" | "sbid_another" | "sbid-inapp" | "sbid-inapp-sign" | "sbid-sign" => {
            By::Documented(&[EidMethod::SeBid])
        }
        "nbid" | "nbid-inapp" | "nbid-inapp-sign" | "nbid_oidc" | "nbid_mobile" | "nbid_pep" => {
            By::Documented(&[EidMethod::NoBid])
        }
        // Freja's `userInfoType`.
        "email" => By::Documented(&[EidMethod::FrejaEmail]),
        "inferred" => By::Documented(&[EidMethod::FrejaQr]),
        "phone" => By::Documented(&[EidMethod::FrejaPhone]),
        "ssn" => By::Documented(&[EidMethod::FrejaSsn]),
        "nemid" => By::Documented(&[EidMethod::DkMitid]),
        "fbid" => By::Documented(&[EidMethod::FiBank]),
        "smartid" | "smartid/auth" | "smartid/sign" => By::Documented(&[EidMethod::SmartId]),
        "swissid" => By::Documented(&[EidMethod::SwissId]),
        other => {
            let family = other.split(['_', '/', '-']).next().unwrap_or_default();
            if ["bli", "swissid", "smartid", "iv", "idin"].contains(&family) { By::AnotherProduct } else { By::Untold }
        }
    }
}

/// `IdProviderName`: "for example BankIDSE, BankIDNO, NemId or BankingAPI"; the newer page writes NemID. None is told for Finland.
fn of_provider(name: &str) -> By {
    match name.to_ascii_lowercase().as_str() {
        // With a hyphen, as Signicat's name qualifier is seen.
        "bankid-se" | "bankidse" => By::Documented(&[EidMethod::SeBid]),
        "bankid-no" | "bankidno" => By::Documented(&[EidMethod::NoBid]),
        "nemid" => By::Documented(&[EidMethod::DkMitid]),
        "smartid" => By::Documented(&[EidMethod::SmartId]),
        "swissid" => By::Documented(&[EidMethod::SwissId]),
        "bankingapi" => By::AnotherProduct,
        _ => By::Untold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_names_of_other_methods_do_not_fit() {
        use EidMethod::{DkMitid, FiBank, NoBid, SeBid};
        for (method, provider, started, expected) in [
            ("sbid-another", "BankIDSE", SeBid, true),
            ("sbid-sign", "BankIDSE", SeBid, true),
            ("nbid_oidc", "BankIDNO", NoBid, true),
            ("nbid", "BankIDNO", NoBid, true),
            ("nemid", "NemId", DkMitid, true),
            ("nemid", "NemID", DkMitid, true),
            ("fbid", "BankIDFI", FiBank, true),
            ("", "", SeBid, true),
            ("new-one", "NewOne", SeBid, true),
            ("bli_se", "BankIDSE", SeBid, false),
            ("sbid", "BankingAPI", SeBid, false),
            ("bli_se", "BankingAPI", SeBid, false),
            ("fbid", "BankIDSE", FiBank, false),
            ("nbid_oidc", "BankIDSE", SeBid, false),
            ("sbid", "NemID", SeBid, false),
            ("smartid/auth", "", SeBid, false),
        ] {
            assert_eq!(fits(method, provider, started), expected, "{method} {provider} {started:?}");
        }
    }
}
