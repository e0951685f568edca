//! Every value of every switch, so that none is forgotten.

use motpart::providers::zignsec_v2::Language;
use motpart::providers::zignsec_v2::switches::{
    CallerAddress, ErrorCode, ErrorQuery, FinishedShape, ForwardedMethod, Framing, IdentificationDate,
    LinkExpiryWebhook, NemidName, NumberFormat, NumberInResult, PersonSlot, PostMessage, RedirectUrl, Retries,
    RetryOutcome, SigningError, States, TokenErrorId, TokenErrorStatus, UnknownSessionStatus, Unset, ValidationStatus,
    WebhookBody, WebhookOrder,
};
use serde_json::{Value, json};

/// The values of an enum as they are written; a variant that is missing here does not compile.
macro_rules! all {
    ($name:ident: $($variant:ident),+) => {{
        let _exhaustive = |value: $name| match value { $($name::$variant)|+ => () };
        vec![$(json!($name::$variant)),+]
    }};
}

/// The switches that choose among words, with all their words.
pub(crate) fn of_enums() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        ("token_error_status", all!(TokenErrorStatus: Ok, Unauthorized, Forbidden)),
        ("validation_error_status", all!(ValidationStatus: Ok, BadRequest)),
        ("unknown_session_status", all!(UnknownSessionStatus: Ok, NotFound)),
        ("token_error_id", all!(TokenErrorId: Absent, Present)),
        ("number_format", all!(NumberFormat: Refuse, Strip)),
        ("signing_error", all!(SigningError: InvalidParameters, InvalidRequest)),
        ("caller_address", all!(CallerAddress: Allowed, Refused)),
        ("redirect_url", all!(RedirectUrl: Padded, Plain)),
        ("finished_shape", all!(FinishedShape: Bare, Documented, WithResult)),
        ("states", all!(States: Current, Legacy)),
        ("error_code", all!(ErrorCode: Number, Text)),
        ("unset", all!(Unset: Absent, ByCountry, Empty)),
        ("number_in_result", all!(NumberInResult: Certificate, Scope)),
        ("nemid_name", all!(NemidName: NemID, NemId)),
        ("forwarded_method", all!(ForwardedMethod: Alias, Target)),
        ("identification_date", all!(IdentificationDate: Offset, Seconds, Utc)),
        ("webhook_retries", all!(Retries: Current, Legacy)),
        ("webhook_body", all!(WebhookBody: Compact, Escaped, Pretty)),
        ("link_expiry_webhook", all!(LinkExpiryWebhook: Off, On)),
        ("retry_outcome", all!(RetryOutcome: First, Last)),
        ("webhook_order", all!(WebhookOrder: AfterRedirect, BeforeRedirect)),
        ("target_error_query", all!(ErrorQuery: Plain, WithCode)),
        ("post_message", all!(PostMessage: Object, Text)),
        ("framing", all!(Framing: Allowed, Denied)),
        ("person_slot", all!(PersonSlot: Off, On)),
        ("default_language", all!(Language: Da, En, Fi, No, Sv)),
    ]
}

/// The switches that hold an address, a number or a list, with another value than the default.
pub(crate) fn others() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        ("account_webhook", vec![json!("http://rp.example/account-webhook")]),
        ("return_url", vec![json!("http://rp.example/back")]),
        ("redirect_url_expiration_minutes", vec![json!(5)]),
        ("disabled_methods", vec![json!(["sbid"])]),
    ]
}
