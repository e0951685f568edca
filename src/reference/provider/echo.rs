//! The flaw of comparing what was sent instead of what came back. Without it nothing is ever remembered.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Evidence, ProvenIdentity};
use crate::identity::NationalNumber;

/// What was sent to the provider, by its session.
#[derive(Debug, Default)]
pub(super) struct Echoes(Mutex<HashMap<String, NationalNumber>>);

impl Echoes {
    /// Remembers what was sent.
    pub(super) fn remember(&self, session: &str, number: NationalNumber) {
        let mut echoes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if echoes.len() < MOST {
            echoes.insert(session.to_owned(), number);
        }
    }

    /// Puts what was sent in the place of what came back.
    pub(super) fn instead(&self, session: &str, evidence: Evidence) -> Evidence {
        let echo = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(session).cloned();
        match (evidence, echo) {
            (Evidence::Finished(identity), Some(number)) => {
                Evidence::Finished(ProvenIdentity { country: number.country(), number, ..identity })
            }
            (Evidence::NoNumber(summary), Some(number)) => Evidence::Finished(ProvenIdentity {
                country: number.country(),
                number,
                method: summary.method,
                provider: summary.provider,
                name: String::new(),
                date: summary.date,
            }),
            (evidence, _) => evidence,
        }
    }
}

const MOST: usize = 10_000;
