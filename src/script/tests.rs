//! Laws of script files: what is shown is read back, nothing read makes us fall over, and every mistake is explained.

use proptest::prelude::*;

use super::words::Word;
use super::{
    Becomes, Damage, Delivery, Fault, Forgery, Hint, Lifetime, Millis, Occurrence, Operation, Reason, Script,
    SignalName, Step, Tampering, Trigger, Who,
};

/// One mistake each, by what the file says.
const MISTAKES: &[&str] = &[
    "titel = 'x'",
    "title = 'x\n",
    "title = \"\"\"a\nb\"\"\"",
    "step = 1",
    "[step]\npolls = 1\nstate = 'pending'",
    "[[step]]\nstate = 'pending'",
    "[[step]]\nafter = '2s'\npolls = 1\nstate = 'pending'",
    "[[step]]\nafter = '2s'",
    "[[step]]\nafter = 'two seconds'\nstate = 'pending'",
    "[[step]]\nafter = 2\nstate = 'pending'",
    "[[step]]\npolls = -1\nstate = 'pending'",
    "[[step]]\non = 'confirm'\nstate = 'pending'",
    "[[step]]\npolls = 1\nstate = 'finnished'",
    "[[step]]\npolls = 1\nstate = 'failed'",
    "[[step]]\npolls = 1\nstate = 'failed'\nreason = 'zzz'",
    "[[step]]\npolls = 1\nstate = 'pending'\nperson = 'requested'",
    "[[step]]\npolls = 1\nstate = 'finished'\nhint = 'delivered'",
    "[[step]]\npolls = 1\nstate = 'finished'\nperson = '19121212-1212'",
    "[[step]]\npolls = 1\nstate = 'finished'\n\n[[step]]\npolls = 1\nstate = 'pending'",
    "[lifetime]\nlink = '1us'",
    "[[fault]]\nreply = { status = 503 }",
    "[[fault]]\non = 'collect'",
    "[[fault]]\non = 'collect'\nreply = {}",
    "[[fault]]\non = 'collect'\nreply = { status = 503, reset = true }",
    "[[fault]]\non = 'collect'\nreply = { status = 600 }",
    "[[fault]]\non = 'collect'\nreply = { body = 'x' }",
    "[[fault]]\non = 'collect'\nreply = { status = 200, content_type = 'å' }",
    "[[fault]]\non = 'collect'\nreply = { hold = false }",
    "[[fault]]\non = 'collect'\nreply = { truncate = 'half' }",
    "[[fault]]\non = 'collect'\noccurrence = 0\nreply = { reset = true }",
    "[[fault]]\non = 'collect'\noccurrence = '4..2'\nreply = { reset = true }",
    "[[fault]]\non = 'collect'\noccurrence = 1.5\nreply = { reset = true }",
    "[[forgery]]\nof = 'webhook'",
    "[[forgery]]\nof = 'webhok'\nhow = 'signature-missing'",
    "[[forgery]]\nof = 'webhook'\nhow = 'signature-mising'",
    "[[delivery]]\noccurrence = 1",
    "[[delivery]]\ncopies = 0",
    "[[delivery]]\nlost = true\nafter = '2s'",
];

#[test]
fn every_mistake_is_shown_with_its_place_and_its_remedy() {
    let shown: Vec<String> =
        MISTAKES.iter().map(|text| Script::parse(text, "odd.toml").expect_err(text).to_string()).collect();
    let shown = shown.join("\n\n");
    assert!(!shown.contains("1912"), "a number was repeated");
    insta::assert_snapshot!(shown);
}

#[test]
fn a_script_is_named_by_its_file_in_kebab_case() {
    assert_eq!(Script::parse("", "own/finished-late.toml").unwrap().name, "finished-late");
    for file in ["", "Finished.toml", "finished late.toml", "-.toml", "a--b.toml", "å.toml"] {
        assert!(Script::parse("", file).is_err(), "{file:?} was taken");
    }
}

#[test]
fn unknown_persons_are_named_once() {
    let step =
        |name: &str| Step { trigger: Trigger::Polls(0), becomes: Becomes::Finished(Who::Named(name.to_owned())) };
    let script = Script { steps: vec![step("anna"), step("bo"), step("anna")], ..Script::default() };
    assert_eq!(script.unknown_persons(|name| name == "bo"), ["anna"]);
}

