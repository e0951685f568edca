//! What is stored: no number, nothing that anybody can compute from one, nothing of whoever came by mistake, and nothing when it is over.

use std::collections::BTreeSet;

use super::super::values::Args;
use super::super::{Stop, World};
use super::{Definition, Step};
use crate::identity::mask;
use crate::target::{AgreementRef, Dump, Op, Reply};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "number-not-stored",
        en: &["the storage holds neither {persons} number nor a plain digest of it"],
        sv: &[
            "(att )lagringen innehåller varken {persons} nummer eller en oskyddad hash av det",
            "(att )lagringen innehåller varken {persons} nummer eller ett enkelt kondensat av det",
        ],
        doc_en: "Looks into a dump of everything stored.",
        doc_sv: "Tittar i en dump av allt som lagrats.",
        play: number_not_stored,
    },
    Definition {
        id: "nothing-kept",
        en: &["nothing of {person} is kept"],
        sv: &["(att )ingenting om {person} sparas"],
        doc_en: "Neither number nor digest anywhere in the storage, nor the name beside anything of this scenario.",
        doc_sv: "Varken nummer eller hash någonstans i lagringen, och inte namnet vid något ur scenariot.",
        play: nothing_kept,
    },
    Definition {
        id: "storage-looked-at",
        en: &["the storage is looked at"],
        sv: &["(att )lagringen granskas"],
        doc_en: "Keeps a dump of everything stored, to compare with.",
        doc_sv: "Sparar en dump av allt som lagrats, att jämföra med.",
        play: storage_looked_at,
    },
    Definition {
        id: "gone-with-the-number",
        en: &["what came into the storage with the number is gone again"],
        sv: &["(att )det som kom in i lagringen med numret är borta igen"],
        doc_en: "What the second look has and the first has not, except what the service shows, is there no more.",
        doc_sv: "Det som andra granskningen har men inte den första, utom det som tjänsten visar, finns inte mer.",
        play: gone_with_the_number,
    },
];

fn number_not_stored<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let dumps = dump(world).await?;
        in_none(world, role, &dumps)
    })
}

fn nothing_kept<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        if world.setting().policy.keep_rejected_evidence {
            return Err(Stop::NotApplicable(
                "the target declares that it keeps what a rejected person left (keep_rejected_evidence = true)"
                    .to_owned(),
            ));
        }
        world.settled().await?;
        let dumps = dump(world).await?;
        in_none(world, role, &dumps)?;
        // Others may have the same name: only what belongs to this scenario counts.
        let (scanner, marks) = (world.scanner(Some(role)), world.marks());
        let name = world.person(role)?.full_name();
        if world.cast.iter().any(|(other, person)| other != role && person.full_name() == name) {
            return Ok(());
        }
        for one in &dumps {
            let mut records = one.content.split(|byte| *byte == b'\n');
            let is_ours = |record: &&[u8]| {
                let text = String::from_utf8_lossy(record);
                marks.iter().any(|mark| text.contains(mark.as_str()))
            };
            if records.any(|record| is_ours(&record) && !scanner.scan_names(record).is_empty()) {
                return Err(Stop::never(
                    format!("the storage (`{}`) holds the name of {role}", mask(&one.name)),
                    "nothing is kept of whoever came by mistake",
                ));
            }
        }
        Ok(())
    })
}

fn storage_looked_at<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        world.settled().await?;
        let dumps = dump(world).await?;
        world.outward.dumps.push(dumps);
        Ok(())
    })
}

fn gone_with_the_number<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let [before, with] = world.outward.dumps.as_slice() else {
            return Err(Stop::Harness(
                "the storage has to be looked at twice, before and after the binding".to_owned(),
            ));
        };
        let (before, with) = (tokens(before), tokens(with));
        world.settled().await?;
        for agreement in &world.agreements {
            if world.setting().features.contains("events") {
                let events = Op::ListEvents(AgreementRef { agreement_ref: agreement.reference.clone() });
                world.must(events).await?;
            }
        }
        // Ids and links are no secret, and stay.
        let shown: String = world.shown().iter().map(|one| String::from_utf8_lossy(&one.bytes).into_owned()).collect();
        let came: BTreeSet<&String> =
            with.difference(&before).filter(|token| !shown.contains(token.as_str())).collect();
        if came.is_empty() {
            return Err(Stop::NotObservable(
                "nothing that could be recognised came into the storage with the number".to_owned(),
            ));
        }
        let now = tokens(&dump(world).await?);
        let left = came.iter().filter(|token| now.contains(token.as_str())).count();
        if left == 0 {
            Ok(())
        } else {
            Err(Stop::never(
                format!(
                    "{left} of the {} values that came into the storage with the number are still there",
                    came.len()
                ),
                "with the check, what was kept for it goes",
            ))
        }
    })
}

/// Everything stored.
async fn dump(world: &World) -> Result<Vec<Dump>, Stop> {
    match world.must(Op::DumpStorage).await? {
        Reply::Dump(dumps) => Ok(dumps),
        Reply::Done => Err(Stop::NotObservable("the target does not show its storage".to_owned())),
        other @ (Reply::Agreement(_)
        | Reply::Case(_)
        | Reply::Delivered { .. }
        | Reply::Events(_)
        | Reply::Participant(_)
        | Reply::Signature(_)
        | Reply::Started(_)
        | Reply::Welcome(_)) => Err(Stop::Harness(format!("dump_storage was answered with {other:?}"))),
    }
}

fn in_none(world: &World, role: &str, dumps: &[Dump]) -> Result<(), Stop> {
    let scanner = world.scanner(Some(role));
    for one in dumps {
        if let Some(leak) = scanner.scan(&one.content).first() {
            return Err(Stop::never(
                format!("the storage (`{}`) holds {leak}", mask(&one.name)),
                "neither the number nor what anybody can compute from it",
            ));
        }
    }
    Ok(())
}

/// Everything that looks like an id, a key or a digest.
fn tokens(dumps: &[Dump]) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c);
    let texts = dumps.iter().map(|one| String::from_utf8_lossy(&one.content));
    let words = texts.flat_map(|text| text.split(|c| !is_part(c)).map(str::to_owned).collect::<Vec<_>>());
    words.filter(|word| word.len() >= SHORTEST_TOKEN).collect()
}

/// In characters: 96 bits of base64.
const SHORTEST_TOKEN: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_words_of_the_alphabets_of_digests() {
        let content = br#"{"id":"p-1","digest":"q83vEjRWeJq83vEjRWeJqw==","at":"2026-01-02T03:04:05Z"}"#.to_vec();
        let found = tokens(&[Dump { name: "t".to_owned(), content }]);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["q83vEjRWeJq83vEjRWeJqw=="]);
    }
}
