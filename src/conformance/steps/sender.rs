//! What the sender does, and what others try in the sender's place.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::cast::typed;
use super::super::values::Args;
use super::super::{Stop, World};
use super::{Definition, Step};
use crate::target::{Actor, Op, ParticipantRef, Update};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "sender-adds",
        en: &["the sender adds {person} as a signer bound to {persons} number"],
        sv: &["(att )avsändaren lägger till {person} som undertecknare knuten till {persons} personnummer"],
        doc_en: "Tries to add a signer; the answer is remembered.",
        doc_sv: "Försöker lägga till en undertecknare; svaret minns vi.",
        play: sender_adds,
    },
    Definition {
        id: "sender-adds-approver",
        en: &["the sender adds {person} as an approver bound to {persons} number"],
        sv: &["(att )avsändaren lägger till {person} som godkännare knuten till {persons} personnummer"],
        doc_en: "Tries to add an approver with an identity check.",
        doc_sv: "Försöker lägga till en godkännare med identitetskontroll.",
        play: sender_adds_approver,
    },
    Definition {
        id: "sender-adds-spelled",
        en: &["the sender adds {person} as a signer, the number written as {spelling}"],
        sv: &["(att )avsändaren lägger till {person} som undertecknare, med numret skrivet som {spelling}"],
        doc_en: "Tries to add a signer with the number written so.",
        doc_sv: "Försöker lägga till en undertecknare med numret skrivet så.",
        play: sender_adds_spelled,
    },
    Definition {
        id: "sender-adds-placed",
        en: &["the sender adds {person} as a signer, the number {place}"],
        sv: &["(att )avsändaren lägger till {person} som undertecknare, med numret {place}"],
        doc_en: "Tries to add a signer with the number at another place of the request.",
        doc_sv: "Försöker lägga till en undertecknare med numret på en annan plats i begäran.",
        play: sender_adds_placed,
    },
    Definition {
        id: "sender-adds-claiming",
        en: &["the sender adds {person} as a signer and claims that the check is {claim}"],
        sv: &["(att )avsändaren lägger till {person} som undertecknare och påstår att kontrollen är {claim}"],
        doc_en: "Tries to add a signer and to decide the check in the same request.",
        doc_sv: "Försöker lägga till en undertecknare och avgöra kontrollen i samma begäran.",
        play: sender_adds_claiming,
    },
    Definition {
        id: "sender-sends",
        en: &["the sender sends the agreement"],
        sv: &["(att )avsändaren skickar avtalet"],
        doc_en: "Sends the agreement, which may be refused.",
        doc_sv: "Skickar avtalet, vilket får nekas.",
        play: sender_sends,
    },
    Definition {
        id: "sender-sends-again",
        en: &["the sender sends it again"],
        sv: &["(att )avsändaren skickar det igen"],
        doc_en: "Sends a reopened agreement: a new round.",
        doc_sv: "Skickar ett öppnat avtal igen: en ny omgång.",
        play: sender_sends_again,
    },
    Definition {
        id: "sender-reopens",
        en: &["the sender reopens the agreement"],
        sv: &["(att )avsändaren öppnar avtalet igen"],
        doc_en: "Opens a sent agreement for changes; that has to succeed.",
        doc_sv: "Öppnar ett skickat avtal för ändringar; det måste lyckas.",
        play: sender_reopens,
    },
    Definition {
        id: "sender-cancels",
        en: &["the sender cancels the agreement"],
        sv: &["(att )avsändaren drar tillbaka avtalet"],
        doc_en: "Withdraws the agreement; that has to succeed.",
        doc_sv: "Drar tillbaka avtalet; det måste lyckas.",
        play: sender_cancels,
    },
    Definition {
        id: "sender-deletes",
        en: &["the sender deletes {person}"],
        sv: &["(att )avsändaren tar bort {person}"],
        doc_en: "Removes a participant; that has to succeed.",
        doc_sv: "Tar bort en deltagare; det måste lyckas.",
        play: sender_deletes,
    },
    Definition {
        id: "sender-binds",
        en: &["the sender binds {person} to {persons} number"],
        sv: &["(att )avsändaren knyter {person} till {persons} personnummer"],
        doc_en: "Tries to bind another number; the answer is remembered.",
        doc_sv: "Försöker knyta ett annat nummer; svaret minns vi.",
        play: sender_binds,
    },
    Definition {
        id: "sender-turns-off",
        en: &["the sender turns the identity check of {person} off"],
        sv: &["(att )avsändaren stänger av {persons} identitetskontroll"],
        doc_en: "Tries to turn the check off; the answer is remembered.",
        doc_sv: "Försöker stänga av kontrollen; svaret minns vi.",
        play: sender_turns_off,
    },
    Definition {
        id: "sender-renames",
        en: &["the sender renames {person}"],
        sv: &["(att )avsändaren byter namn på {person}"],
        doc_en: "Gives the participant another name; that has to succeed.",
        doc_sv: "Ger deltagaren ett annat namn; det måste lyckas.",
        play: sender_renames,
    },
    Definition {
        id: "sender-changes-address",
        en: &["the sender changes the e-mail address of {person}"],
        sv: &["(att )avsändaren byter e-postadress för {person}"],
        doc_en: "Gives the participant another address; that has to succeed.",
        doc_sv: "Ger deltagaren en annan adress; det måste lyckas.",
        play: sender_changes_address,
    },
    Definition {
        id: "sender-claims",
        en: &["the sender claims that the identity check of {person} is {claim}"],
        sv: &["(att )avsändaren påstår att {persons} identitetskontroll är {claim}"],
        doc_en: "Tries to decide the check by an update.",
        doc_sv: "Försöker avgöra kontrollen med en ändring.",
        play: sender_claims,
    },
    Definition {
        id: "other-binds",
        en: &["{actor} tries to bind {person} to {persons} number"],
        sv: &["(att ){actor} försöker knyta {person} till {persons} personnummer"],
        doc_en: "Somebody whose it is not tries to bind another number.",
        doc_sv: "Någon som inte får försöker knyta ett annat nummer.",
        play: other_binds,
    },
    Definition {
        id: "other-turns-off",
        en: &["{actor} tries to turn the identity check of {person} off"],
        sv: &["(att ){actor} försöker stänga av {persons} identitetskontroll"],
        doc_en: "Somebody whose it is not tries to turn the check off.",
        doc_sv: "Någon som inte får försöker stänga av kontrollen.",
        play: other_turns_off,
    },
    Definition {
        id: "restart",
        en: &["the service restarts"],
        sv: &["(att )tjänsten startas om"],
        doc_en: "Ends the service and starts it again with what it has stored.",
        doc_sv: "Avslutar tjänsten och startar den igen med det den har sparat.",
        play: restart,
    },
];

