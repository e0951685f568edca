//! `motpart serve`

mod args;
mod child;
mod nudge;
mod ready;
mod reload;
pub(super) mod stopping;

use motpart::{Motpart, exit};
use tracing::info;

pub(super) use args::Serve;

use super::{Failure, Format, output, runtime};

impl Serve {
    pub(super) fn run(self: Box<Self>) -> Result<u8, Failure> {
        let runtime = runtime()?;
        let code = runtime.block_on(self.serve());
        // A child's pipe or a file watcher must not hold the process back.
        runtime.shutdown_background();
        code
    }

    async fn serve(self: Box<Self>) -> Result<u8, Failure> {
        let (options, new_token) = self.options()?;
        let mut stop = stopping::Stopping::new()?;
        let motpart = Motpart::start(options).await.map_err(Failure::usage)?;
        let _watching = reload::watch(self.scripts.as_deref(), self.persons.as_deref(), motpart.simulation())?;
        let nudging = tokio::spawn(nudge::nudge(motpart.simulation().clone(), motpart.control_url().clone()));

        match self.format {
            Format::Json => output::print(&ready::json(&motpart)?)?,
            // The output of a command belongs to the command.
            Format::Text if !self.command.is_empty() => {
                output::complain(&ready::text(&motpart, new_token));
            }
            Format::Text => output::print(&ready::text(&motpart, new_token))?,
        }
        let code = match self.command.split_first() {
            None => {
                stop.next().await;
                Ok(exit::OK)
            }
            Some((program, arguments)) => child::run(program, arguments, motpart.connection(), &mut stop).await,
        };
        info!("stopping");
        nudging.abort();
        motpart.stop().await;
        code
    }
}
