//! Everything that happens at the same moment: prepared first, then let go together.

use futures::future::join_all;

use super::super::starting::Wish;
use super::super::values::Args;
use super::super::world::{Answer, refusal};
use super::super::{Control, Stop, World};
use super::{Definition, Step};
use crate::target::{Actor, AgreementRef, Op, OpName, Reply, TargetError};

pub(super) const STEPS: &[Definition] = &[
    Definition {
        id: "identify-together",
        en: &["these people identify at the same moment"],
        sv: &["(att )de här personerna legitimerar sig i samma ögonblick"],
        doc_en: "A table: person, as. All are at the provider; then all authenticate and come back together.",
        doc_sv: "En tabell: person, som. Alla är hos leverantören; sedan legitimerar sig alla och kommer tillbaka samtidigt.",
        play: identify_together,
    },
    Definition {
        id: "attempts-finish-together",
        en: &["both attempts of {person} finish at the same moment, the earlier as {person} and the later as {person}"],
        sv: &[
            "(att )båda {persons} försök avslutas i samma ögonblick, det tidigare som {person} och det senare som {person}",
        ],
        doc_en: "Two open attempts in one place end together.",
        doc_sv: "Två öppna försök på samma plats avslutas samtidigt.",
        play: attempts_finish_together,
    },
    Definition {
        id: "starts-together",
        en: &["{person} starts identifying {int} times at the same moment"],
        sv: &["(att ){person} börjar legitimera sig {int} gånger i samma ögonblick"],
        doc_en: "So many starts together, of which one at least succeeds; then the person finishes each that began.",
        doc_sv: "Så många starter samtidigt, av vilka minst en lyckas; sedan avslutar personen alla som började.",
        play: starts_together,
    },
    Definition {
        id: "sends-and-binds",
        en: &["the sender sends the agreement and binds {person} to {persons} number at the same moment"],
        sv: &["(att )avsändaren skickar avtalet och knyter {person} till {persons} personnummer i samma ögonblick"],
        doc_en: "Sending and another number, together; the answer to the number is remembered.",
        doc_sv: "Utskicket och ett annat nummer samtidigt; svaret på numret minns vi.",
        play: sends_and_binds,
    },
    Definition {
        id: "sends-and-adds",
        en: &["the sender sends the agreement and adds {person} at the same moment"],
        sv: &["(att )avsändaren skickar avtalet och lägger till {person} i samma ögonblick"],
        doc_en: "Sending and another signer, together; the answer to the signer is remembered.",
        doc_sv: "Utskicket och en undertecknare till samtidigt; svaret på undertecknaren minns vi.",
        play: sends_and_adds,
    },
    Definition {
        id: "restart-while-waiting",
        en: &["the service restarts while it waits for the provider to say who {person} is"],
        sv: &["(att )tjänsten startas om medan den väntar på att leverantören ska säga vem {person} är"],
        doc_en: "The provider holds its answer until the service has been ended and started again.",
        doc_sv: "Leverantören håller inne sitt svar tills tjänsten har avslutats och startats igen.",
        play: restart_while_waiting,
    },
];

fn identify_together<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let mut ends = Vec::new();
        for row in args.table.iter().skip(1) {
            let [role, bearer, ..] = row.as_slice() else {
                return Err(Stop::Harness("the table needs two columns: person, as".to_owned()));
            };
            let begun = world.start(role, role, None, None).await?;
            let attempt =
                begun.map_err(|why| Stop::error(format!("the start of {role}'s attempt was refused: {why}")))?;
            world.open(attempt).await?;
            ends.push((attempt, bearer.clone()));
        }
        finish_together(world, &ends).await
    })
}

fn attempts_finish_together<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let (earlier, later) = (world.open_attempt(role, true)?, world.open_attempt(role, false)?);
        if earlier == later {
            return Err(Stop::error(format!("{role} has only one open attempt")));
        }
        finish_together(world, &[(earlier, args.person(1)?.to_owned()), (later, args.person(2)?.to_owned())]).await
    })
}

fn starts_together<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let times = usize::try_from(args.int(1)?).unwrap_or(MOST_STARTS).min(MOST_STARTS);
        let begun = world.start_at_once(role, role, Wish::default(), times).await?;
        let started: Vec<usize> = begun.iter().filter_map(|begun| begun.as_ref().ok().copied()).collect();
        if started.is_empty() {
            let why = begun.into_iter().find_map(Result::err).unwrap_or_default();
            return Err(Stop::error(format!("none of {times} starts of {role} succeeded: {why}")));
        }
        let person = world.person(role)?;
        for attempt in started {
            world.open(attempt).await?;
            let back = world.confirmed_and_back(world.attempt(attempt)?, &person).await?;
            world.finished(attempt, role, back);
        }
        Ok(())
    })
}

fn sends_and_binds<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let (role, to) = (args.person(0)?, args.person(1)?);
        let update = Op::UpdateParticipant(super::sender::binding(world, role, to)?);
        if together(world, update).await?.is_some() {
            world.rebound(role, Some(to));
        }
        Ok(())
    })
}

fn sends_and_adds<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let asked = world.asking(role, Some(role), None)?;
        match together(world, Op::AddParticipant(asked.clone())).await? {
            Some(Reply::Participant(made)) => world.placed(role, Some(role), asked, Some(made)),
            Some(_) => world.placed(role, Some(role), asked, None),
            None => Ok(()),
        }
    })
}

fn restart_while_waiting<'a>(world: &'a mut World, args: &'a Args) -> Step<'a> {
    Box::pin(async move {
        let role = args.person(0)?;
        let attempt = world.open_attempt(role, false)?;
        world.restart_while_waiting(attempt, role).await
    })
}

/// All authenticate and come back together, their notifications with them.
async fn finish_together(world: &mut World, ends: &[(usize, String)]) -> Result<(), Stop> {
    let mut prepared = Vec::new();
    for (attempt, bearer) in ends {
        prepared.push((world.attempt(*attempt)?.clone(), world.person(bearer)?));
    }
    let own: &World = world;
    let backs = join_all(prepared.iter().map(|(attempt, person)| own.confirmed_and_back(attempt, person))).await;
    for ((attempt, bearer), back) in ends.iter().zip(backs) {
        world.finished(*attempt, bearer, back?);
    }
    Ok(())
}

/// Sends the agreement, and asks for something else at the same moment, whose answer is remembered.
async fn together(world: &mut World, op: Op) -> Result<Option<Reply>, Stop> {
    world.needs_stepwise()?;
    let agreement: AgreementRef = world.agreement_ref()?;
    let name = op.name();
    let (sent, answer) =
        tokio::join!(world.call(Op::ActivateAgreement(agreement), None, None), world.call(op, None, None));
    world.happened();
    match sent {
        Ok(_) => {
            world.succeeded(OpName::ActivateAgreement, Actor::Sender, "");
            world.agreement()?.sent = true;
        }
        Err(TargetError::Rejected { .. } | TargetError::Conflict { .. }) => {}
        Err(error) => return Err(Stop::of("send the agreement", &error)),
    }
    let control = Control::new(name, Actor::Sender, "");
    match answer {
        Ok(reply) => {
            world.accepted(name, "");
            Ok(Some(reply))
        }
        Err(error) => {
            let refused = refusal(&error, false).ok_or_else(|| Stop::of("ask for it at the same moment", &error))?;
            world.answer = Some(Answer { control, refused: Some(refused), kept_out: false });
            Ok(None)
        }
    }
}

/// More than anybody's patience.
const MOST_STARTS: usize = 20;
