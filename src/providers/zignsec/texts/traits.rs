//! What is special about the bundled people, in the languages that the register does not write.

use super::super::language::Language;

/// A trait's word in a language; `None` where a team's own register says something that is not known here. The register itself has English
/// and Swedish.
pub(super) fn translated(word: &str, language: &str) -> Option<String> {
    let column = match Language::from_code(language)? {
        Language::Da => 1,
        Language::Fi => 2,
        Language::No => 3,
        Language::En | Language::Sv => return None,
    };
    TRAITS.iter().find_map(|row| {
        let name = match row[0].split_once("{name}") {
            Some((before, after)) => word.strip_prefix(before)?.strip_suffix(after)?,
            None if row[0] == word => "",
            None => return None,
        };
        Some(row[column].replace("{name}", name))
    })
}

/// English, Danish, Finnish, Norwegian.
const TRAITS: [[&str; 4]; 19] = [
    ["ordinary", "almindelig", "tavallinen", "vanlig"],
    ["D-number only", "har kun D-nummer", "vain D-numero", "har bare D-nummer"],
    [
        "a hundred years after {name}",
        "hundrede år efter {name}",
        "sata vuotta myöhemmin kuin {name}",
        "hundre år etter {name}",
    ],
    [
        "a hundred years before {name}",
        "hundrede år før {name}",
        "sata vuotta ennen kuin {name}",
        "hundre år før {name}",
    ],
    ["born after 1999", "født efter 1999", "syntynyt vuoden 1999 jälkeen", "født etter 1999"],
    ["born on a leap day", "født på en skuddag", "syntynyt karkauspäivänä", "født på en skuddag"],
    [
        "born the same day as {name}",
        "født samme dag som {name}",
        "syntynyt samana päivänä kuin {name}",
        "født samme dag som {name}",
    ],
    [
        "coordination number only",
        "har kun koordineringsnummer",
        "vain koordinointinumero",
        "har bare koordineringsnummer",
    ],
    [
        "coordination number without a day",
        "koordineringsnummer uden dag",
        "koordinointinumero ilman päivää",
        "koordineringsnummer uten dag",
    ],
    [
        "coordination number without a month",
        "koordineringsnummer uden måned",
        "koordinointinumero ilman kuukautta",
        "koordineringsnummer uten måned",
    ],
    [
        "coordination number without month and day",
        "koordineringsnummer uden måned og dag",
        "koordinointinumero ilman kuukautta ja päivää",
        "koordineringsnummer uten måned og dag",
    ],
    [
        "differs from {name} in the separator",
        "adskiller sig fra {name} i skilletegnet",
        "eroaa välimerkin osalta: {name}",
        "skiller seg fra {name} i skilletegnet",
    ],
    [
        "{name} after her move to a personal number",
        "{name}, efter at hun fik personnummer",
        "{name} henkilönumeron saatuaan",
        "{name} etter at hun fikk personnummer",
    ],
    [
        "number without a date of birth",
        "nummer uden fødselsdato",
        "numero ilman syntymäaikaa",
        "nummer uten fødselsdato",
    ],
    [
        "number without modulus 11",
        "nummer uden modulus 11",
        "numero ilman modulus 11 -tarkistetta",
        "nummer uten modulus 11",
    ],
    [
        "same digits as {name} in Estonia",
        "samme cifre som {name} i Estland",
        "samat numerot kuin {name} Virossa",
        "samme sifre som {name} i Estland",
    ],
    [
        "same digits as {name} in Lithuania",
        "samme cifre som {name} i Litauen",
        "samat numerot kuin {name} Liettuassa",
        "samme sifre som {name} i Litauen",
    ],
    [
        "same last four as {name}",
        "samme fire sidste som {name}",
        "samat neljä viimeistä kuin {name}",
        "samme fire siste som {name}",
    ],
    ["same name as {name}", "samme navn som {name}", "sama nimi kuin {name}", "samme navn som {name}"],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Persons;

    #[test]
    fn every_bundled_person_is_described_in_every_language() {
        for person in Persons::bundled().iter().filter(|person| !person.is_magic()) {
            let word = person.trait_word.as_deref().unwrap();
            for language in ["da", "fi", "no"] {
                let translated = translated(word, language);
                assert!(translated.is_some_and(|text| !text.contains('{')), "{language}: {word}");
            }
        }
        assert_eq!(translated("born the same day as ola", "no").as_deref(), Some("født samme dag som ola"));
    }
}
