//! Notifications that the judge sends in the place of the provider, genuine ones and others.

use std::time::Duration;

use futures::future::{join, join_all};
use serde_json::json;

use super::super::attempts::unsaid;
use super::super::notice::{About, Notice, Notified, Says};
use super::super::reports::Class;
use super::super::rewriting;
use super::super::values::Args;
use super::super::{Stop, World};
use super::{Definition, Step};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "notified-finished",
        en: &["a notification {seal} says that {persons} attempt finished as {person}"],
        sv: &["(att )en avisering {seal} säger att {persons} försök avslutades som {person}"],
        doc_en: "The service is told a result; at the provider the attempt stays what it is.",
        doc_sv: "Tjänsten får veta ett resultat; hos leverantören är försöket vad det är.",
        play: notified_finished,
    },
    Definition {
        id: "notified-pending",
        en: &["a notification {seal} says that {persons} attempt is still pending"],
        sv: &["(att )en avisering {seal} säger att {persons} försök fortfarande väntar"],
        doc_en: "The service is told that nothing has happened yet.",
        doc_sv: "Tjänsten får veta att inget har hänt än.",
        play: notified_pending,
    },
    Definition {
        id: "notified-failed",
        en: &["a notification {seal} says that {persons} attempt failed"],
        sv: &["(att )en avisering {seal} säger att {persons} försök misslyckades"],
        doc_en: "The service is told that the attempt came to nothing.",
        doc_sv: "Tjänsten får veta att försöket inte ledde till något.",
        play: notified_failed,
    },
    Definition {
        id: "notified-of-unknown-session",
        en: &["a notification {seal} about an unknown session says that {person} finished"],
        sv: &["(att )en avisering {seal} om en okänd session säger att {person} legitimerade sig"],
        doc_en: "A result of a session that the service never began.",
        doc_sv: "Ett resultat för en session som tjänsten aldrig började.",
        play: notified_of_unknown,
    },
    Definition {
        id: "notified-with-reference",
        en: &["a notification {seal} about {persons} session carries the reference of {person}"],
        sv: &["(att )en avisering {seal} om {persons} session bär {persons} referens"],
        doc_en: "One person's result with everything in it and around it that could lead to another person's attempt.",
        doc_sv: "En persons resultat med allt i och kring det som kan leda till en annan persons försök.",
        play: notified_with_reference,
    },
    Definition {
        id: "notification-accepted",
        en: &["the notification is accepted"],
        sv: &["(att )aviseringen tas emot"],
        doc_en: "The last one was answered with success.",
        doc_sv: "Den senaste besvarades med framgång.",
        play: is_accepted,
    },
    Definition {
        id: "notification-turned-away",
        en: &["the notification is turned away"],
        sv: &["(att )aviseringen avvisas"],
        doc_en: "The last one was refused. Good manners: anything else is worth a warning.",
        doc_sv: "Den senaste nekades. Gott skick: allt annat är värt en varning.",
        play: is_turned_away,
    },
    Definition {
        id: "notification-answered-within",
        en: &["the notification is answered within {int} seconds"],
        sv: &["(att )aviseringen besvaras inom {int} sekunder"],
        doc_en: "Providers wait for seconds only.",
        doc_sv: "Leverantörer väntar bara några sekunder.",
        play: is_answered_within,
    },
    Definition {
        id: "return-and-notifications",
        en: &["the return of {person} and {int} notifications come at the same moment"],
        sv: &["(att ){persons} återkomst och {int} aviseringar kommer i samma ögonblick"],
        doc_en: "The open attempt is finished, and everybody tells the service at once.",
        doc_sv: "Det öppna försöket avslutas, och alla berättar det för tjänsten på en gång.",
        play: return_and_notifications,
    },
];

fn notified_finished<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { tell(world, args.word(0)?, args.person(1)?, Says::Finished(args.person(2)?)).await })
}

fn notified_pending<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { tell(world, args.word(0)?, args.person(1)?, Says::Pending).await })
}

fn notified_failed<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { tell(world, args.word(0)?, args.person(1)?, Says::Failed).await })
}

async fn tell(world: &mut World, seal: &str, role: &str, says: Says<'_>) -> Result<(), Stop> {
    let (_, session) = world.newest_session(role)?;
    let genuine = world.genuine(About::Session(&session), says).await?;
    let sent = world.sealed(&session, genuine, seal).await?;
    world.notify(sent, seal).await
}

fn notified_of_unknown<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (seal, bearer) = (args.word(0)?, args.person(1)?);
        let lender = (0..world.attempts.len()).rev().find_map(|at| Some(world.session(at).ok()?.0));
        let lender = lender.ok_or_else(|| Stop::error("no session began at the provider"))?;
        let genuine = world.genuine(About::Unknown(&lender), Says::Finished(bearer)).await?;
        let sent = world.sealed(&lender, genuine, seal).await?;
        world.notify(sent, seal).await
    })
}

