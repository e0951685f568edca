//! The session cookie: one name, a handle as its value.

use http::{HeaderMap, HeaderValue, header};

use super::Signicat;
use super::handle::{Handle, Purpose, issue};
use super::place::Place;
use super::settings::Settings;
use super::switches::{CookieRotation, SessionCookie};
use crate::simulation::{Session, SessionId};

/// `Set-Cookie` for a session. The name and the attributes are inferred; browsers take `SameSite=None` over TLS only.
pub(super) fn set(secret: &[u8; 32], place: &Place, session: &Session<Signicat>) -> Option<HeaderValue> {
    let value = issue(secret, Purpose::Cookie, jar(session), session.state.turns);
    let manner = if place.is_secure() { "; Secure; SameSite=None" } else { "; SameSite=Lax" };
    HeaderValue::from_str(&format!("{NAME}={value}; Path=/; HttpOnly{manner}")).ok()
}

/// Whether a request comes with the session's cookie, where it has to.
pub(super) fn admits(secret: &[u8; 32], settings: &Settings, session: &Session<Signicat>, head: &HeaderMap) -> bool {
    let is_own =
        |handle: Handle| handle.session == jar(session) && handle.is(secret, Purpose::Cookie, session.state.turns);
    settings.session_cookie == SessionCookie::Ignored || given(head).any(is_own)
}

/// The jar that a new request brings along: one client holds all its sessions with one cookie. Not while cookies change.
pub(super) fn brought(secret: &[u8; 32], settings: &Settings, head: &HeaderMap) -> Option<SessionId> {
    if settings.cookie_rotation == CookieRotation::EachPoll {
        return None;
    }
    given(head).find(|handle| handle.is(secret, Purpose::Cookie, 0)).map(|handle| handle.session)
}

fn jar(session: &Session<Signicat>) -> SessionId {
    session.order.jar.unwrap_or(session.id)
}

/// Every value under our name. One client joins whole `Set-Cookie` lines with commas, attributes and all (seen in client code).
fn given(head: &HeaderMap) -> impl Iterator<Item = Handle> {
    let lines = head.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split([';', ','])).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == NAME).filter_map(|(_, value)| Handle::read(value))
}

const NAME: &str = "SIGSESS";
