//! What an OpenID provider was asked, and how: read from its journal, where encrypted requests stand opened.

use std::collections::BTreeSet;

use super::super::attempts::gone;
use super::super::overheard::{Overheard, Unsealed};
use super::super::values::Args;
use super::super::{Stop, World};
use super::{Definition, Step};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "request-encrypted",
        en: &["the request was encrypted as the provider documents"],
        sv: &["(att )begäran var krypterad så som leverantören anger"],
        doc_en: "Algorithms, kind and the name of the key in the header of each request.",
        doc_sv: "Algoritmer, sort och nyckelns namn i huvudet på varje begäran.",
        play: request_encrypted,
    },
    Definition {
        id: "keys-of-their-own",
        en: &["no two requests were encrypted with the same key"],
        sv: &["(att )inga två begäranden var krypterade med samma nyckel"],
        doc_en: "Key and initialisation vector are made anew each time.",
        doc_sv: "Nyckel och startvektor görs nya varje gång.",
        play: keys_of_their_own,
    },
    Definition {
        id: "request-complete",
        en: &["the request held what the provider documents"],
        sv: &["(att )begäran innehöll det som leverantören anger"],
        doc_en: "Client, return address, scope, method and state; where something is signed, its text and whom it is meant for.",
        doc_sv: "Klient, återkomstadress, omfattning, metod och state; där något skrivs under även text och vem den är till.",
        play: request_complete,
    },
    Definition {
        id: "states-of-their-own",
        en: &["each request had a state that nobody can guess"],
        sv: &["(att )varje begäran hade ett state som ingen kan gissa"],
        doc_en: "Sixteen characters or more, another one each time.",
        doc_sv: "Minst sexton tecken, nya varje gång.",
        play: states_of_their_own,
    },
    Definition {
        id: "texts-of-their-own",
        en: &["each agreement had a text of its own to sign"],
        sv: &["(att )varje avtal hade en egen text att skriva under"],
        doc_en: "Requests to sign for different agreements show different texts.",
        doc_sv: "Begäranden om underskrift för olika avtal visar olika texter.",
        play: texts_of_their_own,
    },
    Definition {
        id: "nonce-was-sent",
        en: &["a nonce had been sent"],
        sv: &["(att )en nonce hade skickats"],
        doc_en: "Where none is sent, none has to come back: then the scenario does not apply.",
        doc_sv: "Där ingen skickas behöver ingen komma tillbaka: då är scenariot inte tillämpligt.",
        play: nonce_was_sent,
    },
    Definition {
        id: "flow-as-documented",
        en: &["the provider's cookies were kept and its redirects followed"],
        sv: &["(att )leverantörens kakor behölls och dess omdirigeringar följdes"],
        doc_en: "Questions and completion come with the cookie, completion without a wish for JSON, and a code is exchanged.",
        doc_sv: "Frågor och avslut kommer med kakan, avslutet utan önskan om JSON, och en kod växlas in.",
        play: flow_as_documented,
    },
    Definition {
        id: "no-foreign-host",
        en: &["no foreign host was asked"],
        sv: &["(att )ingen främmande värd tillfrågades"],
        doc_en: "Every request came under the name under which the provider was told to be.",
        doc_sv: "Varje begäran kom under det namn som leverantören sagts ha.",
        play: no_foreign_host,
    },
    Definition {
        id: "keys-fetched-at-most",
        en: &["the provider's keys were fetched at most {int} times"],
        sv: &["(att )leverantörens nycklar hämtades högst {int} gånger"],
        doc_en: "Since the first start of the scenario, which has to be alone.",
        doc_sv: "Sedan scenariots första start; det måste spelas ensamt.",
        play: keys_fetched_at_most,
    },
];

fn request_encrypted<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let all = requests(world).await?;
        match all.iter().find_map(|(_, request)| request.wrapping()) {
            Some(problem) => Err(Stop::equals(format!("a request was encrypted otherwise: {problem}"), AS_DOCUMENTED)),
            None => Ok(()),
        }
    })
}

fn keys_of_their_own<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let all = several(world).await?;
        let differ = |mark: fn(&Unsealed) -> &str| all.iter().map(|(_, one)| mark(one)).collect::<BTreeSet<_>>().len();
        if differ(|one| &one.key) == all.len() && differ(|one| &one.vector) == all.len() {
            Ok(())
        } else {
            Err(Stop::equals("two requests share a key or an initialisation vector", "they are new each time"))
        }
    })
}

fn request_complete<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let all = requests(world).await?;
        match all.iter().find_map(|(_, request)| request.missing()) {
            Some(problem) => Err(Stop::equals(format!("a request is incomplete: {problem}"), AS_DOCUMENTED)),
            None => Ok(()),
        }
    })
}

fn states_of_their_own<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let all = several(world).await?;
        let states: Vec<&str> = all.iter().map(|(_, request)| request.text("state").unwrap_or_default()).collect();
        if let Some(short) = states.iter().find(|state| state.chars().count() < SHORTEST_STATE) {
            let length = short.chars().count();
            return Err(Stop::equals(
                format!("the state of a request has {length} characters"),
                format!("{SHORTEST_STATE} or more, so that nobody can guess it"),
            ));
        }
        if states.iter().collect::<BTreeSet<_>>().len() < states.len() {
            return Err(Stop::equals("two requests had the same state", "another one each time"));
        }
        Ok(())
    })
}

