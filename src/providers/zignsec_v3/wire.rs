//! The bodies of the API: names, case, order and oddities.
//!
//! Requests are documented in camelCase, `redirect_url` is not. What a result holds, [`say`](super::say) decides.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::switches::IdentityNames;

/// The answer to a set-up that succeeded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Started<'a> {
    /// The session's id, a GUID.
    pub id: Uuid,
    /// Always empty here.
    pub errors: Vec<ErrorEntry<'a>>,
    /// Where to send the browser; absent where the person's app is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_url: Option<Cow<'a, str>>,
}

/// The answer to a request that was refused.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Refused<'a> {
    /// At least one.
    pub errors: Vec<ErrorEntry<'a>>,
}

/// One of `errors`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ErrorEntry<'a> {
    /// The code.
    pub code: &'static str,
    /// What is wrong, for people.
    pub description: Cow<'a, str>,
}

/// The result of a session, and the body of a webhook.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Collected<'a> {
    /// The session's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// Empty without an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<ErrorEntry<'a>>>,
    /// Missing when there is an identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome>,
    /// The verified identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity<'a>>,
    /// The method initiated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Cow<'a, str>>,
}

/// `result`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The results of the identity service.
    pub identity: StateNode,
}

/// `result.identity`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StateNode {
    /// `PENDING`, `FINISHED`, `ERROR`.
    pub state: &'static str,
}

/// `identity`. Its members are version 2's; how they are spelt, a switch says.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity<'a> {
    /// How the names are spelt.
    pub names: IdentityNames,
    /// ISO 3166-1 alpha-2, upper case: the ID provider's country.
    pub country_code: Cow<'a, str>,
    /// Given names.
    pub first_name: Cow<'a, str>,
    /// Family name.
    pub last_name: Cow<'a, str>,
    /// Both.
    pub full_name: Cow<'a, str>,
    /// Non-empty only if validated.
    pub personal_number: Option<Cow<'a, str>>,
    /// `YYYY-MM-DD`.
    pub date_of_birth: Cow<'a, str>,
    /// Whole years at the time of identification.
    pub age: i16,
    /// With the scope `phone`.
    pub phone_number: Option<Cow<'a, str>>,
    /// With the scope `email`.
    pub email: Option<Cow<'a, str>>,
    /// `SmartID`, `SwissID`.
    pub id_provider_name: Cow<'a, str>,
    /// When the person was identified.
    pub identification_date: Cow<'a, str>,
    /// "Not always set."
    pub id_provider_request_id: Option<Cow<'a, str>>,
    /// The technical key.
    pub id_provider_person_id: Option<Cow<'a, str>>,
    /// What was sent in: v3 documents no such field, so that only forgeries fill it.
    pub customer_person_id: Option<Cow<'a, str>>,
}

impl Serialize for Identity<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let key = |pascal: &'static str, camel: &'static str| match self.names {
            IdentityNames::Camel => camel,
            IdentityNames::Pascal => pascal,
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(key("CountryCode", "countryCode"), &self.country_code)?;
        map.serialize_entry(key("FirstName", "firstName"), &self.first_name)?;
        map.serialize_entry(key("LastName", "lastName"), &self.last_name)?;
        map.serialize_entry(key("FullName", "fullName"), &self.full_name)?;
        if let Some(number) = &self.personal_number {
            map.serialize_entry(self.names.number_key(), number)?;
        }
        map.serialize_entry(key("DateOfBirth", "dateOfBirth"), &self.date_of_birth)?;
        map.serialize_entry(key("Age", "age"), &self.age)?;
        if let Some(phone) = &self.phone_number {
            map.serialize_entry(key("PhoneNumber", "phoneNumber"), phone)?;
        }
        if let Some(email) = &self.email {
            map.serialize_entry(key("Email", "email"), email)?;
        }
        map.serialize_entry(key("IdProviderName", "idProviderName"), &self.id_provider_name)?;
        map.serialize_entry(key("IdentificationDate", "identificationDate"), &self.identification_date)?;
        if let Some(request) = &self.id_provider_request_id {
            map.serialize_entry(key("IdProviderRequestId", "idProviderRequestId"), request)?;
        }
        if let Some(person) = &self.id_provider_person_id {
            map.serialize_entry(key("IdProviderPersonId", "idProviderPersonId"), person)?;
        }
        if let Some(customer) = &self.customer_person_id {
            map.serialize_entry(key("CustomerPersonId", "customerPersonId"), customer)?;
        }
        map.end()
    }
}
