use proptest::prelude::*;

use super::*;
use crate::identity::Country;
use crate::reference::model::Role;
use crate::reference::provider::EidMethod;

/// Something that happens, on one of two participants: the first is bound, the second is free.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Activate,
    Begin(Purpose),
    Cancel,
    Open,
    Rebind,
    /// What is shown to the attempt that was begun so many attempts ago.
    Show(usize, Shown),
    Wait,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let shown = prop_oneof![
        Just(Shown::Cancelled),
        Just(Shown::Expired),
        Just(Shown::NoNumber),
        Just(Shown::Other),
        Just(Shown::Pending),
        Just(Shown::ProviderError),
        Just(Shown::Rejected),
        Just(Shown::Same),
        Just(Shown::Same),
    ];
    let deed = prop_oneof![
        2 => Just(Deed::Activate),
        5 => prop_oneof![Just(Purpose::Identify), Just(Purpose::Sign)].prop_map(Deed::Begin),
        1 => Just(Deed::Cancel),
        1 => Just(Deed::Open),
        1 => Just(Deed::Rebind),
        8 => (0..4_usize, shown).prop_map(|(back, shown)| Deed::Show(back, shown)),
        1 => Just(Deed::Wait),
    ];
    prop::collection::vec(deed, 1..60)
}

fn binding(version: u32) -> Binding {
    Binding { country: Country::Se, version, key: String::new(), digest: None, sealed: None, flawed: Vec::new() }
}

fn participant(id: u128, binding: Option<Binding>) -> Participant {
    Participant {
        id: Uuid::from_u128(id),
        role: Role::Signer,
        name: String::new(),
        email: String::new(),
        token: id.to_string(),
        bindings: u32::from(binding.is_some()),
        binding,
        standing: Standing::Pending,
        mismatches: 0,
        attempts: Vec::new(),
        signature: None,
        code: None,
    }
}

