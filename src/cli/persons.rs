//! `motpart persons`

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use motpart::exit;
use motpart::identity::{Country, Person, Persons, export};

use super::{Failure, output};

/// Prints the people whom the simulators know, for seeding a database.
///
/// They are made up; their national numbers are official test numbers or synthetic, and shown in clear.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct PersonsArgs {
    /// The form.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// Only people of this country: SE, NO, DK, FI, EE, LV or LT.
    #[arg(long)]
    country: Option<Country>,
    /// This many people whom nobody has met before, instead of the register.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    fresh: Option<u64>,
    /// The series that fresh people come from: the same seed, the same people.
    #[arg(long, requires = "fresh", default_value_t = 0)]
    seed: u64,
    /// Your own people, before the bundled ones.
    #[arg(long, value_name = "FILE", conflicts_with = "fresh")]
    persons: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Form {
    /// A table.
    #[default]
    Text,
    /// An array of objects.
    Json,
    /// RFC 4180, with a header line.
    Csv,
    /// INSERT statements for a table `persons`.
    Sql,
}

impl PersonsArgs {
    pub(super) fn run(&self) -> Result<u8, Failure> {
        let people: Vec<Arc<Person>> = match self.fresh {
            Some(count) => {
                let country = self.country.unwrap_or(Country::Se);
                (0..count).map(|n| Persons::fresh(self.seed, n, country)).collect()
            }
            None => {
                let register = register(self.persons.as_deref())?;
                let of_country = |p: &&Arc<Person>| self.country.is_none_or(|country| p.number.country() == country);
                register.iter().filter(of_country).cloned().collect()
            }
        };
        let persons: Persons = people.into_iter().collect();
        output::print(&match self.format {
            Form::Csv => export::csv(&persons),
            Form::Json => export::json(&persons) + "\n",
            Form::Sql => export::sql(&persons),
            Form::Text => export::text(&persons),
        })?;
        Ok(exit::OK)
    }
}

/// The bundled register, behind the user's own people.
pub(super) fn register(file: Option<&std::path::Path>) -> Result<Persons, Failure> {
    let bundled = Persons::bundled();
    let Some(file) = file else { return Ok(bundled) };
    let text =
        std::fs::read_to_string(file).map_err(|e| Failure::usage(format!("cannot read {}: {e}", file.display())))?;
    let own = Persons::parse(&text, &file.to_string_lossy()).map_err(Failure::usage)?;
    Ok(own.before(&bundled))
}

const EXAMPLES: &str = "\
Examples:
  motpart persons --country NO
  motpart persons --format sql | psql test
  motpart persons --fresh 100 --seed 7 --format csv > customers.csv";
