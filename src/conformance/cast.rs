//! Who plays the roles of a scenario: numbers as given, or people whom nobody has met before.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::plan::Role;
use crate::identity::{Country, NationalNumber, Person, Persons};

/// The people of one scenario.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    people: BTreeMap<String, Arc<Person>>,
}

impl Cast {
    /// Casts the roles. `first` is the number of the first fresh person: no other scenario of the run uses it or the [`Cast::MOST`] after it.
    #[must_use]
    pub fn new(roles: &[Role], seed: u64, first: u64, country: Country) -> Self {
        let register = Persons::bundled();
        let mut cast = Self::default();
        for (n, role) in (first..).zip(roles) {
            let person = match &role.number {
                Some(number) => register.by_number(number).cloned().unwrap_or_else(|| Persons::stranger(number)),
                None => Persons::fresh(seed, n, role.country.unwrap_or(country)),
            };
            let person = match &role.full_name {
                Some(name) => Arc::new(called(&person, name)),
                None => person,
            };
            cast.people.insert(role.name.clone(), person);
        }
        cast
    }

    /// The person of a role.
    #[must_use]
    pub fn person(&self, role: &str) -> Option<&Arc<Person>> {
        self.people.get(role)
    }

    /// Everybody, by role.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Arc<Person>)> {
        self.people.iter()
    }

    /// How many fresh people a scenario may need.
    pub const MOST: u64 = 32;
}

/// The same person under another name.
fn called(person: &Person, name: &str) -> Person {
    let (given, family) = name.rsplit_once(' ').unwrap_or((name, ""));
    Person { given: given.to_owned(), family: family.to_owned(), ..person.clone() }
}

/// The number as the sender types it.
#[must_use]
pub(super) fn typed(number: &NationalNumber) -> String {
    number.expose().to_owned()
}

/// The number written as a pattern says: `YYYY` `YY` `MM` `DD` its date, `S` the separator, `N` its further characters one by one, `n` the
/// same in lower case, `X` the last one plus one, `[U+2011]` a character, `[9 x 100]` a repeated one; everything else stands as it is.
#[must_use]
pub(super) fn spelled(number: &NationalNumber, pattern: &str) -> String {
    let text = number.expose();
    let (year, month, day, rest) = match number.country() {
        Country::Se => (text.get(2..4), text.get(4..6), text.get(6..8), text.get(8..)),
        Country::Fi => (text.get(4..6), text.get(2..4), text.get(0..2), text.get(7..)),
        // Before the date stands a digit for century and sex.
        Country::Ee | Country::Lt => (text.get(1..3), text.get(3..5), text.get(5..7), text.get(7..)),
        Country::Lv => (text.get(4..6), text.get(2..4), text.get(0..2), text.get(7..)),
        Country::Dk | Country::No => (text.get(4..6), text.get(2..4), text.get(0..2), text.get(6..)),
    };
    let separator = if number.country() == Country::Fi { text.get(6..7) } else { None };
    let century = number.birth_date().map_or(19, |date| date.year() / 100);
    let mut further = rest.unwrap_or_default().chars();
    let mut out = String::new();
    let mut at = pattern;
    while let Some(first) = at.chars().next() {
        let date = [("YYYY", None), ("YY", year), ("MM", month), ("DD", day)];
        if let Some((word, part)) = date.into_iter().find(|(word, _)| at.starts_with(word)) {
            let whole = format!("{century:02}{}", year.unwrap_or_default());
            out.push_str(part.unwrap_or(&whole));
            at = &at[word.len()..];
            continue;
        }
        if let Some((inside, after)) = at.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            out.push_str(&special(inside));
            at = after;
            continue;
        }
        match first {
            'N' => out.extend(further.next()),
            'n' => out.extend(further.next().map(|c| c.to_ascii_lowercase())),
            'X' => out.extend(
                further
                    .next()
                    .map(|c| c.to_digit(10).map_or('A', |digit| char::from_digit((digit + 1) % 10, 10).unwrap_or('0'))),
            ),
            'S' => out.push_str(separator.unwrap_or_default()),
            other => out.push(other),
        }
        at = &at[first.len_utf8()..];
    }
    out
}

/// `U+2011` or `9 x 100`.
fn special(inside: &str) -> String {
    if let Some(code) = inside.strip_prefix("U+") {
        return u32::from_str_radix(code, 16).ok().and_then(char::from_u32).map(String::from).unwrap_or_default();
    }
    match inside.split_once(" x ").map(|(what, times)| (what, times.parse::<usize>())) {
        Some((what, Ok(times))) => what.repeat(times.min(MOST_REPEATED)),
        Some((_, Err(_))) | None => format!("[{inside}]"),
    }
}

/// Twenty million characters are a large request, not a machine without memory.
const MOST_REPEATED: usize = 20_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Checks;

    #[test]
    fn numbers_are_spelled_as_the_pattern_says() {
        let anna = NationalNumber::parse(Country::Se, "198501012382", Checks::Strict).unwrap();
        for (pattern, expected) in [
            ("YYYYMMDDNNNN", "198501012382"),
            ("YYMMDD-NNNN", "850101-2382"),
            (" YYYY MM DD NN NN ", " 1985 01 01 23 82 "),
            ("YYYYMMDDNNNX", "198501012383"),
            ("YYMMDD[U+2011]NNNN", "850101\u{2011}2382"),
            ("[9 x 3]", "999"),
        ] {
            assert_eq!(spelled(&anna, pattern), expected, "{pattern}");
        }
        let baltic = |country| Persons::fresh(1, 0, country).number.clone();
        for (country, date) in [(Country::Ee, "YYMMDD"), (Country::Lv, "DDMMYY"), (Country::Lt, "YYMMDD")] {
            let number = baltic(country);
            let written = spelled(&number, &format!("{date}NNNNN"));
            assert!(number.expose().replace('-', "").ends_with(&written), "{country}");
        }
    }

    #[test]
    fn fresh_people_are_nobody_elses() {
        let role = |name: &str| Role { name: name.to_owned(), country: None, number: None, full_name: None };
        let one = Cast::new(&[role("Anna"), role("Bengt")], 1, 0, Country::Se);
        let other = Cast::new(&[role("Anna"), role("Bengt")], 1, Cast::MOST, Country::Se);
        let mut numbers: Vec<_> = one.iter().chain(other.iter()).map(|(_, person)| person.number.clone()).collect();
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), 4);
    }
}
