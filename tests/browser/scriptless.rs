//! A browser that runs no scripts: forms do everything, and the page renews itself.

use serde_json::json;

use crate::chromium::Scripts;
use crate::visit::{Ending, by_turns};

#[test]
fn forms_are_enough() {
    by_turns(Scripts::Off, async |visit| {
        let order = visit.begin("sbid-another", json!({})).await;
        visit.write("filter", "gabri").await;
        visit.press("filter-button").await;
        visit.confirm_as("gabriella").await;
        visit.ended(&order, Ending::Finished("Gabriella Åström")).await;

        let order = visit.begin("sbid-another", json!({})).await;
        visit.press("start-app").await;
        visit.press("cancel").await;
        visit.ended(&order, Ending::Failed("USER_CANCEL")).await;

        let order = visit.begin("sbid-another", json!({})).await;
        visit.see("reason").await.select_by_value("start-failed").await.unwrap();
        visit.press("fail").await;
        visit.ended(&order, Ending::Failed("START_FAILED")).await;
    });
}

#[test]
fn every_stage_is_passed_by_forms() {
    by_turns(Scripts::Off, async |visit| {
        let order = visit.begin("no", json!({ "Scope": "phone" })).await;
        visit.press("method-nbid_oidc").await;
        visit.press("device-mobile").await;
        visit.press("confirm").await;
        visit.press("agree").await;
        visit.ended(&order, Ending::Finished("Astrid Sørlie")).await;
        let order = visit.begin("nemid", json!({ "AskForCpr": true })).await;
        visit.press("confirm").await;
        visit.write("cpr", "8111790001").await;
        visit.press("cpr-button").await;
        visit.see("cpr-wrong").await;
        visit.write("cpr", "6903880048").await;
        visit.press("cpr-button").await;
        visit.ended(&order, Ending::Finished("Ditte Kjær")).await;
        visit.begin("sbid-another", json!({})).await;
        visit.press("elsewhere").await;
        visit.see("elsewhere-on").await;
        visit.press("confirm").await;
        visit.notice("elsewhere").await;
        assert!(!visit.see("copy").await.is_displayed().await.unwrap(), "a button that needs script is not shown");
    });
}
