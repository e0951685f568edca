//! Who it was, from the claims of `/userinfo`.

use jiff::Zoned;
use serde_json::{Map, Value};

use super::Method;
use super::id_token::Claims;
use crate::identity::{Checks, Country, NationalNumber};
use crate::reference::provider::member::{Contradiction, is_placeholder, name_of, text};
use crate::reference::provider::{Evidence, IdentitySummary, ProvenIdentity};
use crate::reference::{Flaw, Flaws};

/// What the claims prove, once the id_token is believed.
///
/// # Errors
/// When they are about somebody else than the id_token, or no document allows what they say.
pub(super) fn evidence(
    claims: &Map<String, Value>,
    token: &Claims,
    method: Method,
    flaws: &Flaws,
) -> Result<Evidence, Contradiction> {
    let subject = text(claims, "sub")?;
    let mut number = text(claims, "signicat.national_id")?.filter(|number| !is_placeholder(number));
    let takes_subject = number.is_none() && flaws.has(Flaw::TakesPersonIdForNumber);
    if takes_subject {
        number = subject.filter(|sub| sub.bytes().all(|b| b.is_ascii_digit()));
    }
    // OpenID Connect Core 5.3.2: otherwise these claims must not be used.
    let is_same = subject == Some(&*token.subject);
    if !is_same && !flaws.has(Flaw::TakesAnybodysUserinfo) && !takes_subject {
        return Err(Contradiction("the claims are about somebody else than the token"));
    }
    let country = country(claims, method, flaws)?;
    let provider = name_of(text(claims, "subject.nameid.namequalifier")?);
    let (method, date) = (method.word().to_owned(), token.authenticated_at);
    let Some(number) = number else {
        return Ok(Evidence::NoNumber(IdentitySummary { country: Some(country), method, provider, date }));
    };
    // Check digits are not judged: an equal number is equal.
    let number = NationalNumber::parse_at(country, number, Checks::Lenient, Zoned::now().date());
    let number = number.map_err(|_| Contradiction("the number is none of its country"))?;
    let name = text(claims, "name")?.unwrap_or_default().chars().take(LONGEST_NAME).collect();
    Ok(Evidence::Finished(ProvenIdentity { country, number, method, provider, name, date }))
}

/// The method's country. `locale` is a country in what is seen of real claims: then it has to be that one.
fn country(claims: &Map<String, Value>, method: Method, flaws: &Flaws) -> Result<Country, Contradiction> {
    let told = text(claims, "locale")?.and_then(|code| Country::ALL.into_iter().find(|country| country.code() == code));
    match told {
        Some(told) if told != method.country() && !flaws.has(Flaw::IgnoresCountry) => {
            Err(Contradiction("the country is not the one of the method"))
        }
        Some(_) | None => Ok(method.country()),
    }
}

const LONGEST_NAME: usize = 200;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judged(claims: &Value, flaws: &[Flaw]) -> Result<Evidence, Contradiction> {
        let token = Claims { subject: "s".into(), authenticated_at: None };
        evidence(claims.as_object().unwrap(), &token, Method::SbidInappSign, &flaws.iter().copied().collect())
    }

    fn claims(change: &Value) -> Value {
        let mut claims = json!({
            "sub": "s", "name": "Anna Test", "locale": "SE", "signicat.national_id": "198501012382", "birthdate": "1985-01-01",
            "subject.nameid.namequalifier": "BANKID-SE",
        });
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    #[test]
    fn the_number_comes_from_its_own_claim() {
        let Ok(Evidence::Finished(proven)) = judged(&claims(&json!({})), &[]) else { panic!() };
        let expected = NationalNumber::parse(Country::Se, "198501012382", Checks::Strict).unwrap();
        assert_eq!((proven.number, &*proven.name, &*proven.provider), (expected, "Anna Test", "BANKID-SE"));
        for number in [json!(null), json!(""), json!("  "), json!("------------")] {
            let judged =
                judged(&claims(&json!({"signicat.national_id": number, "login_hint": ["subject-198501012382"]})), &[]);
            assert!(matches!(judged, Ok(Evidence::NoNumber(_))), "{number}");
        }
    }

    #[test]
    fn what_is_about_somebody_else_or_says_two_things_proves_nothing() {
        for wrong in [
            json!({"sub": "t"}),
            json!({"sub": null}),
            json!({"locale": "DK"}),
            json!({"signicat.national_id": ["198501012382"]}),
            json!({"signicat.national_id": 198_501_012_382_u64}),
            json!({"signicat.national_id": "01017000000"}),
        ] {
            assert!(judged(&claims(&wrong), &[]).is_err(), "{wrong}");
        }
        assert!(judged(&claims(&json!({"sub": "t"})), &[Flaw::TakesAnybodysUserinfo]).is_ok());
        assert!(judged(&claims(&json!({"locale": "DK"})), &[Flaw::IgnoresCountry]).is_ok());
        let person_id = claims(&json!({"sub": "198501012382", "signicat.national_id": null}));
        assert!(judged(&person_id, &[]).is_err());
        assert!(matches!(judged(&person_id, &[Flaw::TakesPersonIdForNumber]), Ok(Evidence::Finished(_))));
    }
}
