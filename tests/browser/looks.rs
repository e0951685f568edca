//! How it looks: nothing is cut off on a phone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::chromium::Scripts;
use crate::visit::by_turns;

#[test]
fn nothing_is_cut_off_on_a_phone() {
    by_turns(Scripts::On, async |visit| {
        visit.browser.set_window_size(390, 844).await.unwrap();
        let text = json!({ "personalnumber": "198501012382", "userVisibleData": STANDARD.encode("Långt".repeat(40)) });
        for (selector, fields, presses) in [
            ("sbid-another", json!({}), [].as_slice()),
            ("sbid-sign", text, &["elsewhere"]),
            ("no", json!({}), &[]),
            ("nbid_oidc", json!({}), &[]),
            ("nbid_mobile", json!({ "Scope": "nnin phone" }), &["confirm"]),
            ("nemid", json!({ "AskForCpr": true }), &["confirm"]),
            ("fbid", json!({}), &["elsewhere", "confirm"]),
        ] {
            visit.begin(selector, fields).await;
            for button in presses {
                visit.press(button).await;
            }
            let cut = visit.browser.execute(CUT_OFF, vec![]).await.unwrap();
            assert_eq!(cut, json!([]), "{selector} {presses:?}");
        }
        visit.browser.set_window_size(1200, 900).await.unwrap();
    });
}

/// Elements that stand out of the window, and such whose own text has no room.
pub(crate) const CUT_OFF: &str = "return [...document.querySelectorAll('body *')].filter((e) => {
  const box = e.getBoundingClientRect(), has_text = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  return e.checkVisibility() && (box.left < -1 || box.right > innerWidth + 1 || (has_text && e.clientWidth && e.scrollWidth > e.clientWidth + 1));
}).map((e) => innerWidth + ' ' + e.outerHTML.slice(0, 120));";
