//! The samples and the README: what stands there is what is read, and what is answered.

use super::super::order::{IdentifierType, Method};
use super::super::read;
use super::super::settings::Settings;
use super::*;

const README: &str = include_str!("../README.md");

#[test]
fn every_example_of_the_readme_is_read_or_json() {
    let mut seen = 0;
    for block in README.split("\n```json").skip(1).map(|rest| rest.split_once("\n```").unwrap().0) {
        let (kind, text) = block.split_once('\n').unwrap();
        if let Some(path) = kind.trim().strip_prefix("request ") {
            let (_, notes) = read::order(Method::from_path(path).unwrap(), Some(JSON), text.as_bytes()).unwrap();
            assert_eq!(notes, [], "{text}");
        } else {
            let _: Value = serde_json::from_str(text).unwrap();
        }
        seen += 1;
    }
    assert!(seen >= 5, "{seen} blocks");
}

#[test]
fn the_readme_names_every_switch_method_and_type() {
    let settings = serde_json::to_value(Settings::default()).unwrap();
    let switches = settings.as_object().unwrap().keys().map(String::as_str);
    let words = Method::ALL.map(Method::path).into_iter().chain(IdentifierType::ALL.map(IdentifierType::word));
    for word in switches.chain(words) {
        assert!(README.contains(&format!("`{word}`")), "{word}");
    }
}

#[tokio::test]
async fn the_conversation_goes_as_written() {
    let world = World::new();
    let exchanges = world.converses(include_str!("../samples/conversation.http")).await;
    assert_eq!(exchanges, 5);
}
