//! What people do with addresses in their browsers, besides identifying.

use serde_json::Value;
use url::Url;

use super::super::addresses::host;
use super::super::cast::typed;
use super::super::returning::without_browser;
use super::super::values::Args;
use super::super::{Stop, World, guessing};
use super::{Definition, Step};
use crate::target::{Op, Reply};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "opens-link",
        en: &["{person} opens {persons} sign link"],
        sv: &["(att ){person} öppnar {persons} länk"],
        doc_en: "Only looks: no attempt begins.",
        doc_sv: "Tittar bara: inget försök börjar.",
        play: opens_link,
    },
    Definition {
        id: "returns-without-identifying",
        en: &["{person} returns without having identified"],
        sv: &["(att ){person} kommer tillbaka utan att ha legitimerat sig"],
        doc_en: "Visits the return address while nobody has identified.",
        doc_sv: "Besöker återkomstadressen medan ingen har legitimerat sig.",
        play: returns_without_identifying,
    },
    Definition {
        id: "returns-without-identifying-with",
        en: &["{person} returns without having identified, with {string} added to the address"],
        sv: &["(att ){person} kommer tillbaka utan att ha legitimerat sig, med {string} tillagt i adressen"],
        doc_en: "The same with more in the query. NUMBER is the own number, SESSION the session, EVIL a foreign address.",
        doc_sv: "Detsamma med mer i adressen. NUMBER är det egna numret, SESSION sessionen, EVIL en främmande adress.",
        play: returns_without_identifying_with,
    },
    Definition {
        id: "returns-with-session-of",
        en: &["{person} returns with the session of {person}"],
        sv: &["(att ){person} kommer tillbaka med {persons} session"],
        doc_en: "Visits the own return address with the session of somebody else in it, and that of somebody else.",
        doc_sv: "Besöker sin återkomstadress med en annans session i, och den andras.",
        play: returns_with_session_of,
    },
    Definition {
        id: "repeats-return",
        en: &["{person} repeats the return of {person}"],
        sv: &["(att ){person} upprepar {persons} återkomst"],
        doc_en: "Visits the return address that was used last once more.",
        doc_sv: "Besöker den senast använda återkomstadressen en gång till.",
        play: repeats_return,
    },
    Definition {
        id: "reloads-return",
        en: &["{person} reloads the return page {int} times"],
        sv: &["(att ){person} läser om återkomstsidan {int} gånger"],
        doc_en: "Visits the own return address so often.",
        doc_sv: "Besöker sin återkomstadress så många gånger.",
        play: reloads_return,
    },
    Definition {
        id: "finishes-in-other-browser",
        en: &["{persons} attempt finishes in another browser"],
        sv: &["(att ){persons} försök avslutas i en annan webbläsare"],
        doc_en: "The person authenticates, and a browser comes back that never began it.",
        doc_sv: "Personen legitimerar sig, och en webbläsare kommer tillbaka som aldrig började det.",
        play: finishes_in_other_browser,
    },
    Definition {
        id: "lands-on-page",
        en: &["{person} lands on a page of the service that answers"],
        sv: &["(att ){person} hamnar på en sida hos tjänsten som svarar"],
        doc_en: "The last page is of the service and is no error.",
        doc_sv: "Den sista sidan är tjänstens och inget fel.",
        play: lands_on_page,
    },
    Definition {
        id: "browser-never-left",
        en: &["the browser of {person} never left for {string}"],
        sv: &["(att ){persons} webbläsare gick aldrig till {string}"],
        doc_en: "No address on the way has that host.",
        doc_sv: "Ingen adress på vägen har den värden.",
        play: browser_never_left,
    },
    Definition {
        id: "link-cannot-be-guessed",
        en: &["the sign link of {person} cannot be guessed"],
        sv: &["(att ){persons} länk går inte att gissa"],
        doc_en: "It holds a secret that is long enough, and made of nothing else.",
        doc_sv: "Den innehåller en tillräckligt lång hemlighet som inte är gjord av något annat.",
        play: link_cannot_be_guessed,
    },
];

fn opens_link<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let link = sign_link(world, args.person(1)?).await?;
        let link = link.ok_or_else(|| Stop::NotObservable("the target tells no sign link".to_owned()))?;
        let browser = world.browser(args.person(0)?, None);
        world.goes(&browser, &link).await
    })
}

fn returns_without_identifying<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { returns_early(world, args.person(0)?, None).await })
}

fn returns_without_identifying_with<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { returns_early(world, args.person(0)?, Some(args.text(1)?)).await })
}

fn returns_with_session_of<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (one, other) = (world.newest_attempt(args.person(0)?)?, world.newest_attempt(args.person(1)?)?);
        let (own, foreign) = (world.return_address(one).await?, world.return_address(other).await?);
        let (mine, theirs) = (world.session(one)?.0, world.session(other)?.0);
        let named = ["session", "session_id", "id"].map(|name| (name.to_owned(), Value::from(theirs.clone())));
        let mixed = World::with_query(&own.replace(&mine, &theirs), &named)?;
        // Where no session stands in the address, the reference that the provider returns is the other's too.
        let mixed = match (reference(&own), reference(&foreign)) {
            (Some(mine), Some(theirs)) => mixed.replace(&mine, &theirs),
            (Some(_) | None, Some(_) | None) => mixed,
        };
        let attempt = world.attempt(one)?.clone();
        world.arrive(&attempt, &attempt.browser, &mixed).await?;
        world.arrive(&attempt, &attempt.browser, &foreign).await
    })
}

