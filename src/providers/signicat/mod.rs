//! Signicat's OpenID Connect with Consent Signature: Swedish and Norwegian BankID, headless or with a waiting page.
//!
//! ```text
//!   /oidc/authorize ──request_object, read──▶ Order ──▶ session ──say──▶ collect, status
//!                                                        │  └─page─▶ a browser waits
//!                                       complete ─▶ resume ─▶ redirect_uri?code
//!   /oidc/token ──client_auth──▶ tokens          /oidc/userinfo ──claims        /oidc/signature ──sdo
//! ```
//!
//! What is documented, recorded, seen in client code or inferred stands in the `README.md` of this folder.

pub mod client;
pub mod order;
pub mod settings;
pub mod state;
pub mod switches;
pub mod wire;

mod answer;
mod authorize;
mod claims;
mod client_auth;
mod complete;
mod cookie;
mod discovery;
mod handle;
mod headless;
mod keys;
mod op;
mod page;
mod parameters;
mod place;
mod problem;
mod published;
mod read;
mod request_object;
mod resource;
mod sample;
mod say;
mod sdo;
mod sealed;
#[cfg(test)]
mod tests;
mod texts;
mod token;
mod tokens;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub use order::{Language, Method, Order};
pub use settings::Settings;
pub use state::State;

use self::op::Op;
use self::place::{METHOD, Place};
use self::say::Telling;
use super::Mounted;
use crate::crypto::cert::Authority;
use crate::script::{IdentityTampering, Millis, Script, Tampering};
use crate::session::{Entered, Limits, OrderBegins};
use crate::simulation::{
    Asked, Commons, Context, DEFAULT, Errand, Fact, Provider, Sample, Session, Sessions, Space, Timestamp, Unsayable,
};

/// The provider.
#[derive(Debug)]
pub struct Signicat;

/// The provider at its place in the simulation, with its routes.
pub fn mount(commons: &Arc<Commons>, place: usize) -> Mounted {
    let sessions = Arc::new(Sessions::<Signicat>::new(commons.clone(), place));
    let op = Arc::new(Op::new(sessions.clone()));
    let mut routes = Router::new();
    for space in ["", "/s/{space}"] {
        let oidc = |path: &str| format!("{space}/oidc{path}");
        let method = |path: &str| format!("{space}/{METHOD}/{path}");
        routes = routes
            .route(&oidc("/.well-known/openid-configuration"), get(discovery::discovery))
            .route(&oidc("/jwks.json"), get(discovery::key_set))
            .route(&oidc("/authorize"), get(authorize::authorize).post(authorize::authorize))
            .route(&oidc("/authorize/resume"), get(complete::resume))
            .route(&oidc("/token"), post(token::token))
            .route(&oidc("/userinfo"), get(resource::userinfo).post(resource::userinfo))
            .route(&oidc("/signature"), get(resource::signature))
            .route(&method("collect"), get(headless::collect).post(headless::collect))
            .route(&method("complete"), get(complete::complete))
            .route(&method("nbid/status/{handle}"), get(headless::status))
            .route(&method("nbid/complete/{handle}"), get(complete::complete))
            .route(&method("page/{id}/"), get(page::page).post(page::page))
            .route(&method("page/{id}/{part}"), get(page::page));
    }
    Mounted { control: sessions, routes: routes.with_state(op) }
}

