//! The bytes as they are, and as they are after each kind of unwrapping, again and again.
//!
//! A view is never longer than what it was made of, and only [`DEEPEST`] of them exist at a time.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{Wrapping, escapes};

/// What is told of each view: its bytes, what was unwrapped for it, and where in the original a place of it lies.
pub(super) type Visit<'a> = dyn FnMut(&[u8], &[Wrapping], &dyn Fn(usize) -> usize) + 'a;

/// Visits the bytes and everything wrapped in them, outer views first.
pub(super) fn each(bytes: &[u8], visit: &mut Visit<'_>) {
    within(bytes, &mut Vec::new(), &|at| at, visit);
}

fn within(bytes: &[u8], wrapping: &mut Vec<Wrapping>, origin: &dyn Fn(usize) -> usize, visit: &mut Visit<'_>) {
    visit(bytes, wrapping, origin);
    if wrapping.len() == DEEPEST {
        return;
    }
    if let Some(plain) = escapes::undone(bytes) {
        wrapping.push(Wrapping::Escapes);
        within(&plain, wrapping, &|at| origin(escapes::origin(bytes, at)), visit);
        wrapping.pop();
    }
    let mut inside = |kind: Wrapping, start: usize, plain: &[u8]| {
        wrapping.push(kind);
        within(plain, wrapping, &|_| origin(start), visit);
        wrapping.pop();
    };
    utf16(bytes, |start, plain| inside(Wrapping::Utf16, start, plain));
    hexadecimal(bytes, |start, plain| inside(Wrapping::Hexadecimal, start, plain));
    base64(bytes, |start, plain| inside(Wrapping::Base64, start, plain));
}

/// Rows of characters below 256 with a zero byte each, between them those of General Punctuation (dashes, blanks).
fn utf16(bytes: &[u8], mut found: impl FnMut(usize, &[u8])) {
    let mut at = 0;
    while at + 1 < bytes.len() {
        if bytes[at] != 0 && bytes[at + 1] != 0 {
            at += 1;
            continue;
        }
        let (little, big) = (units(&bytes[at..], u16::from_le_bytes), units(&bytes[at..], u16::from_be_bytes));
        // The other byte order, begun one byte later, reads the same row short of a character.
        let shifted = if little.is_some() { units(&bytes[at + 1..], u16::from_be_bytes) } else { None };
        let shifted = shifted.filter(|row| little.as_ref().is_none_or(|little| row.len() >= little.len()));
        let rows = [(at, little), (at, big), (at + 1, shifted)];
        let rows = rows.iter().filter_map(|(start, row)| Some((*start, row.as_ref()?)));
        let end = rows.clone().map(|(start, row)| start + 2 * row.chars().count()).max();
        rows.for_each(|(start, row)| found(start, row.as_bytes()));
        at = end.unwrap_or(at + 1);
    }
}

/// The characters of one row, if it may hold a number.
fn units(bytes: &[u8], order: fn([u8; 2]) -> u16) -> Option<String> {
    let units = bytes.chunks_exact(2).map(|pair| order([pair[0], pair[1]]));
    let row = units.take_while(|unit| matches!(unit, 1..=0xff | 0x2000..=0x20ff));
    let narrow = row.clone().filter(|unit| *unit <= 0xff).take(FEWEST_DIGITS).count();
    (narrow == FEWEST_DIGITS).then(|| row.filter_map(|unit| char::from_u32(unit.into())).collect())
}

/// Rows of hexadecimal digits, read from the first and from the second: a digit may stand before that does not belong to it.
fn hexadecimal(bytes: &[u8], mut found: impl FnMut(usize, &[u8])) {
    for (start, word) in words(bytes, 2 * FEWEST_DIGITS, |byte| byte.is_ascii_hexdigit()) {
        for skipped in 0..2 {
            let even = word.len() - (word.len() - skipped) % 2;
            if let Ok(plain) = hex::decode(&word[skipped..even]) {
                found(start, &plain);
            }
        }
    }
}

/// Words of both base64 alphabets, over folded lines too, read from each of the first four letters.
fn base64(bytes: &[u8], mut found: impl FnMut(usize, &[u8])) {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let mut words = words(bytes, 1, is_letter).peekable();
    while let Some((start, first)) = words.next() {
        if first.len() < SHORTEST_WORD {
            continue;
        }
        let mut letters = first.to_vec();
        let mut line = start..start + first.len();
        while line.len() >= FOLDED_LINE
            && let Some((next, word)) =
                words.next_if(|(next, _)| matches!(bytes.get(line.end..*next), Some(b"\n" | b"\r\n")))
        {
            letters.extend_from_slice(word);
            line = next..next + word.len();
        }
        for letter in &mut letters {
            *letter = match *letter {
                b'-' => b'+',
                b'_' => b'/',
                other => other,
            };
        }
        for skipped in 0..4 {
            let letters = &letters[skipped..];
            // One letter alone encodes nothing.
            let whole = letters.len() - usize::from(letters.len() % 4 == 1);
            if let Ok(plain) = ENGINE.decode(&letters[..whole]) {
                found(start, &plain);
            }
        }
    }
}

/// The rows of at least `shortest` bytes that are all `is`, with their places.
fn words(bytes: &[u8], shortest: usize, is: impl Fn(u8) -> bool) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let start = at + bytes[at..].iter().take_while(|byte| !is(**byte)).count();
            let len = bytes[start..].iter().take_while(|byte| is(**byte)).count();
            at = start + len;
            if len >= shortest {
                return Some((start, &bytes[start..at]));
            }
        }
        None
    })
}

/// Escaped JSON in base64 in a token in base64 in a form.
const DEEPEST: usize = 5;
/// A number of ten digits that lost its leading zero.
const FEWEST_DIGITS: usize = 9;
const SHORTEST_WORD: usize = 12;
/// PEM folds at 64 letters, MIME at 76.
const FOLDED_LINE: usize = 60;

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
