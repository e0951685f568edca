//! ZignSec eID, version 2: BankID in the browser for Sweden, Norway, Finland and Denmark.
//!
//! ```text
//!   POST /v2/eid/{selector} ──read──▶ Order ──▶ session ──say──▶ GET /v2/eid/{id}
//!                                                  │  └─errands─▶ webhook, AskForCprCallback
//!                                                  └─page─▶ /v2/Hosted/{id}/{selector}/
//! ```
//!
//! What is documented, seen in client code or inferred stands in the `README.md` of this folder.

pub mod errands;
pub mod order;
pub mod say;
pub mod settings;
pub mod state;
pub mod switches;
pub mod wire;

mod account;
mod api;
mod field;
mod forge;
mod number;
mod oidc;
mod page;
mod read;
mod reading;
mod sample;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use order::{Channel, Language, LoginHint, Method, Order};
pub use settings::Settings;
pub use state::{Cpr, CprNext, State};

use super::Mounted;
use super::zignsec::sayable::unsayable;
pub use super::zignsec::token::DOCUMENTED_TOKEN;
use super::zignsec::{self, body, problem, token, visit};
use crate::dial::Answer;
use crate::script::{Millis, Operation, Script, Tampering, WebhookTampering};
use crate::session::{Entered, Limits, OrderBegins};
use crate::simulation::{
    Asked, Commons, Context, Errand, ErrandKind, Provider, Sample, Session, Sessions, Space, Timestamp, Unsayable,
};

/// The provider.
#[derive(Debug)]
pub struct ZignsecV2;

/// Its sessions.
pub type V2Sessions = Arc<Sessions<ZignsecV2>>;

/// The provider at its place in the simulation, with its routes.
pub fn mount(commons: &Arc<Commons>, place: usize) -> Mounted {
    let sessions = Arc::new(Sessions::<ZignsecV2>::new(commons.clone(), place));
    Mounted {
        control: sessions.clone(),
        routes: api::routes(&sessions).merge(account::routes(&sessions)).merge(page::routes(&sessions)),
    }
}

impl Provider for ZignsecV2 {
    const NAME: &'static str = "zignsec_v2";
    const CREDENTIALS: &'static [&'static str] = &["token"];
    const SAMPLE: Option<Sample> = Some(sample::SAMPLE);
    type Order = Order;
    type State = State;
    type Settings = Settings;

    fn asked(order: &Order) -> Asked<'_> {
        Asked {
            method: order.method.selector(),
            country: order.method.country(),
            number: order.number(),
            reference: order.relaystate.as_deref(),
            target: order.target.as_deref(),
            text: order.text.as_deref(),
        }
    }

    fn weight(order: &Order) -> usize {
        order.weight()
    }

    fn limits(_order: &Order, settings: &Settings) -> Limits {
        Limits {
            link: Millis(u64::from(settings.redirect_url_expiration_minutes) * 60_000),
            // Swedish BankID's three minutes; the others' are not documented.
            order: Millis(180_000),
            begins: OrderBegins::WhenOpened,
        }
    }

    fn refuses(script: &Script) -> Option<Unsayable> {
        let elsewhere = "v2 has set-up, result and page; use start, collect or page";
        unsayable::<Self>(script, &OPERATIONS, elsewhere, senseless)
    }

    fn one_order_per_person(settings: &Settings) -> bool {
        settings.person_slot == switches::PersonSlot::On
    }

    fn errands(session: &mut Session<Self>, entered: &Entered, context: &Context<'_, Self>) -> Vec<Errand> {
        errands::entered(session, entered, context)
    }

    fn answered(
        session: &mut Session<Self>,
        errand: &Errand,
        answer: Option<&Answer>,
        context: &Context<'_, Self>,
    ) -> Vec<Errand> {
        match errand.kind {
            ErrandKind::Question => errands::answered(session, answer, context),
            ErrandKind::Webhook => Vec::new(),
        }
    }

    fn page(session: &Session<Self>) -> Option<String> {
        Some(hosted(session))
    }

    fn webhook<'a>(order: &'a Order, settings: &'a Settings) -> Option<&'a str> {
        order.webhook.as_deref().or(settings.account_webhook.as_deref())
    }

    fn notice(session: &mut Session<Self>, context: &Context<'_, Self>) -> Option<Errand> {
        Some(errands::notice(session, context))
    }

    fn base(_space: &Space) -> String {
        "/v2".to_owned()
    }

    fn mint(space: &str, _credential: &str, entropy: [u8; 32]) -> String {
        token::mint(space, entropy)
    }

    fn answer_now(session: &Session<Self>, context: &Context<'_, Self>) -> String {
        errands::answer_now(session, context)
    }
}

/// Why v2 has nothing that could be wrong in this way.
const fn senseless(how: Tampering) -> Option<&'static str> {
    match how {
        Tampering::Jws(..) | Tampering::SignedIdentity(_) => {
            Some("v2's results are not signed; use the artefact identity")
        }
        Tampering::Callback(_)
        | Tampering::IdToken(_)
        | Tampering::Jwe(..)
        | Tampering::KeySet(_)
        | Tampering::Sdo(_)
        | Tampering::Userinfo(_) => Some("v2 has results and webhooks; use the artefacts identity and webhook"),
        Tampering::Webhook(WebhookTampering::RelaystateSwapped) => {
            Some("v2's webhooks carry no relaystate; use webhook/other-session")
        }
        Tampering::Webhook(WebhookTampering::TimestampFuture | WebhookTampering::TimestampStale) => {
            Some("v2's webhook signature carries no moment")
        }
        Tampering::Identity(_) | Tampering::Webhook(_) => None,
    }
}

/// Begins a new attempt with a fresh state, if the order allows it, the present attempt failed and the link is still good. Returns whether one began.
pub fn retry(session: &mut Session<ZignsecV2>, now: Timestamp) -> bool {
    let begins = session.order.allow_retries && visit::again(session, now);
    if begins {
        session.state = State::default();
    }
    begins
}

/// Where the person goes, relative to the public address (which ends in a slash).
fn hosted(session: &Session<ZignsecV2>) -> String {
    format!("v2/Hosted/{}/{}/", session.id, session.order.method.selector())
}

/// What is asked of this provider.
const OPERATIONS: [Operation; 3] = [Operation::Collect, Operation::Page, Operation::Start];