fn notified_with_reference<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (seal, role, other) = (args.word(0)?, args.person(1)?, args.person(2)?);
        let (attempt, session) = world.newest_session(role)?;
        let (others, others_session) = world.newest_session(other)?;
        let bearer = world.attempts[attempt].finished_by.clone().unwrap_or_else(|| role.to_owned());
        let seen = world.shared.simulator.session(&others_session).await.map_err(unsaid)?;
        // A service that gives no reference knows its attempts by their sessions.
        let reference = seen.reference.or_else(|| world.attempts[others].told.auth_ref.clone());
        let reference = reference.unwrap_or_else(|| others_session.clone());
        let genuine = world.genuine(About::Session(&session), Says::Finished(&bearer)).await?;
        let elsewhere = world.genuine(About::Session(&others_session), Says::Pending).await?.url;
        // Where addresses lead to attempts, the other one's counts as a reference too.
        let mut addresses: Vec<String> = genuine.url.iter().cloned().chain(elsewhere).collect();
        addresses.dedup();
        let mut all = Vec::new();
        // One at a time: a careful reader refuses a body in which names differ in their capitals alone.
        for name in NAMES {
            let body = rewriting::with_members(&genuine.body, &[(name, &reference)]);
            // The seal is made over the member too.
            let resealed = world.notice(&session, json!({ "body": body })).await?;
            let named = Notice { url: genuine.url.clone(), body, ..resealed };
            let sent = world.sealed(&session, named, seal).await?;
            let query = [(name.to_owned(), reference.clone())];
            let urls: Vec<String> = addresses.iter().map(|url| rewriting::with_query(url, &query)).collect();
            all.extend(urls.iter().flat_map(|url| sent.iter().map(|one| one.clone().to(url.clone()))));
            if urls.is_empty() {
                all.extend(sent);
            }
        }
        world.notify(all, seal).await
    })
}

fn is_accepted<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let last = last(world)?;
        if last.is_accepted() {
            return Ok(());
        }
        Err(Stop::equals(format!("the notification was {}", in_words(&last)), "it is accepted: its signature is right"))
    })
}

fn is_turned_away<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let last = last(world)?;
        let cut_off = last.status.is_none() && last.took < world.setting().timing.limit;
        if !cut_off && !last.status.is_some_and(|status| (400..500).contains(&status)) {
            world.warnings.push(format!(
                "a notification that is not genuine was {}; it had no effect, and it should be turned away",
                in_words(&last)
            ));
        }
        Ok(())
    })
}

fn is_answered_within<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (last, seconds) = (last(world)?, args.int(0)?);
        if last.status.is_some() && last.took <= Duration::from_secs(seconds) {
            return Ok(());
        }
        Err(Stop::equals(
            format!("the notification was {} after {:.1} s", in_words(&last), last.took.as_secs_f64()),
            format!("it is answered within {seconds} s"),
        ))
    })
}

fn return_and_notifications<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, copies) = (args.person(0)?, usize::try_from(args.int(1)?).unwrap_or_default().min(MOST_COPIES));
        let attempt = world.open_attempt(role, false)?;
        let (session, _) = world.session(attempt)?;
        let simulator = world.shared.simulator.clone();
        simulator.overlay(&session, json!({ "delivery": { "lost": true } })).await.map_err(unsaid)?;
        simulator.confirm(&session, &*world.person(role)?).await.map_err(unsaid)?;
        let class: Class = world.class_of(role, role);
        world.classes.insert(role.to_owned(), class);
        world.attempts[attempt].open = false;
        world.attempts[attempt].finished_by = Some(role.to_owned());
        if world.setting().features.contains("webhook-in") {
            let genuine = world.genuine(About::Session(&session), Says::Finished(role)).await?;
            let sent = world.sealed(&session, genuine, "right").await?;
            let courier = world.courier();
            let deliveries = (0..copies).flat_map(|_| sent.iter()).map(|one| courier.deliver(one.clone()));
            let (told, back) = join(join_all(deliveries.collect::<Vec<_>>()), world.come_back(attempt)).await;
            back?;
            world.notified = told.into_iter().collect::<Result<Vec<_>, _>>()?.pop();
        } else {
            let (browser, wire) = (world.shared.browser.clone(), world.wire.clone());
            let (own, url) =
                (world.attempts[attempt].browser.clone(), world.attempts[attempt].told.redirect_url.clone());
            let returns = url.iter().cycle().take(if url.is_some() { copies } else { 0 });
            let returns = join_all(returns.map(|url| browser.open(&own, url, &wire)).collect::<Vec<_>>());
            let (_, back) = join(returns, world.come_back(attempt)).await;
            back?;
        }
        world.happened();
        Ok(())
    })
}

fn last(world: &World) -> Result<Notified, Stop> {
    world.notified.clone().ok_or_else(|| Stop::Harness("no notification was sent before".to_owned()))
}

fn in_words(notified: &Notified) -> String {
    match (notified.status, &notified.problem) {
        (Some(status), _) => format!("answered with {status}"),
        (None, Some(problem)) => format!("not answered ({problem})"),
        (None, None) => "not answered".to_owned(),
    }
}

/// How providers and services write the name of the relying party's own reference.
const NAMES: [&str; 4] = ["relaystate", "relayState", "RelayState", "relay_state"];
/// More at once would be an attack.
const MOST_COPIES: usize = 100;
