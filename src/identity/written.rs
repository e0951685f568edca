//! How people write a register: the form of `persons.toml`, and what may be wrong with it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::{Spanned, value::Datetime};

use super::{
    Address, Checks, Country, NationalNumber, Person, mask,
    person::{email, fictional_phone, slug, technical_key},
};
use crate::diagnostic::Diagnostic;

/// A register of made-up people: `persons.toml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Persons")]
pub(super) struct WrittenPersons {
    /// The people. The first of a country without a script is its default; the next one comes when somebody else shall.
    #[serde(default)]
    pub(super) person: Vec<WrittenPerson>,
}

/// One made-up person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPerson {
    /// What tests and pages call the person: lower-case letters, digits and hyphens.
    #[schemars(with = "String", regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub(super) name: Spanned<String>,
    /// Given names.
    given: String,
    /// Family name.
    family: String,
    /// The country of the number.
    country: Country,
    /// An official test number or a synthetic one, with right check digits.
    #[schemars(with = "String")]
    pub(super) number: Spanned<String>,
    /// The date of birth that providers tell; without it, the one in the number.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    born: Option<Spanned<Datetime>>,
    /// What is special about the person, in a word or two.
    #[serde(rename = "trait")]
    trait_word: Option<String>,
    /// The same in Swedish.
    trait_sv: Option<String>,
    /// The script that plays when this person is chosen.
    script: Option<String>,
    /// Without it, one at example.org.
    email: Option<String>,
    /// Without it, one of a range that is reserved for fiction.
    phone: Option<String>,
    /// Where the person is registered.
    address: Option<Address>,
    /// The persistent technical key of BankID NO and NemID; without it, one is made from the name.
    person_id: Option<String>,
}

/// A file and its text, for errors that show the place and hide the numbers.
#[derive(Debug)]
pub(super) struct Source<'a> {
    file: &'a str,
    /// Of the same length as the text, without its numbers.
    redacted: String,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: &'a str, text: &str) -> Self {
        Self { file, redacted: redacted(text) }
    }

    /// The mistake that the TOML reader found. Its messages repeat values.
    pub(super) fn of_toml(&self, error: &toml::de::Error) -> Diagnostic {
        let mut found = Diagnostic::from_toml(self.file, &self.redacted, error);
        found.problem = redacted(&found.problem);
        found.help = found.help.as_deref().map(redacted);
        found
    }

    pub(super) fn at<T>(
        &self,
        place: &Spanned<T>,
        problem: impl Into<String>,
        help: impl Into<Option<String>>,
    ) -> Diagnostic {
        Diagnostic::new(self.file, &self.redacted, place.span(), problem, help.into())
    }

    /// As [`Source::at`], hiding all of the value.
    fn at_secret(&self, place: &Spanned<String>, problem: impl Into<String>, help: Option<String>) -> Diagnostic {
        let span = place.span();
        let hidden: String = match (self.redacted.get(..span.start), self.redacted.get(span.end..)) {
            (Some(before), Some(after)) => [before, &"*".repeat(span.len()), after].concat(),
            (_, _) => String::new(),
        };
        Diagnostic::new(self.file, &hidden, span, problem, help)
    }
}

impl WrittenPerson {
    /// The person, or everything that is wrong with the entry by itself.
    pub(super) fn checked(&self, source: &Source<'_>) -> Result<Person, Vec<Diagnostic>> {
        let name = self.name.get_ref();
        let mut mistakes = Vec::new();
        if name.is_empty() || *name != slug(name) || name.starts_with('-') || name.ends_with('-') {
            mistakes.push(source.at(
                &self.name,
                "a name has lower-case letters, digits and hyphens only",
                Some(slug(name)).filter(|slug| !slug.is_empty()).map(|slug| format!("for example `{slug}`")),
            ));
        }
        let number = self.number(source).map_err(|mistake| mistakes.push(mistake)).ok();
        let born = match (&self.born, number.as_ref().map(NationalNumber::birth_date)) {
            (Some(written), _) => self::date(written.get_ref()).ok_or_else(|| {
                source.at(written, "born is a day without a time", Some("for example 1985-01-31".to_owned()))
            }),
            (None, Some(Some(born))) => Ok(born),
            (None, Some(None)) => {
                let help = "add the line `born = 1985-01-31` with a day of your choice".to_owned();
                Err(source.at_secret(
                    &self.number,
                    "the number holds no date of birth, and `born` is missing",
                    Some(help),
                ))
            }
            // The number is refused already.
            (None, None) => Ok(Date::default()),
        };
        let born = born.map_err(|mistake| mistakes.push(mistake)).ok();
        match (number, born) {
            (Some(number), Some(born)) if mistakes.is_empty() => Ok(self.person(number, born)),
            (_, _) => Err(mistakes),
        }
    }

    fn number(&self, source: &Source<'_>) -> Result<NationalNumber, Diagnostic> {
        let number = NationalNumber::parse(self.country, self.number.get_ref(), Checks::Strict)
            .map_err(|reason| source.at_secret(&self.number, reason.to_string(), None))?;
        if number.is_synthetic_or_official_test() {
            return Ok(number);
        }
        let problem = "this number may be a real person's: only official test numbers and synthetic ones are taken";
        Err(source.at_secret(
            &self.number,
            problem,
            Some(format!("in {}, take {}", self.country, test_range(self.country))),
        ))
    }

    fn person(&self, number: NationalNumber, born: Date) -> Person {
        let name = self.name.get_ref();
        let phone = || fictional_phone(name.bytes().fold(7, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte)));
        Person {
            name: name.clone(),
            given: self.given.clone(),
            family: self.family.clone(),
            born,
            trait_word: self.trait_word.clone(),
            trait_sv: self.trait_sv.clone(),
            script: self.script.clone(),
            email: self.email.clone().unwrap_or_else(|| email(&self.given, &self.family)),
            phone: self.phone.clone().unwrap_or_else(phone),
            address: self.address.clone(),
            person_id: self.person_id.clone().unwrap_or_else(|| technical_key(self.country, name)),
            number,
        }
    }
}

fn date(written: &Datetime) -> Option<Date> {
    let date = written.date.filter(|_| written.time.is_none() && written.offset.is_none())?;
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
}

/// What is taken, for people; the rule is [`NationalNumber::is_synthetic_or_official_test`].
fn test_range(country: Country) -> &'static str {
    match country {
        Country::Dk => "a number with 60 added to the day",
        Country::Ee | Country::Lt => "a number with a serial of 980 to 999",
        Country::Fi => "a number with a serial of 900 to 999",
        Country::Lv => "a demo account of Smart-ID, a serial of 990 to 999, or a code that begins with 32999",
        Country::No => "a number with 80 (Tenor, Test-Norge) or 65 added to the month",
        Country::Se => "one of Skatteverket's test numbers: serial 238, 239 or 980 to 999",
    }
}

/// The text without numbers, and without what may be a mistyped one: six digits and more in a row.
fn redacted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for c in mask(text).chars() {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        out.push(c);
        let hide = match run {
            0..=5 => 0,
            6 => 6,
            _ => 1,
        };
        out.truncate(out.len() - hide);
        out.extend(std::iter::repeat_n('*', hide));
    }
    out
}
