//! The phone, and the page of SwissID: what ZignSec v3 shows to people.

use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::chromium::{Scripts, browse};
use crate::looks::CUT_OFF;
use crate::party::{Seen, Webhook};
use crate::world::World;

/// A person with the phone in hand.
struct Hand<'a> {
    world: &'a World,
    browser: &'a Client,
    scripts: Scripts,
}

impl Hand<'_> {
    async fn look(&self) {
        self.browser.goto(&self.world.at("phone")).await.unwrap();
        self.see("body[data-page-version='1'] [data-testid=banner]").await;
    }

    /// Jaan is asked to sign; without script the person has to look again.
    async fn order(&self) -> String {
        let fields = json!({ "countryCode": "EE", "identifierType": "PersonalNumber", "identifier": "38709149810",
            "displayText": "Avtal 7\nSida 2", "relayState": "case-1", "webhook": self.world.party.webhook() });
        let id = self.world.version_3("smartid/sign", &fields).await["id"].as_str().unwrap().to_owned();
        if self.scripts == Scripts::Off {
            self.see("[data-testid=refresh]").await.click().await.unwrap();
        }
        self.see(&format!("#order-{id}")).await;
        id
    }

    async fn see(&self, css: &str) -> Element {
        let wait = self.browser.wait().at_most(Duration::from_secs(10)).every(Duration::from_millis(20));
        match wait.for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("never {css}: {error}\n{}", self.browser.source().await.unwrap_or_default()),
        }
    }

    async fn part(&self, id: &str, testid: &str) -> Element {
        self.see(&format!("#order-{id} [data-testid='{testid}']")).await
    }

    async fn choose(&self, id: &str, person: &str) {
        self.part(id, "person").await.select_by_value(person).await.unwrap();
    }

    async fn press(&self, id: &str, testid: &str) {
        self.part(id, testid).await.click().await.unwrap();
        self.see("[data-testid=said]").await;
    }

    /// The result that the relying party fetches, after the webhook that told the same.
    async fn told(&self, id: &str) -> Value {
        let about = |seen: &Seen| match seen {
            Seen::Told(webhook) if webhook.body["id"] == *id => Some(Webhook::clone(webhook)),
            Seen::Asked(_) | Seen::Back(_) | Seen::Heard { .. } | Seen::Told(_) => None,
        };
        let (_, webhook) = self.world.party.until(0, "the webhook", about).await;
        assert!(self.world.sealed(&webhook));
        let result = self.world.result_3(&format!("smartid/{id}")).await;
        assert_eq!((&result["identity"], &result["errors"]), (&webhook.body["identity"], &webhook.body["errors"]));
        result
    }
}

