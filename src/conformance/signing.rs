//! How a signature is tried: by eID, in one or two transactions, or without showing who signs.

use super::attempts::{Attempt, Manner};
use super::{Stop, World};
use crate::target::{Allowed, AttemptSignature, Authentication, BrowserId, Op, Reply, Sign, TargetError};

/// What became of trying to sign.
pub(super) enum Tried {
    /// It was refused, in the target's words.
    Blocked(String),
    /// It was allowed, or what it took was finished.
    Done,
}

/// The signer authenticates.
pub(super) const EID: &str = "eid";
/// The signer does not.
pub(super) const WEAK: &str = "weak";

/// Tries to sign in a place; where a transaction has to be finished first, `bearer` finishes it.
pub(super) async fn attempt(world: &mut World, role: &str, bearer: &str, way: &'static str) -> Result<Tried, Stop> {
    attempt_as(world, role, bearer, way, Manner::default()).await
}

/// The same, while the provider does what the manner says.
pub(super) async fn attempt_as(
    world: &mut World,
    role: &str,
    bearer: &str,
    way: &'static str,
    manner: Manner,
) -> Result<Tried, Stop> {
    if world.setting().sign == Sign::None {
        return Err(Stop::NotApplicable(
            "the target declares that nothing is signed there (sign = \"none\")".to_owned(),
        ));
    }
    let browser = holders(world, role);
    let shared = world.shared.clone();
    let _turn = shared.turns.take(&world.item.provider).await;
    let (op, before) = (asking(world, role, bearer, way)?, newest(world).await?);
    let answer = world.call(op, None, Some(browser.clone())).await;
    answered(world, role, Some((bearer, manner)), &browser, answer, before).await
}

pub(super) fn asking(world: &World, role: &str, bearer: &str, way: &str) -> Result<Op, Stop> {
    let types = world.setting().types_number_to_sign;
    let hint = if types { Some(super::cast::typed(&world.person(bearer)?.number)) } else { None };
    let (provider, country) = (&world.item.provider, world.person(role)?.number.country());
    Ok(Op::AttemptSignature(AttemptSignature {
        participant: world.place(role)?,
        method: way.to_owned(),
        hint,
        phone: Some(world.person(bearer)?.phone.clone()),
        provider: Some(provider.clone()),
        eid_method: world.setting().method(provider, country).cloned(),
    }))
}

pub(super) async fn newest(world: &World) -> Result<u64, Stop> {
    world.shared.simulator.newest().await.map_err(super::attempts::gone)
}

/// The browser that was used in a place last.
pub(super) fn holders(world: &World, role: &str) -> BrowserId {
    let holder = world.attempts.iter().rev().find(|attempt| attempt.role == role);
    holder.map_or_else(|| world.browser(role, None), |attempt| attempt.browser.clone())
}

/// What the answer means; a transaction that began is finished by `finisher`, or left open.
pub(super) async fn answered(
    world: &mut World,
    role: &str,
    finisher: Option<(&str, Manner)>,
    browser: &BrowserId,
    answer: Result<Reply, TargetError>,
    before: u64,
) -> Result<Tried, Stop> {
    world.happened();
    match answer {
        Ok(Reply::Signature(Allowed::Allowed)) => Ok(Tried::Done),
        Ok(Reply::Signature(Allowed::Blocked { reason })) => {
            Ok(Tried::Blocked(reason.unwrap_or_else(|| "no reason told".to_owned())))
        }
        Ok(Reply::Signature(Allowed::Started(told))) => {
            if let Some(finisher) = finisher {
                finish(world, role, finisher, (told, browser.clone()), before).await?;
            }
            Ok(Tried::Done)
        }
        Ok(other) => Err(Stop::Harness(format!("attempt_signature was answered with {other:?}"))),
        Err(
            TargetError::Rejected { message, .. }
            | TargetError::Conflict { message }
            | TargetError::NotFound { message },
        ) => Ok(Tried::Blocked(message)),
        Err(error) => Err(Stop::of("attempt signature", &error)),
    }
}

/// Finishes the transaction of a signature. It says nothing about the identity check, so the outcome class stays.
pub(super) async fn finish(
    world: &mut World,
    role: &str,
    (bearer, manner): (&str, Manner),
    (told, browser): (Authentication, BrowserId),
    before: u64,
) -> Result<(), Stop> {
    let place = world.place(role)?;
    world.shared.turns.heard(&world.item.provider, &told);
    let session = world.bind(&told, &place, before, false).await?;
    let attempt = Attempt {
        role: role.to_owned(),
        place,
        browser,
        told,
        session,
        typed: world.setting().types_number_to_sign,
        open: true,
        finished_by: None,
        returned: None,
        landed: None,
    };
    world.attempts.push(attempt);
    let at = world.attempts.len() - 1;
    let before = (world.classes.get(role).copied(), world.mismatches.get(role).copied());
    world.open(at).await?;
    world.lay_over(at, manner).await?;
    world.finish(at, bearer, manner).await?;
    // In a design where the signature is the identification, it does say something.
    if world.setting().sign != Sign::SameTransaction {
        match before.0 {
            Some(class) => world.classes.insert(role.to_owned(), class),
            None => world.classes.remove(role),
        };
        match before.1 {
            Some(count) => world.mismatches.insert(role.to_owned(), count),
            None => world.mismatches.remove(role),
        };
    }
    Ok(())
}
