//! What the identity check says, eventually and never.

use super::super::values::Args;
use super::super::{Stop, World};
use super::{Definition, Step};
use crate::target::{Failed, Op, Reply, Status};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "is-status",
        en: &["the identity check of {person} is {status}"],
        sv: &[
            "(att )är {persons} identitetskontroll {status}",
            "(att ){persons} identitetskontroll är {status}",
            "(att )väntar {persons} identitetskontroll",
            "(att ){persons} identitetskontroll väntar",
        ],
        doc_en: "Within the settle time; pending has to stay so. After a report, pending means what the policy says for it.",
        doc_sv: "Inom sättningstiden; väntande måste förbli så. Efter ett leverantörsbesked betyder väntande det som policyn säger.",
        play: is_status,
    },
    Definition {
        id: "is-still-status",
        en: &["the identity check of {person} is still {status}"],
        sv: &[
            "(att )är {persons} identitetskontroll fortfarande {status}",
            "(att )väntar {persons} identitetskontroll fortfarande",
            "(att ){persons} identitetskontroll väntar fortfarande",
        ],
        doc_en: "Exactly that, and nothing else since the last thing that happened.",
        doc_sv: "Precis det, och inget annat sedan det senaste som hände.",
        play: is_still_status,
    },
    Definition {
        id: "is-not-status",
        en: &["the identity check of {person} is not {status}"],
        sv: &["(att )är {persons} identitetskontroll inte {status}"],
        doc_en: "No look until the service is idle shows it.",
        doc_sv: "Ingen observation tills tjänsten är klar visar det.",
        play: is_not_status,
    },
    Definition {
        id: "never-was",
        en: &["it never was {status}"],
        sv: &["(att )den har aldrig varit {status}"],
        doc_en: "In everything seen of the person named last.",
        doc_sv: "I allt som setts av den som nämndes sist.",
        play: never_was,
    },
    Definition {
        id: "never-changed",
        en: &["it never changed once it was decided"],
        sv: &["(att )den ändrades aldrig sedan den var avgjord"],
        doc_en: "After the first passed or failed nothing else was seen.",
        doc_sv: "Efter första godkänd eller underkänd sågs inget annat.",
        play: never_changed,
    },
    Definition {
        id: "known-statuses",
        en: &["every status seen was pending, passed or failed"],
        sv: &["(att )varje status som syntes var väntande, godkänd eller underkänd"],
        doc_en: "No other word for an enabled check.",
        doc_sv: "Inget annat ord för en påslagen kontroll.",
        play: known_statuses,
    },
    Definition {
        id: "checks-hold",
        en: &["these identity checks hold"],
        sv: &["(att )de här identitetskontrollerna gäller"],
        doc_en: "A table: person, status.",
        doc_sv: "En tabell: person, status.",
        play: checks_hold,
    },
    Definition {
        id: "check-is-on",
        en: &["the identity check of {person} is on"],
        sv: &["(att )är {persons} identitetskontroll påslagen"],
        doc_en: "It was asked for, and it is there.",
        doc_sv: "Den begärdes, och den finns.",
        play: check_is_on,
    },
    Definition {
        id: "check-is-off",
        en: &["the identity check of {person} is off"],
        sv: &["(att )är {persons} identitetskontroll avstängd"],
        doc_en: "There is no check.",
        doc_sv: "Det finns ingen kontroll.",
        play: check_is_off,
    },
    Definition {
        id: "check-names-method",
        en: &["the identity check of {person} names its method"],
        sv: &["(att )anger {persons} identitetskontroll sin metod"],
        doc_en: "How the identity is enforced can be read.",
        doc_sv: "Det går att läsa hur identiteten kontrolleras.",
        play: check_names_method,
    },
    Definition {
        id: "follows-tries",
        en: &["the identity check of {person} follows the declared number of tries"],
        sv: &["(att )följer {persons} identitetskontroll det angivna antalet försök"],
        doc_en: "After one mismatch and then the right person.",
        doc_sv: "Efter en felaktig person och sedan den rätta.",
        play: follows_tries,
    },
];

