//! Persons: the register and people made up on the spot, with their numbers.
//!
//! The only routes that show numbers in clear: they are official test numbers or synthetic, and tests have to seed databases with them.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json::{Json, Query};
use super::path::Named;
use super::problem::{Problem, meant};
use crate::identity::{Checks, Country, NationalNumber, Person};
use crate::simulation::{Commons, Simulation};

/// A person, with the number in clear: it belongs to nobody real.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonView {
    /// What scripts, signals and pages call the person.
    name: String,
    /// Given names.
    given: String,
    /// Family name.
    family: String,
    /// Given and family name.
    full_name: String,
    /// The country of the number: DK, EE, FI, LT, LV, NO or SE.
    country: &'static str,
    /// The national number, canonical: a test number.
    number: String,
    /// The date of birth, RFC 3339.
    born: String,
    /// An address where nobody reads.
    email: String,
    /// A telephone number that is reserved for fiction.
    phone: String,
    /// Where the person is registered.
    address: Option<AddressView>,
    /// The technical key that some providers tell instead of the number.
    person_id: String,
    /// What is special about the person: `always cancels`.
    #[serde(rename = "trait")]
    trait_word: Option<String>,
    /// The script that plays when this person is chosen.
    script: Option<String>,
}

/// A postal address.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AddressView {
    /// Street and house number.
    street: String,
    /// Postal code.
    postal_code: String,
    /// Town.
    city: String,
}

/// People.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonList {
    /// In the order of the register, or of their making.
    persons: Vec<PersonView>,
}

/// Which people.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// People of this country only.
    country: Option<String>,
    /// At most this many; all when left out.
    limit: Option<usize>,
}

/// People to make up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Fresh {
    /// Their country; `SE` when left out.
    country: Option<String>,
    /// How many, 1 to 1000; 1 when left out.
    count: Option<usize>,
}

/// The people of the register, with their numbers: these are test numbers, and databases have to be seeded with them.
#[utoipa::path(get, path = "/persons", tag = "persons", params(Which), responses((status = OK, body = PersonList)))]
pub(super) async fn list_persons(
    State(simulation): State<Arc<Simulation>>,
    Query(which): Query<Which>,
) -> Result<Json<PersonList>, Problem> {
    let country = match which.country {
        None => None,
        given => Some(country_of(given.as_deref(), "the query parameter `country`")?),
    };
    let persons = simulation.commons.persons();
    let wanted = persons.iter().filter(|person| country.is_none_or(|country| person.number.country() == country));
    let persons = wanted.take(which.limit.unwrap_or(usize::MAX)).map(|person| view(person)).collect();
    Ok(Json(PersonList { persons }))
}

/// A person of the register, or one made up before.
#[utoipa::path(get, path = "/persons/{name}", tag = "persons", params(("name" = String, Path, description = "Such as `anna`")),
    responses((status = OK, body = PersonView)))]
pub(super) async fn show_person(
    State(simulation): State<Arc<Simulation>>,
    Named(name): Named,
) -> Result<Json<PersonView>, Problem> {
    person_named(&simulation.commons, &name)
        .map(|person| Json(view(&person)))
        .map_err(|problem| Problem::not_found(problem.message).maybe(problem.help))
}

/// Makes up people whom nobody has met: adults with synthetic numbers. Who meets the number or the name later, meets the same person, for
/// the newest 20 000 people. They are not in the register's list.
#[utoipa::path(post, path = "/persons/fresh", tag = "persons", request_body = Fresh, responses((status = CREATED, body = PersonList)))]
pub(super) async fn make_persons(
    State(simulation): State<Arc<Simulation>>,
    Json(fresh): Json<Fresh>,
) -> Result<(StatusCode, Json<PersonList>), Problem> {
    let country = country_of(fresh.country.as_deref(), "$.country")?;
    let count = fresh.count.unwrap_or(1);
    if !(1..=1_000).contains(&count) {
        return Err(Problem::at("$.count", format!("{count} is out of range")).help("it must be 1 to 1000"));
    }
    let persons = (0..count).map(|_| view(&simulation.commons.fresh_person(country))).collect();
    Ok((StatusCode::CREATED, Json(PersonList { persons })))
}

/// The person of this name.
pub(super) fn person_named(commons: &Commons, name: &str) -> Result<Arc<Person>, Problem> {
    commons.person_named(name).ok_or_else(|| {
        let persons = commons.persons();
        let names: Vec<&str> = persons.iter().map(|person| person.name.as_str()).collect();
        Problem::not_found(format!("there is no person `{name}`")).help(meant(name, names))
    })
}

/// The country of this code; Sweden when nothing is said.
pub(super) fn country_of(code: Option<&str>, path: &str) -> Result<Country, Problem> {
    code.map_or(Ok(Country::Se), |code| code.parse().map_err(|error| Problem::at(path, error)))
}

/// Reads a number. No message repeats it.
pub(super) fn number_of(
    commons: &Commons,
    country: Country,
    text: &str,
    checks: Checks,
    path: &str,
) -> Result<NationalNumber, Problem> {
    let today = commons.clock.now().calendar().to_zoned(jiff::tz::TimeZone::UTC).date();
    NationalNumber::parse_at(country, text, checks, today).map_err(|error| Problem::at(path, error))
}

fn view(person: &Person) -> PersonView {
    PersonView {
        name: person.name.clone(),
        given: person.given.clone(),
        family: person.family.clone(),
        full_name: person.full_name(),
        country: person.number.country().code(),
        // In clear on purpose: see the head of this file.
        number: person.number.expose().to_owned(),
        born: person.born.to_string(),
        email: person.email.clone(),
        phone: person.phone.clone(),
        address: person.address.as_ref().map(|address| AddressView {
            street: address.street.clone(),
            postal_code: address.postal_code.clone(),
            city: address.city.clone(),
        }),
        person_id: person.person_id.clone(),
        trait_word: person.trait_word.clone(),
        script: person.script.clone(),
    }
}
