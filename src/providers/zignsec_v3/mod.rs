//! ZignSec eID, version 3: Smart-ID in the three Baltic countries, and SwissID in the browser.
//!
//! ```text
//!   POST /v3/eid/smartid/auth, …/sign ──read──▶ Order ──▶ session ──say──▶ GET /v3/eid/smartid/{id}
//!   POST /v3/eid/swissid                                    │  └─errands─▶ webhook
//!                                                           └─page─▶ /v3/Hosted/{id}/swissid/
//! ```
//!
//! Smart-ID has no page: the person's app is called, and the person acts on the simulator's phone page. What is documented, seen in client
//! code or inferred stands in the `README.md` of this folder.

pub mod errands;
pub mod order;
pub mod say;
pub mod settings;
pub mod switches;
pub mod wire;

mod api;
mod field;
mod forge;
mod page;
mod read;
mod sample;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use order::{IdentifierType, Method, Order};
pub use settings::Settings;

use super::Mounted;
use super::zignsec::sayable::unsayable;
pub use super::zignsec::token::DOCUMENTED_TOKEN;
use super::zignsec::{self, problem, token};
use crate::script::{IdentityTampering, Millis, Operation, Script, Tampering, WebhookTampering};
use crate::session::{Entered, Limits, OrderBegins};
use crate::simulation::{Asked, Commons, Context, Errand, Provider, Sample, Session, Sessions, Space, Unsayable};

/// The provider.
#[derive(Debug)]
pub struct ZignsecV3;

/// Its sessions.
pub type V3Sessions = Arc<Sessions<ZignsecV3>>;

/// The provider at its place in the simulation, with its routes.
pub fn mount(commons: &Arc<Commons>, place: usize) -> Mounted {
    let sessions = Arc::new(Sessions::<ZignsecV3>::new(commons.clone(), place));
    Mounted { control: sessions.clone(), routes: api::routes(&sessions).merge(page::routes(&sessions)) }
}

impl Provider for ZignsecV3 {
    const NAME: &'static str = "zignsec_v3";
    const CREDENTIALS: &'static [&'static str] = &["token"];
    const SAMPLE: Option<Sample> = Some(sample::SAMPLE);
    type Order = Order;
    type State = ();
    type Settings = Settings;

    fn asked(order: &Order) -> Asked<'_> {
        Asked {
            method: order.method.path(),
            country: order.country,
            number: order.number(),
            reference: order.relay_state.as_deref(),
            target: order.target.as_deref(),
            text: order.text.as_deref(),
        }
    }

    fn weight(order: &Order) -> usize {
        order.weight()
    }

    fn limits(order: &Order, settings: &Settings) -> Limits {
        let link = Millis(u64::from(settings.redirect_url_expiration_minutes) * 60_000);
        match order.method {
            // Ninety seconds for the app and three minutes for the page are inferred.
            Method::SmartIdAuth | Method::SmartIdSign => {
                Limits { link, order: Millis(90_000), begins: OrderBegins::AtOnce }
            }
            Method::SwissId => Limits { link, order: Millis(180_000), begins: OrderBegins::WhenOpened },
        }
    }

    fn refuses(script: &Script) -> Option<Unsayable> {
        let elsewhere = "v3 has set-up, result and page; use start, collect or page";
        unsayable::<Self>(script, &OPERATIONS, elsewhere, senseless)
    }

    fn errands(session: &mut Session<Self>, entered: &Entered, context: &Context<'_, Self>) -> Vec<Errand> {
        Vec::from_iter(errands::entered(session, entered, context))
    }

    fn page(session: &Session<Self>) -> Option<String> {
        session.order.method.in_browser().then(|| hosted(session))
    }

    fn webhook<'a>(order: &'a Order, settings: &'a Settings) -> Option<&'a str> {
        order.webhook.as_deref().or(settings.account_webhook.as_deref())
    }

    fn notice(session: &mut Session<Self>, context: &Context<'_, Self>) -> Option<Errand> {
        Some(errands::notice(session, context))
    }

    fn base(_space: &Space) -> String {
        "/v3".to_owned()
    }

    fn mint(space: &str, _credential: &str, entropy: [u8; 32]) -> String {
        token::mint(space, entropy)
    }

    fn answer_now(session: &Session<Self>, context: &Context<'_, Self>) -> String {
        errands::answer_now(session, context)
    }
}

/// Why a forgery would be nothing here.
const fn senseless(how: Tampering) -> Option<&'static str> {
    match how {
        Tampering::Identity(IdentityTampering::NumberHyphenated | IdentityTampering::NumberTenDigits) => {
            Some("Baltic numbers have one length, and the Latvian hyphen is their usual spelling")
        }
        Tampering::Identity(IdentityTampering::RegisterOfSomeoneElse) => {
            Some("v3's results hold no record of a population register")
        }
        Tampering::Webhook(WebhookTampering::RelaystateSwapped) => {
            Some("v3's webhooks carry no relayState; use webhook/other-session")
        }
        Tampering::Jws(..) | Tampering::SignedIdentity(_) => {
            Some("v3's results are not signed; use the artefact identity")
        }
        Tampering::Webhook(WebhookTampering::TimestampFuture | WebhookTampering::TimestampStale) => {
            Some("v3's webhook signature carries no moment")
        }
        Tampering::Callback(_)
        | Tampering::IdToken(_)
        | Tampering::Jwe(..)
        | Tampering::KeySet(_)
        | Tampering::Sdo(_)
        | Tampering::Userinfo(_) => Some("v3 has results and webhooks; use the artefacts identity and webhook"),
        Tampering::Identity(_) | Tampering::Webhook(_) => None,
    }
}

/// Where the person goes, relative to the public address (which ends in a slash).
fn hosted(session: &Session<ZignsecV3>) -> String {
    format!("v3/Hosted/{}/{}/", session.id, session.order.method.path())
}

/// What is asked of this provider.
const OPERATIONS: [Operation; 3] = [Operation::Collect, Operation::Page, Operation::Start];
