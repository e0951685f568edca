//! The people one can be: the magic ones, and how to find one among many.

use fantoccini::Locator;
use serde_json::json;

use crate::chromium::Scripts;
use crate::visit::{Ending, by_turns};

#[test]
fn magic_people_decide_what_happens() {
    by_turns(Scripts::On, async |visit| {
        for (person, ending) in [
            ("maja", Ending::Finished("Maja Snabb")),
            ("nils", Ending::Failed("USER_CANCEL")),
            ("petra", Ending::Failed("CERTIFICATE_ERR")),
        ] {
            let order = visit.begin("sbid-another", json!({})).await;
            visit.confirm_as(person).await;
            visit.world.advance(&order.id, "2s").await;
            visit.ended(&order, ending).await;
        }
    });
}

#[test]
fn who_lets_it_expire_does_so_in_time() {
    by_turns(Scripts::On, async |visit| {
        let order = visit.begin("sbid-another", json!({})).await;
        visit.confirm_as("sigrid").await;
        visit.see("time-left").await;
        let happened = visit.world.advance(&order.id, "3m").await;
        assert_eq!(happened["entered"][0]["cause"], "order expired", "{happened}");
        visit.ended(&order, Ending::Failed("EXPIRED_TRANSACTION")).await;
    });
}

#[test]
fn a_provider_that_is_down_sends_the_browser_back_and_tells_no_result() {
    by_turns(Scripts::On, async |visit| {
        let order = visit.begin("sbid-another", json!({})).await;
        visit.confirm_as("torsten").await;
        visit.world.advance(&order.id, "2s").await;
        let webhook = visit.came_back(&order, Ending::Finished("Torsten Nedre")).await;
        assert!(webhook.is_some(), "the webhook comes by itself");
        assert_eq!(visit.world.result(&order.id).await.0, 503);
    });
}

#[test]
fn many_people_can_be_filtered() {
    by_turns(Scripts::On, async |visit| {
        let order = visit.begin("sbid-another", json!({})).await;
        visit.write("filter", "BRIELLA ÅS").await;
        // Whoever is chosen stays in sight.
        assert_eq!(shown(visit.browser).await, ["anna", "gabriella"]);
        visit.press("person-gabriella").await;
        visit.write("filter", "nobody at all").await;
        assert_eq!(shown(visit.browser).await, ["gabriella"]);
        visit.press("filter-button").await;
        visit.press("confirm").await;
        visit.ended(&order, Ending::Finished("Gabriella Åström")).await;
    });
}

async fn shown(browser: &fantoccini::Client) -> Vec<String> {
    let mut shown = Vec::new();
    for person in browser.find_all(Locator::Css("[data-testid^='person-']")).await.unwrap() {
        if person.is_displayed().await.unwrap() {
            shown.extend(person.attr("value").await.unwrap());
        }
    }
    shown
}
