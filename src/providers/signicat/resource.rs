//! What an access token opens: the claims, and the signed data object.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue, Method as Verb, StatusCode, header};
use serde_json::Value;
use url::form_urlencoded;

use super::Signicat;
use super::answer::{bearer_refused, trace, traced, unkept};
use super::claims::{Told, bearer, somebody_else};
use super::client::Client;
use super::handle::{Handle, Purpose};
use super::op::{Here, Op};
use super::problem::{Code, Problem};
use super::published::SIGN;
use super::sdo::{Consent, sdo};
use super::sealed::{Wrong, sealed};
use super::state::Issued;
use super::switches::SdoContentType;
use crate::crypto::mac;
use crate::script::{
    IdentityTampering, JweArtefact, JwsTampering, Operation, SdoTampering, Tampering, UserinfoTampering,
};
use crate::simulation::{Session, Visit};

/// `GET` and `POST /userinfo`.
pub(super) async fn userinfo(State(op): State<Arc<Op>>, request: Request) -> Response {
    answered(&op, request, Operation::Userinfo, claims).await
}

/// `GET /signature`.
pub(super) async fn signature(State(op): State<Arc<Op>>, request: Request) -> Response {
    answered(&op, request, Operation::Sdo, signed).await
}

/// A content type and a body, or why there are none.
type Said = Result<(&'static str, Vec<u8>), Problem>;

type Teller = fn(&Here, &Session<Signicat>, &Visit<'_, Signicat>, &Issued) -> Said;

async fn answered(op: &Op, request: Request, operation: Operation, tell: Teller) -> Response {
    let Some(here) = op.here(request.uri()) else { return super::super::stray(request).await.into_response() };
    let (head, body) = request.into_parts();
    let body = if head.method == Verb::POST {
        to_bytes(body, usize::MAX).await.unwrap_or_default()
    } else {
        Default::default()
    };
    let refused = |problem: &Problem| traced(bearer_refused(&here, problem), trace(&here, operation, None));
    let Some(token) = token(&head.headers, &body) else {
        // RFC 6750 section 3: who shows nothing is told nothing but that something has to be shown.
        let mut answer = StatusCode::UNAUTHORIZED.into_response();
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"motpart\""));
        return traced(answer, trace(&here, operation, None));
    };
    let Some(handle) = genuine(&here, &token) else { return refused(&invalid("The access token is not genuine")) };
    let visited = op.sessions.visit_in(&here.space, handle.session, operation, |session, visit| {
        let context = &visit.context;
        let n = handle.number(context.secret, Purpose::Access, session.state.issued());
        let issued = n
            .and_then(|n| session.state.tokens.get(n as usize))
            .ok_or_else(|| invalid("The access token is not genuine"))?;
        if session.state.revoked {
            return Err(invalid("The access token was revoked"));
        }
        if !issued.lives(session.age(context.now)) {
            return Err(invalid("The access token has expired"));
        }
        tell(&here, session, visit, issued)
    });
    let Ok(visited) = visited else { return refused(&invalid("The access token belongs to no session")) };
    let answer = match visited.value {
        Ok((content_type, body)) => {
            let mut answer = (StatusCode::OK, [(header::CONTENT_TYPE, content_type)], body).into_response();
            unkept(&mut answer);
            answer
        }
        Err(problem) if operation == Operation::Sdo && problem.code == Code::InvalidRequest => {
            super::answer::refused(&here, StatusCode::NOT_FOUND, &problem)
        }
        Err(problem) => bearer_refused(&here, &problem),
    };
    traced(answer, visited.trace)
}

/// The session of a token that we signed.
fn genuine(here: &Here, token: &str) -> Option<Handle> {
    let payload = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok())?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    let handle = claims.get("jti").and_then(Value::as_str).and_then(Handle::read)?;
    here.keys.own(token).filter(|own| *own == payload).map(|_| handle)
}

/// From the header, or from a form (RFC 6750 sections 2.1 and 2.2).
fn token(head: &HeaderMap, body: &[u8]) -> Option<String> {
    let value = head.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let in_head = value.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
    });
    let mut form = form_urlencoded::parse(body);
    in_head.or_else(|| form.find(|(name, _)| name == "access_token").map(|(_, token)| token.into_owned()))
}

fn claims(here: &Here, session: &Session<Signicat>, visit: &Visit<'_, Signicat>, issued: &Issued) -> Said {
    let context = &visit.context;
    let person = bearer(session, issued).ok_or_else(|| invalid("Nobody authenticated"))?;
    let order = &*session.order;
    if !issued.grants("openid") {
        return Err(Problem::new(Code::InsufficientScope, "The access token has no openid"));
    }
    let n = session.tally.requests(Operation::Userinfo);
    let how = session.tampering(n, Tampering::userinfo);
    let told = Told { secret: context.secret, session, order, issued, person, now: context.now };
    let payload = told.userinfo(how, session.tampering(n, Tampering::identity));
    let client = Client::find(&here.space, context.settings, &order.client_id);
    let wrong = Wrong {
        signature: (how == Some(UserinfoTampering::ForeignKey)).then_some(JwsTampering::ForeignKey),
        encryption: session.tampering(n, |how| how.jwe(JweArtefact::Userinfo)),
        is_plain: how == Some(UserinfoTampering::PlainClaims),
    };
    match client.filter(|client| client.response_key.is_some() || wrong.encryption.is_some()) {
        None => Ok(("application/json;charset=UTF-8", payload)),
        Some(client) => Ok(("application/jwt", sealed(&here.keys, &client, &payload, wrong).into_bytes())),
    }
}

fn signed(_here: &Here, session: &Session<Signicat>, visit: &Visit<'_, Signicat>, issued: &Issued) -> Said {
    let context = &visit.context;
    let person = bearer(session, issued).ok_or_else(|| invalid("Nobody authenticated"))?;
    let Some(text) = session.order.text.as_deref() else {
        return Err(Problem::request("Nothing was signed in this session"));
    };
    if !issued.grants(SIGN) {
        return Err(Problem::new(Code::InsufficientScope, "The access token has no signicat.sign"));
    }
    let n = session.tally.requests(Operation::Sdo);
    // Whoever is told about somebody else, is told so here too.
    let swapped = session.tampering(n, Tampering::identity) == Some(IdentityTampering::PersonSwapped);
    let how = session.tampering(n, Tampering::sdo).or_else(|| swapped.then_some(SdoTampering::PersonSwapped));
    let nonce = &mac::derive(context.secret, "signicat sdo", &[session.id.as_bytes()])[..24];
    let consent = Consent { text, signer: person, relying_party: &session.order.client_id, nonce };
    let document = sdo(consent, how, somebody_else(session, person));
    let content_type = match context.settings.sdo_content_type {
        SdoContentType::Ltv => "application/x-ltv-sdo",
        SdoContentType::Xml => "application/xml;charset=UTF-8",
    };
    Ok((content_type, document.into_bytes()))
}

fn invalid(description: &'static str) -> Problem {
    Problem::new(Code::InvalidToken, description)
}
