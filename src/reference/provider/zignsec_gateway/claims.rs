//! What the verified payload of a signed identity proves of the transaction that this service began.

use jiff::{SignedDuration, Timestamp, Zoned};
use serde_json::{Map, Value};

use super::Kept;
use crate::identity::{Checks, Country, NationalNumber};
use crate::reference::provider::member::{Contradiction, is_placeholder, text};
use crate::reference::provider::{Evidence, IdentitySummary, Level, ProvenIdentity};
use crate::reference::{Flaw, Flaws};

/// Judges a payload. `attributes` are where the person is read from: the payload's own, unless a flaw takes others.
pub(super) fn evidence(
    payload: &Map<String, Value>,
    attributes: &Map<String, Value>,
    kept: &Kept,
    flaws: &Flaws,
    now: Timestamp,
) -> Result<Evidence, Contradiction> {
    is_approved(payload, flaws)?;
    if text(payload, "authRef")? != Some(&kept.auth_ref) && !flaws.any(IGNORE_THE_AUTH_REF) {
        return Err(Contradiction("the signed identity is another transaction's"));
    }
    let date = moment(payload, flaws)?;
    if date > now + AHEAD && !flaws.has(Flaw::TakesIdentitiesFromTheFuture) {
        return Err(Contradiction("the signed identity lies in the future"));
    }
    if !is_sure(payload, attributes, kept.level)? && !flaws.has(Flaw::TakesAnyRegistrationLevel) {
        return Err(Contradiction("the registration level is too low"));
    }
    let provider = PROVIDER.to_owned();
    // How the person was found tells which order it was: for a service that takes any `userInfo`, nothing.
    let kind = text(payload, "userInfoType")?.filter(|_| !flaws.has(Flaw::TakesAnyUserInfoForANumber));
    let method = kind.unwrap_or_default().to_owned();
    match number(payload, attributes, kept, flaws)? {
        Some((country, number)) => {
            let name = name(attributes)?;
            Ok(Evidence::Finished(ProvenIdentity { country, number, method, provider, name, date: Some(date) }))
        }
        None => {
            let country = Some(kept.country);
            Ok(Evidence::NoNumber(IdentitySummary { country, method, provider, date: Some(date) }))
        }
    }
}

fn is_approved(payload: &Map<String, Value>, flaws: &Flaws) -> Result<(), Contradiction> {
    let status = text(payload, "status")?;
    let is_lax = flaws.has(Flaw::IgnoresTheSignedStatus)
        || (flaws.has(Flaw::TakesAnyEndingForApproval) && !matches!(status, Some("CANCELED" | "EXPIRED")));
    match status {
        Some("APPROVED") => Ok(()),
        Some(_) | None if is_lax => Ok(()),
        Some(_) => Err(Contradiction("the signed identity says something else than approved")),
        None => Err(Contradiction("the signed identity has no status")),
    }
}

/// `timestamp`: milliseconds. What counts seconds lies in January 1970, and is found to be too old.
fn moment(payload: &Map<String, Value>, flaws: &Flaws) -> Result<Timestamp, Contradiction> {
    let told = payload.get("timestamp").and_then(Value::as_i64);
    let told = told.ok_or(Contradiction("the signed identity has no moment"))?;
    let seems_seconds = told.abs() < 100_000_000_000;
    let milliseconds =
        if seems_seconds && flaws.has(Flaw::TakesSecondsForMilliseconds) { told.saturating_mul(1000) } else { told };
    Timestamp::from_millisecond(milliseconds).map_err(|_| Contradiction("the signed identity's moment is none"))
}

/// Whether something signed says that the person was known well enough, and nothing says less. `minRegistrationLevel` is the level that
/// Freja was asked to demand; `registrationLevel` the person's own, where it was asked for.
fn is_sure(
    payload: &Map<String, Value>,
    attributes: &Map<String, Value>,
    needed: Level,
) -> Result<bool, Contradiction> {
    let told = [text(payload, "minRegistrationLevel")?, text(attributes, "registrationLevel")?];
    let mut is_told = false;
    for word in told.into_iter().flatten() {
        let level = match word {
            "BASIC" => Level::Basic,
            "EXTENDED" => Level::Extended,
            "PLUS" => Level::Plus,
            _ => return Err(Contradiction("the registration level is none that is known")),
        };
        if level < needed {
            return Ok(false);
        }
        is_told = true;
    }
    Ok(is_told)
}

