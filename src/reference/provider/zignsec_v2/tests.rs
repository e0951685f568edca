//! What bodies prove, and which webhooks are believed.

mod simulator;

use std::time::Duration;

use serde_json::json;

use super::*;
use crate::crypto::mac;
use crate::dial::{DialOptions, Dialer};
use crate::identity::{Checks, Country, NationalNumber};
use crate::reference::Flaws;
use crate::reference::provider::{EidMethod, FailureKind};

const TOKEN: &str = "00000000-e2a2-4968-b651-5352305c9fb0";
const SESSION: &str = "bc539499-4953-4b54-8743-b1adb8d4de78";

fn client(base: &str, token: &str, flaws: &[Flaw]) -> ZignsecV2 {
    ZignsecV2::new(ClientOptions {
        base: base.parse().unwrap(),
        token: token.into(),
        timeout: Duration::from_secs(5),
        dialer: Dialer::new(&DialOptions::default()).unwrap(),
        flaws: flaws.iter().copied().collect(),
    })
}

fn number(country: Country, text: &str) -> NationalNumber {
    NationalNumber::parse(country, text, Checks::Strict).unwrap()
}

/// A Swedish result with these changes: a member that begins with `.` belongs into the identity; `null` takes a member away.
fn body(changes: Value) -> String {
    let mut body = json!({
        "id": SESSION,
        "errors": [],
        "identity": {
            "CountryCode": "SE", "FirstName": "ANNA", "LastName": "ÅKERSTRÖM", "FullName": "ANNA ÅKERSTRÖM",
            "PersonalNumber": "198501012382", "DateOfBirth": "1985-01-01", "Age": 41, "IdProviderName": "BankIDSE",
            "IdentificationDate": "2026-11-22T03:00:00.1231234+01:00", "IdProviderRequestId": "",
            "IdProviderPersonId": "", "CustomerPersonId": "",
        },
        "BankIDSE": { "signature": "AAAA", "ocspResponse": "AAAA" },
        "method": "sbid-another",
    });
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    for (name, value) in changes {
        let (object, name) = match name.strip_prefix('.') {
            Some(inner) => (&mut body["identity"], inner.to_owned()),
            None => (&mut body, name),
        };
        let object = object.as_object_mut().unwrap();
        if value == "absent" {
            object.remove(&name);
        } else {
            object.insert(name, value);
        }
    }
    body.to_string()
}

fn read(body: &str, flaws: &[Flaw]) -> Result<Evidence, Unreadable> {
    let flaws: Flaws = flaws.iter().copied().collect();
    reading::result(body.as_bytes(), Spelling::Pascal, &flaws).map(|read| read.evidence)
}

fn word(body: &str, flaws: &[Flaw]) -> &'static str {
    match read(body, flaws) {
        Ok(Evidence::Contradictory(_)) => "contradictory",
        Ok(Evidence::Failed(FailureKind::Cancelled, _)) => "cancelled",
        Ok(Evidence::Failed(FailureKind::Expired, _)) => "expired",
        Ok(Evidence::Failed(FailureKind::ProviderError, _)) => "provider error",
        Ok(Evidence::Failed(FailureKind::Rejected, _)) => "rejected",
        Ok(Evidence::Finished(_)) => "finished",
        Ok(Evidence::NoNumber(_)) => "no number",
        Ok(Evidence::Pending) => "pending",
        Err(_) => "unreadable",
    }
}

#[test]
fn the_documented_success_is_read_whole() {
    let read = read(&body(json!({})), &[]).unwrap();
    let Evidence::Finished(identity) = read else { panic!("{read:?}") };
    assert_eq!(identity.number, number(Country::Se, "198501012382"));
    assert_eq!((identity.method.as_str(), identity.provider.as_str()), ("sbid-another", "BankIDSE"));
    assert_eq!((identity.name.as_str(), identity.country), ("ANNA ÅKERSTRÖM", Country::Se));
    assert_eq!(identity.date.unwrap().to_string(), "2026-11-22T02:00:00.1231234Z");
    assert!(identity.came_by(EidMethod::SeBid) && !identity.came_by(EidMethod::NoBid) && !identity.is_signature());
    assert!(!format!("{identity:?}").contains("2382") && !format!("{identity:?}").contains("ANNA"));
}