impl Provider for Signicat {
    const NAME: &'static str = "signicat";
    const CREDENTIALS: &'static [&'static str] = &["client_id", "client_secret"];
    const KEYS: &'static [&'static str] = &[keys::SIGNING, keys::ENCRYPTION];
    const SAMPLE: Option<Sample> = Some(sample::SAMPLE);
    const EPILOGUE: &'static [(&'static str, &'static str)] = sample::EPILOGUE;
    type Order = Order;
    type State = State;
    type Settings = Settings;

    fn asked(order: &Order) -> Asked<'_> {
        Asked {
            method: order.method.word(),
            country: order.method.country(),
            number: order.number(),
            reference: order.state.as_deref(),
            target: Some(&order.redirect_uri),
            text: order.text.as_deref(),
        }
    }

    fn weight(order: &Order) -> usize {
        order.weight()
    }

    fn limits(_order: &Order, settings: &Settings) -> Limits {
        let order = Millis(u64::from(settings.order_seconds) * 1_000);
        // The person is called at once: there is no link that could wait.
        Limits { link: order, order, begins: OrderBegins::AtOnce }
    }

    fn refuses(script: &Script) -> Option<Unsayable> {
        let forgery = script.forgeries.iter().find_map(|forgery| {
            let why = unsayable(forgery.how)?;
            Some(Unsayable { provider: Self::NAME, what: format!("the forgery {}", forgery.how), why })
        });
        let delivery = script.deliveries.first().map(|_| Unsayable {
            provider: Self::NAME,
            what: "a delivery".to_owned(),
            why: "Signicat sends no webhooks; the relying party polls",
        });
        forgery.or(delivery)
    }

    fn one_order_per_person(settings: &Settings) -> bool {
        settings.person_slot == switches::PersonSlot::On
    }

    fn errands(_session: &mut Session<Self>, _entered: &Entered, _context: &Context<'_, Self>) -> Vec<Errand> {
        Vec::new()
    }

    fn page(session: &Session<Self>) -> Option<String> {
        (!session.order.headless).then(|| page_path(session))
    }

    fn base(space: &Space) -> String {
        format!("/{}oidc", place::prefix(&space.name))
    }

    fn connection(space: &Space) -> Vec<(&'static str, Fact)> {
        // What stands between the lines of the PEM text: one line, for the environment.
        let one_line = |pem: &str| Fact::Value(pem.lines().filter(|line| !line.starts_with("-----")).collect());
        vec![
            ("ISSUER", Fact::PublicPath(format!("{}oidc", place::prefix(&space.name)))),
            ("CA", one_line(Authority::load().pem())),
            ("RESPONSE_KEY", one_line(RESPONSE_KEY)),
        ]
    }

    fn dress(space: &Space, secret: &[u8; 32], now: Timestamp) -> Vec<(&'static str, String)> {
        sample::dress(space, secret, now)
    }

    fn mint(space: &str, credential: &str, entropy: [u8; 32]) -> String {
        match (credential, space) {
            ("client_id", DEFAULT) => CLIENT_ID.to_owned(),
            ("client_id", space) => format!("{CLIENT_ID}-{space}"),
            (_secret, _) => URL_SAFE_NO_PAD.encode(&entropy[..24]),
        }
    }

    fn answer_now(session: &Session<Self>, context: &Context<'_, Self>) -> String {
        let place = Place::of_order(&session.order);
        let telling = Telling { session, settings: context.settings, secret: context.secret, place: &place };
        telling.progress().to_string()
    }
}

/// Where the waiting page of a session is, relative to the public address.
fn page_path(session: &Session<Signicat>) -> String {
    format!("{}{METHOD}/page/{}/", place::prefix(&session.space), session.id)
}

/// Why Signicat has nothing that could be wrong in this way.
const fn unsayable(how: Tampering) -> Option<&'static str> {
    match how {
        Tampering::Identity(IdentityTampering::OtherId) => Some("Signicat's answers repeat no session's name"),
        Tampering::Identity(IdentityTampering::RegisterOfSomeoneElse) => Some("Signicat's claims hold one record only"),
        Tampering::SignedIdentity(_) | Tampering::Jws(crate::script::JwsArtefact::SignedIdentity, _) => {
            Some("Signicat signs an id_token; use the artefact id-token")
        }
        Tampering::Webhook(_) => Some("Signicat sends no webhooks"),
        Tampering::Callback(_)
        | Tampering::IdToken(_)
        | Tampering::Identity(_)
        | Tampering::Jwe(..)
        | Tampering::Jws(crate::script::JwsArtefact::IdToken, _)
        | Tampering::KeySet(_)
        | Tampering::Sdo(_)
        | Tampering::Userinfo(_) => None,
    }
}

/// A private key for relying parties that have none: what is encrypted to its public half (`response_key`), they can read.
const RESPONSE_KEY: &str = include_str!("../../../fixtures/keys/relying-party.pem");
/// The space `default`'s.
const CLIENT_ID: &str = "motpart-inapp-sign";
