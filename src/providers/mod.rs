//! HOW EACH ONE SAYS IT: the simulated providers, in parallel folders with the same file names.
//!
//! A new provider is a new folder and one line in [`mount`].

pub mod signicat;
pub mod zignsec;
pub mod zignsec_gateway;
pub mod zignsec_v2;
pub mod zignsec_v3;

mod stray;

use std::sync::Arc;

use axum::Router;

use crate::simulation::{Commons, Control};

pub use stray::stray;

/// A provider ready to serve: what the side door sees of it, and its routes.
#[derive(Debug)]
pub struct Mounted {
    /// For the control API, the driver and the judge.
    pub control: Arc<dyn Control>,
    /// Everything relying parties and browsers call.
    pub routes: Router,
}

/// All providers, each at its place.
#[must_use]
pub fn mount(commons: &Arc<Commons>) -> Vec<Mounted> {
    let mounts: [fn(&Arc<Commons>, usize) -> Mounted; 4] =
        [zignsec_v2::mount, zignsec_v3::mount, zignsec_gateway::mount, signicat::mount];
    mounts.iter().enumerate().map(|(place, mount)| mount(commons, place)).collect()
}
