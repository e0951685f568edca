//! The signed data object: whose signature it is, and of which text. Read only after its seal is found right.
//!
//! *Inferred* is what it is called and how it is nested: readers know the members by their names alone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::crypto::xmldsig::{self, Anchor};
use crate::identity::{Checks, Country, NationalNumber};
use crate::reference::provider::member::Contradiction;
use crate::reference::{Flaw, Flaws};

/// Judges whether a document proves that this person signed this text; anybody, where no number is known. Where it does not, nothing of it is kept.
///
/// # Errors
/// When its seal is not the trusted service's, or it is about another text or person.
pub(super) fn check(
    document: &[u8],
    anchor: &Anchor,
    person: Option<&NationalNumber>,
    text: &str,
    flaws: &Flaws,
) -> Result<(), Contradiction> {
    let document = std::str::from_utf8(document).map_err(|_| Contradiction("the signed document is no text"))?;
    let sealed = match xmldsig::verify(document, anchor) {
        Ok(sealed) => sealed,
        Err(_) if flaws.has(Flaw::SkipsTheSealOfTheDocument) => document.to_owned(),
        Err(_) => return Err(Contradiction("the signed document's seal is wrong")),
    };
    if !flaws.has(Flaw::IgnoresTheSignedText) {
        let original = only(&sealed, "OriginalDocument").and_then(|base64| STANDARD.decode(base64).ok());
        if original.as_deref() != Some(text.as_bytes()) {
            return Err(Contradiction("another text was signed"));
        }
    }
    if let Some(person) = person.filter(|_| !flaws.has(Flaw::IgnoresTheSigner)) {
        let country = only(&sealed, "SignerNationality");
        let country = country.and_then(|code| Country::ALL.into_iter().find(|country| country.code() == code));
        let number = only(&sealed, "SignerNationalId");
        let signer = country
            .zip(number)
            .and_then(|(country, number)| NationalNumber::parse(country, number, Checks::Lenient).ok());
        if signer.as_ref() != Some(person) {
            return Err(Contradiction("somebody else signed than authenticated"));
        }
    }
    Ok(())
}

/// What stands in the one element of this name; none where there is none, or more than one.
fn only<'a>(document: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = document.split_once(&format!("<{name}>"))?;
    let (content, rest) = rest.split_once(&format!("</{name}>"))?;
    let is_alone =
        !content.contains('<') && !rest.contains(&format!("{name}>")) && !rest.contains(&format!("<{name} "));
    is_alone.then(|| content.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::cert::Authority;
    use crate::crypto::signatory::Signatory;
    use crate::crypto::xmldsig::{enveloped, seal};

    const ANNA: &str = "198501012382";

    fn document(text: &str, number: &str, by: &Signatory) -> String {
        let original = STANDARD.encode(text);
        let document = format!(
            "<LtvSdo xmlns=\"https://id.signicat.com/definitions/xsd/LtvSdo-1.1\"><NativeSignature><OriginalDocument>{original}</OriginalDocument></NativeSignature><SignerDescription><SignerNationalId>{number}</SignerNationalId><SignerNationality>SE</SignerNationality></SignerDescription></LtvSdo>"
        );
        seal(&document, &enveloped(&document, by))
    }

    fn judged(document: &str, flaws: &[Flaw]) -> Result<(), Contradiction> {
        let anna = NationalNumber::parse(Country::Se, ANNA, Checks::Strict).unwrap();
        let anchor = Anchor::read(Authority::load().pem()).unwrap();
        check(document.as_bytes(), &anchor, Some(&anna), "Köp 77", &flaws.iter().copied().collect())
    }

    #[test]
    fn only_the_right_text_by_the_right_person_under_the_right_seal_counts() {
        let service = Signatory::service();
        let honest = document("Köp 77", ANNA, service);
        assert_eq!(judged(&honest, &[]), Ok(()));
        for (wrong, flaw) in [
            (document("Köp 78", ANNA, service), Flaw::IgnoresTheSignedText),
            (document("Köp 77", "198501192382", service), Flaw::IgnoresTheSigner),
            (document("Köp 77", ANNA, Signatory::stranger()), Flaw::SkipsTheSealOfTheDocument),
        ] {
            assert!(judged(&wrong, &[]).is_err(), "{flaw}");
            assert_eq!(judged(&wrong, &[flaw]), Ok(()), "{flaw}");
        }
        let twice = document("Köp 77", &format!("{ANNA}</SignerNationalId><SignerNationalId>{ANNA}"), service);
        for wrong in [twice.as_str(), "", "<a></a>", &honest.replace("<SignerN", "<!-- --><SignerN")] {
            assert!(judged(wrong, &[]).is_err());
        }
    }
}
