//! A register for other programs: seeding a database, a spreadsheet, the eye. All forms show the numbers in clear.

use std::fmt::Write;

use serde::Serialize;

use super::{Person, Persons};

/// An array of objects with the keys of [`COLUMNS`].
#[must_use]
pub fn json(persons: &Persons) -> String {
    let rows: Vec<Row<'_>> = persons.iter().map(|person| Row::of(person)).collect();
    serde_json::to_string_pretty(&rows).expect("rows are maps of text")
}

/// RFC 4180, with a header line; lines end with CR LF as it says.
#[must_use]
pub fn csv(persons: &Persons) -> String {
    let mut out = format!("{}\r\n", COLUMNS.join(","));
    for person in persons.iter() {
        let fields = Row::of(person).fields().map(|field| match field {
            Some(text) if text.contains(['"', ',', '\r', '\n']) => format!("\"{}\"", text.replace('"', "\"\"")),
            Some(text) => text.to_owned(),
            None => String::new(),
        });
        out.push_str(&fields.join(","));
        out.push_str("\r\n");
    }
    out
}

/// `INSERT` statements of standard SQL into the table `persons`.
#[must_use]
pub fn sql(persons: &Persons) -> String {
    let mut out = String::new();
    for person in persons.iter() {
        let values = Row::of(person).fields().map(|field| match field {
            Some(text) => format!("'{}'", text.replace('\'', "''")),
            None => "NULL".to_owned(),
        });
        // Writing to a string cannot fail.
        let _ = writeln!(out, "INSERT INTO persons ({}) VALUES ({});", COLUMNS.join(", "), values.join(", "));
    }
    out
}

/// A table for the eye: who there is, and what is special about them.
#[must_use]
pub fn text(persons: &Persons) -> String {
    let mut rows = vec![["NAME", "FULL NAME", "COUNTRY", "NUMBER", "TRAIT"].map(str::to_owned)];
    rows.extend(persons.iter().map(|person| {
        [
            person.name.clone(),
            person.full_name(),
            person.number.country().to_string(),
            person.number.expose().to_owned(),
            person.trait_word.clone().unwrap_or_default(),
        ]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut out = String::new();
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}

/// The columns of CSV and SQL, and the keys of JSON.
pub const COLUMNS: [&str; 14] = [
    "name",
    "given",
    "family",
    "country",
    "number",
    "born",
    "email",
    "phone",
    "street",
    "postal_code",
    "city",
    "person_id",
    "trait",
    "script",
];

#[derive(Debug, Serialize)]
struct Row<'a> {
    name: &'a str,
    given: &'a str,
    family: &'a str,
    country: &'static str,
    number: &'a str,
    born: String,
    email: &'a str,
    phone: &'a str,
    street: Option<&'a str>,
    postal_code: Option<&'a str>,
    city: Option<&'a str>,
    person_id: &'a str,
    #[serde(rename = "trait")]
    trait_word: Option<&'a str>,
    script: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(person: &'a Person) -> Self {
        let address = person.address.as_ref();
        Self {
            name: &person.name,
            given: &person.given,
            family: &person.family,
            country: person.number.country().code(),
            number: person.number.expose(),
            born: person.born.to_string(),
            email: &person.email,
            phone: &person.phone,
            street: address.map(|address| address.street.as_str()),
            postal_code: address.map(|address| address.postal_code.as_str()),
            city: address.map(|address| address.city.as_str()),
            person_id: &person.person_id,
            trait_word: person.trait_word.as_deref(),
            script: person.script.as_deref(),
        }
    }

    /// In the order of [`COLUMNS`].
    fn fields(&self) -> [Option<&str>; COLUMNS.len()] {
        [
            Some(self.name),
            Some(self.given),
            Some(self.family),
            Some(self.country),
            Some(self.number),
            Some(&self.born),
            Some(self.email),
            Some(self.phone),
            self.street,
            self.postal_code,
            self.city,
            Some(self.person_id),
            self.trait_word,
            self.script,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn register() -> Persons {
        let text = r#"
            [[person]]
            name = "anna"
            given = "Anna \"Ann\""
            family = "O'Hara, Ö"
            country = "SE"
            number = "198501012382"
            trait = "ordinary"
        "#;
        Persons::parse(text, "t").unwrap()
    }

    #[test]
    fn quotes_are_doubled_in_each_forms_own_way() {
        assert!(
            csv(&register())
                .lines()
                .nth(1)
                .unwrap()
                .starts_with(r#"anna,"Anna ""Ann""","O'Hara, Ö",SE,198501012382,1985-01-01,"#)
        );
        assert!(
            sql(&register())
                .contains(r#"VALUES ('anna', 'Anna "Ann"', 'O''Hara, Ö', 'SE', '198501012382', '1985-01-01', "#)
        );
        assert!(sql(&register()).ends_with("'ordinary', NULL);\n"));
    }

    #[test]
    fn json_has_the_same_columns_in_the_same_order() {
        let rows: serde_json::Value = serde_json::from_str(&json(&register())).unwrap();
        let keys: Vec<_> = rows[0].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, COLUMNS);
        assert_eq!(rows[0]["number"], "198501012382");
    }

    #[test]
    fn the_table_is_aligned_by_characters() {
        let shown = text(&register());
        let lines: Vec<Vec<char>> = shown.lines().map(|line| line.chars().collect()).collect();
        let column = shown.lines().next().unwrap().find("COUNTRY").unwrap();
        assert_eq!(lines[1][column..column + 2], ['S', 'E']);
    }
}
