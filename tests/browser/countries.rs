//! What differs from country to country: the chooser, Norway's first page and consent, Denmark's CPR number.

use serde_json::json;

use crate::chromium::Scripts;
use crate::party::Seen;
use crate::visit::{Ending, by_turns, everywhere};

#[test]
fn a_country_lets_the_person_choose_the_method() {
    everywhere(Scripts::On, async |visit| {
        for (country, method, told, name) in visit.share_of(&METHODS) {
            let order = visit.begin(country, json!({})).await;
            visit.stage("method").await;
            visit.press(&format!("method-{method}")).await;
            visit.stage("who").await;
            visit.press("confirm").await;
            let result = visit.ended(&order, Ending::Finished(name)).await;
            assert_eq!(result["method"], told);
        }
        let order = visit.begin("se", json!({})).await;
        visit.stage("method").await;
        visit.press("cancel").await;
        visit.ended(&order, Ending::Failed("USER_CANCEL")).await;
    });
}

#[test]
fn norwegian_bankid_is_used_on_the_web_or_on_a_mobile() {
    by_turns(Scripts::On, async |visit| {
        for (device, has_phone) in [("web", false), ("mobile", true)] {
            let order = visit.begin("no", json!({})).await;
            visit.press("method-nbid_oidc").await;
            visit.stage("device").await;
            visit.press(&format!("device-{device}")).await;
            visit.stage("who").await;
            visit.press("confirm").await;
            let result = visit.ended(&order, Ending::Finished("Astrid Sørlie")).await;
            assert_eq!(result["identity"].get("PhoneNumber").is_some(), has_phone, "{device}: {result}");
        }
        let order = visit.begin("nbid_oidc", json!({})).await;
        visit.stage("device").await;
        visit.press("cancel").await;
        visit.ended(&order, Ending::Failed("USER_CANCEL")).await;
    });
}

#[test]
fn norwegians_agree_to_share_or_do_not() {
    by_turns(Scripts::On, async |visit| {
        let fields = json!({ "Scope": "nnin phone" });
        let order = visit.begin("nbid_mobile", fields.clone()).await;
        visit.press("confirm").await;
        visit.stage("consent").await;
        assert!(visit.text("consent").await.contains("Astrid Sørlie"));
        visit.press("agree").await;
        let result = visit.ended(&order, Ending::Finished("Astrid Sørlie")).await;
        assert_eq!(result["identity"]["PersonalNumber"], "01819030037");
        let order = visit.begin("nbid_mobile", fields).await;
        visit.press("confirm").await;
        visit.press("decline").await;
        visit.ended(&order, Ending::Failed("USER_CANCEL")).await;
    });
}

#[test]
fn danes_type_their_cpr_number() {
    by_turns(Scripts::On, async |visit| {
        let fields = json!({ "AskForCpr": true });
        let order = visit.begin("nemid", fields.clone()).await;
        visit.press("confirm").await;
        visit.stage("cpr").await;
        visit.write("cpr", "12").await;
        visit.press("cpr-button").await;
        visit.see("problem").await;
        visit.write("cpr", MADS).await;
        visit.press("cpr-button").await;
        visit.until("two attempts are left", async || visit.text("cpr-wrong").await.contains('2')).await;
        visit.write("cpr", DITTE).await;
        visit.press("cpr-button").await;
        let result = visit.ended(&order, Ending::Finished("Ditte Kjær")).await;
        assert_eq!(result["identity"]["PersonalNumber"], DITTE.replace('-', ""));

        let order = visit.begin("nemid", fields.clone()).await;
        visit.press("confirm").await;
        for left in ["2", "1", ""] {
            visit.stage("cpr").await;
            visit.write("cpr", MADS).await;
            visit.press("cpr-button").await;
            if !left.is_empty() {
                visit.until(left, async || visit.text("cpr-wrong").await.contains(left)).await;
            }
        }
        visit.ended(&order, Ending::Failed("INVALID_PERSONALNUMBER")).await;

        let order = visit.begin("nemid", fields).await;
        visit.press("confirm").await;
        visit.stage("cpr").await;
        // An empty field stops nobody from leaving.
        visit.press("cancel").await;
        visit.ended(&order, Ending::Failed("USER_CANCEL")).await;
    });
}

#[test]
fn the_relying_party_is_asked_whether_it_wants_the_cpr_number() {
    by_turns(Scripts::On, async |visit| {
        for wants in [false, true] {
            let since = visit.world.party.seen().len();
            let order = visit.begin("nemid", json!({ "AskForCprCallback": visit.world.party.question(wants) })).await;
            visit.press("confirm").await;
            let asked = visit.world.party.until(since, "the question", |seen| match seen {
                Seen::Asked(pid) => Some(pid.clone()),
                Seen::Back(_) | Seen::Heard { .. } | Seen::Told(_) => None,
            });
            let (_, pid) = asked.await;
            if wants {
                visit.stage("cpr").await;
                visit.write("cpr", DITTE).await;
                visit.press("cpr-button").await;
            }
            let result = visit.ended(&order, Ending::Finished("Ditte Kjær")).await;
            assert_eq!(result["identity"]["IdProviderPersonId"], *pid, "the person it was asked about");
            assert_eq!(result["identity"].get("PersonalNumber").is_some(), wants, "{result}");
        }
    });
}

/// The methods that each country offers, how the result names them (`nbid` and `nbid_mobile` forward to `nbid_oidc`), and who is suggested.
const METHODS: [(&str, &str, &str, &str); 6] = [
    ("se", "sbid-another", "sbid-another", "Anna Åkerström"),
    ("dk", "nemid", "nemid", "Ditte Kjær"),
    ("no", "nbid", "nbid_oidc", "Astrid Sørlie"),
    ("no", "nbid_mobile", "nbid_oidc", "Astrid Sørlie"),
    ("fi", "fbid", "fbid", "Aino Järvi"),
    ("se", "sbid", "sbid", "Anna Åkerström"),
];

/// Synthetic: register names `ditte` and `mads`.
const DITTE: &str = "690388-0048";
const MADS: &str = "811179-0001";
