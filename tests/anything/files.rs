//! Anything stands in a file.

use std::sync::Arc;

use motpart::dial::{ConnectTo, DialOptions, Dialer};
use motpart::identity::Persons;
use motpart::running::assemble;
use motpart::script::{Library, Script};
use motpart::settings_file::SettingsFile;
use motpart::simulation::{Bounds, Clock, Commons, Timestamp};
use proptest::prelude::*;
use serde_json::json;

use crate::nonsense::{config, near, repeats, word};

/// Text that comes near to one of the files.
fn file() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        prop::sample::select(vec![
            "[[step]]",
            "[[person]]",
            "[[space]]",
            "[[fault]]",
            "[[forgery]]",
            "[[delivery]]",
            "[lifetime]",
            "after = \"2s\"",
            "state = \"finished\"",
            "state = \"failed\"",
            "polls = 2",
            "on = \"collect\"",
            "reply = { status = 503 }",
            "reply = { delay = \"1s\" }",
            "person = \"requested\"",
            "copies = 2",
            "of = \"webhook\"",
            "how = \"signature-missing\"",
            "name = \"anna\"",
            "country = \"SE\"",
            "script = \"mismatch\"",
            "public_url = \"http://x/\"",
            "[space.settings.zignsec-v2]",
            "[space.credentials.zignsec-v2]",
            "default_language = \"SV\"",
            "token = \"x\"",
            "-----BEGIN CERTIFICATE-----",
            "-----END CERTIFICATE-----",
            "MIIB",
            "a:1=b:2",
            ":=:",
            "[::1]:80=:8080",
        ])
        .prop_map(str::to_owned),
        (prop::sample::select(vec!["number", "after", "name", "state", "token", "reason"]), word())
            .prop_map(|(key, value)| format!("{key} = {value:?}")),
        "\\PC{0,20}",
    ];
    let text = prop::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"));
    prop_oneof![4 => text, 1 => prop::collection::vec(any::<u8>(), 0..80).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())]
}

proptest! {
    #![proptest_config(config(250))]

    #[test]
    fn every_file_is_read_or_refused(text in file(), value in near()) {
        let mut refusals = Vec::new();
        if let Err(error) = Script::parse(&text, "some.toml") {
            let said = error.to_string();
            assert!(said.contains("some.toml"), "where? {said}");
            refusals.push((said, &text));
        }
        if let Err(error) = Persons::parse(&text, "people.toml") {
            let said = error.to_string();
            assert!(said.contains("people.toml"), "where? {said}");
            refusals.push((said, &text));
        }
        match SettingsFile::parse(&text, "settings.toml") {
            Err(error) => {
                let said = error.to_string();
                assert!(said.contains("settings.toml"), "where? {said}");
                refusals.push((said, &text));
            }
            Ok(settings) => {
                let clock = Clock::manual(Timestamp(1_795_312_800_123));
                let dialer = Dialer::new(&DialOptions::default()).unwrap();
                let url = "http://localhost:8480/".parse().unwrap();
                let (scratch, _) = assemble(Arc::new(Commons::new("x", clock, Bounds::default(), dialer, url)));
                if let Err(error) = settings.check(&scratch, &Library::bundled()) {
                    refusals.push((error.to_string(), &text));
                }
            }
        }
        let json = value.to_string();
        if let Err(error) = Script::from_json(&value, "inline") {
            refusals.push((error.to_string(), &json));
        }
        for line in text.lines() {
            if let Err(error) = line.parse::<ConnectTo>() {
                let said = error.to_string();
                assert!(said.len() > error.rule.len() + 5, "why? {said}");
            }
        }
        let options = DialOptions { ca_pem: vec![text.clone()], ..DialOptions::default() };
        if let Err(error) = Dialer::new(&options) {
            let said = error.to_string();
            assert!(said.contains("CA number 1"), "which? {said}");
            refusals.push((said, &text));
        }
        for (said, source) in refusals {
            assert!(!said.trim().is_empty());
            prop_assert_eq!(repeats(&said, source), None, "{}", said);
        }
    }
}

/// The words of one refusal each, so that place and remedy are seen to be there.
#[test]
fn a_mistake_in_a_file_has_place_and_remedy() {
    let script = Script::parse("[[step]]\nafter = \"2s\"\nstate = \"finishd\"\n", "some.toml").unwrap_err().to_string();
    assert!(script.contains("some.toml:3") && script.contains("finished"), "{script}");
    let persons = Persons::parse("[[person]]\nname = \"x\"\nnumber = \"198501012383\"\n", "people.toml");
    let persons = persons.unwrap_err().to_string();
    assert!(persons.contains("people.toml:") && !persons.contains("198501012383"), "{persons}");
    let settings = SettingsFile::parse("[[space]]\nnam = \"x\"\n", "settings.toml").unwrap_err().to_string();
    assert!(settings.contains("settings.toml:2") && settings.contains("name"), "{settings}");
    let inline = Script::from_json(&json!({ "step": [{ "after": "soon", "state": "finished" }] }), "inline");
    assert!(inline.unwrap_err().to_string().contains("step[0].after"));
}
