use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::toy::{Plain, Toy, Wrong};
use crate::conformance::requirements::Catalogue;
use crate::conformance::result::{Part, Verdict};
use crate::conformance::{
    Controls, Finished, Selection, Setting, Shared, Simulator, Source, Stage, Timing, Turns, Usage, preflight,
};
use crate::dial::{DialOptions, Dialer};
use crate::identity::Country;
use crate::running::{Motpart, Options};

/// Plays a feature against the toy; everything is over a real socket.
async fn played(wrong: Wrong, feature: &str) -> Vec<Finished> {
    played_with(wrong, feature, ("zignsec_v2", Setting::default()), &[]).await
}

/// The same with a provider and what is declared; only what speaks of these requirements, unless there are none.
pub(super) async fn played_with(
    wrong: Wrong,
    feature: &str,
    (provider, setting): (&str, Setting),
    requirements: &[&str],
) -> Vec<Finished> {
    let motpart = Motpart::start(Options { seed: Some("engine".to_owned()), ..Options::default() }).await.unwrap();
    let dialer = Dialer::new(&DialOptions::default()).unwrap();
    let timing = Timing { settle: Duration::from_millis(60), ..Timing::default() };
    let features = BTreeSet::from(["weak-methods".to_owned()]);
    let shared = Arc::new(Shared {
        target: Toy::open(wrong, &motpart.connection()).await,
        setting: Setting { timing, features, ..setting },
        browser: Arc::new(Plain(dialer.clone())),
        simulator: Simulator::new(dialer, motpart.control_url().clone(), None),
        sink: None,
        credentials: Vec::new(),
        controls: Controls::default(),
        run: "r".to_owned(),
        seed: 7,
        starts: 0.into(),
        starting: 0.into(),
        turns: Turns::default(),
    });
    let items = preflight(&[Source::new("toy.feature", feature)], &Catalogue::bundled())
        .unwrap_or_else(|wrong| panic!("{}", wrong[0]));
    let items = Selection {
        providers: vec![provider.to_owned()],
        requirements: requirements.iter().map(|id| (*id).to_owned()).collect(),
        ..Selection::default()
    }
    .of(items);
    let stage = Stage {
        shared: shared.clone(),
        jobs: 4,
        patience: Arc::default(),
        fail_fast: false,
        judged: Arc::new(Finished::verdict),
        progress: Arc::new(|_, _| {}),
        first: 0,
    };
    let mut finished = stage.play(&items).await;
    stage.believe(&mut finished).await;
    motpart.stop().await;
    finished
}

fn verdicts(finished: &[Finished]) -> Vec<(&str, Verdict)> {
    finished.iter().map(|one| (one.item.name.as_str(), one.verdict())).collect()
}

const FEATURE: &str = "\
# language: sv
Egenskap: Bara rätt person
  Bakgrund:
    Givet följande testpersoner
      | person | land | nummer       |
      | Anna   | SE   | 198501012382 |
      | Bengt  | SE   |              |
    Och ett avtal i utkast
    Och att Anna är undertecknare och knuten till sitt personnummer
    Och att avtalet är skickat för underskrift

  @each-provider
  Scenario: Rätt person
    När Anna öppnar sin länk och legitimerar sig som Anna
    Så är Annas identitetskontroll godkänd
    Och kan Anna skriva under
    Och den har aldrig varit underkänd

  Scenario: Fel person
    När Bengt öppnar Annas länk och legitimerar sig som Bengt
    Så är Annas identitetskontroll underkänd
    Och är underskriften spärrad för Anna
    Och är Anna inte undertecknad

  Scenario: Anna avbryter och försöker igen
    När Anna avbryter legitimeringen i appen
    Så väntar Annas identitetskontroll fortfarande
    När Anna öppnar sin länk igen och legitimerar sig som Anna
    Så är Annas identitetskontroll godkänd

  Scenario: Tiden går ut
    Givet att Anna har börjat legitimera sig
    När det går 5 minuter
    Så väntar Annas identitetskontroll fortfarande
    Och den har aldrig varit godkänd

  Abstrakt Scenario: Leverantören krånglar
    När Anna börjar legitimera sig och leverantören <svar>
    Så väntar Annas identitetskontroll fortfarande
    Exempel:
      | svar                             |
      | svarar med status 503            |
      | svarar med ett halvt svar        |
      | ger ett tomt nummer              |

  Scenario: Svag underskrift utan kontroll
    Givet ett avtal i utkast
    Och att Bengt är undertecknare utan personnummer
    Och att avtalet är skickat för underskrift
    När Bengt försöker skriva under med en kod via e-post
    Så är Bengt undertecknad
