use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::identity::Persons;

fn strict(country: Country, text: &str) -> Result<NationalNumber, NumberError> {
    NationalNumber::parse(country, text, Checks::Strict)
}

#[test]
fn published_examples_are_valid() {
    #[rustfmt::skip]
    let examples = [
        (Country::Se, "199908072391 201306072388 201401012396 201410302390 198611239883 198501139995 200211242383 202312912393 \
                       202310612391 202302882382 194712912387 195007852386 195012812383 191500722390 194300912385 191711602399 \
                       193100602394 190506012384 200506012384 190606012383 200606012383 190302152392 200302152392 701063-2391 \
                       198501012382 198501012390 198501612389 200002292399 191212121212 121212+1212"),
        (Country::No, "29029648784 30108299939 30108299920 53097248016 13527248013 10915596784 50846202355 14928512186 01819030037 \
                       17859910106 29820050043 54928512099 41819030020 57859910280 69820050037 01859030188 01859030269 41859030090"),
        (Country::Dk, "1412850005 0101902005 0101014002 0101650001 1310521234 7412850003 141285-0005"),
        (Country::Fi, "141285-900N 141285Y900N 141285X900N 010101A901S 010101B901S 240115F950T 010199+9023 010280-952L 010469-999W \
                       260991-999R 131052-308T 131052A308T 010105-901T 100190-999P 100190Y999P 010101a901s"),
        (Country::Ee, "38512140052 38512140170 30303039914 30303039816 30303039903 40404049996 40404049985 50001029996 50701019992 60001019906"),
        (Country::Lt, "30303039914 40404049996"),
        (Country::Lv, "030303-10012 020100-29990 030303-10215 010107-20007 030303-10004 040404-19999 325035-11782 329999-88807 32999988807"),
    ];
    for (country, texts) in examples {
        for text in texts.split_whitespace() {
            assert!(strict(country, text).is_ok(), "{country} {text}: {:?}", strict(country, text));
        }
    }
}

#[test]
fn every_mistake_has_its_reason() {
    use NumberError::*;
    let length = |country| Length { country };
    for (country, text, reason) in [
        (Country::Se, "199908072392", CheckDigit),
        (Country::Se, "198512149999", CheckDigit),
        (Country::Se, "199913072391", Date),
        (Country::Se, "190002292399", Date),
        (Country::Se, "198500012382", Date),
        (Country::Se, "165560360793", Organisation),
        (Country::Se, "556036-0793", Organisation),
        (Country::Se, "19850101238", length(Country::Se)),
        (Country::Se, "1985010123822", length(Country::Se)),
        (Country::Se, "1985-01012382", Separator),
        (Country::Se, "850101--2382", Separator),
        (Country::Se, "850101-", Separator),
        (Country::Se, "850101-T382", Character),
        (Country::Se, "１９８５０１０１２３８２", ForeignDigits),
        (Country::Se, "PNONO-198501012382", OtherCountry { country: Country::Se }),
        (Country::Se, "PNOSE198501012382", Separator),
        (Country::Se, " \u{a0}", Empty),
        (Country::No, "14928512187", CheckDigit),
        (Country::No, "14328512186", Date),
        (Country::No, "149285+12186", Separator),
        (Country::Dk, "141385-0005", Date),
        (Country::Dk, "141285+0005", Separator),
        (Country::Fi, "141285-900P", CheckDigit),
        (Country::Fi, "141285G900N", Separator),
        (Country::Fi, "141285900N", length(Country::Fi)),
        (Country::Fi, "1412８5-900N", ForeignDigits),
        (Country::Ee, "30303039915", CheckDigit),
        (Country::Ee, "90303039914", Date),
        (Country::Lv, "030303-10013", CheckDigit),
        (Country::Lv, "330303-10012", Date),
    ] {
        assert_eq!(strict(country, text), Err(reason), "{country} {text}");
    }
}

#[test]
fn lenient_takes_the_documents_samples() {
    for (country, text) in [
        (Country::Se, "195210131234"),
        (Country::Se, "198512149999"),
        (Country::No, "13105212345"),
        (Country::Dk, "1310521234"),
    ] {
        assert!(NationalNumber::parse(country, text, Checks::Lenient).is_ok(), "{text}");
    }
    assert_eq!(NationalNumber::parse(Country::Se, "199913072391", Checks::Lenient), Err(NumberError::Date));
}

#[test]
fn swedish_spellings_are_one_person_and_the_plus_another() {
    let number = strict(Country::Se, "198501012382").unwrap();
    for text in [
        "19850101-2382",
        "850101-2382",
        "8501012382",
        "850101 2382",
        "19850101 2382",
        "\u{a0}850101\u{2011}2382\t",
        "850101\u{2013}2382",
        "850101\u{2212}2382",
        "\u{200b}198501012382\u{feff}",
        "850101 - 2382",
        "PNOSE-198501012382",
    ] {
        assert_eq!(strict(Country::Se, text), Ok(number.clone()), "{text}");
    }
    assert_eq!(strict(Country::Se, "050601-2384").unwrap().expose(), "200506012384");
    assert_eq!(strict(Country::Se, "050601+2384").unwrap().expose(), "190506012384");
}

#[test]
fn ten_digits_change_their_meaning_with_the_day() {
    let read =
        |text, today| NationalNumber::parse_at(Country::Se, text, Checks::Strict, today).unwrap().expose().to_owned();
    assert_eq!(read("130607-2388", date(2013, 6, 6)), "191306072388");
    assert_eq!(read("130607-2388", date(2013, 6, 7)), "201306072388");
    // The sign changes at New Year of the hundredth year, before the birthday.
    assert_eq!(read("130607+2388", date(2013, 1, 1)), "191306072388");
    assert_eq!(read("130607+2388", date(2026, 1, 1)), "191306072388");
}

