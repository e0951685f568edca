//! Words and structures that come near to what means something.

use proptest::prelude::*;
use serde_json::Value;

/// Official or synthetic test numbers, in the spellings people use.
pub(super) const NUMBERS: [&str; 6] =
    ["198501012382", "850101-2382", "19850101-2382", "01819030037", "0903881234", "131052-308T"];

/// So many cases, and not endless shrinking: every case is a whole simulation.
pub(super) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::default() }
}

/// A word that means something somewhere, a test number, or anything.
pub(super) fn word() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "default",
        "anna",
        "sbid",
        "nbid_oidc",
        "nemid",
        "sbid-sign",
        "fbid",
        "smartid",
        "freja_id_qr",
        "bankid_se",
        "auth",
        "swissid",
        "EE",
        "se",
        "Hosted",
        "go",
        "state",
        "qr.svg",
        "EID_Webhook_TEST",
        "DefaultLanguage",
        "Return_URL",
        "mismatch",
        "zignsec_v2",
        "1",
        "confirmed",
        "2s",
    ])
    .prop_map(str::to_owned);
    let number = prop::sample::select(NUMBERS.to_vec()).prop_map(str::to_owned);
    prop_oneof![4 => known, 2 => number, 1 => "\\PC{0,12}"]
}

/// A structure whose keys the routes know, with any values.
pub(super) fn near() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "personalnumber",
        "target",
        "targetError",
        "webhook",
        "relaystate",
        "login_hint",
        "Scope",
        "userVisibleData",
        "requirement",
        "PEP_Check",
        "configid",
        "countryCode",
        "identifierType",
        "identifier",
        "relayState",
        "displayText",
        "metadata",
        "redirect_success",
        "user_info",
        "min_registration_level",
        "scopes",
        "value",
        "AskForCprCallback",
        "language",
        "signal",
        "person",
        "reason",
        "script",
        "match",
        "fault",
        "forgery",
        "delivery",
        "times",
        "by",
        "name",
        "credentials",
        "settings",
        "public_url",
        "country",
        "count",
        "number",
        "step",
        "then",
        "as",
        "do",
        "cpr",
        "client_id",
        "redirect_uri",
        "scope",
        "acr_values",
        "request",
        "code",
        "grant_type",
        "orderRef",
        "zignsec_v2",
        "token",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 4, move |inner| {
        let object = prop::collection::vec((key.clone(), inner.clone()), 0..4);
        let object = object.prop_map(|members| members.into_iter().map(|(k, v)| (k.to_owned(), v)).collect::<Value>());
        prop_oneof![prop::collection::vec(inner, 0..3).prop_map(Value::from), object]
    })
}

/// Whether a text holds one of the numbers that were sent.
pub(super) fn repeats(text: &str, sent: &str) -> Option<&'static str> {
    NUMBERS.into_iter().find(|number| sent.contains(number) && text.contains(number))
}
