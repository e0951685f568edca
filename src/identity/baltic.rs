//! Estonia and Lithuania (one shape, `GYYMMDDSSSC`), and Latvia (`DDMMYY-CNNNK`, or `32` and no birth date since July 2017).

use jiff::civil::Date;

use super::{Checks, Country, NumberError, shape};

/// Estonian isikukood and Lithuanian asmens kodas: equal digits, told apart only by the country.
pub(super) fn canonical(country: Country, text: &str, checks: Checks) -> Result<String, NumberError> {
    let canonical = shape::Halves::read(text)?.joined(country, &[(11, 0)])?;
    birth_date(&canonical).ok_or(NumberError::Date)?;
    match checks {
        Checks::Strict if !canonical.ends_with(&check_digit(&canonical[..10]).to_string()) => {
            Err(NumberError::CheckDigit)
        }
        Checks::Lenient | Checks::Strict => Ok(canonical),
    }
}

pub(super) fn birth_date(canonical: &str) -> Option<Date> {
    let century = match shape::number_at(canonical, 0, 1) {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        _ => return None,
    };
    let [year, month, day] = [1, 3, 5].map(|at| shape::number_at(canonical, at, 2));
    shape::date(century + year, month, day)
}

/// The public demo accounts of Smart-ID and Mobile-ID have serials 980 to 999. That these belong to nobody is inferred from there
/// being so many births on no single day; nobody promises it.
pub(super) fn is_test(canonical: &str) -> bool {
    shape::number_at(canonical, 7, 3) >= 980
}

/// Two rounds of weights, and 0 when both leave 10.
pub(super) fn check_digit(ten: &str) -> u32 {
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 1], [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]]
        .iter()
        .map(|weights| shape::weighted(ten, weights) % 11)
        .find(|remainder| *remainder < 10)
        .unwrap_or_default()
}

/// Latvian personas kods, canonical with its hyphen.
pub(super) fn latvian(text: &str, checks: Checks) -> Result<String, NumberError> {
    let halves = shape::Halves::read(text)?;
    if halves.sign == Some('+') {
        return Err(NumberError::Separator);
    }
    let digits = halves.joined(Country::Lv, &[(11, 0), (6, 5)])?;
    let canonical = format!("{}-{}", &digits[..6], &digits[6..]);
    if !is_dateless(&canonical) {
        latvian_birth_date(&canonical).ok_or(NumberError::Date)?;
    }
    match checks {
        Checks::Strict if latvian_check_digit(&digits[..10]) != shape::digits(&digits).next_back() => {
            Err(NumberError::CheckDigit)
        }
        Checks::Lenient | Checks::Strict => Ok(canonical),
    }
}

pub(super) fn latvian_birth_date(canonical: &str) -> Option<Date> {
    if is_dateless(canonical) {
        return None;
    }
    let century = match shape::number_at(canonical, 7, 1) {
        0 => 1800,
        1 => 1900,
        2 => 2000,
        _ => return None,
    };
    let [day, month, year] = [0, 2, 4].map(|at| shape::number_at(canonical, at, 2));
    shape::date(century + year, month, day)
}

/// Smart-ID's public demo accounts, and two corners of the number space that we use for made-up people: serials 990 to 999, and codes
/// beginning `32999` (as the demo account `329999-88807`). Inferred; Latvia reserves nothing that we know of.
pub(super) fn latvian_is_test(canonical: &str) -> bool {
    LATVIAN_DEMO.contains(&canonical)
        || if is_dateless(canonical) {
            canonical.starts_with("32999")
        } else {
            shape::number_at(canonical, 8, 3) >= 990
        }
}

/// One formula for old and new codes; none when no valid code begins with these digits.
pub(super) fn latvian_check_digit(ten: &str) -> Option<u32> {
    let sum = shape::weighted(ten, &[1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    Some((1101 - sum) % 11).filter(|digit| *digit < 10)
}

fn is_dateless(canonical: &str) -> bool {
    canonical.starts_with("32")
}

/// Accounts that SK ID Solutions publishes for its demo services.
const LATVIAN_DEMO: [&str; 6] =
    ["030303-10012", "020100-29990", "030303-10215", "010107-20007", "030303-10004", "040404-19999"];
