//! Runs made by hand, with one of each verdict.

use crate::conformance::report::{Language, RequirementText};
use crate::conformance::result::{
    Check, CoreRow, Counts, Declaration, Enforces, Failure, Headline, Level, Part, Run, ScenarioResult, StepOutcome,
    StepResult, TargetIdentity, Verdict,
};

/// A failing core, one of each verdict, a Swedish and an English feature.
pub(super) fn failing() -> Run {
    let mut run = passing();
    let row = |requirement: &str, verdict, because: Option<&str>| CoreRow {
        requirement: requirement.to_owned(),
        verdict,
        because: because.map(str::to_owned),
    };
    run.headline = Headline {
        enforces: Enforces::No,
        core: vec![
            row("BLK-001", Verdict::Pass, None),
            row("CFG-005", Verdict::NotApplicable, Some("setup = \"at-once\"")),
            row("CON-006", Verdict::NotObservable, Some("no channel shows it")),
            row("WHK-001", Verdict::Error, Some("the service did not answer")),
            row("XCK-002", Verdict::Fail, Some("the wrong person passed")),
        ],
        deviations: vec!["XCK-016 in NO: birthdate+name (owner: Kari Nord, review 2027-01-01)".to_owned()],
        counts: Counts {
            pass: 2,
            fail: 2,
            warn: 1,
            deviation: 1,
            error: 1,
            not_applicable: 2,
            not_observable: 1,
            not_tested: 1,
            manual: 1,
            harness_error: 1,
        },
    };
    run.scenarios.extend([mismatch(), silent(), broken(), quiet()]);
    run.declarations = vec![Declaration {
        declared: "features.webhook-in = false".to_owned(),
        effect: "Webhooks from the provider were not delivered.".to_owned(),
        removed: vec!["WHK-001".to_owned(), "WHK-002".to_owned()],
    }];
    run.strays = vec!["GET /v2/eid/unknown 404".to_owned()];
    run
}

/// Everything that was asked was shown, in Swedish.
pub(super) fn passing() -> Run {
    Run {
        schema: "motpart.run/1".to_owned(),
        motpart: "0.1.0".to_owned(),
        started: "2026-11-22T04:00:00Z".to_owned(),
        took_ms: 83_400,
        seed: "7".to_owned(),
        target: TargetIdentity {
            name: "acme-sign".to_owned(),
            version: Some("2.4.1".to_owned()),
            from: "targets/acme.toml".to_owned(),
            sha256: "5f1c".repeat(16),
        },
        providers: vec!["zignsec_v2".to_owned(), "zignsec_gateway".to_owned()],
        filter: None,
        headline: Headline {
            enforces: Enforces::Yes,
            core: ["BLK-001", "XCK-002"]
                .map(|id| CoreRow { requirement: id.to_owned(), verdict: Verdict::Pass, because: None })
                .to_vec(),
            deviations: Vec::new(),
            counts: Counts { pass: 2, ..Counts::default() },
        },
        scenarios: vec![ScenarioResult {
            checks: vec![check("BLK-001", Verdict::Pass, None), check("KYC-12", Verdict::Pass, None)],
            ..scenario("bara-ratt-person/ratt-person@zignsec_v2", "Rätt person", 12, "sv")
        }],
        declarations: Vec::new(),
        cannot_show: vec!["How the service behaves against the real provider's TLS.".to_owned()],
        strays: Vec::new(),
    }
}

fn mismatch() -> ScenarioResult {
    let never = Check { part: Some(Part::Never), ..check("XCK-002", Verdict::Fail, Some("the wrong person passed")) };
    ScenarioResult {
        checks: vec![
            never,
            check("PRI-007", Verdict::Fail, Some("the number of bengt, in base64, in the body of the answer")),
        ],
        row: Some(24),
        steps: vec![
            step("Givet ett avtal i utkast", 18, StepOutcome::Passed),
            step("Så är Annas identitetskontroll underkänd", 20, StepOutcome::Stopped),
        ],
        failure: Some(Failure {
            part: Some(Part::Never),
            did: vec![
                "Bengt öppnade Annas länk och legitimerade sig som Bengt".to_owned(),
                "leverantören bekräftade att det var Bengt".to_owned(),
            ],
            control: Some("\"Rätt person\": godkänd".to_owned()),
            curl: Some("curl -H 'Authorization: …' http://localhost:3000/participants/17".to_owned()),
            exchanges: vec!["1.2 s  GET /participants/17 → 200 {\"status\":\"passed\"}".to_owned()],
            ..failure(
                Verdict::Fail,
                "Så är Annas identitetskontroll underkänd",
                "tjänsten satte Annas kontroll till godkänd efter 1,2 s, och lät Bengt skriva under",
                "kontrollen skulle bli underkänd och underskriften spärras",
            )
        }),
        journal: vec!["00.0 start sbid-another".to_owned(), "00.9 result FINISHED 1985****".to_owned()],
        ..scenario("bara-ratt-person/fel-person/24@zignsec_v2", "Fel person", 17, "sv")
    }
}

