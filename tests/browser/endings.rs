//! The buttons that end an order: confirm, cancel, fail.

use fantoccini::Locator;
use serde_json::json;

use crate::chromium::Scripts;
use crate::visit::{Ending, everywhere};

#[test]
fn the_right_person_confirms() {
    everywhere(Scripts::On, async |visit| {
        let order = visit.begin("sbid-another", json!({ "personalnumber": "198501012382" })).await;
        assert_eq!(visit.text("title").await, visit.language.2);
        assert!(visit.see("person-anna").await.is_selected().await.unwrap(), "the requested person is chosen already");
        assert!(visit.has("only-one").await);
        visit.press("confirm").await;
        let result = visit.ended(&order, Ending::Finished("Anna Åkerström")).await;
        assert_eq!(result["identity"]["PersonalNumber"], "198501012382");
    });
}

#[test]
fn somebody_else_confirms_and_the_relying_party_has_to_notice() {
    everywhere(Scripts::On, async |visit| {
        let order = visit.begin("sbid-another", json!({})).await;
        visit.confirm_as("bengt").await;
        let result = visit.ended(&order, Ending::Finished("Bengt Öberg")).await;
        assert_eq!(result["identity"]["PersonalNumber"], "198501139995");
    });
}

#[test]
fn somebody_else_is_refused_where_one_person_was_asked_for() {
    everywhere(Scripts::On, async |visit| {
        let order = visit.begin("sbid", json!({ "personalnumber": "198501012382" })).await;
        visit.confirm_as("bengt").await;
        visit.ended(&order, Ending::Failed("INVALID_PERSONALNUMBER")).await;
    });
}

#[test]
fn the_person_cancels() {
    everywhere(Scripts::On, async |visit| {
        let order = visit.begin("fbid", json!({})).await;
        visit.press("cancel").await;
        visit.ended(&order, Ending::Failed("USER_CANCEL")).await;
    });
}

#[test]
fn it_fails_for_each_reason_that_is_offered() {
    everywhere(Scripts::On, async |visit| {
        for (reason, code) in visit.share_of(&REASONS) {
            let order = visit.begin("sbid-another", json!({})).await;
            let select = visit.see("reason").await;
            assert_eq!(select.find_all(Locator::Css("option")).await.unwrap().len(), REASONS.len());
            select.select_by_value(reason).await.unwrap();
            visit.press("fail").await;
            visit.ended(&order, Ending::Failed(code)).await;
        }
    });
}

#[test]
fn without_a_target_the_page_itself_tells_the_end() {
    everywhere(Scripts::On, async |visit| {
        let nowhere = json!({ "target": null, "targetError": null });
        let order = visit.begin("sbid-another", nowhere.clone()).await;
        visit.press("confirm").await;
        visit.notice("done").await;
        assert!(!visit.has("reason-shown").await && !visit.has("onward").await);
        assert_eq!(visit.text("session").await, order.id);
        visit.begin("sbid-another", nowhere).await;
        visit.press("cancel").await;
        visit.notice("failed").await;
        assert!(!visit.text("reason-shown").await.is_empty());
    });
}

/// Every reason of the page, and the code by which it reaches the relying party.
const REASONS: [(&str, &str); 7] = [
    ("already-in-progress", "ALREADY_IN_PROGRESS"),
    ("certificate-error", "CERTIFICATE_ERR"),
    ("exception", "Internal Exception"),
    ("order-expired", "EXPIRED_TRANSACTION"),
    ("start-failed", "START_FAILED"),
    ("superseded", "CANCELLED"),
    ("wrong-person", "INVALID_PERSONALNUMBER"),
];
