//! `motpart flaws` and `motpart variants`: what the reference service can do otherwise.

use std::path::PathBuf;

use clap::Args;
use motpart::conformance::requirements::ProviderName;
use motpart::exit;
use motpart::reference::{Flaw, Variant};
use serde_json::json;

use super::matrix::Matrix;
use super::matrix::designs::{self, Design};
use super::matrix::kill::{self, Killing};
use super::{Failure, Format, output};

/// Lists the flaws of the reference service: what each does wrong, and the requirements it breaks.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  motpart flaws\n  motpart flaws --format json\n  motpart flaws --kill-matrix never-compares"
)]
pub(super) struct FlawsArgs {
    /// Only these; all when left out.
    #[arg(value_name = "NAME")]
    names: Vec<Flaw>,
    /// Judge the service with each flaw: a check of a requirement that it breaks has to notice.
    #[arg(long)]
    kill_matrix: bool,
    /// Play everything for each flaw: it has to trip nothing but what it lists and what follows.
    #[arg(long, requires = "kill_matrix")]
    full: bool,
    #[command(flatten)]
    play: Play,
    /// The form.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Lists the legitimate designs of the reference service: how each differs, and what it declares.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  motpart variants\n  motpart variants --format json\n  motpart variants --matrix one-step"
)]
pub(super) struct VariantsArgs {
    /// Only these; all when left out.
    #[arg(value_name = "NAME")]
    names: Vec<Variant>,
    /// Judge the service in each design, and in the default one unless designs are named: nothing may go wrong.
    #[arg(long)]
    matrix: bool,
    /// Play only what decides the headline.
    #[arg(long, requires = "matrix")]
    core: bool,
    #[command(flatten)]
    play: Play,
    /// The form.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How a matrix is played.
#[derive(Debug, Args)]
struct Play {
    /// Feature files, or folders of them, instead of the bundled ones.
    #[arg(long, value_name = "PATH")]
    features: Vec<PathBuf>,
    /// Only at these providers.
    #[arg(long, value_name = "NAME")]
    provider: Vec<String>,
    /// How many services are judged at the same time.
    #[arg(long, short, value_name = "N", default_value_t = 2)]
    jobs: usize,
}

impl Play {
    fn matrix(&self) -> Result<Matrix, Failure> {
        Matrix::of(&self.features, &self.provider, self.jobs)
    }
}

impl FlawsArgs {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let flaws = if self.names.is_empty() { Flaw::ALL } else { &self.names };
        if self.kill_matrix {
            return self.kill(flaws);
        }
        output::print(&match self.format {
            Format::Json => output::json(&flaws.iter().map(flaw).collect::<Vec<_>>())?,
            Format::Text => {
                let row =
                    |flaw: &Flaw| vec![flaw.name().to_owned(), flaw.requirements().join(" "), flaw.about().to_owned()];
                output::columns(&flaws.iter().map(row).collect::<Vec<_>>())
            }
        })?;
        Ok(exit::OK)
    }

    fn kill(&self, flaws: &[Flaw]) -> Result<u8, Failure> {
        let matrix = self.play.matrix()?;
        let (flaws, others): (Vec<Flaw>, Vec<Flaw>) =
            flaws.iter().copied().partition(|flaw| matrix.shows_at(*flaw).into_iter().any(|at| matrix.plays_at(at)));
        for flaw in others {
            let at: Vec<&str> = matrix.shows_at(flaw).into_iter().map(ProviderName::name).collect();
            output::complain(&format!("not played: {flaw}, which shows only at {}", at.join(", ")));
        }
        let heard = |killing: &Killing| {
            let word = if killing.is_good(self.full) { "caught" } else { "NOT AS IT SHOULD BE" };
            output::complain(&format!("{word} {} ({} checks)", killing.flaw, killing.checks));
        };
        let killings = kill::kill(&matrix, &flaws, self.full, heard)?;
        output::print(&match self.format {
            Format::Json => output::json(&killings)?,
            Format::Text => kill::text(&killings, self.full),
        })?;
        Ok(if killings.iter().all(|killing| killing.is_good(self.full)) { exit::OK } else { exit::NO })
    }
}

impl VariantsArgs {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let variants = if self.names.is_empty() { &Variant::ALL } else { self.names.as_slice() };
        if self.matrix {
            return self.judge(variants);
        }
        output::print(&match self.format {
            Format::Json => output::json(&variants.iter().map(variant).collect::<Vec<_>>())?,
            Format::Text => {
                let row = |variant: &Variant| vec![variant.name().to_owned(), variant.about().to_owned()];
                output::columns(&variants.iter().map(row).collect::<Vec<_>>())
            }
        })?;
        Ok(exit::OK)
    }

    fn judge(&self, variants: &[Variant]) -> Result<u8, Failure> {
        let matrix = self.play.matrix()?;
        let plain = self.names.is_empty().then_some(None);
        let wanted: Vec<Option<Variant>> = plain.into_iter().chain(variants.iter().copied().map(Some)).collect();
        let heard = |design: &Design| {
            let word = if design.alarms.is_empty() { "green" } else { "RED" };
            output::complain(&format!("{word} {}", design.variant));
        };
        let designs = designs::designs(&matrix, &wanted, self.core, heard)?;
        output::print(&match self.format {
            Format::Json => output::json(&designs)?,
            Format::Text => designs::text(&designs),
        })?;
        Ok(if designs.iter().all(|design| design.alarms.is_empty()) { exit::OK } else { exit::NO })
    }
}

fn flaw(flaw: &Flaw) -> serde_json::Value {
    json!({
        "name": flaw.name(),
        "about": flaw.about(),
        "requirements": flaw.requirements(),
        "follows": flaw.follows(),
        "provider": flaw.provider(),
        "variant": flaw.variant().map(Variant::name),
    })
}

fn variant(variant: &Variant) -> serde_json::Value {
    json!({"name": variant.name(), "about": variant.about(), "target": variant.policy_toml()})
}
