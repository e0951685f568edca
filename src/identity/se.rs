//! Sweden: personnummer and samordningsnummer (coordination number), canonical with twelve digits.
//!
//! Skatteverket, SKV 704 and SKV 707. A coordination number has 60 added to its day; officially published test numbers show
//! that its month may be 00 and its day 60 (unknown), as in `191500722390` and `191711602399`.

use jiff::civil::Date;

use super::{Checks, Country, NumberError, shape};

pub(super) fn canonical(text: &str, checks: Checks, today: Date) -> Result<String, NumberError> {
    let halves = shape::Halves::read(text)?;
    let digits = halves.joined(Country::Se, &[(12, 0), (8, 4), (10, 0), (6, 4)])?;
    let canonical = if digits.len() == 12 { digits } else { with_century(&digits, halves.sign == Some('+'), today) };
    // What tells organisation numbers from people's, whose month is less.
    if shape::number_at(&canonical, 4, 2) >= 20 {
        return Err(NumberError::Organisation);
    }
    let (year, month, day) = parts(&canonical);
    let plausible = (1800..2100).contains(&year) && earliest(year, month, day).is_some();
    if !plausible {
        return Err(NumberError::Date);
    }
    match checks {
        Checks::Strict if check_digit(&canonical[2..11]) != last(&canonical) => Err(NumberError::CheckDigit),
        Checks::Lenient | Checks::Strict => Ok(canonical),
    }
}

/// None for coordination numbers of unknown month or day.
pub(super) fn birth_date(canonical: &str) -> Option<Date> {
    let (year, month, day) = parts(canonical);
    shape::date(year, month, if day > 60 { day - 60 } else { day })
}

/// Skatteverket publishes test numbers that are never given to anyone: serials 980 to 999, and 238 and 239 for newer years.
/// The serials are a pattern read from that list, not the list itself.
pub(super) fn is_test(canonical: &str) -> bool {
    matches!(shape::number_at(canonical, 8, 3), 238 | 239 | 980..=999)
}

/// Luhn over the nine digits before it. The century never counts; the 60 of a coordination number does.
pub(super) fn check_digit(nine: &str) -> u32 {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 =
        shape::digits(nine).enumerate().map(|(i, digit)| if i % 2 == 0 { doubled(digit) } else { digit }).sum();
    (10 - sum % 10) % 10
}

/// Every way to write the number. The forms of ten digits carry the sign that is right today.
pub(super) fn spellings(canonical: &str, today: Date) -> Vec<String> {
    let (day, serial, short) = (&canonical[..8], &canonical[8..], &canonical[2..]);
    let sign = if turns_hundred(shape::number_at(canonical, 0, 4), today) { '+' } else { '-' };
    vec![
        canonical.to_owned(),
        format!("{day}-{serial}"),
        format!("{day} {serial}"),
        format!("{}{sign}{serial}", &day[2..]),
        format!("{} {serial}", &day[2..]),
        short.to_owned(),
    ]
}

/// Ten digits are of the most recent century that is not in the future; with `+`, of the most recent one in which the person
/// turns at least 100 this year (the sign changes at New Year, not on the birthday).
fn with_century(ten: &str, plus: bool, today: Date) -> String {
    (18..=20)
        .rev()
        .map(|century| format!("{century}{ten}"))
        .find(|twelve| {
            let (year, month, day) = parts(twelve);
            if plus {
                return turns_hundred(year, today);
            }
            // A date that this century does not have (29 February) may still be one of another.
            earliest(year, month, day).is_some_and(|date| date <= today)
        })
        // In no century: let the checks that follow say why.
        .unwrap_or_else(|| format!("19{ten}"))
}

fn turns_hundred(year: i16, today: Date) -> bool {
    year <= today.year() - 100
}

fn parts(canonical: &str) -> (i16, i16, i16) {
    (shape::number_at(canonical, 0, 4), shape::number_at(canonical, 4, 2), shape::number_at(canonical, 6, 2))
}

/// The earliest day that the parts can mean; none when they mean no day at all.
fn earliest(year: i16, month: i16, day: i16) -> Option<Date> {
    match (month, day) {
        (0, 60..=91) => shape::date(year, 1, 1),
        (_, 60) => shape::date(year, month, 1),
        (_, 61..=91) => shape::date(year, month, day - 60),
        (_, _) => shape::date(year, month, day),
    }
}

fn last(canonical: &str) -> u32 {
    shape::digits(canonical).next_back().unwrap_or_default()
}
