use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::*;
use crate::identity::{Checks, Country, Persons, mask};

fn canary(role: &str, country: Country, number: &str) -> Canary {
    let number = NationalNumber::parse(country, number, Checks::Strict).expect("a test number");
    Canary { role: role.to_owned(), number, names: vec!["Åsa Öberg".to_owned()], today: NationalNumber::READ_AS_OF }
}

fn roles(leaks: &[Leak]) -> Vec<&str> {
    leaks.iter().map(|leak| leak.role.as_str()).collect()
}

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| {
    Scanner::new(&[
        canary("anna", Country::Se, "198501012382"),
        canary("åsa", Country::Se, "200506012384"),
        canary("kari", Country::No, "01859030188"),
        canary("aino", Country::Fi, "010105A901T"),
    ])
});

#[test]
fn every_spelling_is_found_once_where_it_stands() {
    for (text, offset) in [
        ("198501012382", 0),
        ("id198501012382x", 2),
        ("\"8501012382\"", 1),
        ("n=850101-2382;", 2),
        ("n=19850101 2382;", 2),
        ("n=850101+2382&x=1", 2),
        ("n=850101%2D2382", 2),
        ("n=%22850101%252d2382%22", 5),
        (r#"{"n":"\u0031985010\u003123\u00382"}"#, 6),
        (r"850101\u20112382", 0),
        ("850101&#45;2382 &#49;", 0),
        ("850101&amp;#x2d;2382", 0),
        ("19850101=\r\n2382", 0),
        ("850101\u{2013}2382", 0),
        ("pno=PNOSE-198501012382", 10),
    ] {
        let leaks = SCANNER.scan(text.as_bytes());
        assert_eq!(roles(&leaks), ["anna"], "{text}");
        assert_eq!(leaks[0].offset, offset, "{text}");
    }
    for (text, role) in [
        ("01859030188", "kari"),
        ("018590 30188", "kari"),
        ("{\"fnr\":1859030188}", "kari"),
        ("010105a901t.", "aino"),
        ("506012384,", "åsa"),
    ] {
        assert_eq!(roles(&SCANNER.scan(text.as_bytes())), [role], "{text}");
    }
}

#[test]
fn a_signed_identity_is_opened_wherever_it_stands() {
    let claims =
        r#"{"status":"APPROVED","userInfoType":"SSN","userInfo":"{\"ssn\":\"198501012382\",\"country\":\"SE\"}"}"#;
    let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    let token = format!("{}.{}.{}", part(r#"{"x5t":"abc","alg":"RS256"}"#), part(claims), part("a signature"));
    let answer = format!(r#"{{"data":{{"authRef":"x","signedIdentity":"{token}"}}}}"#);
    let kept = format!("kept={}", BASE64_STANDARD.encode(&answer));
    for text in [token, answer, kept] {
        assert_eq!(roles(&SCANNER.scan(text.as_bytes())), ["anna"], "{text}");
    }
}

#[test]
fn every_wrapping_is_opened() {
    let utf16 = |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<_>>();
    let number = "{\"personalNumber\":\"198501012382\"}";
    let once = BASE64_STANDARD.encode(number);
    let token = format!("eyJhbGciOiJSUzI1NiJ9.{}.c2ln", BASE64_URL_SAFE_NO_PAD.encode(number));
    let folded = BASE64_STANDARD.encode(format!("{}198501012382 och lite till", "brev ".repeat(12)));
    for (bytes, wrapping) in [
        (once.clone().into_bytes(), vec![Wrapping::Base64]),
        (format!("a/{once}").into_bytes(), vec![Wrapping::Base64]),
        (BASE64_STANDARD.encode(&once).into_bytes(), vec![Wrapping::Base64; 2]),
        (token.clone().into_bytes(), vec![Wrapping::Base64]),
        (format!("/sign/{token}?a=b").into_bytes(), vec![Wrapping::Base64]),
        (BASE64_STANDARD.encode(&token).into_bytes(), vec![Wrapping::Base64; 2]),
        (format!("{}\r\n{}", &folded[..76], &folded[76..]).into_bytes(), vec![Wrapping::Base64]),
        (format!("\\x{}", hex::encode(number)).into_bytes(), vec![Wrapping::Hexadecimal]),
        (format!("0x{}", hex::encode_upper("8501012382")).into_bytes(), vec![Wrapping::Hexadecimal]),
        (format!("f{}", hex::encode("850101-2382")).into_bytes(), vec![Wrapping::Hexadecimal]),
        (utf16(number, u16::to_le_bytes), vec![Wrapping::Utf16]),
        (utf16(&format!("x{number}"), u16::to_be_bytes), vec![Wrapping::Utf16]),
        (utf16("850101\u{2011}2382", u16::to_le_bytes), vec![Wrapping::Utf16]),
    ] {
        let leaks = SCANNER.scan(&bytes);
        assert_eq!(roles(&leaks), ["anna"], "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(leaks[0].wrapping, wrapping, "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn unkeyed_digests_are_found_and_keyed_ones_are_not() {
    for algorithm in Unkeyed::ALL {
        for spelling in ["198501012382", "850101-2382", "8501012382", "PNOSE-198501012382", "SE198501012382"] {
            let digest = algorithm.digest(spelling.as_bytes()).expect("an algorithm of this OpenSSL");
            for written in [
                hex::encode(&digest),
                hex::encode_upper(&digest),
                hex::encode(&digest[..16]),
                BASE64_STANDARD.encode(&digest),
                BASE64_URL_SAFE_NO_PAD.encode(&digest),
                format!("INSERT INTO p VALUES ('\\x{}');", hex::encode(&digest)),
            ] {
                let leaks = SCANNER.scan(format!("{{\"hash\":\"{written}\"}}").as_bytes());
                assert_eq!(leaks.len(), 1, "{algorithm} {written}");
                assert_eq!((leaks[0].role.as_str(), leaks[0].form), ("anna", Form::Digest(algorithm)));
            }
        }
    }
    let keyed = crate::crypto::mac::hmac_sha256_hex(b"pepper", b"198501012382");
    assert_eq!(SCANNER.scan(keyed.as_bytes()), []);
}

#[test]
fn what_only_looks_alike_is_no_leak() {
    for text in [
        "1198501012382",
        "1985010123820",
        "98501012382",
        "20850101-2382",
        "850101-23820",
        "19850101-****",
        "1985-01-01",
        "850101",
        "198501012390",
        "010105-901T",
        "00018590301880",
        "4f2c1a9e-1111-4222-8333-44445555aaaa",
        "",
    ] {
        assert_eq!(SCANNER.scan(text.as_bytes()), [], "{text}");
    }
}

#[test]
fn names_are_found_as_words_whatever_their_case() {
    let scanner = Scanner::new(&[canary("åsa", Country::Se, "198501012382")]);
    for text in [
        "hej Åsa Öberg!",
        "name=%C3%85sa+%C3%96berg",
        "ÅSA  ÖBERG",
        r"\u00c5sa \u00d6berg",
        "&Aring;sa&nbsp;&Ouml;berg",
    ] {
        assert_eq!(roles(&scanner.scan_names(text.as_bytes())), ["åsa"], "{text}");
    }
    assert_eq!(scanner.scan_names("Åsa Öbergsson, Osa Öberg".as_bytes()), []);
    assert_eq!(scanner.scan("Åsa Öberg".as_bytes()), []);
}

#[test]
fn a_leak_says_what_and_where_but_not_the_number() {
    let inner = BASE64_STANDARD.encode("198501012382");
    let leak = SCANNER.scan(format!("x={}", BASE64_STANDARD.encode(inner)).as_bytes()).remove(0);
    assert_eq!(leak.to_string(), "the number of anna, in base64 inside base64, at byte 2");
    assert!(!format!("{:?} {:?}", leak, *SCANNER).contains("850101"));
}

#[test]
fn an_exchange_leaks_by_its_address_and_its_answer_only() {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let exchange = crate::target::Exchange {
        actor: "person anna".to_owned(),
        operation: "browser".to_owned(),
        method: "GET".to_owned(),
        url: "http://localhost/back?pnr=198501012382".to_owned(),
        request_headers: vec![header("x-sent", "198501012382")],
        request_body: b"198501012382".to_vec(),
        status: Some(302),
        headers: vec![header("Location", "/next?p=850101-2382"), header("Set-Cookie", "who=ODUwMTAxLTIzODI; Secure")],
        body: b"{\"number\":\"198501012382\"}".to_vec(),
        at: std::time::Duration::ZERO,
        took: std::time::Duration::ZERO,
    };
    let places: Vec<Place> = in_exchange(&SCANNER, &exchange).into_iter().map(|(place, _)| place).collect();
    let (location, cookie) = (Place::Header("location".to_owned()), Place::Cookie("who".to_owned()));
    assert_eq!(places, [Place::RequestUrl, location, cookie, Place::Body]);
}

/// The ways in which proptest hides a number.
fn wrapped(text: &str, how: u8) -> String {
    match how {
        0 => text.to_owned(),
        1 => text.bytes().map(|byte| format!("%{byte:02X}")).collect(),
        2 => text.bytes().map(|byte| format!("%25{byte:02x}")).collect(),
        3 => text.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect(),
        4 => text.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
        5 => hex::encode(text),
        6 => BASE64_STANDARD.encode(text),
        7 => BASE64_URL_SAFE_NO_PAD.encode(format!("{{\"n\":\"{text}\"}}")),
        8 => BASE64_STANDARD.encode(BASE64_STANDARD.encode(text)),
        _ => hex::encode(Unkeyed::Sha256.digest(text.as_bytes()).unwrap_or_default()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_planted_number_is_found(
        before in "\\PC{0,60}", after in "\\PC{0,60}", seed: u64, n in 0_u64..50_000, how in 0_u8..10,
        country in prop::sample::select(Country::ALL.as_slice()), which in 0_usize..8,
    ) {
        let number = Persons::fresh(seed, n, country).number.clone();
        let spellings = number.spellings(NationalNumber::READ_AS_OF);
        let spelling = &spellings[which % spellings.len()];
        let canary = Canary { role: "x".to_owned(), number, names: Vec::new(), today: NationalNumber::READ_AS_OF };
        let text = format!("{before} \"{}\" {after}", wrapped(spelling, how));
        let leaks = Scanner::new(&[canary]).scan(text.as_bytes());
        prop_assert!(!leaks.is_empty(), "{}", text);
    }

    #[test]
    fn what_is_masked_is_clean(
        before in "\\PC{0,60}", after in "\\PC{0,60}", seed: u64, n in 0_u64..50_000, how in prop::sample::select(&[0_u8, 6, 7]),
        country in prop::sample::select(Country::ALL.as_slice()), which in 0_usize..8,
    ) {
        let number = Persons::fresh(seed, n, country).number.clone();
        let spellings = number.spellings(NationalNumber::READ_AS_OF);
        let spelling = &spellings[which % spellings.len()];
        let canary = Canary { role: "x".to_owned(), number, names: Vec::new(), today: NationalNumber::READ_AS_OF };
        let text = mask(&format!("{before} \"{}\" {after}", wrapped(spelling, how))).into_owned();
        prop_assert_eq!(Scanner::new(&[canary]).scan(text.as_bytes()), []);
    }

    #[test]
    fn random_bytes_are_clean_and_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "[0-9a-fA-F%\\\\u&#;=+-]{0,200}") {
        prop_assert_eq!(SCANNER.scan(&bytes), []);
        prop_assert_eq!(SCANNER.scan(text.as_bytes()), []);
        prop_assert_eq!(SCANNER.scan_names(&bytes), []);
    }
}
