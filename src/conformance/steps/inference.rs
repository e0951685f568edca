//! What can be found out without being told: by comparing two places, by trying numbers out, by looking where a browser keeps pages.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::outward::TypedAnswer;
use super::super::shown::{Channel, Shown, origin};
use super::super::values::Args;
use super::super::{Stop, World};
use super::{Definition, Step};
use crate::target::{AgreementRef, Op, Reply};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "same-number-not-seen",
        en: &["nobody can see that {person} and {person} have the same number"],
        sv: &["(att )ingen kan se att {person} och {person} har samma nummer"],
        doc_en: "No value that the service tells of both is missing in two others whose numbers differ.",
        doc_sv: "Inget värde som tjänsten berättar om båda saknas hos två andra med olika nummer.",
        play: same_number_not_seen,
    },
    Definition {
        id: "starts-typing",
        en: &["{person} starts identifying, typing {persons} number"],
        sv: &["(att ){person} börjar legitimera sig och skriver {persons} nummer"],
        doc_en: "Types the number at the start, which may be refused; the answer is remembered, the attempt left open.",
        doc_sv: "Skriver numret vid starten, som får nekas; svaret minns vi, försöket lämnas öppet.",
        play: starts_typing,
    },
    Definition {
        id: "typed-answers-alike",
        en: &["the answer to the right number is like the answer to a wrong one"],
        sv: &["(att )svaret på rätt nummer liknar svaret på ett felaktigt"],
        doc_en: "The last two starts with typed numbers: the same outcome, status and names in the answer.",
        doc_sv: "De två senaste starterna med skrivna nummer: samma utfall, status och namn i svaret.",
        play: typed_answers_alike,
    },
    Definition {
        id: "pages-not-stored",
        en: &["the pages of {person} are not to be stored"],
        sv: &["(att ){persons} sidor ska inte lagras"],
        doc_en: "Sign page and return page say Cache-Control: no-store, and a Referrer-Policy.",
        doc_sv: "Undertecknandesidan och återkomstsidan säger Cache-Control: no-store och en Referrer-Policy.",
        play: pages_not_stored,
    },
];

fn same_number_not_seen<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (one, other) = (args.person(0)?.to_owned(), args.person(1)?.to_owned());
        let others: Vec<String> = world.cast.iter().map(|(role, _)| role.clone()).collect();
        let mut control = others.into_iter().filter(|role| *role != one && *role != other && world.seat(role).is_ok());
        let (Some(third), Some(fourth)) = (control.next(), control.next()) else {
            return Err(Stop::Harness(
                "two further people with numbers of their own are needed to compare with".to_owned(),
            ));
        };
        world.settled().await?;
        for role in [&one, &other, &third, &fourth] {
            world.look(role).await?;
        }
        if world.setting().features.contains("events") {
            let agreement = AgreementRef { agreement_ref: world.seat(&one)?.0.reference.clone() };
            world.must(Op::ListEvents(agreement)).await?;
        }
        let shown = world.shown();
        let told = |role: &str| -> Result<BTreeSet<String>, Stop> {
            let made = world.seat(role)?.1.made.as_ref();
            let id = made.map(|made| made.participant_id.clone()).unwrap_or_default();
            Ok(told_of(&shown, &id))
        };
        let (one_told, other_told, third_told, fourth_told) =
            (told(&one)?, told(&other)?, told(&third)?, told(&fourth)?);
        if one_told.is_empty() || other_told.is_empty() {
            return Err(Stop::NotObservable(format!(
                "the target tells nothing that can be said to be of {one} or {other}"
            )));
        }
        let shared = one_told.intersection(&other_told);
        let telling = shared.filter(|value| !(third_told.contains(*value) && fourth_told.contains(*value))).count();
        if telling == 0 {
            Ok(())
        } else {
            Err(Stop::never(
                format!("{telling} values are the same for {one} and {other}, and not for {third} and {fourth}"),
                "nothing tells that two places have the same number",
            ))
        }
    })
}

fn starts_typing<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, typed) = (args.person(0)?, args.person(1)?);
        let before = world.wire.exchanges().len();
        let started = world.start(role, role, Some(typed), None).await?.is_ok();
        let exchanges = world.wire.exchanges();
        let said = exchanges.iter().skip(before).rfind(|exchange| exchange.operation == "start_authentication");
        let mut keys = Vec::new();
        if let Some(said) = said {
            names(&serde_json::from_slice(&said.body).unwrap_or_default(), &mut keys);
        }
        keys.sort();
        keys.dedup();
        world.outward.typed.push(TypedAnswer { started, status: said.and_then(|said| said.status), keys });
        Ok(())
    })
}

