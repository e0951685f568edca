//! Signing: who can, and who is kept out.

use super::super::attempts::Manner;
use super::super::controls::Control;
use super::super::signing::{EID, Tried, WEAK, answered, asking, attempt, attempt_as, holders, newest};
use super::super::values::Args;
use super::super::{Stop, World};
use super::{Definition, Step};
use crate::target::{Actor, BrowserId, OpName, Sign};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "tries-to-sign",
        en: &["{person} tries to sign"],
        sv: &["(att ){person} försöker skriva under"],
        doc_en: "Tries to sign by eID; the answer is remembered.",
        doc_sv: "Försöker skriva under med e-legitimation; svaret minns vi.",
        play: tries_to_sign,
    },
    Definition {
        id: "tries-to-sign-weakly",
        en: &["{person} tries to sign with an e-mail code"],
        sv: &["(att ){person} försöker skriva under med en kod via e-post"],
        doc_en: "Tries to sign in a way that does not tell who it is.",
        doc_sv: "Försöker skriva under på ett sätt som inte visar vem det är.",
        play: tries_to_sign_weakly,
    },
    Definition {
        id: "signs",
        en: &["{person} signs", "{person} can sign"],
        sv: &["(att ){person} skriver under", "(att )kan {person} skriva under", "(att ){person} kan skriva under"],
        doc_en: "Signs by eID to the end. This is what makes refusals elsewhere believable.",
        doc_sv: "Skriver under med e-legitimation, hela vägen. Det gör att nekanden annorstädes kan tros.",
        play: signs,
    },
    Definition {
        id: "signs-answered-by",
        en: &["{person} signs, but {person} answers the signing request"],
        sv: &["(att ){person} skriver under, men {person} svarar på begäran"],
        doc_en: "Somebody else finishes the transaction of the signature.",
        doc_sv: "Någon annan avslutar underskriftens transaktion.",
        play: signs_answered_by,
    },
    Definition {
        id: "goes-all-the-way",
        en: &["{person} goes all the way to a signature as {person} on {persons} sign link"],
        sv: &["(att ){person} går hela vägen till en underskrift som {person} på {persons} länk"],
        doc_en: "Tries everything up to the signature; nothing of it has to succeed.",
        doc_sv: "Prövar allt fram till underskriften; inget av det måste lyckas.",
        play: goes_all_the_way,
    },
    Definition {
        id: "goes-all-the-way-reported",
        en: &["{person} goes all the way to a signature and the provider {report}"],
        sv: &["(att ){person} går hela vägen till en underskrift och leverantören {report}"],
        doc_en: "Identifies and signs in the own place; the provider does what is said in the transaction that signs.",
        doc_sv: "Legitimerar sig och skriver under på den egna platsen; leverantören gör det som sägs när det skrivs under.",
        play: goes_all_the_way_reported,
    },
    Definition {
        id: "signing-blocked",
        en: &["signing is blocked for {person}"],
        sv: &["(att )är underskriften spärrad för {person}", "(att )underskriften är spärrad för {person}"],
        doc_en: "Neither by eID nor weakly can the place be signed by whoever holds it.",
        doc_sv: "Platsen kan inte undertecknas av den som har den, varken med e-legitimation eller svagare.",
        play: signing_blocked,
    },
    Definition {
        id: "signing-blocked-elsewhere",
        en: &["signing is blocked for {person} in another browser too"],
        sv: &["(att )är underskriften spärrad för {person} även i en annan webbläsare"],
        doc_en: "The same in a browser that has only opened the link.",
        doc_sv: "Detsamma i en webbläsare som bara har öppnat länken.",
        play: signing_blocked_elsewhere,
    },
    Definition {
        id: "signs-while-identifying",
        en: &["{person} tries to sign while {person} identifies on her/his/their link"],
        sv: &["(att ){person} försöker skriva under medan {person} legitimerar sig på länken"],
        doc_en: "The signature and somebody's return in the same place, at the same moment.",
        doc_sv: "Underskriften och någons återkomst på samma plats, i samma ögonblick.",
        play: signs_while_identifying,
    },
    Definition {
        id: "is-signed",
        en: &["{person} is signed"],
        sv: &["(att )är {person} undertecknad"],
        doc_en: "There is a signature.",
        doc_sv: "Det finns en underskrift.",
        play: is_signed,
    },
    Definition {
        id: "is-not-signed",
        en: &["{person} is not signed"],
        sv: &["(att )är {person} inte undertecknad", "(att ){person} är inte undertecknad"],
        doc_en: "There is no signature, until the service is idle.",
        doc_sv: "Det finns ingen underskrift, tills tjänsten är klar.",
        play: is_not_signed,
    },
    Definition {
        id: "never-signed-before-passed",
        en: &["{person} was never signed before the identity check had passed"],
        sv: &["(att ){person} var aldrig undertecknad innan identitetskontrollen var godkänd"],
        doc_en: "In everything seen.",
        doc_sv: "I allt som setts.",
        play: never_signed_before_passed,
    },
];

