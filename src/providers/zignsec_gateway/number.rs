//! `user_info.ssn`, in the format of its country.

use super::problem::{Code, Problem};
use super::switches::NumberFormat;
use crate::identity::{Checks, Country, NationalNumber};

/// Reads a number. Check digits are not judged: the documents' own samples fail them.
///
/// # Errors
/// 1002, with the expected format and never with the number.
pub(super) fn read(country: Country, text: &str, format: NumberFormat) -> Result<NationalNumber, Problem> {
    let plain = |length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let as_documented = match country {
        Country::Dk => plain(10),
        // "With the hyphen before the last four control characters. The hyphen can be replaced with the letter A."
        Country::Fi => text.len() == 11 && matches!(text.as_bytes()[6], b'-' | b'A'),
        Country::No => plain(11),
        Country::Se => plain(12),
        Country::Ee | Country::Lt | Country::Lv => false,
    };
    let parsed = match format {
        NumberFormat::Strict if !as_documented => None,
        NumberFormat::Lenient | NumberFormat::Strict => NationalNumber::parse(country, text, Checks::Lenient).ok(),
    };
    parsed.ok_or_else(|| Problem::new(Code::InvalidUserInfo, expected(country)))
}

const fn expected(country: Country) -> &'static str {
    match country {
        Country::Dk => "Invalid or missing userInfo: ssn of DK has ten digits, DDMMYYCCCC",
        Country::Fi => "Invalid or missing userInfo: ssn of FI has ten characters and a hyphen or A, DDMMYY-NNNC",
        Country::No => "Invalid or missing userInfo: ssn of NO has eleven digits, DDMMYYXXXCC",
        Country::Se => "Invalid or missing userInfo: ssn of SE has twelve digits, YYYYMMDDCCCC",
        Country::Ee | Country::Lt | Country::Lv => "Invalid or missing userInfo: country is one of SE, NO, FI, DK",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_numbers_are_taken() {
        for (country, text) in [
            (Country::Se, "195210131234"),
            (Country::No, "13105212345"),
            (Country::Fi, "131052-308T"),
            (Country::Fi, "131052A308T"),
            (Country::Dk, "1310521234"),
        ] {
            assert!(read(country, text, NumberFormat::Strict).is_ok(), "{country} {text}");
        }
    }

    #[test]
    fn other_spellings_are_for_the_lenient() {
        for (country, text) in
            [(Country::Se, "19850101-2382"), (Country::Se, "850101-2382"), (Country::Dk, "131052-1234")]
        {
            let problem = read(country, text, NumberFormat::Strict).unwrap_err();
            assert!(!problem.message.contains("8501"), "{problem:?}");
            assert!(read(country, text, NumberFormat::Lenient).is_ok(), "{country} {text}");
        }
        for text in ["", "198513012382", "x", "19850101åå", "åååååå"] {
            for country in [Country::Se, Country::No, Country::Fi, Country::Dk, Country::Ee] {
                assert!(read(country, text, NumberFormat::Lenient).is_err(), "{country} {text}");
            }
        }
    }
}
