//! Norway: fødselsnummer (eleven digits), D-numbers (day + 40), H-numbers (month + 40) and synthetic numbers.
//!
//! Skatteetaten's synthetic population (Tenor, Test-Norge) adds 80 to the month, Norsk helsenett's 65, NAV's 40.

use jiff::civil::Date;

use super::{Checks, Country, NumberError, shape};

pub(super) fn canonical(text: &str, checks: Checks) -> Result<String, NumberError> {
    let halves = shape::Halves::read(text)?;
    if halves.sign == Some('+') {
        return Err(NumberError::Separator);
    }
    let canonical = halves.joined(Country::No, &[(11, 0), (6, 5)])?;
    // Leap days need a year, and 2000 is as good as any where the century is unknown.
    let (month, day) = month_and_day(&canonical).ok_or(NumberError::Date)?;
    let year = year(&canonical).unwrap_or_else(|| 2000 + shape::number_at(&canonical, 4, 2));
    shape::date(year, month, day).ok_or(NumberError::Date)?;
    match checks {
        Checks::Strict if !checks_out(&canonical) => Err(NumberError::CheckDigit),
        Checks::Lenient | Checks::Strict => Ok(canonical),
    }
}

pub(super) fn birth_date(canonical: &str) -> Option<Date> {
    let (month, day) = month_and_day(canonical)?;
    shape::date(year(canonical)?, month, day)
}

/// Month + 80 and month + 65 belong to nobody. Month + 40 is NAV's test population *and* the H-numbers of hospitals, so it does not
/// count.
pub(super) fn is_test(canonical: &str) -> bool {
    matches!(shape::number_at(canonical, 2, 2), 66..=77 | 81..=92)
}

/// The two check digits after nine digits; none when no valid number begins with them (under the classic rule).
pub(super) fn check_digits(nine: &str) -> Option<[u32; 2]> {
    let digit = |sum: u32| Some((11 - sum % 11) % 11).filter(|digit| *digit < 10);
    let first = digit(shape::weighted(nine, &FIRST))?;
    let second = digit(shape::weighted(nine, &SECOND) + 2 * first)?;
    Some([first, second])
}

/// From 2032 the first check digit may leave a remainder of 0 to 3; the second is as ever (Skatteetaten).
fn checks_out(canonical: &str) -> bool {
    shape::weighted(canonical, &FIRST_WITH_ITSELF) % 11 <= 3
        && shape::weighted(canonical, &SECOND_WITH_BOTH).is_multiple_of(11)
}

fn month_and_day(canonical: &str) -> Option<(i16, i16)> {
    let day = match shape::number_at(canonical, 0, 2) {
        day @ 1..=31 => day,
        d_number @ 41..=71 => d_number - 40,
        _ => return None,
    };
    let month = match shape::number_at(canonical, 2, 2) {
        month @ 1..=12 => month,
        hospital_or_nav @ 41..=52 => hospital_or_nav - 40,
        helsenett @ 66..=77 => helsenett - 65,
        tenor @ 81..=92 => tenor - 80,
        _ => return None,
    };
    Some((month, day))
}

/// The individual number tells the century; some combinations are not in use and tell none.
fn year(canonical: &str) -> Option<i16> {
    let short = shape::number_at(canonical, 4, 2);
    match (shape::number_at(canonical, 6, 3), short) {
        (0..=499, _) | (900..=999, 40..=99) => Some(1900 + short),
        (500..=999, 0..=39) => Some(2000 + short),
        (500..=749, 54..=99) => Some(1800 + short),
        _ => None,
    }
}

const FIRST: [u32; 9] = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const FIRST_WITH_ITSELF: [u32; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
const SECOND: [u32; 9] = [5, 4, 3, 2, 7, 6, 5, 4, 3];
const SECOND_WITH_BOTH: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