";

#[tokio::test]
async fn a_right_service_passes_everything() {
    let finished = played(Wrong::Nothing, FEATURE).await;
    assert_eq!(finished.len(), 8);
    for one in &finished {
        assert_eq!(one.verdict(), Verdict::Pass, "{}: {:?} {:#?}", one.item.name, one.stop, one.exchanges);
    }
    let rows: Vec<_> = finished.iter().filter_map(|one| one.item.row).collect();
    assert_eq!(rows, [42, 43, 44]);
}

/// A provider that calls the person itself, and a service that tells nothing of what it began there.
async fn called(wrong: Wrong) -> Vec<Finished> {
    let usage = Usage {
        methods: [(Country::Ee, "smart_id".to_owned())].into(),
        all: vec!["smart_id".to_owned()],
        asks_number: ["smart_id".to_owned()].into(),
        usual: Some(Country::Ee),
    };
    let setting = Setting { usage: [("zignsec_v3".to_owned(), usage)].into(), resumes: true, ..Setting::default() };
    let table = "      | person | land | nummer       |\n      | Anna   | SE   | 198501012382 |\n      | Bengt  | SE   |              |\n";
    let feature = FEATURE.replace(table, "      | person |\n      | Anna   |\n      | Bengt  |\n");
    played_with(wrong, &feature, ("zignsec_v3", setting), &[]).await
}

#[tokio::test]
async fn a_provider_that_calls_the_person_is_played_like_any_other() {
    for one in called(Wrong::Nothing).await {
        assert_eq!(one.verdict(), Verdict::Pass, "{}: {:?} {:#?}", one.item.name, one.stop, one.exchanges);
    }
    let finished = called(Wrong::BelievesAnybody).await;
    let wrong = finished.iter().find(|one| one.item.name == "Fel person").unwrap();
    assert_eq!((wrong.verdict(), wrong.part()), (Verdict::Fail, Some(Part::Never)), "{:?}", wrong.stop);
}

#[tokio::test]
async fn a_service_that_believes_anybody_breaks_what_must_never_be() {
    let finished = played(Wrong::BelievesAnybody, FEATURE).await;
    let wrong = finished.iter().find(|one| one.item.name == "Fel person").unwrap();
    assert_eq!((wrong.verdict(), wrong.part()), (Verdict::Fail, Some(Part::Never)), "{:?}", wrong.stop);
    let failure = wrong.failure(&Controls::default()).unwrap();
    assert_eq!(
        (failure.actual.as_str(), failure.expected.as_str()),
        ("the identity check of Anna is passed", "it should be failed")
    );
    assert_eq!(failure.did.len(), 4);
    assert!(!wrong.journal.is_empty());
    assert_eq!(verdicts(&finished)[0], ("Rätt person", Verdict::Pass));
}

#[tokio::test]
async fn a_signature_for_anybody_is_seen() {
    let finished = played(Wrong::SignsForAnybody, FEATURE).await;
    let wrong = finished.iter().find(|one| one.item.name == "Fel person").unwrap();
    assert_eq!((wrong.verdict(), wrong.part()), (Verdict::Fail, Some(Part::Never)), "{:?}", wrong.stop);
}

#[tokio::test]
async fn a_filtered_run_tries_its_controls_itself() {
    let start = FEATURE.find("  @each-provider").unwrap();
    let end = FEATURE.find("  Scenario: Fel person").unwrap();
    let after = FEATURE.find("  Scenario: Anna avbryter").unwrap();
    let filtered = format!("{}{}", &FEATURE[..start], &FEATURE[end..after]);
    let finished = played(Wrong::Nothing, &filtered).await;
    assert_eq!(verdicts(&finished), [("Fel person", Verdict::Pass)], "{:?}", finished[0].stop);
    let finished = played(Wrong::SignsForNobody, &filtered).await;
    assert_eq!(verdicts(&finished), [("Fel person", Verdict::Error)], "{:?}", finished[0].stop);
}

#[tokio::test]
async fn a_refusal_without_its_control_is_an_error_and_never_a_pass() {
    let finished = played(Wrong::SignsForNobody, FEATURE).await;
    let wrong = finished.iter().find(|one| one.item.name == "Fel person").unwrap();
    assert_eq!(wrong.verdict(), Verdict::Error, "{:?}", wrong.stop);
    assert!(wrong.because().unwrap().contains("succeeded nowhere in this run"));
}
