//! Setting up: people, agreements, signers.

use super::super::values::Args;
use super::super::{Stop, World};
use super::{Definition, Step};
use crate::target::{Setup, TargetError};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "persons",
        en: &["these test people"],
        sv: &["(att )följande testpersoner"],
        doc_en: "The people of the scenario, in a table: person, country, number, name. Who has no number is somebody whom nobody has met before.",
        doc_sv: "Scenariots personer i en tabell: person, land, nummer, namn. Den som saknar nummer blir någon som ingen har mött förut.",
        play: persons,
    },
    Definition {
        id: "agreement",
        en: &["an agreement in draft"],
        sv: &["(att )ett avtal i utkast"],
        doc_en: "A new agreement of the sender.",
        doc_sv: "Ett nytt avtal hos avsändaren.",
        play: agreement,
    },
    Definition {
        id: "agreement-with-level",
        en: &["an agreement in draft with trust level {string}"],
        sv: &["(att )ett avtal i utkast med tillitsnivå {string}"],
        doc_en: "A new agreement whose signatures need SES, AES or QES.",
        doc_sv: "Ett nytt avtal vars underskrifter kräver SES, AES eller QES.",
        play: agreement_with_level,
    },
    Definition {
        id: "another-agreement",
        en: &["another agreement in draft"],
        sv: &["(att )ännu ett avtal i utkast"],
        doc_en: "A second agreement of the same sender; it becomes the current one.",
        doc_sv: "Ett andra avtal hos samma avsändare; det blir det aktuella.",
        play: another_agreement,
    },
    Definition {
        id: "signer-own-number",
        en: &["{person} is a signer bound to her/his/their own number"],
        sv: &["(att ){person} är undertecknare och knuten till sitt personnummer"],
        doc_en: "Adds the person, bound to the own number.",
        doc_sv: "Lägger till personen, knuten till sitt eget nummer.",
        play: signer_own_number,
    },
    Definition {
        id: "signer-other-number",
        en: &["{person} is a signer bound to {persons} number"],
        sv: &["(att ){person} är undertecknare och knuten till {persons} personnummer"],
        doc_en: "Adds the person, bound to the number of somebody else.",
        doc_sv: "Lägger till personen, knuten till någon annans nummer.",
        play: signer_other_number,
    },
    Definition {
        id: "signer-spelled",
        en: &["{person} is a signer bound to her/his/their own number, written as {spelling}"],
        sv: &["(att ){person} är undertecknare och knuten till sitt personnummer, skrivet som {spelling}"],
        doc_en: "Adds the person with the number written so. Where the policy lets the spelling be refused, the scenario ends well.",
        doc_sv: "Lägger till personen med numret skrivet så. Får skrivsättet nekas enligt policyn slutar scenariot väl.",
        play: signer_spelled,
    },
    Definition {
        id: "signer-without-number",
        en: &["{person} is a signer without a number"],
        sv: &["(att ){person} är undertecknare utan personnummer"],
        doc_en: "Adds the person without an identity check.",
        doc_sv: "Lägger till personen utan identitetskontroll.",
        play: signer_without_number,
    },
    Definition {
        id: "everybody-signs",
        en: &["everybody is a signer bound to their own number"],
        sv: &["(att )alla är undertecknare och knutna till sina personnummer"],
        doc_en: "Adds everybody of the table, each bound to the own number.",
        doc_sv: "Lägger till alla i tabellen, var och en knuten till sitt nummer.",
        play: everybody_signs,
    },
    Definition {
        id: "sent",
        en: &["the agreement is sent for signing"],
        sv: &["(att )avtalet är skickat för underskrift"],
        doc_en: "Sends the agreement; that has to succeed.",
        doc_sv: "Skickar avtalet; det måste lyckas.",
        play: sent,
    },
];

fn persons<'a>(_: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move { Ok(()) })
}

fn agreement<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move { world.draft(None, false).await })
}

fn agreement_with_level<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { world.draft(Some(args.text(0)?), false).await })
}

fn another_agreement<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move { world.draft(None, true).await })
}

fn signer_own_number<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let asked = world.asking(role, Some(role), None)?;
        world.add(role, Some(role), asked).await
    })
}

fn signer_other_number<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let bound = Some(args.person(1)?);
        let asked = world.asking(role, bound, None)?;
        world.add(role, bound, asked).await
    })
}

fn signer_spelled<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, spelling) = (args.person(0)?, args.text(1)?);
        let asked = world.asking(role, Some(role), Some(spelling))?;
        if world.setting().setup == Setup::AtOnce {
            world.add(role, Some(role), asked).await?;
            if let Some(place) = world.agreement()?.places.last_mut() {
                place.spelling = Some(spelling.to_owned());
            }
            return Ok(());
        }
        if world.try_to_add(role, Some(role), asked).await? { Ok(()) } else { Err(refused(world, role, spelling)?) }
    })
}

fn signer_without_number<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let asked = world.asking(role, None, None)?;
        world.add(role, None, asked).await
    })
}

fn everybody_signs<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let roles: Vec<String> = world.item.roles.iter().map(|role| role.name.clone()).collect();
        for role in &roles {
            let asked = world.asking(role, Some(role), None)?;
            world.add(role, Some(role), asked).await?;
        }
        Ok(())
    })
}

fn sent<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let Err(error) = world.send().await else { return Ok(()) };
        let spelled = world.agreement()?.places.iter().find_map(|place| Some((&place.role, place.spelling.as_ref()?)));
        let spelled = spelled.map(|(role, spelling)| (role.clone(), spelling.clone()));
        match (error, spelled) {
            // Made at once, the number is refused only now.
            (TargetError::Rejected { .. }, Some((role, spelling))) => Err(refused(world, &role, &spelling)?),
            (error, _) => Err(Stop::of("send the agreement for signing", &error)),
        }
    })
}

/// What it means that a spelling is refused.
fn refused(world: &World, role: &str, spelling: &str) -> Result<Stop, Stop> {
    let country = world.person(role)?.number.country();
    Ok(if may_be_refused(&world.setting().policy, country.code(), spelling) {
        Stop::Well(format!("the number written as \"{spelling}\" is refused, as it may be"))
    } else {
        Stop::equals(format!("the number written as \"{spelling}\" was refused"), "the policy declares this spelling")
    })
}

/// Whether the policy lets a spelling be refused: one that it does not list, one that is no usual spelling, ten digits without a century
/// where those are refused.
fn may_be_refused(policy: &crate::target::Policy, country: &str, pattern: &str) -> bool {
    use crate::target::{CheckDigits, Spelling, TenDigits};
    let spelling = match pattern {
        "YYMMDDNNNN" if policy.ten_digits == TenDigits::Reject => return true,
        "YYMMDDNNNN" => Spelling::Ten,
        "YYMMDD-NNNN" | "YYMMDD+NNNN" => Spelling::TenHyphen,
        "YYYYMMDDNNNN" => Spelling::Twelve,
        "YYYYMMDD-NNNN" => Spelling::TwelveHyphen,
        _ if pattern.contains('X') => return policy.check_digits == CheckDigits::Strict,
        _ if pattern.contains(' ') => Spelling::Spaces,
        _ => return country == "SE",
    };
    policy.spellings.get(country).is_some_and(|declared| !declared.contains(&spelling))
}
