//! Compact signatures that are wrong on purpose: one list for whatever is signed.
//!
//! The header comes as members in raw JSON, so that its order and spelling are the caller's. What is wrong is wrong in exactly one thing.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

use super::keys::{Certificate, PublicKey, SigningKey};
use super::mac;

/// The members of a header in their order: a name, and its value as JSON.
pub type Header = Vec<(&'static str, Cow<'static, str>)>;

/// A key with the certificate by which it is known.
#[derive(Clone, Copy, Debug)]
pub struct Signer {
    /// The key.
    pub key: &'static SigningKey,
    /// Its certificate: the valid one, or one that expired.
    pub certificate: &'static Certificate,
}

/// The keys that a forgery can need.
#[derive(Clone, Copy, Debug)]
pub struct Signers {
    /// The one in service.
    pub own: Signer,
    /// One that was taken out of service.
    pub rotated_out: Signer,
    /// One whose certificate has expired.
    pub expired: Signer,
    /// One that was never handed out.
    pub foreign: Signer,
}

/// What can be wrong with a compact signature whatever it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// HS256 with this form of what is public as its key.
    Hs256(PublicForm),
    /// Without `alg`.
    AlgorithmMissing,
    /// Another `alg`, with an empty signature: `none`.
    Unsigned(&'static str),
    /// A character that base64url does not have.
    Base64urlBad,
    /// An unknown critical extension.
    CritUnknown,
    /// A foreign key, brought along or to be fetched.
    Embedded(Embedded),
    /// A foreign key under our name.
    ForeignKey,
    /// `alg` twice.
    HeaderDuplicateKeys,
    /// A megabyte of blanks after the payload.
    Huge,
    /// The key whose certificate has expired.
    KeyExpired,
    /// The key that was taken out of service.
    KeyRotatedOut,
    /// A foreign key under its own name.
    KeyUnknown,
    /// Parts with `=` at their ends.
    Padded,
    /// One digit changed after signing.
    PayloadAltered,
    /// `b64` false.
    PayloadUnencoded,
    /// Four parts.
    SegmentsFour,
    /// Two parts.
    SegmentsTwo,
    /// An empty third part.
    SignatureMissing,
    /// The signature of other bytes.
    SignatureReplaced,
    /// Half of the signature.
    SignatureTruncated,
}

/// The forms of what is public that a verifier can mistake for a shared secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicForm {
    /// The certificate as a PEM text.
    Certificate,
    /// The public key as DER.
    Der,
    /// The public key as the text of a JSON Web Key.
    Jwk,
    /// The public key as a PEM text.
    Pem,
}

/// Where a header can hold a key or its address (RFC 7515 sections 4.1.2 to 4.1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedded {
    /// The address of a key set.
    Jku,
    /// The key.
    Jwk,
    /// The certificate.
    X5c,
    /// The address of a certificate.
    X5u,
}

/// What is to be signed, and by whom.
#[derive(Clone, Copy)]
pub struct Sealing<'a> {
    /// The keys.
    pub signers: Signers,
    /// The honest header of a signer, `alg` being `"RS256"`.
    pub header: fn(&Signer) -> Header,
    /// The payload, byte for byte.
    pub payload: &'a [u8],
    /// Where the key set of the foreign key is, and where its certificate: for `jku` and `x5u`.
    pub foreign_at: (&'a str, &'a str),
}

impl std::fmt::Debug for Sealing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealing").field("signers", &self.signers).finish_non_exhaustive()
    }
}

