//! People made up on the spot: as many as wanted, and for numbers that nobody in the register bears.

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use sha2::{Digest as _, Sha256};

use super::{
    Address, Checks, Country, NationalNumber, Person, baltic, dk, fi,
    names::names,
    no,
    person::{email, fictional_phone, slug, technical_key},
    se, shape,
};

/// Person `n` of a series: adult, with a strictly valid number of a range without real people, and technical ids of their own.
///
/// The numbers of one series are distinct for the first 100 000 persons at least.
pub(super) fn fresh(seed: u64, n: u64, country: Country) -> Person {
    let (born, slot) = place(seed, n, country);
    let number = NationalNumber::parse(country, &number(country, born, slot), Checks::Strict)
        .expect("every birthday and slot makes a number, tested one by one");
    let person = made_up(number, born, &format!("fresh:{seed}:{n}"));
    let name = format!("{}-{n}", person.name);
    Person { email: format!("{name}@example.org"), name, ..person }
}

/// The person who bears a number that is in no register: the same person each time.
pub(super) fn stranger(number: &NationalNumber) -> Person {
    let own = format!("stranger:{}", number.expose());
    // Numbers without a date of birth belong to people who have one.
    let born = number.birth_date().unwrap_or_else(|| birthday(Draw::by(&own).below(BIRTHDAYS)));
    made_up(number.clone(), born, &own)
}

/// Where person `n` of the series stands: the birthday, and which of those born that day.
fn place(seed: u64, n: u64, country: Country) -> (Date, u64) {
    let series = BIRTHDAYS * slots(country);
    let first = Draw::by(&format!("series:{seed}:{country}")).below(series);
    // Steps that share no factor with the length of the series meet every place once.
    let place = ((n % series) * STEP + first) % series;
    (birthday(place / slots(country)), place % slots(country))
}

fn made_up(number: NationalNumber, born: Date, own: &str) -> Person {
    let country = number.country();
    let mut draw = Draw::by(&format!("{country}:{own}"));
    let names = names(country);
    let male = is_male(&number).unwrap_or_else(|| draw.below(2) == 0);
    let given = draw.pick(if male { names.male } else { names.female });
    let family = draw.pick(names.family);
    let (street, postal_code, city) = names.place;
    Person {
        name: slug(&format!("{given} {family}")),
        given: given.to_owned(),
        family: family.to_owned(),
        born,
        trait_word: None,
        trait_sv: None,
        script: None,
        email: email(given, family),
        phone: fictional_phone(draw.below(95)),
        address: Some(Address {
            street: format!("{street} {}", 1 + draw.below(90)),
            postal_code: postal_code.to_owned(),
            city: city.to_owned(),
        }),
        person_id: technical_key(country, own),
        number,
    }
}

/// The number of somebody born in the 1900s; `slot` tells those of one day apart. Empty when there is none, which tests rule out.
fn number(country: Country, born: Date, slot: u64) -> String {
    let (day, month, year) = (born.day(), born.month(), born.year() % 100);
    let ddmmyy = format!("{day:02}{month:02}{year:02}");
    match country {
        // Modulus 11 is not demanded, but some systems still expect it; twenty in a row always hold one.
        Country::Dk => (0..20)
            .map(|i| format!("{:02}{month:02}{year:02}{:04}", day + 60, slot * 20 + i))
            .find(|text| dk::has_modulus_11(text))
            .unwrap_or_default(),
        Country::Ee | Country::Lt => {
            let ten = format!("{}{year:02}{month:02}{day:02}{}", 3 + slot % 2, 980 + slot / 2);
            format!("{ten}{}", baltic::check_digit(&ten))
        }
        Country::Fi => {
            let serial = (900 + slot).to_string();
            format!("{ddmmyy}-{serial}{}", fi::check_character(&ddmmyy, &serial))
        }
        Country::Lv => (0..2)
            .map(|i| format!("{ddmmyy}1{}", 990 + slot * 2 + i))
            .find_map(|ten| baltic::latvian_check_digit(&ten).map(|check| format!("{ten}{check}")))
            .unwrap_or_default(),
        Country::No => (0..10)
            .map(|i| format!("{day:02}{:02}{year:02}{:03}", month + 80, slot * 10 + i))
            .find_map(|nine| no::check_digits(&nine).map(|[first, second]| format!("{nine}{first}{second}")))
            .unwrap_or_default(),
        Country::Se => {
            let nine = format!("{year:02}{month:02}{day:02}{}", 980 + slot);
            format!("19{nine}{}", se::check_digit(&nine))
        }
    }
}

