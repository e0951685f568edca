//! The tokens of Norwegian BankID that come along with a result: `BANKIdNO_OIDC`.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use uuid::Uuid;

use super::order::{Channel, Order};
use super::wire::OidcTokens;
use crate::crypto::keys::Pool;
use crate::crypto::{jws, mac};
use crate::identity::Person;
use crate::simulation::{SessionId, Timestamp};

/// What the tokens are made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grant<'a> {
    pub(super) session: SessionId,
    pub(super) order: &'a Order,
    pub(super) person: &'a Person,
    pub(super) channel: Channel,
    /// The number as the result tells it: what is withheld there is withheld here.
    pub(super) number: Option<&'a str>,
    pub(super) at: Timestamp,
}

/// The document, indented and with CRLF. The `id_token` is a real signature with a key of the fixtures; the other two are opaque.
pub(super) fn tokens(secret: &[u8; 32], grant: &Grant<'_>) -> String {
    let opaque = |purpose| URL_SAFE_NO_PAD.encode(mac::derive(secret, purpose, &[grant.session.as_bytes()]));
    let mut state = [0; 16];
    state.copy_from_slice(&mac::derive(secret, "v2 session state", &[grant.session.as_bytes()])[..16]);
    let tokens = OidcTokens {
        access_token: opaque("v2 access token").into(),
        expires_in: LIFE,
        refresh_expires_in: 1_800,
        refresh_token: opaque("v2 refresh token").into(),
        token_type: "bearer".into(),
        id_token: id_token(secret, grant).into(),
        not_before_policy: 0,
        session_state: uuid::Builder::from_random_bytes(state).into_uuid().to_string().into(),
        scope: scope(grant.order),
    };
    // A structure of texts and numbers always has a JSON form.
    serde_json::to_string_pretty(&tokens).unwrap_or_default().replace('\n', "\r\n")
}

/// The claims. Names are BankID's; which of them a certificate grants is inferred.
#[derive(Serialize)]
struct Claims<'a> {
    exp: u64,
    iat: u64,
    auth_time: u64,
    jti: Uuid,
    iss: &'static str,
    aud: &'static str,
    sub: &'a str,
    typ: &'static str,
    acr: &'static str,
    amr: &'static str,
    bankid_altsub: &'a str,
    name: String,
    given_name: &'a str,
    family_name: &'a str,
    birthdate: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nnin: Option<&'a str>,
}

fn id_token(secret: &[u8; 32], grant: &Grant<'_>) -> String {
    let (person, at) = (grant.person, grant.at.0 / 1_000);
    let mut id = [0; 16];
    id.copy_from_slice(&mac::derive(secret, "v2 jti", &[grant.session.as_bytes()])[..16]);
    let claims = Claims {
        exp: at + u64::from(LIFE),
        iat: at,
        auth_time: at,
        jti: uuid::Builder::from_random_bytes(id).into_uuid(),
        // A reserved name: nobody shall take these tokens for BankID's.
        iss: "https://bankid-no.example/auth/realms/test",
        aud: "motpart",
        sub: &person.person_id,
        typ: "ID",
        acr: "urn:bankid:bid;LOA=4",
        amr: match grant.channel {
            Channel::Mobile => "BIM",
            Channel::Web => "BID",
        },
        bankid_altsub: &person.person_id,
        name: person.full_name(),
        given_name: &person.given,
        family_name: &person.family,
        birthdate: person.born.to_string(),
        nnin: grant.number.filter(|number| !number.is_empty()),
    };
    let key = Pool::pick(secret, "zignsec_v2 id_token");
    let payload = serde_json::to_vec(&claims).unwrap_or_default();
    jws::sign(key, &[("alg", "RS256"), ("typ", "JWT"), ("kid", key.name())], &payload)
}

fn scope(order: &Order) -> Cow<'static, str> {
    let asked = &order.scope;
    let words = [
        (asked.nnin, " nnin"),
        (asked.nnin_altsub, " nnin_altsub"),
        (asked.address, " address"),
        (asked.phone, " phone"),
        (asked.email, " email"),
    ];
    let granted: String = words.into_iter().filter(|(granted, _)| *granted).map(|(_, word)| word).collect();
    if granted.is_empty() { "openid profile".into() } else { format!("openid profile{granted}").into() }
}

/// Seconds.
const LIFE: u32 = 300;
