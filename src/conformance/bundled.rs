//! The features that come with Motpart: the specification.

use super::Source;

/// All of them.
#[must_use]
pub fn bundled() -> Vec<Source> {
    FEATURES.iter().map(|(name, text)| Source::new(format!("bundled:{name}"), text)).collect()
}

macro_rules! feature {
    ($name:literal) => {
        ($name, include_str!(concat!("../../features/enforcement/", $name)))
    };
}

/// Each file of `features/enforcement`; a test reads the folder and compares.
const FEATURES: &[(&str, &str)] = &[
    feature!("audit.feature"),
    feature!("blocking.feature"),
    feature!("concurrency.feature"),
    feature!("configuration.feature"),
    feature!("cross-check.feature"),
    feature!("normalisation.feature"),
    feature!("openid-token.feature"),
    feature!("openid.feature"),
    feature!("outcomes.feature"),
    feature!("privacy.feature"),
    feature!("provider-states.feature"),
    feature!("sessions.feature"),
    feature!("tokens.feature"),
    feature!("webhooks.feature"),
    feature!("sv/avbrott.feature"),
    feature!("sv/fel-person.feature"),
    feature!("sv/integritet.feature"),
    feature!("sv/intyg.feature"),
    feature!("sv/signerad-identitet.feature"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_feature_of_the_folder_is_bundled() {
        let folder = Path::new("features/enforcement");
        let files = if folder.exists() { Source::read(&[folder.to_owned()]).unwrap() } else { Vec::new() };
        let there: BTreeSet<String> =
            files.iter().filter_map(|file| Some(file.name.strip_prefix("features/enforcement/")?.to_owned())).collect();
        let here: BTreeSet<String> = FEATURES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(here, there);
    }
}
