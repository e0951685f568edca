//! The tokens: what they claim, honest or not, and how they are sealed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::Signicat;
use super::claims::{somebody_else, subject};
use super::client::Client;
use super::handle::{Purpose, issue};
use super::keys::SpaceKeys;
use super::sealed::{Wrong, sealed};
use super::settings::Settings;
use super::state::Issued;
use super::switches::{Amr, AtHash};
use super::wire::{AccessClaims, IdClaims, Moment, OneOrMany};
use crate::crypto::mac;
use crate::identity::{Country, Person};
use crate::script::{IdTokenTampering, IdentityTampering, JweArtefact, JwsArtefact, Tampering};
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
        if how == Some(IdTokenTampering::Missing) {
            return None;
        }
        let payload = serde_json::to_vec(&self.claims(how, access_token)).unwrap_or_default();
        let wrong = Wrong {
            signature: self.session.tampering(self.occurrence, |how| how.jws(JwsArtefact::IdToken)),
            encryption: self.session.tampering(self.occurrence, |how| how.jwe(JweArtefact::IdToken)),
            is_plain: how == Some(IdTokenTampering::PlainClaims),
        };
        Some(sealed(self.keys, &self.client, &payload, wrong))
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
            iss: Some(order.issuer.clone()),
            exp: Some(Moment::Seconds(now + life)),
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
        let ends = claims.iat + u64::from(self.settings.id_token_seconds);
        match how {
            IdTokenTampering::AtHashWrong => claims.at_hash = Some(at_hash(&self.other("access token"))),
            IdTokenTampering::AudienceWrong => claims.aud = OneOrMany::One(OTHER_CLIENT.into()),
            IdTokenTampering::AzpWrong => {
                claims.aud = OneOrMany::Many(vec![self.session.order.client_id.clone(), OTHER_CLIENT.into()]);
                claims.azp = Some(OTHER_CLIENT.into());
            }
            IdTokenTampering::Expired => {
                claims.exp = Some(Moment::Seconds(claims.iat.saturating_sub(HOUR)));
                claims.iat = claims.iat.saturating_sub(2 * HOUR);
                claims.nbf = claims.nbf.saturating_sub(2 * HOUR);
            }
            IdTokenTampering::ExpiryAsText => claims.exp = Some(Moment::Text(ends.to_string())),
            IdTokenTampering::ExpiryMissing => claims.exp = None,
            IdTokenTampering::IssuedInFuture => {
                claims.iat += HOUR;
                claims.exp = Some(Moment::Seconds(ends + HOUR));
            }
            IdTokenTampering::IssuerMissing => claims.iss = None,
            IdTokenTampering::IssuerSlash => claims.iss = Some(format!("{}/", self.session.order.issuer)),
            IdTokenTampering::IssuerWrong => claims.iss = Some(OTHER_ISSUER.into()),
            IdTokenTampering::NonceMissing => claims.nonce = None,
            IdTokenTampering::NonceWrong => claims.nonce = Some(self.other("nonce")),
            IdTokenTampering::NotYetValid => {
                claims.nbf += HOUR;
                claims.exp = Some(Moment::Seconds(ends + HOUR));
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

/// A host that cannot be anybody's (RFC 2606).
pub(super) const OTHER_ISSUER: &str = "https://elsewhere.example/oidc";
const OTHER_CLIENT: &str = "somebody-else";
/// Seconds.
const HOUR: u64 = 3_600;
/// Seconds.
const DAY: u64 = 86_400;