fn tries_to_sign<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?.to_owned();
        tried(world, &role, EID).await
    })
}

fn tries_to_sign_weakly<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?.to_owned();
        tried(world, &role, WEAK).await
    })
}

fn signs<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?.to_owned();
        if world.setting().sign == Sign::None {
            return Ok(());
        }
        // Where the identification is the signature, whoever has passed has signed.
        let signed_already = world.setting().sign == Sign::SameTransaction
            && world.look_until(&role, |sample| sample.signed == Some(true)).await?.1;
        if !signed_already && let Tried::Blocked(reason) = attempt(world, &role, &role, EID).await? {
            return Err(Stop::equals(format!("{role} could not sign: {reason}"), format!("{role} can sign")));
        }
        let (_, signed) = world.look_until(&role, |sample| sample.signed != Some(false)).await?;
        if !signed {
            return Err(Stop::equals(format!("{role} is not signed"), format!("{role} is signed")));
        }
        world.succeeded(OpName::AttemptSignature, Actor::Person, EID);
        Ok(())
    })
}

fn signs_answered_by<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, bearer) = (args.person(0)?.to_owned(), args.person(1)?.to_owned());
        attempt(world, &role, &bearer, EID).await.map(|_| ())
    })
}

fn goes_all_the_way<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (visitor, bearer, role) =
            (args.person(0)?.to_owned(), args.person(1)?.to_owned(), args.person(2)?.to_owned());
        if let Ok(started) = world.start(&role, &visitor, None, None).await? {
            world.open(started).await?;
            world.finish(started, &bearer, Manner::default()).await?;
        }
        attempt(world, &role, &bearer, EID).await.map(|_| ())
    })
}

fn goes_all_the_way_reported<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?.to_owned();
        let manner = Manner { report: Some(args.report(1)?), course: None };
        match world.setting().sign {
            Sign::None | Sign::SeparateCall => {
                Err(Stop::NotApplicable("the target declares that nothing is signed at the provider".to_owned()))
            }
            Sign::SameTransaction => world.identify(&role, &role, &role, None, manner).await,
            Sign::SecondTransaction => {
                world.identify(&role, &role, &role, None, Manner::default()).await?;
                world.look_until(&role, |sample| sample.status == Some(crate::target::Status::Passed)).await?;
                attempt_as(world, &role, &role, EID, manner).await.map(|_| ())
            }
        }
    })
}

fn signing_blocked<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?.to_owned();
        blocked(world, &role, None).await
    })
}

fn signing_blocked_elsewhere<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?.to_owned();
        let fresh = world.browser(&role, Some("fresh"));
        if let Some(link) = super::browsing::sign_link(world, &role).await? {
            world.goes(&fresh, &link).await?;
        }
        blocked(world, &role, Some(fresh)).await
    })
}

fn signs_while_identifying<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, bearer) = (args.person(0)?.to_owned(), args.person(1)?.to_owned());
        if world.setting().sign == Sign::None {
            return Ok(());
        }
        let started = world.start(&role, &bearer, None, None).await?;
        let started =
            started.map_err(|why| Stop::error(format!("the start of {bearer}'s attempt was refused: {why}")))?;
        world.open(started).await?;
        let (person, browser) = (world.person(&bearer)?, world.browser(&role, None));
        let shared = world.shared.clone();
        let _turn = shared.turns.take(&world.item.provider).await;
        let (op, before) = (asking(world, &role, &role, EID)?, newest(world).await?);
        let own: &World = world;
        let (answer, back) = tokio::join!(
            own.call(op, None, Some(browser.clone())),
            own.confirmed_and_back(own.attempt(started)?, &person)
        );
        world.finished(started, &bearer, back?);
        // In a design where the signature is the identification, finishing it would be another one.
        let finisher = (world.setting().sign != Sign::SameTransaction).then_some(role.as_str());
        let finisher = finisher.map(|finisher| (finisher, Manner::default()));
        answered(world, &role, finisher, &browser, answer, before).await.map(|_| ())
    })
}

