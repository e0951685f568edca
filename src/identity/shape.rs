//! What the spellings of all countries share: what is trimmed, what separates, how digits are read.

use jiff::civil::Date;

use super::{Country, NumberError};

/// A number as it was written: digits, perhaps a separator and more digits.
#[derive(Debug)]
pub(super) struct Halves<'a> {
    pub(super) first: &'a str,
    /// `-` stands for every dash.
    pub(super) sign: Option<char>,
    pub(super) second: &'a str,
}

impl<'a> Halves<'a> {
    /// Splits the trimmed text at its separator: blanks, at most one dash or plus, blanks.
    pub(super) fn read(text: &'a str) -> Result<Self, NumberError> {
        let first_len = text.find(is_separator).unwrap_or(text.len());
        let (first, rest) = text.split_at(first_len);
        let second = rest.trim_start_matches(is_separator);
        let mut signs = rest[..rest.len() - second.len()].chars().filter(|c| !is_blank(*c)).map(plain_dash);
        let sign = signs.next();
        if signs.next().is_some() || second.contains(is_separator) || (second.is_empty() && !rest.is_empty()) {
            return Err(NumberError::Separator);
        }
        for c in first.chars().chain(second.chars()) {
            refuse_foreign(c)?;
            if !c.is_ascii_digit() {
                return Err(NumberError::Character);
            }
        }
        Ok(Self { first, sign, second })
    }

    /// All digits when they are grouped as `groups` says (a second group of zero digits: no separator).
    pub(super) fn joined(&self, country: Country, groups: &[(usize, usize)]) -> Result<String, NumberError> {
        if groups.contains(&(self.first.len(), self.second.len())) {
            return Ok(format!("{}{}", self.first, self.second));
        }
        let length = self.first.len() + self.second.len();
        if groups.iter().any(|(first, second)| first + second == length) {
            return Err(NumberError::Separator);
        }
        Err(NumberError::Length { country })
    }
}

/// Digits of other scripts and full-width ones look right to people, and are other characters to every system.
pub(super) fn refuse_foreign(c: char) -> Result<(), NumberError> {
    if c.is_numeric() && !c.is_ascii() { Err(NumberError::ForeignDigits) } else { Ok(()) }
}

/// Strips `PNO` and the country of EN 319 412-1, when it is there and names this country.
pub(super) fn without_etsi_prefix(country: Country, text: &str) -> Result<&str, NumberError> {
    match text.strip_prefix("PNO").map(|rest| rest.split_at_checked(2)) {
        None => Ok(text),
        Some(Some((code, rest))) if code == country.code() => rest.strip_prefix('-').ok_or(NumberError::Separator),
        Some(_) => Err(NumberError::OtherCountry { country }),
    }
}

/// Blanks, and what pasting brings along unseen: zero-width characters, direction marks, soft hyphens.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Every dash becomes `-`; other characters stay.
pub(super) fn plain_dash(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

pub(super) fn is_separator(c: char) -> bool {
    is_blank(c) || matches!(plain_dash(c), '-' | '+')
}

/// The digits of an ASCII text that holds nothing else.
pub(super) fn digits(text: &str) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator {
    text.bytes().map(|byte| u32::from(byte.wrapping_sub(b'0')))
}

/// The sum of digits times weights.
pub(super) fn weighted(text: &str, weights: &[u32]) -> u32 {
    digits(text).zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// The number that `len` digits from `at` spell. The text is canonical, and long enough.
pub(super) fn number_at(text: &str, at: usize, len: usize) -> i16 {
    text.bytes().skip(at).take(len).fold(0, |sum, byte| sum * 10 + i16::from(byte.wrapping_sub(b'0')))
}

/// The date, if there is one.
pub(super) fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}
