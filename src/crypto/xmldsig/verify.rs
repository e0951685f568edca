//! Checks the seals that [`enveloped`](super::enveloped) makes.
//!
//! Only documents that are their own canonical form can be checked, and only signatures that are written as ours are: what is signed is
//! written anew and compared, so that nothing has to be parsed. Everything else is refused, also where it would be right.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::asn1::Asn1Time;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::sign::Verifier;
use openssl::x509::{X509, X509VerifyResult};
use thiserror::Error;

use super::{ENVELOPED, EXCLUSIVE, NAMESPACE, Reference, signed_info};
use crate::crypto::private_key::der_of;

/// An authority whose certificates are believed.
#[derive(Clone)]
pub struct Anchor(X509);

/// Why a document proves nothing. Nothing of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unverified {
    /// The authority did not issue the certificate, it is not valid now, or its key is no RSA key of 2048 bits.
    #[error("the certificate of the signature is not one that the trusted authority vouches for")]
    Certificate,
    /// The signature is of another document, or is written in another form than the one that is understood.
    #[error("the signature is not one of this document")]
    Content,
    /// There is no signature at the document's end, or there is another one besides.
    #[error("the document does not end with its one signature")]
    Shape,
    /// The value was made by another key.
    #[error("the signature was not made with the key of its certificate")]
    Value,
}

impl Anchor {
    /// Reads a certificate: a PEM text, or the base64 in it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        X509::from_der(&der_of(text)?).ok().map(Self)
    }

    /// The key of a certificate that this authority has issued and that is valid now.
    fn vouches_for(&self, der: &[u8]) -> Result<Option<X509>, ErrorStack> {
        let (certificate, now) = (X509::from_der(der)?, Asn1Time::days_from_now(0)?);
        let is_issued = self.0.issued(&certificate) == X509VerifyResult::OK
            && certificate.verify(self.0.public_key()?.as_ref())?
            && certificate.not_before() <= &*now
            && certificate.not_after() >= &*now;
        // Persons' keys and those of servers are certified by the same authority, and seal nothing: they are on curves.
        let is_seal = certificate.public_key()?.rsa().is_ok_and(|key| key.size() >= 256);
        Ok((is_issued && is_seal).then_some(certificate))
    }
}

impl std::fmt::Debug for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Anchor")
    }
}

