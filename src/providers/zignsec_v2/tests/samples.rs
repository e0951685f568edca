//! The samples and the README: what stands there is what the wire types say, and what is answered.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::order::Method;
use super::super::read;
use super::super::wire::{AccountSetting, Collected, OidcTokens, Refused, Started};
use super::*;

const FILES: [(&str, &str); 10] = [
    ("account-setting", include_str!("../samples/account-setting.json")),
    ("refused", include_str!("../samples/refused.json")),
    ("result-denmark", include_str!("../samples/result-denmark.json")),
    ("result-error", include_str!("../samples/result-error.json")),
    ("result-norway", include_str!("../samples/result-norway.json")),
    ("result-pending", include_str!("../samples/result-pending.json")),
    ("result-sweden", include_str!("../samples/result-sweden.json")),
    ("result-sweden-with-address", include_str!("../samples/result-sweden-with-address.json")),
    ("set-up-response", include_str!("../samples/set-up-response.json")),
    ("webhook-error", include_str!("../samples/webhook-error.json")),
];

const README: &str = include_str!("../README.md");

#[test]
fn every_sample_is_what_the_wire_types_say() {
    for (name, text) in FILES {
        returns(name, text);
    }
}

#[test]
fn every_example_of_the_readme_is_read_or_said() {
    let blocks = README.split("\n```json").skip(1).map(|rest| rest.split_once("\n```").unwrap().0);
    let mut seen = 0;
    for block in blocks {
        let (kind, text) = block.split_once('\n').unwrap();
        match kind.trim().strip_prefix("request ") {
            Some(selector) => {
                let method = Method::from_selector(selector).unwrap();
                let (_, notes) = read::order(method, Some(JSON), text.as_bytes(), &Settings::default()).unwrap();
                assert_eq!(notes, [], "{text}");
            }
            None => returns("README", text),
        }
        seen += 1;
    }
    assert!(seen >= 8, "{seen} blocks");
}

#[test]
fn the_readme_names_every_switch_and_selector() {
    let settings = serde_json::to_value(Settings::default()).unwrap();
    for switch in settings.as_object().unwrap().keys() {
        assert!(README.contains(&format!("`{switch}`")), "{switch}");
    }
    for method in Method::ALL {
        assert!(README.contains(&format!("`{}`", method.selector())), "{method:?}");
    }
}

/// Parses with the type it must be, and comes back member for member.
fn returns(name: &str, text: &str) {
    fn through<T: Serialize + DeserializeOwned>(text: &str) -> String {
        let parsed: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        serde_json::to_string(&parsed).unwrap()
    }
    let json: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let has = |member: &str| json.get(member).is_some();
    let back = if has("redirect_url") {
        through::<Started<'static>>(text)
    } else if has("value") {
        through::<AccountSetting<'static>>(text)
    } else if has("access_token") {
        through::<OidcTokens<'static>>(text)
    } else if has("result") || has("identity") || has("method") {
        through::<Collected<'static>>(text)
    } else {
        through::<Refused<'static>>(text)
    };
    assert_eq!(back, json.to_string(), "{name}");
}

#[tokio::test]
async fn the_conversation_goes_as_written() {
    let world = World::new();
    let exchanges = world.converses(include_str!("../samples/conversation.http")).await;
    assert_eq!(exchanges, 5);
}