/// Plays a story with and without script.
fn both(story: &impl AsyncFn(&Hand<'_>)) {
    for scripts in [Scripts::On, Scripts::Off] {
        browse(scripts, async |browser| {
            let world = World::start().await;
            story(&Hand { world: &world, browser, scripts }).await;
        });
    }
}

#[test]
fn a_person_approves_as_whoever_they_choose_to_be() {
    both(&async |hand| {
        hand.look().await;
        hand.see("[data-testid=empty]").await;
        for (person, name) in [(None, "Jaan Mägi"), (Some("kadri"), "Kadri Põld")] {
            let id = hand.order().await;
            let heading = hand.see(&format!("#order-{id} h2")).await.text().await.unwrap();
            assert_eq!(heading, "zignsec-v3 · smartid/sign");
            assert_eq!(hand.part(&id, "text-to-sign").await.text().await.unwrap(), "Avtal 7\nSida 2");
            assert_eq!(hand.part(&id, "reference").await.text().await.unwrap(), "case-1");
            assert!(hand.part(&id, "time-left").await.text().await.unwrap().starts_with("1:"));
            if let Some(person) = person {
                hand.choose(&id, person).await;
            }
            hand.press(&id, "approve").await;
            let told = hand.told(&id).await;
            assert_eq!((&told["identity"]["FullName"], &told["method"]), (&json!(name), &json!("smartid/sign")));
        }
    });
}

#[test]
fn a_person_declines_lets_it_arrive_and_lets_it_expire() {
    both(&async |hand| {
        hand.look().await;
        let id = hand.order().await;
        assert_eq!(hand.part(&id, "hint").await.text().await.unwrap(), "On its way to the phone");
        hand.press(&id, "receive").await;
        assert_eq!(hand.part(&id, "hint").await.text().await.unwrap(), "Arrived on the phone");
        hand.press(&id, "decline").await;
        assert_eq!(hand.told(&id).await["errors"][0]["code"], "USER_CANCEL");
        let id = hand.order().await;
        hand.press(&id, "expire").await;
        assert_eq!(hand.told(&id).await["errors"][0]["code"], "EXPIRED_TRANSACTION");
        hand.see("[data-testid=empty]").await;
    });
}

#[test]
fn the_page_follows_what_happens_elsewhere_and_keeps_a_choice() {
    browse(Scripts::On, async |browser| {
        let world = World::start().await;
        let hand = Hand { world: &world, browser, scripts: Scripts::On };
        hand.look().await;
        let first = hand.order().await;
        hand.choose(&first, "kadri").await;
        let second = hand.order().await;
        let newest = hand.see("[data-testid=order]").await.attr("data-order").await.unwrap();
        assert_eq!(newest.as_deref(), Some(&*second), "the newest stands first");
        let chosen = hand.part(&first, "person").await.prop("value").await.unwrap();
        assert_eq!(chosen.as_deref(), Some("kadri"), "the choice is kept when the page looks again");
        world.signal(&second, &json!({ "signal": "cancelled" })).await;
        world.advance(&first, "2m").await;
        hand.see("[data-testid=empty]").await;
    });
}

#[test]
fn the_keyboard_is_enough_and_nothing_is_cut_off() {
    browse(Scripts::On, async |browser| {
        let world = World::start().await;
        let hand = Hand { world: &world, browser, scripts: Scripts::On };
        hand.look().await;
        let id = hand.order().await;
        browser.set_window_size(390, 844).await.unwrap();
        let cut = browser.execute(CUT_OFF, vec![]).await.unwrap();
        browser.set_window_size(1200, 900).await.unwrap();
        assert_eq!(cut, json!([]));
        let mut passed = Vec::new();
        while passed.last().is_none_or(|last| last != "approve") {
            assert!(passed.len() < 8, "the keyboard does not reach it: {passed:?}");
            browser.active_element().await.unwrap().send_keys(&Key::Tab).await.unwrap();
            let element = browser.active_element().await.unwrap();
            passed.push(element.attr("data-testid").await.unwrap().unwrap_or_default());
        }
        browser.active_element().await.unwrap().send_keys(&Key::Enter).await.unwrap();
        hand.see("[data-testid=said]").await;
        assert_eq!(hand.told(&id).await["identity"]["FullName"], "Jaan Mägi");
        browser.goto(&world.at("")).await.unwrap();
        hand.see("[data-testid='phone']").await.click().await.unwrap();
        hand.see("[data-testid=empty]").await;
    });
}

#[test]
fn a_person_authenticates_at_swissid_and_comes_back() {
    both(&async |hand| {
        let party = &hand.world.party;
        for (press, path) in [("confirm", "/klar"), ("cancel", "/fel")] {
            let since = party.seen().len();
            let fields = json!({ "scopes": "openid profile email phone", "target": party.at("/klar"), "targetError": party.at("/fel"),
                "relayState": "case-1", "webhook": party.webhook() });
            let started = hand.world.version_3("swissid", &fields).await;
            hand.browser.goto(started["redirect_url"].as_str().unwrap()).await.unwrap();
            hand.see("[data-testid=person-bengt]").await.click().await.unwrap();
            hand.see(&format!("[data-testid={press}]")).await.click().await.unwrap();
            let back = |seen: &Seen| match seen {
                Seen::Back(back) => Some(back.clone()),
                Seen::Asked(_) | Seen::Heard { .. } | Seen::Told(_) => None,
            };
            let (_, back) = party.until(since, "the browser", back).await;
            assert_eq!((back.path.as_str(), back.query.as_str()), (path, "relaystate=case-1&service=eIDBasic"));
            let result = hand.world.result_3(started["id"].as_str().unwrap()).await;
            let name = if press == "confirm" { json!("Bengt Öberg") } else { Value::Null };
            assert_eq!(result["identity"]["FullName"], name, "{result}");
        }
    });
}