#[test]
fn the_finnish_separator_is_identity() {
    let [one, other, third] =
        ["141285-900N", "141285Y900N", "141285X900N"].map(|text| strict(Country::Fi, text).unwrap());
    assert!(one != other && other != third && one != third);
    assert_eq!(strict(Country::Fi, "141285\u{2013}900n"), Ok(one));
}

#[test]
fn dates_are_decoded_where_there_are_any() {
    for (country, text, born) in [
        (Country::Se, "202312912393", Some(date(2023, 12, 31))),
        (Country::Se, "191500722390", None),
        (Country::Se, "191711602399", None),
        (Country::No, "10915596784", Some(date(1955, 11, 10))),
        (Country::No, "50846202355", Some(date(1962, 4, 10))),
        (Country::No, "29820050043", Some(date(2000, 2, 29))),
        (Country::Dk, "7412850003", Some(date(1985, 12, 14))),
        (Country::Dk, "0101014002", Some(date(2001, 1, 1))),
        (Country::Dk, "0101369000", Some(date(2036, 1, 1))),
        (Country::Dk, "0101379000", Some(date(1937, 1, 1))),
        (Country::Dk, "0101588000", Some(date(1858, 1, 1))),
        (Country::Fi, "131052A308T", Some(date(2052, 10, 13))),
        (Country::Fi, "010199+9023", Some(date(1899, 1, 1))),
        (Country::Ee, "60001019906", Some(date(2000, 1, 1))),
        (Country::Lv, "040404-19999", Some(date(1904, 4, 4))),
        (Country::Lv, "329999-88807", None),
    ] {
        assert_eq!(strict(country, text).unwrap().birth_date(), born, "{country} {text}");
    }
}

#[test]
fn only_ranges_without_real_people_count_as_test_numbers() {
    for (country, text, test) in [
        (Country::Se, "198501012382", true),
        (Country::Se, "198501139995", true),
        (Country::Se, "191212121212", false),
        (Country::No, "14928512186", true),
        (Country::No, "13527248013", false),
        (Country::No, "29029648784", false),
        (Country::Dk, "7412850003", true),
        (Country::Dk, "1412850005", false),
        (Country::Fi, "141285-900N", true),
        (Country::Fi, "131052-308T", false),
        (Country::Ee, "60001019906", true),
        (Country::Ee, "38512140052", false),
        (Country::Lv, "030303-10012", true),
        (Country::Lv, "325035-11782", false),
    ] {
        assert_eq!(strict(country, text).unwrap().is_synthetic_or_official_test(), test, "{country} {text}");
    }
}

fn country() -> impl Strategy<Value = Country> {
    prop::sample::select(Country::ALL.as_slice())
}

/// Any well-formed number, by way of a fresh person.
fn number() -> impl Strategy<Value = NationalNumber> {
    (any::<u64>(), 0_u64..100_000, country())
        .prop_map(|(seed, n, country)| Persons::fresh(seed, n, country).number.clone())
}

proptest! {
    #[test]
    fn nothing_makes_parsing_panic(country in country(), text in "\\PC*", digits in "(PNO(SE|FI|LV)-)?[0-9]{0,8}[-+ A-F\u{2013}]?[0-9]{0,5}[0-9A-Y]?") {
        for text in [text, digits] {
            let _ = NationalNumber::parse(country, &text, Checks::Lenient);
            let _ = NationalNumber::parse(country, &text, Checks::Strict);
        }
    }

    #[test]
    fn every_spelling_reads_back(number in number(), blank in "[ \u{a0}\u{200b}\t]{0,2}") {
        let today = NationalNumber::READ_AS_OF;
        for spelling in number.spellings(today) {
            // Who is a hundred and written with ten digits without a plus, is read as the child.
            if number.birth_date().is_some_and(|born| born.year() <= 1926) && number.country() == Country::Se && !spelling.contains('+') {
                continue;
            }
            for text in [format!("{blank}{spelling}{blank}"), spelling.replace('-', "\u{2011}"), format!("PNO{}-{spelling}", number.country())] {
                prop_assert_eq!(NationalNumber::parse_at(number.country(), &text, Checks::Strict, today), Ok(number.clone()), "{}", text);
            }
        }
    }

    #[test]
    fn printing_shows_the_birth_year_at_most(number in number()) {
        let year = number.birth_date().map(|born| born.year().to_string()).unwrap_or_default();
        prop_assert_eq!(number.to_string(), format!("{year}****"));
        let last_four = &number.expose()[number.expose().len() - 4..];
        let debugged = format!("{number:?}");
        prop_assert!(year == last_four || !debugged.contains(last_four));
    }

    #[test]
    fn digests_are_equal_exactly_when_numbers_are(one in number(), other in number()) {
        let key = DigestKey::new([3; 32]);
        prop_assert_eq!(one.digest(&key), one.clone().digest(&key));
        prop_assert_eq!(one.digest(&key) == other.digest(&key), one == other);
    }

    #[test]
    fn clear_text_survives_a_dump(number in number()) {
        let dump = exposed::serialize(&number, serde_json::value::Serializer).unwrap();
        prop_assert_eq!(exposed::deserialize(dump).unwrap(), number);
    }
}
