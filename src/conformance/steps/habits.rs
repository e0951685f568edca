//! What the provider does in one way or in another.

use super::super::World;
use super::super::values::Args;
use super::{Definition, Step};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: HABIT,
        en: &["the provider {habit}"],
        sv: &["(att )leverantören {habit}"],
        doc_en: "The provider does so until the scenario is over, in which nothing else is played.",
        doc_sv: "Leverantören gör så tills scenariot är slut; under tiden spelas inget annat.",
        play: takes_to,
    },
    Definition {
        id: NEW_KEY,
        en: &["the provider takes a new key into use"],
        sv: &["(att )leverantören tar en ny nyckel i bruk"],
        doc_en: "What it signs from now on is signed with that key; the former one is withdrawn until the scenario is over.",
        doc_sv: "Det den signerar från och med nu signeras med den nyckeln; den förra är indragen tills scenariot är slut.",
        play: takes_new_key,
    },
];

fn takes_new_key<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move { world.new_key().await })
}

fn takes_to<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { world.take_to(args.word(0)?).await })
}

/// The steps' ids: what has one in it plays alone.
pub(in crate::conformance) const HABIT: &str = "provider-habit";
pub(in crate::conformance) const NEW_KEY: &str = "provider-new-key";
