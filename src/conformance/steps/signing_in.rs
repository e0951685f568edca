//! Identifying at the provider.

use std::time::Duration;

use super::super::attempts::{Manner, unsaid};
use super::super::reports::{self, Class};
use super::super::values::Args;
use super::super::{Language, Stop, World};
use super::{Definition, Step};
use crate::target::OpName;

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "identifies",
        en: &["{person} opens her/his/their sign link and identifies as {person}"],
        sv: &["(att ){person} öppnar sin länk (igen )och legitimerar sig som {person}"],
        doc_en: "The whole of an identification in the own place: start, provider, way back.",
        doc_sv: "En hel legitimering på den egna platsen: start, leverantör, återkomst.",
        play: identifies,
    },
    Definition {
        id: "identifies-on-link",
        en: &["{person} opens {persons} sign link and identifies as {person}"],
        sv: &["(att ){person} öppnar {persons} länk och legitimerar sig som {person}"],
        doc_en: "Somebody uses the link of somebody else, in the own browser.",
        doc_sv: "Någon använder en annans länk, i sin egen webbläsare.",
        play: identifies_on_link,
    },
    Definition {
        id: "identifies-reported",
        en: &["{person} starts identifying and the provider {report}"],
        sv: &["(att ){person} börjar legitimera sig och leverantören {report}"],
        doc_en: "Identifies while the provider does what is said.",
        doc_sv: "Legitimerar sig medan leverantören gör det som sägs.",
        play: identifies_reported,
    },
    Definition {
        id: "identifies-on-link-reported",
        en: &["{person} opens {persons} sign link, identifies as {person}, and the provider {report}"],
        sv: &["(att ){person} öppnar {persons} länk, legitimerar sig som {person}, och leverantören {report}"],
        doc_en: "The same on the link of somebody else.",
        doc_sv: "Detsamma på en annans länk.",
        play: identifies_on_link_reported,
    },
    Definition {
        id: "types-and-identifies-reported",
        en: &["{person} types {persons} number, identifies as {person}, and the provider {report}"],
        sv: &["(att ){person} skriver {persons} nummer, legitimerar sig som {person}, och leverantören {report}"],
        doc_en: "The same on the own link, with a typed number.",
        doc_sv: "Detsamma på den egna länken, med ett inskrivet nummer.",
        play: types_and_identifies_reported,
    },
    Definition {
        id: "types-and-identifies",
        en: &["{person} opens {persons} sign link, types {persons} number and identifies as {person}"],
        sv: &["(att ){person} öppnar {persons} länk, skriver {persons} nummer och legitimerar sig som {person}"],
        doc_en: "Types a number where the method asks for one.",
        doc_sv: "Skriver in ett nummer där metoden frågar efter ett.",
        play: types_and_identifies,
    },
    Definition {
        id: "identifies-course",
        en: &["{person} identifies as {person}, {course}"],
        sv: &["(att ){person} legitimerar sig som {person}, {course}"],
        doc_en: "An honest identification whose result takes another way.",
        doc_sv: "En ärlig legitimering vars resultat tar en annan väg.",
        play: identifies_course,
    },
    Definition {
        id: "tries-to-identify",
        en: &["{person} tries to identify as {person}", "{person} tries to identify as {person} with {method}"],
        sv: &[
            "(att ){person} försöker legitimera sig som {person}",
            "(att ){person} försöker legitimera sig som {person} med {method}",
        ],
        doc_en: "Identifies in the own place, where the start may be refused.",
        doc_sv: "Legitimerar sig på den egna platsen, där starten får nekas.",
        play: tries_to_identify,
    },
    Definition {
        id: "has-started",
        en: &["{person} has started identifying"],
        sv: &["(att ){person} har börjat legitimera sig"],
        doc_en: "An attempt is open at the provider.",
        doc_sv: "Ett försök är öppet hos leverantören.",
        play: has_started,
    },
    Definition {
        id: "starts-once-more",
        en: &["{person} starts identifying once more"],
        sv: &["(att ){person} börjar legitimera sig en gång till"],
        doc_en: "A second attempt in another tab, while the first is open. A refusal ends the scenario well.",
        doc_sv: "Ett andra försök i en annan flik medan det första är öppet. Nekas det slutar scenariot väl.",
        play: starts_once_more,
    },
    Definition {
        id: "attempt-finishes",
        en: &["{persons} attempt finishes as {person}"],
        sv: &["(att ){persons} försök avslutas som {person}"],
        doc_en: "The newest open attempt is finished, and the browser comes back.",
        doc_sv: "Det nyaste öppna försöket avslutas och webbläsaren kommer tillbaka.",
        play: attempt_finishes,
    },
    Definition {
        id: "earlier-attempt-finishes",
        en: &["{persons} earlier attempt finishes as {person}"],
        sv: &["(att ){persons} tidigare försök avslutas som {person}"],
        doc_en: "The oldest attempt that is still open is finished.",
        doc_sv: "Det äldsta försöket som ännu är öppet avslutas.",
        play: earlier_attempt_finishes,
    },
    Definition {
        id: "cancels",
        en: &["{person} cancels in the app"],
        sv: &["(att ){person} avbryter legitimeringen (i appen)"],
        doc_en: "The open attempt is cancelled; one is started where none is open.",
        doc_sv: "Det öppna försöket avbryts; saknas ett startas det.",
        play: cancels,
    },
    Definition {
        id: "timed-out",
        en: &["{persons} identification has timed out"],
        sv: &["(att ){persons} legitimering har gått ut"],
        doc_en: "The open attempt grows older than the provider allows.",
        doc_sv: "Det öppna försöket blir äldre än leverantören tillåter.",
        play: timed_out,
    },
    Definition {
        id: "time-passes",
        en: &["{int} minutes pass", "{int} days pass"],
        sv: &["(att )det går {int} minuter", "(att )det har gått {int} minuter", "(att )det går {int} dagar"],
        doc_en: "All open sessions grow older by so much.",
        doc_sv: "Alla öppna sessioner blir så mycket äldre.",
        play: time_passes,
    },
    Definition {
        id: "provider-recovers",
        en: &["the provider recovers"],
        sv: &["(att )leverantören fungerar igen"],
        doc_en: "What is held back is let go.",
        doc_sv: "Det som hålls tillbaka släpps.",
        play: provider_recovers,
    },
];

