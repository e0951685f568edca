//! The webhooks that the target sends: what they name, how they are signed, and what becomes of them when the receiver is down.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

use super::super::closed::said;
use super::super::expression::Kind;
use super::super::sink::{Delivery, Sink};
use super::super::values::Args;
use super::super::{Stop, World};
use super::{Definition, Step};
use crate::target::SignatureCheck;

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "notification-names",
        en: &["the outgoing notification that {person} {event} names the person and the agreement"],
        sv: &["(att )den utgående aviseringen att {person} {event} anger personen och avtalet"],
        doc_en: "It comes, and holds the ids of participant and agreement.",
        doc_sv: "Den kommer, och innehåller deltagarens och avtalets id.",
        play: notification_names,
    },
    Definition {
        id: "notifications-signed",
        en: &["the outgoing notifications are signed"],
        sv: &["(att )de utgående aviseringarna är signerade"],
        doc_en: "Verified where the target file tells how; else each has a header with 32 bytes or more that no other has.",
        doc_sv: "Kontrolleras där målfilen säger hur; annars har var och en ett huvud med minst 32 byte som ingen annan har.",
        play: notifications_signed,
    },
    Definition {
        id: "receiver-fails-at-first",
        en: &["the receiver of outgoing notifications fails at first"],
        sv: &["(att )mottagaren av utgående aviseringar fungerar inte först"],
        doc_en: "The scenario's first delivery is answered with status 500.",
        doc_sv: "Scenariots första leverans besvaras med status 500.",
        play: receiver_fails_at_first,
    },
];

fn notification_names<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, event) = (args.person(0)?, args.word(1)?);
        let (agreement, place) = world.seat(role)?;
        let participant = place.made.as_ref().map(|made| made.participant_id.clone()).unwrap_or_default();
        let agreement = agreement.id.clone().unwrap_or_default();
        let (sink, marks) = (sink(world)?, world.marks());
        let fails = world.outward.receiver_fails;
        let limit = world.setting().timing.quiet() + if fails { LONGEST_RETRY } else { Duration::ZERO };
        let tells = |delivery: &&Arc<Delivery>| {
            delivery.accepted && delivery.read.as_ref().is_ok_and(|read| read.event.name == event)
        };
        let is_named = |delivery: &&Arc<Delivery>| {
            let event = delivery.read.as_ref().map(|read| &read.event);
            event.is_ok_and(|event| event.participant_id.as_ref().is_none_or(|id| *id == participant))
        };
        let find = |all: &[Arc<Delivery>]| all.iter().filter(tells).find(is_named).cloned();
        let Some(delivery) = sink.until(limit, &marks, find).await else {
            return Err(Stop::equals(
                format!("no outgoing notification tells that {role} {}", said(Kind::Event, event)),
                "there is one",
            ));
        };
        if fails && sink.about(&marks).iter().all(|delivery| delivery.accepted) {
            return Err(Stop::error("the receiver was to fail at first, and no delivery came to it then"));
        }
        let text = String::from_utf8_lossy(&delivery.body);
        for (what, id) in [("the person", &participant), ("the agreement", &agreement)] {
            if !id.is_empty() && !text.contains(id.as_str()) {
                return Err(Stop::equals(
                    format!("the outgoing notification that {role} {} does not name {what}", said(Kind::Event, event)),
                    "it holds the ids of participant and agreement",
                ));
            }
        }
        Ok(())
    })
}

fn notifications_signed<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        world.settled().await?;
        let all = sink(world)?.about(&world.marks());
        if all.is_empty() {
            return Err(Stop::equals("no outgoing notification came", "there are some, and each is signed"));
        }
        for delivery in &all {
            let problem = match delivery.read.as_ref().map(|read| &read.signature) {
                Ok(SignatureCheck::Valid) => continue,
                Ok(SignatureCheck::Missing { header }) => format!("an outgoing notification has no header `{header}`"),
                Ok(SignatureCheck::Invalid { problem }) => {
                    format!("the signature of an outgoing notification does not hold: {problem}")
                }
                Ok(SignatureCheck::NotSigned) | Err(_) => match unsigned(delivery, &all) {
                    None => continue,
                    Some(problem) => problem,
                },
            };
            return Err(Stop::equals(problem, "each outgoing notification is signed"));
        }
        Ok(())
    })
}

fn receiver_fails_at_first<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        sink(world)?.refuse_next(world.marks());
        world.outward.receiver_fails = true;
        Ok(())
    })
}

fn sink(world: &World) -> Result<&Sink, Stop> {
    world
        .shared
        .sink
        .as_ref()
        .ok_or_else(|| Stop::NotObservable("the target sends no events of its own: it declares no [events]".to_owned()))
}

/// Why a delivery does not look signed. What is the same in another delivery is no signature of either.
fn unsigned(delivery: &Delivery, all: &[Arc<Delivery>]) -> Option<String> {
    let others = all.iter().filter(|other| other.body != delivery.body);
    let elsewhere: BTreeSet<&String> = others.flat_map(|other| other.headers.iter().map(|(_, value)| value)).collect();
    let is_signature = |value: &String| {
        let mut words = value.split(|c: char| !(c.is_ascii_alphanumeric() || "+/_-".contains(c)));
        !elsewhere.contains(value) && words.any(is_digest)
    };
    let is_signed = delivery.headers.iter().any(|(_, value)| is_signature(value));
    (!is_signed).then(|| "an outgoing notification has no header that could be a signature".to_owned())
}

/// 32 bytes or more, in hexadecimal or base64.
fn is_digest(word: &str) -> bool {
    let base64 = |word: &str| {
        let padded = format!("{word}{}", "=".repeat((4 - word.len() % 4) % 4));
        BASE64_STANDARD.decode(padded).or_else(|_| BASE64_URL_SAFE_NO_PAD.decode(word)).map(|bytes| bytes.len())
    };
    let bytes = hex::decode(word).map(|bytes| bytes.len()).or_else(|_| base64(word));
    bytes.is_ok_and(|bytes| bytes >= 32)
}

/// Whoever sends again, usually does so within half a minute.
const LONGEST_RETRY: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::target::EventError;

    fn delivery(body: &'static str, signature: &str) -> Arc<Delivery> {
        Arc::new(Delivery {
            headers: vec![("x-signature".to_owned(), signature.to_owned())],
            body: Bytes::from_static(body.as_bytes()),
            read: Err(EventError::NotJson),
            accepted: true,
        })
    }

    #[test]
    fn a_header_is_a_signature_when_it_is_long_enough_and_differs() {
        let (one, other) = ("a7".repeat(32), "b8".repeat(32));
        let signed = [delivery("1", &format!("t=1,v1={one}")), delivery("2", &format!("t=1,v1={other}"))];
        assert_eq!(unsigned(&signed[0], &signed), None);
        let same = [delivery("1", &one), delivery("2", &one)];
        assert!(unsigned(&same[0], &same).is_some());
        let short = [delivery("1", "a7a7")];
        assert!(unsigned(&short[0], &short).is_some());
    }
}
