//! Each legitimate design has to be green under what it declares.

use std::fmt::Write as _;

use motpart::conformance::Item;
use motpart::conformance::result::{Counts, Enforces};
use motpart::reference::Variant;
use serde::Serialize;

use super::{Matrix, Tripped, alarms};
use crate::cli::Failure;
use crate::cli::check::builtin::Builtin;

/// What became of a design.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Design {
    /// Its name; `reference` is the default one.
    pub(in crate::cli) variant: &'static str,
    /// The headline.
    pub(in crate::cli) enforces: Enforces,
    /// The counts of all checks.
    pub(in crate::cli) counts: Counts,
    /// False alarms.
    pub(in crate::cli) alarms: Vec<Tripped>,
}

/// Judges the default design and these; `core` plays only what decides the headline.
pub(in crate::cli) fn designs(
    matrix: &Matrix,
    variants: &[Option<Variant>],
    core: bool,
    heard: impl Fn(&Design) + Sync,
) -> Result<Vec<Design>, Failure> {
    let decides = |id: &String| matrix.catalogue.by_id(id).is_ok_and(|requirement| requirement.core);
    let wanted = |item: &Item| !core || item.requirements.iter().any(decides);
    let one = |variant: Option<Variant>| async move {
        let builtin = Builtin { flaws: [].into(), variants: variant.into_iter().collect() };
        let name = variant.map_or_else(|| "reference".to_owned(), |variant| format!("reference:{}", variant.name()));
        let run = matrix.judge(builtin, &name, (None, usize::MAX), wanted).await?;
        Ok::<_, Failure>(Design {
            variant: variant.map_or("reference", Variant::name),
            enforces: run.headline.enforces,
            counts: run.headline.counts,
            alarms: alarms(&run),
        })
    };
    matrix.each(variants, one, heard)
}

/// The red ones with their reasons, then a line for each.
pub(in crate::cli) fn text(designs: &[Design]) -> String {
    let mut out = String::new();
    for design in designs {
        for alarm in &design.alarms {
            let Tripped { requirement, scenario, verdict, because } = alarm;
            let _ = writeln!(out, "RED {}: {requirement} in {scenario} ({verdict:?}): {because}", design.variant);
        }
    }
    for design in designs {
        let Counts { pass, warn, not_applicable, not_observable, .. } = design.counts;
        let _ = writeln!(
            out,
            "{}: {} pass, {} warn, {} not applicable, {} not observable, {} red",
            design.variant,
            pass,
            warn,
            not_applicable,
            not_observable,
            design.alarms.len()
        );
    }
    out
}
