//! From what a sender types to what may be kept, and from what a provider proved to whether it is the same person.

use jiff::Zoned;
use sha2::{Digest as _, Sha256};

use super::decide::Rules;
use super::model::Binding;
use super::refusal::Refusal;
use super::{Flaw, Variant};
use crate::crypto::{mac, sealed};
use crate::identity::{Checks, Country, Digest, DigestKey, NationalNumber};

/// The secrets that numbers are kept with. They live outside the store.
pub(super) struct Keyring {
    digests: DigestKey,
    bytes: [u8; 32],
    rules: Rules,
}

impl Keyring {
    pub(super) fn new(bytes: [u8; 32], rules: Rules) -> Self {
        let digests = DigestKey::new(mac::derive(&bytes, "digest", &[]));
        Self { digests, bytes, rules }
    }

    /// Names the key without telling it, for the day when there are two.
    pub(super) fn id(&self) -> String {
        hex::encode(&mac::derive(&self.bytes, "key id", &[])[..4])
    }

    /// Reads what somebody typed. Canonicalised here once, at configuration: what `YYMMDD-NNNC` means changes with the years.
    ///
    /// # Errors
    /// When it is no person's number of that country, or a spelling that leaves the century open.
    pub(super) fn read(&self, country: Country, typed: &str) -> Result<NationalNumber, Refusal> {
        let flawed = self.misread(country, typed);
        let text = flawed.as_deref().unwrap_or(typed);
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let signed = text.chars().any(|c| matches!(c, '-' | '+' | '\u{2010}'..='\u{2015}' | '\u{2212}'));
        let fail = |problem: &str| {
            let echo = if self.rules.has(Flaw::EchoesNumberInErrors) { format!("`{typed}`: ") } else { String::new() };
            Refusal::InvalidNumber(format!("{echo}{problem}"))
        };
        if country == Country::Se && digits == 10 && !signed && !self.rules.has(Flaw::EitherCenturyMatches) {
            // Skatteverket: the sign tells the century; without one, two living people may share the digits.
            return Err(fail("ten digits without - or + leave the century open: write twelve digits"));
        }
        let twelve_only = self.rules.is(Variant::TwelveDigitsOnly) && country == Country::Se;
        if twelve_only && !(text.len() == 12 && digits == 12) {
            return Err(fail("expected twelve digits, YYYYMMDDNNNC"));
        }
        let today = Zoned::now().date();
        // Blanks are how people group digits, and what copying leaves behind; they tell nothing.
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        NationalNumber::parse_at(country, &text, Checks::Lenient, today).map_err(|error| fail(&error.to_string()))
    }

    /// What is kept of the number that a sender typed.
    ///
    /// # Errors
    /// As [`Keyring::read`].
    pub(super) fn bind(&self, country: Country, typed: &str, version: u32) -> Result<Binding, Refusal> {
        let number = self.read(country, typed)?;
        let keeps_number = self.rules.is(Variant::NumberSent)
            || self.rules.flaws.any(&[Flaw::KeepsNumberAndSendsIt, Flaw::ShowsNumberToOwner, Flaw::WebhookShowsNumber]);
        let sealed = keeps_number.then(|| self.seal(&number)).flatten();
        let flawed = self.flawed_keys(&number, Some(typed)).unwrap_or_default();
        let digest = flawed.is_empty().then(|| number.digest(&self.digests));
        Ok(Binding { country, version, key: self.id(), digest, sealed, flawed })
    }

    /// Whether a proven number is the bound one. The country is part of the digest; compared in constant time.
    pub(super) fn is_same(&self, binding: &Binding, proven: &NationalNumber) -> bool {
        if let Some(keys) = self.flawed_keys(proven, None) {
            return keys.iter().any(|key| binding.flawed.contains(key));
        }
        let digest: Digest = proven.digest(&self.digests);
        binding.digest.is_some_and(|bound| bound == digest)
    }

    /// The number in clear, where the design keeps it encrypted.
    pub(super) fn unseal(&self, binding: &Binding) -> Option<NationalNumber> {
        let bytes = hex::decode(binding.sealed.as_deref()?).ok()?;
        let text = sealed::open(&self.sealing_key(), &bytes).ok()?;
        NationalNumber::parse(binding.country, std::str::from_utf8(&text).ok()?, Checks::Lenient).ok()
    }

    fn seal(&self, number: &NationalNumber) -> Option<String> {
        sealed::seal(&self.sealing_key(), number.expose().as_bytes()).ok().map(hex::encode)
    }

    fn sealing_key(&self) -> [u8; 32] {
        mac::derive(&self.bytes, "sealing", &[])
    }

    /// The text as a flaw in the reading makes it; none without one.
    fn misread(&self, country: Country, typed: &str) -> Option<String> {
        if country != Country::Se {
            return None;
        }
        if self.rules.has(Flaw::DropsPlus) && typed.contains('+') {
            return Some(typed.replace('+', "-"));
        }
        if self.rules.has(Flaw::PlusBecomesSpace) && typed.contains('+') {
            return Some(format!("20{}", typed.replace('+', "").trim()));
        }
        None
    }

