//! What the provider saw.

use super::super::attempts::gone;
use super::super::overheard::Overheard;
use super::super::values::Args;
use super::super::{Stop, World};
use super::{Definition, Step};
use crate::target::{EvidenceKind, NumberToProvider};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "result-was-fetched",
        en: &["the result was fetched from the provider"],
        sv: &["(att )resultatet hämtades från leverantören"],
        doc_en: "The service asked the provider itself after the end, where it does not believe signed webhooks.",
        doc_sv: "Tjänsten frågade själv leverantören efter slutet, om den inte litar på signerade aviseringar.",
        play: result_was_fetched,
    },
    Definition {
        id: "no-key-fetched",
        en: &["no key was fetched from where a token said it was"],
        sv: &["(att )ingen nyckel hämtades därifrån som ett intyg sade"],
        doc_en: "The address in a forged token was visited by nobody.",
        doc_sv: "Ingen besökte adressen i ett förfalskat intyg.",
        play: no_key_was_fetched,
    },
    Definition {
        id: "asked-at-most",
        en: &["the provider was asked at most {int} times after the end"],
        sv: &["(att )leverantören tillfrågades högst {int} gånger efter slutet"],
        doc_en: "Whoever goes on asking has not noticed the end.",
        doc_sv: "Den som fortsätter fråga har inte märkt slutet.",
        play: asked_at_most,
    },
    Definition {
        id: "asked-at-most-a-second",
        en: &["the provider was never asked more than {int} times a second"],
        sv: &["(att )leverantören tillfrågades aldrig mer än {int} gånger i sekunden"],
        doc_en: "For the result of one session, in any second.",
        doc_sv: "Om resultatet av en session, under någon sekund.",
        play: asked_at_most_a_second,
    },
    Definition {
        id: "never-told-a-number",
        en: &["the provider was never told a number"],
        sv: &["(att )leverantören fick aldrig veta något nummer"],
        doc_en: "No start holds one, but for what the signer typed where that is declared.",
        doc_sv: "Ingen start innehåller något, utom det som undertecknaren skrev där det är deklarerat.",
        play: never_told_a_number,
    },
    Definition {
        id: "asked-only-for-what-is-needed",
        en: &["the provider was asked only for what is needed"],
        sv: &["(att )leverantören tillfrågades bara om det som behövs"],
        doc_en: "No address, no check of political exposure, no scope beyond the number.",
        doc_sv: "Ingen adress, ingen kontroll av utsatta personer, ingen omfattning utöver numret.",
        play: asked_only_for_what_is_needed,
    },
];

fn no_key_was_fetched<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        for at in 0..world.attempts.len() {
            let Ok((session, role)) = world.session(at) else { continue };
            if overheard(world, &session).await?.keys_fetched > 0 {
                return Err(Stop::equals(
                    format!("in {role}'s attempt the service fetched a key from where the token said it was"),
                    "keys come from where the service was told before",
                ));
            }
        }
        Ok(())
    })
}

fn result_was_fetched<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let evidence = &world.setting().policy.evidence;
        if !evidence.is_empty() && !evidence.contains(&EvidenceKind::Fetch) {
            return Err(Stop::NotApplicable("the target declares that it believes signed webhooks alone".to_owned()));
        }
        let Some((session, _)) = world.attempts.iter().enumerate().rev().find_map(|(at, _)| world.session(at).ok())
        else {
            return Err(Stop::error("no session began at the provider"));
        };
        let seen = world.shared.simulator.session(&session).await.map_err(gone)?;
        if seen.collected_after_end > 0 {
            return Ok(());
        }
        // Where nothing is declared, a signed webhook is as good.
        if evidence.is_empty() && overheard(world, &session).await?.webhook_taken {
            return Ok(());
        }
        Err(Stop::equals("the service never asked the provider for the result", "it fetches the result"))
    })
}

fn asked_at_most<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let most = args.int(0)?;
        let quiet = world.setting().timing.quiet() + world.setting().timing.poll.unwrap_or_default();
        tokio::time::sleep(quiet.saturating_sub(world.event.elapsed())).await;
        for at in 0..world.attempts.len() {
            let Ok((session, role)) = world.session(at) else { continue };
            let seen = world.shared.simulator.session(&session).await.map_err(gone)?;
            if seen.collected_after_end > most {
                return Err(Stop::equals(
                    format!("the service asked {} times after the end of {role}'s attempt", seen.collected_after_end),
                    format!("at most {most} times"),
                ));
            }
        }
        Ok(())
    })
}

fn asked_at_most_a_second<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        // Who declares a shorter period for the test says so in the report; what counts then is that it is kept.
        let declared = world.setting().timing.poll.map_or(0.0, |period| (2.0 / period.as_secs_f64().max(0.001)).ceil());
        let most = usize::try_from(args.int(0)?).unwrap_or(usize::MAX).max(declared as usize);
        for at in 0..world.attempts.len() {
            let Ok((session, role)) = world.session(at) else { continue };
            let asked = overheard(world, &session).await?.most_a_second();
            if asked > most {
                return Err(Stop::equals(
                    format!("the service asked {asked} times in one second for the result of {role}'s attempt"),
                    format!("at most {most} times a second"),
                ));
            }
        }
        Ok(())
    })
}

fn never_told_a_number<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let declared = world.setting().policy.number_to_provider;
        if declared == NumberToProvider::Stored {
            return Err(Stop::NotApplicable(
                "the target declares that it tells the provider the bound number (number_to_provider = \"stored\")"
                    .to_owned(),
            ));
        }
        let mut started = false;
        for at in 0..world.attempts.len() {
            let Ok((session, role)) = world.session(at) else { continue };
            let may = declared == NumberToProvider::SignerSupplied && world.attempts[at].typed;
            let heard = overheard(world, &session).await?;
            started |= !heard.starts.is_empty();
            if !may && heard.starts.iter().any(|start| start.holds_number) {
                return Err(Stop::equals(
                    format!("the provider was told a number at the start of {role}'s attempt"),
                    if world.attempts[at].typed {
                        "not even what the signer typed is passed on, as declared"
                    } else {
                        "nobody had typed one, so nobody can pass one on"
                    },
                ));
            }
        }
        if started { Ok(()) } else { Err(Stop::error("no start of this scenario is in the simulator's journal")) }
    })
}

fn asked_only_for_what_is_needed<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let mut started = false;
        for at in 0..world.attempts.len() {
            let Ok((session, _)) = world.session(at) else { continue };
            let heard = overheard(world, &session).await?;
            started |= !heard.starts.is_empty();
            if let Some(needless) = heard.starts.iter().find_map(|start| start.needless()) {
                return Err(Stop::equals(
                    format!("the provider was asked for {needless}"),
                    "only who it was is asked for",
                ));
            }
        }
        if started { Ok(()) } else { Err(Stop::error("no start of this scenario is in the simulator's journal")) }
    })
}

async fn overheard(world: &World, session: &str) -> Result<Overheard, Stop> {
    Overheard::of(&world.shared.simulator, session).await.map_err(gone)
}