fn silent() -> ScenarioResult {
    ScenarioResult {
        checks: vec![check("WHK-001", Verdict::Error, Some("tjänsten svarade inte"))],
        failure: Some(Failure {
            remedy: Some("starta tjänsten, eller höj `timeout` i målfilen".to_owned()),
            ..failure(
                Verdict::Error,
                "När en förfalskad webhook levereras",
                "tjänsten svarade inte inom 30 s",
                "webhooken skulle tas emot eller nekas",
            )
        }),
        provider: "zignsec_gateway".to_owned(),
        ..scenario("bara-ratt-person/forfalskad@zignsec_gateway", "Förfalskad webhook", 30, "sv")
    }
}

fn broken() -> ScenarioResult {
    ScenarioResult {
        file: "features/providers.feature".to_owned(),
        provider: "zignsec_gateway".to_owned(),
        checks: vec![check("PRV-010", Verdict::HarnessError, Some("two sessions match"))],
        failure: Some(failure(
            Verdict::HarnessError,
            "When Anna opens her link",
            "two sessions of the simulator match one scenario",
            "one session",
        )),
        ..scenario("providers/two@zignsec_gateway", "Two tabs", 4, "en")
    }
}

/// What is found without stopping a scenario.
fn quiet() -> ScenarioResult {
    let should = |requirement, verdict, because| Check { level: Level::Should, ..check(requirement, verdict, because) };
    ScenarioResult {
        file: "features/providers.feature".to_owned(),
        checks: vec![
            should("PRV-011", Verdict::Warn, Some("polled 5 times after the end")),
            check("XCK-016", Verdict::Deviation, Some("compares date of birth and name")),
            check("PRI-006", Verdict::NotObservable, Some("the target offers no log")),
            check("CFG-005", Verdict::NotApplicable, Some("setup = \"at-once\"")),
            check("CFG-006", Verdict::NotApplicable, Some("setup = \"at-once\"")),
            check("AUD-001", Verdict::NotTested, Some("left out by --tags")),
            check("KYC-14", Verdict::Manual, Some("Anna gets an understandable message")),
        ],
        steps: vec![step("When Anna polls", 9, StepOutcome::Passed)],
        ..scenario("providers/poll@zignsec_v2", "Polling ends", 8, "en")
    }
}

fn scenario(id: &str, name: &str, line: usize, language: &str) -> ScenarioResult {
    ScenarioResult {
        id: id.to_owned(),
        feature: "Bara rätt person kan skriva under".to_owned(),
        name: name.to_owned(),
        file: "features/ratt-person.feature".to_owned(),
        line,
        row: None,
        provider: "zignsec_v2".to_owned(),
        language: language.to_owned(),
        checks: Vec::new(),
        steps: Vec::new(),
        failure: None,
        journal: Vec::new(),
        took_ms: 1_240,
    }
}

fn check(requirement: &str, verdict: Verdict, because: Option<&str>) -> Check {
    let because = because.map(str::to_owned);
    Check { requirement: requirement.to_owned(), level: Level::Must, core: false, verdict, part: None, because }
}

fn step(text: &str, line: usize, outcome: StepOutcome) -> StepResult {
    StepResult { text: text.to_owned(), line, outcome, took_ms: 10 }
}

fn failure(verdict: Verdict, step: &str, actual: &str, expected: &str) -> Failure {
    Failure {
        verdict,
        part: None,
        step: step.to_owned(),
        line: 20,
        did: Vec::new(),
        actual: actual.to_owned(),
        expected: expected.to_owned(),
        remedy: None,
        control: None,
        curl: None,
        exchanges: Vec::new(),
    }
}

/// A catalogue of two.
pub(super) fn requirements(id: &str, language: Language) -> Option<RequirementText> {
    let (text, why, level) = match (id, language) {
        ("XCK-002", Language::En) => (
            "Somebody with another number never passes, whatever else is equal.",
            "Whoever is given the link can sign in somebody else's name.",
            Level::Must,
        ),
        ("XCK-002", Language::Sv) => (
            "Den som har ett annat nummer godkänns aldrig, vad som än i övrigt stämmer.",
            "Den som får länken kan skriva under i någon annans namn.",
            Level::Must,
        ),
        ("PRV-011", Language::En) => {
            ("Polling ends when the session has.", "It costs, and may be limited.", Level::Should)
        }
        ("PRV-011", Language::Sv) => {
            ("Frågorna slutar när sessionen har slutat.", "Det kostar, och kan begränsas.", Level::Should)
        }
        _ => return None,
    };
    Some(RequirementText { text: text.to_owned(), why: Some(why.to_owned()), source: "derived".to_owned(), level })
}
