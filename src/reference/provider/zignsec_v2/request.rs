//! What is asked of the provider. Each choice is where the documents promise the person's number in the result.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Zoned;
use serde_json::{Map, Value};

use crate::identity::{Checks, Country, NationalNumber};
use crate::reference::provider::{EidMethod, Purpose, StartError, StartOrder};

/// The selector of the address.
///
/// # Errors
/// When somebody shall sign with a method that cannot: the provider has `sbid-sign` alone, and would answer the same.
pub(super) fn selector(order: &StartOrder) -> Result<&'static str, StartError> {
    match (&order.purpose, order.method) {
        (Purpose::Identify, EidMethod::SeBid) => Ok("sbid-another"),
        (Purpose::Identify, EidMethod::NoBid) => Ok("nbid_oidc"),
        (Purpose::Identify, EidMethod::DkMitid) => Ok("nemid"),
        (Purpose::Identify, EidMethod::FiBank) => Ok("fbid"),
        (Purpose::Sign { .. }, EidMethod::SeBid) => Ok("sbid-sign"),
        (Purpose::Sign { .. }, EidMethod::NoBid | EidMethod::DkMitid | EidMethod::FiBank)
        | (
            Purpose::Identify | Purpose::Sign { .. },
            EidMethod::FrejaQr
            | EidMethod::FrejaSsn
            | EidMethod::FrejaPhone
            | EidMethod::FrejaEmail
            | EidMethod::SmartId
            | EidMethod::SwissId,
        ) => Err(StartError::Refused { codes: vec!["INVALID_REQUEST".into()] }),
    }
}

/// The request's body.
pub(super) fn body(order: &StartOrder) -> Value {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    put("target", order.target.as_str().into());
    put("targetError", order.target_error.as_str().into());
    put("relaystate", order.relaystate.as_str().into());
    put("language", order.language.into());
    if let Some(webhook) = &order.webhook {
        put("webhook", webhook.as_str().into());
    }
    // An empty field of a form is none.
    let typed_number = order.personal_number.as_deref().filter(|text| !text.trim().is_empty());
    let typed_number = typed_number.map(|text| spelled(order.country, text));
    match order.method {
        // "BankID in Norway only returns personalNumber if that is configured on the certificate", or asked for with this scope, which
        // prompts for consent.
        EidMethod::NoBid => put("Scope", "nnin".into()),
        // "Denmark: does not per default give back the personal number": the person types it, or has typed it already, and MatchPidCpr
        // verifies it.
        EidMethod::DkMitid if typed_number.is_none() => put("AskForCpr", true.into()),
        EidMethod::SeBid
        | EidMethod::DkMitid
        | EidMethod::FiBank
        | EidMethod::FrejaQr
        | EidMethod::FrejaSsn
        | EidMethod::FrejaPhone
        | EidMethod::FrejaEmail
        | EidMethod::SmartId
        | EidMethod::SwissId => {}
    }
    if let Some(number) = typed_number {
        put("personalnumber", number.into());
    }
    if let Purpose::Sign { text } = &order.purpose {
        put("userVisibleData", STANDARD.encode(text).into());
    }
    body.into()
}

/// The number that a signer typed, if it is one. Check digits are the provider's to judge.
pub(super) fn typed(country: Country, text: &str) -> Option<NationalNumber> {
    NationalNumber::parse_at(country, text, Checks::Lenient, Zoned::now().date()).ok()
}

/// What a signer typed, as the documents want it written: twelve digits in Sweden, ten in Denmark, eleven in Norway. What is no number is
/// passed on as it is, for the provider to refuse.
fn spelled(country: Country, text: &str) -> String {
    typed(country, text).map_or_else(|| text.to_owned(), |number| number.expose().to_owned())
}
