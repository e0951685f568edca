//! What is asked of the gateway. What Freja shall tell is asked for by name: without `SSN` there would be no number to compare.

use jiff::Zoned;
use serde_json::{Value, json};

use crate::identity::{Checks, Country, NationalNumber};
use crate::reference::provider::{EidMethod, StartOrder};

/// The last part of the address.
pub(super) fn path(method: EidMethod) -> Option<&'static str> {
    match method {
        EidMethod::FrejaEmail => Some("freja_id_email"),
        EidMethod::FrejaPhone => Some("freja_id_phone"),
        EidMethod::FrejaQr => Some("freja_id_qr"),
        EidMethod::FrejaSsn => Some("freja_id_ssn"),
        // Of no page, but called by a client: as version 2, a page of the provider and an identity without a token.
        EidMethod::SeBid => Some("bankid_se"),
        EidMethod::DkMitid | EidMethod::FiBank | EidMethod::NoBid | EidMethod::SmartId | EidMethod::SwissId => None,
    }
}

/// The request's body.
pub(super) fn body(order: &StartOrder) -> Value {
    let mut body = json!({
        "locale": if order.language == "sv" { "Se" } else { "En" },
        "metadata": metadata(order),
        "redirect_failure": order.target_error.as_str(),
        "redirect_success": order.target.as_str(),
        "relay_state": order.relaystate,
    });
    if let Some(webhook) = &order.webhook {
        body["webhook"] = webhook.as_str().into();
    }
    body
}

fn metadata(order: &StartOrder) -> Value {
    let user_info = match order.method {
        EidMethod::FrejaEmail => order.email.clone().map(Value::from),
        EidMethod::FrejaPhone => order.phone.clone().map(Value::from),
        EidMethod::FrejaSsn => {
            let number = order.personal_number.as_deref().map(|typed| spelled(order.country, typed));
            number.map(|ssn| json!({"country": order.country.code(), "ssn": ssn}))
        }
        // Whoever scans the code decides who it is; nothing is known before.
        EidMethod::FrejaQr
        | EidMethod::DkMitid
        | EidMethod::FiBank
        | EidMethod::NoBid
        | EidMethod::SmartId
        | EidMethod::SwissId => None,
        EidMethod::SeBid => return json!({}),
    };
    let mut metadata = json!({
        "attributes_to_return": ["BASIC_USER_INFO", "SSN", "REGISTRATION_LEVEL"],
        "min_registration_level": order.level,
    });
    if let Some(user_info) = user_info {
        metadata["user_info"] = user_info;
    }
    metadata
}

/// The number that a signer typed, if it is one.
pub(super) fn typed(country: Country, text: &str) -> Option<NationalNumber> {
    NationalNumber::parse_at(country, text, Checks::Lenient, Zoned::now().date()).ok()
}

/// What a signer typed, as the documents want it written: twelve digits in Sweden, eleven in Norway, ten in Denmark, with its separator in
/// Finland. What is no number is passed on as it is, for the provider to refuse.
fn spelled(country: Country, text: &str) -> String {
    typed(country, text).map_or_else(|| text.to_owned(), |number| number.expose().to_owned())
}
