//! How a relying party shows who it is at the token endpoint.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{HeaderMap, header};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::client::Client;
use super::op::{Here, Op};
use super::parameters::Parameters;
use super::problem::{Code, Problem};
use crate::crypto::{jws, mac};

/// The client, by exactly one of `client_secret_basic`, `client_secret_post` and `private_key_jwt`.
///
/// # Errors
/// `invalid_client`; `invalid_request` for two ways at once (RFC 6749 section 2.3).
pub(super) fn client<'a>(op: &Op, here: &'a Here, head: &HeaderMap, form: &Parameters) -> Result<Client<'a>, Problem> {
    let basic = head.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(scheme_basic);
    let (secret, assertion) = (form.text("client_secret"), form.text("client_assertion"));
    let ways = usize::from(basic.is_some()) + usize::from(secret.is_some()) + usize::from(assertion.is_some());
    if ways > 1 {
        return Err(Problem::request("More than one way of client authentication"));
    }
    let client = match (basic, secret, assertion) {
        (Some(given), _, _) => by_basic(here, &given)?,
        (None, Some(secret), _) => by_secret(here, form.text("client_id").unwrap_or_default(), secret)?,
        (None, None, Some(assertion)) => by_assertion(op, here, form, assertion)?,
        (None, None, None) => return Err(invalid("No client authentication, or none that is supported")),
    };
    // Samples send client_id beside Basic; it has to be the same one.
    if form.text("client_id").is_some_and(|id| id != client.id) {
        return Err(invalid("The client_id in the body is another one"));
    }
    Ok(client)
}

fn scheme_basic(value: &str) -> Option<String> {
    let (scheme, given) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then(|| given.trim().to_owned())
}

/// RFC 6749 section 2.3.1 has both parts form-encoded before they are joined; half of the libraries do not. Both are taken.
fn by_basic<'a>(here: &'a Here, given: &str) -> Result<Client<'a>, Problem> {
    let bytes = STANDARD.decode(given).map_err(|_| invalid("The Basic credentials are no base64"))?;
    let text = String::from_utf8(bytes).map_err(|_| invalid("The Basic credentials are no UTF-8"))?;
    let (id, secret) = text.split_once(':').ok_or_else(|| invalid("The Basic credentials have no colon"))?;
    by_secret(here, &decoded(id), &decoded(secret)).or_else(|_| by_secret(here, id, secret))
}

/// One value of a form. What would separate it from others is part of it.
fn decoded(text: &str) -> String {
    let text = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(text.as_bytes()).map(|(value, _)| value.into_owned()).collect()
}

fn by_secret<'a>(here: &'a Here, id: &str, secret: &str) -> Result<Client<'a>, Problem> {
    let client = Client::find(&here.space, &here.settings, id);
    client
        .filter(|client| client.secret.is_some_and(|own| mac::equal(own.as_bytes(), secret.as_bytes())))
        .ok_or_else(|| invalid("The client is unknown, or its secret is another one"))
}

/// OpenID Connect Core section 9, RFC 7523.
fn by_assertion<'a>(op: &Op, here: &'a Here, form: &Parameters, assertion: &str) -> Result<Client<'a>, Problem> {
    if form.text("client_assertion_type") != Some(JWT_BEARER) {
        return Err(invalid("The client_assertion_type is not supported"));
    }
    let shape = || invalid("The client_assertion is no signed token");
    let payload = assertion.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok()).ok_or_else(shape)?;
    let claims: Map<String, Value> = serde_json::from_slice(&payload).map_err(|_| shape())?;
    let text = |name| claims.get(name).and_then(Value::as_str);
    let id = text("sub")
        .filter(|sub| text("iss") == Some(*sub))
        .ok_or_else(|| invalid("iss and sub have to be the client"))?;
    let client = Client::find(&here.space, &here.settings, id).ok_or_else(|| invalid("The client is unknown"))?;
    let mut keys = client.signature_keys.iter().filter(|jwk| jwk.verifies());
    if !keys.any(|jwk| jws::verify(&jwk.key, assertion).is_ok()) {
        return Err(invalid("The client_assertion is signed by none of the keys of the client"));
    }
    let now = here.now.0 / 1_000;
    if claims.get("exp").and_then(Value::as_u64).is_none_or(|exp| exp <= now) {
        return Err(invalid("The client_assertion has expired"));
    }
    let (issuer, endpoint) = (here.place.issuer(), here.place.endpoint("token"));
    let is_us = |value: &Value| value.as_str().is_some_and(|audience| audience == issuer || audience == endpoint);
    let for_us = match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().any(is_us),
        Some(one) => is_us(one),
        None => false,
    };
    if !for_us {
        return Err(invalid("The audience of the client_assertion is somebody else"));
    }
    let jti = text("jti").ok_or_else(|| invalid("The client_assertion has no jti"))?;
    if !op.is_new(&here.space, format!("assertion {id} {jti}").as_bytes()) {
        return Err(invalid("The client_assertion was used before"));
    }
    Ok(client)
}

fn invalid(description: &'static str) -> Problem {
    Problem::new(Code::InvalidClient, description)
}

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
