//! The samples and the README: what stands there is what the wire types say, and what is answered.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::order::{Attribute, Method};
use super::super::wire::{Envelope, Outcome, Refused, SessionData, Webhook};
use super::*;

const FILES: [(&str, &str); 7] = [
    ("refused", include_str!("../samples/refused.json")),
    ("result-approved", include_str!("../samples/result-approved.json")),
    ("result-bankid", include_str!("../samples/result-bankid.json")),
    ("result-started", include_str!("../samples/result-started.json")),
    ("session", include_str!("../samples/session.json")),
    ("webhook-approved", include_str!("../samples/webhook-approved.json")),
    ("webhook-nested", include_str!("../samples/webhook-nested.json")),
];

const README: &str = include_str!("../README.md");

#[test]
fn every_sample_is_what_the_wire_types_say() {
    for (name, text) in FILES {
        returns(name, text);
    }
}

#[tokio::test]
async fn every_example_of_the_readme_is_read_or_said() {
    let blocks = README.split("\n```json").skip(1).map(|rest| rest.split_once("\n```").unwrap().0);
    let mut seen = 0;
    for block in blocks {
        let (kind, text) = block.split_once('\n').unwrap();
        match kind.trim().strip_prefix("request ") {
            Some(method) => {
                let world = World::new();
                world.start(method, &serde_json::from_str(text).unwrap()).await;
            }
            None => returns("README", text),
        }
        seen += 1;
    }
    assert!(seen >= 6, "{seen} blocks");
}

#[test]
fn the_readme_names_every_switch_method_and_attribute() {
    let settings = serde_json::to_value(Settings::default()).unwrap();
    for switch in settings.as_object().unwrap().keys() {
        assert!(README.contains(&format!("`{switch}`")), "{switch}");
    }
    for method in Method::ALL {
        assert!(README.contains(&format!("`{}`", method.word())), "{method:?}");
    }
    for attribute in Attribute::ALL {
        assert!(README.contains(&format!("`{}`", attribute.word())), "{attribute:?}");
    }
    for how in Tampering::all().filter(|how| {
        ZignsecGateway::refuses(&crate::script::Script {
            forgeries: vec![Forgery { how: *how, occurrence: Occurrence::ALL }],
            ..Default::default()
        })
        .is_none()
    }) {
        assert!(README.contains(&format!("`{}`", how.how())), "{how}");
    }
}

/// Parses with the type it must be, and comes back member for member.
fn returns(name: &str, text: &str) {
    fn through<T: Serialize + DeserializeOwned>(text: &str) -> String {
        let parsed: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        serde_json::to_string(&parsed).unwrap()
    }
    let json: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let back = if json.get("event").is_some() {
        through::<Webhook<'static>>(text)
    } else if json.get("type").is_some() {
        through::<Refused<'static>>(text)
    } else if json["data"].get("id").is_some() {
        through::<Envelope<SessionData<'static>>>(text)
    } else {
        through::<Envelope<Outcome<'static>>>(text)
    };
    assert_eq!(back, json.to_string(), "{name}");
}