fn is_status<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move { holds(world, args.person(0)?, args.status(1).unwrap_or(Status::Pending)).await })
}

fn is_still_status<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, expected) = (args.person(0)?.to_owned(), args.status(1).unwrap_or(Status::Pending));
        let expected = if args.values.len() > 1 { expected } else { expectation(world, &role, expected) };
        stays(world, &role, expected).await
    })
}

fn is_not_status<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, unwanted) = (args.person(0)?.to_owned(), args.status(1)?);
        world.named = Some(role.clone());
        let (seen, bad) = world.look_throughout(&role, |sample| sample.status == Some(unwanted)).await?;
        if !bad {
            return Ok(());
        }
        let (actual, expected) = (is_now(&role, seen.status), format!("it should not be {}", word(Some(unwanted))));
        Err(if unwanted == Status::Passed { Stop::never(actual, expected) } else { Stop::equals(actual, expected) })
    })
}

fn never_was<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let unwanted = args.status(0)?;
        let role = world.spoken_of()?;
        let (_, bad) = world.look_throughout(&role, |sample| sample.status == Some(unwanted)).await?;
        let earlier = world.samples.iter().find(|sample| sample.role == role && sample.status == Some(unwanted));
        match earlier {
            Some(sample) => Err(Stop::never(
                format!(
                    "the identity check of {role} was {} after {:.1} s",
                    word(Some(unwanted)),
                    sample.at.as_secs_f64()
                ),
                format!("it should never have been {}", word(Some(unwanted))),
            )),
            None if bad => Err(Stop::Harness("a look was lost".to_owned())),
            None => Ok(()),
        }
    })
}

fn never_changed<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = world.spoken_of()?;
        world.look_throughout(&role, |_| false).await?;
        let decided =
            |sample: &&super::super::world::Sample| matches!(sample.status, Some(Status::Passed | Status::Failed));
        let mut own = world.samples.iter().filter(|sample| sample.role == role).skip_while(|sample| !decided(sample));
        let Some(first) = own.next() else { return Ok(()) };
        match own.find(|sample| sample.status != first.status) {
            None => Ok(()),
            Some(other) => Err(Stop::never(
                format!("the identity check of {role} was {} and then {}", word(first.status), word(other.status)),
                "an outcome stays",
            )),
        }
    })
}

fn known_statuses<'a>(world: &'a mut World, _: &'a Args) -> Step<'a> {
    Box::pin(async move {
        match world.samples.iter().find(|sample| sample.enabled && sample.status == Some(Status::None)) {
            None => Ok(()),
            Some(sample) => Err(Stop::equals(
                format!("the identity check of {} is on and has no status", sample.role),
                "it is pending, passed or failed",
            )),
        }
    })
}

fn checks_hold<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        for row in args.table.iter().skip(1) {
            let [role, status, ..] = row.as_slice() else { continue };
            let status = match status.as_str() {
                "passed" | "godkänd" => Status::Passed,
                "failed" | "underkänd" => Status::Failed,
                "pending" | "väntande" => Status::Pending,
                other => return Err(Stop::Harness(format!("unknown status `{other}` in the table"))),
            };
            holds(world, role, status).await?;
        }
        Ok(())
    })
}

fn check_is_on<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let (seen, on) = world.look_until(role, |sample| sample.enabled).await?;
        if on {
            Ok(())
        } else {
            Err(Stop::never(
                format!("{role} has no identity check ({})", word(seen.status)),
                "the identity check that was asked for is on",
            ))
        }
    })
}

fn check_is_off<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let (seen, off) = world.look_until(role, |sample| !sample.enabled).await?;
        if off { Ok(()) } else { Err(Stop::equals(is_now(role, seen.status), "there is no identity check")) }
    })
}

