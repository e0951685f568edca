//! The samples and the README: what stands there is what is read, and what is answered.

use std::borrow::Cow;

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
    let text = include_str!("../samples/conversation.http");
    let mut session = String::new();
    let mut exchanges = 0;
    for block in text.split("\n### ").skip(1) {
        let (_, block) = block.split_once('\n').unwrap();
        let block = block.replace("{{token}}", DOCUMENTED_TOKEN).replace("{{session}}", &session);
        let (request, answer) = block.split_once("\nHTTP ").unwrap();
        let (head, body) = request.split_once("\n\n").unwrap_or_else(|| (request.trim_end(), ""));
        let mut lines = head.lines();
        let (verb, path) = lines.next().unwrap().split_once(' ').unwrap();
        let headers: Vec<_> = lines.map(|line| line.split_once(": ").unwrap()).collect();
        let (status, _, told) = world.send(verb, path, &headers, body.trim_end().as_bytes()).await;
        let mut told = String::from_utf8(told.to_vec()).unwrap();
        let mut answer = answer.lines().filter(|line| !line.is_empty());
        assert_eq!(status.as_str(), answer.next().unwrap());
        let wanted = answer.next().unwrap();
        if session.is_empty() {
            session = serde_json::from_str::<Value>(&told).unwrap()["id"].as_str().unwrap().to_owned();
            told = told.replace(&session, "");
        }
        assert!(fits(wanted, &told), "wanted {wanted}\nwas {told}");
        for signal in answer {
            assert_eq!(signal, "@confirmed");
            world.sessions.signal(session.parse().unwrap(), &Said::plain(SignalName::Confirmed)).unwrap();
        }
        exchanges += 1;
    }
    assert_eq!(exchanges, 5);
}

/// `{{any}}` in `wanted` stands for anything up to what follows it.
fn fits(wanted: &str, told: &str) -> bool {
    let mut rest = Cow::from(told);
    for (at, part) in wanted.split("{{any}}").enumerate() {
        match rest.find(part) {
            Some(found) if at > 0 || found == 0 => rest = rest[found + part.len()..].to_owned().into(),
            Some(_) | None => return false,
        }
    }
    rest.is_empty()
}
