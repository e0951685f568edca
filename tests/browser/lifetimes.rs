//! Links and orders that end by time, and links that are opened again.

use serde_json::json;

use crate::chromium::Scripts;
use crate::party::Seen;
use crate::visit::{Ending, by_turns};

#[test]
fn an_order_whose_time_runs_out_sends_the_browser_back() {
    by_turns(Scripts::On, async |visit| {
        let order = visit.begin("sbid-another", json!({})).await;
        visit.world.advance(&order.id, "2m 30s").await;
        visit.until("less is left", async || visit.text("time-left").await.starts_with("0:")).await;
        visit.world.advance(&order.id, "30s").await;
        visit.ended(&order, Ending::Failed("EXPIRED_TRANSACTION")).await;
    });
}

#[test]
fn a_link_that_was_not_opened_in_time_says_so() {
    by_turns(Scripts::On, async |visit| {
        let order = visit.order("sbid-another", json!({ "allowRetries": true })).await;
        let since = visit.world.party.seen().len();
        visit.world.advance(&order.id, "8d").await;
        visit.open(&order).await;
        visit.notice("expired").await;
        assert_eq!(visit.text("session").await, order.id);
        let (_, result) = visit.world.result(&order.id).await;
        assert_eq!(result["errors"][0]["code"], "EXPIRED_TRANSACTION", "{result}");
        assert!(visit.world.party.seen()[since..].is_empty(), "nobody comes back, and nothing is told");
    });
}

#[test]
fn a_link_that_ended_leads_back_again() {
    by_turns(Scripts::On, async |visit| {
        for (button, ending) in
            [("confirm", Ending::Finished("Anna Åkerström")), ("cancel", Ending::Failed("USER_CANCEL"))]
        {
            let order = visit.begin("sbid-another", json!({})).await;
            visit.press(button).await;
            visit.ended(&order, ending).await;
            visit.show(&order.url).await;
            assert!(visit.came_back(&order, ending).await.is_none(), "the webhook came once");
        }
    });
}

#[test]
fn a_failed_link_can_be_tried_again_where_the_order_allows_it() {
    by_turns(Scripts::On, async |visit| {
        let order = visit.begin("sbid-another", json!({ "allowRetries": true })).await;
        visit.press("cancel").await;
        visit.ended(&order, Ending::Failed("USER_CANCEL")).await;
        visit.open(&order).await;
        visit.press("confirm").await;
        visit.ended(&order, Ending::Finished("Anna Åkerström")).await;
        visit.show(&order.url).await;
        assert!(visit.came_back(&order, Ending::Finished("Anna Åkerström")).await.is_none());
    });
}

#[test]
fn an_end_that_comes_from_elsewhere_is_followed_by_the_page() {
    by_turns(Scripts::On, async |visit| {
        let order = visit.begin("sbid-another", json!({})).await;
        visit.world.signal(&order.id, &json!({ "signal": "confirmed", "person": "eva" })).await;
        visit.ended(&order, Ending::Finished("Eva Lindqvist")).await;
    });
}

#[test]
fn a_session_that_nobody_knows_is_told_as_such() {
    by_turns(Scripts::On, async |visit| {
        visit.show(&visit.world.at("v2/Hosted/00000000-0000-0000-0000-000000000000/sbid/")).await;
        visit.notice("unknown").await;
        assert!(!visit.world.party.seen().iter().any(|seen| matches!(seen, Seen::Back(_))));
    });
}
