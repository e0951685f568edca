//! The referees are outside our code: xmlsec1 verifies, Python reads. Without them these tests say so and pass, unless
//! `MOTPART_REFEREES=required` is set.

use std::env;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::*;
use crate::identity::{Country, Persons};
use crate::script::Word;

const TEXT: &str = "Jag godkänner \"A&B\" <100 kr>.\nTack!";

fn persons() -> (Arc<Person>, Arc<Person>) {
    let register = Persons::bundled();
    let signer = register.default_for(Country::Se);
    let other = register.someone_else(&signer);
    (signer, other)
}

fn made(how: Option<SdoTampering>) -> String {
    let (signer, other) = persons();
    let consent = Consent { text: TEXT, signer: &signer, relying_party: "sim-inapp-sign", nonce: &[7; 16] };
    sdo(consent, how, &other)
}

/// Whether a command that reads this on its standard input succeeds, and what it printed. None where there is no such command.
fn asked(command: &str, arguments: &[&str], input: &str) -> Option<(bool, String)> {
    let mut command = Command::new(command);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        assert!(env::var_os("MOTPART_REFEREES").is_none(), "{command:?} is required here");
        eprintln!("skipped: there is no {:?}", command.get_program());
        return None;
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

fn verified(document: &str) -> Option<bool> {
    let trusted = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/keys/ca.pem");
    let ids = ["--id-attr:Id", "bankIdSignedData", "--id-attr:Id", "KeyInfo"];
    let arguments = [&["--verify", "--trusted-pem", trusted], &ids[..], &["-"]].concat();
    let (verified, said) = asked("xmlsec1", &arguments, document)?;
    // FAIL: the digests or the value do not fit. ERROR: no key can be trusted. Without a signature, there is none to find.
    let reasons = ["FAIL", "ERROR", "failed to find default node"];
    assert!(if verified { said.contains("OK") } else { reasons.iter().any(|reason| said.contains(reason)) }, "{said}");
    Some(verified)
}

/// Text, name, number, nationality and the native signature, each in base64 on a line, as Python's XML parser finds them.
fn read(document: &str) -> Option<[String; 5]> {
    const READ: &str = "
import base64, sys, xml.etree.ElementTree as etree
root = etree.fromstring(sys.stdin.buffer.read())
one = lambda name: root.find('.//{https://id.signicat.com/definitions/xsd/LtvSdo-1.1}' + name).text
told = [one('SignerName'), one('SignerNationalId'), one('SignerNationality')]
native = base64.b64decode(one('NativeSdo'))
signed = etree.fromstring(native).find('.//{http://www.bankid.com/signature/v1.0.0/types}usrVisibleData').text
assert base64.b64decode(signed) == base64.b64decode(one('OriginalDocument'))
for text in [base64.b64decode(signed)] + [text.encode() for text in told] + [native]:
    print(base64.b64encode(text).decode())
";
    let (read, said) = asked("python3", &["-c", READ], document)?;
    assert!(read, "{said}");
    let texts = said.lines().map(|line| String::from_utf8(STANDARD.decode(line).unwrap()).unwrap());
    Some(texts.collect::<Vec<_>>().try_into().unwrap())
}

#[test]
fn xmlsec_verifies_the_honest_document_and_the_signature_within_it() {
    let document = made(None);
    assert_eq!(document, made(None), "the same bytes each time");
    assert!(document.contains("a simulator"));
    assert_ne!(verified(&document), Some(false));
    let Some([text, name, number, nationality, native]) = read(&document) else { return };
    let (signer, _) = persons();
    assert_eq!((text.as_str(), name, number.as_str()), (TEXT, signer.full_name(), signer.number.expose()));
    assert_eq!(nationality, "SE");
    assert_ne!(verified(&native), Some(false));
    // The referee is no rubber stamp.
    assert_ne!(verified(&document.replace(&number, "199001011239")), Some(true));
    let [visible, other] = [TEXT, "Something else."].map(|text| STANDARD.encode(text));
    assert_ne!(verified(&native.replace(&visible, &other)), Some(true));
}

#[test]
fn each_wrong_document_is_refused_for_its_reason() {
    let (signer, other) = persons();
    for how in SdoTampering::ALL {
        let document = made(Some(*how));
        let (sealed, signed_by, text) = match how {
            SdoTampering::ForeignKey | SdoTampering::SignatureBroken | SdoTampering::SignatureMissing => {
                (false, &signer, true)
            }
            SdoTampering::PersonSwapped => (true, &other, true),
            SdoTampering::TextSwapped => (true, &signer, false),
        };
        assert_ne!(verified(&document), Some(!sealed), "{how:?}");
        let Some([told, name, number, ..]) = read(&document) else { return };
        assert_eq!((name, number.as_str()), (signed_by.full_name(), signed_by.number.expose()), "{how:?}");
        assert_eq!(told == TEXT, text, "{how:?}");
    }
}

#[test]
fn whatever_the_text_the_document_stays_one() {
    let (signer, other) = persons();
    for text in ["]]>", "\u{0}\u{1b}\u{fffe}", "\r\n", "å".repeat(40_000).as_str()] {
        let consent = Consent { text, signer: &signer, relying_party: "<&>", nonce: b"" };
        let document = sdo(consent, None, &other);
        assert_ne!(verified(&document), Some(false), "{text:?}");
        assert!(read(&document).is_none_or(|[told, ..]| told == text), "{text:?}");
    }
}
