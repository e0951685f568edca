//! Signed content: compact signatures, and those inside an encryption. What is only encrypted is nobody's word: everybody has the key.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::attempt::Halt;
use super::issuer::{Issuer, Keys};
use crate::crypto::jwe::{self, Content};
use crate::crypto::jws;
use crate::crypto::keys::PublicKey;
use crate::crypto::private_key::PrivateKey;
use crate::reference::provider::member::Contradiction;
use crate::reference::provider::{FailureKind, once};
use crate::reference::{Flaw, Flaws};

/// What a token says, and who may be believed to say it.
pub(super) struct Reader<'a> {
    pub(super) issuer: &'a Issuer,
    /// Ours, where answers are encrypted to us.
    pub(super) own: Option<&'a PrivateKey>,
    /// Whether the token came straight from the issuer, over TLS: then that is its proof (OpenID Connect Core 3.1.3.7, rule 6).
    pub(super) is_direct: bool,
    pub(super) flaws: &'a Flaws,
}

impl Reader<'_> {
    /// The claims of a token whose signature is the issuer's.
    ///
    /// # Errors
    /// For good where it is not; for now where the keys cannot be had.
    pub(super) async fn read(&self, token: &str) -> Result<Map<String, Value>, Halt> {
        let token = match self.opened(token)? {
            Opened::Signed(token) => token,
            Opened::Plain(claims) if self.flaws.has(Flaw::AcceptsPlainClaimsInAJwe) => return Ok(object(&claims)?),
            Opened::Plain(_) => return Err(Contradiction("the claims are encrypted, and signed by nobody").into()),
        };
        if self.is_misled(&token) {
            return Ok(payload(&token)?);
        }
        let kid = kid(&token, self.flaws)?;
        if self.is_direct {
            return Ok(payload(&token)?);
        }
        let keys = match self.issuer.keys().await {
            Ok(keys) if keys.named(&kid).next().is_none() => self.issuer.keys_anew(&keys).await,
            keys => keys,
        };
        match keys {
            Err(_) if self.flaws.has(Flaw::KeysOutageSkipsTheSignature) => Ok(payload(&token)?),
            Err(error) => Err(error.into()),
            Ok(keys) => Ok(verified(&token, &kid, &keys)?),
        }
    }

    /// Whether one of the flaws believes the token as it is. Without a flaw none ever does.
    fn is_misled(&self, token: &str) -> bool {
        let header = token.split('.').next().and_then(|header| URL_SAFE_NO_PAD.decode(header).ok());
        let header = header.and_then(|header| object(&header).ok()).unwrap_or_default();
        let text = |name: &str| header.get(name).and_then(Value::as_str).unwrap_or_default();
        let brought_along = || {
            let key: PublicKey = serde_json::from_value(header.get("jwk")?.clone()).ok()?;
            jws::verify(&key, token).ok()
        };
        self.flaws.has(Flaw::DecodesTheIdentityWithoutVerifying)
            || (self.flaws.has(Flaw::AcceptsAlgorithmNone) && text("alg").eq_ignore_ascii_case("none"))
            || (self.flaws.has(Flaw::TrustsTheKeyInTheHeader) && brought_along().is_some())
    }

    /// Takes away the encryption, where there is one.
    fn opened(&self, token: &str) -> Result<Opened, Halt> {
        if !is_encrypted(token) {
            return Ok(Opened::Signed(token.to_owned()));
        }
        let own = self.own.ok_or(Contradiction("the token is encrypted, and there is no key for it here"))?;
        let plain = match jwe::decrypt(own, token, &ENCRYPTIONS) {
            Ok(plain) => plain,
            Err(_) => self.undecrypted(own, token)?,
        };
        match String::from_utf8(plain) {
            Ok(nested) if nested.split('.').count() == 3 && !nested.contains('{') => Ok(Opened::Signed(nested)),
            Ok(plain) => Ok(Opened::Plain(plain.into_bytes())),
            Err(_) => Err(Contradiction("what was encrypted is no text").into()),
        }
    }

    /// One word for everything that does not decrypt (RFC 7516 section 11.5). Without a flaw nobody looks any further.
    fn undecrypted(&self, own: &PrivateKey, token: &str) -> Result<Vec<u8>, Halt> {
        let takes = self.flaws.has(Flaw::SkipsTheTagOfEncryptedTokens);
        let tells = self.flaws.has(Flaw::TellsWhatDoesNotDecrypt);
        match (takes || tells).then(|| jwe::decrypt_unauthenticated(own, token)).flatten() {
            Some(plain) if takes => Ok(plain),
            Some(_) => Err(Halt::refused(FailureKind::ProviderError, "jwe_content")),
            None => Err(Contradiction("the token does not decrypt").into()),
        }
    }
}

/// Whether a token has the form of an encrypted one.
pub(super) fn is_encrypted(token: &str) -> bool {
    token.split('.').count() == 5
}

enum Opened {
    Plain(Vec<u8>),
    Signed(String),
}

/// The name of the key, from a header in which nothing else decides: the algorithm is RS256, and keys that a token brings along are not seen.
fn kid(token: &str, flaws: &Flaws) -> Result<String, Contradiction> {
    const SHAPE: Contradiction = Contradiction("the token is no compact signature");
    let [header, _, _] = token.split('.').collect::<Vec<_>>()[..] else { return Err(SHAPE) };
    let header = object(&URL_SAFE_NO_PAD.decode(header).map_err(|_| SHAPE)?)?;
    let passes_over = flaws.has(Flaw::IgnoresCriticalExtensions);
    if header.get("alg").and_then(Value::as_str) != Some("RS256") {
        return Err(Contradiction("the token's algorithm is not RS256"));
    }
    // RFC 7515 section 4.1.11, RFC 7797: no extension is understood.
    if (header.contains_key("crit") || header.contains_key("b64")) && !passes_over {
        return Err(Contradiction("the token demands an extension"));
    }
    let kid = header.get("kid").and_then(Value::as_str).filter(|kid| !kid.is_empty());
    kid.map(str::to_owned).ok_or(Contradiction("the token names no key"))
}

/// The claims, where one of the keys of that name made the signature.
fn verified(token: &str, kid: &str, keys: &Keys) -> Result<Map<String, Value>, Contradiction> {
    let mut named = keys.named(kid).peekable();
    if named.peek().is_none() {
        return Err(Contradiction("the token is signed by a key that the issuer does not publish"));
    }
    let verified = named.find_map(|key| jws::verify(&key.key, token).ok());
    object(&verified.ok_or(Contradiction("the token's signature is wrong"))?.payload)
}

/// The claims, whoever made them.
fn payload(token: &str) -> Result<Map<String, Value>, Contradiction> {
    let payload = token.split('.').nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    object(&payload.ok_or(Contradiction("the token's payload cannot be read"))?)
}

/// A JSON object in which every name stands once.
pub(super) fn object(bytes: &[u8]) -> Result<Map<String, Value>, Contradiction> {
    match once::parse(bytes) {
        Ok(read) if read.has_twins => Err(Contradiction("a claim stands twice")),
        Ok(once::Read { value: Value::Object(object), .. }) => Ok(object),
        Ok(_) | Err(_) => Err(Contradiction("the claims are no JSON object")),
    }
}

/// What answers may be encrypted with: what is told of it, and what is asked of request objects.
const ENCRYPTIONS: [Content; 2] = [Content::A128CbcHs256, Content::A256CbcHs512];
