//! The request object: a JWE of bare JSON, or of a signed token; where nothing is signed in the end, also the signed token alone.
//!
//! Whatever is wrong, the wire says the same; the journal names the rule.

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::client::Client;
use super::keys::SpaceKeys;
use super::parameters::Parameters;
use super::problem::{Code, Problem};
use super::settings::Settings;
use super::switches::MessageEncryption;
use crate::crypto::jwe::{self, Content};
use crate::crypto::jws;
use crate::simulation::{Space, Timestamp};

/// Who reads, and with what.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) space: &'a Space,
    pub(super) settings: &'a Settings,
    pub(super) keys: &'a SpaceKeys,
    pub(super) issuer: &'a str,
    pub(super) now: Timestamp,
}

/// What was in a request object.
#[derive(Debug)]
pub(super) struct Opened {
    /// Its members.
    pub(super) parameters: Parameters,
    /// Whether nobody on the way could read it.
    pub(super) encrypted: bool,
    /// Its `jti`, where it has one.
    pub(super) jti: Option<String>,
    /// What it was encrypted with and what it says, as JSON for the journal; none where everybody could read it anyway.
    pub(super) unsealed: Option<String>,
}

impl Reader<'_> {
    /// Reads the parameter `request`.
    ///
    /// # Errors
    /// In the same words for everything that cannot be read.
    pub(super) fn open(&self, token: &str) -> Result<Opened, Problem> {
        let encrypted = token.split('.').count() == 5;
        let members = if encrypted { self.decrypted(token)? } else { self.verified(token)? };
        let jti = members.get("jti").and_then(Value::as_str).map(str::to_owned);
        let unsealed = encrypted.then(|| unsealed(token, &members));
        Ok(Opened { parameters: Parameters::of_object(members), encrypted, jti, unsealed })
    }

    fn decrypted(&self, token: &str) -> Result<Map<String, Value>, Problem> {
        let header = jwe::header(token).map_err(|e| Problem::request_object(e.to_string()))?;
        let strictness = self.settings.message_encryption;
        let allowed: &[Content] = match strictness {
            MessageEncryption::Lenient => &Content::ALL,
            MessageEncryption::Documented | MessageEncryption::Strict => &[Content::A256CbcHs512],
        };
        if header.alg != jwe::ALGORITHM {
            return Err(Problem::request_object("`alg` is not RSA-OAEP"));
        }
        if !allowed.iter().any(|content| content.name() == header.enc) {
            return Err(Problem::request_object("`enc` is not A256CBC-HS512"));
        }
        match (strictness, header.typ.as_deref()) {
            (MessageEncryption::Documented, None | Some("JWE" | "JWT"))
            | (MessageEncryption::Strict, Some("JWE"))
            | (MessageEncryption::Lenient, _) => {}
            (MessageEncryption::Documented, Some(_)) => {
                return Err(Problem::request_object("`typ` is neither JWE nor JWT"));
            }
            (MessageEncryption::Strict, _) => return Err(Problem::request_object("`typ` is not JWE")),
        }
        if header.kid.is_none() && strictness != MessageEncryption::Lenient {
            return Err(Problem::request_object("`kid` is missing"));
        }
        let unknown = || Problem::request_object("`kid` names no key of the key set that is for encryption");
        let key = self.keys.decryption(header.kid.as_deref()).ok_or_else(unknown)?;
        let plain = jwe::decrypt(key, token, allowed).map_err(|e| Problem::request_object(e.to_string()))?;
        if plain.trim_ascii_start().starts_with(b"{") {
            return object(&plain);
        }
        let nested =
            std::str::from_utf8(&plain).map_err(|_| Problem::request_object("what is encrypted is no UTF-8"))?;
        self.verified(nested.trim())
    }

    /// A signed token, by a key of the relying party that it names.
    fn verified(&self, token: &str) -> Result<Map<String, Value>, Problem> {
        let shape =
            || Problem::request_object("neither a JWE of five parts, nor JSON or a JWS of three parts inside one");
        let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { return Err(shape()) };
        let header = object(&decoded(header).ok_or_else(shape)?)?;
        let claims = object(&decoded(payload).ok_or_else(shape)?)?;
        if header.get("alg").and_then(Value::as_str) == Some("none") {
            return match self.settings.message_encryption {
                MessageEncryption::Lenient if signature.is_empty() => Ok(claims),
                MessageEncryption::Documented | MessageEncryption::Lenient | MessageEncryption::Strict => {
                    let description = "Unsigned request objects are not supported";
                    Err(Problem::new(Code::RequestNotSupported, description))
                }
            };
        }
        let named = |name| claims.get(name).and_then(Value::as_str);
        let id =
            named("client_id").or_else(|| named("iss")).ok_or_else(|| Problem::request_object("names no client"))?;
        let client = Client::find(self.space, self.settings, id)
            .ok_or_else(|| Problem::request_object("is signed by a client that is not known"))?;
        let mut keys = client.signature_keys.iter().filter(|jwk| jwk.verifies());
        if client.signature_keys.is_empty() {
            return Err(Problem::request_object("is signed, and the client has no key registered (`signature_keys`)"));
        }
        if !keys.any(|jwk| jws::verify(&jwk.key, token).is_ok()) {
            return Err(Problem::request_object("its signature is by none of the client's keys"));
        }
        self.in_time(&claims)?;
        Ok(claims)
    }

    /// RFC 9101: what it says of audience and time has to be right.
    fn in_time(&self, claims: &Map<String, Value>) -> Result<(), Problem> {
        let now = self.now.0 / 1_000;
        let moment = |name| claims.get(name).and_then(Value::as_f64);
        #[expect(clippy::cast_precision_loss, reason = "seconds of this century")]
        let now = now as f64;
        if moment("exp").is_some_and(|exp| exp <= now) {
            return Err(Problem::request_object("it has expired"));
        }
        if moment("nbf").is_some_and(|nbf| nbf > now + 60.0) {
            return Err(Problem::request_object("it is not valid yet"));
        }
        let is_us = |value: &Value| value.as_str() == Some(self.issuer);
        let for_us = match claims.get("aud") {
            None => true,
            Some(Value::Array(all)) => all.iter().any(is_us),
            Some(one) => is_us(one),
        };
        if for_us { Ok(()) } else { Err(Problem::request_object("its audience is somebody else")) }
    }
}

/// Header and members; of the encrypted key and the vector, which have to be others each time, what tells them apart.
fn unsealed(token: &str, members: &Map<String, Value>) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let mark = |n: usize| hex::encode(&Sha256::digest(parts.get(n).copied().unwrap_or_default())[..8]);
    let header = parts.first().copied().and_then(decoded).and_then(|header| object(&header).ok());
    json!({ "header": header, "key": mark(1), "vector": mark(2), "request": members }).to_string()
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, Problem> {
    serde_json::from_slice(bytes).map_err(|_| Problem::request_object("what is inside is no JSON object"))
}

fn decoded(part: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).ok()
}
