//! Several at once, and what must hold for whoever was added.

use super::super::values::Args;
use super::super::{Stop, World};
use super::signature::blocked;
use super::{Definition, Step};
use crate::target::{GetAgreement, Op, Reply, Setup, TargetError};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "sender-adds-several",
        en: &["the sender adds these people in one go"],
        sv: &["(att )avsändaren lägger till de här personerna på en gång"],
        doc_en: "A table: person, written. One request for all of them.",
        doc_sv: "En tabell: person, skrivet. En begäran för alla.",
        play: sender_adds_several,
    },
    Definition {
        id: "sender-adds-twice",
        en: &["the sender sends the request to add {person} twice"],
        sv: &["(att )avsändaren skickar begäran att lägga till {person} två gånger"],
        doc_en: "The same request twice; the second may be answered anyhow.",
        doc_sv: "Samma begäran två gånger; den andra får besvaras hur som helst.",
        play: sender_adds_twice,
    },
    Definition {
        id: "sender-adds-misplaced",
        en: &["the sender adds {person} with the number as the {field}"],
        sv: &["(att )avsändaren lägger till {person} med numret som {field}"],
        doc_en: "Tries to add a signer bound to the own number, with the number in another field as well.",
        doc_sv: "Försöker lägga till en undertecknare knuten till sitt nummer, med numret även i ett annat fält.",
        play: sender_adds_misplaced,
    },
    Definition {
        id: "nobody-without-check",
        en: &["nobody was added without the identity check that was asked for"],
        sv: &["(att )ingen lades till utan den identitetskontroll som begärdes"],
        doc_en: "Whoever the service has, has the check.",
        doc_sv: "Den som tjänsten har, har kontrollen.",
        play: nobody_without_check,
    },
    Definition {
        id: "nobody-added",
        en: &["nobody was added to the agreement"],
        sv: &["(att )ingen lades till i avtalet"],
        doc_en: "The agreement has as many participants as before.",
        doc_sv: "Avtalet har lika många deltagare som förut.",
        play: nobody_added,
    },
    Definition {
        id: "refused-or-identifies-first",
        en: &["it is refused, or {person} has to identify first"],
        sv: &["(att )det nekas, eller så måste {person} legitimera sig först"],
        doc_en: "Refused; or nobody can sign there before somebody has identified.",
        doc_sv: "Nekas; eller så kan ingen skriva under där innan någon har legitimerat sig.",
        play: refused_or_identifies_first,
    },
    Definition {
        id: "signers-with-one-address",
        en: &["{person} and {person} are signers with the same e-mail address, each bound to their own number"],
        sv: &[
            "(att ){person} och {person} är undertecknare med samma e-postadress, var och en knuten till sitt personnummer",
        ],
        doc_en: "Two signers who share a mailbox. Where that is refused, the scenario is not applicable.",
        doc_sv: "Två undertecknare som delar brevlåda. Nekas det är scenariot inte tillämpligt.",
        play: signers_with_one_address,
    },
];

fn sender_adds_misplaced<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, field) = (args.person(0)?, args.word(1)?);
        let mut asked = world.asking(role, Some(role), None)?;
        let number = super::super::cast::typed(&world.person(role)?.number);
        match field {
            "role" => asked.role = number,
            "country" => asked.country = number,
            _ => asked.email = number,
        }
        world.try_to_add(role, Some(role), asked).await.map(|_| ())
    })
}

fn sender_adds_several<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        world.needs_stepwise()?;
        let mut all = Vec::new();
        for row in args.table.iter().skip(1) {
            let [role, rest @ ..] = row.as_slice() else { continue };
            let spelling = rest.first().map(|cell| cell.trim_matches('"').to_owned()).filter(|cell| !cell.is_empty());
            all.push((role.clone(), world.asking(role, Some(role), spelling.as_deref())?));
            // References are counted by place, and these have none yet.
            if let Some((_, asked)) = all.last_mut() {
                asked.participant_ref.push_str("-b");
            }
        }
        let op = Op::AddParticipants(all.iter().map(|(_, asked)| asked.clone()).collect());
        let made = match world.may(op, None).await? {
            None => return Ok(()),
            Some(Reply::Case(case)) => case.participants,
            Some(_) => Vec::new(),
        };
        let mut made = made.into_iter();
        for (role, asked) in all {
            world.placed(&role, Some(&role), asked, made.next())?;
        }
        Ok(())
    })
}

