//! The register: the people that scripts, pages and tests know by name.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, LazyLock},
};

use super::{
    Country, NationalNumber, Person, fresh,
    written::{Source, WrittenPersons},
};
use crate::diagnostic::Diagnostic;

/// People by name and by number, in the order of their file. Never changes; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Persons {
    people: Arc<[Arc<Person>]>,
    by_name: Arc<BTreeMap<String, usize>>,
    by_number: Arc<BTreeMap<NationalNumber, usize>>,
}

impl Persons {
    /// The people that come with Motpart: `fixtures/persons.toml`.
    #[must_use]
    pub fn bundled() -> Self {
        static PEOPLE: LazyLock<Persons> =
            LazyLock::new(|| Persons::parse(BUNDLED, "fixtures/persons.toml").expect("the bundled register is tested"));
        PEOPLE.clone()
    }

    /// Reads a register. `file_name` is for the errors.
    ///
    /// # Errors
    /// With every mistake in the text, each with its place; none repeats a number.
    pub fn parse(toml_text: &str, file_name: &str) -> Result<Self, PersonsError> {
        let source = Source::new(file_name, toml_text);
        let written: WrittenPersons =
            toml::from_str(toml_text).map_err(|error| PersonsError { mistakes: vec![source.of_toml(&error)] })?;
        let mut people = Vec::new();
        let mut mistakes = Vec::new();
        let mut by_name = BTreeMap::new();
        let mut by_number: BTreeMap<NationalNumber, usize> = BTreeMap::new();
        for written in &written.person {
            let person = match written.checked(&source) {
                Ok(person) => person,
                Err(found) => {
                    mistakes.extend(found);
                    continue;
                }
            };
            if by_name.insert(person.name.clone(), people.len()).is_some() {
                mistakes.push(source.at(&written.name, "this name is taken by an earlier person", None));
            }
            if let Some(earlier) = by_number.insert(person.number.clone(), people.len()) {
                let earlier: &Arc<Person> = &people[earlier];
                let problem = format!("this number belongs to `{}` already", earlier.name);
                mistakes.push(source.at(
                    &written.number,
                    problem,
                    Some("every person needs a number of their own".to_owned()),
                ));
            }
            people.push(Arc::new(person));
        }
        if mistakes.is_empty() {
            Ok(Self { people: people.into(), by_name: by_name.into(), by_number: by_number.into() })
        } else {
            Err(PersonsError { mistakes })
        }
    }

    /// These people, and behind them those of `others` whose name and number are not taken here: a team's own file over the bundled one.
    #[must_use]
    pub fn before(&self, others: &Self) -> Self {
        let new =
            |person: &&Arc<Person>| self.by_name(&person.name).is_none() && self.by_number(&person.number).is_none();
        let people: Arc<[_]> = self.iter().chain(others.iter().filter(new)).cloned().collect();
        let by_name = people.iter().enumerate().map(|(i, person)| (person.name.clone(), i)).collect();
        let by_number = people.iter().enumerate().map(|(i, person)| (person.number.clone(), i)).collect();
        Self { people, by_name: Arc::new(by_name), by_number: Arc::new(by_number) }
    }

    /// The person of that name.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Arc<Person>> {
        self.by_name.get(name).and_then(|at| self.people.get(*at))
    }

    /// The person who bears the number.
    #[must_use]
    pub fn by_number(&self, number: &NationalNumber) -> Option<&Arc<Person>> {
        self.by_number.get(number).and_then(|at| self.people.get(*at))
    }

    /// Everybody, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Person>> {
        self.people.iter()
    }

    /// An ordinary person of the country: the first in the file whom no script belongs to, or a made-up one where there is none.
    #[must_use]
    pub fn default_for(&self, country: Country) -> Arc<Person> {
        self.ordinary(country).next().map_or_else(|| Self::fresh(SUBSTITUTES, 0, country), Arc::clone)
    }

    /// Somebody else of the same country: the first ordinary person with another number, or a made-up one.
    #[must_use]
    pub fn someone_else(&self, person: &Person) -> Arc<Person> {
        let country = person.number.country();
        let other = self.ordinary(country).find(|other| other.number != person.number).map(Arc::clone);
        other.unwrap_or_else(|| {
            let first = Self::fresh(SUBSTITUTES, 0, country);
            if first.number == person.number { Self::fresh(SUBSTITUTES, 1, country) } else { first }
        })
    }

    /// The made-up bearer of a number that is in no register: the same person each time.
    #[must_use]
    pub fn stranger(number: &NationalNumber) -> Arc<Person> {
        Arc::new(fresh::stranger(number))
    }

    /// Person `n` of the series `seed`: adult, synthetic, with technical ids of their own. The numbers of a series are distinct for the
    /// first 100 000 people at least.
    #[must_use]
    pub fn fresh(seed: u64, n: u64, country: Country) -> Arc<Person> {
        Arc::new(fresh::fresh(seed, n, country))
    }

    /// The JSON Schema of the file, for editors.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(WrittenPersons).to_value()
    }

    fn ordinary(&self, country: Country) -> impl Iterator<Item = &Arc<Person>> {
        self.iter().filter(move |person| person.number.country() == country && !person.is_magic())
    }
}