fn sender_adds<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, bound) = (args.person(0)?, Some(args.person(1)?));
        let asked = world.asking(role, bound, None)?;
        world.try_to_add(role, bound, asked).await.map(|_| ())
    })
}

fn sender_adds_approver<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, bound) = (args.person(0)?, Some(args.person(1)?));
        let mut asked = world.asking(role, bound, None)?;
        asked.role = "approver".to_owned();
        world.try_to_add(role, bound, asked).await.map(|_| ())
    })
}

fn sender_adds_spelled<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let asked = world.asking(role, Some(role), Some(args.text(1)?))?;
        world.try_to_add(role, Some(role), asked).await.map(|_| ())
    })
}

fn sender_adds_placed<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, place) = (args.person(0)?, args.word(1)?);
        let mut asked = world.asking(role, Some(role), None)?;
        let other = if place == "conflicting" {
            typed(&world.person("Bengt")?.number)
        } else {
            typed(&world.person(role)?.number)
        };
        if matches!(place, "inside" | "both" | "conflicting") {
            asked.extra.insert("identity_enforcement".to_owned(), serde_json::json!({ "personal_number": other }));
        }
        match place {
            "inside" => asked.personal_number = None,
            "integer" => {
                asked.personal_number = typed(&world.person(role)?.number).parse::<u64>().ok().map(Value::from)
            }
            _ => {}
        }
        world.try_to_add(role, Some(role), asked).await.map(|_| ())
    })
}

fn sender_adds_claiming<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let mut asked = world.asking(role, Some(role), None)?;
        asked.extra = claim(args.word(1)?);
        world.try_to_add(role, Some(role), asked).await.map(|_| ())
    })
}

fn sender_sends<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        match world.send().await {
            Ok(()) | Err(crate::target::TargetError::Rejected { .. } | crate::target::TargetError::Conflict { .. }) => {
                Ok(())
            }
            Err(error) => Err(Stop::of("send the agreement", &error)),
        }
    })
}

fn sender_sends_again<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move { world.send().await.map_err(|e| Stop::of("send the agreement again", &e)) })
}

