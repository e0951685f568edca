//! Each look at a signed identity that a service leaves out is noticed by a requirement that speaks of it.

use std::collections::BTreeSet;

use super::toy::Wrong;
use super::whole::played_with;
use crate::conformance::result::Verdict;
use crate::conformance::{Setting, Usage};
use crate::identity::Country;

const TOKENS: &str = include_str!("../../../features/enforcement/tokens.feature");

/// The requirements that a service breaks, with the verdicts of everything that did not pass.
async fn broken(wrong: Wrong, only: &[&str]) -> (BTreeSet<String>, Vec<String>) {
    let usage = Usage {
        methods: [(Country::Se, "freja".to_owned())].into(),
        all: vec!["freja".to_owned()],
        usual: Some(Country::Se),
        ..Usage::default()
    };
    let setting =
        Setting { usage: [("zignsec_gateway".to_owned(), usage)].into(), resumes: true, ..Setting::default() };
    let finished = played_with(wrong, TOKENS, ("zignsec_gateway", setting), only).await;
    assert!(finished.len() > if only.is_empty() { 30 } else { 0 }, "{}", finished.len());
    let others = finished.iter().filter(|one| one.verdict() != Verdict::Pass);
    let told = others.map(|one| format!("{:?} {}: {:?}", one.verdict(), one.item.name, one.because())).collect();
    let failed = finished.iter().filter(|one| one.verdict() == Verdict::Fail);
    (failed.flat_map(|one| one.item.requirements.clone()).collect(), told)
}

#[tokio::test]
async fn a_service_that_looks_at_everything_is_green() {
    let (broken, told) = broken(Wrong::Nothing, &[]).await;
    assert!(broken.is_empty() && told.is_empty(), "{told:#?}");
}

#[tokio::test]
async fn every_look_that_is_left_out_is_noticed() {
    for (unseen, expected) in [
        ("signature", ["TOK-001", "TOK-004", "TOK-005", "TOK-006", "TOK-007", "TOK-012"].as_slice()),
        ("token", &["TOK-001", "TOK-003"]),
        ("status", &["TOK-009"]),
        ("reference", &["TOK-008", "TOK-027"]),
        ("time", &["TOK-011"]),
        ("kind", &["TOK-010"]),
    ] {
        let (broken, told) = broken(Wrong::LeavesOut(unseen), expected).await;
        let missed: Vec<_> = expected.iter().filter(|id| !broken.contains(**id)).collect();
        assert!(missed.is_empty(), "without the {unseen}: {missed:?} did not notice, {broken:?} did: {told:#?}");
    }
}
