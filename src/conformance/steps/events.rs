//! What the events tell: those that the sender can list, and those that are sent.

use jiff::Timestamp;

use super::super::closed::said;
use super::super::expression::Kind;
use super::super::settle::eventually;
use super::super::told::Told;
use super::super::values::Args;
use super::super::{Stop, World};
use super::{Definition, Step};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "events-tell",
        en: &["the events tell that {person} {event}"],
        sv: &["(att )händelserna säger att {person} {event}"],
        doc_en: "At least one event, listed or sent, within the settle time; a listed one says when.",
        doc_sv: "Minst en händelse, listad eller skickad, inom sättningstiden; en listad säger när.",
        play: events_tell,
    },
    Definition {
        id: "one-event-tells",
        en: &["exactly one event tells that {person} {event}"],
        sv: &["(att )exakt en händelse säger att {person} {event}"],
        doc_en: "One, and no second until the service is idle.",
        doc_sv: "En, och ingen andra tills tjänsten är klar.",
        play: one_event_tells,
    },
    Definition {
        id: "no-event-tells",
        en: &["no event tells that {person} {event}"],
        sv: &["(att )ingen händelse säger att {person} {event}"],
        doc_en: "None until the service is idle.",
        doc_sv: "Ingen tills tjänsten är klar.",
        play: no_event_tells,
    },
    Definition {
        id: "events-in-order",
        en: &["the events tell first that {person} {event} and then that {person} {event}"],
        sv: &["(att )händelserna säger först att {person} {event} och sedan att {person} {event}"],
        doc_en: "By their times, else by their order in the list; the order of arrival alone only warns.",
        doc_sv: "Efter tiderna, annars efter ordningen i listan; bara ankomstordningen ger en varning.",
        play: events_in_order,
    },
    Definition {
        id: "times-in-order",
        en: &["the times of the events are in order"],
        sv: &["(att )händelsernas tider är i ordning"],
        doc_en: "Each event has a time of RFC 3339 with its offset, and none is before the one listed before it.",
        doc_sv: "Varje händelse har en tid enligt RFC 3339 med zon, och ingen ligger före den som listas före den.",
        play: times_in_order,
    },
];

fn events_tell<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, event) = (args.person(0)?, args.word(1)?);
        let told = told_of(world, role, event).await?;
        if let Some((_, listed)) = told.first_listed(event)
            && listed.at.is_none()
        {
            return Err(Stop::equals(
                format!("the event that {role} {} has no time", said(Kind::Event, event)),
                "each event says when",
            ));
        }
        Ok(())
    })
}

fn one_event_tells<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, event) = (args.person(0)?, args.word(1)?);
        world.look_throughout(role, |_| false).await?;
        match world.told(role).await?.times(event) {
            1 => Ok(()),
            0 => Err(Stop::equals(format!("no event tells that {role} {}", said(Kind::Event, event)), "exactly one")),
            many => Err(Stop::never(
                format!("it is told {many} times that {role} {}", said(Kind::Event, event)),
                "exactly once",
            )),
        }
    })
}

fn no_event_tells<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, event) = (args.person(0)?, args.word(1)?);
        world.look_throughout(role, |_| false).await?;
        match world.told(role).await?.times(event) {
            0 => Ok(()),
            _ => Err(Stop::never(format!("an event tells that {role} {}", said(Kind::Event, event)), "there is none")),
        }
    })
}

fn events_in_order<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, event) = (args.person(0)?, args.word(1)?);
        let (other, later) = (args.person(2)?, args.word(3)?);
        let first = told_of(world, role, event).await?;
        let second = told_of(world, other, later).await?;
        let wrong = format!(
            "it is told that {other} {} before it is told that {role} {}",
            said(Kind::Event, later),
            said(Kind::Event, event)
        );
        if let (Some(one), Some(two)) = (first.first_listed(event), second.first_listed(later)) {
            // Equal times say nothing; the list does.
            let place = |(at, seen): (usize, &crate::target::EventSeen)| (time(seen.at.as_deref()), at);
            let (one, two) = (place(one), place(two));
            let is_in_order = match (one.0, two.0) {
                (Some(first), Some(second)) if first != second => first < second,
                (Some(_) | None, Some(_) | None) => one.1 < two.1,
            };
            return if is_in_order { Ok(()) } else { Err(Stop::equals(wrong, "first the one, then the other")) };
        }
        if let (Some(one), Some(two)) = (first.first_sent(event), second.first_sent(later))
            && two < one
        {
            world.warnings.push(format!("{wrong}, by the order of arrival"));
        }
        Ok(())
    })
}

fn times_in_order<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = world.agreement()?.places.first().map(|place| place.role.clone());
        let Some(role) = role else { return Err(Stop::Harness("nobody is in the agreement".to_owned())) };
        world.settled().await?;
        let Some(listed) = world.told(&role).await?.listed else {
            return Err(Stop::NotObservable("the target lists no events".to_owned()));
        };
        let mut before: Option<Timestamp> = None;
        for event in &listed {
            let at = time(event.at.as_deref()).ok_or_else(|| {
                let said = event.at.as_deref().map_or("no time", |_| "a time that is none of RFC 3339 with its offset");
                Stop::equals(format!("the event `{}` has {said}", event.name), "such as 2026-01-02T03:04:05Z")
            })?;
            if before.is_some_and(|before| at < before) {
                return Err(Stop::equals(
                    format!("the event `{}` is earlier than the one listed before it", event.name),
                    "the times are in order",
                ));
            }
            before = Some(at);
        }
        if listed.is_empty() { Err(Stop::equals("there are no events", "what happened is told")) } else { Ok(()) }
    })
}

/// Waits until it is told.
async fn told_of(world: &mut World, role: &str, event: &'static str) -> Result<Told, Stop> {
    let limit = world.setting().timing.quiet();
    let (told, good) = eventually(limit, async || world.told(role).await, |told: &Told| told.times(event) > 0).await?;
    if good {
        Ok(told)
    } else {
        Err(Stop::equals(format!("no event tells that {role} {}", said(Kind::Event, event)), "there is one"))
    }
}

/// RFC 3339 with an offset, which other forms lack.
fn time(text: Option<&str>) -> Option<Timestamp> {
    text?.parse().ok()
}
