//! National numbers: one type for seven countries.

use std::{fmt, sync::Arc};

use jiff::civil::Date;

use super::{Country, Digest, DigestKey, baltic, dk, fi, no, se, shape};

/// How much of a number is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checks {
    /// Format and a possible date; check digits may be wrong, as they are in several providers' documents.
    Lenient,
    /// Check digits too. Danish modulus 11 is not demanded even here, because valid numbers lack it.
    Strict,
}

/// A country and the canonical text of a number in it. Prints a mask; [`NationalNumber::expose`] is the only way to the text.
///
/// Canonical: DK ten digits; EE, LT, NO eleven; FI upper case with its separator; LV with its hyphen; SE twelve digits.
///
/// ```
/// use motpart::identity::{Checks, Country, NationalNumber};
///
/// let number = NationalNumber::parse(Country::Se, "850101-2382", Checks::Strict)?;
/// assert_eq!(number.to_string(), "1985****");
/// assert_eq!(number.expose(), "198501012382");
/// # Ok::<(), motpart::identity::NumberError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NationalNumber {
    country: Country,
    canonical: Arc<str>,
}

impl NationalNumber {
    /// As [`NationalNumber::parse_at`] on [`NationalNumber::READ_AS_OF`]. Only ten Swedish digits without a century depend on the day,
    /// and of those only people who are newborn or turn a hundred; who has a clock, uses `parse_at`.
    ///
    /// # Errors
    /// When the text is no number of that country.
    pub fn parse(country: Country, text: &str, checks: Checks) -> Result<Self, NumberError> {
        Self::parse_at(country, text, checks, Self::READ_AS_OF)
    }

    /// Reads any usual spelling: with or without its separator, with pasted dashes and blanks, and the ETSI form `PNOSE-…`.
    ///
    /// # Errors
    /// When the text is no number of that country.
    pub fn parse_at(country: Country, text: &str, checks: Checks, today: Date) -> Result<Self, NumberError> {
        if text.len() > LONGEST {
            return Err(NumberError::Length { country });
        }
        let text = text.trim_matches(shape::is_blank);
        if text.is_empty() {
            return Err(NumberError::Empty);
        }
        let text = shape::without_etsi_prefix(country, text)?;
        let canonical = match country {
            Country::Dk => dk::canonical(text),
            Country::Ee | Country::Lt => baltic::canonical(country, text, checks),
            Country::Fi => fi::canonical(text, checks),
            Country::Lv => baltic::latvian(text, checks),
            Country::No => no::canonical(text, checks),
            Country::Se => se::canonical(text, checks, today),
        }?;
        Ok(Self { country, canonical: canonical.into() })
    }

    /// The day that [`NationalNumber::parse`] takes for today.
    pub const READ_AS_OF: Date = jiff::civil::date(2026, 1, 1);

    /// The country that gave the number.
    #[must_use]
    pub fn country(&self) -> Country {
        self.country
    }

    /// The canonical text, in clear. Every call is a place where the number can leave.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.canonical
    }

    /// The date in the number, if it has a known one. It is not always the date of birth that a provider tells.
    #[must_use]
    pub fn birth_date(&self) -> Option<Date> {
        match self.country {
            Country::Dk => dk::birth_date(&self.canonical),
            Country::Ee | Country::Lt => baltic::birth_date(&self.canonical),
            Country::Fi => fi::birth_date(&self.canonical),
            Country::Lv => baltic::latvian_birth_date(&self.canonical),
            Country::No => no::birth_date(&self.canonical),
            Country::Se => se::birth_date(&self.canonical),
        }
    }

    /// Whether the number is of a range that belongs to no real person, as far as is known: see each country.
    #[must_use]
    pub fn is_synthetic_or_official_test(&self) -> bool {
        match self.country {
            Country::Dk => dk::is_test(&self.canonical),
            Country::Ee | Country::Lt => baltic::is_test(&self.canonical),
            Country::Fi => fi::is_test(&self.canonical),
            Country::Lv => baltic::latvian_is_test(&self.canonical),
            Country::No => no::is_test(&self.canonical),
            Country::Se => se::is_test(&self.canonical),
        }
    }

    /// The keyed digest, equal for equal numbers of the same country only.
    #[must_use]
    pub fn digest(&self, key: &DigestKey) -> Digest {
        key.digest(self)
    }

    /// Every usual way to write the number, the canonical one first: what a search for leaks looks for.
    ///
    /// All of them read back as this number today, save Swedish ten digits without `+` of somebody who may be a hundred.
    #[must_use]
    pub fn spellings(&self, today: Date) -> Vec<String> {
        let text = self.expose();
        let split = |at: usize, separators: &[&str]| {
            let digits = text.replace('-', "");
            let (first, second) = digits.split_at(at);
            separators
                .iter()
                .map(|separator| format!("{first}{separator}{second}"))
                .filter(|other| other != text)
                .collect()
        };
        let others: Vec<String> = match self.country {
            Country::Se => return se::spellings(text, today),
            Country::Dk => split(6, &["-", " "]),
            Country::Ee | Country::Lt => Vec::new(),
            Country::Fi => vec![text.to_ascii_lowercase()],
            Country::Lv => split(6, &["-", "", " "]),
            Country::No => split(6, &[" "]),
        };
        let mut all = vec![text.to_owned()];
        all.extend(others);
        all.dedup();
        all
    }
}

