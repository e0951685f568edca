use super::*;

fn mistakes(text: &str) -> String {
    let environment = |name: &str| (name == "KNOWN").then(|| "value-of-known".to_owned());
    TargetFile::parse_with(text, "target.toml", &environment).unwrap_err().to_string()
}

#[test]
fn the_bundled_file_is_right() {
    let file = TargetFile::parse(ZIGNED, "zigned.toml").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(file.methods_for("zignsec-v2").first().map(String::as_str), Some("se_bid"));
    assert_eq!(file.methods_for("zignsec_v2").len(), 4);
    assert_eq!(file.methods_for("signicat"), ["se_bid", "no_bid"]);
    assert!(file.methods_for("nobody").is_empty());
    assert!(file.features.has("batch") && file.features.is(Feature::Stranger) && !file.features.has("advance-time"));
}

#[test]
fn each_provider_has_its_own_people() {
    let own = |name: &str| name.to_owned();
    let bundled = TargetFile::bundled_zigned;
    let told = TargetFile {
        providers: [(own("one"), vec![own("se"), own("no")]), (own("two"), vec![own("ee"), own("lv")])].into(),
        methods: [(Country::No, own("no"))].into(),
        methods_at: [(own("two"), [(Country::Ee, own("ee"))].into())].into(),
        ..bundled()
    };
    assert_eq!(told.methods_by_country("one"), [(Country::No, own("no"))].into());
    assert_eq!(told.methods_by_country("two"), [(Country::Ee, own("ee"))].into());
    let untold = TargetFile { methods: [].into(), methods_at: [].into(), ..told };
    assert_eq!(untold.methods_by_country("one"), [(Country::Se, own("se"))].into());
    let wrong = "schema = 1\nname = 'a'\nproviders = { two = ['ee'], one = ['se'] }\nmethods_at = { two = { SE = 'se' } }\nasks_number = ['lt']\nasks_number_at = { two = ['no'] }\n";
    let said = mistakes(wrong);
    for mistake in ["`methods_at.two` has `se`", "`asks_number` has `lt`", "`asks_number_at.two` has `no`"] {
        assert!(said.contains(mistake), "{mistake}: {said}");
    }
    let asking = |provider| bundled().methods_asking(provider).into_iter().collect::<Vec<_>>();
    assert_eq!((asking("signicat"), asking("zignsec-v2")), (vec![own("no_bid")], vec![]));
    assert_eq!(bundled().provider_order.first().map(String::as_str), Some("zignsec_v2"));
}

#[test]
fn every_mistake_is_named_with_its_place() {
    insta::assert_snapshot!(mistakes(
        r#"
schema = 1
nme = "ours"
sing = 3
sign = "sometimes"
version = "${ENV:UNKNOWN}"
providers = "zignsec-v2"

[policy]
faild = "terminal"

[features]
webhok-in = true

[timing]
poll = "often"

[actor.sendr]

[actor.sender]
login = [{ get = "/a", post = "/b" }]

[op.get_participnt]
steps = []

[op.get_participant]
steps = [
  { get = "/p/{{participant" },
  { get = "/p", capture = { a = "$.a[", } },
  { get = "/p", until = { path = "$.a" } },
  { get = "/p", when = { arg = "x" } },
  { get = "/p", when = {} },
  { get = "/p", json = {}, body = "" },
  { put = "/{{nobody}}", expects = { status = 200 } },
  { delete = "/p", expect = { status = "nine" }, }
]

[[outcome]]
when = {}
is = "rejected"

[[outcome]]
when = { status = 422 }
is = "refused"
"#
    ));
}

#[test]
fn what_is_missing_is_named() {
    insta::assert_snapshot!(mistakes("schema = 1\nname = 'ours'\n[features]\nidle = true\n"));
    insta::assert_snapshot!(mistakes("schema = 2\nname = 'ours'\n"));
    insta::assert_snapshot!(mistakes("name = \n"));
}

#[test]
fn placeholders_that_nothing_gives_a_value_are_mistakes() {
    insta::assert_snapshot!(mistakes(
        r#"
schema = 1
name = "ours"
[vars]
token = "t"
[actor.sender]
headers = { Authorization = "Bearer {{vars.tokn}}" }
[op.get_participant]
steps = [{ get = "/p/{{partcipant}}", headers = { X = ["{{arg.x}}"] }, capture = { participant = "$.id" } }]
"#
    ));
}

#[test]
fn neither_numbers_nor_values_of_the_environment_are_repeated() {
    let message =
        mistakes("schema = 1\nname = 'x'\n[timing]\npoll = '${ENV:KNOWN}'\n[policy]\nfailed = '198501012382'\n");
    assert!(!message.contains("value-of-known") && !message.contains("198501012382"), "{message}");
}

#[test]
fn the_environment_stands_in_for_its_variables() {
    let environment = |name: &str| (name == "GIT_SHA").then(|| "abc1234".to_owned());
    let text = ZIGNED.replace("schema = 1", "schema = 1\nversion = 'v-${ENV:GIT_SHA}-${ENV:NONE:-x}'");
    let file = TargetFile::parse_with(&text, "t", &environment).unwrap();
    assert_eq!(file.version.as_deref(), Some("v-abc1234-x"));
    assert!(file.text.contains("${ENV:GIT_SHA}") && !file.text.contains("abc1234"));
    assert_eq!(file.masked("is abc1234"), "is [hidden]");
}

#[test]
fn the_schema_says_what_a_target_file_may_hold() {
    insta::assert_json_snapshot!(TargetFile::schema());
}