fn agreement() -> Agreement {
    Agreement {
        id: Uuid::from_u128(1),
        owner: String::new(),
        title: String::new(),
        trust_level: TrustLevel::Ses,
        success_url: None,
        status: AgreementStatus::Draft,
        round: 0,
        participants: vec![participant(2, Some(binding(1))), participant(3, None)],
        events: Vec::new(),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

fn attempt(agreement: &Agreement, number: u128, purpose: Purpose, now: Timestamp) -> Attempt {
    let participant = &agreement.participants[0];
    Attempt {
        id: Uuid::from_u128(1_000 + number),
        handle: String::new(),
        round: agreement.round,
        binding: participant.binding.as_ref().map_or(0, |b| b.version),
        provider: String::new(),
        method: Method::Eid(EidMethod::SeBid),
        purpose,
        session: Some(number.to_string()),
        memory: String::new(),
        onward: None,
        started_at: now,
        expires_at: now + jiff::SignedDuration::from_mins(10),
        outcome: Outcome::Open,
        closed_at: None,
        typed_fits: None,
    }
}

/// Plays the deeds, twice each where `twice`, and checks the invariants after each.
fn play(rules: &Rules, deeds: &[Deed], twice: bool) -> Agreement {
    let mut agreement = agreement();
    let id = agreement.participants[0].id;
    let other = agreement.participants[1].clone();
    let mut now = Timestamp::UNIX_EPOCH;
    for (number, deed) in deeds.iter().enumerate() {
        now += jiff::SignedDuration::from_secs(1);
        match *deed {
            Deed::Activate => drop(agreement.activate(rules, now)),
            Deed::Begin(purpose) => {
                let attempt = attempt(&agreement, number as u128, purpose, now);
                drop(agreement.begin(rules, id, attempt, now));
            }
            Deed::Cancel => agreement.cancel(rules, now),
            Deed::Open => drop(agreement.open(rules, now)),
            Deed::Rebind if agreement.is_changeable() => {
                let version = agreement.participants[0].bindings + 1;
                agreement.rebind(rules, id, Some(binding(version)), now);
            }
            Deed::Rebind => {}
            Deed::Show(back, shown) => {
                let attempts = &agreement.participants[0].attempts;
                let of = attempts.iter().rev().nth(back).map(|attempt| attempt.id);
                for _ in 0..=usize::from(twice) {
                    if let Some(of) = of {
                        agreement.show(rules, id, of, shown, &Source::default(), now);
                    }
                }
            }
            Deed::Wait => now += jiff::SignedDuration::from_mins(11),
        }
        check(rules, &agreement);
        assert_eq!(agreement.participants[1], other, "what happens to one is nothing to the other");
    }
    agreement
}

fn check(rules: &Rules, agreement: &Agreement) {
    let bound = &agreement.participants[0];
    let version = bound.binding.as_ref().map_or(0, |b| b.version);
    let current = |a: &&Attempt| {
        a.outcome == Outcome::Matched
            && a.purpose == Purpose::Identify
            && a.binding == version
            && (a.round == agreement.round || rules.is(Variant::KeepsOnReopen))
    };
    if bound.standing == Standing::Passed {
        assert!(bound.attempts.iter().any(|a| current(&&a.clone())), "passed without a current match: {bound:?}");
    }
    if bound.signature.is_some() {
        assert_eq!(bound.standing, Standing::Passed, "signed without a pass");
    }
    if agreement.status == AgreementStatus::Fulfilled {
        assert!(bound.signature.is_some() && agreement.participants[1].signature.is_some());
    }
    let open = bound.attempts.iter().filter(|a| a.outcome == Outcome::Open).count();
    assert!(open <= 1 || rules.is(Variant::FirstWins), "several open attempts");
    let mut verdicts = 0;
    for event in &agreement.events {
        match event.event.as_str() {
            "agreement.lifecycle.pending" => verdicts = 0,
            PASSED | FAILED => verdicts += 1,
            _ => {}
        }
        assert!(verdicts <= rules.tries(), "more verdicts in a round than tries");
    }
    assert!(agreement.events.windows(2).all(|pair| pair[0].at <= pair[1].at), "time runs backwards");
}

fn designs() -> impl Strategy<Value = Rules> {
    let variants = prop_oneof![
        Just(Vec::new()),
        Just(vec![Variant::CancelledCountsAsFailed]),
        Just(vec![Variant::FirstWins]),
        Just(vec![Variant::KeepsOnReopen]),
        Just(vec![Variant::OneStep]),
        Just(vec![Variant::ThreeTries]),
    ];
    variants.prop_map(|variants| Rules { variants, ..Rules::default() })
}

proptest! {
    #[test]
    fn the_invariants_hold_whatever_happens(rules in designs(), deeds in deeds()) {
        play(&rules, &deeds, false);
    }

    #[test]
    fn everything_twice_is_everything_once(rules in designs(), deeds in deeds()) {
        prop_assert_eq!(play(&rules, &deeds, false), play(&rules, &deeds, true));
    }
}

#[test]
fn only_the_same_person_passes() {
    for (shown, outcome, standing) in [
        (Shown::Same, Outcome::Matched, Standing::Passed),
        (Shown::Other, Outcome::Mismatched, Standing::Failed),
        (Shown::NoNumber, Outcome::Inconclusive, Standing::Pending),
        (Shown::Cancelled, Outcome::Cancelled, Standing::Pending),
        (Shown::Expired, Outcome::Expired, Standing::Pending),
        (Shown::ProviderError, Outcome::ProviderError, Standing::Pending),
        (Shown::Rejected, Outcome::EvidenceRejected, Standing::Pending),
        (Shown::Pending, Outcome::Open, Standing::Pending),
    ] {
        let deeds = [Deed::Activate, Deed::Begin(Purpose::Identify), Deed::Show(0, shown)];
        let after = play(&Rules::default(), &deeds, false);
        let bound = &after.participants[0];
        assert_eq!((bound.attempts[0].outcome, bound.standing), (outcome, standing), "{shown:?}");
        // The end is the end, whatever comes later.
        let late = [&deeds[..], &[Deed::Show(0, Shown::Same), Deed::Show(0, Shown::Other)]].concat();
        let late = play(&Rules::default(), &late, false);
        if shown != Shown::Pending {
            assert_eq!(late.participants[0].standing, standing, "{shown:?}");
        }
    }
}

#[test]
fn an_old_attempt_counts_only_by_a_flaw() {
    let begin = Deed::Begin(Purpose::Identify);
    let cases = [
        (Flaw::SupersededCounts, vec![Deed::Activate, begin, begin, Deed::Show(1, Shown::Same)]),
        (Flaw::IgnoresExpiry, vec![Deed::Activate, begin, Deed::Wait, Deed::Show(0, Shown::Same)]),
        (Flaw::CountsAfterCancel, vec![Deed::Activate, begin, Deed::Cancel, Deed::Show(0, Shown::Same)]),
        (
            Flaw::KeepsAttemptsAcrossRounds,
            vec![Deed::Activate, begin, Deed::Open, Deed::Rebind, Deed::Activate, Deed::Show(0, Shown::Same)],
        ),
    ];
    for (flaw, deeds) in cases {
        assert_eq!(play(&Rules::default(), &deeds, false).participants[0].standing, Standing::Pending, "{flaw}");
        let rules = Rules { flaws: [flaw].into_iter().collect(), ..Rules::default() };
        let mut agreement = agreement();
        let (id, now) = (agreement.participants[0].id, Timestamp::UNIX_EPOCH);
        let mut first = None;
        for deed in deeds {
            match deed {
                Deed::Activate => agreement.activate(&rules, now).unwrap(),
                Deed::Begin(purpose) => {
                    let number = agreement.participants[0].attempts.len() as u128;
                    let attempt = attempt(&agreement, number, purpose, now);
                    first.get_or_insert(attempt.id);
                    agreement.begin(&rules, id, attempt, now).unwrap();
                }
                Deed::Cancel => agreement.cancel(&rules, now),
                Deed::Open => agreement.open(&rules, now).unwrap(),
                Deed::Rebind => agreement.rebind(&rules, id, Some(binding(2)), now),
                Deed::Show(_, shown) => {
                    let late = now + jiff::SignedDuration::from_mins(if flaw == Flaw::IgnoresExpiry { 11 } else { 0 });
                    agreement.show(&rules, id, first.unwrap(), shown, &Source::default(), late);
                }
                Deed::Wait => {}
            }
        }
        assert_eq!(agreement.participants[0].standing, Standing::Passed, "{flaw}");
    }
}
