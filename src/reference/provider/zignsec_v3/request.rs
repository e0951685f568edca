//! What is asked of version 3: JSON in camel case.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Zoned;
use serde_json::{Value, json};

use crate::identity::{Checks, Country, NationalNumber};
use crate::reference::provider::{EidMethod, Purpose, StartOrder};

/// What stands behind `v3/eid` in the address.
pub(super) fn path(order: &StartOrder) -> Option<&'static [&'static str]> {
    match (order.method, &order.purpose) {
        (EidMethod::SmartId, Purpose::Identify) => Some(&["smartid", "auth"]),
        (EidMethod::SmartId, Purpose::Sign { .. }) => Some(&["smartid", "sign"]),
        (EidMethod::SwissId, Purpose::Identify) => Some(&["swissid"]),
        (
            EidMethod::DkMitid
            | EidMethod::FiBank
            | EidMethod::FrejaEmail
            | EidMethod::FrejaPhone
            | EidMethod::FrejaQr
            | EidMethod::FrejaSsn
            | EidMethod::NoBid
            | EidMethod::SeBid
            | EidMethod::SwissId,
            Purpose::Identify | Purpose::Sign { .. },
        ) => None,
    }
}

/// The request's body.
pub(super) fn body(order: &StartOrder) -> Value {
    let mut body = json!({"relayState": order.relaystate});
    let mut put = |name: &str, value: Value| body[name] = value;
    if let Some(webhook) = &order.webhook {
        put("webhook", webhook.as_str().into());
    }
    if order.method == EidMethod::SwissId {
        put("target", order.target.as_str().into());
        put("targetError", order.target_error.as_str().into());
        put("language", order.language.into());
        put("scopes", "openid profile".into());
        put("acrValues", "qoa1".into());
        return body;
    }
    put("countryCode", order.country.code().into());
    put("identifierType", "PersonalNumber".into());
    let typed = order.personal_number.as_deref().unwrap_or_default();
    put("identifier", spelled(order.country, typed).into());
    if let Purpose::Sign { text } = &order.purpose {
        // The text's name is not told for Smart-ID; version 2's is tried.
        put("userVisibleData", STANDARD.encode(text).into());
    }
    body
}

/// The number that a signer typed, if it is one.
pub(super) fn typed(country: Country, text: &str) -> Option<NationalNumber> {
    NationalNumber::parse_at(country, text, Checks::Lenient, Zoned::now().date()).ok()
}

/// What is no number is passed on as it is, for the provider to refuse.
fn spelled(country: Country, text: &str) -> String {
    typed(country, text).map_or_else(|| text.to_owned(), |number| number.expose().to_owned())
}