impl Sealing<'_> {
    /// The honest token.
    #[must_use]
    pub fn honest(&self) -> String {
        self.signed((self.header)(&self.signers.own), self.signers.own, self.payload)
    }

    /// A token that is wrong in one thing.
    #[must_use]
    pub fn forged(&self, flaw: Flaw) -> String {
        let Signers { own, rotated_out, expired, foreign } = self.signers;
        let header = (self.header)(&own);
        let under = |signer: Signer| self.signed((self.header)(&signer), signer, self.payload);
        match flaw {
            Flaw::AlgorithmMissing => self.signed(without(header, ALG), own, self.payload),
            Flaw::Base64urlBad => {
                let (header, payload) = (encoded(header), URL_SAFE_NO_PAD.encode(self.payload));
                let (front, back) = payload.split_at(payload.len() / 2);
                complete(&format!("{header}.{front}!{back}"), own.key)
            }
            Flaw::CritUnknown => {
                let extension = [("crit", r#"["urn:motpart:unknown"]"#.into()), ("urn:motpart:unknown", "true".into())];
                self.signed(header.into_iter().chain(extension).collect(), own, self.payload)
            }
            Flaw::Embedded(at) => {
                let member = self.embedded(at, foreign);
                self.signed(header.into_iter().chain([member]).collect(), foreign, self.payload)
            }
            Flaw::ForeignKey => self.signed(header, foreign, self.payload),
            Flaw::HeaderDuplicateKeys => {
                let doubled = [(ALG, r#""none""#.into())].into_iter().chain(header).collect();
                self.signed(doubled, own, self.payload)
            }
            Flaw::Hs256(form) => {
                let input = input(replaced(header, ALG, r#""HS256""#), self.payload);
                let key = public(own, form);
                with_signature(&input, &mac::hmac_sha256(key.as_ref(), input.as_bytes()))
            }
            Flaw::Huge => self.signed(header, own, &[self.payload, &vec![b' '; MEGABYTE]].concat()),
            Flaw::KeyExpired => under(expired),
            Flaw::KeyRotatedOut => under(rotated_out),
            Flaw::KeyUnknown => under(foreign),
            Flaw::Padded => {
                let input = [json(header).as_bytes(), self.payload].map(padded).join(".");
                let signature = padded(&own.key.sign(input.as_bytes()));
                format!("{input}.{signature}")
            }
            Flaw::PayloadAltered => {
                let honest = input(header.clone(), self.payload);
                with_signature(&input(header, &altered(self.payload)), &own.key.sign(honest.as_bytes()))
            }
            Flaw::PayloadUnencoded => {
                let extension = [("b64", "false".into()), ("crit", r#"["b64"]"#.into())];
                self.signed(header.into_iter().chain(extension).collect(), own, self.payload)
            }
            Flaw::SegmentsFour => format!("{}.{}", self.honest(), URL_SAFE_NO_PAD.encode(b"{}")),
            Flaw::SegmentsTwo => input(header, self.payload),
            Flaw::SignatureMissing => format!("{}.", input(header, self.payload)),
            Flaw::SignatureReplaced => {
                let other = own.key.sign(input(header.clone(), b"{}").as_bytes());
                with_signature(&input(header, self.payload), &other)
            }
            Flaw::SignatureTruncated => {
                let mut honest = self.honest();
                let signature = honest.rfind('.').unwrap_or_default() + 1;
                // Still base64url: what is wrong is the signature alone.
                honest.truncate(signature + (honest.len() - signature) / 8 * 4);
                honest
            }
            Flaw::Unsigned(alg) => {
                format!("{}.", input(replaced(header, ALG, &format!("\"{alg}\"")), self.payload))
            }
        }
    }

    fn signed(&self, header: Header, by: Signer, payload: &[u8]) -> String {
        complete(&input(header, payload), by.key)
    }

    fn embedded(&self, at: Embedded, foreign: Signer) -> (&'static str, Cow<'static, str>) {
        let (key_set, certificate) = self.foreign_at;
        let text = |text: &str| Cow::Owned(quoted(text));
        match at {
            Embedded::Jku => ("jku", text(key_set)),
            Embedded::Jwk => ("jwk", jwk(foreign.key.public()).into()),
            Embedded::X5c => ("x5c", format!("[{}]", quoted(&STANDARD.encode(foreign.certificate.der()))).into()),
            Embedded::X5u => ("x5u", text(certificate)),
        }
    }
}

/// A key as a JSON Web Key, without more than it needs (RFC 7638 section 3.2).
#[must_use]
pub fn jwk(PublicKey { n, e }: &PublicKey) -> String {
    format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#)
}

fn public(signer: Signer, form: PublicForm) -> Vec<u8> {
    match form {
        PublicForm::Certificate => signer.certificate.pem().as_bytes().to_vec(),
        PublicForm::Der => signer.key.spki().to_vec(),
        PublicForm::Jwk => jwk(signer.key.public()).into_bytes(),
        PublicForm::Pem => {
            let body = STANDARD.encode(signer.key.spki());
            let lines: Vec<_> = body.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
            format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n")).into_bytes()
        }
    }
}

fn replaced(mut header: Header, name: &str, value: &str) -> Header {
    for member in header.iter_mut().filter(|(member, _)| *member == name) {
        member.1 = value.to_owned().into();
    }
    header
}

fn without(mut header: Header, name: &str) -> Header {
    header.retain(|(member, _)| *member != name);
    header
}

fn json(header: Header) -> String {
    let members: Vec<_> = header.into_iter().map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
    format!("{{{}}}", members.join(","))
}

fn encoded(header: Header) -> String {
    URL_SAFE_NO_PAD.encode(json(header))
}

/// With one `=` where base64 needs none: every length can be padded wrongly or rightly, and JOSE wants neither.
fn padded(part: &[u8]) -> String {
    let text = URL_SAFE.encode(part);
    if text.ends_with('=') { text } else { format!("{text}=") }
}

fn input(header: Header, payload: &[u8]) -> String {
    let mut input = encoded(header);
    input.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut input);
    input
}

fn complete(input: &str, key: &SigningKey) -> String {
    let signature = key.sign(input.as_bytes());
    with_signature(input, &signature)
}

fn with_signature(input: &str, signature: &[u8]) -> String {
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The payload with one digit changed: the last one of the longest number that stands as a text, where there is one; else the last one.
fn altered(payload: &[u8]) -> Vec<u8> {
    let ends_text = |at: usize| matches!(payload.get(at + 1), Some(b'"' | b'\\'));
    let length = |at: usize| payload[..=at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let numbers = (0..payload.len()).filter(|at| payload[*at].is_ascii_digit() && ends_text(*at));
    let digit = numbers.max_by_key(|at| length(*at)).or_else(|| payload.iter().rposition(u8::is_ascii_digit));
    let mut altered = payload.to_vec();
    match digit {
        Some(at) => altered[at] = if altered[at] == b'9' { b'0' } else { altered[at] + 1 },
        None => altered.push(b' '),
    }
    altered
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string is always valid JSON")
}

const ALG: &str = "alg";
const MEGABYTE: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::jws::{self, JwsError};
    use crate::crypto::keys::Pool;

    const PAYLOAD: &[u8] = br#"{"status":"APPROVED","timestamp":1665562398700}"#;

    fn sealing() -> Sealing<'static> {
        let valid = |at: usize| Signer { key: Pool::at(at), certificate: Pool::at(at).certificate() };
        let expired = Signer { key: Pool::at(2), certificate: Pool::at(2).expired_certificate() };
        Sealing {
            signers: Signers { own: valid(0), rotated_out: valid(1), expired, foreign: valid(3) },
            header: |signer| vec![("x5t", quoted(&signer.certificate.x5t()).into()), (ALG, r#""RS256""#.into())],
            payload: PAYLOAD,
            foreign_at: ("http://x.test/jwks", "http://x.test/crt"),
        }
    }

    fn part(token: &str, at: usize) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap()
    }

    #[test]
    fn the_honest_token_is_right() {
        let verified = jws::verify(Pool::at(0).public(), &sealing().honest()).unwrap();
        assert_eq!(verified.payload, PAYLOAD);
        let x5t = Pool::at(0).certificate().x5t();
        assert_eq!(verified.header, format!(r#"{{"x5t":"{x5t}","alg":"RS256"}}"#).as_bytes());
    }

    #[test]
    fn what_is_wrong_with_the_seal_is_refused_and_with_which_key_it_would_not_be() {
        let sealing = sealing();
        let refused = |flaw| jws::verify(Pool::at(0).public(), &sealing.forged(flaw)).map(|_| ());
        for form in [PublicForm::Certificate, PublicForm::Der, PublicForm::Jwk, PublicForm::Pem] {
            assert_eq!(refused(Flaw::Hs256(form)), Err(JwsError::Algorithm));
        }
        for (flaw, why) in [
            (Flaw::Unsigned("nOnE"), JwsError::Algorithm),
            (Flaw::AlgorithmMissing, JwsError::Shape),
            (Flaw::Base64urlBad, JwsError::Shape),
            (Flaw::Padded, JwsError::Shape),
            (Flaw::SegmentsFour, JwsError::Shape),
            (Flaw::SegmentsTwo, JwsError::Shape),
            (Flaw::HeaderDuplicateKeys, JwsError::Shape),
            (Flaw::PayloadAltered, JwsError::Signature),
            (Flaw::SignatureMissing, JwsError::Signature),
            (Flaw::SignatureReplaced, JwsError::Signature),
            (Flaw::SignatureTruncated, JwsError::Signature),
        ] {
            assert_eq!(refused(flaw), Err(why), "{flaw:?}");
        }
        for (flaw, signer) in [
            (Flaw::KeyRotatedOut, 1),
            (Flaw::KeyExpired, 2),
            (Flaw::KeyUnknown, 3),
            (Flaw::ForeignKey, 3),
            (Flaw::Embedded(Embedded::Jwk), 3),
            (Flaw::Embedded(Embedded::Jku), 3),
            (Flaw::Embedded(Embedded::X5c), 3),
            (Flaw::Embedded(Embedded::X5u), 3),
        ] {
            assert_eq!(refused(flaw), Err(JwsError::Signature), "{flaw:?}");
            assert!(jws::verify(Pool::at(signer).public(), &sealing.forged(flaw)).is_ok(), "{flaw:?}");
        }
        // Right signatures, which only a reader of the header or a limit refuses.
        for flaw in [Flaw::CritUnknown, Flaw::PayloadUnencoded, Flaw::Huge] {
            assert_eq!(refused(flaw), Ok(()), "{flaw:?}");
        }
    }

    #[test]
    fn the_confused_key_is_what_everybody_has() {
        let token = sealing().forged(Flaw::Hs256(PublicForm::Pem));
        let (input, _) = token.rsplit_once('.').unwrap();
        let key = openssl::pkey::PKey::public_key_from_der(Pool::at(0).spki()).unwrap().public_key_to_pem().unwrap();
        assert_eq!(part(&token, 2), mac::hmac_sha256(&key, input.as_bytes()));
        assert!(String::from_utf8(part(&token, 0)).unwrap().ends_with(r#""alg":"HS256"}"#));
    }

    #[test]
    fn one_digit_is_changed_and_the_payload_stays_json() {
        let token = sealing().forged(Flaw::PayloadAltered);
        assert_eq!(part(&token, 1), br#"{"status":"APPROVED","timestamp":1665562398701}"#);
        let number = altered(br#"{"ssn":"198501012389","timestamp":1665562398700,"authRef":"a1b2"}"#);
        assert_eq!(number, br#"{"ssn":"198501012380","timestamp":1665562398700,"authRef":"a1b2"}"#);
    }
}
