//! XML signatures over canonical text (XML Signature Syntax and Processing 1.1): no XML library, because whoever writes a document can write it
//! canonically in the first place.
//!
//! What is signed has to be its own canonical form: no declaration, no comments, double quotes, no empty-element tags, namespaces before
//! attributes and attributes in order, and texts through [`text`]. Each signed element declares its own namespace, so that it reads the same
//! cut out and in place, under inclusive and exclusive canonicalisation alike.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::sha::sha256;

use super::signatory::Signatory;

mod verify;

pub use verify::{Anchor, Unverified, verify};

/// An enveloped signature: the element that [`seal`] puts into this canonical document, and that covers the rest of it.
#[must_use]
pub fn enveloped(document: &str, by: &Signatory) -> String {
    let transforms = [ENVELOPED, EXCLUSIVE];
    let reference = Reference { attributes: "URI=\"\"".to_owned(), transforms: &transforms, digested: document };
    let info = signed_info("ds:", EXCLUSIVE, by.algorithm(), &[reference]);
    let (value, certificate) = (STANDARD.encode(by.sign(info.as_bytes())), STANDARD.encode(by.certificate()));
    format!(
        r#"<ds:Signature xmlns:ds="{NAMESPACE}">{info}<ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"#
    )
}

/// The document with a signature as its last child.
#[must_use]
pub fn seal(document: &str, signature: &str) -> String {
    let (content, end) = document.split_at(document.rfind("</").unwrap_or(document.len()));
    format!("{content}{signature}{end}")
}

/// An element that a signature envelops.
#[derive(Clone, Copy, Debug)]
pub struct Enveloped<'a> {
    /// The element's canonical text, with an attribute `Id`.
    pub element: &'a str,
    /// The value of that attribute.
    pub id: &'a str,
    /// The `Type` of the reference to it.
    pub kind: &'a str,
}

/// A signature around an element, in the form of Swedish BankID's: it covers the element and its own key information.
#[must_use]
pub fn enveloping(enveloped: Enveloped<'_>, by: &Signatory) -> String {
    let certificate = STANDARD.encode(by.certificate());
    let key_info = format!(
        r#"<KeyInfo xmlns="{NAMESPACE}" Id="bidKeyInfo"><X509Data><X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo>"#
    );
    let Enveloped { element, id, kind } = enveloped;
    let references = [
        Reference {
            attributes: format!(r##"Type="{kind}" URI="#{id}""##),
            transforms: &[INCLUSIVE],
            digested: element,
        },
        Reference { attributes: r##"URI="#bidKeyInfo""##.to_owned(), transforms: &[INCLUSIVE], digested: &key_info },
    ];
    let info = signed_info("", INCLUSIVE, by.algorithm(), &references);
    let value = STANDARD.encode(by.sign(info.as_bytes()));
    format!(
        r#"<Signature xmlns="{NAMESPACE}">{info}<SignatureValue>{value}</SignatureValue>{key_info}<Object>{element}</Object></Signature>"#
    )
}

/// A text as canonical XML writes it between tags. What no XML document can contain becomes a replacement character.
#[must_use]
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                out.push(char::REPLACEMENT_CHARACTER);
            }
            c => out.push(c),
        }
    }
    out
}

/// Something that a signature covers.
struct Reference<'a> {
    attributes: String,
    transforms: &'a [&'a str],
    /// The canonical text, after the transforms.
    digested: &'a str,
}

/// The canonical text of what is signed at last. It stands in the document as it is, with a declaration of the namespace that is redundant there.
fn signed_info(prefix: &str, method: &str, signature: &str, references: &[Reference<'_>]) -> String {
    let p = prefix;
    let xmlns = prefix.strip_suffix(':').map_or_else(|| "xmlns".to_owned(), |name| format!("xmlns:{name}"));
    let algorithm = |name: &str, uri: &str| format!(r#"<{p}{name} Algorithm="{uri}"></{p}{name}>"#);
    let references: String = references
        .iter()
        .map(|Reference { attributes, transforms, digested }| {
            let transforms: String = transforms.iter().map(|uri| algorithm("Transform", uri)).collect();
            let method = algorithm("DigestMethod", SHA256);
            let digest = STANDARD.encode(sha256(digested.as_bytes()));
            format!(
                "<{p}Reference {attributes}><{p}Transforms>{transforms}</{p}Transforms>{method}<{p}DigestValue>{digest}</{p}DigestValue></{p}Reference>"
            )
        })
        .collect();
    let canonicalization = algorithm("CanonicalizationMethod", method);
    let signature = algorithm("SignatureMethod", signature);
    format!(r#"<{p}SignedInfo {xmlns}="{NAMESPACE}">{canonicalization}{signature}{references}</{p}SignedInfo>"#)
}

const NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_covers_the_document_and_stands_in_it() {
        let document = r#"<A xmlns="urn:a"><B>1</B></A>"#;
        let signature = enveloped(document, Signatory::service());
        let sealed = seal(document, &signature);
        assert_eq!(sealed, format!(r#"<A xmlns="urn:a"><B>1</B>{signature}</A>"#));
        let digest = STANDARD.encode(sha256(document.as_bytes()));
        assert!(signature.contains(&format!("<ds:DigestValue>{digest}</ds:DigestValue>")), "{signature}");
        assert_ne!(signature, enveloped(&document.replace('1', "2"), Signatory::service()));
    }

    #[test]
    fn texts_are_escaped_as_canonical_xml_has_it() {
        assert_eq!(text("Å&<b>\"'\r\n\t\u{0}"), "Å&amp;&lt;b&gt;\"'&#xD;\n\t\u{fffd}");
    }
}
