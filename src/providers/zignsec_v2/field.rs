//! The fields of a set-up request, as the documents name them.

use super::order::Method;
use super::zignsec::body::LONGEST_NAME;
use crate::identity::Country;

/// One field. Names are compared without regard to case: the documents themselves write `personalnumber`, `PersonalNumber`, `personalNumber`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    AdditionalIdentityInfo,
    AllowRetries,
    AskForCpr,
    AskForCprCallback,
    AutoStartTokenRequired,
    ConfigId,
    Custom,
    CustomerPersonId,
    Language,
    Layout,
    LoginHint,
    LookupPersonAddress,
    PepCheck,
    PersonalNumber,
    RelayState,
    Requirement,
    Scope,
    Target,
    TargetError,
    UserNonVisibleData,
    UserVisibleData,
    Webhook,
}

impl Field {
    pub(super) const COUNT: usize = NAMES.len();

    /// The field of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, field)| *field)
    }

    /// Its documented name.
    pub(super) const fn name(self) -> &'static str {
        NAMES[self as usize].0
    }

    /// Whether it has an effect with this method: the documents' "Only works with …".
    pub(super) fn works_with(self, method: Method) -> bool {
        let country = method.country();
        match self {
            Self::AskForCpr | Self::AskForCprCallback => country == Country::Dk,
            Self::AdditionalIdentityInfo | Self::Scope => country == Country::No,
            Self::AutoStartTokenRequired | Self::LookupPersonAddress | Self::Requirement => country == Country::Se,
            Self::LoginHint => method == Method::NbidOidc,
            Self::PepCheck => method == Method::NbidPep,
            Self::UserNonVisibleData | Self::UserVisibleData => method == Method::SbidSign,
            Self::AllowRetries
            | Self::ConfigId
            | Self::Custom
            | Self::CustomerPersonId
            | Self::Language
            | Self::Layout
            | Self::PersonalNumber
            | Self::RelayState
            | Self::Target
            | Self::TargetError
            | Self::Webhook => true,
        }
    }
}

/// What somebody may have meant by a name that is no field.
pub(super) fn did_you_mean(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let alias = ALIASES.iter().find(|(other, _)| *other == lower.replace(['_', '-'], "")).map(|(_, field)| *field);
    let close = || {
        let distance = |known: &str| strsim::damerau_levenshtein(&known.to_ascii_lowercase(), &lower);
        let (known, distance) = NAMES.iter().map(|(known, _)| (*known, distance(known))).min_by_key(|(_, d)| *d)?;
        (distance <= 1 + known.len() / 5).then_some(known)
    };
    alias.or_else(|| if lower.len() <= LONGEST_NAME { close() } else { None })
}

/// In the order of [`Field`].
const NAMES: [(&str, Field); 22] = [
    ("Additional_identity_info", Field::AdditionalIdentityInfo),
    ("allowRetries", Field::AllowRetries),
    ("AskForCpr", Field::AskForCpr),
    ("AskForCprCallback", Field::AskForCprCallback),
    ("AutoStartTokenRequired", Field::AutoStartTokenRequired),
    ("configid", Field::ConfigId),
    ("custom", Field::Custom),
    ("CustomerPersonId", Field::CustomerPersonId),
    ("language", Field::Language),
    ("layout", Field::Layout),
    ("login_hint", Field::LoginHint),
    ("lookupPersonAddress", Field::LookupPersonAddress),
    ("PEP_Check", Field::PepCheck),
    ("personalnumber", Field::PersonalNumber),
    ("relaystate", Field::RelayState),
    ("requirement", Field::Requirement),
    ("Scope", Field::Scope),
    ("target", Field::Target),
    ("targetError", Field::TargetError),
    ("userNonVisibleData", Field::UserNonVisibleData),
    ("userVisibleData", Field::UserVisibleData),
    ("webhook", Field::Webhook),
];

/// Wrong names that are seen in client code, or belong to another of the provider's interfaces. Without separators.
const ALIASES: [(&str, &str); 15] = [
    ("callbackurl", "target"),
    ("cpr", "personalnumber"),
    ("identitynumber", "personalnumber"),
    ("loginhint", "login_hint"),
    ("nationalidentitynumber", "personalnumber"),
    ("personnummer", "personalnumber"),
    ("pnr", "personalnumber"),
    ("redirectfailure", "targetError"),
    ("redirectsuccess", "target"),
    ("relaystate", "relaystate"),
    ("returnurl", "target"),
    ("ssn", "personalnumber"),
    ("targeterror", "targetError"),
    ("webhookurl", "webhook"),
    ("locale", "language"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_name_in_any_case() {
        for (at, (name, field)) in NAMES.iter().enumerate() {
            assert_eq!(*field as usize, at, "{name}");
            assert_eq!(Field::named(&name.to_uppercase()), Some(*field));
            assert_eq!(field.name(), *name);
        }
    }

    #[test]
    fn a_misspelt_name_is_recognised() {
        for (wrong, right) in [
            ("IdentityNumber", Some("personalnumber")),
            ("personalnummer", Some("personalnumber")),
            ("relay_state", Some("relaystate")),
            ("redirect_success", Some("target")),
            ("taget", Some("target")),
            ("CountryCode", None),
            ("x", None),
        ] {
            assert_eq!(did_you_mean(wrong), right, "{wrong}");
        }
    }
}
