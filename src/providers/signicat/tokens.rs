//! The tokens: what they claim, honest or not, and how they are sealed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::Signicat;
use super::claims::{somebody_else, subject};
use super::client::Client;
use super::handle::{Purpose, issue};
use super::keys::SpaceKeys;
use super::settings::Settings;
use super::state::Issued;
use super::switches::{Amr, AtHash};
use super::wire::{AccessClaims, IdClaims, OneOrMany};
use crate::crypto::jwe::{self, Content};
use crate::crypto::mac;
use crate::identity::{Country, Person};
use crate::script::{IdTokenTampering, IdentityTampering, JwsArtefact, JwsTampering, Tampering};
use crate::simulation::{Session, Timestamp};

/// What tokens are made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Minting<'a> {
    pub(super) session: &'a Session<Signicat>,
    pub(super) settings: &'a Settings,
    pub(super) secret: &'a [u8; 32],
    pub(super) keys: &'a SpaceKeys,
    pub(super) client: Client<'a>,
    pub(super) person: &'a Person,
    pub(super) issued: &'a Issued,
    /// Which token answer of the session this is, from 1.
    pub(super) occurrence: u32,
    pub(super) now: Timestamp,
}

impl Minting<'_> {
    /// The access token: always a JWT in clear. `n` counts from 0.
    pub(super) fn access_token(&self, n: u32) -> String {
        let order = &self.session.order;
        let now = self.now.0 / 1_000;
        let claims = AccessClaims {
            sub: &subject(self.secret, &order.client_id, &self.person.number),
            scp: &self.issued.scope,
            snm: "motpart",
            iss: &order.issuer,
            exp: now + u64::from(self.issued.seconds),
            iat: now,
            jti: issue(self.secret, Purpose::Access, self.session.id, n),
            cid: &order.client_id,
        };
        // A structure of texts and numbers always has a JSON form.
        self.keys.sign(&serde_json::to_vec(&claims).unwrap_or_default(), None)
    }

    /// The `id_token`; none where a script wants none.
    pub(super) fn id_token(&self, access_token: &str) -> Option<String> {
        let how = self.session.tampering(self.occurrence, Tampering::id_token);
        let seal = self.session.tampering(self.occurrence, |how| how.jws(JwsArtefact::IdToken));
        if how == Some(IdTokenTampering::Missing) {
            return None;
        }
        let payload = serde_json::to_vec(&self.claims(how, access_token)).unwrap_or_default();
        Some(sealed(self.keys, &self.client, &payload, seal, how == Some(IdTokenTampering::PlainClaims)))
    }

    fn claims(&self, how: Option<IdTokenTampering>, access_token: &str) -> IdClaims {
        let (session, order) = (self.session, &self.session.order);
        let now = self.now.0 / 1_000;
        let life = u64::from(self.settings.id_token_seconds);
        let identity = session.tampering(self.occurrence, Tampering::identity);
        let authenticated = session.moment(session.progress.entered()).0 / 1_000;
        let auth_time =
            if identity == Some(IdentityTampering::Stale) { authenticated.saturating_sub(DAY) } else { authenticated };
        let swaps_method =
            identity == Some(IdentityTampering::MethodSwapped) || how == Some(IdTokenTampering::AcrSwapped);
        let method = if swaps_method { order.method.twin() } else { order.method };
        let amr = amr(method.country()).to_owned();
        // What was said to be another session's has that one's nonce.
        let foreign = self.issued.injected.then(|| self.other("nonce"));
        let mut claims = IdClaims {
            acr: method.acr(),
            sub: subject(self.secret, &order.client_id, &self.person.number),
            aud: OneOrMany::One(order.client_id.clone()),
            nbf: now,
            auth_time,
            amr: match self.settings.amr {
                Amr::Array => OneOrMany::Many(vec![amr]),
                Amr::String => OneOrMany::One(amr),
            },
            iss: order.issuer.clone(),
            exp: now + life,
            iat: now,
            nonce: order.nonce.clone().map(|own| foreign.unwrap_or(own)),
            at_hash: (self.settings.at_hash == AtHash::Present).then(|| at_hash(access_token)),
            azp: None,
        };
        if let Some(how) = how {
            self.forge(&mut claims, how);
        }
        claims
    }

    fn forge(&self, claims: &mut IdClaims, how: IdTokenTampering) {
        match how {
            IdTokenTampering::AtHashWrong => claims.at_hash = Some(at_hash(&self.other("access token"))),
            IdTokenTampering::AudienceWrong => claims.aud = OneOrMany::One(OTHER_CLIENT.into()),
            IdTokenTampering::AzpWrong => {
                claims.aud = OneOrMany::Many(vec![self.session.order.client_id.clone(), OTHER_CLIENT.into()]);
                claims.azp = Some(OTHER_CLIENT.into());
            }
            IdTokenTampering::Expired => {
                (claims.iat, claims.nbf, claims.exp) = (
                    claims.iat.saturating_sub(2 * HOUR),
                    claims.nbf.saturating_sub(2 * HOUR),
                    claims.iat.saturating_sub(HOUR),
                );
            }
            IdTokenTampering::IssuedInFuture => {
                claims.iat += HOUR;
                claims.exp += HOUR;
            }
            IdTokenTampering::IssuerWrong => claims.iss = "https://elsewhere.example/oidc".into(),
            IdTokenTampering::NonceMissing => claims.nonce = None,
            IdTokenTampering::NonceWrong => claims.nonce = Some(self.other("nonce")),
            IdTokenTampering::NotYetValid => {
                claims.nbf += HOUR;
                claims.exp += HOUR;
            }
            IdTokenTampering::OtherClient => {
                claims.aud = OneOrMany::One(OTHER_CLIENT.into());
                claims.azp = Some(OTHER_CLIENT.into());
                claims.sub = subject(self.secret, OTHER_CLIENT, &self.person.number);
                claims.nonce = Some(self.other("nonce"));
            }
            IdTokenTampering::SubjectSwapped => {
                let other = somebody_else(self.session, self.person);
                claims.sub = subject(self.secret, &self.session.order.client_id, &other.number);
            }
            IdTokenTampering::AcrSwapped | IdTokenTampering::Missing | IdTokenTampering::PlainClaims => {}
        }
    }

    /// Something that another session would have had.
    fn other(&self, what: &str) -> String {
        let derived = mac::derive(self.secret, "signicat other", &[what.as_bytes(), self.session.id.as_bytes()]);
        URL_SAFE_NO_PAD.encode(&derived[..16])
    }
}

