//! Masking of text that was made elsewhere: what the journal shows of bodies, addresses and headers.
//!
//! By shape, not by check digit: a mistyped number is still somebody's. Where a shape is also something else's, a possible date in it
//! decides, and doubt masks. GUIDs, ISO timestamps and milliseconds are left alone, or no journal could be read.

use std::borrow::Cow;

use super::{shape, wrapped};

/// The text with a star for each byte of everything that looks like a national number of one of the seven countries.
///
/// Sees numbers with dashes, plus and blanks, also where these are percent-encoded or JSON escapes, and numbers inside base64: a word
/// that holds one is masked whole.
///
/// ```
/// assert_eq!(motpart::identity::mask("?personalnumber=850101-2382&x=1"), "?personalnumber=***********&x=1");
/// ```
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    // Every shape begins with six digits or more or is wrapped in a long word, and most texts hold nothing like it.
    let has_digits = text.as_bytes().windows(6).any(|six| six.iter().all(u8::is_ascii_digit));
    if !has_digits && !wrapped::is_possible(text) {
        return Cow::Borrowed(text);
    }
    let mut masked: Option<String> = None;
    let mut copied = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (len, is_number) = piece(&text[..at], rest);
        if is_number {
            let out = masked.get_or_insert_with(|| String::with_capacity(text.len()));
            out.push_str(&text[copied..at]);
            out.extend(std::iter::repeat_n('*', len));
            copied = at + len;
        }
        at += len;
    }
    match masked {
        None => Cow::Borrowed(text),
        Some(mut out) => {
            out.push_str(&text[copied..]);
            Cow::Owned(out)
        }
    }
}

/// How many bytes belong together at the beginning of `rest`, and whether they are a number.
fn piece(before: &str, rest: &str) -> (usize, bool) {
    let Some(first) = rest.chars().next() else { return (0, false) };
    if let Some((_, len)) = escape(rest) {
        return (len, false);
    }
    if let Some(len) = wrapped::number(before, rest) {
        return (len, true);
    }
    let starts_word = !before.ends_with(|c: char| c.is_ascii_alphanumeric()) || ends_with_escape(before);
    if starts_word && let Some(len) = hexadecimal(rest) {
        return (len, false);
    }
    if first.is_ascii_alphabetic() {
        return (rest.bytes().take_while(u8::is_ascii_alphabetic).count(), false);
    }
    if !first.is_ascii_digit() {
        return (first.len_utf8(), false);
    }
    let run = digits(rest);
    match number(rest, run).or_else(|| finnish(rest).filter(|_| starts_word)) {
        Some(len) if !is_part_of_a_time(before) => (len, true),
        Some(_) | None => (run, false),
    }
}

/// The length of the number that begins with these `run` digits.
fn number(text: &str, run: usize) -> Option<usize> {
    let whole = |digits: &str, is: fn(&str) -> bool| is(digits).then_some(run);
    match run {
        10 => whole(&text[..run], is_ten),
        11 => whole(&text[..run], is_eleven),
        12 => whole(&text[..run], is_twelve),
        6 | 8 => {
            let gap = separators(&text[run..])?;
            let second = &text[run + gap..];
            let (len, is): (usize, fn(&str) -> bool) = match (run, digits(second)) {
                (6, 4) => (4, is_ten),
                (6, 5) => (5, is_eleven),
                (8, 4) => (4, is_twelve),
                _ => return None,
            };
            is(&[&text[..run], &second[..len]].concat()).then_some(run + gap + len)
        }
        _ => None,
    }
}

/// `DDMMYY`, a separator or century letter, three digits, a check character; a word of its own, because hexadecimal looks like it.
fn finnish(text: &str) -> Option<usize> {
    if digits(text) != 6 || !(1..=31).contains(&two(text, 0)) || !(1..=12).contains(&two(text, 2)) {
        return None;
    }
    let (separator, gap) = match escape(&text[6..]) {
        Some((c, len)) => (c?, len),
        None => text[6..].chars().next().map(|c| (c, c.len_utf8()))?,
    };
    if !matches!(shape::plain_dash(separator), '-' | '+' | 'A'..='F' | 'a'..='f' | 'U'..='Y' | 'u'..='y') {
        return None;
    }
    let [a, b, c, check, after @ ..] = text.as_bytes().get(6 + gap..)? else { return None };
    let ends = after.first().is_none_or(|next| !next.is_ascii_alphanumeric());
    ([a, b, c].iter().all(|c| c.is_ascii_digit()) && check.is_ascii_alphanumeric() && ends).then_some(6 + gap + 4)
}