impl fmt::Display for NationalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.birth_date() {
            Some(born) => write!(f, "{}****", born.year()),
            None => f.write_str("****"),
        }
    }
}

impl fmt::Debug for NationalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NationalNumber({} {self})", self.country)
    }
}

/// Why a text is not a national number. Never holds the text, nor a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// A letter or sign that has no place there.
    #[error("a character in the number has no place there: check for letters and signs")]
    Character,
    /// The check digit (or character) does not follow from the others.
    #[error(
        "the check digit of the number is wrong: look for a typing error; samples in providers' documents need lenient checks"
    )]
    CheckDigit,
    /// The digits of the date are no date.
    #[error("the number holds no possible date of birth: look for a typing error or another country's number")]
    Date,
    /// Nothing, or only blanks.
    #[error("the number is empty")]
    Empty,
    /// Full-width digits, or digits of another script.
    #[error("the number has digits that are not 0 to 9 (full-width or of another script): type it again by hand")]
    ForeignDigits,
    /// Too few or too many characters.
    #[error("the number has a wrong length: expected {}", expected(*.country))]
    Length {
        /// The country whose number was expected.
        country: Country,
    },
    /// A Swedish organisation number.
    #[error("this is an organisation number: expected a person's")]
    Organisation,
    /// `PNO` and another country, as in EN 319 412-1.
    #[error("the prefix of the number names another country: expected `PNO{country}-`")]
    OtherCountry {
        /// The country whose number was expected.
        country: Country,
    },
    /// A separator that is missing, doubled, misplaced or of another country.
    #[error("the separator of the number is missing, doubled or misplaced")]
    Separator,
}

/// What a number looks like, for people.
fn expected(country: Country) -> &'static str {
    match country {
        Country::Dk => "DDMMYY-SSSS, ten digits",
        Country::Ee | Country::Lt => "eleven digits",
        Country::Fi => "DDMMYY, a separator, three digits and a check character",
        Country::Lv => "DDMMYY-CNNNK, eleven digits",
        Country::No => "DDMMYYIIIKK, eleven digits",
        Country::Se => "YYYYMMDDNNNC, or YYMMDD-NNNC with - or +",
    }
}

/// More bytes than any spelling needs, pasted blanks included.
const LONGEST: usize = 96;

/// A number in clear for dumps of sessions: `#[serde(with = "exposed")]` says so on purpose.
pub mod exposed {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use super::{Checks, Country, NationalNumber};

    #[derive(Serialize, Deserialize)]
    struct InClear {
        country: Country,
        number: String,
    }

    /// Writes country and number in clear.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(number: &NationalNumber, serializer: S) -> Result<S::Ok, S::Error> {
        InClear { country: number.country(), number: number.expose().to_owned() }.serialize(serializer)
    }

    /// Reads what [`serialize`] wrote.
    ///
    /// # Errors
    /// When the text is no number of that country; check digits are not judged.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NationalNumber, D::Error> {
        let written = InClear::deserialize(deserializer)?;
        NationalNumber::parse(written.country, &written.number, Checks::Lenient).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