fn sender_adds_twice<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        world.needs_stepwise()?;
        let role = args.person(0)?;
        let asked = world.asking(role, Some(role), None)?;
        world.add(role, Some(role), asked.clone()).await?;
        world.may(Op::AddParticipant(asked), None).await.map(|_| ())
    })
}

fn nobody_without_check<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let roles: Vec<String> = world
            .agreement()?
            .places
            .iter()
            .filter(|place| place.bound.is_some())
            .map(|place| place.role.clone())
            .collect();
        for role in &roles {
            let (seen, good) = world.look_until(role, |sample| sample.enabled || sample.status.is_none()).await?;
            if !good {
                return Err(Stop::never(
                    format!("{role} was added without the identity check ({:?})", seen.status),
                    "refused, or with the check that was asked for",
                ));
            }
        }
        // What was refused has left nobody behind.
        if let Some(answer) = world.answer.clone().filter(|answer| answer.refused.is_some()) {
            let (counted, expected) = (participants(world).await?, world.agreement()?.places.len());
            if counted.is_some_and(|counted| counted > expected) {
                return Err(Stop::never(
                    format!(
                        "the agreement has {} participants although the request was refused",
                        counted.unwrap_or_default()
                    ),
                    format!("{expected}"),
                ));
            }
            world.needs.push(answer.control);
        }
        Ok(())
    })
}

fn nobody_added<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let expected = world.agreement()?.places.len();
        match participants(world).await? {
            None => {
                Err(Stop::NotObservable("the target does not tell how many participants an agreement has".to_owned()))
            }
            Some(counted) if counted == expected => Ok(()),
            Some(counted) => {
                Err(Stop::equals(format!("the agreement has {counted} participants"), format!("it has {expected}")))
            }
        }
    })
}

fn refused_or_identifies_first<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?.to_owned();
        if let Some(answer) = world.answer.clone().filter(|answer| answer.refused.is_some()) {
            world.needs.push(answer.control);
            return Ok(());
        }
        if !world.agreement()?.sent {
            match world.send().await {
                Ok(()) => {}
                // Nobody signs what cannot be sent.
                Err(TargetError::Rejected { .. } | TargetError::Conflict { .. }) => return Ok(()),
                Err(error) => return Err(Stop::of("send the agreement", &error)),
            }
        }
        // Before anybody has identified there.
        blocked(world, &role, None).await
    })
}

fn signers_with_one_address<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (one, other) = (args.person(0)?, args.person(1)?);
        let asked = world.asking(one, Some(one), None)?;
        let address = asked.email.clone();
        world.add(one, Some(one), asked).await?;
        let mut asked = world.asking(other, Some(other), None)?;
        asked.email = address;
        if world.setting().setup == Setup::AtOnce {
            return world.add(other, Some(other), asked).await;
        }
        if world.try_to_add(other, Some(other), asked).await? {
            Ok(())
        } else {
            Err(Stop::NotApplicable("the target takes no two signers with one e-mail address".to_owned()))
        }
    })
}

/// How many participants the current agreement has, where the target tells.
async fn participants(world: &mut World) -> Result<Option<usize>, Stop> {
    let agreement = world.agreement_ref()?;
    match world.call(Op::GetAgreement(agreement), None, None).await {
        Ok(Reply::Agreement(GetAgreement { participants, .. })) => Ok(participants),
        Ok(_) | Err(TargetError::Unsupported { .. }) => Ok(None),
        Err(error) => Err(Stop::of("get agreement", &error)),
    }
}
