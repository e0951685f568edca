//! The person comes back in another browser.

use serde_json::json;

use crate::chromium::Scripts;
use crate::party::Seen;
use crate::visit::{Ending, by_turns};

#[test]
fn the_address_is_shown_and_followed_elsewhere() {
    by_turns(Scripts::On, async |visit| {
        let order = visit.begin("sbid-another", json!({})).await;
        visit.press("elsewhere").await;
        visit.see("elsewhere-on").await;
        visit.press("elsewhere-off").await;
        visit.see("elsewhere").await;
        assert!(!visit.has("elsewhere-on").await);
        visit.press("elsewhere").await;
        visit.see("elsewhere-on").await;
        visit.press("confirm").await;
        visit.notice("elsewhere").await;
        let address = visit.text("return-address").await;
        assert!(address.starts_with(&visit.world.party.at("/klar?relaystate=")), "{address}");
        assert!(
            !visit.world.party.seen().iter().any(|seen| matches!(seen, Seen::Back(b) if address.ends_with(&b.query)))
        );
        let before = visit.text("copy").await;
        visit.press("copy").await;
        visit.until("copied", async || visit.text("copy").await != before).await;
        let here = visit.browser.window().await.unwrap();
        visit.press("open-elsewhere").await;
        let top = crate::visit::Visit { framed: false, ..*visit };
        assert!(top.came_back(&order, Ending::Finished("Anna Åkerström")).await.is_some());
        for window in visit.browser.windows().await.unwrap() {
            if window != here {
                visit.browser.switch_to_window(window).await.unwrap();
                visit.browser.close_window().await.unwrap();
            }
        }
        visit.browser.switch_to_window(here).await.unwrap();
    });
}
