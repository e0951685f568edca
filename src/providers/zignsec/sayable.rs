//! Which scripts an interface can play.

use crate::script::{Operation, Script, Tampering};
use crate::simulation::{Provider, Unsayable};

/// What of a script a provider cannot say: a fault on an operation that it has not (`elsewhere` says why), or a forgery that would be
/// nothing here (`senseless` says why).
pub(in crate::providers) fn unsayable<P: Provider>(
    script: &Script,
    operations: &[Operation],
    elsewhere: &'static str,
    senseless: impl Fn(Tampering) -> Option<&'static str>,
) -> Option<Unsayable> {
    let unsayable = |what, why| Unsayable { provider: P::NAME, what, why };
    let fault = script.faults.iter().find(|fault| !operations.contains(&fault.on));
    let fault = fault.map(|fault| unsayable(format!("a fault on {:?}", fault.on).to_lowercase(), elsewhere));
    let forgery = script.forgeries.iter().find_map(|forgery| {
        let why = senseless(forgery.how)?;
        Some(unsayable(format!("the forgery {}", forgery.how), why))
    });
    fault.or(forgery)
}