/// The number that Freja verified: the attribute `ssn`, which has been asked for. `userInfo` only repeats whom we asked for.
fn number(
    payload: &Map<String, Value>,
    attributes: &Map<String, Value>,
    kept: &Kept,
    flaws: &Flaws,
) -> Result<Option<(Country, NationalNumber)>, Contradiction> {
    let found = match attributes.get("ssn") {
        None | Some(Value::Null) => None,
        Some(Value::Object(ssn)) => told(ssn)?,
        Some(_) => return Err(Contradiction("the number is no object")),
    };
    let found = found.or_else(|| misread(payload, attributes, kept, flaws));
    let Some((country, digits)) = found else { return Ok(None) };
    let country = Country::ALL.into_iter().find(|known| known.code() == country);
    let country = if flaws.has(Flaw::IgnoresCountry) { Some(kept.country) } else { country };
    let country = country.ok_or(Contradiction("the number's country is unknown"))?;
    let number = NationalNumber::parse_at(country, &digits, Checks::Lenient, Zoned::now().date());
    number.map(|number| Some((country, number))).map_err(|_| Contradiction("the number is none of its country"))
}

/// Country and digits of `{"country", "ssn"}`; none where nothing stands for digits.
fn told(ssn: &Map<String, Value>) -> Result<Option<(String, String)>, Contradiction> {
    let Some(digits) = text(ssn, "ssn")?.filter(|digits| !is_placeholder(digits)) else { return Ok(None) };
    let country = text(ssn, "country")?.ok_or(Contradiction("the number has no country"))?;
    Ok(Some((country.to_owned(), digits.to_owned())))
}

/// The flaws of taking something else for the number.
fn misread(
    payload: &Map<String, Value>,
    attributes: &Map<String, Value>,
    kept: &Kept,
    flaws: &Flaws,
) -> Option<(String, String)> {
    let user_info = payload.get("userInfo").and_then(Value::as_str).unwrap_or_default();
    let inner = || serde_json::from_str::<Map<String, Value>>(user_info).ok();
    let is_ssn = payload.get("userInfoType").and_then(Value::as_str) == Some("SSN");
    let country = kept.country.code().to_owned();
    if flaws.has(Flaw::ReadsTheHintInTheSignedIdentity) && is_ssn {
        return told(&inner()?).ok().flatten();
    }
    if flaws.has(Flaw::TakesAnyUserInfoForANumber) {
        if let Some(found) = inner().and_then(|inner| told(&inner).ok().flatten()) {
            return Some(found);
        }
        let digits = user_info.split('@').next().unwrap_or_default();
        return digits.bytes().any(|byte| byte.is_ascii_digit()).then(|| (country, digits.to_owned()));
    }
    if flaws.has(Flaw::TakesPersonIdForNumber) {
        let keys = ["relyingPartyUserId", "integratorSpecificUserId", "customIdentifier"];
        let found = keys.iter().filter_map(|key| attributes.get(*key)?.as_str());
        let found =
            found.map(str::trim).find(|text| text.bytes().any(|byte| byte.is_ascii_digit()) && text.len() < 20)?;
        return Some((country, found.to_owned()));
    }
    None
}

/// The person's name, for the signature alone.
fn name(attributes: &Map<String, Value>) -> Result<String, Contradiction> {
    let Some(Value::Object(basic)) = attributes.get("basicUserInfo") else { return Ok(String::new()) };
    let parts = [text(basic, "name")?, text(basic, "surname")?];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Ok(name.chars().take(LONGEST_NAME).collect())
}

/// The flaws that mix up sessions could not show themselves if the reference were looked at.
const IGNORE_THE_AUTH_REF: &[Flaw] = &[Flaw::IgnoresTheAuthRef, Flaw::AcceptsAnySession, Flaw::RelaystateDecides];
const PROVIDER: &str = "Freja eID";
/// How far the provider's clock may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);
const LONGEST_NAME: usize = 200;
