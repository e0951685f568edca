//! What became of an order beyond its progress: moments and counters. Everything that is handed out is derived from them.

use serde::{Deserialize, Serialize};

use crate::session::Age;

/// Moments are on the session's own time line: ageing a session ages its code and its tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How often the session cookie was changed.
    pub turns: u32,
    /// When the relying party last asked how it stands.
    pub polled: Option<Age>,
    /// When the address that completes was used.
    pub completed: Option<Age>,
    /// When the code was given out.
    pub coded: Option<Age>,
    /// When the code was exchanged.
    pub spent: Option<Age>,
    /// The access tokens given out, from the first to the newest. Their number is bounded by [`State::MOST_TOKENS`].
    pub tokens: Vec<Issued>,
    /// How many refresh tokens were given out. The newest one counts.
    pub refreshes: u32,
    /// Whether everything given out is void: the code was shown twice.
    pub revoked: bool,
}

/// One access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// When.
    pub at: Age,
    /// For how long, in seconds.
    pub seconds: u32,
    /// Whether it came from a code that was said to be another session's: somebody else's then.
    pub injected: bool,
    /// The words of scope that it carries.
    pub scope: Vec<String>,
}

impl State {
    /// How many access tokens a session gives out.
    pub const MOST_TOKENS: usize = 100;

    /// The number of access tokens.
    #[must_use]
    pub fn issued(&self) -> u32 {
        u32::try_from(self.tokens.len()).unwrap_or(u32::MAX)
    }
}

impl Issued {
    /// Whether it is still good.
    #[must_use]
    pub fn lives(&self, now: Age) -> bool {
        now.0.saturating_sub(self.at.0) < u64::from(self.seconds) * 1_000
    }

    /// Whether it carries a word of scope.
    #[must_use]
    pub fn grants(&self, word: &str) -> bool {
        self.scope.iter().any(|granted| granted == word)
    }
}
