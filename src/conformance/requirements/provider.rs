//! The providers, by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A provider that Motpart plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is a name")]
pub enum ProviderName {
    ZignsecV2,
    ZignsecV3,
    ZignsecGateway,
    Signicat,
}

impl ProviderName {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::ZignsecV2, Self::ZignsecV3, Self::ZignsecGateway, Self::Signicat];

    /// For people: `zignsec-v2`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ZignsecV2 => "zignsec-v2",
            Self::ZignsecV3 => "zignsec-v3",
            Self::ZignsecGateway => "zignsec-gateway",
            Self::Signicat => "signicat",
        }
    }

    /// The provider of a name, also in snake_case.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let name = name.replace('_', "-");
        Self::ALL.into_iter().find(|provider| provider.name() == name)
    }

    pub(super) fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