/// DK, or SE without century.
fn is_ten(digits: &str) -> bool {
    is_swedish(two(digits, 2), two(digits, 4))
        || (matches!(two(digits, 0), 1..=31 | 61..=91) && matches!(two(digits, 2), 1..=12))
}

/// NO, LV, EE and LT.
fn is_eleven(digits: &str) -> bool {
    let latvian_without_date = digits.starts_with("32");
    let day_and_month =
        matches!(two(digits, 0), 1..=31 | 41..=71) && matches!(two(digits, 2), 1..=12 | 41..=52 | 66..=77 | 81..=92);
    let estonian =
        matches!(two(digits, 0), 10..=69) && matches!(two(digits, 3), 1..=12) && matches!(two(digits, 5), 1..=31);
    latvian_without_date || day_and_month || estonian
}

/// SE with century.
fn is_twelve(digits: &str) -> bool {
    matches!(two(digits, 0), 18..=20) && is_swedish(two(digits, 4), two(digits, 6))
}

fn is_swedish(month: i16, day: i16) -> bool {
    matches!((month, day), (1..=12, 1..=31 | 60..=91) | (0, 60..=91))
}

/// The time in `…T121212+0100` and the fraction in `…:12.121212+0100`.
fn is_part_of_a_time(before: &str) -> bool {
    let ends_with = |pattern: &[fn(u8) -> bool]| {
        before.len() >= pattern.len() && before.bytes().rev().zip(pattern.iter().rev()).all(|(byte, is)| is(byte))
    };
    let digit: fn(u8) -> bool = |byte| byte.is_ascii_digit();
    ends_with(&[digit, |byte| byte == b'T'])
        || ends_with(&[|byte| byte == b':', digit, digit, |byte| matches!(byte, b'.' | b',')])
}

/// The length of a GUID, or of a word that is long and hexadecimal: an id or a digest.
fn hexadecimal(text: &str) -> Option<usize> {
    if is_guid(text) {
        return Some(GUID);
    }
    let word = text.bytes().take_while(u8::is_ascii_alphanumeric);
    let letters = word.clone().filter(u8::is_ascii_alphabetic).count();
    let len = word.clone().count();
    (letters > 0 && len >= SHORTEST_ID && { word }.all(|byte| byte.is_ascii_hexdigit())).then_some(len)
}