    /// What a flaw compares instead of the digest; none without such a flaw.
    fn flawed_keys(&self, number: &NationalNumber, typed: Option<&str>) -> Option<Vec<String>> {
        let has = |flaw| self.rules.has(flaw);
        let text = number.expose();
        let country = number.country();
        let of_country = |text: &str| format!("{country}{text}");
        let swedish = country == Country::Se;
        let keys = if has(Flaw::ComparesLastFourDigits) {
            vec![of_country(&text[text.len().saturating_sub(4)..])]
        } else if has(Flaw::ComparesLastTenDigits) {
            vec![of_country(if swedish { &text[2..] } else { text })]
        } else if has(Flaw::ComparesRawStrings) {
            vec![of_country(typed.unwrap_or(text))]
        } else if has(Flaw::FinnishSeparatorsAlike) {
            let plain = if country == Country::Fi { [&text[..6], &text[7..]].concat() } else { text.to_owned() };
            vec![of_country(&plain)]
        } else if has(Flaw::IgnoresCountry) {
            vec![text.chars().filter(char::is_ascii_alphanumeric).collect()]
        } else if has(Flaw::NumbersAsIntegers) {
            vec![of_country(if typed.is_some() { text.trim_start_matches('0') } else { text })]
        } else if has(Flaw::RepairsCoordinationNumbers) {
            vec![of_country(&repaired(text, swedish))]
        } else if has(Flaw::EitherCenturyMatches) {
            let open = swedish && typed.is_some_and(|typed| typed.chars().filter(char::is_ascii_digit).count() == 10);
            if open {
                vec![of_country(&format!("19{}", &text[2..])), of_country(&format!("20{}", &text[2..]))]
            } else {
                vec![of_country(text)]
            }
        } else if has(Flaw::UnsaltedDigest) {
            return Some(vec![hex::encode(Sha256::digest(text.as_bytes()))]);
        } else {
            return None;
        };
        Some(keys.iter().map(|key| mac::hmac_sha256_hex(&self.bytes, key.as_bytes())).collect())
    }
}

/// With sixty subtracted from the day, as some believe.
fn repaired(text: &str, swedish: bool) -> String {
    match text.get(6..8).and_then(|day| day.parse::<u32>().ok()) {
        Some(day) if swedish && day > 60 => format!("{}{:02}{}", &text[..6], day - 60, &text[8..]),
        Some(_) | None => text.to_owned(),
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyring(flaws: &[Flaw]) -> Keyring {
        let rules = Rules { flaws: flaws.iter().copied().collect(), ..Rules::default() };
        Keyring::new([7; 32], rules)
    }

    fn proven(country: Country, text: &str) -> NationalNumber {
        NationalNumber::parse(country, text, Checks::Lenient).unwrap()
    }

    #[test]
    fn every_spelling_is_the_same_person_and_nobody_else_is() {
        let keyring = keyring(&[]);
        for typed in [
            "198501012382",
            "19850101-2382",
            "850101-2382",
            " 19850101 2382 ",
            "850101\u{2011}2382",
            "1985\u{200b}0101-2382",
        ] {
            let Ok(binding) = keyring.bind(Country::Se, typed, 1) else { continue };
            assert!(keyring.is_same(&binding, &proven(Country::Se, "198501012382")), "{typed}");
            for other in ["198501012390", "188501012382", "198501192382", "198501612382"] {
                assert!(!keyring.is_same(&binding, &proven(Country::Se, other)), "{typed} {other}");
            }
            assert!(!serde_json::to_string(&binding).unwrap().contains("2382"));
        }
        for typed in ["", "  ", "-", "000000000000", "8501012382", "850101 2382", "165560360793", "198513012382"] {
            let refused = keyring.bind(Country::Se, typed, 1).unwrap_err();
            assert!(matches!(&refused, Refusal::InvalidNumber(text) if !text.contains("8501")), "{typed}");
        }
    }

    #[test]
    fn a_flaw_in_comparing_takes_another_for_the_same() {
        let cases = [
            (Flaw::ComparesLastFourDigits, "198501012382", "198501192382"),
            (Flaw::ComparesLastTenDigits, "191212121212", "201212121212"),
            (Flaw::DropsPlus, "121212+1212", "201212121212"),
            (Flaw::EitherCenturyMatches, "1212121212", "191212121212"),
            (Flaw::PlusBecomesSpace, "121212+1212", "201212121212"),
            (Flaw::RepairsCoordinationNumbers, "198501612389", "198501012389"),
        ];
        for (flaw, typed, other) in cases {
            let keyring = keyring(&[flaw]);
            let binding = keyring.bind(Country::Se, typed, 1).unwrap();
            assert!(keyring.is_same(&binding, &proven(Country::Se, other)), "{flaw}");
            let plain = keyring.bind(Country::Se, "198501012382", 1).unwrap();
            assert!(keyring.is_same(&plain, &proven(Country::Se, "198501012382")), "{flaw}: the happy path");
        }
    }

    #[test]
    fn a_sealed_number_can_be_had_back() {
        let rules = Rules { variants: vec![Variant::NumberSent], ..Rules::default() };
        let keyring = Keyring::new([7; 32], rules);
        let binding = keyring.bind(Country::Se, "850101-2382", 1).unwrap();
        assert_eq!(keyring.unseal(&binding).unwrap(), proven(Country::Se, "198501012382"));
    }
}