fn is_signed<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let (_, signed) = world.look_until(role, |sample| sample.signed == Some(true)).await?;
        if signed { Ok(()) } else { Err(Stop::equals(format!("{role} is not signed"), format!("{role} is signed"))) }
    })
}

fn is_not_signed<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?.to_owned();
        not_signed(world, &role).await
    })
}

fn never_signed_before_passed<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let early = |sample: &&super::super::world::Sample| {
            sample.role == role && sample.signed == Some(true) && sample.status != Some(crate::target::Status::Passed)
        };
        match world.samples.iter().find(early) {
            None => Ok(()),
            Some(_) => Err(Stop::never(
                format!("{role} was signed while the identity check had not passed"),
                "first the identity, then the signature",
            )),
        }
    })
}

async fn tried(world: &mut World, role: &str, way: &'static str) -> Result<(), Stop> {
    match attempt(world, role, role, way).await? {
        Tried::Blocked(reason) => world.refused(OpName::AttemptSignature, way, reason),
        Tried::Done => {
            let (seen, _) = world.look_until(role, |sample| sample.signed == Some(true)).await?;
            if seen.signed == Some(false) {
                world.refused(OpName::AttemptSignature, way, "it was not signed in the end".to_owned());
            } else {
                world.accepted(OpName::AttemptSignature, way);
                let has_check = world.seat(role)?.1.bound.is_some();
                if has_check && seen.status != Some(crate::target::Status::Passed) {
                    world.kept_out();
                } else {
                    world.succeeded(OpName::AttemptSignature, Actor::Person, way);
                }
            }
        }
    }
    Ok(())
}

/// That nobody can sign in a place, in the browser that was used there last or in another one.
///
/// A transaction that begins is no breach yet. It is finished by the person whose place it is, since a check that only looks failed shows so;
/// where the signature is the identification that would be a new one, so that whoever identified there last finishes it, if that is
/// somebody else, or nobody.
pub(super) async fn blocked(world: &mut World, role: &str, browser: Option<BrowserId>) -> Result<(), Stop> {
    if world.setting().sign == Sign::None {
        return Ok(());
    }
    let bound = world.seat(role)?.1.bound.clone().unwrap_or_else(|| role.to_owned());
    let finisher = match world.setting().sign {
        Sign::SameTransaction => {
            let last = world.attempts.iter().rev().filter(|attempt| attempt.role == role);
            let last = last.filter_map(|attempt| attempt.finished_by.clone()).next();
            last.filter(|last| *last != bound)
        }
        Sign::None | Sign::SecondTransaction | Sign::SeparateCall => Some(bound.clone()),
    };
    let ways: &[&'static str] = if world.setting().features.contains("weak-methods") { &[EID, WEAK] } else { &[EID] };
    for way in ways {
        let browser = browser.clone().unwrap_or_else(|| holders(world, role));
        let shared = world.shared.clone();
        let _turn = shared.turns.take(&world.item.provider).await;
        let (op, before) = (asking(world, role, finisher.as_ref().unwrap_or(&bound), way)?, newest(world).await?);
        let answer = world.call(op, None, Some(browser.clone())).await;
        let finisher = finisher.as_deref().map(|finisher| (finisher, Manner::default()));
        match answered(world, role, finisher, &browser, answer, before).await? {
            Tried::Blocked(_) => world.needs.push(Control::new(OpName::AttemptSignature, Actor::Person, way)),
            Tried::Done => {
                let seen = world.look(role).await?;
                if seen.signed.is_none() {
                    return Err(Stop::never(
                        format!("somebody could sign in the place of {role} ({way})"),
                        "signing is blocked",
                    ));
                }
            }
        }
    }
    not_signed(world, role).await
}

async fn not_signed(world: &mut World, role: &str) -> Result<(), Stop> {
    let (_, bad) = world.look_throughout(role, |sample| sample.signed == Some(true)).await?;
    if bad { Err(Stop::never(format!("{role} is signed"), format!("{role} is not signed"))) } else { Ok(()) }
}