fn sender_reopens<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let agreement = world.agreement_ref()?;
        world.must(Op::ReopenAgreement(agreement)).await?;
        world.classes.clear();
        world.happened();
        Ok(())
    })
}

fn sender_cancels<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let agreement = world.agreement_ref()?;
        world.must(Op::CancelAgreement(agreement)).await?;
        world.happened();
        Ok(())
    })
}

fn sender_deletes<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let place: ParticipantRef = world.place(args.person(0)?)?;
        world.must(Op::DeleteParticipant(place)).await?;
        world.happened();
        Ok(())
    })
}

fn sender_binds<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, to) = (args.person(0)?, args.person(1)?);
        bind(world, None, role, to).await
    })
}

fn sender_turns_off<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { turn_off(world, None, args.person(0)?).await })
}

fn sender_renames<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let place = world.place(args.person(0)?)?;
        let update = Update {
            agreement_ref: place.agreement_ref,
            participant_ref: place.participant_ref,
            name: Some("Someone Renamed".to_owned()),
            email: None,
            personal_number: None,
            disable: false,
            extra: BTreeMap::new(),
        };
        world.must(Op::UpdateParticipant(update)).await?;
        world.happened();
        Ok(())
    })
}

fn sender_changes_address<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let place = world.place(args.person(0)?)?;
        let update = Update {
            agreement_ref: place.agreement_ref,
            participant_ref: place.participant_ref,
            name: None,
            email: Some(format!("changed.{}@example.com", world.namespace)),
            personal_number: None,
            disable: false,
            extra: BTreeMap::new(),
        };
        world.must(Op::UpdateParticipant(update)).await?;
        world.happened();
        Ok(())
    })
}

fn sender_claims<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let place = world.place(args.person(0)?)?;
        let mut update = Update {
            agreement_ref: place.agreement_ref,
            participant_ref: place.participant_ref,
            name: None,
            email: None,
            personal_number: None,
            disable: false,
            extra: BTreeMap::new(),
        };
        update.extra = claim(args.word(1)?);
        world.may(Op::UpdateParticipant(update), None).await.map(|_| ())
    })
}

fn other_binds<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let actor = actor(args.word(0)?);
        let (role, to) = (args.person(1)?, args.person(2)?);
        bind(world, Some(actor), role, to).await
    })
}

fn other_turns_off<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { turn_off(world, Some(actor(args.word(0)?)), args.person(1)?).await })
}

fn restart<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move { world.restart().await })
}

/// The change that binds another person's number.
pub(super) fn binding(world: &World, role: &str, to: &str) -> Result<Update, Stop> {
    let number = Value::String(typed(&world.person(to)?.number));
    let place = world.place(role)?;
    Ok(Update {
        agreement_ref: place.agreement_ref,
        participant_ref: place.participant_ref,
        name: None,
        email: None,
        personal_number: Some(number),
        disable: false,
        extra: BTreeMap::new(),
    })
}

async fn bind(world: &mut World, actor: Option<Actor>, role: &str, to: &str) -> Result<(), Stop> {
    let update = binding(world, role, to)?;
    if world.may(Op::UpdateParticipant(update), actor).await?.is_some() && actor.is_none() {
        world.rebound(role, Some(to));
    }
    Ok(())
}

async fn turn_off(world: &mut World, actor: Option<Actor>, role: &str) -> Result<(), Stop> {
    let place = world.place(role)?;
    let update = Update {
        agreement_ref: place.agreement_ref,
        participant_ref: place.participant_ref,
        name: None,
        email: None,
        personal_number: None,
        disable: true,
        extra: BTreeMap::new(),
    };
    if world.may(Op::UpdateParticipant(update), actor).await?.is_some() && actor.is_none() {
        world.rebound(role, None);
    }
    Ok(())
}

fn actor(word: &str) -> Actor {
    match word {
        "anonymous" => Actor::Anonymous,
        "stranger" => Actor::Stranger,
        _ => Actor::Person,
    }
}

/// What a hostile sender puts into the request.
fn claim(word: &str) -> BTreeMap<String, Value> {
    let claimed = match word {
        "passed" => serde_json::json!({ "status": "passed" }),
        "off" => serde_json::json!({ "enabled": false }),
        _ => serde_json::json!({ "enforcement_method": "none" }),
    };
    BTreeMap::from([("identity_enforcement".to_owned(), claimed)])
}