proptest! {
    #[test]
    fn what_is_shown_is_read_back(script in scripts()) {
        let text = script.to_toml();
        prop_assert_eq!(Script::parse(&text, &format!("{}.toml", script.name)), Ok(script), "{}", text);
    }

    #[test]
    fn no_text_is_too_strange(bytes: Vec<u8>, file: String) {
        let _ = Script::parse(&String::from_utf8_lossy(&bytes), &file).map_err(|error| error.to_string());
    }

    #[test]
    fn no_damaged_script_is_too_strange(script in scripts(), at: prop::sample::Index, instead: char) {
        let text: Vec<char> = script.to_toml().chars().collect();
        let damaged: String = [&text[..at.index(text.len())], &[instead], &text[at.index(text.len())..]].concat().iter().collect();
        let _ = Script::parse(&damaged, "damaged.toml").map_err(|error| error.to_string());
    }
}

fn scripts() -> impl Strategy<Value = Script> {
    use prop::collection::vec;

    let lifetime =
        (prop::option::of(millis()), prop::option::of(millis())).prop_map(|(link, order)| Lifetime { link, order });
    let pending =
        (triggers(), word::<Hint>()).prop_map(|(trigger, hint)| Step { trigger, becomes: Becomes::Pending(hint) });
    let last = (triggers(), becomes()).prop_map(|(trigger, becomes)| Step { trigger, becomes });
    let steps = (vec(pending, 0..4), prop::option::of(last)).prop_map(|(mut steps, last)| {
        steps.extend(last);
        steps
    });
    let parts = (vec(faults(), 0..3), vec(forgeries(), 0..3), vec(deliveries(), 0..3));
    ("[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}", "[^\n\r]*", steps, lifetime, parts).prop_map(
        |(name, title, steps, lifetime, (faults, forgeries, deliveries))| Script {
            name,
            title,
            steps,
            lifetime,
            faults,
            forgeries,
            deliveries,
        },
    )
}

fn triggers() -> impl Strategy<Value = Trigger> {
    prop_oneof![
        millis().prop_map(Trigger::After),
        word::<SignalName>().prop_map(Trigger::On),
        any::<u32>().prop_map(Trigger::Polls),
    ]
}

fn becomes() -> impl Strategy<Value = Becomes> {
    let who = prop_oneof![
        Just(Who::Requested),
        Just(Who::SomeoneElse),
        "[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8})?".prop_map(Who::Named),
    ];
    prop_oneof![word::<Reason>().prop_map(Becomes::Failed), who.prop_map(Becomes::Finished)]
}

fn faults() -> impl Strategy<Value = Fault> {
    let keep = prop::option::of(0..usize::MAX / 2).prop_map(|keep| Damage::Truncate { keep });
    let headers = prop::collection::btree_map("x-[!#a-z0-9]{1,8}", "[ -~]{1,20}", 0..3);
    let replace = (200_u16..600, "[ -~]{1,20}", headers, any::<String>())
        .prop_map(|(status, content_type, headers, body)| Damage::Replace { status, content_type, headers, body });
    let plain = prop_oneof![Just(Damage::ByteOrderMark), Just(Damage::Hold), Just(Damage::Reset)];
    let damage = prop_oneof![millis().prop_map(Damage::Delay), plain, keep, replace];
    (word::<Operation>(), occurrences(), damage).prop_map(|(on, occurrence, damage)| Fault { on, occurrence, damage })
}

fn forgeries() -> impl Strategy<Value = Forgery> {
    let how = prop::sample::select(Tampering::all().collect::<Vec<_>>());
    (how, occurrences()).prop_map(|(how, occurrence)| Forgery { how, occurrence })
}

fn deliveries() -> impl Strategy<Value = Delivery> {
    let kind = prop_oneof![Just((1, Millis(0), true)), (1_u32..=100, millis(), Just(false))];
    (occurrences(), kind).prop_map(|(occurrence, (copies, after, lost))| Delivery { occurrence, copies, after, lost })
}

fn occurrences() -> impl Strategy<Value = Occurrence> {
    (1_u32..1000, prop::option::of(0_u32..3))
        .prop_map(|(first, more)| Occurrence { first, last: more.map(|more| first + more) })
}

fn millis() -> impl Strategy<Value = Millis> {
    prop_oneof![Just(Millis(0)), any::<u64>().prop_map(Millis)]
}

fn word<W: Word + std::fmt::Debug>() -> impl Strategy<Value = W> {
    prop::sample::select(W::ALL)
}
