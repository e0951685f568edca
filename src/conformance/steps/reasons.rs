//! What can be read about an outcome, and what must be left of nobody.

use serde_json::Value;

use super::super::values::Args;
use super::super::{Stop, World};
use super::inference::names;
use super::{Definition, Step};
use crate::target::{GetAgreement, Op, Reply, Status, TargetError};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "reason-can-be-read",
        en: &["a reason can be read for {person}"],
        sv: &["(att )det går att läsa en orsak för {person}"],
        doc_en: "In the check, or in an event of the person.",
        doc_sv: "I kontrollen eller i en händelse om personen.",
        play: reason_can_be_read,
    },
    Definition {
        id: "reasons-differ",
        en: &["the reasons of {person}, {person} and {person} differ"],
        sv: &["(att ){persons}, {persons} och {persons} orsaker skiljer sig åt"],
        doc_en: "No two of them are the same.",
        doc_sv: "Inga två av dem är lika.",
        play: reasons_differ,
    },
    Definition {
        id: "answered-alike",
        en: &["all of them are answered alike"],
        sv: &["(att )alla får samma svar"],
        doc_en: "Everybody who has identified: the same status and reason, the same status and names in the answer, the same status of the page.",
        doc_sv: "Alla som har legitimerat sig: samma läge och orsak, samma status och namn i svaret, samma status på sidan.",
        play: answered_alike,
    },
    Definition {
        id: "no-weaker-way",
        en: &["no weaker way to sign is offered to {person}"],
        sv: &["(att )erbjuds {person} inget svagare sätt att skriva under"],
        doc_en: "None of the ways that are offered leaves open who signs. Where the target does not tell them, attempts decide.",
        doc_sv: "Inget av de sätt som erbjuds lämnar öppet vem som skriver under. Berättar målet inte om dem avgör försöken.",
        play: no_weaker_way,
    },
    Definition {
        id: "no-signature-anywhere",
        en: &["no signature of {person} can be found anywhere"],
        sv: &["(att )någon underskrift av {person} finns ingenstans"],
        doc_en: "Nobody is signed, the agreement is not fulfilled, and nothing that the service tells holds the person's name or number.",
        doc_sv: "Ingen är undertecknad, avtalet är inte fullbordat, och inget som tjänsten berättar innehåller personens namn eller nummer.",
        play: no_signature_anywhere,
    },
];

fn reason_can_be_read<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let (_, has) = world.look_until(role, |sample| sample.reason.is_some()).await?;
        if has || reason(world, role).await?.is_some() {
            Ok(())
        } else {
            Err(Stop::equals(format!("nothing tells why the check of {role} stands there"), "a reason can be read"))
        }
    })
}

fn reasons_differ<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let mut known: Vec<(String, String)> = Vec::new();
        for at in 0..3 {
            let role = args.person(at)?;
            let Some(reason) = reason(world, role).await? else {
                return Err(Stop::equals(
                    format!("nothing tells why the check of {role} stands there"),
                    "a reason each",
                ));
            };
            if let Some((other, _)) = known.iter().find(|(_, known)| *known == reason) {
                return Err(Stop::equals(format!("{other} and {role} have the same reason"), "the reasons differ"));
            }
            known.push((role.to_owned(), reason));
        }
        Ok(())
    })
}

fn answered_alike<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        world.settled().await?;
        let mut roles: Vec<String> = world.attempts.iter().map(|attempt| attempt.role.clone()).collect();
        roles.sort();
        roles.dedup();
        let mut known: Option<(String, Answered)> = None;
        if roles.len() < 2 {
            return Err(Stop::Harness("two people who have identified are needed to compare".to_owned()));
        }
        for role in roles {
            let answered = answered(world, &role).await?;
            let Some((other, first)) = &known else {
                known = Some((role, answered));
                continue;
            };
            if let Some(difference) = first.difference(&answered) {
                return Err(Stop::equals(
                    format!("{difference} differs between {other} and {role}"),
                    "nothing tells what was wrong",
                ));
            }
        }
        Ok(())
    })
}

/// What a person's place is answered with.
#[derive(Debug, Default, PartialEq, Eq)]
struct Answered {
    check: Option<Status>,
    reason: Option<String>,
    /// The status of the last answer about it, and the names in that.
    shape: (Option<u16>, Vec<String>),
    /// The status of the last page.
    page: Option<u16>,
}

impl Answered {
    fn difference(&self, other: &Self) -> Option<&'static str> {
        if self.check != other.check {
            Some("where the check stands")
        } else if self.reason != other.reason {
            Some("the reason")
        } else if self.shape != other.shape {
            Some("the form of the answer")
        } else if self.page != other.page {
            Some("the page")
        } else {
            None
        }
    }
}

async fn answered(world: &mut World, role: &str) -> Result<Answered, Stop> {
    let before = world.wire.exchanges().len();
    let check = world.look(role).await?.status;
    let exchanges = world.wire.exchanges();
    let said = exchanges.iter().skip(before).rfind(|exchange| exchange.operation == "get_participant");
    let mut keys = Vec::new();
    if let Some(said) = said {
        names(&serde_json::from_slice(&said.body).unwrap_or_default(), &mut keys);
    }
    keys.sort();
    let shape = (said.and_then(|said| said.status), keys);
    let newest = world.attempts.iter().rev().find(|attempt| attempt.role == role);
    let page = newest.and_then(|attempt| Some(attempt.landed.as_ref()?.1));
    Ok(Answered { check, reason: reason(world, role).await?, shape, page })
}

