//! Numbers wrapped in base64: in the tokens that providers hand out, and in the texts that people sign.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::mask;

/// The length of the base64 word that `text` begins with, if a number is inside. Both alphabets, also percent-encoded.
///
/// `before` is what precedes: in the middle of a word nothing begins.
pub(super) fn number(before: &str, text: &str) -> Option<usize> {
    if before.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_')) {
        return None;
    }
    let (mut word, len) = word(text);
    if word.len() < SHORTEST {
        return None;
    }
    // One character alone encodes nothing; it was cut off, or does not belong to it.
    if word.len() % 4 == 1 {
        word.pop();
    }
    let decoded = ENGINE.decode(word).ok()?;
    matches!(mask(&String::from_utf8_lossy(&decoded)), Cow::Owned(_)).then_some(len)
}

/// Whether a text may hold something for [`number`].
pub(super) fn is_possible(text: &str) -> bool {
    let mut run = 0;
    text.bytes().any(|byte| {
        run =
            if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'%') { run + 1 } else { 0 };
        run >= SHORTEST
    })
}

/// The word in the standard alphabet, and how many bytes of the text it takes.
fn word(text: &str) -> (Vec<u8>, usize) {
    let mut word = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let (letter, len) = match rest {
            [b'%', b'2', b'B' | b'b', ..] => (b'+', 3),
            [b'%', b'2', b'F' | b'f', ..] => (b'/', 3),
            [b'-', ..] => (b'+', 1),
            [b'_', ..] => (b'/', 1),
            [letter, ..] if letter.is_ascii_alphanumeric() || matches!(letter, b'+' | b'/') => (*letter, 1),
            _ => return (word, at),
        };
        word.push(letter);
        at += len;
    }
}

/// Ten digits and something around them; shorter words are words.
const SHORTEST: usize = 14;

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_tokens_and_signed_texts_are_masked() {
        // {"nnin":"01819030037"} between the dots.
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJubmluIjoiMDE4MTkwMzAwMzcifQ.c2ln";
        assert_eq!(mask(token), format!("eyJhbGciOiJSUzI1NiJ9.{}.c2ln", "*".repeat(30)));
        for text in ["Jag, 198501012382, skriver under", "???>>>198501012382", "198501012382"] {
            for encoded in [ENGINE.encode(text), base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)] {
                let form = encoded.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
                for body in [format!("{{\"userVisibleData\":\"{encoded}\"}}"), format!("userVisibleData={form}&x=1")] {
                    let masked = mask(&body);
                    assert!(masked.contains("**********") && masked.len() == body.len(), "{masked}");
                }
            }
        }
    }

    #[test]
    fn other_words_stay_as_they_are() {
        for text in [
            "35b31aac-ed4e-4af3-8098-f989c9b062a2",
            "http://localhost:8480/v2/Hosted/35b31aac-ed4e-4af3-8098-f989c9b062a2/sbid-another/",
            "x-zignsec-hmac-sha256: b7ac9a6283243085244ce53c52c47d916c1770e7b30f6e07009d5349fcaa8d20",
            "QSBwbGFjZWhvbGRlciBvZiB0aGUgTW90cGFydCBzaW11bGF0b3I=",
            "åäö…%",
        ] {
            assert_eq!(mask(text), text);
        }
    }
}