fn texts_of_their_own<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let all = requests(world).await?;
        let texts: BTreeSet<(&str, &str)> =
            all.iter().filter_map(|(agreement, request)| Some((agreement.as_str(), request.sign_text()?))).collect();
        let agreements: BTreeSet<&str> = texts.iter().map(|(agreement, _)| *agreement).collect();
        let different: BTreeSet<&str> = texts.iter().map(|(_, text)| *text).collect();
        if agreements.len() < 2 {
            return Err(Stop::NotApplicable("the service asks this provider for no signatures".to_owned()));
        }
        if different.len() < agreements.len() {
            return Err(Stop::equals("two agreements had the same text to sign", "each text is of its own agreement"));
        }
        Ok(())
    })
}

fn nonce_was_sent<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let all = requests(world).await?;
        if all.iter().any(|(_, request)| request.text("nonce").is_none()) {
            return Err(Stop::NotApplicable("the service sends no nonce, so that none has to come back".to_owned()));
        }
        Ok(())
    })
}

fn flow_as_documented<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (heard, role) = newest(world).await?;
        let of = |operation: &'static str| heard.asked.iter().filter(move |asked| asked.operation == operation);
        let problem = if of("collect").chain(of("complete")).any(|asked| !asked.cookie) {
            "asked without the session's cookie"
        } else if of("complete").next().is_none() {
            "never asked for completion"
        } else if of("complete").any(|asked| asked.json) {
            "asked for completion with `Accept: application/json`"
        } else if of("token").next().is_none() {
            "exchanged no code: it did not follow the redirects to their end"
        } else {
            return Ok(());
        };
        Err(Stop::equals(format!("in {role}'s attempt the service {problem}"), AS_DOCUMENTED))
    })
}

fn no_foreign_host<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        world.settled().await?;
        let (heard, role) = newest(world).await?;
        let home = heard.asked.iter().find(|asked| asked.operation == "start").map(|asked| asked.host.clone());
        let home = home.ok_or_else(|| Stop::error("no start of this scenario is in the simulator's journal"))?;
        if !["127.0.0.1", "localhost"].contains(&home.split(':').next().unwrap_or_default()) {
            return Err(Stop::NotObservable(
                "the simulator has one name only: nobody sees who goes elsewhere".to_owned(),
            ));
        }
        match heard.asked.iter().find(|asked| asked.host != home) {
            Some(asked) => Err(Stop::never(
                format!("in {role}'s attempt the service asked `{}` for what is `{home}`'s", asked.host),
                "only the host is asked that the service was told before",
            )),
            None => Ok(()),
        }
    })
}

fn keys_fetched_at_most<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let most = args.int(0)?;
        world.settled().await?;
        let (session, _) = world.session(0)?;
        let simulator = &world.shared.simulator;
        let first = simulator.journal(&session).await.map_err(gone)?;
        let first = first.first().and_then(|entry| entry["seq"].as_u64()).unwrap_or_default();
        let fetched = simulator.exchanges_after(first, "jwks").await.map_err(gone)?;
        if fetched > most {
            return Err(Stop::equals(
                format!("the service fetched the provider's keys {fetched} times"),
                format!("at most {most} times: whoever sends unknown names must not make it ask for ever"),
            ));
        }
        Ok(())
    })
}

/// What was asked in all attempts of the scenario, with the agreement of each.
async fn requests(world: &World) -> Result<Vec<(String, Unsealed)>, Stop> {
    let mut all = Vec::new();
    for (at, attempt) in world.attempts.iter().enumerate() {
        let Ok((session, _)) = world.session(at) else { continue };
        let heard = Overheard::of(&world.shared.simulator, &session).await.map_err(gone)?;
        all.extend(heard.unsealed.into_iter().map(|request| (attempt.place.agreement_ref.clone(), request)));
    }
    if all.is_empty() {
        return Err(Stop::equals("no request came encrypted", "each is encrypted to the provider's key"));
    }
    Ok(all)
}

async fn several(world: &World) -> Result<Vec<(String, Unsealed)>, Stop> {
    let all = requests(world).await?;
    if all.len() < 2 { Err(Stop::error("there was one request only: nothing to compare it with")) } else { Ok(all) }
}

/// What was heard in the newest attempt, and whose it is.
async fn newest(world: &World) -> Result<(Overheard, String), Stop> {
    let found = (0..world.attempts.len()).rev().find_map(|at| world.session(at).ok());
    let (session, role) = found.ok_or_else(|| Stop::error("no session began at the provider"))?;
    Ok((Overheard::of(&world.shared.simulator, &session).await.map_err(gone)?, role))
}

const AS_DOCUMENTED: &str = "as the provider documents";
/// Characters. 64 bits, where they are hexadecimal digits.
const SHORTEST_STATE: usize = 16;