fn check_names_method<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let place = world.place(role)?;
        match world.must(Op::GetParticipant(place)).await? {
            Reply::Participant(seen) => match seen.enforcement.method.as_deref() {
                Some("none") | Some("") => {
                    Err(Stop::equals("the identity check names no method", "the method by which it is enforced"))
                }
                Some(_) => Ok(()),
                None => Err(Stop::NotApplicable("the target does not tell the method of a check".to_owned())),
            },
            other @ (Reply::Agreement(_)
            | Reply::Case(_)
            | Reply::Delivered { .. }
            | Reply::Done
            | Reply::Dump(_)
            | Reply::Events(_)
            | Reply::Signature(_)
            | Reply::Started(_)
            | Reply::Welcome(_)) => Err(Stop::Harness(format!("get_participant was answered with {other:?}"))),
        }
    })
}

fn follows_tries<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?.to_owned();
        let expected = match world.setting().policy.failed {
            Failed::Tries(tries) if tries >= 2 => Status::Passed,
            Failed::Unlimited => Status::Passed,
            Failed::Terminal | Failed::Tries(_) => Status::Failed,
        };
        let (seen, good) = if expected == Status::Passed {
            world.look_until(&role, |sample| sample.status == Some(expected)).await?
        } else {
            let (seen, bad) = world.look_throughout(&role, |sample| sample.status == Some(Status::Passed)).await?;
            (seen, !bad)
        };
        judge(&role, seen.status, expected, good)
    })
}

/// That a check stands somewhere, with what the policy makes of it.
pub(super) async fn holds(world: &mut World, role: &str, written: Status) -> Result<(), Stop> {
    let expected = expectation(world, role, written);
    if expected == Status::Pending {
        return stays(world, role, expected).await;
    }
    world.named = Some(role.to_owned());
    let wrong =
        |sample: &super::super::world::Sample| expected != Status::Passed && sample.status == Some(Status::Passed);
    let (seen, _) = world.look_until(role, |sample| sample.status == Some(expected) || wrong(sample)).await?;
    judge(role, seen.status, expected, seen.status == Some(expected))
}

/// That a check stays where it is until the service is idle.
async fn stays(world: &mut World, role: &str, expected: Status) -> Result<(), Stop> {
    world.named = Some(role.to_owned());
    let (seen, bad) = world.look_throughout(role, |sample| sample.status != Some(expected)).await?;
    judge(role, seen.status, expected, !bad)
}

/// What the policy makes of the words of a feature: a report of a class has its own row. A mismatch is failed everywhere, also where another
/// attempt may decide anew.
fn expectation(world: &World, role: &str, written: Status) -> Status {
    use super::super::reports::Class;
    let policy = &world.setting().policy;
    match (written, world.classes.get(role)) {
        (Status::Pending, Some(class)) if !matches!(class, Class::Match | Class::Mismatch) => class.expected(policy),
        (Status::Passed, _) if world.locked.contains(role) => Status::Failed,
        // Somebody else, of whom the provider shows no number.
        (Status::Failed, Some(class @ Class::NoNumber)) => class.expected(policy),
        (written, _) => written,
    }
}

/// A pass that must not be breaks what holds for everybody; any other difference breaks what the policy lets expect.
fn judge(role: &str, actual: Option<Status>, expected: Status, good: bool) -> Result<(), Stop> {
    if good {
        return Ok(());
    }
    let (seen, wanted) = (is_now(role, actual), format!("it should be {}", word(Some(expected))));
    Err(if actual == Some(Status::Passed) { Stop::never(seen, wanted) } else { Stop::equals(seen, wanted) })
}

fn is_now(role: &str, status: Option<Status>) -> String {
    format!("the identity check of {role} is {}", word(status))
}

pub(super) const fn word(status: Option<Status>) -> &'static str {
    match status {
        Some(Status::Failed) => "failed",
        Some(Status::None) => "off",
        Some(Status::Passed) => "passed",
        Some(Status::Pending) => "pending",
        None => "gone",
    }
}
