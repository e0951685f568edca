use std::sync::Arc;

use super::toy::stage;
use super::{Storyboard, in_words, play};
use crate::identity::Persons;
use crate::script::{Library, Script};

async fn played(script: &str) -> Storyboard {
    let script = Arc::new(Script::parse(script, "test.toml").unwrap());
    play(&stage(), "toy_box", &script).await.unwrap()
}

#[tokio::test]
async fn time_polls_and_signals_are_played_with_real_answers() {
    let board = played(
        r#"
        [[step]]
        after = "2s"
        state = "pending"
        hint = "delivered"
        [[step]]
        polls = 1
        state = "pending"
        hint = "confirming"
        [[step]]
        on = "confirmed"
        state = "finished"
        person = "someone-else"
        "#,
    )
    .await;
    insta::assert_snapshot!(board);
}

#[tokio::test]
async fn a_manual_script_ends_by_its_deadline() {
    let board = played("").await;
    let last = board.scenes.last().unwrap();
    assert_eq!(
        (last.at_ms, last.answer.as_deref()),
        (60_000, Some("200\ncontent-type: text/plain; charset=utf-8\nfailed"))
    );
}

#[tokio::test]
async fn faults_and_deliveries_are_shown_as_they_reach_the_service() {
    let board = played(
        r#"
        [[step]]
        after = "1s"
        state = "failed"
        reason = "cancelled"
        [[fault]]
        on = "start"
        occurrence = 1
        reply = { status = 503 }
        [[fault]]
        on = "collect"
        occurrence = 1
        reply = { reset = true }
        [[fault]]
        on = "collect"
        occurrence = 2
        reply = { truncate = 3 }
        [[fault]]
        on = "collect"
        occurrence = 3
        reply = { delay = "500ms" }
        [[fault]]
        on = "collect"
        occurrence = 4
        reply = { hold = true }
        [[delivery]]
        occurrence = 1
        copies = 2
        after = "5s"
        "#,
    )
    .await;
    insta::assert_snapshot!(board);
}

#[tokio::test]
async fn what_a_provider_cannot_say_is_not_played() {
    let board = played("[[fault]]\non = 'token'\nreply = { reset = true }").await;
    assert!(board.scenes.is_empty());
    insta::assert_snapshot!(board, @"
    toy-box
      is not played: toy-box cannot say token: toys have no tokens
    ");
}

#[tokio::test]
async fn every_bundled_script_has_a_storyboard_that_ends() {
    for entry in Library::bundled().iter() {
        let board = play(&stage(), "toy_box", &entry.script).await.unwrap();
        assert!(board.refused.is_some() || board.scenes.len() < 42, "{}", entry.script.name);
        assert!(!in_words(&entry.script).is_empty());
        let boards = super::at_every_provider(&entry.script, &Library::bundled(), &Persons::bundled()).await.unwrap();
        assert!(boards.iter().all(|board| board.refused.is_some() || !board.scenes.is_empty()));
    }
}
