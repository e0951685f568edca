//! ZignSec's gateway (version 5): Freja, which calls the person's app; and Swedish BankID with a hosted page.
//!
//! ```text
//!   POST /core/api/sessions/identity_verification/{method} ──read──▶ Order ──▶ session ──say──▶ GET /core/api/sessions/{id}
//!                                                                                 │      └─▶ signed identity (a compact JWS)
//!                                                                                 └─errands─▶ webhooks, signed with a moment
//! ```
//!
//! What is documented, seen in client code or inferred stands in the `README.md` of this folder.

pub mod order;
pub mod problem;
pub mod settings;
pub mod state;
pub mod switches;
pub mod wire;

mod api;
mod claims;
mod errands;
mod forge;
mod number;
mod page;
mod pinning;
mod qr;
mod read;
mod sample;
mod say;
mod signed_identity;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use order::{Attribute, Level, Method, Order};
pub use settings::Settings;
pub use state::State;

use super::zignsec::sayable::unsayable;
use super::{Mounted, zignsec};
use crate::script::{JwsArtefact, Millis, Operation, Script, Tampering};
use crate::session::{Entered, Limits, OrderBegins};
use crate::simulation::{
    Asked, Commons, Context, DEFAULT, Errand, Fact, Provider, Sample, Session, Sessions, Space, Unsayable,
};

/// The provider.
#[derive(Debug)]
pub struct ZignsecGateway;

/// Its sessions.
pub type GatewaySessions = Arc<Sessions<ZignsecGateway>>;

/// The provider at its place in the simulation, with its routes.
pub fn mount(commons: &Arc<Commons>, place: usize) -> Mounted {
    let sessions = Arc::new(Sessions::<ZignsecGateway>::new(commons.clone(), place));
    let routes = api::routes(&sessions).merge(page::routes(&sessions)).merge(pinning::routes(&sessions));
    Mounted { control: sessions, routes }
}

impl Provider for ZignsecGateway {
    const NAME: &'static str = "zignsec_gateway";
    const CREDENTIALS: &'static [&'static str] = &["token", CREDENTIAL_SECRET];
    const KEYS: &'static [&'static str] = &KEYS;
    const SAMPLE: Option<Sample> = Some(sample::SAMPLE);
    type Order = Order;
    type State = State;
    type Settings = Settings;

    fn asked(order: &Order) -> Asked<'_> {
        Asked {
            method: order.method.word(),
            country: order.country,
            number: order.number(),
            reference: order.relay_state.as_deref(),
            target: order.redirect_success.as_deref(),
            text: None,
        }
    }

    fn weight(order: &Order) -> usize {
        order.weight()
    }

    fn limits(order: &Order, _settings: &Settings) -> Limits {
        if order.method.is_freja() {
            // "Authentication lives two minutes", from when it was asked for: there is no link.
            Limits { link: Millis(u64::MAX), order: Millis(120_000), begins: OrderBegins::AtOnce }
        } else {
            // Swedish BankID's three minutes once the page is open; the link's week is version 2's (inferred).
            Limits { link: Millis(7 * 86_400_000), order: Millis(180_000), begins: OrderBegins::WhenOpened }
        }
    }

    fn refuses(script: &Script) -> Option<Unsayable> {
        let elsewhere = "the gateway has start and result, and a page for BankID; use start, collect or page";
        unsayable::<Self>(script, &OPERATIONS, elsewhere, senseless)
    }

    fn one_order_per_person(settings: &Settings) -> bool {
        settings.person_slot == switches::PersonSlot::On
    }

    fn errands(session: &mut Session<Self>, entered: &Entered, context: &Context<'_, Self>) -> Vec<Errand> {
        errands::entered(session, entered, context)
    }

    fn page(session: &Session<Self>) -> Option<String> {
        page_of(session)
    }

    fn webhook<'a>(order: &'a Order, _settings: &'a Settings) -> Option<&'a str> {
        order.webhook.as_deref()
    }

    fn notice(session: &mut Session<Self>, context: &Context<'_, Self>) -> Option<Errand> {
        Some(errands::notice(session, context))
    }

    fn base(_space: &Space) -> String {
        "/core/api".to_owned()
    }

    fn connection(space: &Space) -> Vec<(&'static str, Fact)> {
        vec![("JWS_CERTIFICATE_URL", Fact::Path(pinning::place(space)))]
    }

    fn mint(space: &str, credential: &str, entropy: [u8; 32]) -> String {
        match (space, credential) {
            (DEFAULT, CREDENTIAL_SECRET) => DEFAULT_SECRET.to_owned(),
            (DEFAULT, _) => DEFAULT_TOKEN.to_owned(),
            (_, _) => hex::encode(&entropy[..16]),
        }
    }

    fn answer_now(session: &Session<Self>, context: &Context<'_, Self>) -> String {
        let occurrence = session.tally.collected_after_end.max(1);
        let told = say::Telling { session, context, occurrence, is_webhook: false }.fetched();
        String::from_utf8_lossy(&told).into_owned()
    }
}

/// Where the person goes, relative to the public address: Freja calls the person itself.
fn page_of(session: &Session<ZignsecGateway>) -> Option<String> {
    (!session.order.method.is_freja()).then(|| format!("core/hosted/{}/", session.id))
}

/// Why the gateway has nothing that could be wrong in this way.
const fn senseless(how: Tampering) -> Option<&'static str> {
    match how {
        Tampering::Callback(_)
        | Tampering::IdToken(_)
        | Tampering::Jwe(..)
        | Tampering::KeySet(_)
        | Tampering::Sdo(_)
        | Tampering::Userinfo(_)
        | Tampering::Jws(JwsArtefact::IdToken, _) => {
            Some("the gateway has no code flow; use signed-identity, identity or webhook")
        }
        Tampering::Identity(_)
        | Tampering::Jws(JwsArtefact::SignedIdentity, _)
        | Tampering::SignedIdentity(_)
        | Tampering::Webhook(_) => None,
    }
}

/// What the tokens are signed for.
const KEYS: [&str; 1] = ["zignsec_gateway signed-identity"];
/// The name of the secret behind webhook signatures.
const CREDENTIAL_SECRET: &str = "webhook_secret";
/// A key in the form of the documents' dummies, for the space `default`.
pub const DEFAULT_TOKEN: &str = "00000000-e2a2-4968-b651-5352305c9fb0";
/// The secret of the space `default`.
pub const DEFAULT_SECRET: &str = "test-webhook-key";

/// What is asked of this provider.
const OPERATIONS: [Operation; 4] = [Operation::Collect, Operation::Jwks, Operation::Page, Operation::Start];