/// What a sealed document says, without its declaration and its seal: the bytes that were signed.
///
/// ```
/// use motpart::crypto::cert::Authority;
/// use motpart::crypto::signatory::Signatory;
/// use motpart::crypto::xmldsig::{Anchor, enveloped, seal, verify};
///
/// let document = r#"<A xmlns="urn:a"><B>1</B></A>"#;
/// let sealed = seal(document, &enveloped(document, Signatory::service()));
/// let anchor = Anchor::read(Authority::load().pem()).expect("a certificate");
/// assert_eq!(verify(&sealed, &anchor).as_deref(), Ok(document));
/// ```
///
/// # Errors
/// One variant of [`Unverified`] for each way to be wrong.
pub fn verify(document: &str, trusted: &Anchor) -> Result<String, Unverified> {
    let declared = document.trim_start();
    let bare = match declared.strip_prefix("<?xml ") {
        Some(rest) => rest.split_once("?>").ok_or(Unverified::Shape)?.1,
        None => declared,
    };
    let open = format!(r#"<ds:Signature xmlns:ds="{NAMESPACE}">"#);
    let (before, rest) = bare.trim().rsplit_once(&open).ok_or(Unverified::Shape)?;
    let (signature, end) = rest.split_once("</ds:Signature>").ok_or(Unverified::Shape)?;
    if !is_end_of(before, end) || before.contains(NAMESPACE) {
        return Err(Unverified::Shape);
    }
    let signed = format!("{before}{end}");
    let reference =
        Reference { attributes: "URI=\"\"".to_owned(), transforms: &[ENVELOPED, EXCLUSIVE], digested: &signed };
    let info = signed_info("ds:", EXCLUSIVE, RSA_SHA256, &[reference]);
    let rest = signature.strip_prefix(&info).ok_or(Unverified::Content)?;
    let (value, certificate) = rest
        .strip_prefix("<ds:SignatureValue>")
        .and_then(|rest| rest.strip_suffix("</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"))
        .and_then(|rest| rest.split_once("</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>"))
        .ok_or(Unverified::Content)?;
    let decode = |text: &str| STANDARD.decode(text).map_err(|_| Unverified::Content);
    let (value, certificate) = (decode(value)?, decode(certificate)?);
    let certificate = trusted.vouches_for(&certificate).ok().flatten().ok_or(Unverified::Certificate)?;
    let fits = || -> Result<bool, ErrorStack> {
        let key = certificate.public_key()?;
        Verifier::new(MessageDigest::sha256(), &key)?.verify_oneshot(&value, info.as_bytes())
    };
    if fits().is_ok_and(|fits| fits) { Ok(signed) } else { Err(Unverified::Value) }
}

/// Whether this is the end tag of the document's root, and nothing else.
fn is_end_of(document: &str, end: &str) -> bool {
    let name = document.strip_prefix('<').and_then(|rest| rest.split([' ', '>']).next()).unwrap_or_default();
    !name.is_empty() && end == format!("</{name}>")
}

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

#[cfg(test)]
mod tests {
    use super::super::{enveloped, seal};
    use super::*;
    use crate::crypto::cert::Authority;
    use crate::crypto::signatory::Signatory;

    const DOCUMENT: &str = r#"<A xmlns="urn:a"><B>1</B></A>"#;

    fn sealed(by: &Signatory) -> String {
        seal(DOCUMENT, &enveloped(DOCUMENT, by))
    }

    #[test]
    fn an_honest_seal_is_found_right_with_and_without_a_declaration() {
        let anchor = Anchor::read(Authority::load().pem()).unwrap();
        let sealed = sealed(Signatory::service());
        assert_eq!(verify(&sealed, &anchor).as_deref(), Ok(DOCUMENT));
        let declared = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{sealed}\n");
        assert_eq!(verify(&declared, &anchor).as_deref(), Ok(DOCUMENT));
        let bare: String = Authority::load().pem().lines().filter(|line| !line.starts_with('-')).collect();
        assert!(verify(&sealed, &Anchor::read(&bare).unwrap()).is_ok());
    }

    #[test]
    fn each_way_to_be_wrong_is_refused_for_its_reason() {
        let anchor = Anchor::read(Authority::load().pem()).unwrap();
        let honest = sealed(Signatory::service());
        let refused = |document: &str| verify(document, &anchor).unwrap_err();
        assert_eq!(refused(DOCUMENT), Unverified::Shape);
        assert_eq!(refused(""), Unverified::Shape);
        assert_eq!(refused(&honest.replace("<B>1", "<B>2")), Unverified::Content);
        assert_eq!(refused(&honest.replace("<B>", "<!-- --><B>")), Unverified::Content);
        assert_eq!(refused(&honest.replace("rsa-sha256", "hmac-sha256")), Unverified::Content);
        assert_eq!(refused(&sealed(Signatory::stranger())), Unverified::Certificate);
        // An honest person's key, certified by the same authority: it signs with another algorithm, and seals nothing.
        assert_eq!(refused(&sealed(Signatory::eid())), Unverified::Content);
        // A signature in front of the last one, and something behind it.
        assert_eq!(
            refused(&honest.replace("<B>", &format!("<B>{}", enveloped(DOCUMENT, Signatory::service())))),
            Unverified::Shape
        );
        assert_eq!(refused(&format!("{honest}<A></A>")), Unverified::Shape);
        // The right certificate beside another's signature.
        let (of_stranger, start) = (sealed(Signatory::stranger()), "<ds:SignatureValue>");
        let value = |document: &str| {
            let rest = document.split_once(start).unwrap().1;
            rest.split_once("</ds:SignatureValue>").unwrap().0.to_owned()
        };
        assert_eq!(refused(&honest.replace(&value(&honest), &value(&of_stranger))), Unverified::Value);
        assert!(Anchor::read("nonsense").is_none());
    }
}
