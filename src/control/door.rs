//! Who may come in by the side door.
//!
//! It steers the simulator, so a web page that a developer happens to look at must not get through: no foreign `Origin`, no host name that
//! was made to point at us (DNS rebinding), no body that a plain form can send. Programs elsewhere need the token.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, header};
use subtle::ConstantTimeEq;
use url::Url;

use super::problem::{Code, Problem};
use crate::simulation::Simulation;

/// How the side door is kept.
#[derive(Clone, Default)]
pub struct Door {
    /// What callers show as `Authorization: Bearer …`; `None` lets everybody in who reaches us.
    pub token: Option<String>,
    /// The names and addresses that we are called by, besides loopback names, addresses and the public addresses.
    pub hosts: Vec<String>,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let token = self.token.as_ref().map(|_| "****");
        f.debug_struct("Door").field("token", &token).field("hosts", &self.hosts).finish()
    }
}

/// The one route that is open without the token: container runtimes ask it.
pub(super) const HEALTH: &str = "/_motpart/v1/health";

/// Lets a request through, or says why not.
pub(super) async fn guard(
    State((simulation, door)): State<(Arc<Simulation>, Arc<Door>)>,
    request: Request,
    next: Next,
) -> Response {
    match judge(&simulation, &door, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn judge(simulation: &Simulation, door: &Door, request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    // HTTP/1.1 has the name in `Host`, a request in absolute form in its address.
    let host = text(headers, header::HOST).or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
    if !host.is_some_and(|host| is_known(simulation, door, name_of(host))) {
        return Err(Problem::new(Code::UnknownHost, "the control API does not know itself by this host name")
            .help("call it by localhost, by its address, or by a name that it was told when it was started"));
    }
    if let Some(origin) = text(headers, header::ORIGIN)
        && !is_own(simulation, origin, host.unwrap_or_default())
    {
        return Err(Problem::new(Code::ForeignOrigin, "a page of another origin asked; only our own pages may")
            .help("call the control API from the test's own process, not from a page"));
    }
    let open = request.uri().path() == HEALTH && matches!(*request.method(), Method::GET | Method::HEAD);
    if let Some(token) = &door.token
        && !open
        && !shows(headers, token)
    {
        return Err(Problem::new(Code::Unauthorized, "the control token is missing or wrong")
            .help("send `Authorization: Bearer <token>` with the token that the simulator was started with"));
    }
    let bodiless = !headers.contains_key(header::TRANSFER_ENCODING)
        && text(headers, header::CONTENT_LENGTH).is_none_or(|length| length.trim() == "0");
    if !bodiless && !text(headers, header::CONTENT_TYPE).is_some_and(is_json) {
        return Err(Problem::new(Code::NotJson, "the body does not say that it is JSON")
            .help("send `Content-Type: application/json`"));
    }
    Ok(())
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// The host of `host:port`, without the brackets of an IPv6 address.
fn name_of(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
    }
}

fn is_known(simulation: &Simulation, door: &Door, host: &str) -> bool {
    let host = host.trim_end_matches('.');
    let same = |known: &str| name_of(known).trim_end_matches('.').eq_ignore_ascii_case(host) || known == host;
    // An address cannot be rebound: only names can be made to point at us.
    host.parse::<IpAddr>().is_ok()
        || host.eq_ignore_ascii_case("localhost")
        || host.to_ascii_lowercase().ends_with(".localhost")
        || door.hosts.iter().any(|known| same(known))
        || public_urls(simulation).any(|url| url.host_str().is_some_and(same))
}

/// Whether a page of this origin is one of ours: the very door that was called, or the public address.
fn is_own(simulation: &Simulation, origin: &str, host: &str) -> bool {
    let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
    (!authority.is_empty() && authority.eq_ignore_ascii_case(host))
        || public_urls(simulation).any(|url| url.origin().ascii_serialization().eq_ignore_ascii_case(origin))
}

fn public_urls(simulation: &Simulation) -> impl Iterator<Item = Url> {
    let spaces = simulation.commons.spaces.all();
    std::iter::once(simulation.commons.public_url()).chain(spaces.into_iter().filter_map(|space| space.public_url()))
}

fn shows(headers: &HeaderMap, token: &str) -> bool {
    let shown = text(headers, header::AUTHORIZATION).and_then(|value| {
        let (scheme, shown) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(shown.trim())
    });
    shown.is_some_and(|shown| shown.as_bytes().ct_eq(token.as_bytes()).into())
}

/// `application/json` or a `+json` type, whatever its parameters.
fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}
