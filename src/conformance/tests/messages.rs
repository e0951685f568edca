use insta::assert_snapshot;

use crate::conformance::requirements::Catalogue;
use crate::conformance::{Selection, Source, preflight};

fn mistakes(files: &[(&str, &str)]) -> String {
    let sources: Vec<Source> = files.iter().map(|(name, text)| Source::new(*name, text)).collect();
    let found = preflight(&sources, &Catalogue::bundled()).map(|_| ()).unwrap_err();
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn an_unknown_step_is_answered_with_the_nearest_in_swedish() {
    let text = "# language: sv\nEgenskap: x\n  Scenario: y\n    Givet följande testpersoner\n      | person |\n      | Anna   |\n    När Anna öppnar sin lank och legitimerar sig som Anna\n    Så är Anas identitetskontroll godkänd\n";
    assert_snapshot!(mistakes(&[("fel.feature", text)]));
}

#[test]
fn an_unknown_step_is_answered_with_the_nearest_in_english() {
    let text = "Feature: x\n  Scenario: y\n    Given these test people\n      | person |\n      | Anna   |\n    When Anna opens her signing link and identifies as Anna\n    And Anna starts identifying and the provider answers with status 504\n    Then the identity check of Anna is passed\n";
    assert_snapshot!(mistakes(&[("wrong.feature", text)]));
}

#[test]
fn all_mistakes_of_all_files_are_shown_and_numbers_are_not() {
    let table = "# language: sv\n@each-provdier @req:XCK-099 @needs:storrage\nEgenskap: x\n  Scenario: tom\n  Scenario: y\n    Givet följande testpersoner\n      | person | land | nummer       |\n      | Lar    | SE   | 198512149999 |\n      | Lars   | XX   |              |\n      | bo     |      |              |\n    Så det nekas\n  Scenario: y\n    Givet ett avtal i utkast\n";
    let number = "Feature: z\n  Scenario: a\n    Given an agreement in draft with trust level \"198501012382\"\n    Then it is refused\n";
    let broken = "Feature: b\n  Scenario: c\n    Gvien an agreement in draft\n";
    let shown = mistakes(&[("a.feature", table), ("b.feature", number), ("c.feature", broken)]);
    assert!(!shown.contains("198501012382") && !shown.contains("198512149999"), "{shown}");
    assert_snapshot!(shown);
}

const MATRIX: &str = "\
@each-provider @XCK-002
Feature: Matrix
  Scenario Outline: Row <n>
    Given an agreement in draft with trust level \"<n>\"
    Then it is refused
    Examples:
      | n   |
      | SES |
      # a comment between
      | AES |
  @needs:storage @krav:KYC-12
  Scenario: Needs
    Given an agreement in draft
    Then it is refused
  @when:sign=none
  Scenario: When
    Given an agreement in draft
    Then it is refused
";

#[test]
fn scenarios_are_expanded_by_row_and_provider() {
    let items = preflight(&[Source::new("m.feature", MATRIX)], &Catalogue::bundled()).unwrap();
    let providers = vec!["zignsec_v2".to_owned(), "signicat".to_owned()];
    let selection = Selection {
        providers,
        switches: [("sign".to_owned(), vec!["separate-call".to_owned()])].into(),
        ..Selection::default()
    };
    let items = selection.of(items);
    let lines: Vec<String> = items
        .iter()
        .map(|item| {
            format!(
                "{} line {} row {:?} {} {:?}",
                item.id,
                item.line,
                item.row,
                item.requirements.join(" "),
                item.left_out
            )
        })
        .collect();
    assert_snapshot!(lines.join("\n"));
}
