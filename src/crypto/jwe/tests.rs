use josekit::jwe::{JweHeader, RSA_OAEP, deserialize_compact};
use openssl::rsa::Padding;

use super::*;
use crate::crypto::keys::Pool;

const PLAIN: &[u8] = br#"{"signicat_signtext":"Jag godk\u00e4nner"}"#;

fn token(content: Content) -> String {
    encrypt(Pool::at(0).public(), content, &[("typ", "JWE"), ("kid", "k1")], PLAIN).unwrap()
}

fn parts(token: &str) -> [String; 5] {
    token.split('.').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap()
}

fn refused(token: &str) -> JweError {
    decrypt(Pool::at(0), token, &Content::ALL).unwrap_err()
}

#[test]
fn every_content_encryption_comes_back() {
    for content in Content::ALL {
        assert_eq!(decrypt(Pool::at(0), &token(content), &[content]).unwrap(), PLAIN, "{content:?}");
        assert_eq!(Content::named(content.name()), Some(content));
        assert_eq!(decrypt(Pool::at(1), &token(content), &[content]), Err(JweError::Undecryptable));
    }
    assert_eq!(Content::named("A192GCM"), None);
}

#[test]
fn the_header_stands_in_the_order_given() {
    let [header, ..] = parts(&token(Content::A256CbcHs512));
    let json = String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    assert_eq!(json, r#"{"alg":"RSA-OAEP","enc":"A256CBC-HS512","typ":"JWE","kid":"k1"}"#);
    let read = super::header(&token(Content::A256CbcHs512)).unwrap();
    assert_eq!((read.typ.as_deref(), read.cty, read.kid.as_deref()), (Some("JWE"), None, Some("k1")));
}

#[test]
fn the_library_reads_what_we_write_and_we_what_it_writes() {
    for content in Content::ALL {
        let decrypter = RSA_OAEP.decrypter_from_pem(include_str!("../../../fixtures/keys/rsa-0.pem")).unwrap();
        let (plain, header) = deserialize_compact(&token(content), &decrypter).unwrap();
        assert_eq!((plain.as_slice(), header.key_id()), (PLAIN, Some("k1")));

        let mut header = JweHeader::new();
        header.set_content_encryption(content.name());
        let encrypter = RSA_OAEP.encrypter_from_der(spki(Pool::at(0).public()).unwrap()).unwrap();
        let theirs = serialize_compact(PLAIN, &header, &encrypter).unwrap();
        assert_eq!(decrypt(Pool::at(0), &theirs, &[content]).unwrap(), PLAIN);
    }
}

#[test]
fn whatever_depends_on_the_key_is_refused_with_one_word() {
    for content in Content::ALL {
        let honest = parts(&token(content));
        let other = parts(&token(content));
        for at in 1..5 {
            // A part of another token, a part that is empty, and one bit.
            let mut bytes = URL_SAFE_NO_PAD.decode(&honest[at]).unwrap();
            bytes[0] ^= 1;
            let bent = URL_SAFE_NO_PAD.encode(&bytes);
            let short = URL_SAFE_NO_PAD.encode(&bytes[1..]);
            for wrong in [other[at].clone(), String::new(), bent, short] {
                let mut parts = honest.clone();
                parts[at] = wrong;
                assert_eq!(refused(&parts.join(".")), JweError::Undecryptable, "{content:?} {at}");
            }
        }
    }
}

#[test]
fn a_key_of_another_length_is_no_oracle() {
    let [header, _, iv, ciphertext, tag] = parts(&token(Content::A256CbcHs512));
    let rsa = openssl::rsa::Rsa::private_key_from_pem(include_bytes!("../../../fixtures/keys/rsa-0.pem")).unwrap();
    for length in [0, 1, 32, 63, 65] {
        let mut wrapped = vec![0; 256];
        rsa.public_encrypt(&vec![7; length], &mut wrapped, Padding::PKCS1_OAEP).unwrap();
        let wrapped = URL_SAFE_NO_PAD.encode(wrapped);
        assert_eq!(
            refused(&[&header, &wrapped, &iv, &ciphertext, &tag].map(String::as_str).join(".")),
            JweError::Undecryptable
        );
    }
}

#[test]
fn the_header_is_covered_by_the_tag() {
    let [_, key, iv, ciphertext, tag] = parts(&token(Content::A256CbcHs512));
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RSA-OAEP","enc":"A256CBC-HS512","typ":"JWT","kid":"k1"}"#);
    assert_eq!(
        refused(&[&header, &key, &iv, &ciphertext, &tag].map(String::as_str).join(".")),
        JweError::Undecryptable
    );
}

#[test]
fn what_the_reader_does_not_allow_is_named() {
    let [_, key, iv, ciphertext, tag] = parts(&token(Content::A256CbcHs512));
    let with = |header: &str| {
        refused(&[&URL_SAFE_NO_PAD.encode(header), &key, &iv, &ciphertext, &tag].map(String::as_str).join("."))
    };
    let only = |content| decrypt(Pool::at(0), &token(Content::A128Gcm), &[content]);
    assert_eq!(only(Content::A256CbcHs512), Err(JweError::Content));
    assert_eq!(with(r#"{"alg":"RSA-OAEP","enc":"A192CBC-HS384"}"#), JweError::Content);
    for algorithm in ["RSA1_5", "RSA-OAEP-256", "dir", "none", ""] {
        assert_eq!(with(&format!(r#"{{"alg":"{algorithm}","enc":"A256CBC-HS512"}}"#)), JweError::Algorithm);
    }
    assert_eq!(with(r#"{"alg":"RSA-OAEP","enc":"A256CBC-HS512","zip":"DEF"}"#), JweError::Extension);
    assert_eq!(with(r#"{"alg":"RSA-OAEP","enc":"A256CBC-HS512","crit":["exp"]}"#), JweError::Extension);
    for shapeless in
        ["", "[]", "null", "{}", r#"{"alg":"RSA-OAEP"}"#, r#"{"alg":"dir","alg":"RSA-OAEP","enc":"A256CBC-HS512"}"#]
    {
        assert_eq!(with(shapeless), JweError::Shape, "{shapeless}");
    }
}

#[test]
fn what_is_no_token_is_refused() {
    let honest = token(Content::A256CbcHs512);
    let tail = format!("{honest}.");
    let padded = format!("{honest}=");
    for shapeless in ["", ".", "....", "e30....", "å.b.c.d.e", &tail, &padded, &honest[1..]] {
        assert_eq!(refused(shapeless), JweError::Shape, "{shapeless}");
    }
    let no_key = PublicKey { n: "AQAB".to_owned(), e: "AQAB".to_owned() };
    assert_eq!(encrypt(&no_key, Content::A256Gcm, &[], PLAIN), Err(JweError::Key));
}

#[test]
fn what_is_forged_is_refused_and_wrong_in_one_thing() {
    let (key, content, members) = (Pool::at(0), Content::A256CbcHs512, [("typ", "JWE"), ("kid", "k1")]);
    let forged = |flaw| forge(key.public(), content, &members, PLAIN, flaw).unwrap();
    for (flaw, expected, unauthenticated) in [
        (Flaw::AlgorithmRsa15, JweError::Algorithm, false),
        (Flaw::CiphertextAltered, JweError::Undecryptable, false),
        (Flaw::CritUnknown, JweError::Extension, false),
        (Flaw::EncryptedKeyAltered, JweError::Undecryptable, false),
        (Flaw::IvAltered, JweError::Undecryptable, false),
        (Flaw::ProtectedHeaderAltered, JweError::Undecryptable, true),
        (Flaw::TagAltered, JweError::Undecryptable, true),
    ] {
        assert_eq!(refused(&forged(flaw)), expected, "{flaw:?}");
        let read = decrypt_unauthenticated(key, &forged(flaw)).is_some_and(|plain| plain == PLAIN);
        assert_eq!(read, unauthenticated, "{flaw:?}");
    }
    assert_eq!(decrypt_unauthenticated(key, &token(content)).unwrap(), PLAIN);
    assert_eq!(decrypt_unauthenticated(Pool::at(1), &token(content)), None);

    // Everything fits: a library that takes `RSA1_5`, and one that passes over `crit`, as this one does, read it.
    let pem = include_str!("../../../fixtures/keys/rsa-0.pem");
    #[expect(deprecated, reason = "a library that still takes it")]
    let outdated = josekit::jwe::RSA1_5.decrypter_from_pem(pem).unwrap();
    assert_eq!(deserialize_compact(&forged(Flaw::AlgorithmRsa15), &outdated).unwrap().0, PLAIN);
    let usual = RSA_OAEP.decrypter_from_pem(pem).unwrap();
    assert!(deserialize_compact(&forged(Flaw::AlgorithmRsa15), &usual).is_err());
    let (plain, header) = deserialize_compact(&forged(Flaw::CritUnknown), &usual).unwrap();
    assert_eq!((plain.as_slice(), header.critical()), (PLAIN, Some(vec![forged::UNKNOWN])));
}
