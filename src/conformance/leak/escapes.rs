//! Undoes escapes of every kind at once: percent-encoding, JSON, HTML, quoted-printable. What is no escape stays.

/// The bytes without escapes; none when there are no escapes.
pub(super) fn undone(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut plain: Option<Vec<u8>> = None;
    let (mut at, mut copied) = (0, 0);
    while let Some(next) = next_mark(bytes, at) {
        at = next;
        match escape(&bytes[at..]) {
            Some((len, bytes_meant)) => {
                let plain = plain.get_or_insert_default();
                plain.extend_from_slice(&bytes[copied..at]);
                plain.extend_from_slice(bytes_meant.as_bytes());
                at += len;
                copied = at;
            }
            None => at += 1,
        }
    }
    plain.map(|mut plain| {
        plain.extend_from_slice(&bytes[copied..]);
        plain
    })
}

/// Where in the escaped bytes the place `wanted` of what [`undone`] made of them comes from.
pub(super) fn origin(bytes: &[u8], wanted: usize) -> usize {
    let (mut at, mut written) = (0, 0);
    while at < bytes.len() {
        let (len, meant) = escape(&bytes[at..]).map_or((1, 1), |(len, meant)| (len, meant.as_bytes().len()));
        if written + meant > wanted {
            return at;
        }
        written += meant;
        at += len;
    }
    at
}

/// What an escape stands for: at most four bytes.
#[derive(Clone, Copy)]
struct Meant {
    bytes: [u8; 4],
    len: usize,
}

impl Meant {
    const NOTHING: Self = Self { bytes: [0; 4], len: 0 };

    fn byte(byte: u8) -> Self {
        Self { bytes: [byte, 0, 0, 0], len: 1 }
    }

    fn char(c: char) -> Self {
        let mut bytes = [0; 4];
        let len = c.encode_utf8(&mut bytes).len();
        Self { bytes, len }
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

fn next_mark(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.iter().position(|byte| matches!(byte, b'%' | b'\\' | b'&' | b'=')).map(|at| from + at)
}

/// The escape at the beginning: its length, and what it stands for.
fn escape(bytes: &[u8]) -> Option<(usize, Meant)> {
    match bytes {
        [b'%', high, low, ..] => Some((3, Meant::byte(u8::try_from(hexadecimal(&[*high, *low])?).ok()?))),
        [b'\\', b'u', digits @ ..] => Some((6, Meant::char(char::from_u32(hexadecimal(digits.first_chunk::<4>()?)?)?))),
        [b'\\', b'n', ..] => Some((2, Meant::byte(b'\n'))),
        [b'\\', b'r', ..] => Some((2, Meant::byte(b'\r'))),
        [b'\\', b't', ..] => Some((2, Meant::byte(b'\t'))),
        [b'\\', plain @ (b'/' | b'\\' | b'"' | b'\''), ..] => Some((2, Meant::byte(*plain))),
        // Soft line breaks of quoted-printable.
        [b'=', b'\n', ..] => Some((2, Meant::NOTHING)),
        [b'=', b'\r', b'\n', ..] => Some((3, Meant::NOTHING)),
        [b'&', entity @ ..] => {
            let len = entity.iter().take(LONGEST_ENTITY).position(|byte| *byte == b';')?;
            Some((len + 2, Meant::char(entity_meant(&entity[..len])?)))
        }
        _ => None,
    }
}

/// Numeric references, and the names of what stands in or around a number.
fn entity_meant(entity: &[u8]) -> Option<char> {
    match entity {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hexadecimal(digits)?),
        [b'#', digits @ ..] => char::from_u32(std::str::from_utf8(digits).ok()?.parse().ok()?),
        b"amp" => Some('&'),
        b"quot" => Some('"'),
        b"nbsp" => Some('\u{a0}'),
        b"shy" => Some('\u{ad}'),
        b"plus" => Some('+'),
        b"hyphen" | b"dash" => Some('\u{2010}'),
        b"ndash" => Some('\u{2013}'),
        b"minus" => Some('\u{2212}'),
        b"equals" => Some('='),
        b"aring" => Some('å'),
        b"auml" => Some('ä'),
        b"ouml" => Some('ö'),
        b"Aring" => Some('Å'),
        b"Auml" => Some('Ä'),
        b"Ouml" => Some('Ö'),
        _ => None,
    }
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let all = digits.iter().all(u8::is_ascii_hexdigit);
    std::str::from_utf8(digits).ok().filter(|_| all).and_then(|digits| u32::from_str_radix(digits, 16).ok())
}

/// `#x00002011` and the like.
const LONGEST_ENTITY: usize = 12;