/// How many made-up people can be born on one day.
const fn slots(country: Country) -> u64 {
    match country {
        Country::Dk => 200,
        Country::Ee | Country::Lt => 40,
        Country::Fi => 100,
        Country::Lv => 5,
        Country::No => 50,
        Country::Se => 20,
    }
}

/// What the number says of the sex, so that names fit; Latvian numbers say nothing.
fn is_male(number: &NationalNumber) -> Option<bool> {
    let odd = |at| shape::number_at(number.expose(), at, 1) % 2 == 1;
    match number.country() {
        Country::Dk | Country::Fi => Some(odd(9)),
        Country::Ee | Country::Lt => Some(odd(0)),
        Country::Lv => None,
        Country::No => Some(odd(8)),
        Country::Se => Some(odd(10)),
    }
}

fn birthday(day: u64) -> Date {
    FIRST_BIRTHDAY.saturating_add((day % BIRTHDAYS).cast_signed().days())
}

/// Choices that depend on a text alone.
#[derive(Debug)]
struct Draw(u64);

impl Draw {
    fn by(text: &str) -> Self {
        let hash: [u8; 32] = Sha256::digest(text).into();
        let [a, b, c, d, e, f, g, h, ..] = hash;
        Self(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }

    /// A number below `limit`. What is drawn is used up.
    fn below(&mut self, limit: u64) -> u64 {
        let drawn = self.0 % limit;
        self.0 /= limit;
        drawn
    }

    fn pick(&mut self, from: &'static [&'static str]) -> &'static str {
        let at = usize::try_from(self.below(from.len() as u64)).unwrap_or_default();
        from.get(at).copied().unwrap_or_default()
    }
}

const FIRST_BIRTHDAY: Date = date(1940, 1, 1);
/// The days of sixty years: everybody is of age in 2018 and later, and born in the 1900s.
const BIRTHDAYS: u64 = 21_915;
const STEP: u64 = 1_000_003;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_birthday_and_slot_makes_a_test_number_of_that_day() {
        assert_eq!(birthday(BIRTHDAYS - 1), date(1999, 12, 31));
        for country in Country::ALL {
            // All slots of some days, and some slots of all days: all of all is two million numbers.
            for (day, slot) in (0..BIRTHDAYS).flat_map(|day| (0..slots(country)).map(move |slot| (day, slot))) {
                if day % 97 != 0 && slot != day % slots(country) {
                    continue;
                }
                let text = number(country, birthday(day), slot);
                let number = NationalNumber::parse(country, &text, Checks::Strict).unwrap();
                assert!(number.is_synthetic_or_official_test(), "{country} {text}");
                assert_eq!(number.birth_date(), Some(birthday(day)), "{country} {text}");
            }
        }
    }

    #[test]
    fn nobody_in_a_series_comes_twice() {
        for country in Country::ALL {
            let people: Vec<Person> = (0..2_000).map(|n| fresh(7, n, country)).collect();
            for key in [
                |p: &Person| p.number.expose().to_owned(),
                |p: &Person| p.person_id.clone(),
                |p: &Person| p.email.clone(),
            ] {
                assert_eq!(people.iter().map(key).collect::<BTreeSet<_>>().len(), people.len(), "{country}");
            }
        }
    }

    #[test]
    fn a_series_meets_every_place_once() {
        for country in Country::ALL {
            let (mut factor, mut rest) = (STEP, BIRTHDAYS * slots(country));
            while rest != 0 {
                (factor, rest) = (rest, factor % rest);
            }
            assert_eq!(factor, 1, "{country}: steps and series share a factor");
        }
        let places: BTreeSet<_> = (0..5_000).map(|n| place(3, n, Country::Lv)).collect();
        assert_eq!(places.len(), 5_000);
    }

    #[test]
    fn seeds_make_other_people_and_the_same_seed_the_same() {
        assert_eq!(fresh(1, 5, Country::Se), fresh(1, 5, Country::Se));
        assert_ne!(fresh(1, 5, Country::Se).number, fresh(2, 5, Country::Se).number);
        assert_ne!(fresh(u64::MAX, u64::MAX, Country::No).person_id, fresh(u64::MAX, 0, Country::No).person_id);
    }

    #[test]
    fn a_stranger_is_always_the_same_person_and_born_when_the_number_says() {
        let number = NationalNumber::parse(Country::Se, "191212121212", Checks::Strict).unwrap();
        assert_eq!(stranger(&number), stranger(&number));
        assert_eq!((stranger(&number).born, &stranger(&number).number), (date(1912, 12, 12), &number));
        let dateless = NationalNumber::parse(Country::Lv, "325035-11782", Checks::Strict).unwrap();
        assert!(stranger(&dateless).born < date(2000, 1, 1));
    }
}