/// Signed, and encrypted to the client where it has a key for that: a nested token, the signature inside.
pub(super) fn sealed(
    keys: &SpaceKeys,
    client: &Client<'_>,
    payload: &[u8],
    how: Option<JwsTampering>,
    plain: bool,
) -> String {
    let inner = match (plain, client.response_key) {
        (false, _) => keys.sign(payload, how),
        (true, Some(_)) => String::from_utf8_lossy(payload).into_owned(),
        // Unencrypted claims without a signature have one form only (RFC 7519 section 6).
        (true, None) => keys.sign(payload, Some(JwsTampering::AlgorithmNone)),
    };
    let Some(jwk) = client.response_key else { return inner };
    let mut members = vec![("typ", "JWE")];
    if !plain {
        members.push(("cty", "JWT"));
    }
    members.extend(jwk.kid.as_deref().map(|kid| ("kid", kid)));
    // A key that cannot be encrypted to was refused when it was registered; should one come through, nothing is sent in clear.
    jwe::encrypt(&jwk.key, Content::A256CbcHs512, &members, inner.as_bytes()).unwrap_or_default()
}

/// OpenID Connect Core section 3.1.3.6, for RS256.
pub(super) fn at_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16])
}

/// Seen in SAML samples of the same broker.
const fn amr(country: Country) -> &'static str {
    match country {
        Country::No => "urn:signicat:names:SAML:2.0:ac:BankID-NO",
        Country::Dk | Country::Ee | Country::Fi | Country::Lt | Country::Lv | Country::Se => {
            "urn:ksi:names:SAML:2.0:ac:BankID-SE"
        }
    }
}

const OTHER_CLIENT: &str = "somebody-else";
/// Seconds.
const HOUR: u64 = 3_600;
/// Seconds.
const DAY: u64 = 86_400;
