//! Freja's token: a compact JWS with the header `{"x5t":…,"alg":"RS256"}`, signed with a key of the space.
//!
//! There is no key set: a relying party pins the certificate, and finds it by its thumbprint.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::claims::Claims;
use super::switches::PayloadOrder;
use super::{KEYS, ZignsecGateway};
use crate::crypto::seal::{Header, Sealing, Signer};
use crate::script::JwsTampering;
use crate::simulation::keys::seal;
use crate::simulation::{Context, SessionId, Timestamp};

/// The token for these claims, as a script wants it sealed, by the key that signed at that moment.
pub(super) fn token(
    payload: &[u8],
    how: Option<JwsTampering>,
    session: SessionId,
    at: Timestamp,
    context: &Context<'_, ZignsecGateway>,
) -> String {
    let ring = context.space.keys.ring(context.secret, &context.space.name, KEYS[0]);
    let foreign = how.is_some().then(|| context.public_url());
    let foreign = foreign.as_deref().unwrap_or_default();
    let (jku, x5u) = (foreign_key_set(foreign, session), foreign_certificate(foreign, session));
    let sealing = Sealing { signers: ring.signers(at), header, payload, foreign_at: (&jku, &x5u) };
    seal(&sealing, how)
}

/// The payload's bytes.
pub(super) fn payload(claims: &Claims<'_>, order: PayloadOrder) -> Vec<u8> {
    // A structure of texts and numbers always has a JSON form.
    serde_json::to_vec(&Payload { claims, order }).unwrap_or_default()
}

/// Where the key of a forged token says that it is: with us, so that whoever fetches it is seen.
pub(super) fn foreign_key_set(public_url: &str, session: SessionId) -> String {
    format!("{public_url}core/foreign/{session}/jwks.json")
}

/// The same for its certificate.
pub(super) fn foreign_certificate(public_url: &str, session: SessionId) -> String {
    format!("{public_url}core/foreign/{session}/certificate.pem")
}

/// Exactly these two members, in this order.
fn header(signer: &Signer) -> Header {
    vec![("x5t", format!("\"{}\"", signer.certificate.x5t()).into()), ("alg", r#""RS256""#.into())]
}

/// Both orders are seen in samples.
struct Payload<'a> {
    claims: &'a Claims<'a>,
    order: PayloadOrder,
}

impl Serialize for Payload<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { claims, order } = self;
        let names = match order {
            PayloadOrder::AuthRefFirst => [
                "authRef",
                "status",
                "userInfoType",
                "userInfo",
                "minRegistrationLevel",
                "timestamp",
                "requestedAttributes",
            ],
            PayloadOrder::StatusFirst => [
                "status",
                "userInfoType",
                "userInfo",
                "timestamp",
                "minRegistrationLevel",
                "requestedAttributes",
                "authRef",
            ],
        };
        let mut map = serializer.serialize_map(None)?;
        for name in names {
            match name {
                "status" => {
                    if let Some(status) = claims.status {
                        map.serialize_entry(name, status)?;
                    }
                }
                "userInfoType" => map.serialize_entry(name, claims.user.0)?,
                "userInfo" => map.serialize_entry(name, &claims.user.1)?,
                "timestamp" => map.serialize_entry(name, &claims.timestamp)?,
                "minRegistrationLevel" => map.serialize_entry(name, claims.level.word())?,
                "requestedAttributes" => map.serialize_entry(name, &claims.signed)?,
                _ => map.serialize_entry(name, &claims.auth_ref)?,
            }
        }
        map.end()
    }
}
