//! Finland: henkilötunnus, eleven characters `DDMMYYsNNNC`.
//!
//! The separator `s` is part of the identity: since 2023 two people may differ in nothing else (DVV), so it is never stripped or replaced.

use jiff::civil::Date;

use super::{Checks, Country, NumberError, shape};

pub(super) fn canonical(text: &str, checks: Checks) -> Result<String, NumberError> {
    let canonical: String = text.chars().map(|c| shape::plain_dash(c).to_ascii_uppercase()).collect();
    canonical.chars().try_for_each(shape::refuse_foreign)?;
    let [d1, d2, m1, m2, y1, y2, separator, n1, n2, n3, check] = *canonical.as_bytes() else {
        return Err(NumberError::Length { country: Country::Fi });
    };
    if ![d1, d2, m1, m2, y1, y2, n1, n2, n3].iter().all(u8::is_ascii_digit) || !CHECK.contains(&check) {
        return Err(NumberError::Character);
    }
    century(separator).ok_or(NumberError::Separator)?;
    birth_date(&canonical).ok_or(NumberError::Date)?;
    match checks {
        Checks::Strict if check_character(&canonical[..6], &canonical[7..10]) != char::from(check) => {
            Err(NumberError::CheckDigit)
        }
        Checks::Lenient | Checks::Strict => Ok(canonical),
    }
}

pub(super) fn birth_date(canonical: &str) -> Option<Date> {
    let year = century(*canonical.as_bytes().get(6)?)? + shape::number_at(canonical, 4, 2);
    shape::date(year, shape::number_at(canonical, 2, 2), shape::number_at(canonical, 0, 2))
}

/// 900 to 999 are temporary or made up, and never given to people for good (DVV).
pub(super) fn is_test(canonical: &str) -> bool {
    shape::number_at(canonical, 7, 3) >= 900
}

/// The remainder of date and serial by 31, as a character. The separator does not count.
pub(super) fn check_character(date: &str, serial: &str) -> char {
    let remainder = shape::digits(date).chain(shape::digits(serial)).fold(0, |sum, digit| (sum * 10 + digit) % 31);
    CHECK.get(remainder as usize).copied().map_or('?', char::from)
}

fn century(separator: u8) -> Option<i16> {
    match separator {
        b'+' => Some(1800),
        b'-' | b'U'..=b'Y' => Some(1900),
        b'A'..=b'F' => Some(2000),
        _ => None,
    }
}

const CHECK: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
