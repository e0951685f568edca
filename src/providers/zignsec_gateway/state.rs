//! What became of an order beyond its progress.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The tokens that were issued, and how often the end was told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// By what is wrong with them: the honest one under an empty name. A token that was issued stays as it is.
    pub issued: BTreeMap<String, Arc<str>>,
    /// Webhooks that told the end.
    pub ends_told: u32,
}
