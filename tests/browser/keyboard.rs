//! Without a mouse.

use fantoccini::key::Key;
use serde_json::json;

use crate::chromium::Scripts;
use crate::visit::{Ending, Visit, by_turns};

#[test]
fn the_keyboard_is_enough() {
    by_turns(Scripts::On, async |visit| {
        let order = visit.begin("sbid-another", json!({})).await;
        tab_to(visit, "person-anna").await;
        // One press for the whole group, and arrows within it.
        visit.browser.active_element().await.unwrap().send_keys(&Key::Down).await.unwrap();
        assert_eq!(focused(visit).await, "person-bengt");
        tab_to(visit, "confirm").await;
        visit.browser.active_element().await.unwrap().send_keys(&Key::Enter).await.unwrap();
        visit.ended(&order, Ending::Finished("Bengt Öberg")).await;

        let order = visit.begin("sbid-another", json!({})).await;
        tab_to(visit, "cancel").await;
        visit.browser.active_element().await.unwrap().send_keys(" ").await.unwrap();
        visit.ended(&order, Ending::Failed("USER_CANCEL")).await;
    });
}

#[test]
fn enter_in_the_cpr_field_sends_it_and_enter_in_the_filter_sends_nothing() {
    by_turns(Scripts::On, async |visit| {
        let order = visit.begin("nemid", json!({ "AskForCpr": true })).await;
        visit.press("confirm").await;
        visit.write("cpr", "6903880048\u{e007}").await;
        visit.ended(&order, Ending::Finished("Ditte Kjær")).await;
        visit.begin("sbid-another", json!({})).await;
        visit.press("person-bengt").await;
        visit.write("filter", "gabri\u{e007}").await;
        assert!(visit.see("person-bengt").await.is_selected().await.unwrap());
    });
}

async fn tab_to(visit: &Visit<'_>, testid: &str) {
    let mut passed = Vec::new();
    while passed.len() < 15 {
        visit.browser.active_element().await.unwrap().send_keys(&Key::Tab).await.unwrap();
        passed.push(focused(visit).await);
        if passed.last().is_some_and(|last| last == testid) {
            return;
        }
    }
    panic!("the keyboard does not reach {testid}: {passed:?}");
}

async fn focused(visit: &Visit<'_>) -> String {
    let element = visit.browser.active_element().await.unwrap();
    element.attr("data-testid").await.unwrap().unwrap_or_default()
}
