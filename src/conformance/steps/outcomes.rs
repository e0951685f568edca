//! What was refused, and what the agreement came to.

use super::super::values::Args;
use super::super::{Stop, World};
use super::check_status::{holds, word};
use super::{Definition, Step};
use crate::target::{Failed, GetAgreement, Op, Reply, Status};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "refused",
        en: &["it is refused", "the attempt is refused"],
        sv: &["(att )det nekas", "nekas det", "(att )försöket nekas"],
        doc_en: "The last thing that was tried was refused, and the same succeeds where it should.",
        doc_sv: "Det senaste som försöktes nekades, och detsamma lyckas där det ska.",
        play: refused,
    },
    Definition {
        id: "refused-or-on",
        en: &["it is refused, or the identity check of {person} is on"],
        sv: &["(att )det nekas, eller så är {persons} identitetskontroll påslagen"],
        doc_en: "Never accepted without the check.",
        doc_sv: "Aldrig godtaget utan kontrollen.",
        play: refused_or_on,
    },
    Definition {
        id: "passed-only-if-accepted",
        en: &["the identity check of {person} is passed only if the new number was accepted"],
        sv: &["(att )är {persons} identitetskontroll godkänd bara om det nya numret togs emot"],
        doc_en: "A number that was refused decides nothing.",
        doc_sv: "Ett nummer som nekades avgör ingenting.",
        play: passed_only_if_accepted,
    },
    Definition {
        id: "still-answers",
        en: &["the service still answers"],
        sv: &["(att )tjänsten svarar fortfarande"],
        doc_en: "Somebody can still be looked at.",
        doc_sv: "Det går fortfarande att se en deltagare.",
        play: still_answers,
    },
    Definition {
        id: "is-fulfilled",
        en: &["the agreement is fulfilled"],
        sv: &["(att )är avtalet fullbordat"],
        doc_en: "Everything is signed and sealed.",
        doc_sv: "Allt är undertecknat och klart.",
        play: is_fulfilled,
    },
    Definition {
        id: "not-fulfilled",
        en: &["the agreement is not fulfilled"],
        sv: &["(att )är avtalet inte fullbordat"],
        doc_en: "Not everything is signed.",
        doc_sv: "Allt är inte undertecknat.",
        play: not_fulfilled,
    },
    Definition {
        id: "by-hand",
        en: &["this is checked by hand: {string}"],
        sv: &["(att )detta kontrolleras för hand: {string}"],
        doc_en: "A person looks; the report says so.",
        doc_sv: "En människa tittar; rapporten säger det.",
        play: by_hand,
    },
    Definition {
        id: "one-outcome",
        en: &["{person} has one outcome only"],
        sv: &["(att ){person} har bara ett utfall"],
        doc_en: "Not both passed and failed, by its status or by events that name the person: between two looks there may have been both.",
        doc_sv: "Inte både godkänd och underkänd, enligt status eller händelser om personen: mellan två blickar kan det ha varit båda.",
        play: one_outcome,
    },
];

fn refused<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let answer = world.answer.clone().ok_or_else(|| Stop::Harness("nothing was tried before".to_owned()))?;
        match answer.refused {
            Some(_) => {
                world.needs.push(answer.control);
                Ok(())
            }
            None => {
                let actual = format!("{} was accepted", answer.control);
                Err(if answer.kept_out {
                    Stop::never(actual, "it is refused")
                } else {
                    Stop::equals(actual, "it is refused")
                })
            }
        }
    })
}

fn refused_or_on<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        if let Some(answer) = world.answer.clone().filter(|answer| answer.refused.is_some()) {
            world.needs.push(answer.control);
            return Ok(());
        }
        let (seen, on) = world.look_until(role, |sample| sample.enabled).await?;
        if on {
            Ok(())
        } else {
            Err(Stop::never(
                format!("{role} was added without an identity check ({})", word(seen.status)),
                "it is refused, or the check is on",
            ))
        }
    })
}

fn passed_only_if_accepted<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?.to_owned();
        let accepted = world.answer.as_ref().is_some_and(|answer| answer.refused.is_none());
        if accepted {
            return holds(world, &role, Status::Passed).await;
        }
        let (_, bad) = world.look_throughout(&role, |sample| sample.status == Some(Status::Passed)).await?;
        if bad {
            Err(Stop::never(
                format!("the identity check of {role} passed by a number that was refused"),
                "only the bound number counts",
            ))
        } else {
            Ok(())
        }
    })
}

fn still_answers<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role =
            world.agreements.iter().flat_map(|agreement| &agreement.places).map(|place| place.role.clone()).next_back();
        match role {
            Some(role) => match world.look(&role).await {
                Ok(_) => Ok(()),
                Err(Stop::Error { problem, .. }) => Err(Stop::never(problem, "the service still answers")),
                Err(stop) => Err(stop),
            },
            None => Ok(()),
        }
    })
}

fn is_fulfilled<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        match fulfilled(world).await? {
            Some(true) => Ok(()),
            Some(false) => Err(Stop::equals("the agreement is not fulfilled", "it is fulfilled")),
            None => Err(Stop::NotObservable("the target does not tell whether an agreement is fulfilled".to_owned())),
        }
    })
}

fn not_fulfilled<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        match fulfilled(world).await? {
            Some(false) => Ok(()),
            Some(true) => Err(Stop::never(
                "the agreement is fulfilled",
                "it is not: somebody whose identity is not shown has to sign",
            )),
            None => Err(Stop::NotObservable("the target does not tell whether an agreement is fulfilled".to_owned())),
        }
    })
}

fn by_hand<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let what = args.text(0)?.to_owned();
        Err(if world.item.steps.is_empty() { Stop::Harness(what) } else { Stop::Manual(what) })
    })
}

fn one_outcome<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?.to_owned();
        world.look_throughout(&role, |_| false).await?;
        let told = match world.told(&role).await {
            Ok(told) => Some(told),
            Err(Stop::NotObservable(_)) => None,
            Err(stop) => return Err(stop),
        };
        let had = |status, event| {
            world.samples.iter().any(|sample| sample.role == role && sample.status == Some(status))
                || told.as_ref().is_some_and(|told| told.surely(event))
        };
        let had_both = had(Status::Passed, "passed") && had(Status::Failed, "failed");
        if had_both && world.setting().policy.failed == Failed::Terminal {
            Err(Stop::never(format!("the identity check of {role} was both passed and failed"), "one outcome only"))
        } else {
            Ok(())
        }
    })
}

/// Whether everything is signed; the last look after everything has settled.
async fn fulfilled(world: &mut World) -> Result<Option<bool>, Stop> {
    let agreement = world.agreement_ref()?;
    match world.must(Op::GetAgreement(agreement)).await? {
        Reply::Agreement(GetAgreement { fulfilled, .. }) => Ok(fulfilled),
        other @ (Reply::Case(_)
        | Reply::Delivered { .. }
        | Reply::Done
        | Reply::Dump(_)
        | Reply::Events(_)
        | Reply::Participant(_)
        | Reply::Signature(_)
        | Reply::Started(_)
        | Reply::Welcome(_)) => Err(Stop::Harness(format!("get_agreement was answered with {other:?}"))),
    }
}