fn identifies<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(
        async move { world.identify(args.person(0)?, args.person(0)?, args.person(1)?, None, Manner::default()).await },
    )
}

fn identifies_on_link<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(
        async move { world.identify(args.person(1)?, args.person(0)?, args.person(2)?, None, Manner::default()).await },
    )
}

fn identifies_reported<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        world
            .identify(
                args.person(0)?,
                args.person(0)?,
                args.person(0)?,
                None,
                Manner { report: Some(args.report(1)?), course: None },
            )
            .await
    })
}

fn identifies_on_link_reported<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        world
            .identify(
                args.person(1)?,
                args.person(0)?,
                args.person(2)?,
                None,
                Manner { report: Some(args.report(3)?), course: None },
            )
            .await
    })
}

fn types_and_identifies_reported<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        world
            .identify(
                args.person(0)?,
                args.person(0)?,
                args.person(2)?,
                Some(args.person(1)?),
                Manner { report: Some(args.report(3)?), course: None },
            )
            .await
    })
}

fn types_and_identifies<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        world
            .identify(args.person(1)?, args.person(0)?, args.person(3)?, Some(args.person(2)?), Manner::default())
            .await
    })
}

fn identifies_course<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let course = args.word(2)?;
        let triggers = world.setting().triggers;
        let reaches = match course {
            "no-return" | "webhook-only" => triggers.webhook || (triggers.poll && course == "no-return"),
            "neither" => triggers.poll,
            _ => true,
        };
        if !reaches {
            return Err(Stop::NotApplicable(
                "the target declares no trigger by which it could learn the result".to_owned(),
            ));
        }
        let manner = Manner { report: None, course: Some(course) };
        world.identify(args.person(0)?, args.person(0)?, args.person(1)?, None, manner).await
    })
}

fn tries_to_identify<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, bearer) = (args.person(0)?, args.person(1)?);
        let method = match args.values.get(2) {
            Some(_) => {
                let country = args.word(2)?.parse().map_err(|_| Stop::misfit(2))?;
                let method = world.setting().method(&world.item.provider, country).cloned();
                Some(method.ok_or_else(|| Stop::NotApplicable("the target declares no such method".to_owned()))?)
            }
            None => None,
        };
        match world.start(role, role, None, method).await? {
            Ok(attempt) => {
                world.accepted(OpName::StartAuthentication, "");
                world.open(attempt).await?;
                world.finish(attempt, bearer, Manner::default()).await
            }
            Err(refused) => {
                world.refused(OpName::StartAuthentication, "", refused);
                Ok(())
            }
        }
    })
}

fn has_started<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let started = world.start(role, role, None, None).await?;
        let attempt = started
            .map_err(|refused| Stop::error(format!("the start of {role}'s identification was refused: {refused}")))?;
        world.open(attempt).await
    })
}

fn starts_once_more<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        match world.start(role, role, None, None).await? {
            Ok(attempt) => world.open(attempt).await,
            Err(_) => Err(Stop::Well("a second attempt is refused while the first is open".to_owned())),
        }
    })
}

fn attempt_finishes<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let attempt = world.open_attempt(args.person(0)?, false)?;
        world.finish(attempt, args.person(1)?, Manner::default()).await
    })
}

fn earlier_attempt_finishes<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let attempt = world.open_attempt(args.person(0)?, true)?;
        world.finish(attempt, args.person(1)?, Manner::default()).await
    })
}

fn cancels<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { end(world, args.person(0)?, "reports that the user cancelled").await })
}

fn timed_out<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { end(world, args.person(0)?, "reports an expired session").await })
}

fn time_passes<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let is_days = world.is_said("days") || world.is_said("dagar");
        let by = Duration::from_secs(args.int(0)? * if is_days { 24 * 3600 } else { 60 });
        for at in 0..world.attempts.len() {
            if !world.attempts[at].open {
                continue;
            }
            let (session, role) = world.session(at)?;
            world.shared.simulator.age(&session, by).await.map_err(unsaid)?;
            let still = world.shared.simulator.session(&session).await.map_err(unsaid)?;
            world.attempts[at].open = still.pending;
            world.classes.insert(role, if still.pending { Class::Pending } else { Class::Expired });
            if !still.pending {
                world.come_back(at).await?;
            }
        }
        world.happened();
        Ok(())
    })
}

fn provider_recovers<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        for at in 0..world.attempts.len() {
            if let Ok((session, _)) = world.session(at) {
                world.shared.simulator.release(&session).await.map_err(unsaid)?;
            }
        }
        world.happened();
        Ok(())
    })
}

/// Ends the open attempt as the report says; starts one where none is open.
async fn end(world: &mut World, role: &str, words: &str) -> Result<(), Stop> {
    let report = reports::find(words, Language::En).ok_or_else(|| Stop::Harness(format!("no report `{words}`")))?;
    let manner = Manner { report: Some(report), course: None };
    match world.open_attempt(role, false) {
        Ok(attempt) => world.finish(attempt, role, manner).await,
        Err(_) => world.identify(role, role, role, None, manner).await,
    }
}
