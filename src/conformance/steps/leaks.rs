//! What must be shown nowhere: numbers, names and credentials in everything that the target said.

use super::super::attempts::gone;
use super::super::outward::Unlogged;
use super::super::shown::{Channel, Shown};
use super::super::values::Args;
use super::super::{Stop, World};
use super::{Definition, Step};
use crate::target::{AgreementRef, Op};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "no-number-anywhere",
        en: &["no number of anybody is shown anywhere"],
        sv: &["(att )inget nummer syns någonstans"],
        doc_en: "In answers, headers, addresses, pages, cookies, e-mails, events and outgoing notifications, whatever it is wrapped in.",
        doc_sv: "I svar, huvuden, adresser, sidor, kakor, e-brev, händelser och utgående aviseringar, hur det än är inslaget.",
        play: no_number_anywhere,
    },
    Definition {
        id: "number-in-no-answer",
        en: &["{persons} number is in no answer of the service"],
        sv: &["(att ){persons} nummer finns inte i något svar från tjänsten"],
        doc_en: "Bodies and headers, those of refusals too.",
        doc_sv: "Kroppar och huvuden, även när något nekas.",
        play: number_in_no_answer,
    },
    Definition {
        id: "number-in-no-address",
        en: &["{persons} number is in no address"],
        sv: &["(att ){persons} nummer finns inte i någon adress"],
        doc_en: "Every address that a browser asked for or was sent to, and that the provider was told.",
        doc_sv: "Varje adress som en webbläsare bad om eller skickades till, och som leverantören fick veta.",
        play: number_in_no_address,
    },
    Definition {
        id: "number-in-no-page",
        en: &["{persons} number is in no page or cookie"],
        sv: &["(att ){persons} nummer finns inte på någon sida eller i någon kaka"],
        doc_en: "What browsers were shown by the service.",
        doc_sv: "Det som webbläsare fick se av tjänsten.",
        play: number_in_no_page,
    },
    Definition {
        id: "number-in-no-notification",
        en: &["{persons} number is in no outgoing notification"],
        sv: &["(att ){persons} nummer finns inte i någon utgående avisering"],
        doc_en: "In none that came in so far, whomever it is about.",
        doc_sv: "Inte i någon som kommit hittills, vem den än gäller.",
        play: number_in_no_notification,
    },
    Definition {
        id: "number-in-no-event",
        en: &["{persons} number is in none of the events"],
        sv: &["(att ){persons} nummer finns inte i någon händelse"],
        doc_en: "Neither in those listed nor in those sent.",
        doc_sv: "Varken i de listade eller i de skickade.",
        play: number_in_no_event,
    },
    Definition {
        id: "number-in-no-mail",
        en: &["{persons} number is in no e-mail"],
        sv: &["(att ){persons} nummer finns inte i något e-brev"],
        doc_en: "Where the target lets its e-mails be read.",
        doc_sv: "Där målets e-brev går att läsa.",
        play: number_in_no_mail,
    },
    Definition {
        id: "number-not-logged",
        en: &["{persons} number is not in the log"],
        sv: &["(att ){persons} nummer finns inte i loggen"],
        doc_en: "Looks into the whole log when the run is over.",
        doc_sv: "Tittar i hela loggen när körningen är över.",
        play: number_not_logged,
    },
    Definition {
        id: "sender-learns-nothing",
        en: &[
            "the sender learns neither {persons} name nor number",
            "the sender learns neither {persons} name nor his/her/their number",
        ],
        sv: &["(att )avsändaren får varken veta {persons} namn eller nummer"],
        doc_en: "Nothing that the sender was answered or sent names the person.",
        doc_sv: "Inget som avsändaren fick till svar eller skickat pekar ut personen.",
        play: sender_learns_nothing,
    },
    Definition {
        id: "no-credential-anywhere",
        en: &["no credential of the service is shown anywhere"],
        sv: &["(att )tjänstens inloggning hos leverantören syns ingenstans"],
        doc_en: "Its tokens at the provider, everywhere that numbers are looked for, and in the log.",
        doc_sv: "Dess nycklar hos leverantören, överallt där nummer söks, och i loggen.",
        play: no_credential_anywhere,
    },
];

fn no_number_anywhere<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let shown = everything(world).await?;
        world.nowhere(None, &Channel::ALL, &shown)
    })
}

fn number_in_no_answer<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let shown = world.shown();
        world.nowhere(Some(args.person(0)?), &[Channel::Answer, Channel::Event], &shown)
    })
}

