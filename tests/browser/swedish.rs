//! Swedish BankID: the text to sign, the app and its animated code.

use std::cell::RefCell;
use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fantoccini::Locator;
use rqrr::{Grid, SimpleGrid};
use serde_json::json;

use crate::chromium::Scripts;
use crate::visit::{Ending, by_turns};

#[test]
fn the_text_to_sign_is_shown_exactly() {
    by_turns(Scripts::On, async |visit| {
        let text = "Jag köper <b>allt</b> för 1 000 kr & \"mer\"\n\n  <script>alert(1)</script>\n– Åsa";
        let fields = json!({ "personalnumber": "198501012382", "userVisibleData": STANDARD.encode(text) });
        let order = visit.begin("sbid-sign", fields).await;
        let shown = visit.see("text-to-sign").await;
        assert_eq!(shown.prop("textContent").await.unwrap().as_deref(), Some(text));
        assert_eq!(shown.prop("innerText").await.unwrap().as_deref(), Some(text), "line breaks are seen as such");
        assert!(shown.find_all(Locator::Css("*")).await.unwrap().is_empty(), "nothing in it is read as HTML");
        visit.press("confirm").await;
        visit.ended(&order, Ending::Finished("Anna Åkerström")).await;
    });
}

#[test]
fn the_app_is_started_from_the_page() {
    by_turns(Scripts::On, async |visit| {
        visit.begin("sbid-another", json!({})).await;
        let before = visit.text("status").await;
        visit.press("start-app").await;
        visit.until("the app has it", async || visit.text("status").await != before).await;
        let link = visit.see("app-link").await.attr("href").await.unwrap().unwrap();
        assert!(link.starts_with("bankid:///?autostarttoken="), "{link}");
        visit.begin("sbid", json!({})).await;
        assert!(!visit.has("qr").await, "there is nothing to scan with on the same device");
    });
}

#[test]
fn the_code_is_another_one_each_second_and_can_be_read() {
    by_turns(Scripts::On, async |visit| {
        visit.begin("sbid-another", json!({})).await;
        let frames: RefCell<Vec<(String, u64, String)>> = RefCell::default();
        let three = async || {
            let shown = visit.browser.execute_async(FETCH_SHOWN, vec![]).await.unwrap();
            let mut frames = frames.borrow_mut();
            if let Some(svg) = shown.as_str() {
                let text = decoded(svg);
                let parts: Vec<_> = text.split('.').collect();
                let [_, token, moment, code] = parts[..] else { panic!("{text} has other parts") };
                assert!(text.starts_with("bankid.") && code.len() == 64, "{text}");
                let frame = (token.to_owned(), moment.parse().unwrap(), code.to_owned());
                if !frames.contains(&frame) {
                    frames.push(frame);
                }
            }
            frames.len() == 3
        };
        visit.until("three codes", three).await;
        let frames = frames.into_inner();
        assert!(frames.is_sorted_by_key(|frame| frame.1), "{frames:?}");
        assert!(frames.iter().all(|frame| frame.0 == frames[0].0), "one token: {frames:?}");
        let codes: BTreeSet<_> = frames.iter().map(|frame| &frame.2).collect();
        assert_eq!(codes.len(), 3, "{frames:?}");
    });
}

/// The image that the page shows, once it is really painted.
const FETCH_SHOWN: &str =
    "const done = arguments[arguments.length - 1], image = document.querySelector('[data-testid=qr]');
if (!image.complete || !image.naturalWidth) done(null);
else fetch(image.src).then((answer) => answer.text()).then(done, () => done(null));";

/// What a QR code says, read from its modules: `M{x},{y}h1v1h-1` is a dark one, with a quiet zone around.
fn decoded(svg: &str) -> String {
    let dark: BTreeSet<(usize, usize)> = svg
        .split('M')
        .skip(1)
        .filter_map(|module| {
            let (place, _) = module.split_once("h1v1h-1")?;
            let (x, y) = place.split_once(',')?;
            Some((x.parse().ok()?, y.parse().ok()?))
        })
        .collect();
    let quiet = dark.iter().map(|(x, _)| *x).min().unwrap();
    let size = dark.iter().map(|(x, _)| *x).max().unwrap() + 1 - quiet;
    let grid = SimpleGrid::from_func(size, |x, y| dark.contains(&(x + quiet, y + quiet)));
    Grid::new(grid).decode().unwrap().1
}