fn typed_answers_alike<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let [.., wrong, right] = world.outward.typed.as_slice() else {
            return Err(Stop::Harness("two starts with typed numbers are needed to compare".to_owned()));
        };
        let difference = if wrong.started != right.started {
            Some("one start is let through, the other is not".to_owned())
        } else if wrong.status != right.status {
            Some("the status of the answers differs".to_owned())
        } else if wrong.keys != right.keys {
            Some("the names in the answers differ".to_owned())
        } else {
            None
        };
        difference.map_or(Ok(()), |difference| Err(Stop::equals(difference, "nobody can try numbers out")))
    })
}

fn pages_not_stored<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let place = world.place(role)?;
        if let Reply::Participant(seen) = world.must(Op::GetParticipant(place)).await?
            && let Some(link) = seen.sign_link
        {
            let browser = world.browser(role, None);
            let opened = world.shared.browser.open(&browser, &link, &world.wire).await;
            opened.map_err(|problem| Stop::error(crate::identity::mask(&problem).into_owned()))?;
        }
        let providers = world.provider_origins();
        let exchanges = world.wire.exchanges();
        let mut pages = exchanges.iter().filter(|exchange| {
            exchange.operation == "browser"
                && exchange.status == Some(200)
                && origin(&exchange.url).is_some_and(|own| !providers.contains(&own))
        });
        let Some(first) = pages.next() else {
            return Err(Stop::NotObservable(format!("no page of the service was shown to {role}")));
        };
        for page in std::iter::once(first).chain(pages) {
            let header = |name: &str| {
                let found = page.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.to_ascii_lowercase()).unwrap_or_default()
            };
            if !header("cache-control").contains("no-store") {
                return Err(Stop::equals("a page does not say `Cache-Control: no-store`", "browsers keep no page"));
            }
            if header("referrer-policy").is_empty()
                && !String::from_utf8_lossy(&page.body).contains("name=\"referrer\"")
            {
                return Err(Stop::equals("a page has no Referrer-Policy", "its address is told to nobody"));
            }
        }
        Ok(())
    })
}

/// Every value of eight characters or more that the service tells of a participant: in objects that name it themselves.
fn told_of(shown: &[Shown], participant: &str) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    if participant.is_empty() {
        return values;
    }
    for one in
        shown.iter().filter(|one| matches!(one.channel, Channel::Answer | Channel::Event | Channel::Notification))
    {
        // A notification is shown with its headers before it.
        let body = one.bytes.windows(2).position(|two| two == b"\n\n").map_or(0, |at| at + 2);
        let body = if one.channel == Channel::Notification { &one.bytes[body..] } else { &one.bytes };
        if let Ok(value) = serde_json::from_slice::<Value>(body) {
            gather(&value, participant, &mut values);
        }
    }
    values
}

fn gather(value: &Value, participant: &str, values: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) if members.values().any(|member| member.as_str() == Some(participant)) => {
            leaves(value, values);
        }
        Value::Object(members) => members.values().for_each(|member| gather(member, participant, values)),
        Value::Array(items) => items.iter().for_each(|item| gather(item, participant, values)),
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {}
    }
}

fn leaves(value: &Value, values: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|member| leaves(member, values)),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, values)),
        Value::String(text) if text.chars().count() >= SHORTEST_VALUE => drop(values.insert(text.clone())),
        Value::Number(number) if number.to_string().len() >= SHORTEST_VALUE => drop(values.insert(number.to_string())),
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {}
    }
}

/// The names of all members, at any depth.
pub(super) fn names(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            into.push(name.clone());
            names(member, into);
        }),
        Value::Array(items) => items.iter().for_each(|item| names(item, into)),
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {}
    }
}

/// Shorter values are equal by chance.
const SHORTEST_VALUE: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_belong_to_the_object_that_names_the_participant() {
        let text = r#"{"id":"agreement","participants":[{"id":"p1","of":{"mark":"the-same-for-both"}},{"id":"p2","mark":"another-one"}]}"#;
        let shown = Shown {
            is_ours: true,
            channel: Channel::Answer,
            place: String::new(),
            to: "sender".to_owned(),
            bytes: text.as_bytes().to_vec(),
        };
        let told = told_of(&[shown], "p1");
        assert_eq!(told.into_iter().collect::<Vec<_>>(), ["the-same-for-both"]);
    }
}
