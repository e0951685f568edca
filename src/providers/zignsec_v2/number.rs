//! `personalnumber`, in the format of its country.

use super::problem::{INVALID_PERSONALNUMBER, Problem};
use super::switches::NumberFormat;
use crate::identity::{Checks, Country, NationalNumber};

/// Reads a number. Format and a possible date are judged, check digits are not: the documents' own samples fail them.
///
/// # Errors
/// `INVALID_PERSONALNUMBER`, with the expected format and never with the number.
pub(super) fn read(country: Country, text: &str, format: NumberFormat) -> Result<NationalNumber, Problem> {
    let plain = |length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let as_documented = match country {
        Country::Dk => plain(10),
        Country::Fi => matches!(text.len(), 10 | 11),
        Country::No => plain(11),
        Country::Se => plain(12),
        Country::Ee | Country::Lt | Country::Lv => true,
    };
    let number = match format {
        NumberFormat::Refuse if !as_documented => None,
        NumberFormat::Refuse | NumberFormat::Strip => {
            // A client sends Finnish numbers without their sign; that the last century is meant is inferred.
            let signed = (country == Country::Fi && text.len() == 10 && text.is_ascii())
                .then(|| format!("{}-{}", &text[..6], &text[6..]));
            NationalNumber::parse(country, signed.as_deref().unwrap_or(text), Checks::Lenient).ok()
        }
    };
    number.ok_or_else(|| Problem::new(INVALID_PERSONALNUMBER, expected(country)))
}

const fn expected(country: Country) -> &'static str {
    match country {
        Country::Dk => "Invalid Personal number: expected DDMMYYCCCC, ten digits",
        Country::Fi => "Invalid Personal number: expected DDMMYYSNNNC",
        Country::No => "Invalid Personal number: expected DDMMYYXXXCC, eleven digits",
        Country::Se => "Invalid Personal number: expected YYYYMMDDCCCC, twelve digits",
        Country::Ee | Country::Lt | Country::Lv => "Invalid Personal number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_numbers_are_taken() {
        for (country, text) in [
            (Country::Se, "195206040759"),
            (Country::Dk, "1210312133"),
            (Country::No, "01129955131"),
            (Country::No, "07025312345"),
            (Country::Fi, "150650003H"),
            (Country::Fi, "010280-952L"),
        ] {
            assert!(read(country, text, NumberFormat::Refuse).is_ok(), "{country} {text}");
        }
    }

    #[test]
    fn other_spellings_are_refused_unless_stripped() {
        for text in ["850101-2382", "19850101-2382", "8501012382", " 198501012382", "19850101 2382"] {
            let problem = read(Country::Se, text, NumberFormat::Refuse).unwrap_err();
            assert_eq!(problem.code, INVALID_PERSONALNUMBER);
            assert!(!problem.description.contains("8501"));
            assert_eq!(read(Country::Se, text, NumberFormat::Strip).unwrap().expose(), "198501012382");
        }
        for text in ["", "198513012382", "19850101238", "x", "19850101åå"] {
            assert!(read(Country::Se, text, NumberFormat::Strip).is_err(), "{text}");
            assert!(read(Country::Fi, text, NumberFormat::Strip).is_err(), "{text}");
        }
    }
}
