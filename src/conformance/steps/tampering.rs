//! Starts with more in the request than the service asked for.

use std::collections::BTreeMap;

use super::super::attempts::Manner;
use super::super::starting::Wish;
use super::super::values::Args;
use super::super::{Stop, World};
use super::browsing::{additions, sign_link};
use super::{Definition, Step};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "starts-with-added",
        en: &["{person} starts identifying with {string} added to the request"],
        sv: &["(att ){person} börjar legitimera sig med {string} tillagt i begäran"],
        doc_en: "Members like `key=value` in the link, in the start and in the return address; a refused start ends the scenario well. \
                 NUMBER is the number that is bound.",
        doc_sv: "Medlemmar som `nyckel=värde` i länken, i starten och i återkomstadressen; nekas starten slutar scenariot väl. \
                 NUMBER är det knutna numret.",
        play: starts_with_added,
    },
    Definition {
        id: "identifies-with-added",
        en: &["{person} opens {persons} sign link, adds {string} to the request and identifies as {person}"],
        sv: &["(att ){person} öppnar {persons} länk, lägger till {string} i begäran och legitimerar sig som {person}"],
        doc_en: "The same, and the whole identification.",
        doc_sv: "Detsamma, och hela legitimeringen.",
        play: identifies_with_added,
    },
];

fn starts_with_added<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, added) = (args.person(0)?, args.text(1)?);
        let attempt = tampered(world, role, role, added).await?;
        world.left_pending(role);
        comes_back_with(world, attempt, added).await
    })
}

fn identifies_with_added<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (visitor, role, added, bearer) = (args.person(0)?, args.person(1)?, args.text(2)?, args.person(3)?);
        let attempt = tampered(world, role, visitor, added).await?;
        world.finish(attempt, bearer, Manner::default()).await?;
        comes_back_with(world, attempt, added).await
    })
}

/// Opens the link and starts, with the additions in both; the provider's page is open then.
async fn tampered(world: &mut World, role: &str, visitor: &str, added: &str) -> Result<usize, Stop> {
    let pairs = pairs(world, role, None, added)?;
    if let Some(link) = sign_link(world, role).await? {
        let browser = world.browser(visitor, None);
        world.goes(&browser, &World::with_query(&link, &pairs)?).await?;
    }
    let wish = Wish { extra: pairs.into_iter().collect::<BTreeMap<_, _>>(), ..Wish::default() };
    match world.start_with(role, visitor, wish).await? {
        Ok(attempt) => world.open(attempt).await.map(|()| attempt),
        Err(_) => Err(Stop::Well("a start with more in it than was asked for is refused, as it may be".to_owned())),
    }
}

/// The browser visits the return address with the additions in it.
async fn comes_back_with(world: &mut World, attempt: usize, added: &str) -> Result<(), Stop> {
    let own = world.attempt(attempt)?.clone();
    let address = match world.return_address(attempt).await {
        Ok(address) => address,
        // Then there is no address to add anything to.
        Err(Stop::NotObservable(_)) => return Ok(()),
        Err(stop) => return Err(stop),
    };
    let pairs = pairs(world, &own.role, own.session.as_deref(), added)?;
    world.arrive(&own, &own.browser, &World::with_query(&address, &pairs)?).await
}

/// The additions, with the number that is bound in the place.
fn pairs(
    world: &World,
    role: &str,
    session: Option<&str>,
    added: &str,
) -> Result<Vec<(String, serde_json::Value)>, Stop> {
    let bound = world.seat(role)?.1.bound.clone().unwrap_or_else(|| role.to_owned());
    additions(world, added, &bound, session)
}