/// `8-4-4-4-12` hexadecimal digits.
fn is_guid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= GUID
        && bytes[..GUID].iter().enumerate().all(|(i, byte)| match i {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
        && !bytes.get(GUID).is_some_and(u8::is_ascii_alphanumeric)
}

/// How many bytes of separators (one to three) stand at the beginning.
fn separators(text: &str) -> Option<usize> {
    let mut len = 0;
    for found in 0..4 {
        let rest = &text[len..];
        let next = match escape(rest) {
            Some((Some(c), escaped)) if shape::is_separator(c) => escaped,
            Some(_) => return None,
            None => rest.chars().next().filter(|c| shape::is_separator(*c)).map_or(0, char::len_utf8),
        };
        if next == 0 {
            return (found > 0).then_some(len);
        }
        len += next;
    }
    None
}

/// An escape at the beginning, percent-encoded or of JSON: the character that it stands for, if that matters here, and its length.
fn escape(text: &str) -> Option<(Option<char>, usize)> {
    let bytes = text.as_bytes();
    match bytes {
        // Encoded twice, as in the target of a redirect that is itself a parameter.
        [b'%', b'2', b'5', b'2', b'D' | b'd', ..] => Some((Some('-'), 5)),
        [b'%', b'2', b'5', b'2', b'B' | b'b', ..] => Some((Some('+'), 5)),
        [b'%', b'2', b'5', b'2', b'0', ..] => Some((Some(' '), 5)),
        [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            // The separators beyond ASCII take two or three encoded bytes of UTF-8.
            let mut utf8 = [0; 3];
            let encoded =
                bytes.chunks(3).take(3).map_while(percent).zip(&mut utf8).map(|(byte, slot)| *slot = byte).count();
            let known =
                (1..=encoded).find_map(|len| Some((std::str::from_utf8(&utf8[..len]).ok()?.chars().next()?, len)));
            Some(known.map_or((None, 3), |(c, len)| (Some(c), 3 * len)))
        }
        [b'\\', b'u', hex @ ..] if hex.len() >= 4 && hex[..4].iter().all(u8::is_ascii_hexdigit) => {
            Some((u32::from_str_radix(&text[2..6], 16).ok().and_then(char::from_u32), 6))
        }
        [b'\\', b'n' | b'r' | b't', ..] => Some((Some(' '), 2)),
        _ => None,
    }
}

fn percent(chunk: &[u8]) -> Option<u8> {
    match chunk {
        [b'%', hex @ ..] => u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok(),
        _ => None,
    }
}

/// Whether the last letters or digits are those of an escape, and so no part of a word.
fn ends_with_escape(before: &str) -> bool {
    [2, 3, 5, 6].into_iter().any(|len| {
        let tail = before.len().checked_sub(len).and_then(|start| before.get(start..));
        tail.is_some_and(|tail| escape(tail).is_some_and(|(_, found)| found == len))
    })
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn two(digits: &str, at: usize) -> i16 {
    shape::number_at(digits, at, 2)
}

const GUID: usize = 36;
/// Hexadecimal digits: the span ids of W3C trace contexts have 16.
const SHORTEST_ID: usize = 16;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::identity::{Country, NationalNumber, Persons};

    #[test]
    fn numbers_in_every_dress_are_masked() {
        for (text, masked) in [
            ("198501012382", "************"),
            ("\"PersonalNumber\":\"198501012382\"", "\"PersonalNumber\":\"************\""),
            ("{\"n\":850101-2382}", "{\"n\":***********}"),
            ("?n=850101%2D2382&a=1", "?n=*************&a=1"),
            ("%253D850101%252d2382", "%253D***************"),
            ("%22850101%2B2382%22", "%22*************%22"),
            ("n=850101%C2%A02382", "n=****************"),
            ("n=850101%E2%80%932382;", "n=*******************;"),
            (r"x\n850101\u00a02382\n", r"x\n****************\n"),
            (r"\u00e5850101\u20112382", r"\u00e5****************"),
            ("PNOSE-198501012382", "PNOSE-************"),
            ("PNOLV-030303-10012", "PNOLV-************"),
            ("id198501012382x", "id************x"),
            ("191500722390, 191711602399", "************, ************"),
            ("130607–2388 hej", "************* hej"),
            ("fnr 14928512186.", "fnr ***********."),
            ("149285 12186", "************"),
            ("cpr 741285-0003", "cpr ***********"),
            ("131052A308T,131052-308t", "***********,***********"),
            ("/x/141285Y900N/y", "/x/***********/y"),
            ("%22010101%2B9023", "%22*************"),
            ("30303039914 329999-88807 32999988807", "*********** ************ ***********"),
            ("198512149999", "************"),
        ] {
            assert_eq!(mask(text), masked);
        }
    }

    #[test]
    fn what_only_looks_alike_is_left_alone_and_not_copied() {
        for text in [
            "4f2c1a9e-1111-4222-8333-198501012382",
            "{\"id\":\"19850101-2382-4abc-8def-141285900123\"}",
            "%2219850101-2382-4abc-8def-141285900123%22",
            "2026-11-22T01:41:49.121212+0100",
            "20261122T121212+0100",
            "2026-11-22T01:41:49.1234567+02:00",
            "2026-11-22 01:41:49",
            "trace 00-4bf92f3577b34da6a3ce929d198501012382-00f198501012382a-01",
            "1763771000123",
            "t=1763771000",
            "9578-5997-4-3154736",
            "5560360793",
            "123456789",
            "åäö – 12 % \\u12",
            "",
        ] {
            assert!(matches!(mask(text), Cow::Borrowed(_)), "{} became {}", text, mask(text));
        }
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_length(text in "\\PC*", odd in "[0-9%\\\\uA-F+\u{2011}-]{0,40}") {
            for text in [text, odd] {
                let masked = mask(&text);
                prop_assert_eq!(masked.len(), text.len());
                prop_assert_eq!(mask(&masked), &*masked);
            }
        }

        #[test]
        fn every_spelling_of_every_person_is_masked(seed: u64, n in 0_u64..50_000, country in prop::sample::select(Country::ALL.as_slice())) {
            let number = &Persons::fresh(seed, n, country).number;
            for spelling in number.spellings(NationalNumber::READ_AS_OF) {
                let quoted = format!("\"{spelling}\"");
                prop_assert_eq!(mask(&quoted), format!("\"{}\"", "*".repeat(spelling.len())));
            }
        }
    }
}