impl FromIterator<Arc<Person>> for Persons {
    /// These people in this order. Of several with one name or number the last is found.
    fn from_iter<I: IntoIterator<Item = Arc<Person>>>(people: I) -> Self {
        let people: Arc<[_]> = people.into_iter().collect();
        let by_name = people.iter().enumerate().map(|(i, person)| (person.name.clone(), i)).collect();
        let by_number = people.iter().enumerate().map(|(i, person)| (person.number.clone(), i)).collect();
        Self { people, by_name: Arc::new(by_name), by_number: Arc::new(by_number) }
    }
}

/// Everything that is wrong with a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonsError {
    /// In the order of the file.
    pub mistakes: Vec<Diagnostic>,
}

impl fmt::Display for PersonsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, mistake) in self.mistakes.iter().enumerate() {
            write!(f, "{}{mistake}", if i == 0 { "" } else { "\n\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for PersonsError {}

const BUNDLED: &str = include_str!("../../fixtures/persons.toml");
/// The series of those who stand in where a file has nobody.
const SUBSTITUTES: u64 = 0;

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::identity::Checks;

    fn mistake(text: &str) -> String {
        Persons::parse(text, "my.toml").unwrap_err().to_string()
    }

    fn entry(name: &str, country: &str, number: &str, more: &str) -> String {
        format!(
            "[[person]]\nname = \"{name}\"\ngiven = \"A\"\nfamily = \"B\"\ncountry = \"{country}\"\nnumber = \"{number}\"\n{more}"
        )
    }

    #[test]
    fn the_bundled_people_serve_every_country() {
        let persons = Persons::bundled();
        assert_eq!(persons.default_for(Country::Se).name, "anna");
        assert_eq!(persons.someone_else(&persons.default_for(Country::Se)).name, "bengt");
        for country in Country::ALL {
            let default = persons.default_for(country);
            assert!(persons.by_name(&default.name).is_some(), "{country} has nobody");
            assert!(persons.by_name(&persons.someone_else(&default).name).is_some(), "{country} has one only");
        }
        let scripts: Vec<_> = persons.iter().filter_map(|person| person.script.as_deref()).collect();
        assert_eq!(scripts, ["finished", "cancelled", "order-expired", "certificate-error", "provider-unavailable"]);
        for person in persons.iter() {
            assert!(person.trait_word.is_some() && person.trait_sv.is_some(), "{}", person.name);
            assert!(person.born < date(2008, 11, 1), "{} is a child", person.name);
        }
    }

    #[test]
    fn someone_else_is_of_the_same_country_and_never_equal_nor_magic() {
        let persons = Persons::bundled();
        for someone in persons.iter() {
            let other = persons.someone_else(someone);
            assert_ne!(other.number, someone.number);
            assert_eq!(other.number.country(), someone.number.country());
            assert!(!other.is_magic());
        }
        let alone = Persons::default();
        let substitute = alone.default_for(Country::Fi);
        assert_ne!(alone.someone_else(&substitute).number, substitute.number);
    }

    #[test]
    fn people_are_found_by_any_spelling_of_their_number() {
        let persons = Persons::bundled();
        let number = NationalNumber::parse(Country::Se, "850101-2382", Checks::Strict).unwrap();
        assert_eq!(persons.by_number(&number).unwrap().name, "anna");
        let [helmi, hilla] = ["helmi", "hilla"].map(|name| persons.by_name(name).unwrap().number.clone());
        assert_eq!(helmi.expose().replace('-', "Y"), hilla.expose());
    }

    #[test]
    fn a_misspelt_key_is_answered_with_the_right_one() {
        let text = entry("a", "SE", "198501012382", "trate = \"x\"\n");
        assert_eq!(
            mistake(&text),
            "error: unknown key `trate`\n --> my.toml:7:1\n  |\n7 | trate = \"x\"\n  | ^^^^^\n  |\n  = help: did you mean `trait`?"
        );
    }

    #[test]
    fn a_number_of_a_real_person_is_refused_with_the_reason_and_not_repeated() {
        let shown = mistake(&entry("a", "SE", "191212121212", ""));
        assert!(shown.starts_with("error: this number may be a real person's"), "{shown}");
        assert!(
            shown.contains("number = **************\n")
                && shown.contains("my.toml:6:10")
                && shown.contains("Skatteverket"),
            "{shown}"
        );
        assert!(!shown.contains("1212"), "{shown}");
    }

    #[test]
    fn all_mistakes_are_told_at_once_and_none_repeats_a_number() {
        let text = [
            entry("a", "SE", "198501012382", ""),
            entry("a", "SE", "198501012390", ""),
            entry("c", "SE", "850101-2382", ""),
            entry("Dö Be", "SE", "198501012383", ""),
            entry("e", "LV", "329999-88807", ""),
            entry("f", "FI", "141285-900N-", ""),
        ]
        .concat();
        let error = Persons::parse(&text, "my.toml").unwrap_err();
        let problems: Vec<_> = error.mistakes.iter().map(|mistake| (mistake.line, mistake.problem.as_str())).collect();
        assert_eq!(problems[0], (8, "this name is taken by an earlier person"));
        assert_eq!(problems[1], (18, "this number belongs to `a` already"));
        assert_eq!(problems[2], (20, "a name has lower-case letters, digits and hyphens only"));
        assert!(problems[3].1.starts_with("the check digit"));
        assert_eq!(problems[4], (30, "the number holds no date of birth, and `born` is missing"));
        assert!(problems[5].1.starts_with("the number has a wrong length"));
        for part in ["8501", "2382", "2383", "8880", "1412", "900N"] {
            assert!(!error.to_string().contains(part), "{part} in {error}");
        }
    }

    #[test]
    fn a_number_without_quotes_is_not_repeated_either() {
        for number in ["198501012382", "1985010123825", "850101238"] {
            let shown = mistake(&entry("a", "SE", number, "").replace(&format!("\"{number}\""), number));
            assert!(shown.contains("expected a string") && !shown.contains("8501"), "{shown}");
        }
    }

    #[test]
    fn a_teams_own_people_come_before_the_bundled_ones() {
        let own = Persons::parse(&entry("kund", "SE", "198501012382", ""), "my.toml").unwrap();
        let all = own.before(&Persons::bundled());
        assert_eq!(all.default_for(Country::Se).name, "kund");
        assert!(all.by_name("anna").is_none(), "her number is taken");
        assert!(all.by_name("petra").is_some() && all.by_number(&own.default_for(Country::Se).number).is_some());
    }

    #[test]
    fn magic_people_stand_in_for_nobody() {
        let own =
            entry("nej", "SE", "198501012382", "script = \"cancelled\"\n") + &entry("ja", "SE", "198501012390", "");
        let persons = Persons::parse(&own, "my.toml").unwrap();
        assert_eq!(persons.default_for(Country::Se).name, "ja");
        assert!(persons.by_name(&persons.someone_else(&persons.default_for(Country::Se)).name).is_none());
    }

    #[test]
    fn the_schema_knows_the_keys_of_the_file() {
        let schema = Persons::schema();
        let person = &schema["$defs"]["WrittenPerson"];
        assert_eq!(person["additionalProperties"], false);
        assert_eq!(person["required"], serde_json::json!(["name", "given", "family", "country", "number"]));
        assert_eq!(person["properties"]["born"]["format"], "date");
        assert_eq!(schema["$defs"]["Country"]["oneOf"][6]["const"], "SE");
    }

    #[test]
    fn a_person_survives_a_dump() {
        let anna = Persons::bundled().default_for(Country::Se);
        let dump = serde_json::to_string(&anna).unwrap();
        assert!(dump.contains(r#""number":{"country":"SE","number":"198501012382"}"#));
        assert_eq!(serde_json::from_str::<Person>(&dump).unwrap(), *anna);
        assert!(!format!("{anna:?}").contains("2382"));
    }
}
