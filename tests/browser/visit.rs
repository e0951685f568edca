//! A person with a browser at the hosted page.

use std::cell::Cell;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::chromium::{Scripts, browse};
use crate::party::{Back, Seen, Webhook};
use crate::world::World;

/// The page's languages: what an order asks for, what the page says that it is in, and what it asks the person to do.
pub(crate) const LANGUAGES: [(&str, &str, &str); 5] = [
    ("EN", "en", "Identify yourself"),
    ("SV", "sv", "Legitimera dig"),
    ("NO", "no", "Identifiser deg"),
    ("DA", "da", "Identificer dig"),
    ("FI", "fi", "Tunnistaudu"),
];

/// Where the page stands, in which language, and who looks on.
pub(crate) struct Visit<'a> {
    pub(crate) world: &'a World,
    pub(crate) browser: &'a Client,
    pub(crate) language: (&'static str, &'static str, &'static str),
    pub(crate) framed: bool,
    pub(crate) scripts: Scripts,
}

/// An order as the relying party remembers it.
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) url: String,
    relaystate: String,
    /// What the relying party has seen and is done with.
    since: Cell<usize>,
}

/// How it shall have ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    /// With an error of this code.
    Failed(&'static str),
    /// With the identity of somebody of this name.
    Finished(&'static str),
}

/// Plays a story in each language, in a window and in an iframe.
pub(crate) fn everywhere(scripts: Scripts, story: impl AsyncFn(&Visit<'_>)) {
    play(scripts, &LANGUAGES.map(|language| [(language, false), (language, true)]).concat(), story);
}

/// Plays a story in each language, in a window and in an iframe by turns; with `MOTPART_BROWSER=full` everywhere.
pub(crate) fn by_turns(scripts: Scripts, story: impl AsyncFn(&Visit<'_>)) {
    if std::env::var_os("MOTPART_BROWSER").is_some_and(|wish| wish == "full") {
        return everywhere(scripts, story);
    }
    let turns: Vec<_> = LANGUAGES.into_iter().zip([false, true].into_iter().cycle()).collect();
    play(scripts, &turns, story);
}

#[expect(clippy::needless_pass_by_value, reason = "a story is written where it is played, and played once")]
fn play(
    scripts: Scripts,
    places: &[((&'static str, &'static str, &'static str), bool)],
    story: impl AsyncFn(&Visit<'_>),
) {
    browse(scripts, async |browser| {
        let world = World::start().await;
        for &(language, framed) in places {
            // Shown when the story fails.
            println!("in {}, {}", language.0, if framed { "in an iframe" } else { "in a window" });
            story(&Visit { world: &world, browser, language, framed, scripts }).await;
        }
    });
}

impl Visit<'_> {
    /// Every second one of many cases: the window and the iframe of a language share them.
    pub(crate) fn share_of<T: Copy>(&self, cases: &[T]) -> Vec<T> {
        let language = LANGUAGES.iter().position(|language| *language == self.language).unwrap();
        cases.iter().skip((language + usize::from(self.framed)) % 2).step_by(2).copied().collect()
    }

    /// The relying party sets an order up: with both addresses, the webhook, the language, a relay state of its own, and these fields.
    pub(crate) async fn order(&self, selector: &str, fields: Value) -> Order {
        let party = &self.world.party;
        let since = party.seen().len();
        let relaystate = format!("{selector}-{since}");
        let mut order = json!({
            "target": party.at("/klar"), "targetError": party.at("/fel"), "webhook": party.webhook(),
            "language": self.language.0, "relaystate": relaystate,
        });
        order.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let (id, url) = self.world.set_up(selector, &order).await;
        Order { id, url, relaystate, since: Cell::new(since) }
    }

    /// The browser opens the order's page, where this visit takes place.
    pub(crate) async fn open(&self, order: &Order) {
        self.show(&order.url).await;
        self.wait_for(&format!("html[lang={}] [data-testid=banner]", self.language.1)).await;
    }

    /// An order, opened.
    pub(crate) async fn begin(&self, selector: &str, fields: Value) -> Order {
        let order = self.order(selector, fields).await;
        self.open(&order).await;
        order
    }

    /// The browser goes to an address at the simulator.
    pub(crate) async fn show(&self, address: &str) {
        if self.framed {
            self.browser.goto(&self.world.party.embedding(address)).await.unwrap();
            self.enter().await;
        } else {
            self.browser.goto(address).await.unwrap();
        }
    }

    /// From the page that embeds into the embedded one.
    pub(crate) async fn enter(&self) {
        self.browser.wait().for_element(Locator::Id("eid")).await.unwrap().enter_frame().await.unwrap();
    }

    /// Waits for an element.
    pub(crate) async fn see(&self, testid: &str) -> Element {
        self.wait_for(&named(testid)).await
    }

    /// Whether there is such an element now.
    pub(crate) async fn has(&self, testid: &str) -> bool {
        !self.browser.find_all(Locator::Css(&named(testid))).await.unwrap().is_empty()
    }

    /// Waits for the page to be at this stage.
    pub(crate) async fn stage(&self, stage: &str) {
        self.wait_for(&format!("body[data-stage={stage}]")).await;
    }

    /// Waits for a page that only tells, of this kind.
    pub(crate) async fn notice(&self, kind: &str) {
        self.wait_for(&format!("body[data-notice={kind}]")).await;
    }

    /// Waits for a condition of the page.
    pub(crate) async fn until(&self, what: &str, condition: impl AsyncFn() -> bool) {
        let waiting = async {
            let mut period = tokio::time::interval(PERIOD);
            while !condition().await {
                period.tick().await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "never came true: {what}");
    }

    async fn wait_for(&self, wanted: &str) -> Element {
        let found = self.browser.wait().at_most(PATIENCE).every(PERIOD).for_element(Locator::Css(wanted)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("never {wanted}: {error}\n{}", self.browser.source().await.unwrap_or_default()),
        }
    }

    /// Presses a button, follows a link or chooses a person. The page may renew itself just then.
    pub(crate) async fn press(&self, testid: &str) {
        for _ in 0..5 {
            match self.see(testid).await.click().await {
                Ok(()) => return,
                Err(CmdError::Standard(error)) if error.error == ErrorStatus::StaleElementReference => {}
                // The frame that was pressed in went away by that.
                Err(CmdError::Standard(error)) if self.framed && is_gone(&error.error) => return,
                Err(error) => panic!("{testid} cannot be pressed: {error}"),
            }
        }
        panic!("{testid} never stands still");
    }

    /// Types into a field.
    pub(crate) async fn write(&self, testid: &str, text: &str) {
        let field = self.see(testid).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// The text of an element as it is seen. The page may renew itself just then.
    pub(crate) async fn text(&self, testid: &str) -> String {
        for _ in 0..5 {
            match self.see(testid).await.text().await {
                Ok(text) => return text,
                Err(CmdError::Standard(error)) if error.error == ErrorStatus::StaleElementReference => {}
                Err(error) => panic!("{testid} cannot be read: {error}"),
            }
        }
        panic!("{testid} never stands still");
    }

    /// Chooses somebody and confirms.
    pub(crate) async fn confirm_as(&self, person: &str) {
        self.press(&format!("person-{person}")).await;
        self.press("confirm").await;
    }

    /// Holds everything the relying party sees of the end against how it shall have ended, and returns the result it fetched.
    pub(crate) async fn ended(&self, order: &Order, ending: Ending) -> Value {
        let since = order.since.get();
        let webhook = self.came_back(order, ending).await.expect("a webhook before the browser");
        let (status, result) = self.world.result(&order.id).await;
        assert_eq!((status, result["id"].as_str()), (200, Some(&*order.id)), "{result}");
        let body = &webhook.body;
        let description = match ending {
            Ending::Finished(name) => {
                for (told, from) in [(&result, "the result"), (body, "the webhook")] {
                    let full = told["identity"]["FullName"].as_str().map(str::to_lowercase);
                    assert_eq!(full, Some(name.to_lowercase()), "{from}: {told}");
                }
                assert_eq!((&result["errors"], &result["identity"]), (&json!([]), &body["identity"]));
                String::new()
            }
            Ending::Failed(code) => {
                assert_eq!(result["errors"][0]["code"], code, "{result}");
                assert_eq!(result["result"]["identity"]["state"], "ERROR", "{result}");
                assert_eq!(result["errors"], body["errors"]);
                assert!(result.get("identity").is_none() && body.get("identity").is_none());
                result["errors"][0]["description"].as_str().unwrap().to_owned()
            }
        };
        let code = if let Ending::Failed(code) = ending { code } else { "" };
        self.parent_heard(order, since, code, &description).await;
        result
    }

    /// Waits for the browser to come back, and returns the webhook that came before it, if one did.
    pub(crate) async fn came_back(&self, order: &Order, ending: Ending) -> Option<Webhook> {
        let party = &self.world.party;
        let query = format!("relaystate={}&service=eIDBasic", order.relaystate);
        let (at, back) = party
            .until(order.since.get(), "the browser", |seen| match seen {
                Seen::Back(back) if back.query.contains(&order.relaystate) => Some(back.clone()),
                Seen::Asked(_) | Seen::Back(_) | Seen::Heard { .. } | Seen::Told(_) => None,
            })
            .await;
        let path = if let Ending::Failed(_) = ending { "/fel" } else { "/klar" };
        let into = if self.framed { "iframe" } else { "document" };
        let expected = Back { path: path.into(), query, into: into.into(), referer: back.referer.clone() };
        assert_eq!(back, expected);
        let told = party.seen().into_iter().take(at).skip(order.since.get()).filter_map(|seen| match seen {
            Seen::Told(webhook) if webhook.body["id"] == *order.id => Some(webhook),
            Seen::Asked(_) | Seen::Back(_) | Seen::Heard { .. } | Seen::Told(_) => None,
        });
        let told: Vec<_> = told.collect();
        assert!(told.len() < 2, "more than one webhook: {told:#?}");
        for webhook in &told {
            assert!(self.world.sealed(webhook), "the signature is not of these bytes: {webhook:#?}");
            assert_eq!(webhook.content_type, "application/json; charset=utf-8");
        }
        order.since.set(at + 1);
        told.into_iter().next()
    }

    /// What the page posts to the page that embeds it, and that nothing is posted without one.
    async fn parent_heard(&self, order: &Order, since: usize, code: &str, description: &str) {
        let party = &self.world.party;
        let heard = |seen: &Seen| match seen {
            Seen::Heard { origin, data } if data["token"] == *order.id => Some((origin.clone(), data.clone())),
            Seen::Asked(_) | Seen::Back(_) | Seen::Heard { .. } | Seen::Told(_) => None,
        };
        if !self.framed || self.scripts == Scripts::Off {
            assert!(!party.seen().iter().skip(since).any(|seen| heard(seen).is_some()), "a message without a parent");
            return;
        }
        let (_, (origin, data)) = party.until(since, "the message of the frame", heard).await;
        let message =
            json!({ "command": "zignsec_postback", "errorcode": code, "error": description, "token": order.id });
        assert_eq!((origin, data), (self.world.origin(), message));
        let all = party.seen().iter().skip(since).filter(|seen| heard(seen).is_some()).count();
        assert_eq!(all, 1, "the parent is told once");
    }
}

/// Whether the window or frame that the driver looked at is no more.
fn is_gone(status: &ErrorStatus) -> bool {
    matches!(status, ErrorStatus::NoSuchWindow | ErrorStatus::NoSuchFrame)
}

fn named(testid: &str) -> String {
    format!("[data-testid='{testid}']")
}

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(10);
const PERIOD: Duration = Duration::from_millis(20);
