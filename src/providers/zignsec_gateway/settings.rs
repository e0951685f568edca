//! The switches of a space: where the documents, or the documents and the clients, show two behaviours.
//!
//! Written in TOML or JSON, names in kebab-case.

use serde::{Deserialize, Serialize};

use super::order::{Level, Method};
use super::switches::{
    Certificates, CustomIdentifier, ErrorShape, LevelRules, NumberFormat, OuterStatus, PayloadOrder, PersonSlot, Qr,
    ResultNesting, Retries, StartedStatus, SupersededStatus, TokenErrorStatus, UnknownUser, ValidationStatus,
    WebhookEvents, WebhookSignatures,
};
use super::zignsec::WebhookBody;

/// All switches, each with the behaviour by default that is documented or best supported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The HTTP status for a token that is missing or unknown: 401 in the guide to errors; another one is inferred.
    pub token_error_status: TokenErrorStatus,
    /// The HTTP status for a request that is refused: 400 in the guide to errors, 422 as well at Freja.
    pub validation_error_status: ValidationStatus,
    /// The HTTP status of a session that was made. Undocumented; another product of ZignSec answers 201 (seen in client code).
    pub started_status: StartedStatus,
    /// The body of an error. The guide names a type and a message; a client reads `data.errors` (seen in client code).
    pub error_shape: ErrorShape,
    /// Which spellings of a national number are taken. Documented: one for each country.
    pub number_format: NumberFormat,
    /// What happens with an address, a telephone or a number of nobody in the register. Freja's code is documented.
    pub unknown_user: UnknownUser,
    /// Whether attributes need a level. Freja's client library says so, ZignSec's own sample contradicts it.
    pub level_rules: LevelRules,
    /// The level of everybody's Freja, where the order does not demand a higher one.
    pub registration_level: RegistrationLevel,
    /// Whether people have a custom identifier. Freja's code for who has none is documented.
    pub custom_identifier: CustomIdentifier,
    /// Where the result stands: flat in the Freja page, nested in the code of a client of another method.
    pub result_nesting: ResultNesting,
    /// Whether an approved result says so outside the token: the sample that is fetched does not, the webhook's does.
    pub outer_status: OuterStatus,
    /// The order of the payload's members: both are seen in samples.
    pub payload_order: PayloadOrder,
    /// The code to scan: Freja documents both forms; which one ZignSec makes is not documented.
    pub qr: Qr,
    /// Whether a person can have only one authentication in progress. Documented by Freja: a second one ends both.
    pub person_slot: PersonSlot,
    /// The status of an order that a second one ended. Inferred.
    pub superseded_status: SupersededStatus,
    /// Which events raise webhooks. Documented by name; that a change of a pending order raises one is inferred.
    pub webhook_events: WebhookEvents,
    /// How many signatures a webhook carries. Documented: there may be several.
    pub webhook_signatures: WebhookSignatures,
    /// How often a webhook is tried. Undocumented for the gateway; as newer pages have it for version 2.
    pub webhook_retries: Retries,
    /// How the webhook's JSON is written. Undocumented; a receiver that signs what it re-serialised breaks on the others.
    pub webhook_body: WebhookBody,
    /// Which certificates stand where relying parties get them. The place is ours: what is pinned on paper is tidied up, or is not.
    pub certificates: Certificates,
    /// Methods that the account may not use: 1004.
    pub disabled_methods: Vec<Method>,
}

/// See [`registration_level`](Settings::registration_level).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RegistrationLevel(pub Level);

/// The highest.
impl Default for RegistrationLevel {
    fn default() -> Self {
        Self(Level::Plus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_read_by_name_and_unknown_ones_are_refused() {
        let settings: Settings = serde_json::from_str(
            r#"{"result_nesting":"nested","token_error_status":"403","registration_level":"BASIC"}"#,
        )
        .unwrap();
        assert_eq!(settings.result_nesting, ResultNesting::Nested);
        assert_eq!(settings.registration_level.0, Level::Basic);
        let refused = serde_json::from_str::<Settings>(r#"{"result_nestin":"flat"}"#).unwrap_err().to_string();
        assert!(refused.contains("result_nestin"), "{refused}");
        let json = serde_json::to_value(Settings::default()).unwrap();
        assert_eq!(serde_json::from_value::<Settings>(json).unwrap(), Settings::default());
    }
}