fn number_in_no_address<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let mut shown = world.shown();
        shown.extend(world.told_the_provider().await?);
        world.nowhere(Some(role), &[Channel::Address], &shown)?;
        // What the simulator noticed itself, in addresses that it does not repeat.
        for session in world.attempts.iter().filter_map(|attempt| attempt.session.clone()) {
            let findings = world.shared.simulator.findings(&session).await.map_err(gone)?;
            if findings.iter().any(|(kind, _)| kind == "number-in-url") {
                return Err(Stop::never("an address told to the provider holds a number", "no address does"));
            }
        }
        Ok(())
    })
}

fn number_in_no_page<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let shown = world.shown();
        world.nowhere(Some(args.person(0)?), &[Channel::Page], &shown)
    })
}

fn number_in_no_notification<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let Some(sink) = &world.shared.sink else {
            return Err(Stop::NotObservable("the target sends no events of its own".to_owned()));
        };
        world.settled().await?;
        if sink.about(&world.marks()).is_empty() {
            return Err(Stop::NotObservable("no outgoing notification came in this scenario".to_owned()));
        }
        let shown = world.shown();
        world.nowhere(Some(args.person(0)?), &[Channel::Notification], &shown)
    })
}

fn number_in_no_event<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let shown = everything(world).await?;
        if !shown.iter().any(|one| matches!(one.channel, Channel::Event | Channel::Notification)) {
            return Err(Stop::NotObservable("the target tells of nothing that happened".to_owned()));
        }
        world.nowhere(Some(args.person(0)?), &[Channel::Event, Channel::Notification], &shown)
    })
}

fn number_in_no_mail<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let shown = world.shown();
        if !shown.iter().any(|one| one.channel == Channel::Mail) {
            return Err(Stop::NotObservable("no e-mail was read in this scenario".to_owned()));
        }
        world.nowhere(Some(args.person(0)?), &[Channel::Mail], &shown)
    })
}

fn number_not_logged<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        needs_log(world)?;
        let canary = world.canary(role).ok_or_else(|| Stop::Harness(format!("nobody plays `{role}`")))?;
        world.outward.unlogged.push(Unlogged { step: world.step, canary, is_credential: false });
        Ok(())
    })
}

fn sender_learns_nothing<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let mut shown = everything(world).await?;
        shown.retain(|one| one.to == "sender");
        world.nowhere(Some(role), &Channel::ALL, &shown)?;
        // A name that the sender has configured for somebody else is known anyway.
        let name = world.person(role)?.full_name();
        if world.cast.iter().any(|(other, person)| other != role && person.full_name() == name) {
            return Ok(());
        }
        let scanner = world.scanner(Some(role));
        match shown.iter().find(|one| one.is_ours && !scanner.scan_names(&one.bytes).is_empty()) {
            None => Ok(()),
            Some(one) => Err(Stop::never(
                format!("{} tells the sender the name of {role}", one.place),
                "the sender learns nothing of who it was",
            )),
        }
    })
}

fn no_credential_anywhere<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let shown = everything(world).await?;
        let Some((role, _)) = world.cast.iter().next() else { return Err(Stop::Harness("nobody plays".to_owned())) };
        let Some(mut canary) = world.canary(&role.clone()) else { return Ok(()) };
        canary.names = world.shared.credentials.clone();
        canary.role = "the service".to_owned();
        let scanner = super::super::leak::Scanner::new(std::slice::from_ref(&canary));
        if let Some(one) = shown.iter().find(|one| !scanner.scan_names(&one.bytes).is_empty()) {
            return Err(Stop::never(
                format!("{} holds a credential that the service has at the provider", one.place),
                "nobody else ever sees it",
            ));
        }
        if needs_log(world).is_ok() {
            world.outward.unlogged.push(Unlogged { step: world.step, canary, is_credential: true });
        }
        Ok(())
    })
}

/// Everything shown when nothing is under way any more, the list of events among it.
async fn everything(world: &mut World) -> Result<Vec<Shown>, Stop> {
    world.settled().await?;
    if world.setting().features.contains("events") {
        let agreements: Vec<_> = world.agreements.iter().filter(|agreement| agreement.made).collect();
        for agreement in agreements {
            let events = Op::ListEvents(AgreementRef { agreement_ref: agreement.reference.clone() });
            world.must(events).await?;
        }
    }
    let mut shown = world.shown();
    shown.extend(world.told_the_provider().await?);
    Ok(shown)
}

fn needs_log(world: &World) -> Result<(), Stop> {
    if world.setting().features.contains("log") {
        Ok(())
    } else {
        Err(Stop::NotObservable("the target's log cannot be read".to_owned()))
    }
}
