//! Every bundled script at every provider.

use motpart::identity::Persons;
use motpart::script::Library;
use motpart::storyboard::{at_every_provider, in_words};
use serde_json::json;

use super::talk::Talk;

#[tokio::test]
async fn every_script_goes_as_it_went() {
    let scripts = Library::bundled();
    let mut providers = Vec::new();
    for entry in scripts.iter() {
        let script = &entry.script;
        for board in at_every_provider(script, &scripts, &Persons::bundled()).await.unwrap() {
            let words: String = in_words(script).iter().map(|line| format!("- {line}\n")).collect();
            let name = format!("{}__{}", board.provider, board.script);
            insta::assert_snapshot!(name, format!("{}\n{words}\n{board}", board.title));
            providers.push(board.provider);
        }
    }
    providers.sort();
    providers.dedup();
    assert!(
        ["zignsec-gateway", "zignsec-v2", "zignsec-v3"].iter().all(|name| providers.iter().any(|board| board == name)),
        "{providers:?}"
    );
}

/// What a storyboard cannot play by itself: it takes two attempts to put two webhooks out of order.
#[tokio::test]
async fn the_first_webhook_comes_after_the_second() {
    let mut talk = Talk::new();
    talk.play("webhook-out-of-order");
    talk.start("sbid", &json!({ "allowRetries": true, "webhook": "http://rp.example/webhook" })).await;
    talk.page("the person cancels at the page", "?then=cancel").await;
    talk.page("the person opens the link again and authenticates", "?then=confirm").await;
    talk.result().await;
    talk.pass("1m");
    talk.result().await;
    insta::assert_snapshot!("two_attempts__webhook-out-of-order", talk.text());
}
