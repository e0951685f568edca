//! What a scenario keeps of what went out, for later steps and for the end of the run.

use super::judgement::Observed;
use super::leak::Canary;
use crate::target::Dump;

/// The part of a scenario's state that looks outward.
#[derive(Debug, Default)]
pub struct Outward {
    /// The storage, each time it was looked at.
    pub dumps: Vec<Vec<Dump>>,
    /// What came of the numbers that were typed at a start, oldest first.
    pub typed: Vec<TypedAnswer>,
    /// Whether the receiver of the target's webhooks was told to fail at first.
    pub receiver_fails: bool,
    /// What must not be found in the log, once the run is over.
    pub unlogged: Vec<Unlogged>,
    /// What was seen that a declaration may contradict.
    pub observed: Vec<Observed>,
}

/// What a start with a typed number was answered with. The numbers are not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedAnswer {
    /// Whether an attempt began.
    pub started: bool,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// The names of everything in the last answer.
    pub keys: Vec<String>,
}

/// What must not be found in the log.
#[derive(Clone, Debug)]
pub struct Unlogged {
    /// The step that says so, from 0.
    pub step: usize,
    /// Whose number, or, by its name, which credential.
    pub canary: Canary,
    /// Whether it is a credential.
    pub is_credential: bool,
}
