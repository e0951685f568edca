//! The laws of judging.

use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;

use super::sample::{all_core, check, concluded, run};
use super::*;
use crate::conformance::known::Known;
use crate::conformance::result::Enforces;
use crate::conformance::stop::Stop;
use crate::conformance::{Finished, Selection, Source, preflight};
use crate::target::{EvidenceKind, IdTokenSignature, NumberToProvider, Policy, Setup, Sign};

fn deviation(requirement: &str, country: Option<&str>) -> Deviation {
    Deviation {
        requirement: requirement.to_owned(),
        country: country.map(str::to_owned),
        does: "compares birth date and name".to_owned(),
        reason: "the provider gives no number".to_owned(),
        owner: "Risk".to_owned(),
        review: date(2027, 1, 1),
    }
}

fn played(requirements: &[&str], outcome: Ended) -> Played {
    Played {
        slug: "somebody-else".to_owned(),
        provider: ProviderName::ZignsecV2,
        country: "SE".to_owned(),
        requirements: requirements.iter().map(|&id| id.to_owned()).collect(),
        relies_on: Vec::new(),
        outcome,
    }
}

fn broken(part: Part, inferred: bool) -> Ended {
    Ended::Broken { part, inferred, because: "it was passed".to_owned() }
}

/// Judges with a declaration of choice.
fn judged<T>(
    policy: &Policy,
    has: &dyn Fn(&str) -> bool,
    deviations: &[Deviation],
    with: impl FnOnce(&Judge<'_>) -> T,
) -> T {
    let (catalogue, controls) =
        (Catalogue::bundled(), BTreeSet::from(["attempt signature by the person (eid)".to_owned()]));
    let declared = Declared { policy, sign: Sign::SeparateCall, setup: Setup::Stepwise, has };
    with(&Judge { catalogue: &catalogue, declared, deviations, controls: &controls })
}

fn verdicts(deviations: &[Deviation], played: &Played) -> Vec<Verdict> {
    judged(&Policy::default(), &|_| true, deviations, |judge| {
        judge.checks(played).into_iter().map(|c| c.verdict).collect()
    })
}

#[test]
fn the_level_of_the_part_that_spoke_decides() {
    let of = |id, part| verdicts(&[], &played(&[id], broken(part, false)))[0];
    assert_eq!(of("XCK-002", Part::Never), Verdict::Fail);
    assert_eq!(of("PRV-018", Part::Equals), Verdict::Warn);
    assert_eq!(of("BLK-009", Part::Equals), Verdict::Pass);
    // A forged webhook may be answered with success, as long as it has no effect.
    assert_eq!((of("WHK-001", Part::Equals), of("WHK-001", Part::Never)), (Verdict::Warn, Verdict::Fail));
}

#[test]
fn what_nobody_documented_warns_unless_it_must_never_be() {
    let of = |part| verdicts(&[], &played(&["XCK-002"], broken(part, true)))[0];
    assert_eq!((of(Part::Equals), of(Part::Never)), (Verdict::Warn, Verdict::Fail));
}

#[test]
fn a_refusal_counts_only_with_its_control() {
    let mut refused = played(&["BLK-001"], Ended::Held);
    refused.relies_on = vec!["attempt signature by the person (eid)".to_owned()];
    assert_eq!(verdicts(&[], &refused), [Verdict::Pass]);
    refused.relies_on = vec!["attempt signature by the person (weak)".to_owned()];
    assert_eq!(verdicts(&[], &refused), [Verdict::Error]);
}

#[test]
fn a_deviation_counts_for_its_requirement_and_its_country_only() {
    let norwegian = [deviation("ENF-xck-016", Some("NO"))];
    let mut scenario = played(&["XCK-016", "OUT-014"], broken(Part::Never, false));
    assert_eq!(verdicts(&norwegian, &scenario), [Verdict::Fail, Verdict::Fail]);
    scenario.country = "NO".to_owned();
    assert_eq!(verdicts(&norwegian, &scenario), [Verdict::Deviation, Verdict::Fail]);
}

#[test]
fn a_deviation_that_cannot_be_is_named() {
    let deviations = [deviation("SES-003", None), deviation("XCK-002", None), deviation("XCK-0016", None)];
    let found = judged(&Policy::default(), &|_| true, &deviations, |judge| judge.impossible_deviations());
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert!(found[0].starts_with("`SES-003` decides"), "{found:?}");
    assert_eq!(found[1], "a deviation from nothing: there is no requirement `XCK-0016`; did you mean `XCK-016`?");
    assert_eq!(found.len(), 2);
}

#[test]
fn a_scenario_without_a_requirement_is_one_check_by_its_own_name() {
    let of = |ids: &[&str]| {
        judged(&Policy::default(), &|_| true, &[], |judge| judge.checks(&played(ids, broken(Part::Equals, false))))
    };
    let unnamed = of(&[]);
    assert_eq!((unnamed[0].requirement.as_str(), unnamed[0].verdict), ("somebody-else", Verdict::Fail));
    assert_eq!(of(&["XCK-002", "xck-002", "KYC-12"]).len(), 2);
}

#[test]
fn what_is_taken_out_is_not_judged_and_our_own_failure_always_shows() {
    let without = |has: &dyn Fn(&str) -> bool, outcome: Ended| -> Vec<Verdict> {
        let scenario = played(&["WHK-001", "XCK-002"], outcome);
        let checks = judged(&Policy::default(), has, &[], |judge| judge.checks(&scenario));
        checks.into_iter().map(|check| check.verdict).collect()
    };
    assert_eq!(without(&|f| f != "webhook-in", Ended::Held), [Verdict::NotApplicable, Verdict::Pass]);
    assert_eq!(without(&|_| false, Ended::Panicked("x".to_owned())), [Verdict::HarnessError; 2]);
}

#[test]
fn the_headline_is_yes_only_when_every_core_requirement_was_shown() {
    assert_eq!(concluded(run(all_core())).headline.enforces, Enforces::Yes);
    for left_out in 0..all_core().len() {
        let mut checks = all_core();
        let removed = checks.remove(left_out);
        let headline = concluded(run(checks)).headline;
        let row = headline.core.iter().find(|row| row.requirement == removed.requirement).unwrap();
        if row.verdict == Verdict::NotApplicable {
            assert_eq!(headline.enforces, Enforces::Yes, "{row:?}");
        } else {
            assert_eq!((row.verdict, headline.enforces), (Verdict::NotTested, Enforces::NotShown), "{row:?}");
        }
    }
    assert_eq!(concluded(run(Vec::new())).headline.enforces, Enforces::NotShown);
}

#[test]
fn the_worst_of_the_never_parts_decides() {
    let with = |verdict, part| {
        let (mut first, mut last) = (all_core(), all_core());
        first.insert(0, check("XCK-003", verdict, part));
        last.push(check("XCK-003", verdict, part));
        let enforces = concluded(run(last)).headline.enforces;
        assert_eq!(concluded(run(first)).headline.enforces, enforces, "the order of checks decides nothing");
        enforces
    };
    assert_eq!(with(Verdict::Fail, Some(Part::Never)), Enforces::No);
    // It was not the forbidden thing, but the scenario ended before it could look for it.
    assert_eq!(with(Verdict::Fail, Some(Part::Equals)), Enforces::NotShown);
    assert_eq!(with(Verdict::Warn, Some(Part::Equals)), Enforces::Yes);
    assert_eq!(with(Verdict::Warn, None), Enforces::Yes);
    assert_eq!(with(Verdict::Error, None), Enforces::NotShown);
    assert_eq!(with(Verdict::NotObservable, None), Enforces::NotShown);
    assert_eq!(with(Verdict::Manual, None), Enforces::NotShown);
    assert_eq!(with(Verdict::NotApplicable, None), Enforces::Yes);
    let mut elsewhere = all_core();
    elsewhere.push(check("PRI-001", Verdict::Fail, Some(Part::Never)));
    assert_eq!(concluded(run(elsewhere)).headline.enforces, Enforces::Yes);
}

#[test]
fn a_declaration_says_what_it_took_out() {
    let policy = Policy {
        evidence: vec![EvidenceKind::SignedWebhook],
        number_to_provider: NumberToProvider::Stored,
        ..Policy::default()
    };
    let declarations = judged(&policy, &|feature| feature != "webhook-in" && feature != "log", &[], |judge| {
        judge.declarations(&[ProviderName::ZignsecV2])
    });
    let told: Vec<_> =
        declarations.iter().map(|d| format!("{} {}: {}", d.declared, d.effect, d.removed.join(" "))).collect();
    assert_eq!(
        told,
        [
            "policy.evidence = [\"signed-webhook\"] takes out 2 requirements, none of the core; changes what is expected in 1 \
             requirement: WHK-009 WHK-013",
            "policy.number_to_provider = \"stored\" takes out 2 requirements, none of the core: SES-010 PRI-008",
            "features.log = false hides 1 requirement, none of the core: PRI-006",
            "features.webhook-in = false takes out 11 requirements, 2 of the core: WHK-001 WHK-002 WHK-003 WHK-005 WHK-006 \
             WHK-007 WHK-008 WHK-009 WHK-010 WHK-011 WHK-013",
        ]
    );
}

#[test]
fn a_target_that_declares_nothing_has_nothing_taken_out() {
    assert_eq!(concluded(run(all_core())).declarations, []);
    assert!(concluded(run(all_core())).cannot_show.len() > 3);
}

#[test]
fn what_was_seen_and_not_declared_fails_with_the_line_to_change() {
    let policy = Policy::default();
    let declared = Declared { policy: &policy, sign: Sign::SeparateCall, setup: Setup::Stepwise, has: &|_| true };
    let seen = [
        Observed::BoundNumberSent,
        Observed::BoundNumberSent,
        Observed::Signed,
        Observed::NumberShown("api".to_owned()),
    ];
    let found = Undeclared::among(&seen, &declared);
    assert_eq!(found.len(), 2);
    assert_eq!(
        found[0].to_string(),
        "the target declares `policy.number_to_provider = \"never\"`, but the bound number was sent to the provider; write \
         `policy.number_to_provider = \"stored\"`, or change the service"
    );
    assert_eq!(found[1].instead, "policy.disclosure = [\"api\"]");
    assert_eq!(exit_code(&run(vec![found[0].check()]), true), 1);
}

#[test]
fn of_several_exit_codes_the_worse_reason_counts() {
    let code = |verdicts: &[Verdict], allow| {
        exit_code(&run(verdicts.iter().map(|&verdict| check("PRI-001", verdict, None)).collect()), allow)
    };
    use Verdict::{Deviation, Error, Fail, HarnessError, Manual, NotApplicable, NotTested, Pass, Warn};
    assert_eq!(code(&[Pass, Warn, Manual, NotApplicable], false), 0);
    assert_eq!(code(&[Pass, Fail], false), 1);
    assert_eq!(code(&[Fail, Error], false), 4);
    assert_eq!(code(&[Fail, Error, HarnessError], false), 6);
    assert_eq!((code(&[], false), code(&[NotTested, NotApplicable], false)), (5, 5));
    assert_eq!((code(&[Pass, Deviation], false), code(&[Pass, Deviation], true)), (1, 0));
    assert_eq!(code(&[Fail, Deviation], true), 1);
}

fn endings() -> impl Strategy<Value = Ended> {
    let part = prop_oneof![Just(Part::Never), Just(Part::Equals)];
    prop_oneof![
        (part, any::<bool>()).prop_map(|(part, inferred)| broken(part, inferred)),
        Just(Ended::CouldNot("x".to_owned())),
        Just(Ended::Held),
        Just(Ended::Manual("x".to_owned())),
        Just(Ended::NotApplicable("x".to_owned())),
        Just(Ended::NotObservable("x".to_owned())),
        Just(Ended::Panicked("x".to_owned())),
    ]
}

proptest! {
    #[test]
    fn a_core_never_is_a_failure_whatever_is_declared(at in 0_usize..44, inferred: bool, allow: bool) {
        let catalogue = Catalogue::bundled();
        let id = &catalogue.core().nth(at).unwrap().id;
        let mut scenario = played(&[id.as_str()], broken(Part::Never, inferred));
        for provider in ProviderName::ALL {
            scenario.provider = provider;
            let deviations = [deviation(id, None)];
            let checks = judged(&Policy::default(), &|_| true, &deviations, |judge| judge.checks(&scenario));
            prop_assert!(matches!(checks[0].verdict, Verdict::Fail | Verdict::NotApplicable));
            if checks[0].verdict == Verdict::Fail {
                prop_assert_eq!(exit_code(&run(checks), allow), 1);
            }
        }
    }

    #[test]
    fn only_what_held_passes(at in 0_usize..209, outcome in endings()) {
        let catalogue = Catalogue::bundled();
        let requirement = catalogue.iter().nth(at).unwrap();
        let verdict = verdicts(&[], &played(&[requirement.id.as_str()], outcome.clone()))[0];
        let is_optional = requirement.level == Level::May && matches!(outcome, Ended::Broken { .. });
        prop_assert!(verdict != Verdict::Pass || outcome == Ended::Held || is_optional, "{verdict:?} of {outcome:?}");
    }
}

#[test]
fn what_is_declared_or_known_ends_no_run() {
    let finished = |stop: Option<Stop>| {
        let text = include_str!("../controls.feature");
        let scenarios = preflight(&[Source::new("f", text)], &Catalogue::bundled()).unwrap();
        let selection = Selection { providers: vec!["signicat".to_owned()], ..Selection::default() };
        let stop = stop.map(|stop| (0, stop));
        Finished { stop, ..Finished::left_out(selection.of(scenarios).remove(0)) }
    };
    let broken = Stop::Equals { actual: "it was passed".to_owned(), expected: "it is failed".to_owned() };
    let known = |check, expires| {
        format!("[[known]]\ncheck = \"{check}\"\nscenario = \"controls/*\"\nreason = \"\"\nexpires = {expires}\n")
    };
    let known = known("XCK-003", "2026-06-01") + &known("XCK-004", "2026-05-31");
    let known = Known::parse(&known, "known.toml").unwrap();
    let could_not = Stop::Error { problem: "nobody answers".to_owned(), remedy: None };
    let verdict = |deviations: &[Deviation], stop: Option<Stop>, requirement: &str| {
        let mut one = finished(stop);
        let mut item = (*one.item).clone();
        item.requirements = vec![requirement.to_owned()];
        one.item = item.into();
        let policy = Policy { id_token_signature: IdTokenSignature::TlsDirect, ..Policy::default() };
        judged(&policy, &|_| true, deviations, |judge| one.judged(judge, Some((&known, date(2026, 6, 1)))))
    };
    assert_eq!(verdict(&[], Some(broken.clone()), "XCK-002"), Verdict::Fail);
    assert_eq!(verdict(&[deviation("XCK-002", None)], Some(broken.clone()), "XCK-002"), Verdict::Deviation);
    assert_eq!(verdict(&[], Some(broken.clone()), "XCK-003"), Verdict::Warn, "it is known");
    assert_eq!(verdict(&[], Some(broken.clone()), "XCK-004"), Verdict::Fail, "it was known until May");
    assert_eq!(verdict(&[], Some(broken), "TOK-002"), Verdict::NotApplicable);
    assert_eq!(verdict(&[], Some(could_not.clone()), "TOK-002"), Verdict::NotApplicable);
    assert_eq!(verdict(&[], Some(could_not), "XCK-002"), Verdict::Error);
    assert_eq!(verdict(&[], None, "TOK-002"), Verdict::NotApplicable);
    assert_eq!(verdict(&[], None, "XCK-002"), Verdict::Pass);
    let ends = [Verdict::Fail, Verdict::Deviation, Verdict::NotApplicable, Verdict::Error].map(Verdict::stops_a_run);
    assert_eq!(ends, [true, false, false, true]);
}