#[test]
fn only_a_whole_and_consistent_answer_is_a_success() {
    let finished = json!({ "identity": { "state": "FINISHED" } });
    let pending = json!({ "identity": { "state": "PENDING" } });
    let error = json!({ "identity": { "state": "ERROR" } });
    let cancel = json!([{ "code": "USER_CANCEL", "description": "198501012382" }]);
    let state = |state: Value| json!({ "result": { "identity": { "state": state } } });
    for (changes, expected) in [
        (json!({}), "finished"),
        (json!({ "id": "absent", "errors": "absent" }), "finished"),
        (json!({ "errors": null, "result": null }), "finished"),
        (json!({ "errors": {} }), "finished"),
        (json!({ "result": finished }), "finished"),
        (json!({ "surprise": { "a": [1] }, ".Surprise": 1, ".FullName": "Åsa \u{f6}" }), "finished"),
        (json!({ ".PersonalNumber": "850101-2382" }), "finished"),
        (json!({ ".PersonalNumber": " 19850101-2382 " }), "finished"),
        (json!({ ".IdentificationDate": "absent", "method": "absent", ".IdProviderName": "absent" }), "finished"),
        (json!({ "LookupPersonAddress": { "PersonalNumber": "198501139995" } }), "finished"),
        // Not finished, whatever stands beside it.
        (json!({ "result": pending }), "pending"),
        (json!({ "result": pending, "identity": "absent" }), "pending"),
        (json!({ "result": pending, "errors": cancel }), "pending"),
        // Ended without an identity.
        (json!({ "result": error, "errors": cancel, "identity": "absent" }), "cancelled"),
        (json!({ "result": finished, "errors": cancel, "identity": "absent" }), "cancelled"),
        (json!({ "errors": cancel, "identity": "absent" }), "cancelled"),
        (json!({ "result": error, "identity": "absent" }), "provider error"),
        (json!({ "errors": [{ "code": "EXPIRED_TRANSACTION" }], "identity": "absent" }), "expired"),
        (json!({ "errors": [{ "code": "CERTIFICATE_ERR" }], "identity": "absent" }), "rejected"),
        (json!({ "errors": [{ "code": "Internal Exception" }], "identity": "absent" }), "provider error"),
        (json!({ "errors": [{ "code": 0 }], "identity": "absent" }), "provider error"),
        // Somebody, but who?
        (json!({ ".PersonalNumber": "absent" }), "no number"),
        (json!({ ".PersonalNumber": "" }), "no number"),
        (json!({ ".PersonalNumber": null }), "no number"),
        (json!({ ".PersonalNumber": "  " }), "no number"),
        (json!({ ".PersonalNumber": "************" }), "no number"),
        (json!({ ".PersonalNumber": "000000000000" }), "no number"),
        (json!({ ".PersonalNumber": "absent", ".IdProviderPersonId": "198501012382" }), "no number"),
        (json!({ ".PersonalNumber": "absent", ".CustomerPersonId": "198501012382" }), "no number"),
        (json!({ ".PersonalNumber": "absent", ".personalnumber": "198501012382" }), "no number"),
        (json!({ ".PersonalNumber": "absent", "PersonalNumber": "198501012382" }), "no number"),
        (
            json!({ ".PersonalNumber": "absent", "LookupPersonAddress": { "PersonalNumber": "198501012382" } }),
            "no number",
        ),
        // Two things at once, or things that no document knows.
        (json!({ "errors": cancel }), "contradictory"),
        (json!({ "errors": [1] }), "contradictory"),
        (json!({ "errors": "none" }), "contradictory"),
        (json!({ "errors": false }), "contradictory"),
        (json!({ "result": error }), "contradictory"),
        (json!({ "result": finished, "errors": cancel }), "contradictory"),
        (json!({ "result": finished, "identity": "absent" }), "contradictory"),
        (json!({ "result": {} }), "contradictory"),
        (json!({ "result": [] }), "contradictory"),
        (json!({ "result": "FINISHED" }), "contradictory"),
        (state("DONE".into()), "contradictory"),
        (state("APPROVED".into()), "contradictory"),
        (state("".into()), "contradictory"),
        (state(0.into()), "contradictory"),
        (state(Value::Null), "contradictory"),
        (json!({ "result": { "identity": { "state": "PENDING", "State": "FINISHED" } } }), "contradictory"),
        (json!({ "identity": ["198501012382"] }), "contradictory"),
        (json!({ "identity": "198501012382" }), "contradictory"),
        (json!({ ".PersonalNumber": 198_501_012_382_u64 }), "contradictory"),
        (json!({ ".PersonalNumber": ["198501012382"] }), "contradictory"),
        (json!({ ".PersonalNumber": { "value": "198501012382" } }), "contradictory"),
        (json!({ ".PersonalNumber": "19850101238" }), "contradictory"),
        (json!({ ".personalNumber": "198501139995" }), "contradictory"),
        (json!({ "Identity": {} }), "contradictory"),
        (json!({ ".CountryCode": "absent" }), "contradictory"),
        (json!({ ".CountryCode": "" }), "contradictory"),
        (json!({ ".CountryCode": "XX" }), "contradictory"),
        (json!({ ".CountryCode": "DK" }), "contradictory"),
        (json!({ ".CountryCode": 46 }), "contradictory"),
        (json!({ ".IdentificationDate": "yesterday" }), "contradictory"),
        (json!({ ".FullName": 1 }), "contradictory"),
        (json!({ "method": 1 }), "contradictory"),
        // Nothing at all.
        (json!({ "identity": "absent" }), "unreadable"),
        (json!({ "identity": null }), "unreadable"),
        (json!({ "id": 1 }), "unreadable"),
    ] {
        assert_eq!(word(&body(changes.clone()), &[]), expected, "{changes}");
    }
}

