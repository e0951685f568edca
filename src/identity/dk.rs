//! Denmark: CPR number, ten digits.
//!
//! Modulus 11 is only a preference since October 2007, and real people have numbers without it: it is never demanded.
//! Replacement numbers have 60 added to the day.

use jiff::civil::Date;

use super::{Country, NumberError, shape};

pub(super) fn canonical(text: &str) -> Result<String, NumberError> {
    let halves = shape::Halves::read(text)?;
    if halves.sign == Some('+') {
        return Err(NumberError::Separator);
    }
    let canonical = halves.joined(Country::Dk, &[(10, 0), (6, 4)])?;
    birth_date(&canonical).ok_or(NumberError::Date)?;
    Ok(canonical)
}

/// The seventh digit and the year tell the century (CPR-kontoret).
pub(super) fn birth_date(canonical: &str) -> Option<Date> {
    let short = shape::number_at(canonical, 4, 2);
    let century = match (shape::number_at(canonical, 6, 1), short) {
        (4 | 9, 0..=36) | (5..=8, 0..=57) => 2000,
        (5..=8, _) => 1800,
        _ => 1900,
    };
    let day = match shape::number_at(canonical, 0, 2) {
        replacement @ 61..=91 => replacement - 60,
        day => day,
    };
    shape::date(century + short, shape::number_at(canonical, 2, 2), day)
}

/// Replacement numbers. No officially reserved test numbers are known to us; these are at least never in an ordinary passport.
pub(super) fn is_test(canonical: &str) -> bool {
    shape::number_at(canonical, 0, 2) > 60
}

/// Whether modulus 11 holds: true for most numbers, and promised for none.
pub(super) fn has_modulus_11(canonical: &str) -> bool {
    shape::weighted(canonical, &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}