fn repeats_return<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (visitor, role) = (args.person(0)?, args.person(1)?);
        let used = world.used_return(&world.browser(role, None))?;
        let (attempt, browser) = (world.attempt(used)?.clone(), world.browser(visitor, None));
        let address = world.return_address(used).await?;
        world.arrive(&attempt, &browser, &address).await
    })
}

fn reloads_return<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let browser = world.browser(args.person(0)?, None);
        let used = world.attempt(world.used_return(&browser)?)?.clone();
        let address = used.returned.clone().unwrap_or_default();
        for _ in 0..args.int(1)? {
            world.arrive(&used, &browser, &address).await?;
        }
        Ok(())
    })
}

fn finishes_in_other_browser<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let attempt = world.open_attempt(role, false)?;
        if world.attempt(attempt)?.told.redirect_url.is_none() {
            return Err(without_browser());
        }
        world.finish_elsewhere(attempt, role).await
    })
}

fn lands_on_page<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let browser = world.browser(args.person(0)?, None);
        let attempt = world.attempts.iter().rev().find(|own| own.browser == browser && own.landed.is_some());
        let Some((attempt, (url, status))) = attempt.and_then(|own| Some((own, own.landed.clone()?))) else {
            let own = world.attempts.iter().rev().find(|own| own.browser == browser);
            let stays = own.is_some_and(|own| own.told.redirect_url.is_none());
            return Err(if stays { without_browser() } else { Stop::NotObservable("no browser came back".to_owned()) });
        };
        let expected = "a page of the service that answers";
        let provider = attempt.told.redirect_url.as_deref().and_then(host);
        if host(&url) == provider {
            return Err(Stop::equals("the browser stays at the provider", expected));
        }
        if status < 400 {
            Ok(())
        } else {
            Err(Stop::equals(format!("the last page answers with status {status}"), expected))
        }
    })
}

fn browser_never_left<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, host) = (args.person(0)?, args.text(1)?);
        let actors = [format!("person {role}"), format!("person {role}/")];
        let is_there = |url: Url| url.host_str().is_some_and(|own| own.eq_ignore_ascii_case(host));
        let left = world.wire.exchanges().into_iter().any(|exchange| {
            let base = Url::parse(&exchange.url).ok();
            let told = exchange.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("location"));
            let told = told.filter_map(|(_, to)| base.as_ref()?.join(to).ok());
            (exchange.actor == actors[0] || exchange.actor.starts_with(&actors[1]))
                && told.chain(base.clone()).any(is_there)
        });
        if left {
            Err(Stop::never(
                format!("the browser of {role} was sent to {host}"),
                "it stays with the service and the provider",
            ))
        } else {
            Ok(())
        }
    })
}

fn link_cannot_be_guessed<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let Reply::Participant(seen) = world.must(Op::GetParticipant(world.place(role)?)).await? else {
            return Err(Stop::Harness("get_participant was answered with something else".to_owned()));
        };
        let link = seen.sign_link.ok_or_else(|| Stop::NotObservable("the target tells no sign link".to_owned()))?;
        let expected = format!("a secret of at least {LEAST_BITS} bits that is nothing else");
        let bits = guessing::bits(&link, &seen.participant_id);
        if bits < LEAST_BITS {
            return Err(Stop::never(format!("the sign link of {role} holds a secret of {bits} bits"), expected));
        }
        if !world.scanner(None).scan(link.as_bytes()).is_empty() {
            return Err(Stop::never(format!("the sign link of {role} is made of a number"), expected));
        }
        Ok(())
    })
}

async fn returns_early(world: &mut World, role: &str, added: Option<&str>) -> Result<(), Stop> {
    let at = world.newest_attempt(role)?;
    let (attempt, address) = (world.attempt(at)?.clone(), world.return_address(at).await?);
    let address = match added {
        Some(added) => World::with_query(&address, &additions(world, added, role, attempt.session.as_deref())?)?,
        None => address,
    };
    world.left_pending(role);
    world.arrive(&attempt, &attempt.browser, &address).await
}

/// What the words of a step add to an address or a request: `NUMBER` is the number of a role, `SESSION` a session, `EVIL` a foreign address.
pub(super) fn additions(
    world: &World,
    added: &str,
    role: &str,
    session: Option<&str>,
) -> Result<Vec<(String, Value)>, Stop> {
    let number = typed(&world.person(role)?.number);
    let filled = |text: &str| match text {
        "true" => Value::from(true),
        "false" => Value::from(false),
        other => Value::from(
            other.replace("NUMBER", &number).replace("SESSION", session.unwrap_or_default()).replace("EVIL", EVIL),
        ),
    };
    Ok(form_urlencoded::parse(added.as_bytes()).map(|(name, value)| (name.into_owned(), filled(&value))).collect())
}

/// Where a person signs, as the target tells it now.
pub(super) async fn sign_link(world: &World, role: &str) -> Result<Option<String>, Stop> {
    let reply = world.must(Op::GetParticipant(world.place(role)?)).await?;
    let Reply::Participant(seen) = reply else {
        return Err(Stop::Harness(format!("get_participant was answered with {reply:?}")));
    };
    Ok(seen.sign_link)
}

/// The relying party's own reference in a return address.
fn reference(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let found = url.query_pairs().find(|(name, _)| name == "relaystate").map(|(_, value)| value.into_owned());
    found.filter(|reference| reference.len() > 3)
}

/// A name that nobody has (RFC 6761).
const EVIL: &str = "https://evil.test/";
/// Half of a random UUID's freedom lost would still be too much to try.
const LEAST_BITS: u32 = 112;