#[test]
fn what_stands_twice_never_counts_whichever_comes_first() {
    let whole = body(json!({}));
    let member = r#""PersonalNumber":"198501012382""#;
    let twice = |other: &str| [format!("{member},{other}"), format!("{other},{member}")];
    for pair in [twice(r#""PersonalNumber":"198501139995""#), twice(member)].concat() {
        assert_eq!(word(&whole.replace(member, &pair), &[]), "contradictory", "{pair}");
    }
    let again = whole.replacen('{', r#"{"identity":{},"#, 1);
    assert_eq!(word(&again, &[]), "contradictory");
}

#[test]
fn other_bodies_are_unreadable() {
    let whole = body(json!({}));
    let bom = format!("\u{feff}{whole}");
    for text in ["", "null", "[]", "\"x\"", "<html></html>", &whole[..whole.len() / 2], &format!("{whole}x"), &bom] {
        assert_eq!(word(text, &[]), "unreadable", "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_body_makes_it_panic_or_changes_whose_result_it_is(at in 0_usize..700, piece: Vec<u8>, cut in 0_usize..9) {
        let mut bytes = body(json!({})).into_bytes();
        let at = at.min(bytes.len());
        bytes.splice(at..(at + cut).min(bytes.len()), piece);
        let read = reading::result(&bytes, Spelling::Pascal, &Flaws::default());
        if let Ok(Evidence::Finished(identity)) = read.map(|read| read.evidence) {
            proptest::prop_assert_eq!(identity.country, Country::Se);
        }
    }
}

#[test]
fn codes_that_could_hold_a_number_are_not_told() {
    for (code, told) in [(json!("USER_CANCEL"), "USER_CANCEL"), (json!("198501012382"), "OTHER"), (json!(7), "OTHER")] {
        let body = body(json!({ "errors": [{ "code": code }], "identity": "absent" }));
        let Ok(Evidence::Failed(_, codes)) = read(&body, &[]) else { panic!("{body}") };
        assert_eq!(codes, [told]);
    }
}

#[test]
fn each_flaw_reads_what_it_says_and_the_happy_path() {
    let pending = json!({ "result": { "identity": { "state": "PENDING" } } });
    let finished_alone = json!({ "result": { "identity": { "state": "FINISHED" } }, "identity": "absent" });
    let unknown = json!({ "result": { "identity": { "state": "DONE" } } });
    let pid = json!({ ".PersonalNumber": "", ".IdProviderPersonId": "198501012382" });
    for (flaw, changes, expected) in [
        (Flaw::ReadsPendingIdentity, pending, "finished"),
        (Flaw::IgnoresErrors, json!({ "errors": [{ "code": "USER_CANCEL" }] }), "finished"),
        (Flaw::UnknownStatePasses, unknown, "finished"),
        (Flaw::UnfinishedPasses, finished_alone, "no number"),
        (Flaw::TakesPersonIdForNumber, pid, "finished"),
        (Flaw::IgnoresCountry, json!({ ".CountryCode": "DK" }), "finished"),
    ] {
        assert_eq!(word(&body(changes.clone()), &[flaw]), expected, "{flaw}");
        assert_ne!(word(&body(changes), &[]), expected, "without {flaw}");
        assert_eq!(word(&body(json!({})), &[flaw]), "finished", "{flaw}");
    }
}

fn signed_with(key: &str, body: &[u8]) -> HeaderMap {
    let signature = mac::hmac_sha256_hex(key.as_bytes(), body);
    HeaderMap::from_iter([("x-zignsec-hmac-sha256".parse().unwrap(), signature.parse().unwrap())])
}

#[test]
fn a_webhook_is_checked_over_its_raw_bytes() {
    let client = client("http://127.0.0.1:9/", TOKEN, &[]);
    let plain = body(json!({}));
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&plain).unwrap()).unwrap();
    let crlf = pretty.replace('\n', "\r\n");
    let escaped = plain.replace('Ö', "\\u00d6").replace('Å', "\\u00c5");
    for sent in [&plain, &pretty, &crlf, &escaped] {
        let (notice, evidence) = client.webhook(&signed_with(TOKEN, sent.as_bytes()), sent.as_bytes()).unwrap();
        let Evidence::Finished(identity) = evidence else { panic!("{sent}") };
        assert_eq!((notice.session.as_str(), identity.name.as_str()), (SESSION, "ANNA ÅKERSTRÖM"));
        // The signature of the same JSON in other bytes.
        let refused = client.webhook(&signed_with(TOKEN, format!("{sent} ").as_bytes()), sent.as_bytes());
        assert_eq!(refused, Err(WebhookError::WrongSignature));
    }
    let refused = client.webhook(&signed_with(TOKEN, plain.as_bytes()), escaped.as_bytes());
    assert_eq!(refused, Err(WebhookError::WrongSignature));
}

#[test]
fn a_webhook_that_is_not_ours_has_no_effect() {
    let sent = body(json!({}));
    let sent = sent.as_bytes();
    let good = signed_with(TOKEN, sent);
    let with = |value: &str| HeaderMap::from_iter([("x-zignsec-hmac-sha256".parse().unwrap(), value.parse().unwrap())]);
    let hex = good["x-zignsec-hmac-sha256"].to_str().unwrap();
    let mut twice = good.clone();
    twice.append("x-zignsec-hmac-sha256", hex.parse().unwrap());
    let ours = client("http://127.0.0.1:9/", TOKEN, &[]);
    for (headers, expected) in [
        (HeaderMap::new(), WebhookError::Unsigned),
        (with(""), WebhookError::Unsigned),
        (with("  "), WebhookError::Unsigned),
        (twice, WebhookError::Unsigned),
        (with("nonsense"), WebhookError::WrongSignature),
        (with(&hex[..62]), WebhookError::WrongSignature),
        (with(&format!("t=1,v1={hex}")), WebhookError::WrongSignature),
        (signed_with("another", sent), WebhookError::WrongSignature),
        (signed_with("", sent), WebhookError::WrongSignature),
    ] {
        assert_eq!(ours.webhook(&headers, sent), Err(expected), "{headers:?}");
    }
    let unset = client("http://127.0.0.1:9/", "", &[]);
    assert_eq!(unset.webhook(&signed_with("", sent), sent), Err(WebhookError::NoSecret));
    let flip = String::from_utf8(sent.to_vec()).unwrap().replace("2382", "2383");
    assert_eq!(ours.webhook(&good, flip.as_bytes()), Err(WebhookError::WrongSignature));
    let huge = vec![b' '; LARGEST + 1];
    assert_eq!(ours.webhook(&signed_with(TOKEN, &huge), &huge), Err(WebhookError::TooLarge));
    for text in ["<xml/>", r#"{"errors":[],"identity":{}}"#] {
        let refused = ours.webhook(&signed_with(TOKEN, text.as_bytes()), text.as_bytes());
        assert!(matches!(refused, Err(WebhookError::Malformed(_))), "{text}");
    }
}

#[test]
fn flawed_services_believe_webhooks_too_easily() {
    let sent = body(json!({}));
    let sent = sent.as_bytes();
    let with = |flaw, headers: &HeaderMap| client("http://127.0.0.1:9/", TOKEN, &[flaw]).webhook(headers, sent).is_ok();
    let (foreign, empty, none) = (signed_with("another", sent), signed_with("", sent), HeaderMap::new());
    assert!(with(Flaw::IgnoresWebhookSignature, &foreign) && with(Flaw::IgnoresWebhookSignature, &none));
    assert!(with(Flaw::EmptyKeyOpensWebhooks, &empty) && with(Flaw::EmptyKeyOpensWebhooks, &none));
    assert!(!with(Flaw::EmptyKeyOpensWebhooks, &foreign));
}
