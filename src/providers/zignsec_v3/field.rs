//! The fields of a set-up request, as the documents name them.

use super::order::Method;

/// One field. Names are compared without regard to case, as in version 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    AcrValues,
    AllowRetries,
    CountryCode,
    DisplayText,
    Environment,
    Identifier,
    IdentifierType,
    Language,
    RelayState,
    Scopes,
    Target,
    TargetError,
    UserVisibleData,
    Webhook,
}

impl Field {
    pub(super) const COUNT: usize = NAMES.len();

    /// The field of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, field)| *field)
    }

    /// Its name.
    pub(super) const fn name(self) -> &'static str {
        NAMES[self as usize].0
    }

    /// Whether it has an effect with this method.
    pub(super) const fn works_with(self, method: Method) -> bool {
        match self {
            Self::AcrValues
            | Self::AllowRetries
            | Self::Environment
            | Self::Language
            | Self::Scopes
            | Self::Target
            | Self::TargetError => method.in_browser(),
            Self::CountryCode | Self::Identifier | Self::IdentifierType => !method.in_browser(),
            Self::DisplayText | Self::UserVisibleData => matches!(method, Method::SmartIdSign),
            Self::RelayState | Self::Webhook => true,
        }
    }
}

/// What somebody may have meant by a name that is no field.
pub(super) fn did_you_mean(name: &str) -> Option<&'static str> {
    let plain = name.to_ascii_lowercase().replace(['_', '-'], "");
    let alias = ALIASES.iter().find(|(other, _)| *other == plain).map(|(_, field)| *field);
    let close = || {
        // Long ones are not compared: the measure is quadratic.
        let near = |known: &str| strsim::damerau_levenshtein(&plain, &known.to_ascii_lowercase());
        let (known, _) = NAMES.iter().min_by_key(|(known, _)| near(known)).filter(|_| plain.len() <= 40)?;
        (near(known) * 3 <= known.len()).then_some(*known)
    };
    alias.or_else(close)
}

/// In the order of [`Field`].
const NAMES: [(&str, Field); 14] = [
    ("acrValues", Field::AcrValues),
    ("allowRetries", Field::AllowRetries),
    ("countryCode", Field::CountryCode),
    ("displayText", Field::DisplayText),
    ("environment", Field::Environment),
    ("identifier", Field::Identifier),
    ("identifierType", Field::IdentifierType),
    ("language", Field::Language),
    ("relayState", Field::RelayState),
    ("scopes", Field::Scopes),
    ("target", Field::Target),
    ("targetError", Field::TargetError),
    ("userVisibleData", Field::UserVisibleData),
    ("webhook", Field::Webhook),
];

/// Names of the provider's other interfaces, and of Smart-ID's own. Without separators.
const ALIASES: [(&str, &str); 14] = [
    ("country", "countryCode"),
    ("displaytext60", "displayText"),
    ("displaytext200", "displayText"),
    ("locale", "language"),
    ("nationalidentitynumber", "identifier"),
    ("personalnumber", "identifier"),
    ("redirectfailure", "targetError"),
    ("redirectsuccess", "target"),
    ("relaystate", "relayState"),
    ("returnurl", "target"),
    ("scope", "scopes"),
    ("targeterror", "targetError"),
    ("text", "displayText"),
    ("webhookurl", "webhook"),
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
            ("personalNumber", Some("identifier")),
            ("identifer", Some("identifier")),
            ("relay_state", Some("relayState")),
            ("contryCode", Some("countryCode")),
            ("x", None),
        ] {
            assert_eq!(did_you_mean(wrong), right, "{wrong}");
        }
    }
}
