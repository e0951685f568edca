//! The signed data object: what a person signed, and who did, sealed so that anybody can verify it years later.
//!
//! ```text
//! LtvSdo ─┬─ Simulated                                        ours: says that nobody signed anything
//!         ├─ NativeSignature ─┬─ OriginalDocument             the text, base64
//!         │                   └─ NativeSdo                    the eID's own signature of the text, base64 of XML
//!         ├─ SignerDescription ── SignerName, SignerNationalId, SignerNationality
//!         └─ ds:Signature                                     the signing service's, over all of the above
//! ```
//!
//! What is known comes from those who read such objects: the namespace, `NativeSignature` with `NativeSdo` and `OriginalDocument`, and
//! `SignerDescription` with its members, which readers find by their local names. *Inferred*, because no document here shows it:
//! - the name of the root, the order and nesting of the members, and that the text is UTF-8;
//! - the seal's place and profile: an enveloped RSA-SHA256 signature over the whole document. The real one is an XAdES signature with time
//!   stamps and revocation data; there are none here, because a simulation has nobody who could vouch for a time;
//! - the native signature of Norwegian BankID, a SEID-SDO in reality, has the form of Swedish BankID's here;
//! - the certificate of the native signature names no person; a real one does, and is issued by the person's bank.
//!
//! Verified with `xmlsec1 --verify --trusted-pem ca.pem sdo.xml`, where `ca.pem` is what `motpart ca` prints.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::crypto::signatory::Signatory;
use crate::crypto::xmldsig::{self, Enveloped, text};
use crate::identity::Person;
use crate::script::SdoTampering;

/// What was signed, and by whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Consent<'a> {
    /// The text as the relying party sent it.
    pub(super) text: &'a str,
    /// Who signed it.
    pub(super) signer: &'a Person,
    /// The relying party, as the person saw it named.
    pub(super) relying_party: &'a str,
    /// What makes this signature another one than all others of the same text.
    pub(super) nonce: &'a [u8],
}

/// The signed data object of a consent, or one that is wrong in this way; `other` is who did not sign. The same bytes each time.
pub(super) fn sdo(consent: Consent<'_>, how: Option<SdoTampering>, other: &Person) -> String {
    let other_text = format!("{} (and what comes with it)", consent.text);
    let (told, by) = match how {
        Some(SdoTampering::PersonSwapped) => (Consent { signer: other, ..consent }, Signatory::service()),
        Some(SdoTampering::TextSwapped) => (Consent { text: &other_text, ..consent }, Signatory::service()),
        Some(SdoTampering::ForeignKey) => (consent, Signatory::stranger()),
        Some(SdoTampering::SignatureBroken | SdoTampering::SignatureMissing) | None => (consent, Signatory::service()),
    };
    let document = document(told);
    let sealed = match how {
        Some(SdoTampering::SignatureMissing) => document,
        Some(SdoTampering::SignatureBroken) => {
            // An honest signature, of what was never signed.
            let of_other = xmldsig::enveloped(&self::document(Consent { text: &other_text, ..consent }), by);
            xmldsig::seal(&document, &of_other)
        }
        Some(SdoTampering::ForeignKey | SdoTampering::PersonSwapped | SdoTampering::TextSwapped) | None => {
            xmldsig::seal(&document, &xmldsig::enveloped(&document, by))
        }
    };
    format!("{DECLARATION}{sealed}")
}

/// The canonical text of everything but the seal.
fn document(consent: Consent<'_>) -> String {
    let original = STANDARD.encode(consent.text);
    let native = STANDARD.encode(format!("{DECLARATION}{}", native(consent)));
    let (name, number) = (text(&consent.signer.full_name()), text(consent.signer.number.expose()));
    let nationality = consent.signer.number.country().code();
    format!(
        r#"<LtvSdo xmlns="{NAMESPACE}">
<Simulated xmlns="urn:motpart">Made by Motpart, a simulator of eID providers: nobody signed this.</Simulated>
<NativeSignature><OriginalDocument>{original}</OriginalDocument><NativeSdo>{native}</NativeSdo></NativeSignature>
<SignerDescription><SignerName>{name}</SignerName><SignerNationalId>{number}</SignerNationalId><SignerNationality>{nationality}</SignerNationality></SignerDescription>
</LtvSdo>"#
    )
}

/// The eID's own signature, in the form of Swedish BankID's: text, relying party and client in base64, one after the other on one line.
fn native(consent: Consent<'_>) -> String {
    let [visible, name, nonce, version] =
        [consent.text.as_bytes(), consent.relying_party.as_bytes(), consent.nonce, b"Motpart"]
            .map(|bytes| STANDARD.encode(bytes));
    let element = format!(
        r#"<bankIdSignedData xmlns="{BANKID}" Id="bidSignedData"><usrVisibleData charset="UTF-8" visible="wysiwys">{visible}</usrVisibleData><srvInfo><name>{name}</name><nonce>{nonce}</nonce><displayName>{name}</displayName></srvInfo><clientInfo><funcId>Signing</funcId><version>{version}</version></clientInfo></bankIdSignedData>"#
    );
    xmldsig::enveloping(Enveloped { element: &element, id: "bidSignedData", kind: BANKID }, Signatory::eid())
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "https://id.signicat.com/definitions/xsd/LtvSdo-1.1";
const BANKID: &str = "http://www.bankid.com/signature/v1.0.0/types";

#[cfg(test)]
mod tests;