fn no_weaker_way<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let Reply::Participant(seen) = world.must(Op::GetParticipant(world.place(role)?)).await? else {
            return Err(Stop::Harness("get_participant was answered with something else".to_owned()));
        };
        let usages = &world.setting().usage;
        let eids = usages.values().flat_map(|usage| usage.methods.values().chain(&usage.all));
        let eids: Vec<&String> = eids.collect();
        let is_eid = |word: &str| eids.iter().any(|own| own.as_str() == word);
        let offered = seen.methods.unwrap_or_default();
        match offered.iter().find(|word| !is_eid(word) && is_weak(word)) {
            None => Ok(()),
            Some(weak) => {
                Err(Stop::never(format!("{role} is offered to sign by `{weak}`"), "no weaker way is offered"))
            }
        }
    })
}

fn no_signature_anywhere<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let agreement = world.agreement_ref()?;
        let places: Vec<String> = world.agreement()?.places.iter().map(|place| place.role.clone()).collect();
        let never = |actual: String| Stop::never(actual, format!("no signature of {role}"));
        // Everything is read anew, after all has settled.
        for place in &places {
            let (_, signed) = world.look_throughout(place, |sample| sample.signed == Some(true)).await?;
            if signed {
                return Err(never(format!("{place} is signed")));
            }
        }
        let before = world.wire.exchanges().len();
        for place in &places {
            world.look(place).await?;
        }
        if let Reply::Agreement(GetAgreement { fulfilled: Some(true), .. }) =
            world.must(Op::GetAgreement(agreement.clone())).await?
        {
            return Err(never("the agreement is fulfilled".to_owned()));
        }
        match world.call(Op::ListEvents(agreement), None, None).await {
            Ok(_) | Err(TargetError::Unsupported { .. }) => {}
            Err(error) => return Err(Stop::of("list events", &error)),
        }
        // Whoever the sender has named there may be named there.
        let is_named = places.iter().any(|place| place == role);
        let scanner = world.scanner(Some(role));
        for exchange in world.wire.exchanges().iter().skip(before) {
            let has_name = !is_named && !scanner.scan_names(&exchange.body).is_empty();
            if has_name || !scanner.scan(&exchange.body).is_empty() {
                return Err(never(format!(
                    "the answer to {} holds the name or the number of {role}",
                    exchange.operation
                )));
            }
        }
        Ok(())
    })
}

/// Why a check stands where it stands: as the check says, else as the person's last event does.
async fn reason(world: &mut World, role: &str) -> Result<Option<String>, Stop> {
    if let Some(reason) = world.look(role).await?.reason.filter(|reason| !reason.is_empty()) {
        return Ok(Some(reason));
    }
    let (agreement, place) = world.seat(role)?;
    let id = place.made.as_ref().map(|made| made.participant_id.clone());
    let op = Op::ListEvents(crate::target::AgreementRef { agreement_ref: agreement.reference.clone() });
    let events = match world.call(op, None, None).await {
        Ok(Reply::Events(events)) => events,
        Ok(_) | Err(TargetError::Unsupported { .. }) => return Ok(None),
        Err(error) => return Err(Stop::of("list events", &error)),
    };
    let own = events.iter().rev().filter(|event| event.participant_id.is_some() && event.participant_id == id);
    Ok(own.filter_map(|event| told(&event.body)).next())
}

/// What a member that tells a reason says, at any depth.
fn told(body: &Value) -> Option<String> {
    match body {
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            let is_reason = ["reason", "outcome", "error", "cause"].contains(&name.to_lowercase().as_str());
            let text = value.as_str().filter(|text| is_reason && !text.is_empty());
            text.map(str::to_owned).or_else(|| told(value))
        }),
        Value::Array(items) => items.iter().find_map(told),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Whether a word for a way to sign says that it leaves open who signs. Services name their ways as they like: this knows the usual words.
fn is_weak(word: &str) -> bool {
    let word = word.to_lowercase();
    let weak = ["mail", "sms", "otp", "code", "click", "draw", "touch", "handwrit", "password", "none"];
    weak.iter().any(|part| word.contains(part))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reason_is_found_at_any_depth_and_an_empty_one_is_none() {
        assert_eq!(told(&json!({ "data": { "id": 1, "reason": "cancelled" } })).as_deref(), Some("cancelled"));
        assert_eq!(told(&json!({ "reason": "", "x": [{ "Error": "expired" }] })).as_deref(), Some("expired"));
        assert_eq!(told(&json!({ "event": "failed" })), None);
    }

    #[test]
    fn answers_are_alike_where_nothing_differs_and_the_difference_is_named() {
        let alike =
            || Answered { check: Some(Status::Pending), reason: Some("rejected".into()), ..Answered::default() };
        assert_eq!(alike().difference(&alike()), None);
        for (other, difference) in [
            (Answered { check: Some(Status::Failed), ..alike() }, "where the check stands"),
            (Answered { reason: Some("the tag is wrong".into()), ..alike() }, "the reason"),
            (Answered { reason: None, ..alike() }, "the reason"),
            (Answered { shape: (Some(200), vec!["error".into()]), ..alike() }, "the form of the answer"),
            (Answered { page: Some(500), ..alike() }, "the page"),
        ] {
            assert_eq!(alike().difference(&other), Some(difference));
        }
    }

    #[test]
    fn eids_are_no_weak_ways() {
        for (word, weak) in [("verification_code", true), ("E-Mail", true), ("se_bid", false), ("MitID", false)] {
            assert_eq!(is_weak(word), weak, "{word}");
        }
    }
}
