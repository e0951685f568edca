//! What the provider does in one way or in another.

use super::super::World;
use super::super::values::Args;
use super::{Definition, Step};

pub(super) const STEPS: &[Definition] = &[Definition {
    id: HABIT,
    en: &["the provider {habit}"],
    sv: &["(att )leverantören {habit}"],
    doc_en: "The provider does so until the scenario is over, in which nothing else is played.",
    doc_sv: "Leverantören gör så tills scenariot är slut; under tiden spelas inget annat.",
    play: takes_to,
}];

fn takes_to<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { world.take_to(args.word(0)?).await })
}

/// The step's id: what has it in it plays alone.
pub(in crate::conformance) const HABIT: &str = "provider-habit";
