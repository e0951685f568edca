//! What a script does, played: a storyboard of requests, moments and answers.
//!
//! Nothing in it is described from the script alone: a [`Stage`] is a whole simulation with a clock that stands still and a receiver that
//! accepts every webhook unless told otherwise, the script is played on it, and what the provider answers is written down.

mod exchange;
mod lead;
mod opaque;
mod play;
mod show;
mod told;
mod words;

use std::sync::Arc;

use axum::Router;
use serde::Serialize;
use url::Url;

use crate::dial::{DialOptions, Dialer};
use crate::identity::Persons;
use crate::running::assemble;
use crate::script::{Library, Script};
use crate::simulation::{Bounds, Clock, Commons, SampleError, Simulation, Timestamp};

pub use play::play;
pub use words::in_words;

/// A simulation for one storyboard.
#[derive(Debug)]
pub struct Stage {
    /// The simulation. Its clock is manual, and nobody drives it.
    pub simulation: Arc<Simulation>,
    /// What relying parties call.
    pub routes: Router,
    /// Who answers webhooks and questions.
    pub receiver: Receiver,
    told: told::Told,
}

/// What the service answers to every webhook and every question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

impl Default for Receiver {
    /// Accepts everything.
    fn default() -> Self {
        Self { status: 200, body: String::new() }
    }
}

/// How a script goes at one provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Storyboard {
    /// The script's name.
    pub script: String,
    /// The script's title.
    pub title: String,
    /// The provider, in kebab-case.
    pub provider: String,
    /// Why the provider cannot play the script; then there are no scenes.
    pub refused: Option<String>,
    /// What happens, in order.
    pub scenes: Vec<Scene>,
}

/// One moment of a storyboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Scene {
    /// When, in milliseconds since the session was set up.
    pub at_ms: u64,
    /// What happens, in words.
    pub what: String,
    /// The request, where one is made; masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The answer to it; masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// Why there is no storyboard.
#[derive(Debug, thiserror::Error)]
pub enum StoryboardError {
    /// The provider shows no sample conversation.
    #[error("{0} has no sample conversation to play the script with")]
    NoSample(&'static str),
    /// The sample cannot be sent.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// The sample does not set a session up.
    #[error("the sample conversation of {provider} sets no session up: it is answered {answer}")]
    NoSession {
        /// The provider.
        provider: &'static str,
        /// The answer.
        answer: String,
    },
}

impl Stage {
    /// All providers, with these scripts and persons.
    #[must_use]
    pub fn new(scripts: Library, persons: Persons) -> Self {
        let dialer = Dialer::new(&DialOptions::default()).expect("the dialer has no options that could be wrong");
        let public = Url::parse("http://localhost:8480/").expect("a constant address");
        let commons = Commons::new("storyboard", Clock::manual(NOON), Bounds::default(), dialer, public);
        commons.set_scripts(scripts);
        commons.set_persons(persons);
        let (simulation, routes) = assemble(Arc::new(commons));
        Self { simulation, routes, receiver: Receiver::default(), told: told::Told::default() }
    }
}

/// Plays a script at every provider, each on a stage of its own.
///
/// # Errors
/// When a provider's sample conversation does not work.
pub async fn at_every_provider(
    script: &Arc<Script>,
    scripts: &Library,
    persons: &Persons,
) -> Result<Vec<Storyboard>, StoryboardError> {
    let mut boards = Vec::new();
    let names: Vec<&'static str> =
        Stage::new(scripts.clone(), persons.clone()).simulation.providers.iter().map(|p| p.name()).collect();
    for name in names {
        boards.push(play(&Stage::new(scripts.clone(), persons.clone()), name, script).await?);
    }
    Ok(boards)
}

/// 2026-01-15T12:00:00Z: storyboards always show the same moments.
const NOON: Timestamp = Timestamp(1_768_478_400_000);

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod toy;
