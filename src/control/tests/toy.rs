//! A provider as small as one can be.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::identity::{Country, NationalNumber};
use crate::script::{Millis, Script, Tampering, WebhookTampering};
use crate::session::{Entered, Limits, OrderBegins};
use crate::simulation::{
    Asked, Context, Errand, ErrandKind, Fact, Provider, Seal, SealFlaw, Session, Space, Unsayable,
};

#[derive(Debug)]
pub(super) struct Toy;

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) reference: Option<String>,
    pub(super) target: Option<String>,
    pub(super) webhook: Option<String>,
    /// Whether the person is called on the phone, with a text to sign, instead of sent to a page.
    #[serde(default)]
    pub(super) phone: bool,
    #[serde(skip)]
    pub(super) number: Option<NationalNumber>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Switches {
    language: String,
    strict: bool,
}

impl Provider for Toy {
    const NAME: &'static str = "toy_one";
    const CREDENTIALS: &'static [&'static str] = &["token", "secret"];
    type Order = Order;
    type State = ();
    type Settings = Switches;

    fn asked(order: &Order) -> Asked<'_> {
        Asked {
            method: "toy",
            country: Country::Se,
            number: order.number.as_ref(),
            reference: order.reference.as_deref(),
            target: order.target.as_deref(),
            text: order.phone.then_some("Two\nlines"),
        }
    }

    fn weight(_: &Order) -> usize {
        1
    }

    fn limits(order: &Order, _: &Switches) -> Limits {
        let begins = if order.phone { OrderBegins::AtOnce } else { OrderBegins::WhenOpened };
        Limits { link: Millis(600_000), order: Millis(180_000), begins }
    }

    fn refuses(script: &Script) -> Option<Unsayable> {
        script.forgeries.iter().find(|f| matches!(f.how, Tampering::Identity(_))).map(|forgery| Unsayable {
            provider: Self::NAME,
            what: format!("the forgery {}", forgery.how),
            why: "a toy has no identities",
        })
    }

    fn errands(session: &mut Session<Self>, entered: &Entered, _: &Context<'_, Self>) -> Vec<Errand> {
        let url = session.order.webhook.clone().filter(|_| !entered.phase.is_pending());
        let errand = |url| Errand {
            kind: ErrandKind::Webhook,
            url,
            body: Bytes::from_static(b"{\"number\":\"198501012382\"}"),
            content_type: "application/json",
            seal: None,
            retries: &[],
        };
        url.map(errand).into_iter().collect()
    }

    fn page(session: &Session<Self>) -> Option<String> {
        (!session.order.phone).then(|| format!("/toy/{}", session.id))
    }

    fn webhook<'a>(order: &'a Order, _: &'a Switches) -> Option<&'a str> {
        order.webhook.as_deref()
    }

    fn notice(session: &mut Session<Self>, _: &Context<'_, Self>) -> Option<Errand> {
        let wants = session.order.reference.as_deref() != Some("without webhooks");
        wants.then(|| Errand {
            kind: ErrandKind::Webhook,
            url: String::new(),
            body: session.phase().word().into(),
            content_type: "text/plain",
            seal: Some(Seal {
                header: "X-Seal",
                sign: |key, signed, _| format!("{}/{}", String::from_utf8_lossy(key), String::from_utf8_lossy(signed)),
                key: b"key".as_slice().into(),
                over: None,
                flaw: session.tampering(1, |how| {
                    (how == Tampering::Webhook(WebhookTampering::EmptyKey)).then_some(SealFlaw::EmptyKey)
                }),
            }),
            retries: &[],
        })
    }

    fn base(_: &Space) -> String {
        "/toy".into()
    }

    fn connection(_: &Space) -> Vec<(&'static str, Fact)> {
        let [named, at, value] = ["toy/issuer", "toy/key", "MIIB"].map(str::to_owned);
        vec![("ISSUER", Fact::PublicPath(named)), ("KEY_URL", Fact::Path(at)), ("CA", Fact::Value(value))]
    }

    fn mint(_: &str, credential: &str, entropy: [u8; 32]) -> String {
        format!("{credential}-{}", hex::encode(&entropy[..8]))
    }

    fn answer_now(session: &Session<Self>, _: &Context<'_, Self>) -> String {
        session.phase().word().to_owned()
    }
}
