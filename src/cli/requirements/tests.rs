//! What is printed, word for word.

use clap::Parser;

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: RequirementsArgs,
}

fn printed(line: &[&str]) -> Result<String, Failure> {
    let features = [("cross-check.feature".to_owned(), FEATURE.to_owned())];
    let args = Line::try_parse_from([&["requirements"], line].concat()).unwrap().args;
    args.printed(Bundled { features: &features, flaws: &[("compares-last-four-digits", &["XCK-004"])] })
}

const FEATURE: &str = "\
Feature: Cross-check

  @XCK-004 @XCK-002
  Scenario: The same birthday
    Given nothing

  @XCK-002 @XCK-0003 @XCK-999
  Scenario: Somebody else
    Given nothing
";

#[test]
fn the_core_profile_reads_like_this() {
    insta::assert_snapshot!("core", printed(&["--profile", "core"]).unwrap());
    insta::assert_snapshot!("core-sv", printed(&["--profile", "core", "--lang", "sv"]).unwrap());
}

#[test]
fn one_requirement_reads_like_this() {
    insta::assert_snapshot!("one", printed(&["XCK-004", "@WHK-009", "PRI-011"]).unwrap());
    insta::assert_snapshot!("one-sv", printed(&["xck-004", "--lang", "sv"]).unwrap());
}

#[test]
fn a_tag_that_names_nothing_is_reported() {
    let text = printed(&["--profile", "core"]).unwrap();
    assert!(
        text.contains("a tag names nothing: there is no requirement `XCK-0003`; did you mean `XCK-003`?\n"),
        "{text}"
    );
    assert!(text.contains("there is no requirement `XCK-999`\n"), "{text}");
}

#[test]
fn markdown_is_a_table_for_each_group() {
    let markdown = printed(&["--profile", "core", "--format", "markdown"]).unwrap();
    assert!(
        markdown.starts_with("## Configuration\n\n| id | level | requirement | why | source | coverage |\n|---|"),
        "{markdown}"
    );
    let rows = markdown.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| id")).count();
    assert_eq!(rows, 44);
    assert!(markdown.lines().filter(|line| line.starts_with("| ")).all(|line| line.matches(" | ").count() == 5));
}

#[test]
fn json_holds_all_there_is_to_know() {
    let all: Vec<Value> = serde_json::from_str(&printed(&["--format", "json"]).unwrap()).unwrap();
    assert_eq!(all.len(), 209);
    let signicat: Vec<Value> =
        serde_json::from_str(&printed(&["--format", "json", "--provider", "signicat", "--profile", "core"]).unwrap())
            .unwrap();
    assert!(!signicat.is_empty() && signicat.len() < 44);
    let one: Vec<Value> = serde_json::from_str(&printed(&["XCK-004", "--format", "json"]).unwrap()).unwrap();
    assert_eq!(one[0]["scenarios"], json!(["cross-check.feature:4 The same birthday"]));
    assert_eq!(one[0]["flaws"], json!(["compares-last-four-digits"]));
}

#[test]
fn an_unknown_requirement_is_answered_with_the_one_that_was_meant() {
    let failure = printed(&["XCK-04"]).unwrap_err();
    assert_eq!(failure.code(), exit::USAGE);
    assert!(failure.to_string().contains("did you mean `XCK-004`?"), "{failure}");
    assert!(printed(&["no-such.feature"]).unwrap_err().to_string().contains("cannot read no-such.feature"));
}
